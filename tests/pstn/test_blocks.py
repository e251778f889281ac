"""A block of numbers goes as a whole or not at all (PRODUCT N5)."""

import pytest

from accounts.models import AuditEntry
from lib.transitions import Refused
from pstn.models import LocationAdmin, NumberEvent
from pstn.workflow import blocks as workflow
from pstn.workflow import numbers
from tests.factories import make_connected_location, make_number


@pytest.fixture
def block(acme, location):
    block = acme.number_blocks.create(first="+14085550150", last="+14085550159", size=10)
    for n in range(10):
        make_number(location, f"+1408555015{n}", block=block)
    return block


@pytest.fixture
def signed_in(client, eli):
    client.force_login(eli)
    return client


def test_one_of_it_alone_stays(signed_in, acme, block, eli):
    number = acme.phone_numbers.first()
    with pytest.raises(Refused, match="A block can only be released as a whole"):
        numbers.delete(number, by=eli)
    page = signed_in.get(number.get_absolute_url()).content.decode()
    assert "10 numbers of a block of 10" in page
    assert block.get_absolute_url() in page
    page = signed_in.get(f"{number.get_absolute_url()}delete/").content.decode()
    assert "Show the block" in page
    assert acme.phone_numbers.count() == 10


def test_more_than_ten_are_released_by_typing_how_many(signed_in, acme, location):
    block = acme.number_blocks.create(first="+14087770000", last="+14087770049", size=50)
    for n in range(50):
        make_number(location, f"+140877700{n:02}", block=block)
    url = f"{block.get_absolute_url()}release/"
    assert "Type 50 to delete 50 numbers" in signed_in.get(url).content.decode()
    answer = signed_in.post(url, {"confirm": "5"})
    assert (answer.status_code, acme.phone_numbers.count()) == (422, 50)
    assert "Type 50: so many numbers are deleted." in answer.content.decode()
    assert signed_in.post(url, {"confirm": "50"}).url == "/acme/numbers/"
    assert not acme.phone_numbers.exists()


def test_released_together(signed_in, acme, block, eli):
    url = f"{block.get_absolute_url()}release/"
    page = signed_in.get(url).content.decode()
    assert "These 10 numbers belong to a block of 10. A block can only be released as a whole." in page
    assert "30 days" in page
    assert signed_in.post(url).url == "/acme/numbers/"
    assert not acme.phone_numbers.exists()
    assert acme.resting_numbers.count() == 10
    assert NumberEvent.unscoped.filter(what="deleted", by=eli, before="active").count() == 10
    assert len(AuditEntry.objects.get(what="number_block.release").before["numbers"]) == 10


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"assigned_to": "Anita"}, "Assigned to Anita"), ({"state": "porting"}, "Part of a port")],
)
def test_all_stay_while_one_has_to(signed_in, acme, block, eli, fields, said):
    acme.phone_numbers.filter(e164="+14085550153").update(**fields)
    url = block.get_absolute_url()
    assert said in signed_in.get(url).content.decode()
    assert said in signed_in.post(f"{url}release/", follow=True).content.decode()
    assert acme.phone_numbers.count() == 10


def test_the_main_number_keeps_all(signed_in, acme, block, location, eli):
    location.main_number = acme.phone_numbers.first()
    location.save()
    with pytest.raises(Refused, match=r"\+1 408-555-0150 has to stay: Main number of San Jose HQ"):
        workflow.release_block(block, by=eli, within=eli.memberships.get())


def test_a_location_administrator_needs_all_of_it(client, acme, block, location, lou):
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=location)
    elsewhere = make_connected_location(acme, name="Elsewhere")
    acme.phone_numbers.filter(e164="+14085550159").update(location=elsewhere)
    client.force_login(lou)
    page = client.get(block.get_absolute_url()).content.decode()
    assert "/numbers/14085550158/" in page
    assert "/numbers/14085550159/" not in page
    page = client.post(f"{block.get_absolute_url()}release/", follow=True).content.decode()
    assert "at locations that you do not administer" in page
    assert acme.phone_numbers.count() == 10


@pytest.mark.parametrize("size", [2, 100])
def test_it_costs_the_same_however_many(acme, location, eli, size, django_assert_max_num_queries):
    block = acme.number_blocks.create(first="+14085550200", last="+14085550299", size=size)
    for n in range(size):
        make_number(location, f"+14085552{n:03}", block=block)
    membership = eli.memberships.get()
    with django_assert_max_num_queries(25):
        workflow.release_block(block, by=eli, within=membership)
    assert acme.resting_numbers.count() == size
