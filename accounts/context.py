"""What the base template needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import floatformat
from django.utils.translation import ngettext


def _length(seconds: float | None) -> str:
    """How long a business day of the simulated carrier lasts, in the unit that one would say; "" for real
    days."""
    if seconds is None:
        return ""
    if seconds < 120:
        n = floatformat(seconds)
        return ngettext("%(n)s second", "%(n)s seconds", round(seconds)) % {"n": n}
    if seconds < 3600:
        minutes = round(seconds / 60)
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(seconds / 3600)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell`: the product's name, the carrier's pace."""
    return {
        "shell": {
            "product": settings.PRODUCT_NAME,
            "rehearsal_day": _length(settings.CARRIER_DAY_SECONDS) if settings.CARRIER_IS_SIMULATED else "",
            "carrier_is_simulated": settings.CARRIER_IS_SIMULATED,
        }
    }
