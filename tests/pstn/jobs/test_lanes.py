"""One move between the same two locations at a time; the next begins by itself."""

import pytest

from pstn.jobs import tasks
from pstn.workflow import jobs as workflow
from tests.factories import make_connected_location, make_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def third(acme):
    return make_connected_location(acme, name="Third")


@pytest.fixture
def at(acme):
    """at(place, n): a number there."""
    return lambda place, n: make_number(place, f"+1408555010{n}").e164


def test_the_second_waits_for_the_first(start, run, ada, numbers, other, settings):
    settings.JOB_SLICE = 4
    first = start("move", numbers=[n.e164 for n in numbers[:5]], location=other.pk)
    second = start("move", numbers=[n.e164 for n in numbers[5:]], location=other.pk)
    assert run(second).state == "queued"  # the first was there before
    workflow.begin(first)
    workflow.advance(first)
    second = run(second)
    assert (second.state, second.done, second.claimed_until) == ("queued", 0, None)
    workflow.advance(first)
    assert first.state == "done"
    assert run(second).state == "done"


def test_the_next_is_told_when_one_ends(start, ada, numbers, other, committed):
    first = start("move", numbers=[numbers[0].e164], location=other.pk)
    second = start("move", numbers=[numbers[1].e164], location=other.pk)
    with committed():
        tasks.run(first.pk)
    second.refresh_from_db()
    assert second.state == "done"


@pytest.mark.parametrize("leave", ["pause", "stop"])
def test_who_leaves_the_lane_lets_the_next_by(start, run, ada, numbers, other, leave):
    first = start("move", numbers=[numbers[0].e164], location=other.pk)
    second = start("move", numbers=[numbers[1].e164], location=other.pk)
    getattr(workflow, leave)(first, by=ada)
    assert run(second).state == "done"


def test_the_way_back_is_the_same_road(start, run, at, location, other):
    there = start("move", numbers=[at(location, 1)], location=other.pk)
    back = start("move", numbers=[at(other, 2)], location=location.pk)
    assert (there.lane, back.lane) == (f"{location.pk}>{other.pk}", f"{other.pk}>{location.pk}")
    assert run(back).state == "queued"
    assert run(there).state == "done"
    assert run(back).state == "done"


def test_other_roads_are_free(start, run, at, location, other, third):
    start("move", numbers=[at(location, 1)], location=other.pk)
    assert run(start("move", numbers=[at(location, 2)], location=third.pk)).state == "done"
    assert run(start("deactivate", numbers=["+14085550101"])).state == "done"


def test_a_move_from_several_places_takes_every_road_to_its_target(start, run, at, location, other, third):
    both = start("move", numbers=[at(location, 1), at(other, 2)], location=third.pk)
    assert both.lane == f"*>{third.pk}"
    waiting = [
        start("move", numbers=[at(location, 3)], location=third.pk),
        start("move", numbers=[at(third, 4)], location=other.pk),
    ]
    assert [run(job).state for job in waiting] == ["queued", "queued"]
    assert run(both).state == "done"
    assert [run(job).state for job in waiting] == ["done", "done"]


def test_lanes_of_other_organizations_are_theirs(start, run, at, globex, mallory, location, other):
    from pstn.models import Job

    make_number(make_connected_location(globex), "+14085550190")
    Job.unscoped.create(org=globex, kind="move", key="x", state="running", lane=f"{location.pk}>{other.pk}")
    assert run(start("move", numbers=[at(location, 1)], location=other.pk)).state == "done"
