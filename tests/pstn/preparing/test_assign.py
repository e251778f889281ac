"""Giving a number to somebody, and taking it back."""

from emergency.models import EmergencyAddress
from tests.factories import make_number
from tests.pstn.preparing.factories import COMING, URL, own_address, story


class TestAssign:
    def test_given_and_taken_back(self, signed_in, acme, location, eli):
        number = make_number(location, COMING)
        url = f"/acme/numbers/{COMING[1:]}/assign/"
        data = {"assigned_to": "Anita", "caller_name": "Acme", "capabilities": ["fax"]}
        assert signed_in.post(url, data).status_code == 302
        number.refresh_from_db()
        assert (number.assigned_to, number.caller_name, number.capabilities) == (
            "Anita",
            "Acme",
            ["voice", "fax"],
        )
        signed_in.post(url, {"assigned_to": ""})
        assert story(COMING) == ["assigned", "named", "unassigned", "named"]

    def test_nobody_is_given_a_number_without_an_address(self, signed_in, location):
        number = make_number(location, COMING)
        EmergencyAddress.unscoped.update(state="rejected")
        response = signed_in.post(f"/acme/numbers/{COMING[1:]}/assign/", {"assigned_to": "Anita"})
        assert response.status_code == 422
        assert "Nobody would know where to send help" in response.content.decode()
        own_address(number)
        response = signed_in.post(f"/acme/numbers/{COMING[1:]}/assign/", {"assigned_to": "Anita"})
        assert response.status_code == 302

    def test_one_that_is_still_elsewhere_is_prepared_instead(self, signed_in, number):
        assert signed_in.get(f"/acme/numbers/{COMING[1:]}/assign/").url == URL
