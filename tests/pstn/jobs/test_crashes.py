"""A worker is killed again and again in the middle of a job: it goes on where it stopped, and nothing happens twice."""

import random
import time

import pytest

from pstn.models import NumberEvent, PhoneNumber
from pstn.selection import Selection
from pstn.workflow import jobs as workflow
from tests.factories import make_connected_location
from tests.house import wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
COUNT = 1500
SMALL = {"JOB_SLICE": "5", "JOB_LEASE_SECONDS": "2", "JOB_SECONDS": "1"}


@pytest.fixture
def job(unqueued, acme, ada):
    """A job that is in the table and in no queue."""
    place = make_connected_location(acme)
    PhoneNumber.unscoped.bulk_create(
        PhoneNumber(
            org=acme, location=place, state="active", e164=f"+1415555{n:04}", tail=f"{n:04}"[::-1] + "5555141"
        )
        for n in range(COUNT)
    )
    return workflow.start(
        acme, "deactivate", Selection(), {}, membership=ada.memberships.get(), by=ada, key="one"
    )


def worked(job):
    job.refresh_from_db()
    return job.worked


def test_killed_at_any_moment_it_is_finished_once(house, job):
    house, moments = house(sweep=True, **SMALL), random.Random(5)
    house.start_beat()
    house.start_worker()
    for whole in (False, True):
        before = worked(job)
        assert wait_until(lambda before=before: worked(job) > before, 60), house.said()
        time.sleep(moments.uniform(0.0, 0.5))
        house.kill("worker") if whole else house.kill_children("worker")
    assert worked(job) < COUNT, "it was over before it was killed: that shows nothing"
    house.start_worker()
    assert wait_until(lambda: worked(job) and job.is_over, 90), house.said()
    assert (job.state, job.done, job.same, job.failed) == ("done", COUNT, 0, 0)
    events = NumberEvent.unscoped.filter(job=job)
    assert events.count() == events.values("e164").distinct().count() == COUNT
    assert not PhoneNumber.unscoped.filter(state="active").exists()


def test_control_without_the_sweep_it_stands_still(house, job):
    """The same worker, and nobody who looks what was left: the job that no message speaks of is never taken up."""
    house = house(sweep=False, **SMALL)
    house.start_beat()
    house.start_worker()
    assert not wait_until(lambda: worked(job) > 0, 10)
