"""A set of whole numbers for long ranges."""

from bisect import bisect_left, bisect_right


class Intervals:
    """A set of whole numbers kept as sorted, disjoint intervals: long ranges cost no more than single
    numbers.
    """

    def __init__(self) -> None:
        self.lows: list[int] = []
        self.highs: list[int] = []
        self.size = 0

    def __contains__(self, value: int) -> bool:
        return self.overlap(value, value) == 1

    def overlap(self, low: int, high: int) -> int:
        """How many of low..high are already here."""
        begin, end = bisect_left(self.highs, low), bisect_right(self.lows, high)
        return sum(min(self.highs[i], high) - max(self.lows[i], low) + 1 for i in range(begin, end))

    def add(self, low: int, high: int) -> None:
        """Put low..high in; what is here already stays once."""
        self.size += high - low + 1 - self.overlap(low, high)
        begin, end = bisect_left(self.highs, low - 1), bisect_right(self.lows, high + 1)
        if begin < end:
            low, high = min(low, self.lows[begin]), max(high, self.highs[end - 1])
        self.lows[begin:end], self.highs[begin:end] = [low], [high]
