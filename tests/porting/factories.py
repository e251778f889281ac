"""Port orders, complete and ready to be sent unless a test says otherwise."""

import hashlib
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Organization
from lib import calendar
from porting.models import LetterSignature, PortDocument, PortedNumber, PortEvent, PortOrder
from tests.factories import make_connected_location

NUMBERS = ("+14085550110", "+14085550111", "+14085550112")
ACCOUNT = {
    "losing_carrier": "Valley Telephone",
    "btn": "+14085550110",
    "account_number": "VT-204418",
    "company_name": "Acme, Inc.",
    "authorized_name": "Ada Park",
    "address_line1": "100 Main Street",
    "city": "San Jose",
    "region": "CA",
    "postal_code": "95112",
}
PDF = b"%PDF-1.4 bill"


def a_date(days: int = 7):
    """A legal date: so many business days from now."""
    return calendar.add_business_days(timezone.localdate(), days, "US")


def make_port_order(
    org: Organization,
    *,
    state: str = "draft",
    numbers: tuple[str, ...] = NUMBERS,
    bill: bool = True,
    signed: bool = True,
    **fields,
) -> PortOrder:
    """A draft with nothing missing; in a later state its numbers stand in the inventory as porting."""
    location = fields.pop("location", None) or org.locations.first() or make_connected_location(org)
    sent = state != "draft"
    defaults = {
        **ACCOUNT,
        "location": location,
        "requested_date": a_date(),
        "number_count": len(numbers),
        "state": state,
        "attempt": int(sent),
        "checked_attempt": int(sent and state != "checking"),
        "carrier_ref": "" if state in ("draft", "checking") else "ref-1",
        "created_by": org.people_who_may(_edit()).first(),
    }
    order = org.port_orders.create(**{**defaults, **fields})
    listed = state not in ("draft", "canceled")
    PortedNumber.unscoped.bulk_create(
        PortedNumber(
            order=order, e164=e164, portable="yes", losing_carrier="Valley Telephone", is_listed=listed
        )
        for e164 in numbers
    )
    if listed:
        for e164 in numbers:
            kind = "active" if state == "completed" else "porting"
            org.phone_numbers.create(e164=e164, location=location, state=kind)
    if bill:
        add_bill(order)
    if signed:
        add_signature(order)
    return org.port_orders.get(pk=order.pk)


def add_bill(order: PortOrder, *, days_old: int = 3, **fields) -> PortDocument:
    return PortDocument.unscoped.create(
        **{
            "order": order,
            "kind": "bill",
            "file": ContentFile(PDF, name="bill.pdf"),
            "media_type": "application/pdf",
            "sha256": hashlib.sha256(PDF).hexdigest(),
            "size": len(PDF),
            "dated": order.today - timedelta(days=days_old),
            "uploaded_by": order.created_by,
            **fields,
        }
    )


def add_signature(order: PortOrder, **fields) -> LetterSignature:
    paper = PortDocument.unscoped.create(
        order=order,
        kind="loa",
        file=ContentFile(PDF, name="letter.pdf"),
        media_type="application/pdf",
        sha256="b" * 64,
        size=len(PDF),
    )
    by = order.created_by or order.org.memberships.first().user
    return LetterSignature.unscoped.create(
        **{
            "document": paper,
            "first_name": "Ada",
            "last_name": "Park",
            "title": "Owner",
            "by": by,
            "signed_at": timezone.now(),
            "consent_version": "2026-11",
            "shown_sha256": "c" * 64,
            "covers": order.org.port_orders.get(pk=order.pk).covers(),
            **fields,
        }
    )


def make_event(order: PortOrder, **fields) -> PortEvent:
    return order.events.create(**{"before": "draft", "after": order.state, **fields})


def _edit():
    from accounts.models import Right

    return Right.EDIT
