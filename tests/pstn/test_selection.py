"""Which numbers are meant: those ticked, or all that a query of the numbers page finds, within reach."""

import pytest
from django.http import QueryDict

from pstn.selection import Selection
from tests.factories import make_connected_location, make_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def membership(ada):
    return ada.memberships.get()


@pytest.fixture
def numbers(location):
    return [make_number(location, f"+140855501{n:02}", state=["active", "inactive"][n % 2]) for n in range(6)]


def found(selection, org, membership):
    return sorted(selection.apply(org, membership).values_list("e164", flat=True))


@pytest.mark.parametrize(
    ("posted", "read"),
    [
        ("", Selection("?none")),
        ("numbers=%2B1408&numbers=%2B1409&numbers=%2B1408", Selection("?none", ("+1408", "+1409"))),
        ("all=1&query=%3Fstate%3Dactive", Selection("?state=active")),
        ("all=1", Selection()),
        ("numbers=", Selection("?none")),
    ],
)
def test_it_is_read_from_a_form_and_written_back(posted, read):
    selection = Selection.read(QueryDict(posted))
    assert selection == read
    pairs = selection.pairs() if not selection.is_empty else []
    again = QueryDict(mutable=True)
    for name, value in pairs:
        again.appendlist(name, value)
    assert Selection.read(again) == read


def test_nothing_selected_is_nothing(acme, membership, numbers):
    assert found(Selection.read(QueryDict("")), acme, membership) == []


def test_everything_is_everything_of_this_organization(acme, globex, membership, numbers):
    make_number(make_connected_location(globex), "+14155550100")
    assert found(Selection(), acme, membership) == [number.e164 for number in numbers]
    assert found(Selection(numbers=("+14155550100",)), acme, membership) == []


@pytest.mark.parametrize("mark", ["", "?"])
def test_a_query_is_the_pages_own(acme, membership, numbers, mark):
    assert found(Selection(f"{mark}state=inactive"), acme, membership) == [n.e164 for n in numbers[1::2]]


def test_a_location_that_is_not_there_means_none(acme, membership, numbers):
    """As a filter of the page it is left out; a job over all numbers instead would be a catastrophe."""
    assert found(Selection("?location=999999"), acme, membership) == []


def test_within_reach(acme, lou, numbers, location):
    membership = lou.memberships.get()
    assert found(Selection(), acme, membership) == []
    location.administrators.create(membership=membership)
    assert len(found(Selection(), acme, membership)) == 6
