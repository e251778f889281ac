"""The app's registration."""

from django.apps import AppConfig


class PstnConfig(AppConfig):
    name = "pstn"
    verbose_name = "PSTN"
