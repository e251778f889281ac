"""The rules of a plan: every number in exactly one part, parts that carriers accept, moves that stay legal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.transitions import Refused
from porting import splitting
from porting.models import PortedNumber
from porting.splitting import NEW, Kind, moved, placed, plan

CARRIERS = ["", "Valley Telephone", "Northern Wireless"]


def number(tail, **facts):
    return PortedNumber(
        e164=f"+1408555{tail:04}", **{"portable": "yes", "losing_carrier": "Valley Telephone", **facts}
    )


@st.composite
def lists(draw):
    tails = draw(st.lists(st.integers(0, 9999), min_size=1, max_size=25, unique=True))
    rows = []
    for tail in tails:
        free = draw(st.booleans())
        rows.append(
            PortedNumber(
                e164=f"+1{draw(st.sampled_from(['800', '888'] if free else ['408', '416', '212']))}555{tail:04}",
                portable=draw(st.sampled_from(["yes", "yes", "look", "no", ""])),
                kind="toll_free" if free else "wireline",
                losing_carrier=draw(st.sampled_from(CARRIERS)),
                resp_org=draw(st.sampled_from(["", "ABC01", "XYZ01"])) if free else "",
                is_wireless=not free and draw(st.booleans()),
                btn=draw(st.sampled_from(["", "+14085550100", "+14085550200"])),
                part=draw(st.sampled_from([0, 0, 0, 1, 2, 3])),
                is_named_in_reject=draw(st.booleans()),
            )
        )
    return rows


def bounds_of(part):
    return {lot.bound for lot in part.lots}


def numbers(parts):
    return [[row.e164 for row in part.rows] for part in parts]


@given(lists(), st.booleans())
def test_every_number_is_in_exactly_one_part(rows, named):
    parts = plan(rows, country="US", named=named)
    found = [row.e164 for part in parts for row in part.rows]
    assert sorted(found) == sorted(row.e164 for row in rows)
    assert [part.at for part in parts] == list(range(1, len(parts) + 1))
    assert all(part.rows for part in parts)


@given(lists())
def test_no_part_mixes_what_carriers_keep_apart(rows):
    for part in plan(rows, country="US"):
        assert len(bounds_of(part)) == 1
        assert len({row.kind == "toll_free" for row in part.rows}) == 1 or not part.is_sent
        assert (
            len({row.losing_carrier for row in part.rows if row.losing_carrier and not row.is_toll_free}) <= 1
            or not part.is_sent
        )
        assert len({row.e164[2:5] == "416" for row in part.rows}) == 1 or not part.is_sent


@given(lists(), st.randoms())
def test_the_order_of_typing_does_not_matter(rows, random):
    once = plan(rows, country="US")
    again = list(rows)
    random.shuffle(again)
    assert numbers(plan(again, country="US")) == numbers(once)


@given(lists())
def test_a_plan_that_was_written_down_is_the_same_plan(rows):
    once = plan(rows, country="US")
    place = placed(once)
    for row in rows:
        row.part = place[row.e164]
    assert numbers(plan(rows, country="US")) == numbers(once)


@given(lists(), st.data())
def test_every_move_is_refused_or_leaves_a_legal_plan(rows, data):
    parts = plan(rows, country="US")
    going = data.draw(st.sets(st.sampled_from([row.e164 for row in rows]), min_size=1))
    to = data.draw(st.integers(NEW, len(parts) + 1))
    try:
        place = moved(parts, going, to)
    except Refused:
        bounds = {part.bound for part in parts if going & {row.e164 for row in part.rows}}
        target = parts[to - 1].bound if 0 < to <= len(parts) else None
        assert (
            len(bounds) > 1
            or to > len(parts)
            or target not in {None, *bounds}
            or bounds == {("", Kind.UNSENT, "")}
        )
        return
    for row in rows:
        row.part = place[row.e164]
    after = plan(rows, country="US")
    assert any(going <= {row.e164 for row in part.rows} for part in after)
    assert all(len(bounds_of(part)) == 1 for part in after)
    assert placed(after).keys() == place.keys()


@given(lists())
def test_what_is_not_sent_is_one_part_and_the_last(rows):
    sent = [part.is_sent for part in plan(rows, country="US")]
    assert sent.count(False) <= 1
    assert sent == sorted(sent, reverse=True)


def test_toll_free_carrier_btn_and_wireless_stand_apart_with_their_reasons():
    rows = [
        *[number(n) for n in range(5)],
        number(10, losing_carrier="Northern Wireless"),
        number(20, btn="+14085559999"),
        number(30, is_wireless=True),
        PortedNumber(e164="+18005550100", portable="yes", kind="toll_free", resp_org="ABC01"),
        number(40, portable="no"),
    ]
    parts = plan(rows, country="US", btn="+14085550000")
    said = {part.rows[0].e164: " ".join(part.reasons) for part in parts}
    assert [len(part.rows) for part in parts] == [5, 1, 1, 1, 1, 1]
    assert "They are at Northern Wireless." in said["+14085550010"]
    assert "They are billed to +1 408-555-9999." in said["+14085550020"]
    assert "need the PIN" in said["+14085550030"]
    assert said["+18005550100"] == "Toll-free numbers move through their registry."
    assert "not sent" in said["+14085550040"]
    assert not parts[-1].is_sent


def test_rate_centers_share_an_order_and_make_it_complex():
    (part,) = plan([number(1, rate_center="San Jose"), number(2, rate_center="Los Gatos")], country="US")
    assert part.port_class(100).code == "complex"


@pytest.mark.parametrize(
    ("count", "code"), [(1, "simple"), (2, "standard"), (100, "standard"), (101, "project")]
)
def test_the_class_of_a_port(count, code):
    (part,) = plan([number(n) for n in range(count)], country="US")
    assert part.port_class(100).code == code


def test_the_orders_own_btn_tells_nothing_apart():
    rows = [number(1, btn="+14085550001"), number(2)]
    assert len(plan(rows, country="US", btn="+14085550001")) == 1
    assert len(plan(rows, country="US")) == 2


def test_an_unknown_carrier_goes_with_the_only_known_one():
    assert len(plan([number(1), number(2, losing_carrier="")], country="US")) == 1
    three = [number(1), number(2, losing_carrier="Other"), number(3, losing_carrier="")]
    assert len(plan(three, country="US")) == 3


def test_a_list_of_which_nothing_is_known_stays_together():
    assert (
        len(
            plan(
                [number(1, portable="", losing_carrier=""), number(2, portable="", losing_carrier="")],
                country="US",
            )
        )
        == 1
    )
    parts = plan([number(1), number(2, portable="")], country="US")
    assert [part.is_sent for part in parts] == [True, False]


def test_another_btn_of_the_same_carrier_may_go_together_another_carrier_not():
    parts = plan([number(1), number(2, btn="+14085559999"), number(3, losing_carrier="Other")], country="US")
    assert moved(parts, ["+14085550002"], 1)["+14085550002"] == 1
    with pytest.raises(Refused, match="two carriers"):
        moved(parts, ["+14085550003"], 1)
    with pytest.raises(Refused, match="cannot be moved together"):
        moved(parts, ["+14085550001", "+14085550003"], NEW)


def test_toll_free_numbers_of_two_resp_orgs_stay_apart():
    rows = [
        PortedNumber(e164=f"+1800555010{n}", portable="yes", kind="toll_free", resp_org=f"ABC0{n}")
        for n in (1, 2)
    ]
    parts = plan(rows, country="US")
    with pytest.raises(Refused, match="two RespOrgs"):
        moved(parts, ["+18005550102"], 1)
    assert parts[0].bound[1] == Kind.TOLL_FREE


def test_what_was_put_where_it_may_not_be_any_more_goes_home():
    """The carrier's answer changed after somebody had put the number there."""
    rows = [number(1, part=1), number(2, part=1, losing_carrier="Other")]
    assert numbers(plan(rows, country="US")) == [["+14085550001"], ["+14085550002"]]


def test_numbers_added_later_join_their_own_kind():
    rows = [number(1, part=1), number(2, part=2, btn="+14085559999"), number(3, btn="+14085559999")]
    assert [len(part.rows) for part in plan(rows, country="US")] == [1, 2]


def test_sentence_says_how_many():
    assert (
        splitting.sentence(plan([number(1), number(2, losing_carrier="B")], country="US"))
        == "This becomes 2 orders."
    )
