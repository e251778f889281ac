"""The day's orders to the carrier, each with a key of its own, and what its test calls showed."""

import logging
import re
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import Event
from lib.queue import later
from lib.transitions import Refused
from porting.day import messaging
from porting.models import Activation, CutoverDay, PortEvent, PortOrder, TestCall, TestRun
from porting.workflow import cutover as workflow

log = logging.getLogger(__name__)
BATCH = 200
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
        refused = str(refusal) or refusal.code
    _told(Activation, activation_pk, refused)


@shared_task
def tell_test_run(run_pk: int) -> None:
    """Have the carrier place test calls; its own key makes it happen once."""
    run = TestRun.unscoped.untold().select_related("order").filter(pk=run_pk).first()
    if run is None:
        return
    refused = ""
    try:
        get_carrier().test_calls(run.order.carrier_ref, run.key, run.numbers)
    except CarrierUnavailable:
        log.info("The carrier does not answer; %s is tested later", run)
        return
    except CarrierRefused as refusal:
        refused = str(refusal) or refusal.code
    _told(TestRun, run_pk, refused)


def _told(model: type[Activation] | type[TestRun], pk: int, refused: str) -> None:
    model.unscoped.filter(pk=pk, told_at=None).update(told_at=now(), refused=refused[:300])


def follow(event: PortEvent) -> None:
    """What a move of the order means for its day: the first test calls, and the e-mails about messages."""
    if event.verb == "complete" and event.order.is_here:
        test_after_completion(event.order)
    if event.verb in ("complete", "move_messaging", "snap_back"):
        messaging.tell(event.order)


def test_after_completion(order: PortOrder) -> None:
    """Test calls by themselves, once an order."""
    if order.test_runs.filter(scope=TestRun.Scope.AUTOMATIC).exists():
        return
    try:
        workflow.place_test_calls(order, scope=TestRun.Scope.AUTOMATIC)
    except Refused as refusal:
        log.info("No test calls for %s: %s", order, refusal)


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
    for task, rows in (
        (tell_activation, Activation.unscoped.untold()),
        (tell_test_run, TestRun.unscoped.untold()),
    ):
        for pk in rows.filter(at__lt=old).order_by("pk").values_list("pk", flat=True)[:BATCH]:
            later(task, pk)
    waiting = CutoverDay.unscoped.filter(stuck_told_at=None, stuck_since__isnull=False)
    for day in waiting.select_related("order__org", "order__location", "order__created_by")[:BATCH]:
        messaging.tell_stuck(day.order)
