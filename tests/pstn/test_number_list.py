from datetime import date, timedelta

import pytest
from django.utils import timezone

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
    number = make_number(location, extension="4142", assigned_to="Anita Perez")
    location.main_number = number
    location.save()
    make_number(location, "+18885550199", kind="toll_free")
    make_number(location, "+14085550150", state="porting", port_date=date(2027, 12, 12))
    body = page()
    for text in ("+1 408-555-0142", "4142", "Anita Perez", ">Main<", ">Toll-free<", "Porting in · 12 Dec"):
        assert text in body
    assert "3 numbers" in body


def test_the_part_comes_alone(client, vic, location):
    make_number(location)
    client.force_login(vic)
    headers = {"HX-Request": "true", "HX-Target": "results"}
    body = client.get("/acme/numbers/", headers=headers).content.decode()
    assert body.strip().startswith('<div id="results">')


def test_the_address_to_copy_is_short(client, vic, location):
    many(location, 60)
    client.force_login(vic)
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = client.get("/acme/numbers/?q=&sort=number&assignment=&main=&state=active", headers=headers)
    assert response.headers["HX-Push-Url"] == "/acme/numbers/?state=active"
    cursor = response.context["page"].next
    response = client.get(f"/acme/numbers/?state=active&after={cursor}", headers=headers)
    assert response.headers["HX-Push-Url"] == f"/acme/numbers/?state=active&after={cursor}"


@pytest.mark.parametrize(
    "q",
    ["(408) 555-0142", "+1 408 555 0142", "0142", "14085550142", "408555", "4242", "perez", "Anita P", "42"],
)
def test_search_finds_it_however_it_is_written(page, location, q):
    make_number(location, extension="4242", assigned_to="Anita Perez")
    make_number(location, "+16505559999")
    body = page(f"?q={q.replace('+', '%2B')}")
    assert "+1 408-555-0142" in body
    assert "+1 650-555-9999" not in body


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=inactive", {"2"}),
        ("?state=inactive&state=porting", {"2", "3"}),
        ("?type=toll_free", {"4"}),
        ("?assignment=assigned", {"1"}),
        ("?assignment=unassigned&state=active", {"4"}),
        ("?main=yes", {"1"}),
        ("?main=no&state=active", {"4"}),
        ("?state=nonsense&type=%00&location=x&location=999999&sort=bogus", {"1", "2", "3", "4"}),
        ("?q=408555000&state=active&assignment=assigned", {"1"}),
    ],
)
def test_filters_combine(page, location, query, found):
    location.main_number = make_number(location, "+14085550001", assigned_to="Anita")
    location.save()
    make_number(location, "+14085550002", state="inactive")
    make_number(location, "+14085550003", state="porting")
    make_number(location, "+18885550004", kind="toll_free")
    body = page(query)
    assert {n for n in "1234" if f"555-000{n}<" in body} == found


def test_a_location_is_a_filter(page, acme, location):
    other = make_location(acme, name="Austin office")
    make_number(location)
    make_number(other, "+15125550100")
    body = page(f"?location={other.pk}")
    assert "512-555-0100" in body
    assert "408-555-0142" not in body
    assert "Location: Austin office" in body


@pytest.mark.parametrize("sort", ["number", "-number", "changed", "-changed"])
def test_every_page_and_back(client, vic, location, sort):
    many(location, 120)
    for n, row in enumerate(PhoneNumber.unscoped.order_by("e164")):
        PhoneNumber.unscoped.filter(pk=row.pk).update(updated_at=timezone.now() - timedelta(minutes=n % 7))
    client.force_login(vic)
    seen, page, cursor = [], None, ""
    while cursor is not None:
        page = client.get(f"/acme/numbers/?sort={sort}{cursor}").context["page"]
        seen += [row.e164 for row in page.rows]
        cursor = f"&after={page.next}" if page.next else None
    assert len(seen) == len(set(seen)) == 120
    back = client.get(f"/acme/numbers/?sort={sort}&before={page.previous}").context["page"]
    assert [row.e164 for row in back.rows] == seen[50:100]


@pytest.mark.parametrize("count", [1, 60])
def test_the_page_costs_the_same_however_many_rows(
    client, vic, location, count, django_assert_max_num_queries
):
    many(location, count)
    client.force_login(vic)
    client.get("/acme/numbers/")
    # Session, person, membership, the switcher; then locations, the page, its bounded count, waiting for terms.
    with django_assert_max_num_queries(8):
        client.get("/acme/numbers/?q=408&state=active&sort=-changed")


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
    assert "2 without State" in body
    assert "without Search" not in body


def test_a_location_admin_sees_own_numbers(client, acme, lou, location):
    other = make_location(acme, name="Austin office")
    make_number(location)
    make_number(other, "+15125550100")
    acme.memberships.get(user=lou).administered.create(location=other)
    client.force_login(lou)
    body = client.get(f"/acme/numbers/?location={location.pk}").content.decode()
    assert "512-555-0100" in body
    assert "408-555-0142" not in body
    assert "San Jose HQ" not in body


def test_numbers_of_others_stay_there(page, location, globex):
    make_number(make_location(globex), "+14155550100")
    assert "415-555-0100" not in page("?q=415")
