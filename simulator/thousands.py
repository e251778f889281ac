"""A thousand consecutive numbers as the bits of one integer: bit 7 stands for the number that ends in 007.

Counting what is free, finding free slots and matching digits are a few operations on such an integer, so a
stock of ten million numbers is ten thousand small rows and nothing has to be searched number by number.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import compress
from math import gcd

SIZE = 1000
BYTES = SIZE // 8
#: Consecutive blocks that are sold, largest first. Each begins at a multiple of its size.
SLOTS = (100, 50, 10)
_TRUTH = bytes.maketrans(b"01", b"\x00\x01")


def span(first: int, last: int) -> int:
    """The bits from `first` to `last`, both included."""
    return ((1 << (last - first + 1)) - 1) << first


def packed(bits: int) -> bytes:
    """As it is stored."""
    return bits.to_bytes(BYTES, "little")


def unpacked(stored: bytes | memoryview) -> int:
    return int.from_bytes(stored, "little")


def positions(bits: int) -> list[int]:
    """Which bits are set, ascending."""
    signs = f"{bits:b}"[::-1].encode().translate(_TRUTH)
    return list(compress(range(len(signs)), signs))


def runs(bits: int) -> Iterator[tuple[int, int]]:
    """The free runs: (start, length) of each unbroken row of set bits, ascending."""
    start = 0
    while bits:
        skip = (bits & -bits).bit_length() - 1
        bits >>= skip
        start += skip
        length = (~bits & (bits + 1)).bit_length() - 1
        yield start, length
        bits >>= length
        start += length


def longest(bits: int) -> int:
    """The length of the longest free run; 0 when nothing is free."""
    return len(max(f"{bits:b}".split("0"), key=len)) if bits else 0


def slots(bits: int, size: int) -> int:
    """The first bit of every aligned slot of `size` that is wholly free."""
    width = 1
    while width < size:
        step = min(width, size - width)
        bits &= bits >> step
        width += step
    return bits & _starts(size)


def largest(bits: int) -> int:
    """The largest of 100, 50, 10 and 1 that is free in one piece and aligned; 0 when nothing is free."""
    if not bits:
        return 0
    return next((size for size in SLOTS if slots(bits, size)), 1)


def picked_slots(bits: int, size: int, at_most: int, start: int = 0) -> list[int]:
    """Where free slots of `size` begin: those first that break up no larger slot; each sort from `start`
    on.
    """
    whole = 0
    for larger in SLOTS:
        if larger > size:
            whole |= slots(bits, larger) * span(0, larger - 1)  # each start becomes the whole slot
    free, turn = slots(bits, size), start % SIZE
    picked: list[int] = []
    for sort in (free & ~whole, free & whole):
        for part in (sort >> turn << turn, sort & ((1 << turn) - 1)):
            while part and len(picked) < at_most:
                lowest = part & -part
                picked.append(lowest.bit_length() - 1)
                part ^= lowest
    return picked


def scattered(bits: int, start: int = 0) -> Iterator[int]:
    """Every set bit once, always in the same order for the same `start`; it looks picked and not
    counted.
    """
    free = positions(bits)
    count = len(free)
    step = next(n for n in range(max(1, round(count * 0.618)), 2 * SIZE) if gcd(n, count) == 1) if free else 1
    for turn in range(count):
        yield free[(start + turn * step) % count]


def matching(digits: str, contains: str, ends_with: str) -> int:
    """The bits of the numbers `digits` + three digits that contain the one and end with the other."""
    if contains in digits:
        contains = ""
    if len(ends_with) > 3:
        if not digits.endswith(ends_with[:-3]):
            return 0
        ends_with = ends_with[-3:]
    # Only so many digits before the last three can be part of a match.
    return _matching(digits[-(len(contains) - 1) :] if len(contains) > 1 else "", contains, ends_with)


@lru_cache(maxsize=4096)
def _matching(digits: str, contains: str, ends_with: str) -> int:
    bits = 0
    for place in range(SIZE):
        number = f"{digits}{place:03}"
        if contains in number and number.endswith(ends_with):
            bits |= 1 << place
    return bits


@lru_cache(maxsize=8)
def _starts(size: int) -> int:
    return sum(1 << place for place in range(0, SIZE - size + 1, size))
