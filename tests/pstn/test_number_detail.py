from itertools import product

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from pstn.models import NumberEvent, PhoneNumber
from pstn.workflow import number_orders, quarantine
from pstn.workflow import number_ports as ports
from pstn.workflow import numbers as workflow
from tests.factories import make_connected_location, make_number, make_number_order

URL = "/acme/numbers/14085550142/"


def test_the_panel_and_the_page(client, location, vic):
    number = make_number(location, extension="4142")
    client.force_login(vic)
    page = client.get(URL).content.decode()
    part = client.get(URL, headers={"HX-Request": "true", "HX-Target": "panel"}).content.decode()
    assert "<h1" in page
    assert "<h1" not in part
    for text in ("+1 408-555-0142", "4142", str(number.location.emergency_address), "Validated"):
        assert text in page
        assert text in part


def test_an_old_link_to_a_deleted_number_leads_to_where_it_is(client, location, eli, lou):
    number = make_number(location)
    quarantine.rest(location.org, [number], by=eli)
    client.force_login(eli)
    for response in (client.get(URL, follow=True), client.post(f"{URL}deactivate/", follow=True)):
        assert response.redirect_chain[-1][0] == "/acme/numbers/deleted/"
        assert "(408) 555-0142 is deleted. Until its time is over" in response.content.decode()
    assert client.get(URL, headers={"HX-Request": "true"}).status_code == 404
    client.force_login(lou)  # of another location
    assert client.get(URL).status_code == 404
    assert client.post(f"{URL}activate/", follow=True).status_code == 404


def test_closing_leads_back_to_the_filtered_list(client, location, vic):
    make_number(location)
    client.force_login(vic)
    headers = {"HX-Request": "true", "HX-Target": "panel"}
    headers["HX-Current-URL"] = "http://testserver/acme/numbers/?state=active"
    assert 'href="/acme/numbers/?state=active"' in client.get(URL, headers=headers).content.decode()
    headers["HX-Current-URL"] = "http://evil.example/acme/numbers/?state=active"
    assert 'href="/acme/numbers/"' in client.get(URL, headers=headers).content.decode()


def test_a_looker_has_no_actions(client, location, vic):
    make_number(location)
    client.force_login(vic)
    assert "Deactivate" not in client.get(URL).content.decode()
    assert client.post(f"{URL}deactivate/").status_code == 403


@pytest.mark.parametrize(
    ("state", "verb", "after"), [("inactive", "activate", "active"), ("active", "deactivate", "inactive")]
)
def test_activate_and_deactivate(client, location, eli, state, verb, after):
    number = make_number(location, state=state)
    client.force_login(eli)
    assert client.post(f"{URL}{verb}/").url == URL
    number.refresh_from_db()
    assert number.state == after
    event = NumberEvent.unscoped.get()
    assert (event.what, event.before, event.after, event.by) == (f"{verb}d", state, after, eli)
    assert AuditEntry.objects.get(what=f"number.{verb}").before == {"state": state}


def test_what_is_not_possible_says_why(client, location, eli):
    number = make_number(location, assigned_to="Anita Perez")
    client.force_login(eli)
    assert "Assigned to Anita Perez. Unassign it first." in client.get(URL).content.decode()
    for verb in ("deactivate", "delete"):
        page = client.post(f"{URL}{verb}/", follow=True).content.decode()
        assert "Unassign it first" in page
    number.refresh_from_db()
    assert number.state == "active"


def test_the_main_number_stays(client, location, eli):
    location.main_number = make_number(location)
    location.save()
    client.force_login(eli)
    assert "Main number of San Jose HQ." in client.post(f"{URL}delete/", follow=True).content.decode()
    assert PhoneNumber.unscoped.exists()


def test_no_number_is_activated_without_an_emergency_address(location, eli):
    number = make_number(location, state="inactive")
    location.emergency_address.delete()
    with pytest.raises(Refused, match="no validated emergency address"):
        workflow.activate(PhoneNumber.unscoped.get(pk=number.pk), by=eli)


def test_delete_asks_first(client, location, eli):
    make_number(location)
    client.force_login(eli)
    page = client.get(f"{URL}delete/").content.decode()
    assert "It can be restored for 30 days." in page
    assert "billing stops" in page
    assert client.post(f"{URL}delete/").url == "/acme/numbers/"
    assert not PhoneNumber.unscoped.exists()
    assert NumberEvent.unscoped.get().what == "deleted"


def test_a_deleted_number_can_be_ordered_again(location, eli):
    order = make_number_order(location, ("+14085550142",), state="provisioned")
    order.lines.update(is_placed=True)
    workflow.delete(make_number(location, number_order=order), by=eli)
    again = make_number_order(location, ("+14085550142",))
    with pytest.raises(Refused, match="Restore them instead"):
        number_orders.place(again, by=eli)
    quarantine.let_go(list(location.org.resting_numbers.all()))
    number_orders.place(again, by=eli)
    assert again.state == "pending"


def test_own_numbers_are_deleted_without_the_warning(client, acme, eli):
    make_number(make_connected_location(acme, "premises"))
    client.force_login(eli)
    assert "billing stops" not in client.get(f"{URL}delete/").content.decode()


def test_a_number_with_an_order_links_to_it(client, location, eli):
    order = make_number_order(location)
    make_number(location, number_order=order)
    client.force_login(eli)
    assert order.get_absolute_url() in client.get(URL).content.decode()


def test_foreign_numbers_do_not_exist(client, location, mallory, acme, lou):
    make_number(location)
    client.force_login(mallory)
    assert client.get("/globex/numbers/14085550142/").status_code == 404
    client.force_login(lou)
    assert client.get(URL).status_code == 404


VERBS = {"active": workflow.activate, "inactive": workflow.deactivate}


@pytest.mark.parametrize(("before", "after"), list(product(PhoneNumber.State.values, VERBS)))
def test_every_move_by_a_person(location, eli, before, after):
    number = make_number(location, state=before)
    by_hand = {("inactive", "active"), ("active", "inactive")}
    if (before, after) in by_hand:
        VERBS[after](number, by=eli)
    else:
        with pytest.raises(Refused):
            VERBS[after](number, by=eli)
    number.refresh_from_db()
    assert number.state == (after if (before, after) in by_hand else before)


@pytest.mark.parametrize("state", ["pending", "porting"])
def test_numbers_on_their_way_are_not_deleted(location, eli, state):
    with pytest.raises(Refused):
        workflow.delete(make_number(location, state=state), by=eli)


class TestPorting:
    NUMBERS = ("+14085550150", "+14085550151")

    def test_from_listed_to_active(self, acme, location, eli):
        from datetime import date

        ports.list_as_porting(location, self.NUMBERS, by=eli)
        ports.set_port_date(acme, self.NUMBERS, date(2027, 12, 12))
        assert {number.shown for number in acme.phone_numbers.all()} == {"Porting in · 12 Dec"}
        ports.finish_port(acme, self.NUMBERS)
        assert set(acme.phone_numbers.values_list("state", "port_date")) == {("active", None)}
        whats = acme.number_events.filter(e164=self.NUMBERS[0]).order_by("pk").values_list("what", flat=True)
        assert list(whats) == ["port_started", "port_dated", "ported_in"]

    def test_forgotten(self, acme, location, eli):
        ports.list_as_porting(location, self.NUMBERS, by=eli)
        ports.forget_port(acme, self.NUMBERS)
        ports.forget_port(acme, self.NUMBERS)
        assert not acme.phone_numbers.exists()

    def test_numbers_in_use_are_named(self, acme, location, eli):
        make_number(location, self.NUMBERS[1])
        with pytest.raises(Refused, match=r"Already in your inventory: \+1 408-555-0151\."):
            ports.list_as_porting(location, self.NUMBERS, by=eli)
        assert acme.phone_numbers.count() == 1

    def test_other_organizations_are_not_named(self, acme, globex, location, eli):
        make_number(make_connected_location(globex), self.NUMBERS[1])
        with pytest.raises(Refused, match=r"Not to be had any more: \+1 408-555-0151\."):
            ports.list_as_porting(location, self.NUMBERS, by=eli)

    @pytest.mark.parametrize("count", [1, 300])
    def test_costs_the_same_however_many(self, acme, location, eli, count, django_assert_max_num_queries):
        numbers = [f"+1408777{n:04}" for n in range(count)]
        ports.list_as_porting(location, numbers, by=eli)
        with django_assert_max_num_queries(12):
            ports.finish_port(acme, numbers)
