"""Ada moves a thousand numbers, pauses, stops and takes it back; deletes a block, and has numbers back."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Organization
from pstn.jobs.tasks import run
from pstn.models import Job, NumberBlock, PhoneNumber
from tests.factories import make_connected_location


@pytest.fixture
def ada(visitor):
    visitor.signs_in("ada@acme.example")
    return visitor


@pytest.fixture
def worker(settings, monkeypatch):
    """The worker does one slice of 200 numbers when the test says so, and nothing by itself."""
    settings.JOB_SLICE, settings.JOB_SECONDS = 200, 0
    for place in ("lib.queue.publish", "pstn.jobs.tasks.publish"):
        monkeypatch.setattr(place, lambda *_: True)

    def work(slices=1):
        for _slice in range(slices):
            run(Job.unscoped.latest("pk").pk)

    return work


@pytest.fixture
def acme(world):
    return Organization.objects.get(slug="acme")


def add(place, count, first=14085560000, **fields):
    numbers = [f"+{first + n}" for n in range(count)]
    PhoneNumber.unscoped.bulk_create(
        PhoneNumber(
            org=place.org, location=place, e164=e164, tail=e164[:0:-1], **{"state": "active", **fields}
        )
        for e164 in numbers
    )
    return numbers


def test_a_thousand_numbers_move_rest_stop_and_go_back(ada, acme, worker):
    page = ada.page
    hall = make_connected_location(acme, name="Old hall")
    make_connected_location(acme, name="New hall")
    add(hall, 1000)
    hall.phone_numbers.filter(e164__in=["+14085560003", "+14085560004"]).update(assigned_to="Anita Perez")
    ada.goes_to(f"/acme/numbers/?location={hall.pk}")
    page.get_by_label("Select all 1,000 matching").check()
    ada.presses("Move")
    ada.presses("Cancel")
    ada.presses("Move")  # what was chosen is still chosen
    ada.sees("1,000 numbers are chosen.")
    page.get_by_role("radio", name="New hall").check()
    ada.sees("998 will work, 2 will not")
    ada.sees("Assigned. Unassign first.")
    ada.finds_it_accessible()
    ada.presses("Move 998 numbers")
    ada.sees("Move 1,000 numbers to New hall: it has started. You can keep working.")
    ada.follows("View task")
    worker()
    ada.sees("200 of 1,000 · 2 could not be changed")
    at_a_fifth = re.compile(r"^\(20 %\) Move 1,000 numbers to New hall")
    expect(page).to_have_title(at_a_fifth)  # a moment after the rest
    ada.finds_it_accessible()
    ada.presses("Pause")
    ada.sees_the_status("Paused")
    worker()
    assert hall.phone_numbers.count() == 802
    ada.presses("Resume")
    worker()
    ada.sees("400 of 1,000")
    ada.presses("Stop")
    ada.sees_the_status("Stopped")
    ada.sees("what was done stays, the rest is as it was")
    ada.finds_it_accessible()
    ada.presses("Undo")
    worker(2)
    ada.sees_the_status("Completed")
    assert hall.phone_numbers.count() == 1000
    ada.follows("Close")
    page.get_by_role("button", name="Tasks").click()
    ada.sees("Undo: Move 398 numbers to New hall")
    ada.finds_it_accessible()
    ada.goes_to("/acme/tasks/")
    ada.finds_it_accessible()


def test_a_block_is_deleted_as_a_whole_and_restored(ada, acme):
    hall = make_connected_location(acme, name="Old hall")
    block = NumberBlock.unscoped.create(org=acme, first="+14085560000", last="+14085560019", size=20)
    numbers = add(hall, 20, block=block)
    chosen = "&".join(f"numbers=%2B{e164[1:]}" for e164 in numbers[:4])
    ada.goes_to(f"/acme/numbers/jobs/delete/?{chosen}")
    ada.sees("Nothing would change: 4 will not work.")
    ada.sees("Part of a block")
    ada.presses("Take the whole blocks")
    ada.presses("Delete 20 numbers")
    assert hall.phone_numbers.count() == 20  # the count was not typed
    ada.types("Type 20 to delete 20 numbers", "20")
    ada.finds_it_accessible()
    ada.presses("Delete 20 numbers")
    ada.sees("20 numbers are deleted.")
    assert not hall.phone_numbers.exists()
    ada.goes_to("/acme/numbers/deleted/")
    ada.sees(re.compile("For (29|30) more days"))
    ada.finds_it_accessible()
    for e164 in ("+1 408-556-0000", "+1 408-556-0001"):
        ada.page.get_by_role("checkbox", name=f"Select {e164}").check()
    ada.presses("Restore selected")
    ada.sees("Nothing would change: 2 will not work.")
    ada.finds_it_accessible()
    ada.presses("Take the whole blocks")
    ada.sees("20 will work")
    ada.presses("Restore 20 numbers")
    ada.sees("20 numbers are back.")
    assert hall.phone_numbers.filter(block=block).count() == 20
    add(hall, 1, first=14085560020)
    ada.goes_to("/acme/numbers/jobs/delete/?numbers=%2B14085560020")
    ada.presses("Delete 1 number")
    ada.goes_to("/acme/numbers/deleted/")
    ada.presses("Restore +1 408-556-0020")
    ada.sees("1 number is back.")
    assert hall.phone_numbers.count() == 21
