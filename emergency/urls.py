"""/<org_slug>/emergency/: where help is sent."""

from django.urls import path

from emergency import views

app_name = "emergency"

urlpatterns = [
    path("", views.address_list, name="address_list"),
    path("locations/<int:pk>/", views.address_edit, name="address_edit"),
]
