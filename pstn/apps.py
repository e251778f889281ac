"""The app's registration."""

from django.apps import AppConfig


class PstnConfig(AppConfig):
    name = "pstn"
    verbose_name = "PSTN"

    def ready(self) -> None:
        # Each kind of background job makes itself known.
        from pstn.imports import kind  # noqa: F401
        from pstn.jobs import activating, assigning, deleting, marking, moving, retyping  # noqa: F401
