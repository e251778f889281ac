"""What the fields of an assignment suggest: names in use at a location, and its numbers that can stand in."""

from collections.abc import Iterable
from typing import Any

from accounts.models import Organization
from pstn.models import Location, PhoneNumber

MOST = 200


def of(org: Organization, locations: Iterable[Location]) -> dict[str, Any]:
    """Facts of templates/pstn/suggestions.html: `people` and `temporaries`. Two queries."""
    rows = org.phone_numbers.filter(location__in=[place.pk for place in locations]).order_by()
    names = rows.exclude(assigned_to="").values_list("assigned_to", flat=True).distinct()[:MOST]
    serving = rows.filter(state=PhoneNumber.State.ACTIVE, stands_in_for=None)
    return {
        "people": sorted(names, key=str.casefold),
        "temporaries": list(serving.order_by("e164")[:MOST]),
    }
