"""Mode "delete": into the quarantine, by the rules of deleting on the page."""

from pstn.models import NumberBlock, NumberEvent
from tests.factories import make_number


def test_numbers_go_to_rest_and_a_second_time_it_is_done_already(send, run, acme, location):
    make_number(location, "+14085550142", state="inactive", note="kept")
    job = run(send("delete", "+14085550142", header="number"))
    assert (job.done, job.failed) == (1, 0)
    assert not acme.phone_numbers.exists()
    assert acme.resting_numbers.get().was["note"] == "kept"
    assert NumberEvent.unscoped.get().what == "deleted"
    assert send("delete", "+14085550142", header="number").plan == {"s": 1}


def test_what_may_not_be_deleted_says_why(send, acme, location, problems):
    make_number(location, "+14085550142", assigned_to="Ada Park")
    main = make_number(location, "+14085550143")
    location.main_number = main
    location.save()
    it = send("delete", "+14085550142", "+14085550143", "+14085550144", header="number")
    assert problems(it) == {2: ("number", "assigned"), 3: ("number", "main"), 4: ("number", "not_here")}


def test_a_block_goes_as_a_whole_or_not_at_all(send, run, acme, location, problems):
    block = NumberBlock.unscoped.create(org=acme, first="+14085550100", last="+14085550109", size=10)
    numbers = [make_number(location, f"+140855501{n:02}", block=block) for n in range(10)]
    some = send("delete", *[number.e164 for number in numbers[:9]], header="number")
    assert set(problems(some).values()) == {("number", "block")}
    job = run(send("delete", *[number.e164 for number in numbers], header="number"))
    assert job.done == 10
