"""Plain functions that make one valid thing each. Say only what the test is about."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from pstn.models import Connection, Location, NumberOrder, PhoneNumber


def make_location(org: Organization, **fields: Any) -> Location:
    defaults = {
        "name": "San Jose HQ",
        "line1": "100 Main Street",
        "city": "San Jose",
        "state": "CA",
        "postal_code": "95112",
    }
    return org.locations.create(**{**defaults, **fields})


def make_connected_location(org: Organization, kind: str = "calling_plan", **fields: Any) -> Location:
    """A location with a finished connection and a validated emergency address."""
    from emergency.models import EmergencyAddress

    location = make_location(org, **fields)
    Connection.unscoped.create(
        org=org,
        location=location,
        state="ready",
        kind=kind,
        company=org.name,
        first_name="Ada",
        last_name="Park",
        email="ada@acme.example",
        disclaimer_at=timezone.now(),
        routing="none",
    )
    EmergencyAddress.unscoped.create(
        org=org,
        location=location,
        line1=location.line1,
        city=location.city,
        state_code=location.state,
        postal_code=location.postal_code,
        state="validated",
    )
    return org.locations.get(pk=location.pk)


def make_number(location: Location, e164: str = "+14085550142", **fields: Any) -> PhoneNumber:
    return location.org.phone_numbers.create(
        **{"e164": e164, "location": location, "state": "active", **fields}
    )


def make_own_address(number: PhoneNumber, **fields: Any) -> Any:
    """A validated emergency address of this number alone."""
    from emergency.models import EmergencyAddress

    typed = {"line1": "7 Own Street", "city": "San Jose", "state_code": "CA", "postal_code": "95112"}
    return EmergencyAddress.unscoped.create(
        org=number.org, number=number, **{"state": "validated", **typed, **fields}
    )


def make_number_order(
    location: Location, numbers: tuple[str, ...] = ("+14085550150",), **fields: Any
) -> NumberOrder:
    """A draft with nothing missing: its numbers are held for ten minutes."""
    org = location.org
    hold_until = timezone.now() + timedelta(minutes=10)
    defaults = {
        "location": location,
        "region": location.state,
        "quantity": len(numbers),
        "hold_id": "hold-1",
        "hold_until": hold_until,
    }
    order = org.number_orders.create(**{**defaults, **fields})
    for e164 in numbers:
        order.lines.create(e164=e164, city=location.city)
    return order
