"""Every verb of a job from every state: what the table allows happens, anything else is refused."""

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from pstn.jobs import tasks
from pstn.models import Job
from pstn.workflow import jobs as workflow

pytestmark = pytest.mark.django_db
S = Job.State
VERBS = {
    "begin": (lambda job, by: workflow.begin(job), S.RUNNING),
    "pause": (lambda job, by: workflow.pause(job, by=by), S.PAUSED),
    "resume": (lambda job, by: workflow.resume(job, by=by), S.QUEUED),
    "stop": (lambda job, by: workflow.stop(job, by=by), S.STOPPED),
    "fail": (lambda job, by: workflow.fail(job, "broken"), S.FAILED),
}


def in_state(start, state):
    job = start("activate")
    Job.unscoped.filter(pk=job.pk).update(state=state)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", S.values)
def test_every_pair(start, numbers, ada, state, verb):
    act, to = VERBS[verb]
    job = in_state(start, state)
    if to in workflow.ALLOWED[state]:
        act(job, ada)
        job.refresh_from_db()
        assert job.state == to
    else:
        pytest.raises(Refused, act, job, ada)
        job.refresh_from_db()
        assert job.state == state


@pytest.mark.parametrize("state", S.values)
def test_only_a_running_job_is_worked_on(start, numbers, state):
    job = in_state(start, state)
    assert workflow.advance(job) is False
    job.refresh_from_db()
    assert job.worked == (10 if state == S.RUNNING else 0)
    assert job.state == (S.DONE if state == S.RUNNING else state)


def test_every_state_has_its_row_in_the_table():
    assert set(workflow.ALLOWED) == set(S.values)
    assert set().union(*workflow.ALLOWED.values()) == set(S.values)
    assert all(not workflow.ALLOWED[state] for state in Job.OVER)


def test_the_same_key_is_the_same_job(start, numbers, acme):
    first, second = start("activate", key="one"), start("deactivate", key="one")
    assert first == second
    assert acme.jobs.count() == 1


def test_nothing_selected_is_no_job(start, acme, location):
    with pytest.raises(Refused, match="No number"):
        start("activate")
    assert not acme.jobs.exists()


def test_the_start_and_the_end_are_in_the_audit_log(start, run, numbers):
    job = run(start("deactivate"))
    found = AuditEntry.objects.filter(subject_key=f"pstn.job:{job.pk}").order_by("pk")
    assert [entry.what for entry in found] == ["job.deactivate", "job.end"]
    assert found[1].after == {"to": "done", "done": 10, "same": 0, "failed": 0, "of": 10}


def test_a_paused_job_goes_on_where_it_rested(start, run, numbers, ada, settings):
    settings.JOB_SLICE = 4
    job = start("deactivate")
    workflow.begin(job)
    assert workflow.advance(job)
    workflow.pause(job, by=ada)
    assert run(job).worked == 4  # whoever is told to work on it does nothing
    workflow.resume(job, by=ada)
    job = run(job)
    assert (job.state, job.done) == (S.DONE, 10)


def test_what_a_stopped_job_has_done_stays_and_can_be_undone(start, run, numbers, ada, acme, settings):
    settings.JOB_SLICE = 4
    job = start("deactivate")
    workflow.begin(job)
    workflow.advance(job)
    workflow.stop(job, by=ada)
    assert acme.phone_numbers.filter(state="inactive").count() == 4
    back = run(workflow.undo(job, by=ada))
    assert (back.total, back.done, back.failed) == (4, 4, 0)
    assert not acme.phone_numbers.filter(state="inactive").exists()


def test_starting_it_tells_the_queue(start, numbers, committed):
    with committed():
        job = start("deactivate")
    job.refresh_from_db()
    assert job.state == S.DONE


def test_a_retry_is_over_what_failed(start, run, numbers, ada, acme, location):
    location.main_number = numbers[3]
    location.save()
    job = run(start("deactivate"))
    assert (job.done, job.failed) == (9, 1)
    assert list(job.errors.values_list("e164", "code")) == [(numbers[3].e164, "main")]
    acme.locations.update(main_number=None)
    again = workflow.retry(job, by=ada)
    assert workflow.retry(job, by=ada) == again
    again = run(again)
    assert (again.total, again.done, again.failed) == (1, 1, 0)
    with pytest.raises(Refused, match="nothing to try"):
        workflow.retry(again, by=ada)


def test_the_time_left_follows_from_the_pace(start, numbers, settings, time_machine):
    settings.JOB_SLICE = 4
    time_machine.move_to("2026-06-01T10:00:00Z", tick=False)
    job = start("deactivate")
    workflow.begin(job)
    workflow.advance(job)
    assert job.eta is None
    time_machine.move_to("2026-06-01T10:00:20Z", tick=False)
    assert job.eta == 30


def test_a_job_that_kills_its_workers_is_given_up(start, numbers):
    job = start("deactivate")
    Job.unscoped.filter(pk=job.pk).update(tries=tasks.MOST_TRIES)
    tasks.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["error"]) == (S.FAILED, "broken")
