"""The life of a file that was sent in: every pair of states; its job rests, goes on and stops like any other."""

import pytest

from accounts.models import AuditEntry
from lib.sheets import SheetRefused
from lib.transitions import Refused, move
from pstn.imports import tasks
from pstn.jobs import tasks as job_tasks
from pstn.models import NumberImport
from pstn.workflow import imports as workflow
from pstn.workflow import jobs

S = NumberImport.State


@pytest.mark.parametrize("before", S.values)
@pytest.mark.parametrize("after", S.values)
def test_every_move_that_the_table_allows_and_no_other(acme, ada, before, after):
    it = acme.number_imports.create(state=before, original_name="n.csv", size=1, created_by=ada)
    if after in workflow.ALLOWED[before]:
        with move(it, after, workflow.ALLOWED):
            pass
        assert NumberImport.unscoped.get().state == after
    else:
        with pytest.raises(Refused), move(it, after, workflow.ALLOWED):
            pass
        assert NumberImport.unscoped.get().state == before


def test_the_table_knows_every_state():
    assert set(workflow.ALLOWED) == set(S.values)


@pytest.fixture
def begun(send, settings, membership, ada, monkeypatch):
    """An import of six rows that has done two; it goes on when the test says so."""
    for place in (tasks, job_tasks):
        monkeypatch.setattr(place, "publish", lambda *_: True)
    settings.IMPORT_SLICE, settings.JOB_SECONDS = 2, 0
    it = send("create", *[f"+1408555014{n},San Jose HQ" for n in range(6)])
    while it.state == "checking":
        tasks.check(it.pk)
        it.refresh_from_db()
    job = workflow.run(it, membership=membership, by=ada)
    job_tasks.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.percent) == ("running", 2, 33)
    return job


def work(job):
    job_tasks.run(job.pk)
    job.refresh_from_db()


def test_it_rests_and_goes_on_where_it_stopped(begun, acme, ada):
    jobs.pause(begun, by=ada)
    work(begun)
    assert acme.phone_numbers.count() == 2
    jobs.resume(begun, by=ada)
    for _slice in range(3):
        work(begun)
    assert (begun.state, begun.done, begun.failed) == ("done", 6, 0)
    assert acme.phone_numbers.count() == 6


def test_stopped_what_is_done_stays_and_the_rest_is_forgotten(begun, acme, ada):
    jobs.stop(begun, by=ada)
    work(begun)
    tasks.tidy(begun.number_import.pk)
    assert acme.phone_numbers.count() == 2
    assert not begun.number_import.lines.exists()


def test_while_it_runs_its_rows_are_not_forgotten(begun):
    tasks.tidy(begun.number_import.pk)
    assert begun.number_import.lines.count() == 6
    with pytest.raises(Refused, match="running"):
        workflow.discard(begun.number_import)


def test_a_check_that_never_gets_on_is_given_up(acme, ada, membership):
    it = acme.number_imports.create(
        original_name="n.csv", size=1, created_by=ada, membership=membership, tries=tasks.MOST_TRIES
    )
    tasks.check(it.pk)
    it.refresh_from_db()
    assert (it.state, it.problem) == ("refused", "broken")


def test_a_refusal_keeps_its_facts_for_the_sentence(acme, ada):
    it = acme.number_imports.create(original_name="n.csv", size=1, created_by=ada)
    workflow.refuse(it, SheetRefused("line_too_long", line=7, most="65,536"))
    assert it.problem_facts == {"line": "7", "most": "65,536"}


def test_files_are_forgotten_when_their_time_is_over(send, settings, django_capture_on_commit_callbacks):
    it = send("create", "+14085550142,San Jose HQ")
    NumberImport.unscoped.update(created_at=it.created_at - tasks.timedelta(days=NumberImport.KEPT_DAYS + 1))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep()
    it.refresh_from_db()
    assert it.state == "expired"
    assert not it.lines.exists()
    assert not it.file.storage.exists(it.file.name)


def test_sending_and_importing_are_on_record(send, run):
    run(send("create", "+14085550142,San Jose HQ"))
    told = AuditEntry.objects.order_by("pk").values_list("what", flat=True)
    assert list(told) == ["number_import.check", "job.import", "job.end"]
