"""Giving a number to somebody, and taking it back."""

import pytest

from emergency.models import EmergencyAddress
from lib.transitions import Refused
from pstn.models import LocationAdmin, Owner
from pstn.workflow import numbers as workflow
from tests.factories import make_connected_location, make_number, make_own_address
from tests.pstn.preparing.factories import COMING, URL, story

ASSIGN = f"/acme/numbers/{COMING[1:]}/assign/"
ANITA = {"owner": "new", "kind": "user", "name": " Anita  Perez "}


@pytest.fixture
def here(location):
    return make_number(location, COMING)


class TestAssign:
    def test_to_somebody_new(self, signed_in, acme, here):
        data = {**ANITA, "caller_name": "Acme", "capabilities": ["fax"], "extension": "4142"}
        assert signed_in.post(ASSIGN, data).status_code == 302
        here.refresh_from_db()
        owner = acme.owners.get()
        assert (owner.name, owner.kind, here.owner, here.assigned_to) == (
            *("Anita Perez", "user"),
            *(owner, "Anita Perez"),
        )
        assert (here.extension, here.caller_name, here.capabilities) == ("4142", "Acme", ["voice", "fax"])
        assert story(COMING) == ["assigned", "named", "extended"]

    def test_and_taken_back(self, signed_in, here, eli):
        workflow.assign(here, assigned_to="Anita", by=eli)
        page = signed_in.post(f"/acme/numbers/{COMING[1:]}/unassign/", follow=True).content.decode()
        assert "is unassigned" in page
        here.refresh_from_db()
        assert (here.owner, here.assigned_to) == (None, "")
        assert story(COMING) == ["assigned", "unassigned"]
        with pytest.raises(Refused, match="Nobody has it"):
            workflow.unassign(here, by=eli)

    def test_to_one_of_those_that_are_found(self, signed_in, acme, location, here):
        cleo = acme.owners.create(name="Cleo de Vries")
        acme.owners.create(name="Bo Lindgren")
        found = signed_in.post(ASSIGN, {"q": "vri", "do": "find", "extension": "77"}).content.decode()
        assert "Cleo de Vries" in found
        assert "Bo Lindgren" not in found
        assert 'value="77"' in found
        signed_in.post(ASSIGN, {"owner": cleo.pk})
        here.refresh_from_db()
        assert here.owner == cleo

    def test_htmx_gets_the_radio_buttons_only(self, signed_in, acme, here):
        acme.owners.create(name="Cleo de Vries")
        headers = {"HX-Request": "true", "HX-Target": "owners"}
        part = signed_in.post(ASSIGN, {"q": "cleo"}, headers=headers).content.decode()
        assert "Cleo de Vries" in part
        assert "<h1" not in part
        assert not here.owner

    def test_nobody_is_given_a_number_without_an_address(self, signed_in, acme, here):
        EmergencyAddress.unscoped.update(state="rejected")
        response = signed_in.post(ASSIGN, ANITA)
        assert response.status_code == 422
        assert "Nobody would know where to send help" in response.content.decode()
        assert not acme.owners.exists()
        make_own_address(here)
        assert signed_in.post(ASSIGN, ANITA).status_code == 302

    def test_what_is_wrong_is_said_at_its_field(self, signed_in, acme, here, location):
        acme.owners.create(name="Anita Perez")
        make_number(location, "+14085550120", extension="4142")
        for data, said in (
            (ANITA, "There is already an owner of the kind “User” with the name Anita Perez."),
            ({**ANITA, "name": " "}, "Say what it is called."),
            ({}, "Choose one of these."),
            ({"owner": "nobody", "extension": "4142"}, "Extension 4142 is taken at San Jose HQ"),
            ({"owner": "nobody", "extension": "4"}, "2 to 10 digits"),
            ({"owner": "nobody", "extension": "٤٢"}, "2 to 10 digits"),
            ({"owner": "99999999999999999999"}, "not there any more"),
        ):
            response = signed_in.post(ASSIGN, data)
            assert response.status_code == 422, data
            assert said in response.content.decode()

    def test_a_neighbours_owner_is_nobody(self, signed_in, globex, here):
        theirs = globex.owners.create(name="Mallory")
        assert signed_in.post(ASSIGN, {"owner": theirs.pk}).status_code == 422

    def test_a_location_administrator_gives_to_their_own(self, client, acme, lou, here):
        LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=here.location)
        elsewhere = make_connected_location(acme, name="Elsewhere")
        client.force_login(lou)
        far = acme.owners.create(name="Far away", location=elsewhere)
        near = acme.owners.create(name="Near", location=here.location)
        assert client.post(ASSIGN, {"owner": far.pk}).status_code == 422
        assert client.post(ASSIGN, {"owner": near.pk}).status_code == 302

    def test_one_that_is_still_elsewhere_is_prepared_instead(self, signed_in, number):
        assert signed_in.get(ASSIGN).url == URL


class TestWhoMayHaveIt:
    def test_toll_free_numbers_are_for_features(self, signed_in, acme, location, eli):
        number = make_number(location, "+18885550142", kind="toll_free")
        url = "/acme/numbers/18885550142/assign/"
        for kind in Owner.LINES:
            owner = acme.owners.create(kind=kind, name="Anita")
            with pytest.raises(Refused, match="Toll-free numbers are for features"):
                workflow.assign(number, owner=owner, by=eli)
            page = signed_in.post(url, {"owner": "new", "kind": kind, "name": "Bo"})
            assert "Toll-free numbers are for features" in page.content.decode()
        assert signed_in.post(url, {"owner": "new", "kind": "call_queue", "name": "Bo"}).status_code == 302

    def test_a_name_alone_finds_somebody_who_may(self, acme, location, eli):
        user = acme.owners.create(name="Reception")
        number, hotline = (
            make_number(location, COMING),
            make_number(location, "+18885550142", kind="toll_free"),
        )
        for one in (number, hotline):
            workflow.assign(one, assigned_to="Reception", by=eli)
        assert number.owner == user
        assert (hotline.owner.kind, hotline.owner.name) == ("auto_attendant", "Reception")

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"kind": "reserved"}, "It is reserved"),
            ({"kind": "elin"}, "ELIN"),
            ({"state": "pending"}, "not in service here yet"),
        ],
    )
    def test_kept_from_everybody(self, location, eli, fields, said):
        number = make_number(location, COMING, **fields)
        with pytest.raises(Refused, match=said):
            workflow.assign(number, assigned_to="Anita", by=eli)

    def test_who_has_it_keeps_it_when_the_rules_change(self, here, eli):
        workflow.assign(here, assigned_to="Anita", by=eli)
        EmergencyAddress.unscoped.update(state="rejected")
        workflow.assign(here, owner=here.owner, caller_name="Acme", by=eli)
        assert here.caller_name == "Acme"
