"""Many at one job, and many jobs at the same numbers, on PostgreSQL: nothing happens twice, nobody waits forever."""

import pytest
from django.db import connection, transaction

from accounts.models import Membership, Organization, User
from lib.transitions import Refused
from pstn.jobs import tasks
from pstn.jobs.base import kind_of
from pstn.models import Job, NumberEvent, PhoneNumber
from pstn.selection import Selection
from pstn.workflow import jobs as workflow
from pstn.workflow import numbers as verbs
from tests.factories import make_connected_location
from tests.pstn.test_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
COUNT = 400


@pytest.fixture(autouse=True)
def _small_slices(settings):
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    settings.JOB_SLICE = 20


@pytest.fixture
def membership():
    user = User.objects.create_user("ada@acme.example", "Ada Park")
    org = Organization.objects.create(name="Acme", slug="acme")
    return Membership.objects.create(user=user, org=org, role="full_admin")


@pytest.fixture
def location(membership):
    place = make_connected_location(membership.org)
    PhoneNumber.unscoped.bulk_create(
        PhoneNumber(
            org=place.org,
            location=place,
            state="active",
            e164=f"+1415555{n:04}",
            tail=f"{n:04}"[::-1] + "5555141",
        )
        for n in range(COUNT)
    )
    return place


@pytest.fixture
def queued(membership, unqueued):
    """queued("activate", …): a job that nobody works on until the test says so."""
    count = iter(range(1000))

    def start(kind, query="", key="", **params):
        key = key or f"key-{next(count)}"
        selection = Selection(query)
        return workflow.start(
            membership.org, kind, selection, params, membership=membership, by=membership.user, key=key
        )

    return start


def mine(job):
    """The row again, for a thread of its own."""
    return Job.unscoped.get(pk=job.pk)


def work(job):
    job = mine(job)
    while workflow.advance(job):
        pass


def stories_are_true():
    """Each event begins in the state in which the one before it ended; the last is the number's."""
    for number in PhoneNumber.unscoped.all():
        events = list(NumberEvent.unscoped.filter(e164=number.e164).order_by("pk"))
        moves = [(event.before, event.after) for event in events if event.after in ("active", "inactive")]
        state = "active"
        for before, after in moves:
            assert before == state
            state = after
        assert number.state == state


def test_eight_workers_at_one_job_do_each_number_once(location, queued):
    job = queued("deactivate")
    workflow.begin(job)
    at_once(8, lambda n: work(job))
    job.refresh_from_db()
    assert (job.state, job.done, job.same) == ("done", COUNT, 0)
    assert NumberEvent.unscoped.filter(job=job).values("e164").distinct().count() == COUNT
    assert NumberEvent.unscoped.filter(job=job).count() == COUNT


def test_control_without_the_jobs_row_numbers_are_counted_twice(location, queued):
    """The same slices, with nobody holding the row of the job: two workers report the same numbers."""
    job = queued("deactivate")
    workflow.begin(job)

    def careless(n):
        own, is_more = mine(job), True
        while is_more:
            with transaction.atomic():
                is_more = kind_of("deactivate").work(own)
        return own.worked

    assert sum(at_once(2, careless)) == 2 * COUNT


def test_a_message_delivered_twice_is_one_worker(location, queued):
    job = queued("deactivate")
    at_once(4, lambda n: tasks.run(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", COUNT)


def test_jobs_that_want_opposite_things_of_the_same_numbers(location, queued):
    jobs = [queued("deactivate"), queued("activate"), queued("note", note="x"), queued("deactivate")]
    for job in jobs:
        workflow.begin(job)
    at_once(len(jobs), lambda n: work(jobs[n]))
    for job in jobs:
        job.refresh_from_db()
        assert (job.state, job.worked, job.failed) == ("done", COUNT, 0)
    stories_are_true()


def test_people_change_single_numbers_meanwhile(location, queued, membership):
    job = queued("deactivate")
    workflow.begin(job)

    def person(n):
        for number in PhoneNumber.unscoped.order_by("?")[:40]:
            try:
                verb = verbs.activate if number.state == "inactive" else verbs.deactivate
                verb(number, by=membership.user)
            except Refused:
                pass

    at_once(3, lambda n: work(job) if n == 0 else person(n))
    job.refresh_from_db()
    assert (job.state, job.worked) == ("done", COUNT)
    stories_are_true()


def test_paused_in_the_middle_of_a_slice(location, queued, membership):
    job = queued("deactivate")
    workflow.begin(job)
    at_once(2, lambda n: work(job) if n == 0 else workflow.pause(mine(job), by=membership.user))
    job.refresh_from_db()
    assert job.state == "paused"
    assert job.done == NumberEvent.unscoped.filter(job=job).count() < COUNT
    workflow.resume(job, by=membership.user)
    workflow.begin(job)
    work(job)
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", COUNT)


def test_two_moves_between_the_same_places_never_run_together(location, queued):
    other = make_connected_location(location.org, name="Branch")
    jobs = [queued("move", location=other.pk) for _ in range(4)]
    begun = at_once(4, lambda n: workflow.begin(mine(jobs[n])))
    assert begun.count(True) == 1
    assert Job.unscoped.filter(state="running").count() == 1
    assert mine(jobs[0]).state == "running"


def test_one_press_of_a_button_is_one_job(location, queued):
    jobs = at_once(8, lambda n: queued("deactivate", key="pressed").pk)
    assert len(set(jobs)) == 1


def test_undo_pressed_at_once_is_one_undoing(location, queued, membership):
    job = queued("deactivate")
    workflow.begin(job)
    work(job)
    backs = at_once(8, lambda n: workflow.undo(mine(job), by=membership.user).pk)
    assert len(set(backs)) == 1
