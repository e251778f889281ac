"""A carrier that answers what a test tells it, and browsers whose requests are followed by their tasks."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client, TestCase
from django.urls import reverse

from carrier.base import CarrierRefused, CarrierUnavailable, Event, EventKind, Portability, Portable
from porting.tasks import feed
from tests.factories import make_connected_location

NOON = "2026-11-18 20:00:00+00:00"  # in San Jose


class StubCarrier:
    """Remembers what it was asked. `down` and `refuses` say how it fails; `answers` overrides portability."""

    name = "Stub"

    def __init__(self):
        self.down = False
        self.refuses = None
        self.answers = {}
        self.asked = []
        self.ports = {}
        self.calls = []
        self.happened = []

    def _line(self, call, *facts):
        if self.down:
            raise CarrierUnavailable("no answer")
        self.calls.append((call, *facts))

    def check_portability(self, country, numbers):
        self._line("portability", len(numbers))
        self.asked.append(tuple(numbers))
        return tuple(
            self.answers.get(e164) or Portability(e164, Portable.YES, losing_carrier="Valley Telephone")
            for e164 in numbers
        )

    def submit_port(self, request):
        self._line("submit", request.key)
        if self.refuses:
            raise CarrierRefused(*self.refuses)
        return self.ports.setdefault(request.reference, (f"ref-{request.reference}", []))[0]

    def supplement_port(self, carrier_ref, request):
        self._line("supplement", carrier_ref, request.key)
        if self.refuses:
            raise CarrierRefused(*self.refuses)

    def cancel_port(self, carrier_ref, key):
        self._line("cancel", carrier_ref, key)
        if self.refuses:
            raise CarrierRefused(*self.refuses)

    def change_port_date(self, carrier_ref, key, day):
        self._line("change_date", carrier_ref, key, day)
        if self.refuses:
            raise CarrierRefused(*self.refuses)

    def activate_port(self, carrier_ref, key, numbers):
        self._line("activate", carrier_ref, key, list(numbers))
        if self.refuses:
            raise CarrierRefused(*self.refuses)

    def delay_port(self, carrier_ref, key):
        self._line("delay", carrier_ref, key)
        if self.refuses:
            raise CarrierRefused(*self.refuses)

    def test_calls(self, wishes):
        self._line("tests")
        self.calls += [("test", wish.carrier_ref, wish.key, list(wish.numbers)) for wish in wishes]
        return {wish.key: CarrierRefused(*self.refuses) for wish in wishes} if self.refuses else {}

    def snap_back(self, carrier_ref, key, numbers):
        self._line("snap_back", carrier_ref, key, list(numbers))
        if self.refuses:
            raise CarrierRefused(*self.refuses)

    def events(self, topic, after, limit=200):
        self._line("events", after)
        return tuple(self.happened[int(after or 0) :][:limit])

    def tell(self, kind, order, *, key="", **facts):
        """Something happens at the carrier."""
        cursor = str(len(self.happened) + 1)
        at = datetime(2026, 11, 20, tzinfo=UTC)
        self.happened.append(Event(f"e{cursor}", cursor, EventKind(kind), key or order.key, at, **facts))
        return self.happened[-1]

    def made(self, call):
        return [facts for name, *facts in self.calls if name == call]


@pytest.fixture
def carrier(monkeypatch):
    stub = StubCarrier()
    for module in ("porting.tasks.orders", "porting.tasks.cutover", "pstn.feed", "porting.portability"):
        monkeypatch.setattr(f"{module}.get_carrier", lambda: stub)
    return stub


class Browser(Client):
    """A signed-in person; what a request queued is done before it returns."""

    def request(self, **request):
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)


@pytest.fixture
def signed_in():
    def sign_in(person):
        client = Browser()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def at_work():
    """Do what a verb queued, as a worker would once the transaction is committed."""
    return lambda: TestCase.captureOnCommitCallbacks(execute=True)


@pytest.fixture
def news(carrier, at_work):
    """Let the console read what happened at the carrier."""

    def read():
        with at_work():
            feed.take_carrier_events()

    return read


@pytest.fixture
def office(acme, ada):
    return make_connected_location(acme)


@pytest.fixture
def clock():
    """It is NOON on a Wednesday in San Jose, until a test moves the clock."""
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def url():
    def of(name, order, *more):
        return reverse(f"porting:{name}", args=["acme", order.pk, *more])

    return of
