"""The day's orders to the carrier, each with a key of its own, and what its test calls showed."""

import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import CallWish, Event
from lib.queue import later
from porting.day import messaging
from porting.models import Activation, CutoverDay, PortEvent, PortOrder, TestCall, TestRun
from porting.workflow import cutover as workflow

log = logging.getLogger(__name__)
BATCH = 200
VERBS = ("complete", "move_messaging", "snap_back")
RUN = re.compile(r"-t(\d+)$")


@shared_task
def tell_activation(activation_pk: int) -> None:
    """Have the carrier activate numbers now; its own key makes it happen once."""
    rows = Activation.unscoped.untold().select_related("order")
    activation = rows.filter(pk=activation_pk).first()
    if activation is None:
        return
    refused = ""
    try:
        get_carrier().activate_port(activation.order.carrier_ref, activation.key, activation.numbers)
    except CarrierUnavailable:
        log.info("The carrier does not answer; %s is activated later", activation)
        return
    except CarrierRefused as refusal:
        refused = _reason(refusal)
    _told(Activation, [activation_pk], refused)


@shared_task
def tell_test_runs(run_pks: list[int]) -> None:
    """Have the carrier place test calls; each run's own key makes it happen once."""
    rows = TestRun.unscoped.untold().filter(pk__in=run_pks).select_related("order")
    runs = {run.key: run for run in rows.only("attempt", "numbers", "order__carrier_ref")}
    wishes = [CallWish(run.order.carrier_ref, key, run.numbers) for key, run in runs.items()]
    try:
        refused = get_carrier().test_calls(wishes) if wishes else {}
    except CarrierUnavailable:
        log.info("The carrier does not answer; %s test runs are told later", len(wishes))
        return
    told: dict[str, list[int]] = {}
    for key, run in runs.items():
        reason = _reason(refused[key]) if key in refused else ""
        told.setdefault(reason, []).append(run.pk)
    for reason, pks in told.items():
        _told(TestRun, pks, reason)


def _reason(refusal: CarrierRefused) -> str:
    return str(refusal) or refusal.code


def _told(model: type[Activation] | type[TestRun], pks: Sequence[int], refused: str) -> None:
    model.unscoped.filter(pk__in=pks, told_at=None).update(told_at=now(), refused=refused[:300])


def follow(events: Sequence[PortEvent]) -> None:
    """What moves of orders mean for their day: the first test calls, and the e-mails about messages."""
    about = {verb: {event.order_id: event.order for event in events if event.verb == verb} for verb in VERBS}
    workflow.place_first_test_calls([order for order in about["complete"].values() if order.is_here])
    messaging.tell({pk: order for orders in about.values() for pk, order in orders.items()})


def take_result(order: PortOrder, event: Event) -> None:
    """Keep one result of a test call. Told twice, or for a run of another order, it changes nothing."""
    found = RUN.search(event.key)
    run = order.test_runs.filter(pk=found[1]).first() if found else None
    test, result = event.facts.get("test", ""), event.facts.get("result", "")
    if run is None or test not in TestCall.Test.values or result not in ("pass", "fail"):
        log.info("Carrier event %s is no result of a test of ours", event.id)
        return
    TestCall.unscoped.bulk_create(
        [
            TestCall(
                run=run,
                e164=e164,
                test=test,
                via=event.facts.get("via", "")[:60],
                passed=result == "pass",
                note=event.facts.get("note", "")[:200],
                at=event.at,
            )
            for e164 in event.numbers
            if e164 in run.numbers
        ],
        ignore_conflicts=True,
    )


def take_up() -> None:
    """Queue again what a lost message or an outage left undone, and the e-mails that are due."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    for pk in _waiting(Activation, old):
        later(tell_activation, pk)
    if runs := _waiting(TestRun, old):
        later(tell_test_runs, runs)
    waiting = CutoverDay.unscoped.filter(stuck_told_at=None, stuck_since__isnull=False)
    for day in waiting.select_related("order__org", "order__location", "order__created_by")[:BATCH]:
        messaging.tell_stuck(day.order)


def _waiting(model: type[Activation] | type[TestRun], old: datetime) -> list[int]:
    rows = model.unscoped.untold().filter(at__lt=old).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])
