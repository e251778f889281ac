"""The tiles of "Add numbers": those that are not possible stay and say why."""

from urllib.parse import quote

import pytest

from pstn.starts import starts
from tests.factories import make_connected_location, make_location


@pytest.fixture
def place(acme):
    def place(country="US", kind="calling_plan"):
        return make_connected_location(acme, kind, name=f"{country} {kind}", country=country)

    return place


def tiles(org, location):
    return {tile.kind or tile.icon: tile.why_not for tile in starts(org, location)}


def test_template_a(acme, place):
    assert tiles(acme, place()) == {
        "standard": "",
        "block": "",
        "toll_free": "Needs the toll-free license. Ask your partner.",
        "arrow-right-left": "",
        "keyboard": "US calling_plan uses Cisco calling plan: numbers are ordered or ported, not typed in.",
    }
    acme.may_toll_free = True
    assert tiles(acme, place("CA"))["toll_free"] == ""


def test_template_c(acme, place):
    shown = tiles(acme, place("GB"))
    assert {kind for kind, why_not in shown.items() if not why_not} >= {"standard", "non_geographic", "block"}
    assert shown["toll_free"] == "There are none for this country."
    assert "assisted" not in shown


def test_template_b(acme, place):
    shown = tiles(acme, place("DE"))
    assert shown["assisted"] == ""
    assert shown["block"] == shown["toll_free"] == "There are none for this country."
    assert "standard" not in shown


def test_trials(acme, place):
    acme.is_trial = acme.may_toll_free = True
    shown = tiles(acme, place())
    assert shown["standard"] == ""
    assert "come with a paid subscription" in shown["block"]
    assert "come with a paid subscription" in shown["toll_free"]


def test_not_connected(acme):
    location = make_location(acme, name="Bare")
    assert set(tiles(acme, location).values()) == {"Bare has no PSTN connection yet."}


def test_a_location_that_numbers_cannot_be_ordered_for_yet_says_so(client, eli, place):
    location, gateway = place(), place(kind="premises")
    page = f"/acme/numbers/start/?location={location.pk}"
    address = f'href="/acme/emergency/locations/{location.pk}/?next={quote(page, safe="")}"'
    client.force_login(eli)
    assert address not in client.get(page).content.decode()
    location.emergency_address.delete()
    gateway.emergency_address.delete()
    told = client.get(page).content.decode()
    assert "has no validated emergency address. You can look for numbers now" in told
    assert address in told
    other = client.get(f"/acme/numbers/start/?location={gateway.pk}").content.decode()
    assert "You can look for numbers now" not in other


def test_the_page_posts_the_kind(client, acme, eli, place):
    location = place()
    client.force_login(eli)
    page = client.get(f"/acme/numbers/start/?location={location.pk}").content.decode()
    assert 'name="kind" value="block"' in page
    assert "Needs the toll-free license" in page
