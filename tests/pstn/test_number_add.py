import time

import pytest

from accounts.models import AuditEntry
from pstn.models import NumberEvent, PhoneNumber
from tests.factories import make_connected_location, make_location, make_number

PART = {"HX-Request": "true", "HX-Target": "verdicts"}


@pytest.fixture
def warehouse(acme):
    return make_connected_location(acme, "premises", name="Warehouse")


@pytest.fixture
def signed_in(client, eli):
    client.force_login(eli)
    return client


def data(location, numbers, **fields):
    return {"location": location.pk, "kind": "standard", "numbers": numbers, **fields}


def verdicts(client, location, numbers):
    return client.post("/acme/numbers/add/verdicts/", data(location, numbers), headers=PART).content.decode()


def test_adds_what_is_ready(signed_in, warehouse, eli):
    text = "(408) 555-0142\t+1 408.555.0143; 4085550144 ext 12\n408-555-0150 - 52\nhello"
    response = signed_in.post("/acme/numbers/add/", data(warehouse, text))
    assert response.url == f"/acme/numbers/?location={warehouse.pk}"
    rows = list(PhoneNumber.unscoped.values_list("e164", "tail", "state"))
    assert [row[0][-4:] for row in rows] == ["0142", "0143", "0144", "0150", "0151", "0152"]
    assert rows[0] == ("+14085550142", "24105558041", "active")
    assert NumberEvent.unscoped.filter(what="added", by=eli).count() == 6
    assert AuditEntry.objects.filter(what="number.add").count() == 1


def test_activate_later(signed_in, warehouse):
    signed_in.post("/acme/numbers/add/", data(warehouse, "4085550142", later="on"))
    assert PhoneNumber.unscoped.get().state == "inactive"


def test_toll_free_numbers_are_recognized(signed_in, warehouse):
    assert "Added as a toll-free number." in verdicts(signed_in, warehouse, "888 555 0199")
    signed_in.post("/acme/numbers/add/", data(warehouse, "888 555 0199", kind="service"))
    assert PhoneNumber.unscoped.get().kind == "toll_free"


@pytest.mark.parametrize(
    ("typed", "word", "sentence"),
    [
        ("408 555 0199", "Ready", "1 ready"),
        ("4085550142 4085550142", "Already here", "It is already at this location."),
        ("4085550199, 4085550199", "Duplicate", "is already in this list"),
        ("408 555 0143", "Elsewhere", "It is already at San Jose HQ."),
        ("408 555 0144", "Cannot be added", "This number cannot be added."),
        ("+44 20 7946 0991", "Other country", "is a number of another country"),
        ("555-0142", "Not a number", "has 7 digits. Add the area code."),
        ("900 555 0142", "Cannot be added", "Premium-rate"),
        ("hello", "Not a number", "hello is not a phone number"),
        ("<script>alert(1)</script>", "Not a number", "&lt;script&gt;"),
    ],
)
def test_each_line_gets_its_verdict(signed_in, acme, globex, warehouse, typed, word, sentence):
    make_number(warehouse)
    make_number(make_location(acme), "+14085550143")
    make_number(make_location(globex, name="Globex tower"), "+14085550144")
    body = verdicts(signed_in, warehouse, typed)
    assert word in body
    assert sentence in body
    assert "Globex" not in body
    assert "<h1" not in body


def test_a_range_with_a_hole(signed_in, warehouse):
    make_number(warehouse, "+14085550155")
    body = verdicts(signed_in, warehouse, "408-555-0150 - 59")
    assert "9 ready, 1 skipped" in body
    assert "9 numbers" in body


def test_without_javascript_the_check_is_a_page(signed_in, warehouse):
    body = signed_in.post("/acme/numbers/add/verdicts/", data(warehouse, "4085550142")).content.decode()
    assert "<h1" in body
    assert "1 ready" in body
    assert not PhoneNumber.unscoped.exists()


def test_nothing_typed_is_lost(signed_in, warehouse):
    body = signed_in.post("/acme/numbers/add/", data(warehouse, "hello, 12")).content.decode()
    assert "None of these numbers can be added" in body
    assert "hello, 12</textarea>" in body


def test_more_than_a_thousand_get_a_sentence(signed_in, warehouse):
    text = "\n".join(f"408{n:07}" for n in range(2000000, 2001001))
    body = signed_in.post("/acme/numbers/add/", data(warehouse, text)).content.decode()
    assert "At most 1,000 numbers can be added at once; this list has 1,001." in body
    assert not PhoneNumber.unscoped.exists()
    text = text.rpartition("\n")[0]
    assert signed_in.post("/acme/numbers/add/", data(warehouse, text)).status_code == 302
    assert PhoneNumber.unscoped.count() == 1000


def test_twelve_thousand_characters_within_a_second(signed_in, warehouse):
    text = "\n".join(f"(408) {n // 10000}-{n % 10000:04}" for n in range(2340000, 2340810))
    assert len(text) > 12_000
    before = time.perf_counter()
    body = verdicts(signed_in, warehouse, text)
    assert time.perf_counter() - before < 1
    assert "810 ready" in body


def test_verdicts_cost_the_same_however_many(signed_in, warehouse, django_assert_max_num_queries):
    text = "\n".join(f"408234{n:04}" for n in range(500))
    # Session, person, membership; the location for the field and its label; whose the numbers are.
    with django_assert_max_num_queries(7):
        verdicts(signed_in, warehouse, text)


def test_taken_between_check_and_add(signed_in, warehouse, monkeypatch):
    from pstn import paste

    make_number(warehouse)
    monkeypatch.setattr(paste, "taken", lambda e164s: {})
    body = signed_in.post("/acme/numbers/add/", data(warehouse, "4085550142 4085550143")).content.decode()
    assert "Already in your inventory: +1 408-555-0142." in body
    assert PhoneNumber.unscoped.count() == 1


def test_only_own_gateways_take_numbers_by_hand(signed_in, acme, globex, warehouse):
    plan = make_connected_location(acme)
    theirs = make_connected_location(globex, "premises", name="Globex tower")
    page = signed_in.get("/acme/numbers/add/").content.decode()
    assert "Warehouse" in page
    assert "San Jose HQ" not in page
    for location in (plan, theirs):
        body = signed_in.post("/acme/numbers/add/", data(location, "4085550142")).content.decode()
        assert "Select a valid choice" in body
    assert not PhoneNumber.unscoped.exists()


class TestStart:
    def page(self, client, location):
        return client.get(f"/acme/numbers/start/?location={location.pk}").content.decode()

    def test_a_calling_plan_sells(self, signed_in, acme):
        page = self.page(signed_in, make_connected_location(acme))
        assert "uses Cisco calling plan: numbers are ordered or ported, not typed in." in page
        assert page.count('<button class="btn primary">') == 3  # numbers, a block, a port

    def test_a_gateway_takes_them_by_hand(self, signed_in, warehouse):
        page = self.page(signed_in, warehouse)
        assert page.count("uses its own gateway") == 4  # three kinds of order, and a port
        assert f"/acme/numbers/add/?location={warehouse.pk}" in page

    def test_not_connected(self, signed_in, acme):
        location = make_location(acme)
        page = self.page(signed_in, location)
        assert page.count("has no PSTN connection yet.") == 5
        assert f"/acme/locations/{location.pk}/pstn/connection/" in page

    def test_a_trial_does_not_port(self, signed_in, acme):
        acme.is_trial = True
        acme.save()
        assert "Porting comes with a paid subscription." in self.page(
            signed_in, make_connected_location(acme)
        )

    def test_a_looker_may_not(self, client, acme, vic):
        client.force_login(vic)
        assert client.get("/acme/numbers/start/").status_code == 403
