"""A carrier that answers from memory: a hundred numbers of San Jose, holds, orders, events, and a switch to take it down."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from carrier.base import (
    AvailableNumber,
    CarrierRefused,
    CarrierUnavailable,
    Event,
    EventKind,
    Hold,
    Places,
)

STOCK = tuple(f"+1408777{n:04}" for n in range(100))


class FakeCarrier:
    name = "Fake"
    world = SimpleNamespace()

    @classmethod
    def reset(cls, stock=STOCK):
        cls.world = SimpleNamespace(
            stock=list(stock), holds={}, orders={}, events=[], is_down=False, refusal="", calls=[]
        )
        return cls.world

    def _asked(self, what):
        self.world.calls.append(what)
        if self.world.is_down:
            raise CarrierUnavailable

    def places(self, country, state):
        self._asked("places")
        return Places(("408", "669"), ("San Jose",)) if state == "CA" else Places((), ())

    def find_numbers(self, search):
        self._asked("find")
        held = {e164 for hold in self.world.holds.values() for e164 in hold}
        free = [e164 for e164 in self.world.stock if e164 not in held]
        if search.area_code:
            free = [e164 for e164 in free if e164[2:5] == search.area_code]
        return tuple(self._number(e164) for e164 in free[: search.quantity])

    def hold(self, key, numbers, seconds):
        self._asked("hold")
        self.world.holds[key] = list(numbers)
        found = tuple(self._number(e164) for e164 in numbers)
        return Hold(key, found, timezone.now() + timedelta(seconds=seconds))

    def extend_hold(self, hold_id, seconds):
        self._asked("extend")
        if hold_id not in self.world.holds:
            raise CarrierRefused("The hold is over.", "expired")
        return Hold(hold_id, (), timezone.now() + timedelta(seconds=2 * seconds), extended=True)

    def release_hold(self, hold_id, numbers=()):
        self._asked("release")
        held = self.world.holds.get(hold_id, [])
        self.world.holds[hold_id] = [e164 for e164 in held if numbers and e164 not in numbers]

    def order_numbers(self, key, numbers, hold_id):
        self._asked("order")
        if self.world.refusal:
            raise CarrierRefused(self.world.refusal, "gone")
        self.world.orders[key] = tuple(numbers)
        return f"REF-{key}"

    def events(self, topic, after, limit=200):
        self._asked("events")
        return tuple(event for event in self.world.events if event.cursor > after)[:limit]

    def happens(self, kind, key, detail="", event_id=""):
        n = len(self.world.events) + 1
        event = Event(event_id or f"ev-{n}", f"{n:06}", kind, key, timezone.now(), detail=detail)
        self.world.events.append(event)
        return event

    @staticmethod
    def _number(e164):
        return AvailableNumber(e164, "San Jose", "CA", "SNJS CENT")


def provisioned(order):
    return FakeCarrier().happens(EventKind.NUMBERS_PROVISIONED, f"number-order-{order.pk}")


def failed(order, detail="Out of stock at the switch."):
    return FakeCarrier().happens(EventKind.NUMBERS_FAILED, f"number-order-{order.pk}", detail)
