"""What a job did is put back for ten minutes, number by number, wherever nothing has happened since."""

import pytest

from lib.transitions import Refused
from pstn.models import NumberTag, Owner, PhoneNumber, Tag
from pstn.workflow import jobs as workflow
from pstn.workflow import numbers as verbs
from tests.factories import make_number

pytestmark = pytest.mark.django_db
FIELDS = ("e164", "state", "location", "kind", "sessions", "owner", "assigned_to", "note")


def picture(acme):
    """Every number as it is, with its tags."""
    tags = sorted(NumberTag.unscoped.values_list("number__e164", "tag__name"))
    return [*acme.phone_numbers.order_by("e164").values_list(*FIELDS)], tags


@pytest.fixture
def mixed(acme, location, other):
    """Numbers that differ in everything that a job can change."""
    ada = Owner.unscoped.create(org=acme, name="Ada Park")
    tag = Tag.unscoped.create(org=acme, name="old")
    for n, place in enumerate([location, other] * 3):
        number = make_number(
            place, f"+1408555020{n}", state=["active", "inactive"][n // 3], note=f"note {n % 3}"
        )
        NumberTag.unscoped.create(number=number, tag=tag)
    make_number(location, "+14085550210", owner=ada, assigned_to="Ada Park")
    make_number(location, "+14085550211", kind="contact_center", sessions=7)
    make_number(location, "+14085550212", kind="service")
    return ada


def kinds(acme, other):
    desk = Owner.unscoped.create(org=acme, name="Front desk", kind="call_queue")
    return {
        "activate": {},
        "deactivate": {},
        "move": {"location": other.pk},
        "retype": {"kind": "contact_center", "sessions": 3},
        "assign": {"owner": desk.pk},
        "unassign": {},
        "tag": {"tag": "new"},
        "note": {"note": "the same for all"},
    }


def test_every_kind_leaves_everything_as_it_was(start, run, acme, ada, mixed, other):
    before = picture(acme)
    for kind, params in [*kinds(acme, other).items(), ("tag", {"tag": "old", "remove": True})]:
        job = run(start(kind, **params))
        assert job.done > 0, kind
        assert picture(acme) != before, kind
        assert acme.number_events.filter(job=job).count() == job.done
        back = run(workflow.undo(job, by=ada))
        assert (back.state, back.done, back.failed) == ("done", job.done, 0), (kind, [*back.errors.values()])
        assert picture(acme) == before, kind
        assert acme.number_events.filter(job=back).count() == job.done


def test_a_number_that_changed_since_is_left_as_it_is(start, run, acme, ada, numbers):
    job = run(start("deactivate"))
    numbers[2].refresh_from_db()
    verbs.activate(numbers[2], by=ada)
    back = run(workflow.undo(job, by=ada))
    assert (back.done, back.failed) == (9, 1)
    assert list(back.errors.values_list("e164", "code")) == [(numbers[2].e164, "changed")]


def test_a_number_that_has_gone_since_is_told(start, run, acme, ada, numbers):
    job = run(start("deactivate"))
    numbers[2].refresh_from_db()
    verbs.delete(numbers[2], by=ada)
    back = run(workflow.undo(job, by=ada))
    assert (back.done, list(back.errors.values_list("e164", "code"))) == (9, [(numbers[2].e164, "gone")])


def test_what_may_not_be_is_not_undone(start, run, acme, ada, numbers, location):
    """A number that was activated has become the main number: that is no event of its own, but it depends."""
    PhoneNumber.unscoped.update(state="inactive")
    job = run(start("activate"))
    location.main_number = numbers[0]
    location.save()
    back = run(workflow.undo(job, by=ada))
    assert (back.done, list(back.errors.values_list("e164", "code"))) == (9, [(numbers[0].e164, "main")])


def test_it_is_undone_once(start, run, ada, numbers):
    job = run(start("deactivate"))
    assert workflow.undo(job, by=ada) == workflow.undo(job, by=ada)


def test_after_ten_minutes_it_stays(start, run, ada, numbers, time_machine):
    time_machine.move_to("2026-06-01T10:00:00Z", tick=False)
    job = run(start("deactivate"))
    assert workflow.why_not_undo(job) == ""
    time_machine.move_to("2026-06-01T10:10:00Z", tick=False)
    with pytest.raises(Refused, match="time in which"):
        workflow.undo(job, by=ada)


def test_what_is_not_over_or_was_an_undoing_itself_is_not_undone(start, run, ada, numbers):
    job = start("deactivate")
    with pytest.raises(Refused, match="not over yet"):
        workflow.undo(job, by=ada)
    back = run(workflow.undo(run(job), by=ada))
    with pytest.raises(Refused, match="cannot be undone"):
        workflow.undo(back, by=ada)


def test_a_deletion_is_not_undone_but_restored(start, run, ada, numbers):
    job = run(start("delete"))
    with pytest.raises(Refused, match="cannot be undone"):
        workflow.undo(job, by=ada)


def test_undoing_goes_in_slices_too(start, run, ada, acme, numbers, settings):
    settings.JOB_SLICE = 3
    back = run(workflow.undo(run(start("deactivate")), by=ada))
    assert back.done == 10
    assert not acme.phone_numbers.filter(state="inactive").exists()


def test_an_extension_that_is_taken_meanwhile_is_not_given_twice(start, run, acme, ada, location, other):
    number = make_number(location, extension="4001")
    job = run(start("move", numbers=[number.e164], location=other.pk))
    make_number(location, "+14085550150", extension="4001")
    back = run(workflow.undo(job, by=ada))
    assert list(back.errors.values_list("e164", "code")) == [(number.e164, "extension_there")]
    assert acme.phone_numbers.get(e164=number.e164).location == other


@pytest.mark.parametrize(("what", "code"), [("address", "no_address_there"), ("connection", "not_connected")])
def test_nothing_goes_back_to_where_it_could_not_be(start, run, acme, ada, location, other, what, code):
    make_number(location, "+14085550199")  # it is there all the time
    job = run(start("move", numbers=[make_number(location).e164], location=other.pk))
    assert job.done == 1
    if what == "address":
        acme.emergency_addresses.filter(location=location).update(state="rejected")
    else:
        location.connection.delete()
    back = run(workflow.undo(job, by=ada))
    assert list(back.errors.values_list("code", flat=True)) == [code]
    assert acme.phone_numbers.get(e164="+14085550142").location == other


def test_a_block_goes_back_as_a_whole_or_not_at_all(start, run, acme, ada, location, other):
    block = acme.number_blocks.create(first="+14085557000", last="+14085557009", size=10)
    for last in range(10):
        make_number(location, f"+1408555700{last}", block=block)
    make_number(location, "+14085557011")
    job = run(start("move", location=other.pk))
    assert job.done == 11
    verbs.assign(acme.phone_numbers.get(e164="+14085557003"), assigned_to="Anita", by=ada)
    back = run(workflow.undo(job, by=ada))
    assert (back.done, back.failed) == (1, 10)
    assert set(acme.phone_numbers.filter(block=block).values_list("location", flat=True)) == {other.pk}
    assert dict(back.errors.values_list("e164", "code"))["+14085557004"] == "block"
