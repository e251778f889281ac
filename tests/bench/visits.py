"""Pages against each other: interleaved turns of requests, and the rows made of them."""

from collections.abc import Mapping, Sequence

from tests.bench import browsing
from tests.bench.browsing import Browser, Turn
from tests.bench.ratios import Spread, brief
from tests.bench.stage import Stage

MOST_FOREIGN = 0.3  # of the machine: with more of it in other hands, the clock says nothing of us


def compare(stage: Stage, visits: Mapping[str, tuple[Browser, str]]) -> dict[str, list[Turn]]:
    """So many rounds of turns of each visitor at its page."""
    found: dict[str, list[Turn]] = {name: [] for name in visits}
    for browser, path in visits.values():  # both processes of each server have seen the page
        for _ in range(4):
            browser.line.close()
            if browser.get(path).status != 200:
                raise RuntimeError(f"{path} does not answer with a page")
    for number in range(stage.rounds):
        names = list(visits)
        for name in names if number % 2 == 0 else reversed(names):
            browser, path = visits[name]
            taken = browsing.turn(browser, path, stage.seconds, stage.postmaster)
            stage.foreign.append(taken.foreign)
            found[name].append(taken)
    return found


def cpu(ours: Sequence[Turn], limit: Sequence[Turn]) -> Spread:
    return Spread.between([turn.cpu for turn in ours], [turn.cpu for turn in limit])


def wall(ours: Sequence[Turn], limit: Sequence[Turn]) -> Spread | None:
    """Of the rounds in which others left the machine to us; None when they never did."""
    quiet = [
        (mine.p50, other.p50)
        for mine, other in zip(ours, limit, strict=True)
        if max(mine.foreign, other.foreign) <= MOST_FOREIGN
    ]
    return Spread.of(mine / other for mine, other in quiet) if quiet else None


def shown(turns: Sequence[Turn]) -> str:
    """12.3 ms CPU, p50 14.1 ms, p95 17.0 ms."""
    figures = [
        Spread.of(getattr(turn, name) for turn in turns).median * 1_000 for name in ("cpu", "p50", "p95")
    ]
    return "{} ms CPU, p50 {} ms, p95 {} ms".format(*(brief(figure) for figure in figures))


def no_errors(*turns: Sequence[Turn]) -> dict[str, bool]:
    return {"no errors": not any(turn.errors for some in turns for turn in some)}
