"""The app's registration."""

from django.apps import AppConfig


class CountriesConfig(AppConfig):
    name = "countries"
