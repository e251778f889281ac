"""One number's type, location, note and tags: what may be changed, why not, and what is told of it."""

import pytest

from accounts.models import AuditEntry
from emergency.models import EmergencyAddress
from lib.transitions import Refused
from pstn.models import NumberEvent, PhoneNumber
from pstn.workflow import number_edits as workflow
from tests.factories import make_connected_location, make_location, make_number, make_own_address

URL = "/acme/numbers/14085550142/"
S, K = PhoneNumber.State, PhoneNumber.Kind


@pytest.fixture
def signed_in(client, eli):
    client.force_login(eli)
    return client


@pytest.fixture
def number(location):
    return make_number(location)


def told(what):
    return NumberEvent.unscoped.filter(what=what).values_list("before", "after", "note")


class TestRetype:
    def test_to_a_contact_center_and_back(self, signed_in, number):
        said = signed_in.post(f"{URL}type/", {"kind": "contact_center"})
        assert "Say how many calls it takes at once." in said.content.decode()
        signed_in.post(f"{URL}type/", {"kind": "contact_center", "sessions": "30"})
        number.refresh_from_db()
        assert (number.kind, number.sessions, number.calls_at_once) == ("contact_center", 30, 30)
        signed_in.post(f"{URL}type/", {"kind": "standard", "sessions": "30"})
        number.refresh_from_db()
        assert (number.kind, number.sessions) == ("standard", None)
        assert list(told("retyped").order_by("pk")) == [
            ("standard", "contact_center", "30 calls at once"),
            ("contact_center", "standard", ""),
        ]
        assert "Standard → Contact center · 30 calls at once" in signed_in.get(URL).content.decode()
        assert AuditEntry.objects.filter(what="number.retype").count() == 2

    def test_nothing_is_told_of_what_stays(self, number, eli):
        workflow.retype(number, "standard", by=eli)
        assert not told("retyped")

    @pytest.mark.parametrize(
        ("e164", "fields", "to", "said"),
        [
            ("+18885550142", {"kind": K.TOLL_FREE}, "service", "Toll-free follows from the number itself."),
            ("+447400123456", {"kind": K.MOBILE}, "service", "Mobile follows"),
            ("+443301234567", {"kind": K.NON_GEOGRAPHIC}, "service", "Non-geographic follows"),
            ("x1-4001", {"kind": K.EXTENSION, "state": S.NOT_APPLICABLE}, "service", "has only an extension"),
            ("+14085550142", {}, "toll_free", "cannot be chosen"),
            ("+14085550142", {}, "extension", "cannot be chosen"),
            ("+14085550142", {"state": S.PORTING}, "service", "not in service here yet"),
            ("+14085550142", {"assigned_to": "Anita"}, "service", "Assigned to Anita"),
        ],
    )
    def test_what_does_not_go_says_why(self, location, eli, e164, fields, to, said):
        number = make_number(location, e164, **fields)
        with pytest.raises(Refused, match=said):
            workflow.retype(number, to, by=eli)

    def test_the_page_says_why_not(self, signed_in, number, location):
        location.main_number = number
        location.save()
        page = signed_in.get(f"{URL}type/").content.decode()
        assert "Main number of San Jose HQ." in page
        assert "<fieldset" not in page


class TestMove:
    def test_to_another_location(self, signed_in, acme, number, location):
        target = make_connected_location(acme, name="Austin")
        assert "Austin" in signed_in.get(f"{URL}move/").content.decode()
        signed_in.post(f"{URL}move/", {"to": target.pk})
        number.refresh_from_db()
        assert number.location == target
        assert list(told("moved")) == [(str(location.pk), str(target.pk), "Austin")]
        assert AuditEntry.objects.get(what="number.move").after == {"location": "Austin"}

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"state": S.INACTIVE}, "It is inactive"),
            ({"state": S.PENDING}, "not in service here yet"),
            ({"assigned_to": "Anita"}, "Assigned to Anita"),
            ({"kind": K.EXTENSION, "state": S.NOT_APPLICABLE}, "has only an extension"),
        ],
    )
    def test_a_number_that_has_to_stay(self, acme, location, eli, fields, said):
        number = make_number(location, "+14085550143", **fields)
        with pytest.raises(Refused, match=said):
            workflow.move(number, make_connected_location(acme, name="Austin"), by=eli)

    def test_the_main_number_and_a_part_of_a_block_stay(self, acme, location, number, eli):
        target = make_connected_location(acme, name="Austin")
        block = acme.number_blocks.create(first=number.e164, last="+14085550151", size=10)
        part = make_number(location, "+14085550143", block=block)
        with pytest.raises(Refused, match=r"Part of block .*can only be moved as a whole"):
            workflow.move(part, target, by=eli)
        location.main_number = number
        location.save()
        with pytest.raises(Refused, match="Main number"):
            workflow.move(number, target, by=eli)

    def test_places_it_cannot_go_to_are_listed_with_the_reason(self, signed_in, acme, number):
        make_location(acme, name="Bare")
        make_connected_location(acme, "premises", name="Warehouse")
        make_connected_location(acme, name="London", country="GB")
        unsafe = make_connected_location(acme, name="Unsafe")
        EmergencyAddress.unscoped.filter(location=unsafe).update(state="rejected")
        page = signed_in.get(f"{URL}move/").content.decode()
        for said in (
            "Bare has no PSTN connection yet.",
            "Warehouse has another kind of PSTN connection.",
            "London is in another country.",
            "Unsafe has no validated emergency address.",
            "There is no such location.",
        ):
            assert said in page
        assert page.count("disabled") >= 4
        make_own_address(number)
        assert signed_in.post(f"{URL}move/", {"to": unsafe.pk}).status_code == 302

    def test_an_extension_that_is_taken_there(self, signed_in, acme, location):
        number = make_number(location, extension="4142")
        target = make_connected_location(acme, name="Austin")
        make_number(target, "+15125550142", extension="4142")
        response = signed_in.post(f"{URL}move/", {"to": target.pk})
        assert "Extension 4142 is taken at Austin." in response.content.decode()
        number.refresh_from_db()
        assert number.location == location

    def test_a_neighbours_location_is_no_choice(self, signed_in, globex, number):
        theirs = make_connected_location(globex)
        assert signed_in.post(f"{URL}move/", {"to": theirs.pk}).status_code == 422

    def test_the_choices_cost_the_same_however_many(
        self, signed_in, acme, number, django_assert_max_num_queries
    ):
        for n in range(30):
            make_connected_location(acme, name=f"Place {n}")
        with django_assert_max_num_queries(7):
            signed_in.get(f"{URL}move/")


class TestNoteAndTags:
    def test_written_in_the_panel(self, signed_in, acme, number):
        data = {"note": "  For the\nlobby ", "tags": "VIP, lobby;vip , "}
        assert signed_in.post(f"{URL}describe/", data).url == URL
        number.refresh_from_db()
        assert number.note == "For the lobby"
        page = signed_in.get(URL).content.decode()
        assert "For the lobby" in page
        assert 'value="VIP, lobby"' in page
        assert set(acme.tags.values_list("name", flat=True)) == {"VIP", "lobby"}

    def test_only_what_differs_is_told(self, signed_in, acme, number):
        signed_in.post(f"{URL}describe/", {"note": "Lobby", "tags": "one, two"})
        signed_in.post(f"{URL}describe/", {"note": "Lobby", "tags": "TWO, three"})
        stories = NumberEvent.unscoped.order_by("pk").values_list("what", "note")
        assert list(stories) == [
            ("noted", "Lobby"),
            ("tagged", "one, two"),
            ("tagged", "three"),
            ("untagged", "one"),
        ]
        assert acme.tags.count() == 3

    @pytest.mark.parametrize(
        ("typed", "said"),
        [("a" * 41, "at most 40 characters"), (",".join(map(str, range(21))), "at most 20 tags")],
    )
    def test_too_much_is_said_at_the_field(self, signed_in, number, typed, said):
        response = signed_in.post(f"{URL}describe/", {"note": "", "tags": typed})
        assert response.status_code == 422
        assert said in response.content.decode()
