"""The pages of background jobs: the list, the drawer, the header's pulse, one job and its verbs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pstn.models import Job, JobError, LocationAdmin
from tests.factories import make_connected_location, make_number

HTMX = {"HX-Request": "true"}


def make_job(org, by, **fields):
    defaults = {"kind": "activate", "state": "running", "total": 240, "done": 100, "created_by": by}
    defaults |= {"key": f"key-{Job.unscoped.count()}", "started_at": timezone.now()}
    return org.jobs.create(**{**defaults, **fields})


@pytest.fixture
def see(client, ada):
    client.force_login(ada)

    def see(path="", **headers):
        response = client.get(f"/acme/tasks/{path}", headers=headers)
        assert response.status_code == 200
        return response.content.decode()

    return see


def test_a_row_says_what_moves_how_far_and_who_began(see, acme, ada):
    london = make_connected_location(acme, name="London")
    make_job(acme, ada, kind="move", params={"location": london.pk})
    body = see()
    for text in ("Move 240 numbers to London", "100 of 240", "Running", "Ada Park", 'hx-trigger="every 2s"'):
        assert text in body


def test_a_list_of_what_is_over_does_not_ask_for_news(see, acme, ada):
    make_job(acme, ada, state="done", done=238, failed=2)
    body = see()
    assert "Completed with errors" in body
    assert "2 could not be changed" in body
    assert "every 2s" not in body


def test_the_empty_list_says_what_comes_here(see):
    assert "No task yet" in see()


def test_the_list_costs_five_statements_whatever_is_in_it(see, acme, ada, django_assert_num_queries):
    place = make_connected_location(acme)
    owner = acme.owners.create(name="Front desk")
    see()
    for n in range(60):
        make_job(acme, ada, **({"kind": "move", "params": {"location": place.pk}} if n % 2 else {"kind": "assign", "params": {"owner": owner.pk}}))  # fmt: skip
    with django_assert_num_queries(5):
        body = see()
    assert body.count("<tr>") == 51
    assert "Assign 240 numbers to Front desk" in body


def test_the_drawer_has_the_last_ten(see, acme, ada):
    for n in range(12):
        make_job(acme, ada, total=n + 1)
    body = see("drawer/", **HTMX)
    assert "Activate 12 numbers" in body
    assert "Activate 3 numbers" in body
    assert "Activate 2 numbers" not in body


def test_the_drawer_opened_as_a_page_is_the_list(client, ada):
    client.force_login(ada)
    assert client.get("/acme/tasks/drawer/").url == "/acme/tasks/"


def test_a_job_that_runs_can_be_paused_and_stopped(see, acme, ada):
    job = make_job(acme, ada)
    body = see(f"{job.pk}/")
    assert "<title>(41 %) Activate 240 numbers" in body
    assert f"/acme/tasks/{job.pk}/pause/" in body
    assert f"/acme/tasks/{job.pk}/stop/" in body
    assert "/undo/" not in body


def test_the_living_part_answers_nothing_while_nothing_is_new(client, acme, ada):
    client.force_login(ada)
    job = make_job(acme, ada)
    headers = {**HTMX, "HX-Target": "live"}
    assert client.get(f"/acme/tasks/{job.pk}/?seen=running-100-0", headers=headers).status_code == 204
    body = client.get(f"/acme/tasks/{job.pk}/?seen=running-99-0", headers=headers).content.decode()
    assert "<title>(41 %) Activate 240 numbers" in body
    assert 'id="job-actions" class="cluster" hx-swap-oob="true"' in body
    assert "<html" not in body


def test_the_living_part_says_when_it_ended(see, acme, ada):
    job = make_job(acme, ada, state="done", total=2400, done=2400, finished_at=timezone.now())
    body = see(f"{job.pk}/?seen=0", **HTMX, **{"HX-Target": "live"})
    assert "Ended" in body
    assert '<dd class="num">2,400</dd>' in body


def test_the_verbs_pause_resume_and_stop(client, acme, ada):
    client.force_login(ada)
    job = make_job(acme, ada)
    for verb, state in (("pause", "paused"), ("resume", "queued"), ("stop", "stopped")):
        assert client.post(f"/acme/tasks/{job.pk}/{verb}/").url == f"/acme/tasks/{job.pk}/"
        job.refresh_from_db()
        if verb == "resume":  # the worker of the tests is quicker than the eye: there is nothing left to do
            Job.unscoped.filter(pk=job.pk).update(state="running")
        else:
            assert job.state == state


def test_what_a_job_deleted_is_restored_from_its_page(client, see, acme, ada, vic):
    number = make_number(make_connected_location(acme, "premises"))
    see()
    client.post("/acme/numbers/jobs/delete/start/", {"numbers": number.e164, "key": "delete-a"})
    job = acme.jobs.get()
    address = f"/acme/numbers/jobs/restore/?query=%3Fjob%3D{job.pk}"
    assert address in see(f"{job.pk}/")
    assert "Restore 1 number" in client.get(address).content.decode()
    client.force_login(vic)
    assert address not in client.get(f"/acme/tasks/{job.pk}/").content.decode()


def test_a_verb_that_is_too_late_says_so(client, acme, ada):
    client.force_login(ada)
    job = make_job(acme, ada, state="done")
    body = client.post(f"/acme/tasks/{job.pk}/pause/", follow=True).content.decode()
    assert "that is not possible now" in body


def test_why_numbers_could_not_be_changed_with_the_way_to_each(see, acme, ada):
    job = make_job(acme, ada, state="done", done=215, failed=25)
    JobError._base_manager.bulk_create(
        JobError(job=job, e164=f"+140855501{n:02}", code="terms") for n in range(24)
    )
    JobError._base_manager.create(job=job, e164="+14085550199", code="pending")
    body = see(f"{job.pk}/")
    assert "The terms of service must be accepted first." in body
    assert 'href="/acme/numbers/14085550100/"' in body
    assert "and 4 more" in body
    assert "Retry failed" in body


def test_the_time_left_to_undo_runs_down_and_the_page_asks_again_when_it_is_over(client, acme, ada):
    client.force_login(ada)
    until = timezone.now() + timedelta(minutes=9)
    job = make_job(acme, ada, state="done", done=2, finished_at=timezone.now(), undo_until=until)
    body = client.get(f"/acme/tasks/{job.pk}/").content.decode()
    assert "data-countdown" in body
    assert 'hx-trigger="expired" hx-target="#live"' in body
    type(job).unscoped.filter(pk=job.pk).update(undo_until=timezone.now())
    part = client.get(
        f"/acme/tasks/{job.pk}/", headers={"HX-Request": "true", "HX-Target": "live"}
    ).content.decode()
    assert "data-countdown" not in part
    assert "Undo" not in part


def test_the_errors_as_csv_run_nowhere_as_a_formula(client, acme, ada):
    client.force_login(ada)
    job = make_job(acme, ada, state="done", failed=2)
    JobError._base_manager.create(job=job, e164="+14085550199", code="pending")
    JobError._base_manager.create(job=job, line=7, column="note", code="odd", text="=1+1 is no note")
    response = client.get(f"/acme/tasks/{job.pk}/errors/")
    rows = b"".join(response.streaming_content).decode().splitlines()
    assert rows[0] == "\ufeffnumber,line,column,code,reason"
    assert rows[1] == "+14085550199,,,pending,Still being provided by the carrier."
    assert rows[2] == ",7,note,odd,'=1+1 is no note"


def test_the_pulse_counts_and_tells_an_end_once(client, acme, ada):
    client.force_login(ada)
    make_job(acme, ada)
    job = make_job(acme, ada, state="done", done=240, finished_at=timezone.now(), undo_until=timezone.now() + timedelta(minutes=9))  # fmt: skip
    pulse = client.post("/acme/tasks/pulse/", headers=HTMX)
    assert pulse.headers["HX-Trigger"] == "jobs-ended"  # a list that is there asks for itself again
    body = pulse.content.decode()
    assert '<span class="count">1' in body
    assert "240 numbers are activated." in body
    assert f'action="/acme/tasks/{job.pk}/undo/"' in body
    assert "every 3s" in body
    Job.unscoped.filter(state="running").update(state="stopped", told_at=timezone.now())
    pulse = client.post("/acme/tasks/pulse/", headers=HTMX)
    assert "HX-Trigger" not in pulse.headers
    body = pulse.content.decode()
    assert "activated" not in body
    assert "every 3s" not in body


def test_a_page_asks_for_news_only_while_its_person_waits_for_a_job(client, acme, ada):
    client.force_login(ada)
    assert "tasks/pulse" not in client.get("/acme/").content.decode()
    session = client.session
    session["waits_for_jobs"] = True
    session.save()
    assert "tasks/pulse" in client.get("/acme/").content.decode()


def test_what_a_colleague_started_is_not_told_to_me(client, acme, ada, eli):
    client.force_login(ada)
    job = make_job(acme, eli, state="done", done=240)
    assert "activated" not in client.post("/acme/tasks/pulse/", headers=HTMX).content.decode()
    client.get(f"/acme/tasks/{job.pk}/")
    job.refresh_from_db()
    assert job.told_at is None


def test_a_location_administrator_sees_their_own_jobs(client, acme, ada, lou):
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=make_connected_location(acme))
    client.force_login(lou)
    job, own = make_job(acme, ada, total=77), make_job(acme, lou, total=5)
    body = client.get("/acme/tasks/").content.decode()
    assert "Activate 5 numbers" in body
    assert "Activate 77 numbers" not in body
    assert client.get(f"/acme/tasks/{job.pk}/").status_code == 404
    assert client.get(f"/acme/tasks/{own.pk}/").status_code == 200


def test_a_reader_sees_jobs_and_no_buttons(client, acme, ada, vic):
    client.force_login(vic)
    job = make_job(acme, ada)
    body = client.get(f"/acme/tasks/{job.pk}/").content.decode()
    assert "Activate 240 numbers" in body
    assert "/pause/" not in body


def test_a_job_that_cannot_go_on_says_why(see, acme, ada):
    job = make_job(acme, ada, state="failed", result={"error": "reach"})
    assert "may not change numbers here any more" in see(f"{job.pk}/")


def test_a_job_points_to_its_relatives(see, acme, ada):
    job = make_job(acme, ada, state="done")
    back = make_job(acme, ada, state="done", undoes=job)
    assert f'href="/acme/tasks/{back.pk}/"' in see(f"{job.pk}/")
    body = see(f"{back.pk}/")
    assert f'href="/acme/tasks/{job.pk}/"' in body
    assert "Undo: Activate 240 numbers" in body


def test_undo_and_retry_make_a_job_of_their_own(client, acme, ada, committed):
    client.force_login(ada)
    place = make_connected_location(acme)
    make_number(place, state="inactive")
    key = {"numbers": "+14085550142", "key": "activate-1"}
    client.post("/acme/numbers/jobs/activate/start/", key)
    job = acme.jobs.get()
    with committed():
        assert client.post(f"/acme/tasks/{job.pk}/undo/").url == f"/acme/tasks/{job.pk + 1}/"
    assert acme.phone_numbers.get().state == "inactive"
    body = client.post(f"/acme/tasks/{job.pk}/retry/", follow=True).content.decode()
    assert "There is nothing to try again." in body


def test_an_undo_is_not_tried_again_and_says_so(client, see, acme, ada):
    job = make_job(acme, ada, state="done")
    back = make_job(acme, ada, state="done", undoes=job, failed=1)
    back.errors.create(e164="+14085550142", code="changed")
    said = "An undo is not tried again."
    body = see(f"{back.pk}/")
    assert said in body
    assert f"{back.pk}/retry/" not in body
    assert said in client.post(f"/acme/tasks/{back.pk}/retry/", follow=True).content.decode()
    assert acme.jobs.count() == 2
