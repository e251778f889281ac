"""The rows of the bench: what was measured, against what, with which goal; as a table, as JSON, as a page."""

import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.ratios import Spread, brief

MET, SHORT, OPEN = "met", "short", "–"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    `ratio` is ours over theirs (or theirs over ours where the goal says "at least"), `most` or `least` its
    goal, for its median. `holds` is something that is so or not so (no error, equal to a recount); a row is met
    when its ratio and everything that must hold are. With neither there is nothing to reach: the row only tells.
    """

    number: str  # B1
    work: str
    ours: str = ""
    against: str = ""
    ratio: Spread | None = None
    most: float | None = None
    least: float | None = None
    holds: Mapping[str, bool] = field(default_factory=dict)
    wall: Spread | None = None
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        if not all(self.holds.values()):
            return SHORT
        if self.ratio and self.most is not None:
            return MET if self.ratio.median <= self.most else SHORT
        if self.ratio and self.least is not None:
            return MET if self.ratio.median >= self.least else SHORT
        return MET if self.holds else OPEN

    @property
    def goal(self) -> str:
        parts = [f"≤ {brief(self.most)}"] if self.most is not None else []
        parts += [f"≥ {brief(self.least)}"] if self.least is not None else []
        return ", ".join([*parts, *self.holds]) or OPEN

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "goal": self.goal, "verdict": self.verdict}


def failed(number: str, work: str, why: str) -> Row:
    """Something that could not be measured is short, and says why."""
    return Row(number, work, holds={"measured": False}, notes=(why,))


HEADINGS = ("", "Work", "Ours", "Against", "Ratio", "Wall", "Goal", "")


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of a line of the table, from its JSON."""
    ratio, wall = (Spread(**row[name]).shown() if row[name] else "" for name in ("ratio", "wall"))
    broken = [what for what, so in row["holds"].items() if not so]
    verdict = row["verdict"] + (f" (not: {', '.join(broken)})" if broken else "")
    return (row["number"], row["work"], row["ours"], row["against"], ratio, wall, row["goal"], verdict)


def as_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """For a terminal: a line of what and how well, a line of the figures."""
    lines = []
    for row in rows:
        number, work, ours, against, ratio, wall, goal, verdict = cells(row)
        lines.append(f"{number:<4}{verdict:<6} {work}")
        figures = [
            ours,
            against and f"against {against}",
            ratio and f"ratio {ratio}",
            wall and f"wall {wall}",
        ]
        lines.append(f"           {'; '.join(part for part in [*figures, f'goal {goal}'] if part)}")
        lines += [f"           {note}" for note in row["notes"]]
    return "\n".join(lines)


def as_page(result: Mapping[str, Any]) -> str:
    """docs/performance.md, made of nothing but the JSON of a run."""
    rows, about = result["rows"], result["about"]
    judged = [row for row in rows if row["verdict"] != OPEN]
    met = sum(row["verdict"] == MET for row in judged)
    lines = [
        "# Performance",
        "",
        paragraph(
            f"Written by `make bench` from `docs/performance.json`: the run of {about['date']} on revision "
            f"`{about['revision']}`, data sets of {', '.join(about['sizes'])} numbers, {about['rounds']} rounds. "
            f"{met} of {len(judged)} goals are met; a goal that is missed says *short*."
        ),
        "",
        "|".join(["", *HEADINGS, ""]),
        "|".join(["", *["---"] * len(HEADINGS), ""]),
        *(_line(row, about["revision"]) for row in rows),
        "",
        "## How to read it",
        "",
        HOW_TO_READ.strip(),
        "",
    ]
    notes = [(row["number"], note) for row in rows for note in row["notes"]]
    if notes:
        lines += ["## Notes", "", *(paragraph(f"* {number}: {note}", "  ") for number, note in notes), ""]
    lines += [
        "## The machine",
        "",
        *(paragraph(f"* {name}: {value}", "  ") for name, value in about["machine"].items()),
    ]
    return "\n".join(lines) + "\n"


HOW_TO_READ = """
* **A ratio is ours divided by the other side**, both measured in the same round, and rounds go forwards and
  backwards in turn (A B C, C B A, …). The figure is the median over the rounds; lowest and highest stand in
  brackets. Milliseconds of one machine say little about another, ratios say a lot.
* **CPU first.** A ratio is of CPU time: of the web server or worker and of PostgreSQL, from the kernel's account
  of each process. *Wall* is the same ratio of elapsed time, without rounds in which others had more than 30 % of
  the machine. Where the goal is “≥”, the ratio is the other side's cost divided by ours: our share of the
  possible speed.
* **Floor**: a bare list by key in a plain Django project, signed in, fifty rows, one template, under the same
  server. **Admin**: Django's own changelist and its search in that project. Both read the same table. **By
  hand** and **plain SQL** are the same work without us, in the same database. Statements of which the console
  keeps the plan on each connection run so here, too; all others are planned each time.
* **Met** needs the median at the goal or better, no error in any answer, and whatever else the goal names.
* The data: 50 organizations share the numbers in turn, a thousand at a time; a page has 50 rows. PostgreSQL
  runs with fsync and synchronous_commit on. Every web server has two processes of one thread.
* Blocks of each size are bought from a copy of the same stock, and neither side takes more than half of those
  that are there: what is measured is ordering, not the search for the last ones. Where that is few, every round
  has a copy of its own; its first orders, which plan, then weigh more.
* Orders in plain SQL leave the same rows as ours: the order, its numbers and their block, the story of each and
  of the order, the audit log. They ask nothing, hold nothing, and tell no worker.
* `make bench` takes the data sets up to a million; `make bench FULL=1` adds ten million and writes this page;
  `make bench ONLY=B4,B8` takes some rows, `ROUNDS=9` more rounds. The result is kept in `var/bench.json`.
* For orientation: NetBox 4.7's list of fifty addresses costs 44 floors of CPU and 269,509 bytes, measured once.
"""


def paragraph(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 118, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _line(row: Mapping[str, Any], revision: str) -> str:
    """A line of the page's table; what is short stands out, and what was measured on another revision says so."""
    number, work, *others, verdict = cells(row)
    if row["revision"] != revision:
        work += f" (at `{row['revision']}`)"
    strong = f"**{verdict}**" if verdict.startswith(SHORT) else verdict
    return "|".join(["", *(_in_cell(cell) for cell in (number, work, *others, strong)), ""])


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def write(result: Mapping[str, Any], folder: Path) -> None:
    """bench.json in a folder."""
    (folder / "bench.json").write_text(_text(result))


def publish(result: Mapping[str, Any], docs: Path, *, is_whole: bool = True) -> None:
    """docs/performance.json and the page made of it. Of a part of the rows, these alone are new there: the
    others keep their revision, which the page says."""
    kept = docs / "performance.json"
    if not is_whole and kept.exists():
        known = json.loads(kept.read_text())["rows"]
        fresh = {row["number"] for row in result["rows"]}
        rows = [row for row in known if row["number"] not in fresh] + list(result["rows"])
        result = {**result, "rows": sorted(rows, key=lambda row: (row["number"][0], int(row["number"][1:])))}
    kept.write_text(_text(result))
    (docs / "performance.md").write_text(as_page(json.loads(kept.read_text())))


def _text(result: Mapping[str, Any]) -> str:
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"
