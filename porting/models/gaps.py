"""What an order still lacks, step by step: the only place that says when a step of the wizard is done."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

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


def why_missing(order: "PortOrder") -> dict[str, str]:
    """Each unfinished step, in order, with the sentence that says what it lacks."""
    asked = {
        "location": _location(order),
        "numbers": _numbers(order),
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
    if any(row.portable == "no" for row in rows):
        return _("Some numbers cannot be ported.")
    return ""


def _date(order: "PortOrder") -> str:
    choice = order.date_choice()
    return _("Choose a date.") if choice is None else choice.sentence


def _account(order: "PortOrder") -> str:
    if not all(getattr(order, name) for name in ACCOUNT_FIELDS):
        return _("Describe the account.")
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
    letter = order.paper("loa")
    if letter is None:
        return _("The letter is not signed yet.")
    if letter.signature.covers != order.covers():
        return _("Something that the letter says has changed since it was signed.")
    return ""
