"""What the panel of a number and the menu of its row tell: cards, reasons, tasks, ports; at a fixed price."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from pstn.models import NumberEvent, NumberTag
from tests.factories import make_number, make_number_order
from tests.porting.factories import make_port_order
from tests.porting.outs.factories import make_port_out

URL = "/acme/numbers/14085550142/"
HTMX = {"HX-Request": "true", "HX-Target": "menu"}


@pytest.fixture
def signed_in(client, eli):
    client.force_login(eli)
    return client


def shown(client, url=URL):
    return client.get(url).content.decode()


def rich(location, members=10, events=3, tags=2):
    """A number with everything that a panel shows."""
    org = location.org
    block = org.number_blocks.create(first="+14085550142", last="+14085550151", size=10)
    owner = org.owners.create(name="Anita Perez", kind="contact_center")
    number = make_number(
        location,
        kind="contact_center",
        sessions=30,
        note="For the hotline",
        block=block,
        owner=owner,
        assigned_to=owner.name,
        billing_from=date(2026, 11, 2),
        number_order=make_number_order(location),
    )
    for n in range(1, members):
        make_number(location, f"+1408555{142 + n:04}", block=block)
    for n in range(tags):
        NumberTag.unscoped.create(number=number, tag=org.tags.create(name=f"tag {n}"))
    for n in range(events):
        job = org.jobs.create(kind="note", key=f"job {n}", undo_until=timezone.now() + timedelta(minutes=9))
        NumberEvent.unscoped.create(org=org, e164=number.e164, what="noted", job=job)
    return number


def test_every_fact_is_there(signed_in, location):
    number = rich(location)
    page = shown(signed_in)
    for said in (
        "Contact center",
        "30",
        "For the hotline",
        "tag 1",
        "10 numbers of a block of 10",
        'datetime="2026-11-02"',
        number.owner.get_absolute_url(),
        number.number_order.get_absolute_url(),
    ):
        assert said in page
    job = number.org.jobs.first()
    assert f"Task {job}" in page
    assert page.count("Undo<") == 3
    job.org.jobs.update(undo_until=timezone.now())
    assert "Undo<" not in shown(signed_in)


@pytest.mark.parametrize("many", [1, 9])
def test_it_costs_the_same_however_much_there_is(signed_in, location, many, django_assert_max_num_queries):
    rich(location, members=many + 1, events=many, tags=many)
    shown(signed_in)
    with django_assert_max_num_queries(10):
        shown(signed_in)


def test_a_port_on_its_way(signed_in, acme, location):
    order = make_port_order(acme, state="foc_received", numbers=("+14085550142",), location=location)
    acme.phone_numbers.update(port_date=date(2026, 12, 3))
    page = shown(signed_in)
    assert f'href="{order.get_absolute_url()}">{order.reference}' in page
    assert 'datetime="2026-12-03"' in page


def test_a_request_to_take_it_away(signed_in, location):
    number = make_number(location)
    request = make_port_out(location, numbers=(number.e164,))
    assert request.reference in shown(signed_in)


class TestMenu:
    def test_what_is_possible_and_why_the_rest_is_not(self, signed_in, location):
        make_number(location, assigned_to="Anita Perez")
        part = signed_in.get(f"{URL}menu/", headers=HTMX).content.decode()
        assert "<h1" not in part
        for word in ("Unassign", "Move", "Change type", "Emergency address", "Delete", "View history"):
            assert word in part
        assert part.count("Assigned to Anita Perez. Unassign it first.") == 4
        assert f'href="{URL}describe/"' in part

    def test_who_only_looks_sees_no_acts(self, client, location, vic):
        make_number(location)
        client.force_login(vic)
        part = client.get(f"{URL}menu/", headers=HTMX).content.decode()
        assert "View history" in part
        assert "Move" not in part

    def test_opened_as_a_page_it_leads_to_the_number(self, signed_in, location):
        make_number(location)
        assert signed_in.get(f"{URL}menu/").url == URL

    def test_its_price(self, signed_in, location, django_assert_max_num_queries):
        rich(location)
        signed_in.get(f"{URL}menu/", headers=HTMX)
        with django_assert_max_num_queries(5):
            signed_in.get(f"{URL}menu/", headers=HTMX)
