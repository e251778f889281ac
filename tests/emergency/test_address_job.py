"""A background job gives many numbers an emergency address of their own, or their location's again."""

import pytest

from carrier import CarrierUnavailable
from lib.transitions import Refused
from pstn.models import PhoneNumber
from pstn.workflow import jobs as workflow
from simulator.carrier import SimulatedCarrier
from tests.factories import make_connected_location, make_number, make_own_address
from tests.pstn.jobs.conftest import check, membership, run, start

__all__ = ["check", "membership", "run", "start"]
pytestmark = pytest.mark.django_db
TYPED = {
    "line1": "200 Side Street",
    "line2": "Floor 2",
    "city": "San Jose",
    "state_code": "CA",
    "postal_code": "95112",
}
PARAMS = {**TYPED, "country": "US"}


class Deaf(SimulatedCarrier):
    def check_address(self, address):
        raise CarrierUnavailable("no answer")


@pytest.fixture
def location(acme):
    return make_connected_location(acme)


@pytest.fixture
def numbers(location):
    return [make_number(location, f"+140855501{n:02}") for n in range(5)]


def own(number, **fields):
    return make_own_address(number, **{**TYPED, "line1": "1 Old Street", **fields})


def lines(acme):
    rows = acme.emergency_addresses.exclude(number=None).order_by("number__e164")
    return list(rows.values_list("number__e164", "line1", "state"))


def test_all_get_the_address_and_its_story(start, run, acme, numbers):
    own(numbers[0])
    job = run(start("address", **PARAMS))
    assert (job.state, job.done) == ("done", 5)
    assert lines(acme) == [(number.e164, "200 Side Street", "validated") for number in numbers]
    event = acme.number_events.filter(e164=numbers[3].e164).latest("pk")
    assert (event.what, event.job) == ("address_set", job)
    assert "200 Side Street" in event.note
    address = acme.emergency_addresses.get(number=numbers[0])
    assert [(e.before, e.after) for e in address.events.all()] == [("validated", "validated")]


def test_it_is_undone_to_what_each_had(start, run, acme, ada, numbers):
    own(numbers[0])
    own(numbers[1], state="rejected", reasons=["po_box"])
    before = lines(acme)
    job = run(start("address", **PARAMS))
    back = run(workflow.undo(job, by=ada))
    assert (back.done, back.failed) == (5, 0)
    assert lines(acme) == before
    assert acme.emergency_addresses.get(number=numbers[1]).reasons == ["po_box"]


def test_their_locations_address_again_and_back(start, run, check, acme, ada, numbers):
    own(numbers[0])
    assert (check("address", clear=True).can, check("address", clear=True).same) == (1, 4)
    job = run(start("address", clear=True))
    assert (job.done, job.same, lines(acme)) == (1, 4, [])
    run(workflow.undo(job, by=ada))
    assert lines(acme) == [(numbers[0].e164, "1 Old Street", "validated")]


def test_none_loses_the_only_address_that_it_has(check, acme, location, numbers):
    own(numbers[0])
    location.emergency_address.delete()
    found = check("address", clear=True)
    assert [(reason.code, reason.count) for reason in found.refused] == [("no_address_here", 1)]


def test_an_undoing_leaves_none_in_service_without_an_address(start, run, acme, ada, location, numbers):
    had = own(numbers[0])
    job = run(start("address", **PARAMS))
    location.emergency_address.delete()
    back = run(workflow.undo(job, by=ada))
    assert (back.done, set(back.errors.values_list("code", flat=True))) == (1, {"no_address_here"})
    assert acme.emergency_addresses.get(number=numbers[0]).line1 == had.line1


def test_who_takes_no_address_or_is_elsewhere(check, acme, location, numbers):
    make_number(location, "+18885550100", kind="toll_free")
    make_number(make_connected_location(acme, name="London", country="GB"), "+442079460100")
    make_number(location, f"x{location.pk}-1", kind="extension", state="na", extension="1")
    found = check("address", **PARAMS)
    assert found.can == 5
    assert {reason.code for reason in found.refused} == {"toll_free", "address_country", "extension_only"}
    for number in PhoneNumber.unscoped.filter(kind__in=["toll_free", "extension"]):
        assert not number.takes_address


def test_an_address_of_the_organization_is_copied(start, run, acme, globex, location, numbers):
    run(start("address", address=location.emergency_address.pk))
    assert lines(acme)[0][1] == location.emergency_address.line1
    theirs = make_connected_location(globex).emergency_address
    with pytest.raises(Refused, match="Choose a validated"):
        start("address", address=theirs.pk)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"line1": ""}, "whole address"),
        ({"line1": "PO Box 12"}, "PO box"),
        ({"country": ""}, "whole address"),
        ({"line1": "200 side street"}, "Write it so"),
    ],
)
def test_an_address_that_the_service_does_not_know(start, acme, numbers, changed, says):
    with pytest.raises(Refused, match=says):
        start("address", **{**PARAMS, **changed})
    assert not acme.jobs.exists()


def test_a_service_that_does_not_answer(start, numbers, settings):
    settings.CARRIER = "tests.emergency.test_address_job.Deaf"
    with pytest.raises(Refused, match="does not answer"):
        start("address", **PARAMS)
