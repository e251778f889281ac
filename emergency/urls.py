"""/<org_slug>/emergency/: where help is sent."""

from django.urls import path

from emergency import number_views, views

app_name = "emergency"

urlpatterns = [
    path("", views.address_list, name="address_list"),
    path("locations/<int:pk>/", views.address_edit, name="address_edit"),
    path("numbers/<e164:e164>/", number_views.number_address_edit, name="number_address_edit"),
    path("numbers/<e164:e164>/clear/", number_views.number_address_clear, name="number_address_clear"),
]
