"""The only door to the phone network: apps call get_carrier() and speak the words of carrier.base."""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

from carrier.base import Carrier, CarrierRefused, CarrierUnavailable

__all__ = ["Carrier", "CarrierRefused", "CarrierUnavailable", "get_carrier"]


@cache
def get_carrier() -> Carrier:
    """The adapter that settings.CARRIER names, made once a process."""
    carrier: Carrier = import_string(settings.CARRIER)()
    return carrier


@receiver(setting_changed)
def _forget_carrier(*, setting: str, **kwargs: Any) -> None:
    if setting == "CARRIER":
        get_carrier.cache_clear()
