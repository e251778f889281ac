"""Random holding, releasing, ordering, canceling, giving back and running out, against a plain model of it."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from carrier.base import CarrierRefused, NumberSearch
from simulator import stock, thousands
from simulator.models import StockBlock, StockTake
from simulator.tasks import tick

BLOCKS = {"+14085552": (0, 59), "+14085553": (945, 999)}
NUMBERS = [f"{thousand}{n:03}" for thousand, (a, b) in BLOCKS.items() for n in range(a, b + 1)]
SECONDS = 600
# Neighbors, so that runs are cut, split and joined again.
some = st.tuples(st.integers(0, len(NUMBERS) - 1), st.integers(1, 25), st.integers(1, 3)).map(
    lambda cut: NUMBERS[cut[0] : cut[0] + cut[1] * cut[2] : cut[2]]
)


class Shelf(RuleBasedStateMachine):
    """`held` is until when and by which hold, `sold` by which order; what is in neither is free."""

    holds, orders = Bundle("holds"), Bundle("orders")

    def __init__(self, carrier, wall):
        super().__init__()
        self.carrier, self.wall, self.turn = carrier, wall, 0
        self.held, self.sold, self.seconds = {}, {}, 0
        self.undo = transaction.atomic()
        self.undo.__enter__()
        for thousand, (first, last) in BLOCKS.items():
            block = StockBlock.of(
                thousand, state="CA", city="San Jose", rate_center="SNJS", first=first, last=last
            )
            block.save()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def name(self):
        self.turn += 1
        return f"key-{self.turn}"

    def free(self):
        self.held = {number: row for number, row in self.held.items() if row[1] > self.seconds}
        return [number for number in NUMBERS if number not in self.held and number not in self.sold]

    @rule(target=holds, numbers=some)
    def hold(self, numbers):
        hold = self.carrier.hold(self.name(), numbers, SECONDS)
        mine = sorted(set(numbers) & set(self.free()))
        assert [number.e164 for number in hold.numbers] == mine
        self.held |= {number: (hold.id, self.seconds + SECONDS) for number in mine}
        return hold.id

    @rule(hold=holds, numbers=some, everything=st.booleans())
    def release(self, hold, numbers, everything):
        self.carrier.release_hold(hold, [] if everything else numbers)
        gone = [n for n, row in self.held.items() if row[0] == hold and (everything or n in numbers)]
        for number in gone:
            del self.held[number]

    @rule(hold=holds, numbers=some, exactly=st.booleans())
    def order(self, hold, numbers, exactly):
        mine = [number for number, row in self.held.items() if row[0] == hold]
        free = self.free()
        wanted = mine if exactly else numbers
        try:
            ref = self.carrier.order_numbers(self.name(), wanted, hold)
        except CarrierRefused:
            assert not wanted or not set(wanted) <= {*free, *mine}
            return
        assert set(wanted) <= {*free, *mine}
        for number in wanted:
            self.held.pop(number, None)
            self.sold[number] = ref

    @rule(numbers=some)
    def give_back(self, numbers):
        self.carrier.return_numbers(self.name(), numbers)
        for number in numbers:
            self.sold.pop(number, None)

    @rule(target=orders, size=st.sampled_from([10, 50]))
    def buy_a_block(self, size):
        found = self.carrier.find_blocks(NumberSearch("US", "CA"), size, 1)
        free = set(self.free())
        if not found:
            starts = [n for n in NUMBERS if int(n[-1]) == 0]
            assert not any({f"+{int(n[1:]) + step}" for step in range(10)} <= free for n in starts)
            return ""
        assert set(found[0].numbers) <= free
        key = self.name()
        hold = self.carrier.hold(key, found[0].numbers, SECONDS)
        ref = self.carrier.order_numbers(key, found[0].numbers, hold.id)
        self.sold |= dict.fromkeys(found[0].numbers, ref)
        return ref

    @rule(ref=orders)
    def cancel(self, ref):
        if ref:
            self.carrier.cancel_numbers(ref, self.name())
            self.wall.shift(2.5)  # a quarter of a day: answered, and nothing is provisioned meanwhile
            self.seconds += 2.5
            tick()
            taken = {n for take in StockTake.objects.filter(order__state="provisioned") for n in take.numbers}
            self.sold = {n: by for n, by in self.sold.items() if by != ref or n in taken}

    @rule(seconds=st.sampled_from([1, 200, 601]), does_tick=st.booleans())
    def wait(self, seconds, does_tick):
        self.wall.shift(seconds)
        self.seconds += seconds
        if does_tick:
            tick()

    @invariant()
    def books_and_model_agree(self):
        assert list(stock.differences()) == []
        free = {number for block in StockBlock.objects.all() for number in block.numbers(block.bits)}
        expected = set(self.free())
        assert free <= expected  # holds that ran out and nobody has missed yet
        taken = {
            number: take for take in StockTake.objects.select_related("block") for number in take.numbers
        }
        assert set(taken) | free == set(NUMBERS)
        assert {number for number, take in taken.items() if take.order_id} == set(self.sold)
        for block in StockBlock.objects.all():
            assert block.longest == max((length for _start, length in thousands.runs(block.bits)), default=0)


@pytest.mark.django_db
def test_free_numbers_follow_the_model(carrier, wall):
    run_state_machine_as_test(
        lambda: Shelf(carrier, wall),
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
