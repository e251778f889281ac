"""The numbers of a block go together, or none of them goes."""

import pytest

from pstn.models import NumberBlock, PhoneNumber
from tests.factories import make_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def block(acme, location):
    block = NumberBlock.unscoped.create(org=acme, first="+14085557000", last="+14085557009", size=10)
    for last in range(10):
        make_number(location, f"+1408555700{last}", block=block)
    return block


def members(acme, *lasts):
    return [f"+1408555700{last}" for last in lasts]


def test_a_part_of_a_block_stays(start, run, check, block, acme):
    some = members(acme, 2, 3, 4)
    found = check("delete", numbers=some)
    assert (found.can, [(reason.code, reason.count) for reason in found.refused]) == (0, [("block", 3)])
    job = run(start("delete", numbers=some))
    assert (job.done, job.failed) == (0, 3)
    assert acme.phone_numbers.count() == 10


@pytest.mark.parametrize("size", [3, 5, 100])
def test_a_whole_block_goes_whatever_the_slice(start, run, block, acme, location, settings, size):
    settings.JOB_SLICE = size
    make_number(location, "+14085556999")
    make_number(location, "+14085557010")
    job = run(start("delete"))
    assert (job.done, job.failed) == (12, 0)
    assert acme.resting_numbers.count() == 12


@pytest.mark.parametrize("named", [True, False])
def test_one_member_that_must_stay_keeps_all(start, run, check, block, acme, settings, named):
    settings.JOB_SLICE = 4
    PhoneNumber.unscoped.filter(e164="+14085557008").update(assigned_to="Ada Park")
    chosen = members(acme, *range(10)) if named else ()
    found = check("delete", numbers=chosen)
    assert (found.can, {reason.code: reason.count for reason in found.refused}) == (
        0,
        {"block": 9, "assigned": 1},
    )
    job = run(start("delete", numbers=chosen))
    assert (job.done, job.failed) == (0, 10)
    assert acme.phone_numbers.count() == 10


def test_a_whole_block_moves(start, run, block, acme, other, settings):
    settings.JOB_SLICE = 4
    job = run(start("move", location=other.pk))
    assert job.done == 10
    assert acme.phone_numbers.filter(location=other).count() == 10


def test_what_leaves_a_block_whole_asks_for_nothing(start, run, block, acme):
    assert run(start("deactivate", numbers=members(acme, 1, 2))).done == 2
