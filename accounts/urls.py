"""/ and /me/: pages of a person, in no organization."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("me/organizations/", views.organizations, name="organizations"),
    path("me/preferences/", views.preferences, name="preferences"),
    path("me/time-zone/", views.time_zone, name="time_zone"),
]
