"""Port orders, complete and ready to be sent unless a test says otherwise."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Organization
from lib import calendar
from porting.models import LetterSignature, PortDocument, PortedNumber, PortEvent, PortOrder, TaskLink
from simulator.demo_shapes import DemoAccount
from tests.factories import make_connected_location
from tests.simulator.ports import billed

NUMBERS = ("+14085550110", "+14085550111", "+14085550112")
BERLIN = ("+493012345670", "+493012345671")
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
# What the rule of models/rollup.py needs to lead to a state: the numbers' states and the order's own facts.
UNSENT = ("draft", "expired", "validating", "awaiting_documents", "awaiting_signature", "ready")
NUMBERS_OF = {
    "draft": "draft",
    "expired": "draft",
    "validating": "pending",
    "awaiting_documents": "pending",
    "awaiting_signature": "pending",
    "ready": "pending",
    "submitted": "submitted",
    "foc_lost": "submitted",
    "rejected": "rejected",
    "foc_received": "foc",
    "sup_requested": "foc",
    "cancel_requested": "submitted",
    "activating": "activating",
    "partially_completed": "foc",
    "activation_failed": "failed",
    "canceled": "canceled",
    "abandoned": "canceled",
}
MORE = {
    "expired": {"stage": "expired", "attempt": 0},
    "validating": {"stage": "validating"},
    "awaiting_documents": {"stage": "awaiting_documents", "wants_documents": True},
    "awaiting_signature": {"stage": "awaiting_signature"},
    "ready": {"stage": "ready"},
    "foc_lost": {"foc_lost": True},
    "sup_requested": {"wish": "date", "wish_count": 1},
    "cancel_requested": {"wish": "cancel", "wish_count": 1},
    "verified": {"verified_at": datetime(2026, 11, 20, tzinfo=UTC)},
    "disputed": {"wish": "snap_back", "wish_count": 1},
    "canceled": {"stage": "canceled"},
    "abandoned": {"stage": "abandoned"},
}


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
        "carrier_ref": "ref-1" if state not in UNSENT else "",
        **MORE.get(state, {}),
        "created_by": org.people_who_may(_edit()).first(),
    }
    order = org.port_orders.create(**{**defaults, **fields})
    listed = state not in ("draft", "expired", "canceled", "abandoned")
    here = state in PortOrder.HERE
    PortedNumber.unscoped.bulk_create(
        PortedNumber(
            order=order,
            e164=e164,
            portable="yes",
            losing_carrier="Valley Telephone",
            is_listed=listed,
            state=number_state(state, at),
            foc_date=order.foc_date,
            ported_at=timezone.now() if here else None,
            messaging="pending" if state == "messaging_pending" else "",
        )
        for at, e164 in enumerate(numbers)
    )
    if listed:
        for e164 in numbers:
            kind = "active" if order.numbers.filter(e164=e164, ported_at__isnull=False) else "porting"
            org.phone_numbers.create(e164=e164, location=location, state=kind)
    if bill:
        add_bill(order)
    if signed:
        add_signature(order)
    return org.port_orders.get(pk=order.pk)


def make_order_in_berlin(org: Organization, **fields) -> PortOrder:
    """A draft of the numbers BERLIN, whose letter is signed on paper."""
    berlin = make_connected_location(
        org, name="Berlin", city="Berlin", country="DE", state="", postal_code="10117"
    )
    day = calendar.add_business_days(timezone.localdate(), 15, "DE")
    place = {"location": berlin, "country": "DE", "city": "Berlin", "region": "", "postal_code": "10117"}
    return make_port_order(
        org,
        **{**place, "numbers": BERLIN, "btn": BERLIN[0], "requested_date": day, "signed": False, **fields},
    )


def number_state(state: str, at: int) -> str:
    """The state of an order's n-th number when the order is in a state."""
    if state == "partially_completed" and at == 0:
        return "ported"
    return NUMBERS_OF.get(state, "ported")


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


def as_recorded(account: DemoAccount) -> dict[str, str]:
    """An account of the demonstration as an order says it that makes no mistake."""
    return {
        "losing_carrier": account.carrier,
        "btn": account.btn,
        "account_number": account.account_number,
        "pin": account.pin,
        "company_name": account.company,
        "authorized_name": account.authorized,
        "address_line1": account.line1,
        "address_line2": account.line2,
        "city": account.city,
        "region": account.state,
        "postal_code": account.postal_code,
    }


def last_bill(account: DemoAccount, today: date) -> date:
    """When the account's last bill is dated: on its own day of the month, or a few days ago."""
    return billed(today, account.bill_cycle_day) if account.bill_cycle_day else today - timedelta(days=3)


def make_link(order: PortOrder, *, by: Any = None, token: str = "", **fields: Any) -> TaskLink:
    """A link that was mailed a while ago, with this token if there is one."""
    a_while_ago = timezone.now() - timedelta(hours=2)
    defaults = {
        "purpose": "bill",
        "email": "jane@books.example",
        "name": "Jane Doe",
        "by": by or order.created_by,
        "asked_at": a_while_ago,
        "sent_at": a_while_ago,
        "expires_at": timezone.now() + timedelta(days=7),
        "token_sha256": hashlib.sha256(token.encode()).hexdigest() if token else None,
    }
    return order.links.create(**{**defaults, **fields})


def make_event(order: PortOrder, **fields) -> PortEvent:
    return order.events.create(**{"before": "draft", "after": order.state, **fields})


def _edit():
    from accounts.models import Right

    return Right.EDIT
