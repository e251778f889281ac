"""A job goes from number to number in slices, each of them whole or not at all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pstn.jobs import tasks
from pstn.jobs.activating import Deactivate
from pstn.models import Job, NumberEvent, PhoneNumber
from pstn.workflow import jobs as workflow
from tests.factories import make_connected_location, make_number

pytestmark = pytest.mark.django_db


class Broken(Exception):
    pass


def fill(location, count):
    PhoneNumber.unscoped.bulk_create(
        PhoneNumber(
            org=location.org,
            location=location,
            state="active",
            e164=f"+1415555{n:04}",
            tail=f"{n:04}5555141"[::-1],
        )
        for n in range(count)
    )


def test_every_number_is_done_once_whatever_the_slice(start, run, numbers, acme, settings):
    settings.JOB_SLICE = 3
    job = run(start("deactivate"))
    assert (job.state, job.done, job.cursor) == ("done", 10, numbers[-1].e164)
    assert (
        acme.number_events.filter(job=job, what="deactivated", before="active", after="inactive").count()
        == 10
    )


def test_a_query_that_the_job_itself_empties_is_gone_through_all_the_same(start, run, numbers, settings):
    settings.JOB_SLICE = 3
    assert run(start("deactivate", "?state=active")).done == 10


def test_a_slice_that_breaks_leaves_nothing_behind(start, run, numbers, acme, settings, monkeypatch):
    settings.JOB_SLICE = 4
    job, change = start("deactivate"), Deactivate.change

    def break_in_the_second(self, job, pks):
        change(self, job, pks)
        if job.cursor:
            raise Broken

    monkeypatch.setattr(Deactivate, "change", break_in_the_second)
    pytest.raises(Broken, tasks.run, job.pk)
    job.refresh_from_db()
    assert (job.done, acme.number_events.filter(job=job).count()) == (4, 4)
    assert acme.phone_numbers.filter(state="inactive").count() == 4

    monkeypatch.setattr(Deactivate, "change", change)
    assert run(job).worked == 4  # the dead worker's lease is not over
    Job.unscoped.filter(pk=job.pk).update(claimed_until=None)
    assert run(job).done == 10
    assert acme.number_events.filter(job=job).count() == 10


def test_it_lets_others_have_the_worker_and_goes_on(start, run, numbers, settings):
    settings.JOB_SLICE, settings.JOB_SECONDS = 3, 0
    assert run(start("deactivate")).state == "done"


def test_numbers_that_came_later_are_none_of_its_business(start, run, numbers, location):
    job = start("deactivate")
    late = make_number(location, "+14085550199")
    assert run(job).done == 10
    late.refresh_from_db()
    assert late.state == "active"


def test_named_numbers_that_have_gone_are_told(start, run, numbers, globex, settings):
    settings.JOB_SLICE = 2
    theirs = make_number(make_connected_location(globex), "+14085550160")
    named = [numbers[0].e164, numbers[1].e164, "+14085550150", theirs.e164, numbers[5].e164]
    job = run(start("deactivate", numbers=named))
    assert (job.total, job.done, job.failed) == (5, 3, 2)
    assert sorted(job.errors.values_list("e164", "code")) == [("+14085550150", "gone"), (theirs.e164, "gone")]
    theirs.refresh_from_db()
    assert theirs.state == "active"


def test_a_thousand_numbers_cost_a_slice_what_ten_cost(start, location, acme):
    costs = []
    for count in (10, 1000):
        acme.phone_numbers.all().delete()
        fill(location, count)
        job = start("deactivate")
        workflow.begin(job)
        with CaptureQueriesContext(connection) as captured:
            workflow.advance(job)
        assert job.done == count
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 17


def test_a_dry_run_costs_the_same_for_many(check, location, acme):
    costs = []
    for count in (10, 1000):
        acme.phone_numbers.all().delete()
        fill(location, count)
        with CaptureQueriesContext(connection) as captured:
            assert check("delete").can == count
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 4


def test_a_dry_run_says_who_cannot_and_why(check, numbers, location, acme):
    location.main_number = numbers[0]
    location.save()
    PhoneNumber.unscoped.filter(pk__in=[numbers[1].pk, numbers[2].pk]).update(assigned_to="Ada Park")
    PhoneNumber.unscoped.filter(pk=numbers[3].pk).update(state="inactive")
    found = check("deactivate", numbers=[number.e164 for number in numbers] + ["+14085550177"])
    assert (found.can, found.same, found.cannot, found.total) == (6, 1, 4, 11)
    assert [(reason.code, reason.count, reason.examples) for reason in found.refused] == [
        ("assigned", 2, (numbers[1].e164, numbers[2].e164)),
        ("main", 1, (numbers[0].e164,)),
        ("gone", 1, ()),
    ]
    assert not NumberEvent.unscoped.exists()


def test_those_that_cannot_are_listed_one_by_one(acme, membership, numbers, location, settings):
    from pstn.jobs.base import kind_of
    from pstn.selection import Selection

    settings.JOB_SLICE = 3
    PhoneNumber.unscoped.filter(pk__in=[n.pk for n in numbers[4:]]).update(assigned_to="Ada Park")
    found = list(kind_of("deactivate").refused(acme, membership, Selection(), {}))
    assert found == [(number.e164, "assigned") for number in numbers[4:]]


def test_every_number_gets_its_error(start, run, numbers, acme, settings):
    settings.JOB_SLICE = 3
    acme.phone_numbers.update(assigned_to="Ada Park")
    job = run(start("delete"))
    assert (job.state, job.done, job.failed) == ("done", 0, 10)
    assert set(job.errors.values_list("code", flat=True)) == {"assigned"}
