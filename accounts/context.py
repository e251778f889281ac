"""What the base template needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Organization


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell`: the product's name, the organizations of this person (asked for only when shown), the
    carrier's pace."""

    def organizations() -> list[Organization]:
        assert request.user.is_authenticated
        return list(Organization.objects.filter(memberships__user=request.user).order_by("name"))

    return {
        "shell": {
            "product": settings.PRODUCT_NAME,
            "organizations": SimpleLazyObject(organizations) if request.user.is_authenticated else [],
            "rehearsal_day_seconds": settings.CARRIER_DAY_SECONDS if settings.CARRIER_IS_SIMULATED else None,
            "carrier_is_simulated": settings.CARRIER_IS_SIMULATED,
        }
    }
