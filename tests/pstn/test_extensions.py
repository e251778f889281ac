"""Extensions: with a number or alone, unique at their location, dialed from elsewhere with a prefix."""

import pytest

from lib.transitions import Refused
from pstn.models import PhoneNumber
from pstn.workflow import extensions, number_ports
from pstn.workflow import numbers as workflow
from tests.factories import make_connected_location, make_number

NEW = "/acme/numbers/extensions/new/"


@pytest.fixture
def signed_in(client, eli):
    client.force_login(eli)
    return client


@pytest.fixture
def alone(location, eli):
    return extensions.add(location, "4001", by=eli)


def test_added_on_its_page(signed_in, location):
    response = signed_in.post(NEW, {"location": location.pk, "extension": "4001", "note": "Lobby"})
    row = PhoneNumber.unscoped.get()
    assert response.url == row.get_absolute_url() == f"/acme/numbers/x{location.pk}-4001/"
    assert (row.e164, row.state, row.kind, row.note) == (f"x{location.pk}-4001", "na", "extension", "Lobby")
    page = signed_in.get(response.url).content.decode()
    for said in (
        "Extension 4001",
        "Not applicable",
        "It has only an extension and is not in the telephone network.",
    ):
        assert said in page


@pytest.mark.parametrize("verb", ["activate", "deactivate"])
def test_a_verb_that_comes_too_late_calls_it_an_extension(signed_in, alone, verb):
    page = signed_in.post(f"{alone.get_absolute_url()}{verb}/", follow=True).content.decode()
    assert "Extension 4001 is Not applicable; that is not possible now." in page
    assert f"{alone.e164} " not in page


def test_a_deleted_one_is_called_an_extension(acme, alone, eli):
    workflow.delete(alone, by=eli)
    assert acme.resting_numbers.get().national == "Extension 4001"
    assert acme.audit_entries.get(what="number.delete").subject == "Extension 4001"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("4", "2 to 10 digits"),
        ("40o1", "2 to 10 digits"),
        ("12345678901", "2 to 10 digits"),
        ("4001", "is taken"),
    ],
)
def test_what_cannot_be_one(signed_in, alone, typed, said):
    response = signed_in.post(NEW, {"location": alone.location_id, "extension": typed})
    assert response.status_code == 422
    assert said in response.content.decode()


def test_once_at_a_location_with_a_number_or_without(acme, location, alone, eli):
    number = make_number(location)
    with pytest.raises(Refused, match="Extension 4001 is taken at San Jose HQ: Extension 4001"):
        workflow.assign(number, extension="4001", by=eli)
    workflow.assign(number, extension="4142", assigned_to="Anita", by=eli)
    with pytest.raises(Refused, match="taken at San Jose HQ: Anita"):
        extensions.add(location, "4142", by=eli)
    extensions.add(make_connected_location(acme, name="Austin"), "4142", by=eli)


def test_it_is_assigned_like_a_number(signed_in, alone):
    url = f"{alone.get_absolute_url()}assign/"
    assert signed_in.post(url, {"owner": "new", "kind": "user", "name": "Anita"}).status_code == 302
    alone.refresh_from_db()
    assert alone.assigned_to == "Anita"


@pytest.mark.parametrize("verb", ["activate", "deactivate"])
def test_it_has_no_life_in_the_telephone_network(alone, eli, verb):
    with pytest.raises(Refused):
        getattr(workflow, verb)(alone, by=eli)
    assert alone.why_not_move()
    assert alone.why_not_retype()


def test_what_ports_do_is_nothing_to_it(acme, alone):
    assert number_ports.finish_port(acme, [alone.e164]) == []
    assert number_ports.hand_over(acme, [alone.e164], successors={}) == []
    assert acme.phone_numbers.get() == alone


def test_it_has_no_emergency_address_of_its_own(alone):
    assert not alone.takes_address
    assert not alone.lacks_address


def test_deleted_it_rests_and_is_nothing_to_the_carrier(acme, alone, eli):
    workflow.delete(alone, by=eli)
    assert not acme.resting_numbers.get().is_from_carrier


def test_a_location_with_extensions_only_still_needs_numbers(acme, location, alone):
    assert "numbers" in location.missing()
    assert "numbers" in acme.locations.with_standing().get().missing()
    make_number(location)
    assert "numbers" not in location.missing()


class TestPrefix:
    def edit(self, client, location, prefix):
        names = ("name", "country", "line1", "city", "state", "postal_code", "time_zone")
        data = {name: getattr(location, name) for name in names}
        return client.post(f"/acme/locations/{location.pk}/edit/", {**data, "routing_prefix": prefix})

    def test_it_stands_before_the_extension(self, signed_in, location, alone):
        self.edit(signed_in, location, "8")
        alone.refresh_from_db()
        assert alone.dialed_extension == "8-4001"
        assert "8-4001" in signed_in.get(alone.get_absolute_url()).content.decode()

    @pytest.mark.parametrize(("prefix", "said"), [("8a", "digits only"), ("7", "Austin has this prefix.")])
    def test_what_cannot_be_one(self, signed_in, acme, location, prefix, said):
        make_connected_location(acme, name="Austin", routing_prefix="7")
        assert said in self.edit(signed_in, location, prefix).content.decode()
        location.refresh_from_db()
        assert location.routing_prefix == ""
