"""The rows of the numbers page: every column, and that whatever somebody typed is only text."""

import pytest

from pstn.listing import columns, painting
from pstn.models import NumberTag
from tests.factories import make_connected_location, make_number, make_number_order

HOSTILE = "\"><script>alert('1')</script>&amp;"
ALL = tuple(columns.COLUMNS)


@pytest.fixture
def number(acme):
    location = make_connected_location(acme, name=f"A{HOSTILE}", routing_prefix="8")
    owner = acme.owners.create(name=HOSTILE, kind="workspace")
    block = acme.number_blocks.create(first="+14085550140", last="+14085550149", size=10)
    return make_number(
        location,
        extension="4142",
        owner=owner,
        assigned_to=HOSTILE,
        note=HOSTILE,
        block=block,
        number_order=make_number_order(location),
    )


def drawn(org, chosen=ALL):
    return painting.render(columns.rows(org.phone_numbers.all(), chosen, ("e164",)), chosen, "/acme/numbers/")


def test_text_is_only_text(acme, number):
    for name in ("vip", HOSTILE):
        NumberTag.unscoped.create(number=number, tag=acme.tags.create(name=name[:40]))
    html = drawn(acme)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4  # location, owner, note, tag


def test_every_column_says_what_it_knows(acme, number):
    html = drawn(acme)
    order = number.number_order_id
    for text in (
        ">8-4142<",
        "Workspace: ",
        ">Active<",
        ">Cisco calling plan<",
        ">Standard<",
        "The location's",
        f'<a href="/acme/orders/N-{order}/">N-{order}</a>',
        "+1 408-555-0140 – 0149",
        '<td data-label="Billing since"></td>',
    ):
        assert text in html, text


def test_an_icon_is_drawn_once(acme, number):
    for n in range(3):
        make_number(number.location, f"+1408555020{n}", owner=number.owner, assigned_to="Lobby")
    html = drawn(acme)
    assert html.count('id="i-monitor-speaker"') == 1
    assert html.count('href="#i-monitor-speaker"') == 3


def test_rows_and_all_their_columns_are_one_statement(acme, number, django_assert_num_queries):
    make_number(number.location, "+14085550200")
    with django_assert_num_queries(1):
        drawn(acme)


@pytest.mark.parametrize("sort", columns.ORDERS)
def test_every_order_is_one_of_the_table(sort):
    assert columns.ORDERS[sort][-1].lstrip("-") in ("e164", "id")
    assert sort in columns.SORT_WORDS
