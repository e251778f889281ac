"""Whether numbers can be brought here: one answer for each number, in a fixed number of queries."""

from collections.abc import Iterable, Iterator, Sequence

from carrier.base import Portability, Portable
from simulator.models import ServiceLine
from simulator.stock import blocks_of

#: Far below the 32,766 parameters that an SQLite statement may have.
CHUNK = 10_000


def check(country: str, numbers: Sequence[str]) -> tuple[Portability, ...]:
    """One answer for each of `numbers`, in their order; a number that is asked twice is answered twice.

    Ours are the numbers of our own stock and those ported here. A suspended or disconnected line, and one in
    a rate center without coverage, must be looked at by a person: it may be sent, and is rejected for that
    cause. A number on nobody's record has no carrier, also one of another country than `country`.
    """
    answers: dict[str, Portability] = {}
    for chunk in _chunks(set(numbers)):
        lines = ServiceLine.objects.filter(e164__in=chunk, account__country=country).select_related("account")
        answers |= {line.e164: _of_line(line) for line in lines}
        answers |= {e164: _no(e164, "ours") for e164 in blocks_of(chunk)}
    return tuple(answers.get(number) or _no(number, "no_carrier") for number in numbers)


def _of_line(line: ServiceLine) -> Portability:
    if line.status == ServiceLine.Status.PORTED:
        return _no(line.e164, "ours")
    reason = ""
    if line.status != ServiceLine.Status.ACTIVE:
        reason = "inactive"
    elif not line.is_supported:
        reason = "rate_center"
    return Portability(
        e164=line.e164,
        portable=Portable.LOOK if reason else Portable.YES,
        reason=reason,
        losing_carrier=line.account.carrier_name,
        rate_center=line.rate_center,
        wireless=line.is_wireless,
    )


def _no(e164: str, reason: str) -> Portability:
    return Portability(e164=e164, portable=Portable.NO, reason=reason)


def _chunks(numbers: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(numbers)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
