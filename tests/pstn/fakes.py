"""A carrier that answers from memory: a hundred numbers of San Jose, holds, orders, events, and a switch to take it down."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from carrier.base import (
    AvailableBlock,
    AvailableNumber,
    CarrierRefused,
    CarrierUnavailable,
    Event,
    EventKind,
    Hold,
    Places,
    QueuePlace,
)

STOCK = tuple(f"+1408777{n:04}" for n in range(100))


class FakeCarrier:
    name = "Fake"
    world = SimpleNamespace()

    @classmethod
    def reset(cls, stock=STOCK):
        cls.world = SimpleNamespace(
            stock=list(stock),
            holds={},
            orders={},
            events=[],
            is_down=False,
            refusal="",
            calls=[],
            queue={},
            cancels={},
            searches=[],
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
        self.world.searches.append(search)
        if search.exactly:
            return tuple(self._number(e164) for e164 in free if e164 in search.exactly)
        free = [e164 for e164 in free if e164 not in search.without]
        if search.contains:
            free = [e164 for e164 in free if search.contains in e164[2:]]
        if search.ends_with:
            free = [e164 for e164 in free if e164.endswith(search.ends_with)]
        if search.like:
            free.sort(key=lambda e164: abs(int(e164) - int(search.like)))
        if search.area_code:
            free = [e164 for e164 in free if e164[2:5] == search.area_code]
        return tuple(self._number(e164) for e164 in free[: search.quantity])

    def find_blocks(self, search, size, quantity=10):
        self._asked("blocks")
        held = {e164 for hold in self.world.holds.values() for e164 in hold}
        for smaller in [one for one in (100, 50, 10) if one <= size]:
            starts = [e164 for e164 in self.world.stock if int(e164) % smaller == 0]
            blocks = [AvailableBlock(e164, smaller, "San Jose", "CA", "SNJS CENT") for e164 in starts]
            free = [b for b in blocks if set(b.numbers) <= set(self.world.stock) - held]
            if free:
                return tuple(free[:quantity])
        return ()

    def queue_place(self, carrier_ref):
        self._asked("queue")
        return self.world.queue.get(carrier_ref, QueuePlace(0, 0))

    def hold(self, key, numbers, seconds):
        """Numbers that somebody else holds are left out; like a real one it does not know who asks."""
        self._asked("hold")
        held = {e164 for hold in self.world.holds.values() for e164 in hold}
        self.world.holds[key] = [e164 for e164 in numbers if e164 in self.world.stock and e164 not in held]
        found = tuple(self._number(e164) for e164 in self.world.holds[key])
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
        self.world.stock = [e164 for e164 in self.world.stock if e164 not in numbers]
        return f"REF-{key}"

    def back_order(self, key, search):
        self._asked("back")
        if self.world.refusal:
            raise CarrierRefused(self.world.refusal, "no_queue")
        self.world.queue[f"REF-{key}"] = QueuePlace(3, search.quantity)
        self.world.orders[key] = search
        return f"REF-{key}"

    def cancel_numbers(self, carrier_ref, key):
        self._asked("cancel")
        self.world.cancels[key] = carrier_ref

    def events(self, topic, after, limit=200):
        self._asked("events")
        return tuple(event for event in self.world.events if event.cursor > after)[:limit]

    def happens(self, kind, key, detail="", event_id="", numbers=()):
        n = len(self.world.events) + 1
        when = timezone.now()
        event = Event(
            event_id or f"ev-{n}", f"{n:06}", kind, key, when, detail=detail, numbers=tuple(numbers)
        )
        self.world.events.append(event)
        return event

    @staticmethod
    def _number(e164):
        return AvailableNumber(e164, "San Jose", "CA", "SNJS CENT")


def provisioned(order, *numbers):
    key = f"number-order-{order.pk}"
    return FakeCarrier().happens(EventKind.NUMBERS_PROVISIONED, key, numbers=numbers)


def failed(order, detail="Out of stock at the switch.", numbers=()):
    key = f"number-order-{order.pk}"
    return FakeCarrier().happens(EventKind.NUMBERS_FAILED, key, detail, numbers=numbers)


def delivered(order, *numbers):
    """Numbers of the back-order have come."""
    key = f"number-order-{order.pk}-back"
    return FakeCarrier().happens(EventKind.NUMBERS_PROVISIONED, key, numbers=numbers)


def answered_cancel(order, key, kind=EventKind.NUMBERS_CANCELED, detail=""):
    return FakeCarrier().happens(kind, key, detail)
