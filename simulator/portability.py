"""Whether numbers can be brought here: one answer for each number, in a fixed number of queries."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q

from carrier.base import LineKind, Portability, Portable
from simulator.models import ServiceLine
from simulator.stock import blocks_of

#: Far below the 32,766 parameters that an SQLite statement may have.
CHUNK = 10_000
#: Countries that share one registry of toll-free numbers.
ONE_REGISTRY = ("US", "CA")
Registry = ServiceLine.RegistryStatus
#: What a toll-free number's place in the registry means for moving it; all others can be moved.
IN_REGISTRY = {
    Registry.SPARE: (Portable.NO, "spare"),
    Registry.UNAVAILABLE: (Portable.NO, "unavailable"),
    Registry.DISCONNECTED: (Portable.LOOK, "inactive"),
    Registry.TRANSITIONAL: (Portable.LOOK, "transitional"),
}


def check(country: str, numbers: Sequence[str]) -> tuple[Portability, ...]:
    """One answer for each of `numbers`, in their order; a number that is asked twice is answered twice.

    Ours are the numbers of our own stock and those ported here, until another carrier gets them. A suspended
    or disconnected line, and one in a rate center without coverage, must be looked at by a person: it may be
    sent, and is rejected for that cause. A number on nobody's record has no carrier, also one of another
    country than `country`; the toll-free registry is one for the United States and Canada.
    """
    where = Q(account__country=country)
    if country in ONE_REGISTRY:
        where |= Q(account__country__in=ONE_REGISTRY) & ~Q(registry_status="")
    answers: dict[str, Portability] = {}
    for chunk in _chunks(set(numbers)):
        answers |= {e164: _no(e164, "ours") for e164 in blocks_of(chunk)}
        # A number of our stock with a record was ported out: the record says where it is.
        lines = ServiceLine.objects.filter(where, e164__in=chunk).select_related("account")
        answers |= {line.e164: _of_line(line) for line in lines}
    return tuple(answers.get(number) or _no(number, "no_carrier") for number in numbers)


def _of_line(line: ServiceLine) -> Portability:
    if line.status == ServiceLine.Status.PORTED:
        return _no(line.e164, "ours")
    portable, reason = _toll_free(line) if line.is_toll_free else _local(line)
    account = line.account
    return Portability(
        e164=line.e164,
        portable=portable,
        reason=reason,
        losing_carrier=account.carrier_name,
        rate_center=line.rate_center,
        wireless=line.is_wireless,
        kind=_kind(line),
        interval_days=account.minimum_lead_days,
        needs_pin=bool(account.pin),
        needs_account_number=account.requires_account_number,
        has_messaging=line.has_messaging,
        registry_status=line.registry_status,
        resp_org=line.resp_org,
    )


def _local(line: ServiceLine) -> tuple[Portable, str]:
    if line.status != ServiceLine.Status.ACTIVE:
        return Portable.LOOK, "inactive"
    return (Portable.YES, "") if line.is_supported else (Portable.LOOK, "rate_center")


def _toll_free(line: ServiceLine) -> tuple[Portable, str]:
    """What the registry says goes first; then who holds it: a RespOrg ending in 99 lets nothing go."""
    place = IN_REGISTRY.get(Registry(line.registry_status))
    if place is not None:
        return place
    return (Portable.NO, "resp_org_99") if line.resp_org.endswith("99") else (Portable.YES, "")


def _kind(line: ServiceLine) -> LineKind:
    if line.is_toll_free:
        return LineKind.TOLL_FREE
    return LineKind.WIRELESS if line.is_wireless else LineKind.WIRELINE


def _no(e164: str, reason: str) -> Portability:
    return Portability(e164=e164, portable=Portable.NO, reason=reason)


def _chunks(numbers: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(numbers)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
