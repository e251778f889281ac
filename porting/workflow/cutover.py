"""What people set going on the day that numbers come: activations, test calls, the box for old forwards.

None of it moves a state; the carrier's answers do, by the verbs of orders.py.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from lib.queue import later
from lib.transitions import Refused
from porting.day import cutover, trial_calls
from porting.models import Activation, CutoverDay, PortedNumber, PortOrder, TestRun
from porting.models.numbers import NumberState
from porting.workflow import orders as workflow


def activate(order: PortOrder, *, e164s: Sequence[str], by: User) -> Activation:
    """Ask the carrier to activate these numbers now. What is asked for already is not asked for again."""
    from porting.tasks import cutover as tasks
    from porting.tasks import orders as order_tasks

    with transaction.atomic():
        order.lock()
        if reason := cutover.why_not_activate(order):
            raise Refused(reason)
        wanted = set(e164s)
        may = set(cutover.may_be_activated(order))
        if not wanted or not wanted <= may:
            raise Refused(
                _("Choose numbers that wait for their activation; the others are under way already.")
            )
        chosen = sorted(wanted)
        activation = order.activations.create(attempt=order.attempt, numbers=chosen, by=by, at=now())
        event = order.events.create(
            before=order.state, after=order.state, verb="activate", by=by, numbers=chosen
        )
        audit.record("port_order.activate", order, after={"numbers": chosen})
        later(tasks.tell_activation, activation.pk)
        later(order_tasks.handle_events, [event.pk])
    return activation


def remove_forwards(order: PortOrder, *, removed: bool, by: User) -> None:
    """A person says that the old forwards are removed, or takes that back; who and when is kept."""
    with transaction.atomic():
        day = CutoverDay.locked_of(order)
        if bool(day.forwards_removed_at) == removed:
            return
        day.forwards_removed_at, day.forwards_removed_by = (now(), by) if removed else (None, None)
        day.save(update_fields=["forwards_removed_at", "forwards_removed_by"])
        audit.record("port_order.forwards_removed", order, after={"removed": removed})


def place_test_calls(order: PortOrder, *, scope: str, by: User | None = None) -> TestRun:
    """Have test calls placed to ported numbers: a sample, all of them, or those that failed."""
    with transaction.atomic():
        order.lock()
        if reason := trial_calls.why_not_test(order):
            raise Refused(reason)
        numbers = trial_calls.numbers_to_test(order, scope)
        if not numbers:
            raise Refused(_("Nothing failed that could be tested again."))
        return _place([(order, numbers)], scope, by)[0]


def place_first_test_calls(orders: Sequence[PortOrder]) -> None:
    """Test calls by themselves after orders have come, once an order, and none while others are placed."""
    if not orders:
        return
    with transaction.atomic():
        PortOrder.lock_all(orders)
        runs = TestRun._base_manager.filter(order__in=orders).values_list("order", "scope")
        scopes: dict[int, set[str]] = {}
        for pk, scope in runs:
            scopes.setdefault(pk, set()).add(scope)
        here: dict[int, list[str]] = {}
        ported = PortedNumber._base_manager.filter(order__in=orders, state=NumberState.PORTED).order_by(
            "e164"
        )
        for pk, e164 in ported.values_list("order", "e164"):
            here.setdefault(pk, []).append(e164)
        chosen = [
            (order, trial_calls.sample(order, here[order.pk]))
            for order in orders
            if order.pk in here
            and order.carrier_ref
            and TestRun.Scope.AUTOMATIC not in scopes.get(order.pk, ())
            and not (order.pk in scopes and trial_calls.why_not_test(order))
        ]
        _place(chosen, TestRun.Scope.AUTOMATIC, None)


def _place(chosen: Sequence[tuple[PortOrder, list[str]]], scope: str, by: User | None) -> list[TestRun]:
    """A run for each of these orders, which are locked, with the numbers that were chosen."""
    from porting.tasks import cutover as tasks  # tasks call back into this module

    runs = TestRun._base_manager.bulk_create(
        [
            TestRun(order=order, attempt=order.attempt, scope=scope, numbers=numbers, by=by, at=now())
            for order, numbers in chosen
        ]
    )
    audit.record_all(
        [
            audit.entry(
                "port_order.test",
                order,
                after={"scope": scope, "numbers": len(numbers)},
                acting_as="" if by else "system",
            )
            for order, numbers in chosen
        ]
    )
    if runs:
        later(tasks.tell_test_runs, [run.pk for run in runs])
    return runs


def confirm_works(order: PortOrder, *, note: str, by: User) -> None:
    """Verify the order: its test calls passed, or a person answers for the rest with a note."""
    with transaction.atomic():
        order.lock()
        lacking = trial_calls.lacks_for_verify(order)
        if lacking and not note:
            raise Refused(lacking)
        workflow.verify(order, by=by, note=note)
