"""The app's registration: config is an app so that its commands (`manage.py up`) are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
