from datetime import date, timedelta

import pytest
from django.utils import timezone

from pstn.listing import columns
from pstn.models import PhoneNumber
from tests.factories import make_connected_location, make_location, make_number


@pytest.fixture
def location(acme):
    return make_location(acme)


@pytest.fixture
def page(client, vic):
    client.force_login(vic)
    return lambda query="": client.get(f"/acme/numbers/{query}").content.decode()


def many(location, count):
    rows = [f"+1408777{n:04}" for n in range(count)]
    PhoneNumber.unscoped.bulk_create(
        PhoneNumber(org=location.org, location=location, e164=e164, tail=e164[:0:-1], state="active")
        for e164 in rows
    )


def test_a_row_says_what_it_is(page, location):
    location.routing_prefix = "8"
    number = make_number(location, extension="4142", assigned_to="Anita Perez")
    location.main_number = number
    location.save()
    make_number(location, "+18885550199", kind="toll_free")
    make_number(location, "+14085550150", state="porting", port_date=date(2027, 12, 12))
    make_number(location, f"x{location.pk}-4001", kind="extension", state="na", extension="4001")
    body = page()
    for text in ("+1 408-555-0142", "8-4142", "Anita Perez", ">Main<", ">Toll-free<", "Porting in · 12 Dec"):
        assert text in body
    assert "Extension 4001" in body
    assert ">4 numbers<" in body


def test_a_count_that_nobody_keeps_is_asked_for_afterwards(page, location):
    many(location, 60)
    asked = 'hx-get="/acme/numbers/count/?q=408777"'
    assert asked in page("?q=408777")
    assert "60 numbers" in page("count/?q=408777")
    assert "numbers/count/" not in page()  # the tallies know


def test_a_list_that_asks_again_when_a_job_has_ended_leaves_no_trace(client, vic, location):
    make_number(location)
    client.force_login(vic)
    assert 'id="again" hx-get="/acme/numbers/?q=408" hx-trigger="jobs-ended from:body"' in (
        client.get("/acme/numbers/?q=408").content.decode()
    )
    headers = {"HX-Request": "true", "HX-Target": "results", "HX-Trigger": "again"}
    assert "HX-Push-Url" not in client.get("/acme/numbers/?q=408", headers=headers).headers


def test_the_part_comes_alone(client, vic, location):
    make_number(location)
    client.force_login(vic)
    headers = {"HX-Request": "true", "HX-Target": "results"}
    body = client.get("/acme/numbers/", headers=headers).content.decode()
    assert body.strip().startswith('<div id="results"')


def test_the_address_to_copy_is_short(client, vic, location):
    many(location, 60)
    client.force_login(vic)
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = client.get("/acme/numbers/?q=&sort=number&added_from=&state=active", headers=headers)
    assert response.headers["HX-Push-Url"] == "/acme/numbers/?state=active"
    cursor = response.context["page"].next
    response = client.get(f"/acme/numbers/?state=active&after={cursor}", headers=headers)
    assert response.headers["HX-Push-Url"] == f"/acme/numbers/?state=active&after={cursor}"


@pytest.mark.parametrize("preset", range(len(columns.PRESETS)))
def test_every_ready_made_set_of_columns_has_a_page(page, location, preset):
    make_number(location)
    assert "+1 408-555-0142" in page(f"?columns={','.join(columns.PRESETS[preset][1])}")


def test_a_location_is_a_filter(page, acme, location):
    other = make_location(acme, name="Austin office")
    make_number(location)
    make_number(other, "+15125550100")
    body = page(f"?location={other.pk}")
    assert "512-555-0100" in body
    assert "408-555-0142" not in body
    assert "Location: Austin office" in body


SORTS = [
    *("number", "-number", "location", "-location", "changed", "-changed"),
    *("assigned", "-status", "type", "added", "-added"),
]


@pytest.mark.parametrize("sort", SORTS)
def test_every_page_and_back(client, vic, acme, location, sort):
    many(location, 120)
    places = [make_location(acme, name="Attic"), location, make_location(acme, name="Yard")]
    for n, row in enumerate(PhoneNumber.unscoped.order_by("e164")):
        moment = timezone.now() - timedelta(minutes=n % 7)
        PhoneNumber.unscoped.filter(pk=row.pk).update(
            location=places[n % 3],
            updated_at=moment,
            created_at=moment,
            assigned_to=f"Person {n % 5}" if n % 3 else "",
        )
    client.force_login(vic)
    seen, page, cursor = [], None, ""
    while cursor is not None:
        page = client.get(f"/acme/numbers/?sort={sort}{cursor}").context["page"]
        seen += [row["e164"] for row in page.rows]
        cursor = f"&after={page.next}" if page.next else None
    assert len(seen) == len(set(seen)) == 120
    back = client.get(f"/acme/numbers/?sort={sort}&before={page.previous}").context["page"]
    assert [row["e164"] for row in back.rows] == seen[50:100]
    last = client.get(f"/acme/numbers/?sort={sort}&last=1").context["page"]
    assert [row["e164"] for row in last.rows] == seen[-50:]
    assert last.next is None


@pytest.mark.parametrize("q", ["", "&q=0014", "&q=Pat", "&state=inactive"])
def test_locations_in_order_of_their_names(client, vic, acme, globex, location, q):
    make_number(make_connected_location(globex, name="Annex"), "+14085559014")
    owner = acme.owners.create(name="Pat Doe")
    for n, name in enumerate(("Yard", "Barn", "Mill", "Attic")):
        place = make_connected_location(acme, name=name)
        for line in (2, 1):
            make_number(place, f"+1408{line}{n}50014", state="inactive", owner=owner, assigned_to=owner.name)
    client.force_login(vic)
    wanted = [(name, line) for name in ("Attic", "Barn", "Mill", "Yard") for line in "12"]
    for sort, order in (("location", wanted), ("-location", wanted[::-1])):
        rows = client.get(f"/acme/numbers/?sort={sort}{q}").context["page"].rows
        assert [(row["location__name"], row["e164"][5]) for row in rows] == order


def test_a_heading_says_how_it_is_sorted(page, location):
    make_number(location)
    assert '<th scope="col" aria-sort="descending"><a href="/acme/numbers/">Phone number' in page(
        "?sort=-number"
    )
    assert 'aria-sort="ascending"><a href="/acme/numbers/?sort=-assigned">Assigned to' in page(
        "?sort=assigned"
    )


def test_a_location_that_is_out_of_reach_is_said_to_be_left_out(client, acme, globex, vic, lou, location):
    """As in a view that somebody else shares."""
    other, theirs = make_location(acme, name="Austin office"), make_location(globex, name="Annex")
    location.administrators.create(membership=lou.memberships.get())
    make_number(location)
    left_out = "A location was asked for that is not there for you"
    for person, place, is_said in (
        (lou, other, True),
        (lou, location, False),
        (vic, other, False),
        (vic, theirs, True),
    ):
        client.force_login(person)
        body = client.get(f"/acme/numbers/?location={place.pk}").content.decode()
        assert (left_out in body) is is_said
        assert "Annex" not in body


def test_empty_without_a_connection(page, location):
    assert "No location has a PSTN connection" in page()


def test_empty_with_one(page, acme):
    make_connected_location(acme)
    assert "No numbers yet" in page()


def test_a_filter_that_finds_none_offers_to_drop_each(page, location):
    make_number(location)
    make_number(location, "+14085550143")
    body = page("?state=inactive&q=408")
    assert "No number matches" in body
    assert "2 numbers without “State: Inactive”" in body
    assert "without “Search" not in body


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("?q=555", "With five or more they are found anywhere."),
        ("?q=Anita", "Notes are not searched."),
        ("?state=inactive&type=mobile", "Take some of the filters away."),
    ],
)
def test_a_search_that_finds_none_says_what_is_searched(page, location, query, hint):
    make_number(location)
    assert hint in page(query)


def test_a_location_admin_sees_own_numbers(client, acme, lou, location):
    other = make_location(acme, name="Austin office")
    make_number(location)
    make_number(other, "+15125550100")
    acme.memberships.get(user=lou).administered.create(location=other)
    client.force_login(lou)
    for query in (f"?location={location.pk}", f"?location={location.pk}&main=no", "?q=555"):
        body = client.get(f"/acme/numbers/{query}").content.decode()
        assert "512-555-0100" in body or query == "?q=555"
        assert "408-555-0142" not in body
        assert "San Jose HQ" not in body
    assert ">1 number<" in client.get("/acme/numbers/").content.decode()


def test_numbers_of_others_stay_there(page, location, globex):
    make_number(make_location(globex), "+14155550100")
    assert "415-555-0100" not in page("?q=415")
    assert "415-555-0100" not in page("?q=5550100")


def test_waiting_for_the_terms(page, location):
    make_number(location, state="inactive", waits_for_terms=True)
    assert "Accept the terms of service to activate 1 number." in page()
