"""Two files with the same numbers at once, on PostgreSQL: nobody waits forever, each number is there once."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from accounts.models import Membership, Organization, User
from pstn.imports import tasks
from pstn.jobs import tasks as job_tasks
from pstn.models import Job, NumberEvent, NumberTally, PhoneNumber
from pstn.workflow import imports as workflow
from tests.factories import make_connected_location
from tests.pstn.test_races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
COUNT = 400


@pytest.fixture
def membership():
    assert connection.vendor == "postgresql", "make test-services runs these on PostgreSQL"
    user = User.objects.create_user("ada@acme.example", "Ada Park")
    org = Organization.objects.create(name="Acme", slug="acme")
    make_connected_location(org, kind="premises")
    return Membership.objects.create(user=user, org=org, role="full_admin")


@pytest.fixture
def checked(membership, settings, unqueued):
    """checked(numbers): a file of these in this order, checked, its job queued and not begun."""
    settings.IMPORT_SLICE = 50

    def checked(numbers):
        rows = "\n".join(["number,location", *[f"+1415555{n:04},San Jose HQ" for n in numbers]])
        file = ContentFile(rows.encode(), name="numbers.csv")
        who = {"membership": membership, "by": membership.user}
        it = workflow.begin(membership.org, file, mode="create", **who)
        tasks.check(it.pk)
        it.refresh_from_db()
        return workflow.run(it, **who)

    return checked


def test_the_same_numbers_in_two_files_come_once(checked):
    there, back = checked(range(COUNT)), checked(range(COUNT - 1, -1, -1))
    at_once(2, lambda n: job_tasks.run((there, back)[n].pk))
    done = Job.unscoped.filter(pk__in=[there.pk, back.pk])
    assert set(done.values_list("state", flat=True)) == {"done"}
    assert sum(done.values_list("done", flat=True)) == COUNT
    assert sum(done.values_list("failed", flat=True)) == COUNT
    assert PhoneNumber.unscoped.count() == NumberTally.unscoped.total() == COUNT
    assert NumberEvent.unscoped.count() == COUNT


def test_two_workers_at_one_check_stage_each_row_once(checked, membership, settings):
    rows = "\n".join(["number,location", *[f"+1415555{n:04},San Jose HQ" for n in range(COUNT)]])
    file = ContentFile(rows.encode(), name="numbers.csv")
    it = workflow.begin(membership.org, file, mode="create", membership=membership, by=membership.user)
    settings.JOB_LEASE_SECONDS = -1  # the claim is over before it begins
    at_once(3, lambda _n: tasks.check(it.pk))
    tasks.check(it.pk)
    it.refresh_from_db()
    assert (it.state, it.plan) == ("checked", {"c": COUNT})
    assert it.lines.count() == COUNT
