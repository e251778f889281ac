"""The app's registration."""

from django.apps import AppConfig


class PortingConfig(AppConfig):
    name = "porting"
