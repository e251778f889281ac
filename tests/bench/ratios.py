"""A ratio with its spread, taken inside rounds that are played forwards and backwards in turn."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The median of some figures, and the lowest and highest of them."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> "Spread":
        found = sorted(figures)
        return cls(statistics.median(found), found[0], found[-1])

    @classmethod
    def between(cls, ours: Sequence[float], limits: Sequence[float]) -> "Spread":
        """Ours over the limit, round by round: what the machine did in a round is in both of them."""
        return cls.of(mine / limit for mine, limit in zip(ours, limits, strict=True))

    def shown(self) -> str:
        return f"{brief(self.median)} [{brief(self.lowest)}..{brief(self.highest)}]"


def brief(figure: float) -> str:
    """Three digits that mean something, without an exponent."""
    if figure == 0 or abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.3g}" if abs(figure) >= 0.001 else f"{figure:.5f}".rstrip("0")


def in_turn(
    contestants: Mapping[str, Callable[[], float]], rounds: int, past: int = 0
) -> dict[str, list[float]]:
    """The figures of everybody, by round, with so many rounds in the past. Every second round goes backwards,
    so that nobody is always the one who finds the machine warm or the disk busy."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(past, past + rounds):
        names = list(contestants)
        for name in names if turn % 2 == 0 else reversed(names):
            found[name].append(contestants[name]())
    return found
