"""The app's registration."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "simulator"
