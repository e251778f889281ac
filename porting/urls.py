"""/<org_slug>/orders/: orders that bring numbers over."""

from django.urls import path

from porting import views

app_name = "porting"

urlpatterns = [
    path("new/port/", views.order_create, name="order_create"),
    path("P-<int:pk>/", views.order_detail, name="order_detail"),
    path("P-<int:pk>/edit/<slug:slug>/", views.order_step, name="order_step"),
    path("P-<int:pk>/verdicts/", views.order_verdicts, name="order_verdicts"),
    path("P-<int:pk>/split/", views.order_split, name="order_split"),
    path("P-<int:pk>/letter/", views.letter_preview, name="letter_preview"),
    path("P-<int:pk>/submit/", views.order_submit, name="order_submit"),
    path("P-<int:pk>/resubmit/", views.order_resubmit, name="order_resubmit"),
    path("P-<int:pk>/cancel/", views.order_cancel, name="order_cancel"),
    path("P-<int:pk>/discard/", views.order_discard, name="order_discard"),
    path("P-<int:pk>/reveal/", views.order_reveal, name="order_reveal"),
    path("P-<int:order_pk>/documents/<int:pk>/", views.document_download, name="document_download"),
]
