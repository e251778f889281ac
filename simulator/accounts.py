"""The record that a port request is about: whose it is, how long its carrier takes, which dates it keeps."""

from collections.abc import Sequence
from datetime import date, datetime

from carrier.base import PortRequest
from lib.calendar import add_business_days, received_on
from simulator.clock import ZONE
from simulator.models import ServiceAccount, ServiceLine

NORTH_AMERICA = frozenset({"US", "CA"})
#: Business days until the toll-free registry answers, and how many more when a person must look.
REGISTRY_DAYS, REGISTRY_DESK_DAYS = 2, 2
_BY_HAND = (ServiceLine.RegistryStatus.DISCONNECTED, ServiceLine.RegistryStatus.TRANSITIONAL)


def account_of(request: PortRequest) -> ServiceAccount | None:
    """The record that a request is about, if there is one."""
    return account_among(request, list(lines_of(request).values()))


def answer_days(request: PortRequest, account: ServiceAccount | None) -> float:
    """Business days until a request is answered: as the record says, or as long as the registry takes."""
    lines = lines_of(request)
    if not are_toll_free(lines):
        return account.answer_days if account else 1
    by_hand = any(line.registry_status in _BY_HAND for line in lines.values())
    return REGISTRY_DAYS + (REGISTRY_DESK_DAYS if by_hand else 0)


def earliest_date(account: ServiceAccount, received_at: datetime, country: str) -> date:
    """The first date that the account's carrier can keep for what arrived at `received_at`."""
    return add_business_days(received_on(received_at, ZONE, country), account.minimum_lead_days, country)


def closed_dates(account: ServiceAccount) -> set[date]:
    """Days on which the account's carrier ports nothing."""
    return {date.fromisoformat(line.strip()) for line in account.closed_dates.splitlines() if line.strip()}


def lines_of(request: PortRequest) -> dict[str, ServiceLine]:
    """The request's lines that are on any record, by number."""
    found = ServiceLine.objects.filter(e164__in=request.numbers).select_related("account").order_by("e164")
    return {line.e164: line for line in found}


def are_toll_free(lines: dict[str, ServiceLine]) -> bool:
    """Whether it is the toll-free registry that moves them."""
    return bool(lines) and all(line.is_toll_free for line in lines.values())


def account_among(request: PortRequest, lines: Sequence[ServiceLine]) -> ServiceAccount | None:
    """The account that is meant: the one which the BTN names, else the one that most numbers are on."""
    accounts = {line.account_id: line.account for line in lines}
    named = [a for a in accounts.values() if request.btn and a.btn == request.btn]
    named += [line.account for line in lines if request.btn and line.btn == request.btn]
    if named:
        return named[0]
    counts = {pk: sum(line.account_id == pk for line in lines) for pk in accounts}
    return accounts[max(sorted(counts), key=counts.__getitem__)] if counts else None
