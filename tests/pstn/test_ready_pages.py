"""Pages of numbers whose SQL is kept: the same rows as those whose SQL is made each time, for each person."""

import pytest

from pstn.listing import columns, ready_pages
from pstn.listing.filters import NumberFilter
from tests.factories import make_connected_location, make_number


@pytest.fixture
def places(acme):
    places = [make_connected_location(acme, name=name) for name in ("Hall", "Yard")]
    for n, place in enumerate(places):
        for line in range(3):
            make_number(place, f"+1408555{n}{line:03}")
        for name in ("Pat Doe", f"Sam Roe {n}"):
            owner = acme.owners.get_or_create(name=name)[0]
            make_number(place, f"+1503555{n}{len(name):03}", owner=owner, assigned_to=name, extension="1000")
    return places


@pytest.mark.parametrize(
    "q",
    [
        "",
        "+1408555",
        "+14085551",
        "408-555-0001",
        "+44",
        "0001",
        "1000",
        "5551",
        "15",
        "408",
        "85550",
        "555000",
        "4085550",
        "10001",
        "9",
        "pat",
        "sam roe",
        "doe pat",
        "sam roe 1",
        "nobody",
    ],
)
@pytest.mark.parametrize("sort", ["number", "-number"])
def test_they_find_the_same_for_everybody(acme, globex, ada, lou, places, q, sort):
    make_number(make_connected_location(globex), "+14085559000")
    places[1].administrators.create(membership=lou.memberships.get())
    asked = NumberFilter(q=q, sort=sort)
    for membership in (ada.memberships.get(), lou.memberships.get()):
        numbers = acme.phone_numbers.within(membership)
        found = ready_pages.page_of(acme, membership, asked, 4)
        assert found == list(
            columns.rows(asked.apply(numbers).order_by(*asked.by), columns.DEFAULT, asked.by)[:4]
        )


def test_other_questions_are_left_to_others(acme, ada, places):
    membership = ada.memberships.get()
    for asked in (NumberFilter(state=("active",)), NumberFilter(columns=("note",))):
        assert ready_pages.page_of(acme, membership, asked, 4) is None
