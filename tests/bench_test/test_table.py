"""Ratios inside rounds, goals met and missed, and the page that says nothing but the JSON."""

import json

from tests.bench import table
from tests.bench.ratios import Spread, brief, in_turn
from tests.bench.table import Row

ABOUT = {
    "date": "2026-11-22",
    "revision": "abc1234",
    "sizes": ["10 thousand"],
    "rows": [10_000],
    "rounds": 5,
    "machine": {"processors": "2"},
}


def test_a_ratio_is_taken_round_by_round():
    spread = Spread.between([2, 30, 4], [1, 10, 4])
    assert (spread.median, spread.lowest, spread.highest) == (2, 1, 3)


def test_every_second_round_goes_backwards():
    seen = []
    played = {name: lambda name=name: seen.append(name) or 1.0 for name in "abc"}
    found = in_turn(played, 2)
    assert seen == ["a", "b", "c", "c", "b", "a"]
    assert found == {"a": [1, 1], "b": [1, 1], "c": [1, 1]}


def test_figures_are_short_and_have_no_exponent():
    assert [brief(figure) for figure in (1234.5, 1.2345, 0.0123, 0.0000456, 0)] == [
        "1,234",
        "1.23",
        "0.0123",
        "0.00005",
        "0",
    ]


def test_the_median_decides():
    spread = Spread(1.5, 1.0, 9.0)
    assert Row("B1", "page", ratio=spread, most=1.5).verdict == "met"
    assert Row("B1", "page", ratio=spread, most=1.49).verdict == "short"
    assert Row("B5", "import", ratio=spread, least=1.5).verdict == "met"
    assert Row("B5", "import", ratio=spread, least=1.51).verdict == "short"
    assert Row("P1", "paste", ratio=spread).verdict == "–"


def test_a_good_ratio_with_errors_is_short():
    row = Row("B1", "page", ratio=Spread(1, 1, 1), most=1.5, holds={"no errors": False})
    assert row.verdict == "short"
    assert "short (not: no errors)" in table.as_text([row.as_json()])


def test_what_could_not_be_measured_is_short_and_says_why():
    row = table.failed("B7", "buyers", "it broke").as_json()
    assert row["verdict"] == "short"
    assert "it broke" in table.as_text([row])


def published(tmp_path, rows, *, revision="abc1234", **how):
    made = [{**row.as_json(), "revision": revision} for row in rows]
    table.publish({"about": {**ABOUT, "revision": revision}, "rows": made}, tmp_path, **how)
    kept = json.loads((tmp_path / "performance.json").read_text())
    page = (tmp_path / "performance.md").read_text()
    assert page == table.as_page(kept)
    return page


def test_the_page_is_made_of_the_json_and_hides_nothing(tmp_path):
    slow = Row("B1", "page | full", "2 ms", "1 ms", Spread(2, 1, 3), most=1.5, notes=("slow",))
    page = published(tmp_path, [slow, Row("B4", "counters", holds={"equal to a recount": True})])
    assert "1 of 2 goals are met" in page
    assert "|B1|page \\| full|2 ms|1 ms|2 [1..3]||≤ 1.5|**short**|" in page
    assert "* B1: slow" in page


def test_a_part_of_the_rows_leaves_the_others_with_their_revision(tmp_path):
    published(tmp_path, [Row("B1", "page"), Row("B10", "job"), Row("B2", "growth")])
    page = published(tmp_path, [Row("B2", "growth again")], revision="def5678", is_whole=False)
    lines = [line for line in page.splitlines() if line.startswith("|B")]
    assert [line.split("|")[1:3] for line in lines] == [
        ["B1", "page (at `abc1234`)"],
        ["B2", "growth again"],
        ["B10", "job (at `abc1234`)"],
    ]
