"""What each kind asks for, and what it writes into the story of a number."""

import pytest

from lib.transitions import Refused
from pstn.jobs.moving import targets
from pstn.models import NumberTag, Owner, Tag
from tests.factories import make_connected_location, make_location, make_number

pytestmark = pytest.mark.django_db


def story(acme, e164):
    event = acme.number_events.filter(e164=e164).latest("pk")
    return event.what, event.before, event.after, event.note


@pytest.mark.parametrize(
    ("kind", "params", "says"),
    [
        ("move", {}, "Choose the location"),
        ("move", {"location": "x"}, "Choose the location"),
        ("retype", {"kind": "toll_free"}, "Choose the new type"),
        ("retype", {"kind": "contact_center"}, "how many calls"),
        ("retype", {"kind": "contact_center", "sessions": 0}, "how many calls"),
        ("assign", {"owner": "999999"}, "Choose whom"),
        ("tag", {"tag": "  "}, "Write the tag"),
        ("tag", {"tag": "x" * 41}, "at most 40"),
        ("tag", {"tag": "unknown", "remove": True}, "no tag"),
        ("tag", {"tag": "hall, lobby"}, "One tag at a time"),
        ("note", {"note": "x" * 201}, "at most 200"),
    ],
)
def test_parameters_that_make_no_sense(start, acme, numbers, kind, params, says):
    with pytest.raises(Refused, match=says):
        start(kind, **params)
    assert not acme.jobs.exists()


def test_a_tag_in_other_letter_case_is_that_tag(start, run, acme, numbers):
    acme.tags.create(name="VIP")
    assert run(start("tag", tag="vip")).done == 10
    assert run(start("tag", tag="Vip", remove=True)).done == 10
    assert list(acme.tags.values_list("name", flat=True)) == ["VIP"]


def test_nothing_of_another_organization_is_taken(start, globex, numbers):
    place = make_connected_location(globex)
    owner = Owner.unscoped.create(org=globex, name="Mallory")
    with pytest.raises(Refused):
        start("move", location=place.pk)
    with pytest.raises(Refused):
        start("assign", owner=owner.pk)


def test_a_move_tells_from_where_and_to_where(start, run, acme, location, other, numbers):
    run(start("move", location=other.pk))
    assert story(acme, numbers[0].e164) == ("moved", str(location.pk), str(other.pk), other.name)


def test_an_extension_that_two_bring_goes_to_the_first(start, run, acme, location, other):
    target = make_connected_location(acme, name="Target")
    make_number(location, "+14085550111", extension="4001")
    make_number(other, "+14085550112", extension="4001")
    job = run(start("move", location=target.pk))
    assert (job.done, list(job.errors.values_list("e164", "code"))) == (
        1,
        [("+14085550112", "extension_there")],
    )


def test_where_numbers_can_go(acme, membership, location, other, numbers):
    make_connected_location(acme, "premises", name="Gateway")
    make_connected_location(acme, name="London", country="GB")
    make_location(acme, name="Bare")
    found = targets(acme, membership, acme.phone_numbers.all())
    assert {target.location.name: target.why_not for target in found} == {
        "San Jose HQ": "They are there already.",
        "London Road": "",
        "Gateway": "Another kind of PSTN connection.",
        "London": "In another country.",
        "Bare": "No PSTN connection yet.",
    }


def test_an_owner_stands_in_the_row_and_in_the_story(start, run, acme, numbers):
    owner = Owner.unscoped.create(org=acme, name="Sales", kind="call_queue")
    run(start("assign", owner=owner.pk))
    assert set(acme.phone_numbers.values_list("owner", "assigned_to")) == {(owner.pk, "Sales")}
    assert story(acme, numbers[0].e164) == ("assigned", "", str(owner.pk), "Sales")
    run(start("unassign"))
    assert set(acme.phone_numbers.values_list("owner", "assigned_to")) == {(None, "")}
    assert story(acme, numbers[0].e164) == ("unassigned", str(owner.pk), "", "")


def test_a_tag_is_put_on_those_that_lack_it(start, run, acme, numbers):
    tag = Tag.unscoped.create(org=acme, name="VIP")
    NumberTag.unscoped.create(number=numbers[0], tag=tag)
    job = run(start("tag", tag=" VIP "))
    assert (job.done, job.same) == (9, 1)
    assert tag.taggings.count() == 10
    job = run(start("tag", tag="VIP", remove=True))
    assert job.done == 10
    assert not tag.taggings.exists()


def test_sessions_are_of_contact_centers(start, run, acme, numbers):
    run(start("retype", kind="contact_center", sessions=12))
    assert set(acme.phone_numbers.values_list("kind", "sessions")) == {("contact_center", 12)}
    run(start("retype", kind="standard", sessions=12))
    assert set(acme.phone_numbers.values_list("kind", "sessions")) == {("standard", None)}
    assert story(acme, numbers[0].e164)[:3] == ("retyped", "contact_center", "standard")
