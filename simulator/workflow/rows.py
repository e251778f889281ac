"""The rows that a verb works on: the port under its lock, its request with all papers, its lines."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from carrier.base import CarrierRefused, PortRequest
from simulator import wire
from simulator.accounts import account_of
from simulator.models import ServiceAccount, ServiceLine, SimAttempt, SimPort

Scenario = ServiceAccount.Scenario
NO_PORT = "There is no port with this reference."


def locked(carrier_ref: str) -> SimPort:
    """The port of a reference, locked. Raises CarrierRefused when there is none."""
    return relocked(SimPort.pk_of(carrier_ref))


def relocked(pk: int) -> SimPort:
    """The port as it is now, locked."""
    port = SimPort.objects.select_for_update().filter(pk=pk).first()
    if port is None:
        raise CarrierRefused(NO_PORT)
    return port


def locked_all(carrier_refs: Iterable[str]) -> dict[str, SimPort]:
    """The ports of references, locked in the order of their keys; those that there are not are left out."""
    keys = {SimPort.pk_of(reference) for reference in carrier_refs}
    rows = SimPort.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {port.carrier_ref: port for port in rows}


def is_known(key: str) -> bool:
    """Whether something with this key was taken in before."""
    return SimAttempt.objects.filter(key=key).exists()


def take_in(
    port: SimPort,
    key: str,
    kind: SimAttempt.Kind,
    sent: dict[str, Any] | None = None,
    *,
    is_late: bool = False,
) -> SimAttempt:
    """Write an attempt or a wish down."""
    return port.attempts.create(
        key=key, kind=kind, received_at=timezone.now(), is_late=is_late, request=sent or {}
    )


def request_of(attempt: SimAttempt) -> PortRequest:
    """What was sent, with the papers that came apart: a later paper takes the place of one of its kind."""
    request = wire.from_json(attempt.request)
    papers = {paper.kind: paper for paper in request.documents}
    for wish in attempt.port.attempts.filter(kind=SimAttempt.Kind.DOCUMENTS):
        for paper in wire.papers_from_json(wish.request["documents"]):
            if wish.pk > attempt.pk or paper.kind not in papers:
                papers[paper.kind] = paper
    return replace(request, documents=tuple(papers.values()))


def scenario_of(request: PortRequest) -> str:
    """The scenario of the account that a request is about; "" where it has none, or there is no record."""
    account = account_of(request)
    return account.scenario if account else ""


def claim(port: SimPort, numbers: Sequence[str]) -> None:
    """Whoever asks first has the line: a second port of it is answered with pending_order."""
    lines = ServiceLine.objects.filter(e164__in=numbers, port=None).order_by("e164").select_for_update()
    ServiceLine.objects.filter(pk__in=[line.pk for line in lines]).update(port=port)


def release(port: SimPort) -> None:
    """The lines of a port are free for another request."""
    port.lines.update(port=None)


def moved(port: SimPort) -> set[str]:
    """The numbers of a port that were activated, also those that have gone back."""
    return {number for numbers in port.batches.values_list("numbers", flat=True) for number in numbers}


def ours_of(port: SimPort, numbers: Sequence[str]) -> list[str]:
    """`numbers`, if all are this port's. Raises CarrierRefused("numbers") otherwise."""
    known = set(port.current_attempt().request["numbers"])
    if not numbers or not known.issuperset(numbers):
        raise CarrierRefused("These numbers are not in this port.", code="numbers")
    return list(dict.fromkeys(numbers))
