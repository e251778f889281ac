"""What an order still lacks, step by step: the only place that says when a step of the wizard is done."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from porting import splitting

if TYPE_CHECKING:
    from porting.models.orders import PortOrder

# What every account at a carrier has; the account number and the PIN depend on the carrier.
ACCOUNT_FIELDS = (
    "losing_carrier",
    "btn",
    "company_name",
    "authorized_name",
    "address_line1",
    "city",
    "region",
    "postal_code",
)


def account_fields(order: "PortOrder") -> tuple[str, ...]:
    """The fields that the account of an order must have: its country and its kind of numbers say which."""
    pack, free = order.pack, order.is_toll_free
    unasked = set()
    if free or not pack.asks_btn:
        unasked.add("btn")
    if not pack.has_regions:
        unasked.add("region")
    names = tuple(name for name in ACCOUNT_FIELDS if name not in unasked)
    return ("resp_org", *names) if free else names


def why_missing(order: "PortOrder") -> dict[str, str]:
    """Each unfinished step, in order, with the sentence that says what it lacks."""
    asked = {
        "location": _location(order),
        "numbers": _numbers(order),
        "plan": _plan(order),
        "date": _date(order),
        "carrier": _account(order),
        "bill": _bill(order),
        "loa": _letter(order),
    }
    return {step: lack for step, lack in asked.items() if lack}


def _location(order: "PortOrder") -> str:
    if order.location is None:
        return _("Choose where the numbers go.")
    connection = order.location.ready_connection
    if connection is None or not connection.sells_numbers:
        return _("%(location)s has no calling plan.") % {"location": order.location}
    return ""


def _numbers(order: "PortOrder") -> str:
    rows = list(order.numbers.all())
    if not rows and not order.typed_numbers:
        return _("Enter the numbers.")
    if order.typed_numbers:
        return _("Some lines of the list need a look.")
    # Beside others they only get a draft of their own; that is the plan's step.
    if any(row.portable == "no" for row in rows) and len(splitting.plan_of(order)) == 1:
        return _("Some numbers cannot be ported.")
    return ""


def _plan(order: "PortOrder") -> str:
    if order.typed_numbers:
        return ""  # first the list itself
    parts = splitting.plan_of(order)
    return splitting.sentence(parts) if len(parts) > 1 else ""


def _date(order: "PortOrder") -> str:
    choice = order.date_choice()
    return _("Choose a date.") if choice is None else choice.sentence


def _account(order: "PortOrder") -> str:
    if not all(getattr(order, name) for name in account_fields(order)):
        return _("Describe the account.")
    if any(one.required and not order.identifiers.get(one.name) for one in order.pack.identifiers):
        return _("Describe the account.")
    if order.is_toll_free:
        return ""
    if order.btn_is_ported and not order.full_port and not order.remaining:
        return _("Say what happens to the numbers that stay.")
    if not order.pin and any(row.is_wireless for row in order.numbers.all()):
        return _("Wireless numbers need the PIN.")
    return ""


def _bill(order: "PortOrder") -> str:
    bill = order.paper("bill")
    if bill is None or bill.dated is None:
        return _("Upload the last bill.")
    if (order.today - bill.dated).days > order.pack.bill_max_age_days:
        return _("The bill has become too old.")
    return ""


def _letter(order: "PortOrder") -> str:
    # A paper letter may follow: the order then waits for it in a state of its own, and is not sent.
    return "" if order.letter_skipped_at else letter_lack(order)


def letter_lack(order: "PortOrder") -> str:
    """Why the order has no letter of agency that holds now, or ""."""
    letter = order.paper("loa")
    if letter is None:
        return _("The letter is not signed yet.")
    if letter.signature.covers != order.covers():
        return _("Something that the letter says has changed since it was signed.")
    most = order.pack.letter.max_age_days
    if (order.today - localdate(letter.signature.signed_at, ZoneInfo(order.zone))).days > most:
        return _("The letter is older than %(days)s days. It must be signed again.") % {"days": most}
    return ""
