"""A carrier whose port-outs a test tells, and a number that somebody asks for."""

from datetime import UTC, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from carrier.base import CarrierRefused, CarrierUnavailable, Event, EventKind
from porting.tasks import port_outs as tasks
from tests.factories import make_number
from tests.porting.factories import a_date
from tests.porting.outs.factories import GAINING, NUMBERS, make_port_out


class OutCarrier:
    """Remembers what it was told. `down` and `refuses` say how it fails."""

    name = "Stub"

    def __init__(self):
        self.down = False
        self.refuses = None
        self.told = []
        self.happened = []

    def _line(self, *facts):
        if self.down:
            raise CarrierUnavailable("no answer")
        self.told.append(facts)
        if self.refuses:
            raise CarrierRefused(*self.refuses)

    def answer_port_out(self, carrier_ref, key, accept, reason=""):
        self._line("answer", carrier_ref, key, accept, reason)

    def dispute_port_out(self, carrier_ref, key, reason):
        self._line("dispute", carrier_ref, key, reason)

    def guard_numbers(self, key, numbers, pin, locked):
        self._line("guard", key, tuple(numbers), pin, locked)

    def events(self, topic, after, limit=200):
        if self.down:
            raise CarrierUnavailable("no answer")
        return tuple(self.happened[int(after or 0) :][:limit])

    def tell(self, kind, key="SIM-O-1", **facts):
        """Something happens at the carrier."""
        cursor = str(len(self.happened) + 1)
        facts.setdefault("numbers", NUMBERS[:1])
        at = facts.pop("at", None) or timezone.now()
        self.happened.append(Event(f"o{cursor}", cursor, EventKind(f"port_out.{kind}"), key, at, **facts))
        return self.happened[-1]

    def asks(self, key="SIM-O-1", *, hours=48, pin="none", **facts):
        """Another carrier asks for numbers."""
        answer_by = (timezone.now() + timedelta(hours=hours)).astimezone(UTC)
        said = {"gaining_carrier": GAINING, "pin": pin, "answer_by": answer_by.isoformat()}
        return self.tell("requested", key, date=a_date(3), facts=said, **facts)


@pytest.fixture
def carrier(monkeypatch):
    stub = OutCarrier()
    for module in ("porting.tasks.port_outs", "porting.tasks.guards", "pstn.feed"):
        monkeypatch.setattr(f"{module}.get_carrier", lambda: stub)
    return stub


@pytest.fixture
def news(carrier, at_work):
    """Let the console read what happened at the carrier."""

    def read():
        with at_work():
            tasks.take_carrier_events()

    return read


@pytest.fixture
def swept(carrier, at_work, settings):
    """Let the net of some tasks do its round, without waiting."""
    settings.SWEEP_AFTER_SECONDS = -1

    def sweep(net=tasks):
        with at_work():
            net.sweep()

    return sweep


@pytest.fixture
def number(office):
    return make_number(office, NUMBERS[0], assigned_to="Front desk")


@pytest.fixture
def out(office, number):
    return make_port_out(office)


@pytest.fixture
def verb(out):
    """The address of a verb on the request."""
    return lambda name, one=None: reverse(f"porting:port_out_{name}", args=["acme", (one or out).pk])
