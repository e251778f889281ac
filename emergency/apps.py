"""The app's registration."""

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "emergency"
