"""/<org_slug>/orders/: orders that bring numbers over."""

from django.urls import path

from porting.views import documents, numbers, orders, steps

app_name = "porting"

urlpatterns = [
    path("new/port/", steps.order_create, name="order_create"),
    path("P-<int:pk>/", orders.order_detail, name="order_detail"),
    path("P-<int:pk>/edit/<slug:slug>/", steps.order_step, name="order_step"),
    path("P-<int:pk>/verdicts/", numbers.order_verdicts, name="order_verdicts"),
    path("P-<int:pk>/split/", numbers.order_split, name="order_split"),
    path("P-<int:pk>/letter/", documents.letter_preview, name="letter_preview"),
    path("P-<int:pk>/letter/request/", documents.order_request_signature, name="order_request_signature"),
    path("P-<int:pk>/submit/", orders.order_submit, name="order_submit"),
    path("P-<int:pk>/resubmit/", orders.order_resubmit, name="order_resubmit"),
    path("P-<int:pk>/cancel/", orders.order_cancel, name="order_cancel"),
    path("P-<int:pk>/discard/", orders.order_discard, name="order_discard"),
    path("P-<int:pk>/reveal/", orders.order_reveal, name="order_reveal"),
    path("P-<int:order_pk>/documents/<int:pk>/", documents.document_download, name="document_download"),
    path("P-<int:order_pk>/documents/<int:pk>/preview/", documents.document_preview, name="document_preview"),
]
