"""Deleting by a job, and having back what it deleted."""

import pytest

from pstn.models import PhoneNumber
from pstn.workflow import jobs as workflow
from pstn.workflow import quarantine
from tests.factories import make_connected_location, make_number

pytestmark = pytest.mark.django_db


def test_a_job_deletes_and_another_restores(start, run, acme, numbers, settings):
    settings.JOB_SLICE = 3
    before = list(acme.phone_numbers.order_by("e164").values_list("e164", "state", "location", "kind"))
    job = run(start("delete"))
    assert (job.done, acme.phone_numbers.count(), job.resting_numbers.count()) == (10, 0, 10)
    assert acme.number_events.filter(job=job, what="deleted", before="active").count() == 10
    back = run(start("restore"))
    assert (back.total, back.done) == (10, 10)
    assert (
        list(acme.phone_numbers.order_by("e164").values_list("e164", "state", "location", "kind")) == before
    )
    assert acme.number_events.filter(job=back, what="restored").count() == 10


def test_what_one_job_deleted(start, run, check, acme, numbers):
    first = run(start("delete", numbers=[number.e164 for number in numbers[:3]]))
    run(start("delete"))
    assert [check("restore", f"?job={job}").can for job in (first.pk, "x", first.pk + 1_000)] == [3, 0, 0]
    back = run(start("restore", f"?job={first.pk}"))
    assert (back.total, back.done, acme.resting_numbers.count()) == (3, 3, 7)


def test_some_of_them(start, run, check, acme, numbers):
    run(start("delete"))
    named = [numbers[1].e164, numbers[2].e164, "+14085550177"]
    found = check("restore", numbers=named)
    assert (found.can, [(r.code, r.count, r.examples) for r in found.refused]) == (
        2,
        [("not_resting", 1, ("+14085550177",))],
    )
    job = run(start("restore", numbers=named))
    assert (job.done, job.failed, job.errors.get().code) == (2, 1, "not_resting")


@pytest.fixture
def released(start, run, acme, location):
    """A block of ten at rest, and another number."""
    block = acme.number_blocks.create(first="+14085557000", last="+14085557009", size=10)
    for last in range(10):
        make_number(location, f"+1408555700{last}", block=block)
    make_number(location, "+14085557011")
    run(start("delete"))
    return [f"+1408555700{last}" for last in range(10)]


def test_a_block_comes_back_as_a_whole(start, run, check, acme, ada, released, settings, membership):
    some = [*released[:4], "+14085557011"]
    found = check("restore", numbers=some)
    assert (found.can, [(reason.code, reason.count) for reason in found.refused]) == (1, [("block", 4)])
    job = run(start("restore", numbers=some))
    assert (job.done, job.failed, set(job.errors.values_list("code", flat=True))) == (1, 4, {"block"})
    again = run(workflow.retry(job, by=ada))
    assert (again.done, again.failed) == (0, 4)
    settings.JOB_SLICE = 3
    whole = run(start("restore", numbers=released))
    assert (whole.done, whole.failed, acme.phone_numbers.exclude(block=None).count()) == (10, 0, 10)


def test_the_page_offers_the_whole_block(client, ada, acme, released):
    client.force_login(ada)
    url = "/acme/numbers/jobs/restore/"
    assert "Take the whole blocks" in client.post(url, {"numbers": released[:1]}).content.decode()
    page = client.post(url, {"numbers": released[:1], "whole": "1"}).content.decode()
    assert "10 will work." in page


def test_what_a_port_took_from_a_resting_block_keeps_nothing_there(start, run, acme, released):
    quarantine.port_out(acme, released[:1])
    job = run(start("restore", numbers=released[1:]))
    assert (job.done, job.failed) == (9, 0)


def test_what_somebody_else_has_meanwhile_stays_theirs(start, run, check, acme, globex):
    place = make_connected_location(acme, "premises", name="Gateway")
    make_number(place, "+14085550180")
    run(start("delete"))
    make_number(make_connected_location(globex, "premises"), "+14085550180")
    assert [(r.code, r.count) for r in check("restore").refused] == [("taken", 1)]
    job = run(start("restore"))
    assert (job.done, job.errors.get().code) == (0, "taken")
    PhoneNumber.unscoped.filter(org=globex).delete()


def test_a_location_administrator_restores_their_own(start, run, acme, lou, location, other, numbers):
    make_number(other, "+14085550188")
    run(start("delete"))
    membership = lou.memberships.select_related("org", "user").get()
    location.administrators.create(membership=membership)
    job = run(start("restore", by=membership))
    assert (job.total, job.done) == (10, 10)
    named = run(start("restore", numbers=["+14085550188"], by=membership))
    assert (named.done, named.errors.get().code) == (0, "not_resting")
    assert acme.resting_numbers.get().e164 == "+14085550188"
