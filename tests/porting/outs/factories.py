"""Requests to take numbers away, pending unless a test says otherwise."""

from datetime import timedelta

from django.utils import timezone

from porting.models import PortOut, PortOutNumber
from tests.porting.factories import a_date

NUMBERS = ("+14085550142", "+14085550143")
GAINING = "Coast Mobile"


def make_port_out(place, *, numbers=NUMBERS[:1], **fields) -> PortOut:
    """Its numbers stand in the inventory unless they are there already."""
    org = place.org
    for e164 in numbers:
        org.phone_numbers.get_or_create(e164=e164, defaults={"location": place, "state": "active"})
    now = timezone.now()
    defaults = {
        "location": place,
        "number_count": len(numbers),
        "carrier_ref": f"SIM-O-{PortOut.unscoped.count() + 1}",
        "gaining_carrier": GAINING,
        "requested_date": a_date(3),
        "requested_at": now,
        "answer_by": now + timedelta(days=5),
        "pin_given": "none",
    }
    if fields.get("state") in ("ported_out", "disputed", "returned", "dispute_refused"):
        fields.setdefault("left_at", now)
    port_out = org.port_outs.create(**{**defaults, **fields})
    PortOutNumber.unscoped.bulk_create(
        PortOutNumber(port_out=port_out, e164=e164, location=place, left_at=fields.get("left_at"))
        for e164 in numbers
    )
    return org.port_outs.get(pk=port_out.pk)
