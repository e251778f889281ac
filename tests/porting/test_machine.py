"""Any order of people's acts and the carrier's events, late, twice, reordered or contradictory, keeps the law.

The law: the order's state is the rule over its numbers; histories follow the tables; and no number is in
service before it is ported.
"""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from carrier.base import Event, EventKind
from lib.transitions import Refused
from porting.models import PortEvent, PortOrder
from porting.models.numbers import ALLOWED as NUMBERS
from porting.models.rollup import state_of
from porting.tasks import feed
from porting.workflow import orders as workflow
from tests.factories import make_connected_location
from tests.porting.factories import a_date, make_port_order

LISTS = (("+14085550110", "+14085550111", "+14085550112"), ("+14085550190", "+14085550191"))
KINDS = st.sampled_from([kind for kind in EventKind if kind in {**feed.VERBS, **feed.TOGETHER}])
ORDER = st.integers(0, 1)
SOME = st.sets(st.integers(0, 2), max_size=3)


class Porting(RuleBasedStateMachine):
    """Two orders, the people who own them and a carrier that says anything at any time."""

    org = ada = None  # given by the test

    @initialize()
    def begin(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.counter = itertools.count(1)
        self.said = []
        location = make_connected_location(self.org)
        self.orders = [make_port_order(self.org, numbers=some, location=location).pk for some in LISTS]
        self.seen = {}

    def teardown(self):
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def order(self, which):
        return PortOrder.unscoped.select_related("org", "location").get(pk=self.orders[which])

    def act(self, which, verb, **told):
        try:
            with transaction.atomic():
                getattr(workflow, verb)(self.order(which), **told)
        except Refused:
            pass

    @rule(which=ORDER)
    def goes_well(self, which):
        """The next thing that happens when nothing goes wrong, so that long stories are told too."""
        order = self.order(which)
        verb, told = {
            "draft": ("submit", {"by": self.ada}),
            "validating": ("pass_check", {"attempt": order.attempt}),
            "ready": ("accept_by_carrier", {"attempt": order.attempt, "carrier_ref": f"ref-{order.pk}"}),
            "submitted": ("confirm", {"foc_date": a_date(8)}),
            "foc_lost": ("confirm", {"foc_date": a_date(9)}),
            "rejected": ("resubmit", {"by": self.ada}),
            "foc_received": ("begin_activation", {"numbers": LISTS[which][:1]}),
            "activating": ("complete", {"numbers": LISTS[which][:1]}),
            "partially_completed": ("complete", {}),
            "activation_failed": ("complete", {}),
            "messaging_pending": ("move_messaging", {"to": "ported"}),
            "completed": ("request_snap_back", {"e164s": LISTS[which][:1], "by": self.ada}),
            "disputed": ("snap_back", {}),
        }.get(order.state, ("verify", {"by": self.ada}))
        self.act(which, verb, **told)

    # --- people, our check, the clock

    @rule(which=ORDER)
    def submit(self, which):
        self.act(which, "submit", by=self.ada)

    @rule(which=ORDER)
    def pass_check(self, which):
        self.act(which, "pass_check", attempt=self.order(which).attempt)

    @rule(which=ORDER)
    def accept(self, which):
        order = self.order(which)
        self.act(which, "accept_by_carrier", attempt=order.attempt, carrier_ref=f"ref-{order.pk}")

    @rule(which=ORDER, verb=st.sampled_from(["resubmit", "cancel", "delay", "verify", "resume"]))
    def press(self, which, verb):
        self.act(which, verb, by=self.ada)

    @rule(which=ORDER, days=st.integers(-3, 40))
    def ask_for_a_date(self, which, days):
        self.act(which, "request_date", day=timezone.localdate() + timedelta(days=days), by=self.ada)

    @rule(which=ORDER, some=SOME)
    def ask_back(self, which, some):
        numbers = [number for at, number in enumerate(LISTS[which]) if at in some]
        self.act(which, "request_snap_back", e164s=numbers, by=self.ada)

    @rule(which=ORDER, verb=st.sampled_from(["expire", "abandon", "recall"]))
    def time_passes(self, which, verb):
        self.act(which, verb)

    # --- the carrier

    @rule(
        which=ORDER,
        kind=KINDS,
        some=SOME,
        about=st.sampled_from(["attempt", "wish", "old", "x"]),
        now=st.booleans(),
    )
    def happens(self, which, kind, some, about, now):
        order = self.order(which)
        key = {
            "attempt": order.key,
            "wish": order.wish_key if order.wish else f"{order.key}-c99",
            "old": f"port-{order.pk}-{max(order.attempt - 1, 0)}",
            "x": f"{order.key}-t1",
        }[about]
        code = {"port.messaging": "ported", "port.document_wanted": "csr"}.get(kind, "zip_mismatch")
        n = next(self.counter)
        event = Event(
            f"e{n}",
            str(n),
            kind,
            key,
            datetime(2026, 11, 20, tzinfo=UTC),
            code=code,
            date=a_date(6 + n % 5),
            numbers=tuple(number for at, number in enumerate(LISTS[which]) if at in some),
        )
        self.said.append(event)
        if now:
            self.hear(event)

    @rule(data=st.data())
    def hears_late_or_again(self, data):
        if self.said:
            self.hear(data.draw(st.sampled_from(self.said)))

    def hear(self, event):
        before = PortEvent.unscoped.filter(carrier_event=event.id).count()
        with transaction.atomic():
            feed.apply(event)
        assert PortEvent.unscoped.filter(carrier_event=event.id).count() <= max(before, 1)

    # --- the law

    @invariant()
    def state_follows_from_the_numbers(self):
        for which in range(2) if hasattr(self, "orders") else ():
            order = self.order(which)
            assert order.state == state_of(order.standing())

    @invariant()
    def histories_follow_the_tables(self):
        for which in range(2) if hasattr(self, "orders") else ():
            order = self.order(which)
            story = list(order.events.order_by("pk").values_list("before", "after"))
            for (_earlier, left), (found, _later) in itertools.pairwise(story):
                assert left == found
            assert all(b == a or a in workflow.ALLOWED[b] for b, a in story)
            for e164, state in order.numbers.values_list("e164", "state"):
                last = self.seen.get(e164, state)
                assert last == state or reaches(last, state), (last, state)
                self.seen[e164] = state

    @invariant()
    def nothing_is_active_before_it_is_ported(self):
        if not hasattr(self, "orders"):
            return
        inventory = dict(self.org.phone_numbers.values_list("e164", "state"))
        for which in range(2):
            for row in self.order(which).numbers.all():
                listed = inventory.get(row.e164)
                if row.state == "ported":
                    assert listed == "active"
                elif row.state in ("draft", "canceled", "snapped_back"):
                    assert listed is None
                else:
                    assert listed == "porting"


def reaches(before, after):
    """Whether a number may have come from one state to the other in one act (a resubmission takes two steps)."""
    return after in NUMBERS[before] or any(after in NUMBERS[step] for step in NUMBERS[before])


@pytest.mark.django_db
def test_no_illegal_history(acme, ada, carrier):
    Porting.org, Porting.ada = acme, ada
    run_state_machine_as_test(
        Porting,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
