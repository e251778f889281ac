"""A thousand numbers as bits, compared with the same said number by number."""

from hypothesis import given
from hypothesis import strategies as st

from simulator import thousands

# Long runs and single numbers both: a few spans, some of them cut out again.
spans = st.tuples(st.integers(0, 999), st.integers(0, 250)).map(
    lambda pair: thousands.span(pair[0], min(999, sum(pair)))
)
maps = st.tuples(st.lists(spans, max_size=5), st.lists(spans, max_size=4)).map(
    lambda pair: _union(pair[0]) & ~_union(pair[1])
)


def _union(parts):
    bits = 0
    for part in parts:
        bits |= part
    return bits


def slot_starts(free, size):
    return [n for n in range(0, 1000, size) if free.issuperset(range(n, n + size))]


@given(maps)
def test_what_is_stored_comes_back(bits):
    assert thousands.unpacked(thousands.packed(bits)) == bits
    assert len(thousands.packed(bits)) == thousands.BYTES


@given(maps)
def test_runs_and_the_longest(bits):
    free = thousands.positions(bits)
    assert free == [n for n in range(1000) if bits >> n & 1]
    runs = list(thousands.runs(bits))
    assert [n for start, length in runs for n in range(start, start + length)] == free
    assert all(start + length < after for (start, length), (after, _) in zip(runs, runs[1:], strict=False))
    assert thousands.longest(bits) == max((length for _start, length in runs), default=0)


@given(maps, st.integers(0, 10**9))
def test_slots_begin_at_multiples_and_break_no_larger_one_first(bits, start):
    free = set(thousands.positions(bits))
    for size in thousands.SLOTS:
        there = slot_starts(free, size)
        assert thousands.positions(thousands.slots(bits, size)) == there
        picked = thousands.picked_slots(bits, size, 1000, start)
        assert sorted(picked) == there
        assert thousands.picked_slots(bits, size, 2, start) == picked[:2]
        larger = {
            n
            for other in thousands.SLOTS
            if other > size
            for n in slot_starts(free, other)
            for n in range(n, n + other)
        }
        assert [n in larger for n in picked] == sorted(n in larger for n in picked)
    sizes = [size for size in (100, 50, 10, 1) if slot_starts(free, size)]
    assert thousands.largest(bits) == max(sizes, default=0)


@given(maps, st.integers(0, 10**9))
def test_scattered_gives_each_free_number_once(bits, start):
    found = list(thousands.scattered(bits, start))
    assert sorted(found) == thousands.positions(bits)
    assert found == list(thousands.scattered(bits, start))


digits = st.text(alphabet="0123", max_size=5)


@given(st.text(alphabet="0123", min_size=4, max_size=8), digits, digits)
def test_patterns_are_those_of_each_number(block, contains, ends_with):
    numbers = {n: f"{block}{n:03}" for n in range(1000)}
    wanted = [n for n, number in numbers.items() if contains in number and number.endswith(ends_with)]
    assert thousands.positions(thousands.matching(block, contains, ends_with)) == wanted
