"""Many events at once do what they do one by one, in as many statements for fifty orders as for two."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry, Membership, Organization, User
from carrier.base import Event, EventKind
from notifications.models import Message
from porting.models import PortedNumber, PortEvent, PortOrder, TestRun
from porting.tasks import cutover, feed
from porting.tasks import orders as tasks
from pstn import feed as reading
from pstn.models import NumberEvent, PhoneNumber, Preparation, StuckEvent
from pstn.workflow import preparations
from pstn.workflow.preparations import Wanted
from tests.factories import make_connected_location, make_number
from tests.porting.factories import a_date, make_event, make_port_order
from tests.pstn.test_races import at_once

LISTS = (
    ("+14085550110", "+14085550111", "+14085550112"),
    ("+14085550120", "+14085550121"),
    ("+14085550130",),
    ("+14085550140", "+14085550141"),
    ("+14085550150",),
)
STATES = ("submitted", "foc_received", "activating", "ready", "sup_requested", "cancel_requested")
KINDS = sorted({**feed.VERBS, **feed.TOGETHER})
OFTEN = [EventKind.PORT_CONFIRMED, EventKind.PORT_ACTIVATING, EventKind.PORT_COMPLETED]
SAID = st.tuples(
    st.integers(0, len(LISTS) - 1),
    st.sampled_from(OFTEN) | st.sampled_from(KINDS),
    st.sets(st.integers(0, 2), max_size=2),  # numbers that are named; none is all
    st.sampled_from(["attempt", "attempt", "wish", "old"]),
    st.integers(6, 8),  # the day, where there is one
    st.sampled_from([False, False, False, True]),  # told twice
)
UNLIKE = ("id", "org_id", "owner_id", "created_at", "updated_at")


def tell(kind, order, n, numbers=(), key="", day=None):
    code = {"port.messaging": "ported", "port.document_wanted": "csr"}.get(kind, "zip_mismatch")
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Event(
        f"e{n}", str(n), kind, key or order.key, at, code=code, date=day or a_date(8), numbers=tuple(numbers)
    )


def two_organizations(acme, globex, states):
    """Five orders: two of them of one group, two with a prepared number."""
    here, there = make_connected_location(acme), make_connected_location(globex)
    group = acme.port_groups.create(location=here)
    places = [
        (acme, here, None),
        (acme, here, group),
        (acme, here, group),
        (globex, there, None),
        (globex, there, None),
    ]
    orders = [
        make_port_order(
            org,
            state=state,
            numbers=numbers,
            location=location,
            group=family,
            carrier_ref=f"ref-{numbers[0]}",
            bill=False,
            signed=False,
            wished_date=a_date(9) if state == "sup_requested" else None,
        )
        for (org, location, family), numbers, state in zip(places, LISTS, states, strict=True)
    ]
    stand_in = make_number(here, "+14085550170", assigned_to="Cleo")
    coming = acme.phone_numbers.in_bulk([numbers[0] for numbers in LISTS[:2]], field_name="e164")
    wanted = [
        Wanted(coming[LISTS[0][0]], {"assigned_to": "Anita", "temporary_e164": stand_in.e164}),
        Wanted(coming[LISTS[1][0]], {"assigned_to": "Bruno"}),
    ]
    preparations.prepare(acme, wanted, by=acme.memberships.first().user)
    return orders


def story(orders, told):
    """The carrier's events, some of them twice, of an old attempt, or of a wish that nobody has."""
    events = []
    for n, (which, kind, some, about, day, again) in enumerate(told):
        order = orders[which]
        key = {"attempt": order.key, "wish": order.wish_key, "old": f"port-{order.pk}-0"}[about]
        numbers = [e164 for at, e164 in enumerate(LISTS[which]) if at in some]
        events += [tell(kind, order, n, numbers, key, a_date(day))] * (1 + again)
    return events


def everything():
    """All that may come of events, without the keys that a database gives."""
    rows = {
        model.__name__: [
            {name: value for name, value in row.items() if name not in UNLIKE}
            for row in model.unscoped.order_by(by).values()
        ]
        for model, by in (
            (PortOrder, "pk"),
            (PortedNumber, "e164"),
            (PhoneNumber, "e164"),
            (Preparation, "pk"),
        )
    }
    fields = (
        "order",
        "verb",
        "before",
        "after",
        "code",
        "note",
        "date",
        "numbers",
        "carrier_event",
        "source",
    )
    events = list(PortEvent.unscoped.order_by("order", "pk").values_list(*fields))
    unhandled = PortEvent.unscoped.filter(handled_at=None).count()
    numbers = NumberEvent.unscoped.order_by("e164", "pk").values_list(
        "e164", "what", "before", "after", "note"
    )
    entries = AuditEntry.objects.values_list("what", "subject", "before", "after", "acting_as")
    mails = Message.objects.values_list("kind", "to", "subject", "text", "attachment_name")
    runs = TestRun.unscoped.order_by("order", "pk").values_list("order", "scope", "numbers", "refused")
    stuck = StuckEvent.objects.order_by("carrier_event").values_list("carrier_event", "error")
    return {
        **rows,
        "events": (events, unhandled),
        "stories": list(numbers),
        "audit": Counter(map(repr, entries)),
        "mails": Counter(mails),
        "runs": list(runs),
        "stuck": list(stuck),
    }


def outcome(events, steps):
    """What is there after the events were read in these steps and delivered; then nothing of it is."""
    with transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):
            for step in steps(events):
                reading._apply_together("ports", step, feed.apply)
        found = everything()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_at_once_is_one_by_one(acme, globex, ada, mallory, carrier, clock):
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        states=st.tuples(*[st.sampled_from(STATES)] * len(LISTS)),
        told=st.lists(SAID, min_size=2, max_size=12),
    )
    def law(states, told):
        with transaction.atomic():
            events = story(two_organizations(acme, globex, states), told)
            assert outcome(events, feed.steps) == outcome(events, reading.singly)
            transaction.set_rollback(True)

    law()


def test_a_step_has_each_order_once_and_keeps_what_is_said_of_one():
    def said(n, kind, order):
        return Event(f"e{n}", str(n), kind, f"port-{order}-1", datetime(2026, 11, 20, tzinfo=UTC))

    confirmed, completed, note = EventKind.PORT_CONFIRMED, EventKind.PORT_COMPLETED, EventKind.PORT_NOTE
    told = [
        (confirmed, 1),
        (completed, 1),
        (confirmed, 2),
        (note, 3),
        (note, 4),
        (confirmed, 1),
        (completed, 2),
    ]
    steps = list(feed.steps([said(n, *one) for n, one in enumerate(told)]))
    assert [[int(event.cursor) for event in step] for step in steps] == [[0, 2], [3], [4], [1, 6], [5]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "state"),
    [("port.confirmed", "submitted"), ("port.activating", "foc_received"), ("port.completed", "activating")],
)
def test_as_many_statements_for_fifty_as_for_two(acme, ada, office, carrier, kind, state):
    orders = [
        make_port_order(acme, state=state, numbers=(f"+1408556{n:04}",), bill=False, signed=False)
        for n in range(52)
    ]
    events = [tell(EventKind(kind), order, n) for n, order in enumerate(orders)]
    counts = []
    for some in (events[:2], events[2:]):
        with CaptureQueriesContext(
            connection,
        ) as applied:
            feed.apply(*some)
        pks = list(PortEvent.unscoped.filter(handled_at=None).values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as delivered:
            tasks.handle_events(pks)
        counts.append((len(applied), len(delivered)))
    assert not PortEvent.unscoped.filter(handled_at=None).exists()
    assert PortEvent.unscoped.count() == 52
    assert counts[0] == counts[1]
    assert counts[0][0] <= 28


@pytest.mark.django_db
def test_one_that_breaks_holds_no_other_up(acme, ada, office, carrier, news, monkeypatch):
    orders = [make_port_order(acme, state="submitted", numbers=(f"+1408556{n:04}",)) for n in range(3)]
    finish = feed.TOGETHER[EventKind.PORT_CONFIRMED]

    def breaks(said):
        if any(one.order.pk == orders[1].pk for one in said):
            raise ZeroDivisionError
        return finish(said)

    monkeypatch.setitem(feed.TOGETHER, EventKind.PORT_CONFIRMED, breaks)
    for order in orders:
        carrier.tell("port.confirmed", order, date=a_date(8))
    news()
    assert [stuck.key for stuck in StuckEvent.objects.all()] == [orders[1].key]
    states = PortOrder.unscoped.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["foc_received", "submitted", "foc_received"]


@pytest.mark.django_db
def test_a_delivery_that_breaks_is_left_to_the_sweep_alone(acme, ada, office, carrier, at_work, monkeypatch):
    orders = [make_port_order(acme, state="submitted", numbers=(f"+1408556{n:04}",)) for n in range(3)]
    events = [make_event(order, verb="accept_by_carrier", after="submitted") for order in orders]
    follow = cutover.follow

    def breaks(some):
        if any(event.pk == events[1].pk for event in some):
            raise ZeroDivisionError
        follow(some)

    monkeypatch.setattr(cutover, "follow", breaks)
    monkeypatch.setattr(tasks, "later", lambda task, *args: queued.append(args))
    queued = []
    tasks.handle_events([event.pk for event in events])
    assert queued == [([event.pk],) for event in events]
    for event in events:
        if event is events[1]:
            pytest.raises(ZeroDivisionError, tasks.handle_events, [event.pk])
        else:
            tasks.handle_events([event.pk])
    unhandled = PortEvent.unscoped.filter(handled_at=None)
    assert list(unhandled.values_list("pk", flat=True)) == [events[1].pk]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_workers_that_read_the_same_batch_change_each_thing_once(carrier, turn):
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    orders = []
    for slug, first in (("acme", 0), ("globex", 10)):
        org = Organization.objects.create(name=slug.title(), slug=slug)
        person = User.objects.create_user(f"admin@{slug}.example", "Ada Park")
        Membership.objects.create(user=person, org=org, role="full_admin")
        make_connected_location(org)
        orders += [
            make_port_order(org, state="submitted", numbers=(f"+1408556{n:04}",))
            for n in range(first, first + 4)
        ]
    kinds = (EventKind.PORT_CONFIRMED, EventKind.PORT_COMPLETED)
    events = [tell(kind, order, f"{kind}-{n}") for kind in kinds for n, order in enumerate(orders)]
    steps = list(feed.steps(events))
    assert len(steps) == 2
    at_once(4, lambda n: [feed.apply(*(step if n % 2 else reversed(step))) for step in steps])
    verbs = Counter(PortEvent.unscoped.filter(source="carrier").values_list("order", "verb"))
    assert verbs == {(order.pk, verb): 1 for order in orders for verb in ("confirm", "complete")}
    whats = Counter(
        NumberEvent.unscoped.filter(what__in=["port_dated", "ported_in"]).values_list("e164", "what")
    )
    assert set(whats.values()) == {1}
    assert len(whats) == 2 * len(orders)
    assert Message.objects.filter(kind__in=["port_foc_received", "port_completed"]).count() == 2 * len(orders)
    assert set(PhoneNumber.unscoped.values_list("state", flat=True)) == {"active"}
