"""The benches of the carrier's contract. A new adapter adds its bench to ADAPTERS and passes, or is not an adapter.

A bench brings the adapter into a state that is known: numbers in stock, a port that the losing carrier accepts and
one that it rejects, a way to let time pass, and a way to cut the line.
"""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from carrier.base import Address, EventKind, NumberKind, NumberSearch, PortRequest, RecordRequest, Topic
from lib.calendar import add_business_days

#: What an adapter may tell besides; none of it changes where a port is.
ALONG = {EventKind.PORT_ACTIVATING, EventKind.PORT_MESSAGING, EventKind.PORT_NOTE}


class SimulatedBench:
    """The simulated carrier with the accounts of its demonstration and a business day of ten seconds."""

    search = NumberSearch("US", "CA", area_code="408", quantity=6)
    known_address = Address("100 Main Street", "San Jose", "CA", "95112")
    misspelled_address = Address("100 MAIN STREET", "San Jose", "California", "95112")
    unknown_address = Address("100 Nowhere Lane", "San Jose", "CA", "95112")
    nobodys_number = "+14085550199"
    toll_free = NumberSearch("US", "", area_code="833", quantity=3, kind=NumberKind.TOLL_FREE)
    abroad = (
        NumberSearch("GB", "", area_code="0121", quantity=3),
        NumberSearch("GB", "", quantity=3, kind=NumberKind.NON_GEOGRAPHIC),
        NumberSearch("DE", "", city="Berlin", quantity=3),
        NumberSearch("FR", "", quantity=3, kind=NumberKind.NATIONAL),
    )

    def __init__(self, settings, time_machine):
        from simulator import demo_rows
        from simulator.carrier import SimulatedCarrier

        self.clock = time_machine
        self.clock.move_to(datetime(2026, 3, 3, 15, 0, tzinfo=UTC), tick=False)
        settings.CARRIER_DAY_SECONDS = 10
        demo_rows.fill()
        self.carrier = SimulatedCarrier()

    def good_port(self, key="P-1-1", reference="P-1") -> PortRequest:
        from simulator.demo import THREE_LINES
        from tests.simulator.ports import port_request

        return port_request(THREE_LINES, key=key, reference=reference)

    def bad_port(self, key="P-1-1", reference="P-1") -> PortRequest:
        return replace(self.good_port(key, reference), company_name="Somebody Else, Inc.")

    def demanded_port(self, key="P-1-1", reference="P-1") -> PortRequest:
        """A good port whose numbers move when `activate_port` says so."""
        return replace(self.good_port(key, reference), on_demand=True)

    def last_numbers(self, count) -> NumberSearch:
        """A place that has so many numbers, all consecutive, and a search for all of them."""
        from simulator.models import StockBlock

        StockBlock.of("+17755557", state="NV", city="Jackpot", rate_center="Jackpot", last=count - 1).save()
        return NumberSearch("US", "NV", city="Jackpot", quantity=count)

    def breaks(self, number):
        """From now on this number cannot be provisioned."""
        from simulator.models import StockBlock

        StockBlock.objects.filter(thousand=number[:-3]).update(is_broken=True)

    def later(self, request: PortRequest):
        """A date that the losing carrier agrees to, later than the one requested."""
        return add_business_days(request.requested_date, 3, "US")

    def the_day_comes(self):
        """From a confirmed date to its FOC day, before numbers move by themselves."""
        from simulator.models import Appointment
        from simulator.tasks import tick

        begin = Appointment.objects.waiting().get(kind="begin")
        self.seconds_pass((begin.due_at - timezone.now()).total_seconds())
        tick()

    def the_day_ends(self):
        """To the moment at which what has to move on the FOC day has moved, and no further."""
        from simulator.models import Appointment
        from simulator.tasks import tick

        complete = Appointment.objects.waiting().get(kind="complete")
        self.seconds_pass((complete.due_at - timezone.now()).total_seconds())
        tick()

    def wishes_are_answered(self):
        """Long enough for answers to wishes, less than a day."""
        from simulator.tasks import tick

        self.seconds_pass(4)
        tick()

    def seconds_pass(self, seconds):
        self.clock.shift(timedelta(seconds=seconds))

    def everything_happens(self):
        """Long enough for every answer and every activation."""
        from simulator.tasks import tick

        for _round in range(3):
            self.seconds_pass(400)
            tick()

    def answers_come(self):
        """Long enough for answers, too short for activations."""
        from simulator.tasks import tick

        self.seconds_pass(11)
        tick()

    def record_wish(self, answers: bool) -> RecordRequest:
        """A wish for a record that comes at once, or never."""
        from simulator import demo

        account = demo.RECORDS[0] if answers else demo.RECORDS[2]
        return RecordRequest("US", account.carrier, account.btn, account.numbers)

    def port_out(self, numbers, pin="") -> str:
        """Another carrier asks for numbers of ours; the reference."""
        from simulator import port_outs

        return port_outs.request(numbers, "Tideline Wireless", pin).reference

    def port_out_leaves(self):
        """Long enough for a port-out that was accepted, short enough to dispute it."""
        from simulator.tasks import tick

        self.seconds_pass(31)
        tick()

    @contextmanager
    def line_cut(self):
        from simulator.models import Clock

        Clock.current()
        Clock.objects.update(is_down=True)
        yield
        Clock.objects.update(is_down=False)


ADAPTERS = {"simulated": SimulatedBench}


def e164s(numbers):
    return [number.e164 for number in numbers]


def held(bench, key="hold-1", seconds=600):
    found = bench.carrier.find_numbers(bench.search)
    return bench.carrier.hold(key, e164s(found), seconds)


def of_key(carrier, topic, key):
    """What answers a key, without what goes along with every completion."""
    return [event for event in carrier.events(topic, "") if event.key == key and event.kind not in ALONG]


def kinds_of(carrier, key):
    return [event.kind for event in of_key(carrier, Topic.PORTS, key)]
