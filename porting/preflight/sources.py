"""What an order can be compared with before it is sent: the carrier's record, the bill, the last port.

A source says nothing of a field that is not in its `values`: only what it says can be the same or differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from porting import readings
from porting.models import CsrRequest, PortOrder
from porting.preflight import records

RECORD, BILL, EARLIER = "record", "bill", "earlier"
#: The surest first: what it says of a field counts, and the others are shown beside it.
ORDER = (RECORD, BILL, EARLIER)
NAMES: dict[str, str | Promise] = {
    RECORD: _("The carrier's record"),
    BILL: _("The bill"),
    EARLIER: _("The last port of this account"),
    "numbers": _("The carrier's answer about the numbers"),
    "console": _("This order and your others"),
}
ADDRESS = ("address_line1", "address_line2", "city", "region", "postal_code")
PLAIN = ("account_number", "btn", "company_name", "authorized_name", *ADDRESS)


@dataclass(frozen=True)
class Source:
    """One thing to compare with. `numbers` is None where it has no list of them; `people` are all names that
    may authorize; `pages` says where in the bill a value stands."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    people: tuple[str, ...] = field(default=(), repr=False)
    numbers: frozenset[str] | None = field(default=None, repr=False)
    btns: Mapping[str, str] = field(default_factory=dict, repr=False)
    features: Mapping[str, str] = field(default_factory=dict, repr=False)
    needs_pin: bool | None = None
    pin: str = field(default="", repr=False)
    pages: Mapping[str, int] = field(default_factory=dict)
    dated: date | None = None
    order: PortOrder | None = None  # the last port


@dataclass(frozen=True)
class Sources:
    """The sources that there are, the surest first, and the question for the record however far it is."""

    found: tuple[Source, ...]
    question: CsrRequest | None

    def get(self, name: str) -> Source | None:
        return next((source for source in self.found if source.name == name), None)


def of(order: PortOrder, membership: Membership | None) -> Sources:
    """Everything that an order can be compared with now, in a fixed number of queries.

    The last port is one that the person may see; without a person there is none.
    """
    question = records.current(order)
    found = (_record(question), _bill(order), _earlier(order, membership))
    return Sources(tuple(source for source in found if source), question)


def _record(question: CsrRequest | None) -> Source | None:
    if question is None or question.state != CsrRequest.State.READY:
        return None
    said = question.record
    address = said["address"]
    values = {
        "account_number": said["account_number"],
        "btn": said["btn"],
        "company_name": said["company_name"],
        "authorized_name": next(iter(said["authorized_names"]), ""),
        "address_line1": address["line1"],
        "city": address["city"],
        "region": address["state"],
        "postal_code": address["postal_code"],
    }
    known = {name: value for name, value in values.items() if value}
    if address["line1"]:
        known["address_line2"] = address["line2"]  # that there is no suite is said as well
    return Source(
        RECORD,
        known,
        people=tuple(said["authorized_names"]),
        numbers=frozenset(said["numbers"]),
        btns=said["btns"],
        features=said["features"],
        needs_pin=said["needs_pin"],
    )


def _bill(order: PortOrder) -> Source | None:
    read = readings.findings(order)
    if read is None:
        return None
    found = {name: one for name in readings.COMPARED if name != "dated" and (one := read.of(name))}
    numbers = frozenset(one.value for one in read.numbers)
    if not found and not numbers and not read.date:
        return None
    return Source(
        BILL,
        {name: one.value for name, one in found.items()},
        # One number alone is as a rule the billing number, not the list of what the account has.
        numbers=numbers if len(numbers) > 1 else None,
        pages={name: one.page for name, one in found.items()},
        dated=read.date,
    )


def _earlier(order: PortOrder, membership: Membership | None) -> Source | None:
    same = Q(btn=order.btn, btn__gt="") | Q(account_number=order.account_number, account_number__gt="")
    if membership is None or not (order.losing_carrier and (order.btn or order.account_number)):
        return None
    orders = order.org.port_orders.within(membership).filter(
        same, country=order.country, losing_carrier__iexact=order.losing_carrier, completed_at__isnull=False
    )
    last: PortOrder | None = orders.exclude(pk=order.pk).order_by("-completed_at").first()
    if last is None:
        return None
    values = {name: str(getattr(last, name)) for name in PLAIN if getattr(last, name)}
    if last.address_line1:
        values["address_line2"] = last.address_line2
    return Source(EARLIER, values, people=(last.authorized_name,), pin=last.pin, order=last)
