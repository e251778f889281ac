"""A job reaches what the person who started it may reach, at the time at which it works."""

import pytest

from accounts.models import Role
from lib.transitions import Refused
from pstn.models import PhoneNumber
from pstn.workflow import jobs as workflow
from tests.factories import make_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def lous(lou, location):
    """Lou administers the first location."""
    membership = lou.memberships.select_related("org", "user").get()
    location.administrators.create(membership=membership)
    return membership


def test_a_location_administrator_changes_their_own_numbers_only(
    start, run, check, acme, lous, numbers, other
):
    theirs = make_number(other, "+14085550188")
    assert check("deactivate", by=lous).total == 10
    job = run(start("deactivate", by=lous))
    assert (job.total, job.done) == (10, 10)
    named = run(start("deactivate", numbers=[theirs.e164], by=lous))
    assert (named.done, named.errors.get().code) == (0, "gone")
    theirs.refresh_from_db()
    assert theirs.state == "active"


def test_they_move_nothing_to_where_they_have_no_say(start, lous, numbers, other):
    with pytest.raises(Refused, match="Choose the location"):
        start("move", location=other.pk, by=lous)


def test_a_reach_that_shrinks_meanwhile_counts(start, acme, lous, numbers, location, settings):
    settings.JOB_SLICE = 4
    job = start("deactivate", by=lous)
    workflow.begin(job)
    workflow.advance(job)
    location.administrators.all().delete()
    assert workflow.advance(job) is False
    assert (job.state, job.done) == ("done", 4)
    assert acme.phone_numbers.filter(state="active").count() == 6


def test_nothing_moves_to_a_location_that_was_taken_from_its_person(
    start, acme, lous, numbers, location, other, settings
):
    settings.JOB_SLICE = 4
    theirs = other.administrators.create(membership=lous)
    job = start("move", by=lous, location=other.pk)
    workflow.begin(job)
    workflow.advance(job)
    theirs.delete()
    assert workflow.advance(job) is False
    assert (job.state, job.result["error"], job.done) == ("failed", "reach", 4)
    assert location.phone_numbers.count() == 6
    back = workflow.undo(job, by=lous.user)
    workflow.begin(back)
    while workflow.advance(back):
        pass
    assert back.state == "done"


@pytest.mark.parametrize("how", ["left", "may only look"])
def test_who_may_not_any_more_does_not(start, run, acme, lous, numbers, how):
    job = start("deactivate", by=lous)
    if how == "left":
        lous.delete()
    else:
        lous.role = Role.READ_ONLY
        lous.save()
    job.refresh_from_db()
    job = run(job)
    assert (job.state, job.result["error"], job.done) == ("failed", "reach", 0)
    assert not PhoneNumber.unscoped.filter(state="inactive").exists()


def test_an_undoing_has_the_reach_of_who_undoes(start, run, acme, lous, numbers, other):
    far = make_number(other, "+14085550188")
    job = run(start("deactivate"))
    back = run(workflow.undo(job, by=lous.user))
    assert (back.done, back.failed) == (10, 1)
    far.refresh_from_db()
    assert far.state == "inactive"


def test_somebody_of_another_organization_undoes_nothing(start, run, acme, mallory, numbers):
    with pytest.raises(Refused, match="do not belong"):
        workflow.undo(run(start("deactivate")), by=mallory)
