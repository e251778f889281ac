"""The numbers for programs: the page's own question, its order, its cursor, and nobody else's numbers."""

import pytest

from tests.factories import make_connected_location, make_number

pytestmark = pytest.mark.django_db
URL = "/acme/numbers/json/"


def told(client, url=URL):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.json()


def test_pages_follow_each_other_to_the_end(client, ada, location):
    for last in range(5):
        make_number(location, e164=f"+1408555010{last}", state="inactive" if last else "active")
    client.force_login(ada)
    first = told(client, f"{URL}?size=2&state=inactive")
    assert [row["number"] for row in first["numbers"]] == ["+14085550101", "+14085550102"]
    second = told(client, first["next"])
    assert [row["number"] for row in second["numbers"]] == ["+14085550103", "+14085550104"]
    assert second["next"] is None


def test_a_number_in_full(client, ada, location):
    make_number(location, assigned_to="Nora Quist", extension="4001", note="Front desk")
    client.force_login(ada)
    assert told(client)["numbers"] == [
        {
            "number": "+14085550142",
            "state": "active",
            "type": "standard",
            "extension": "4001",
            "assigned_to": "Nora Quist",
            "location": location.name,
            "note": "Front desk",
        }
    ]


def test_an_extension_has_no_number(client, ada, location):
    make_number(location, e164=f"x{location.pk}-4001", kind="extension", state="na", extension="4001")
    client.force_login(ada)
    assert [(row["number"], row["extension"]) for row in told(client)["numbers"]] == [("", "4001")]


def test_nothing_of_the_neighbor_and_nothing_out_of_reach(client, lou, acme, globex):
    for org in (acme, globex):
        make_number(make_connected_location(org), e164=f"+1408555{org.pk:04}")
    client.force_login(lou)
    assert told(client) == {"numbers": [], "next": None}


@pytest.mark.parametrize(("asked", "found"), [("1", 1), ("0", 1), ("x", 3), ("99999999999", 3), ("", 3)])
def test_a_size_that_makes_no_sense(client, ada, location, asked, found):
    for last in range(3):
        make_number(location, e164=f"+1408555010{last}")
    client.force_login(ada)
    assert len(told(client, f"{URL}?size={asked}")["numbers"]) == found


def test_a_fixed_number_of_statements(client, ada, location, django_assert_max_num_queries):
    for last in range(20):
        make_number(location, e164=f"+140855501{last:02}")
    client.force_login(ada)
    with django_assert_max_num_queries(4):
        told(client)
