"""A worker is killed in the middle of a check and of an import: both go on where they stopped, nothing twice."""

import random
import time

import pytest
from django.core.files.base import ContentFile

from pstn.models import NumberEvent, NumberTally, PhoneNumber
from pstn.workflow import imports as workflow
from tests.factories import make_connected_location
from tests.house import wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
COUNT = 1500
SMALL = {"IMPORT_SLICE": "5", "JOB_LEASE_SECONDS": "2", "JOB_SECONDS": "1"}


@pytest.fixture
def sent(unqueued, acme, ada):
    """A file with a bad row in every ten, kept and in no queue."""
    make_connected_location(acme, kind="premises")
    rows = [f"+1415555{n:04},San Jose HQ" if n % 10 else f"{n:03},San Jose HQ" for n in range(COUNT)]
    file = ContentFile("\n".join(["number,location", *rows]).encode(), name="numbers.csv")
    return workflow.begin(acme, file, mode="create", membership=ada.memberships.get(), by=ada)


def fresh(row):
    row.refresh_from_db()
    return row


def test_killed_at_any_moment_every_row_is_there_once(house, sent):
    house, moments = house(sweep=True, **SMALL), random.Random(7)
    house.start_beat()
    house.start_worker()
    for whole in (False, True):
        before = fresh(sent).staged_to + sent.judged_to
        moved = lambda before=before: fresh(sent).staged_to + sent.judged_to > before  # noqa: E731
        assert wait_until(moved, 60), house.said()
        time.sleep(moments.uniform(0.0, 0.2))
        house.kill("worker") if whole else house.kill_children("worker")
        assert fresh(sent).state == "checking", "it was over before it was killed: that shows nothing"
    house.start_worker()
    assert wait_until(lambda: fresh(sent).state == "checked", 90), house.said()
    assert sent.plan == {"c": COUNT - COUNT // 10, "x": COUNT // 10}
    job = workflow.run(sent, membership=sent.membership, by=sent.created_by)
    for whole in (False, True):
        before = fresh(job).worked
        assert wait_until(lambda before=before: fresh(job).worked > before, 60), house.said()
        time.sleep(moments.uniform(0.0, 0.2))
        house.kill("worker") if whole else house.kill_children("worker")
        assert not fresh(job).is_over, "it was over before it was killed: that shows nothing"
    house.start_worker()
    assert wait_until(lambda: fresh(job).is_over, 90), house.said()
    good = COUNT - COUNT // 10
    assert (job.state, job.done, job.same, job.failed) == ("done", good, 0, COUNT // 10)
    assert PhoneNumber.unscoped.count() == NumberTally.unscoped.total() == good
    events = NumberEvent.unscoped.filter(job=job)
    assert events.count() == events.values("e164").distinct().count() == good
    assert job.errors.count() == job.errors.values("line").distinct().count() == COUNT // 10


def test_control_without_the_sweep_the_file_lies_there(house, sent):
    """The same worker and nobody who looks what was left: the file that no message speaks of stays unread."""
    house = house(sweep=False, **SMALL)
    house.start_beat()
    house.start_worker()
    assert not wait_until(lambda: fresh(sent).staged_to > 0, 10)
