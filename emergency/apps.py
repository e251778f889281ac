"""The app's registration."""

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "emergency"

    def ready(self) -> None:
        # The kind of background job that is about addresses makes itself known.
        from emergency import jobs  # noqa: F401
