"""What a lost message or a dead worker left is taken up again; who has left the page gets an e-mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from pstn.jobs import tasks
from pstn.models import Job, NumberTally
from pstn.workflow import jobs as workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_once(settings):
    settings.SWEEP_AFTER_SECONDS = 0


def test_a_lost_message_is_found(start, numbers, at_once):
    job = start("deactivate")
    tasks.sweep()
    job.refresh_from_db()
    assert job.state == "done"


def test_what_a_worker_is_at_is_left_to_it(start, numbers, at_once):
    job = start("deactivate")
    Job.unscoped.update(state="running", claimed_until=timezone.now() + timedelta(seconds=30))
    tasks.sweep()
    job.refresh_from_db()
    assert (job.state, job.done) == ("running", 0)


def test_what_a_dead_worker_was_at_goes_on(start, numbers, at_once, settings):
    settings.JOB_SLICE = 4
    job = start("deactivate")
    workflow.begin(job)
    workflow.advance(job)
    Job.unscoped.update(claimed_until=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 10)


@pytest.mark.parametrize("state", ["paused", "done", "stopped", "failed"])
def test_what_rests_or_is_over_is_left(start, numbers, at_once, state):
    job = start("deactivate")
    Job.unscoped.update(state=state)
    tasks.sweep()
    job.refresh_from_db()
    assert (job.state, job.worked) == (state, 0)


def left(job):
    Job.unscoped.filter(pk=job.pk).update(finished_at=timezone.now() - tasks.LEFT - timedelta(seconds=1))


def test_who_has_left_the_page_is_told_once(start, run, numbers, location, committed):
    location.main_number = numbers[0]
    location.save()
    job = run(start("deactivate"))
    tasks.sweep()
    assert mail.outbox == []
    left(job)
    for _ in range(2):
        with committed():
            tasks.sweep()
    (message,) = mail.outbox
    assert message.to == ["ada@acme.example"]
    assert "Deactivate 10 numbers" in message.subject
    assert "9 numbers were changed." in message.body
    assert "1 could not be changed" in message.body
    assert f"/acme/tasks/{job.pk}/" in message.body or job.get_absolute_url() in message.body


def test_who_saw_the_end_gets_no_mail(start, run, numbers, committed):
    job = run(start("deactivate"))
    workflow.seen(job)
    left(job)
    with committed():
        tasks.sweep()
    assert mail.outbox == []


def test_who_does_not_belong_here_any_more_gets_no_mail(start, run, ada, numbers, committed):
    job = run(start("deactivate"))
    left(job)
    ada.memberships.all().delete()
    with committed():
        tasks.sweep()
    assert mail.outbox == []


def test_a_failed_job_says_why(start, run, numbers, membership, committed):
    job = start("deactivate")
    workflow.fail(job, "broken")
    left(job)
    with committed():
        tasks.sweep()
    assert "Something broke on our side" in mail.outbox[0].body


def test_counts_are_added_up_after_a_job(start, acme, numbers, committed):
    with committed():
        start("deactivate")
    assert list(NumberTally.unscoped.filter(org=acme).values_list("state", "n")) == [("inactive", 10)]
    tasks.add_up_crowded()
    assert acme.number_tallies.total() == 10
