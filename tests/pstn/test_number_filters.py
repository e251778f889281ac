"""Each filter of the numbers page alone and with another; what a job reads from the same address is the same."""

import re
from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from pstn.listing.filters import NumberFilter
from pstn.listing.words import CHOICES
from pstn.models import NumberTag, PhoneNumber
from pstn.selection import Selection
from tests.factories import make_connected_location, make_location, make_number, make_number_order
from tests.porting.outs.factories import make_port_out


@pytest.fixture
def inventory(acme):
    """Five numbers, 1 to 5, of which hardly two are alike."""
    here = make_connected_location(acme)
    there = make_location(acme, name="London", country="GB")
    queue = acme.owners.create(name="Sales", kind="call_queue")
    order = make_number_order(here)
    block = acme.number_blocks.create(first="+14085550001", last="+14085550010", size=10)
    one = make_number(here, "+14085550001", owner=queue, assigned_to="Sales", block=block, number_order=order)
    here.main_number = one
    here.save()
    make_number(here, "+14085550002", state="inactive")
    make_number(here, "+18885550003", kind="toll_free", state="porting")
    four = make_number(there, "+442079460004", assigned_to="Ann")
    five = make_number(there, "+442079460005", kind="mobile")
    acme.emergency_addresses.create(number=five, state="validated", line1="1 Pall Mall", city="London")
    acme.emergency_addresses.create(number=four, state="rejected", line1="1 Pall Mall", city="London")
    NumberTag.unscoped.create(number=four, tag=acme.tags.create(name="VIP"))
    PhoneNumber.unscoped.exclude(pk=five.pk).update(created_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    PhoneNumber.unscoped.filter(pk=five.pk).update(created_at=datetime(2026, 3, 5, 23, 59, tzinfo=UTC))
    make_port_out(here, numbers=("+14085550002",))
    return {"order": order.pk, "there": there.pk}


FILTERS = [
    ("state=inactive", "2"),
    ("state=inactive&state=porting", "23"),
    ("state=porting_out", "2"),
    ("state=porting_out&state=porting", "23"),
    ("type=toll_free", "3"),
    ("assignment=assigned", "14"),
    ("assignment=unassigned&state=active", "5"),
    ("assignment=call_queue", "1"),
    ("assignment=call_queue&assignment=unassigned", "1235"),
    ("location={there}", "45"),
    ("country=GB", "45"),
    ("country=GB&type=mobile", "5"),
    ("provider=calling_plan", "123"),
    ("provider=none", "45"),
    ("main=yes", "1"),
    ("main=no&state=active", "45"),
    ("emergency=location", "12"),
    ("emergency=custom", "5"),
    ("emergency=missing", "4"),
    ("emergency=unchecked", "4"),
    ("emergency=missing&location={there}", "4"),
    ("emergency=custom&emergency=missing", "45"),
    ("block=yes", "1"),
    ("block=no&country=US", "23"),
    ("order=N-{order}", "1"),
    ("tag=VIP", "4"),
    ("tag=VIP&tag=none", "4"),
    ("added_from=2026-03-02", "5"),
    ("added_to=2026-03-05", "12345"),
    ("added_to=2026-03-04&country=GB", "4"),
    ("q=408555000&state=active&assignment=assigned", "1"),
    ("q=sal", "1"),
]


@pytest.mark.parametrize(("query", "found"), FILTERS)
def test_a_filter_finds(client, vic, acme, inventory, query, found):
    query = query.format(**inventory)
    client.force_login(vic)
    response = client.get(f"/acme/numbers/?{query}")
    rows = response.context["page"].rows
    assert "".join(sorted(row["e164"][-1] for row in rows)) == found
    # The total is counted elsewhere; and a job with this address means the same numbers.
    assert response.context["count_text"].split()[0] == str(len(found))
    meant = Selection(query=query).apply(acme, acme.memberships.get(user=vic))
    assert "".join(sorted(e164[-1] for e164 in meant.values_list("e164", flat=True))) == found


def test_nonsense_is_ignored(client, vic, inventory):
    client.force_login(vic)
    query = "state=nonsense&type=%00&location=x&location=999999&sort=bogus&added_from=2026-99-01&order=N-x"
    assert len(client.get(f"/acme/numbers/?{query}").context["page"].rows) == 5


def test_the_last_day_that_can_be_written_is_a_day(client, vic, inventory):
    client.force_login(vic)
    assert len(client.get("/acme/numbers/?added_to=9999-12-31").context["page"].rows) == 5


def counted(client, query=""):
    segments = client.get(f"/acme/numbers/{query}").context["segments"]
    return [int(found) for found in re.findall(r"<small>(\d+)</small>", segments)]


def test_the_segments_say_how_many(client, vic, inventory):
    client.force_login(vic)
    assert counted(client) == [5, 3, 1, 1, 1, 1]
    assert counted(client, f"?location={inventory['there']}") == [2, 1, 0, 0, 1, 0]


def test_what_is_set_can_be_taken_away(client, vic, inventory):
    client.force_login(vic)
    parts = client.get("/acme/numbers/?q=408&state=active&tag=VIP&added_from=2026-03-02").context["parts"]
    assert [str(part) for part in parts] == [
        "Search: 408",
        "State: Active",
        "Tag: VIP",
        "Added from: March 2, 2026",
    ]
    assert parts[2].without.query() == "?q=408&state=active&added_from=2026-03-02"


@pytest.mark.parametrize(("query", "_found"), FILTERS)
def test_an_address_reads_as_it_is_written(acme, inventory, query, _found):
    asked = NumberFilter.read(QueryDict(query.format(**inventory)), acme.locations.all())
    assert NumberFilter.read(QueryDict(asked.query().removeprefix("?")), acme.locations.all()) == asked


def test_the_filters_are_a_page_and_a_part(client, vic, inventory):
    client.force_login(vic)
    page = client.get("/acme/numbers/filters/?state=active&tag=VIP&q=408").content.decode()
    assert '<input type="checkbox" name="state" value="active" checked>' in page
    assert '<input type="checkbox" name="tag" value="VIP" checked>' in page
    headers = {"HX-Request": "true", "HX-Target": "filters"}
    part = client.get("/acme/numbers/filters/?state=active", headers=headers).content.decode()
    assert "<html" not in part
    assert "London" in part


def test_of_the_countries_those_with_locations_and_the_chosen_ones(client, vic, acme, inventory):
    def countries(query=""):
        groups = client.get(f"/acme/numbers/filters/{query}").context["groups"]
        (group,) = [group for group in groups if group["name"] == "country"]
        return [value for value, _label, _checked in group["choices"]]

    client.force_login(vic)
    assert countries() == ["US", "GB"]
    assert countries("?country=DE") == ["US", "GB", "DE"]
    for n in range(50):
        make_location(acme, name=f"Hall {n}")
    assert len(countries()) == len(CHOICES["country"])  # not all locations are read


def test_locations_are_found_by_name(client, vic, inventory):
    client.force_login(vic)
    headers = {"HX-Request": "true", "HX-Target": "filter-places"}
    part = client.get("/acme/numbers/filters/?find=lond", headers=headers).content.decode()
    assert "London" in part
    assert "San Jose HQ" not in part
