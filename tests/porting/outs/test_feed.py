"""What the carrier says of port-outs: applied once, whoever reads it, however often and in whatever order."""

import itertools

import pytest

from notifications.models import Message
from porting.models import PortOut
from porting.tasks import port_outs as tasks
from pstn.models import CarrierFeed, NumberEvent, PhoneNumber, StuckEvent
from tests.factories import make_connected_location, make_number
from tests.porting.factories import a_date
from tests.porting.outs.factories import GAINING, NUMBERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("number", "ada")]


def the_one():
    return PortOut.unscoped.get()


def kinds():
    return sorted(set(Message.objects.values_list("kind", flat=True)))


def test_a_request_becomes_a_port_out_of_whoever_has_the_number(acme, office, carrier, news):
    event = carrier.asks(pin="ok")
    news()
    out = the_one()
    assert (out.org, out.location, out.gaining_carrier) == (acme, office, GAINING)
    assert (out.requested_date, out.pin_given, out.state) == (event.date, "ok", "pending")
    assert out.answer_by.isoformat() == event.facts["answer_by"]
    assert [row.e164 for row in out.numbers.all()] == [NUMBERS[0]]
    assert kinds() == ["port_out_requested"]


def test_each_organization_answers_for_its_own_numbers(acme, globex, mallory, carrier, news):
    make_number(make_connected_location(globex), NUMBERS[1])
    carrier.asks(numbers=(*NUMBERS, "+14085559999"))
    news()
    mine, theirs = acme.port_outs.get(), globex.port_outs.get()
    assert [row.e164 for row in mine.numbers.all()] == [NUMBERS[0]]
    assert [row.e164 for row in theirs.numbers.all()] == [NUMBERS[1]]
    assert {message.to for message in Message.objects.all()} == {"ada@acme.example", "mallory@globex.example"}


@pytest.mark.parametrize("state", ["porting", "pending"])
def test_numbers_that_nobody_has_in_use_are_nobodys_to_answer_for(carrier, news, state):
    PhoneNumber.unscoped.update(state=state)
    carrier.asks()
    carrier.asks("SIM-O-2", numbers=("+14085559999",))
    news()
    assert not PortOut.unscoped.exists()
    assert not StuckEvent.objects.exists()


def test_numbers_at_two_locations_are_one_request_without_a_place_of_its_own(acme, carrier, news):
    make_number(make_connected_location(acme, name="Austin"), NUMBERS[1])
    carrier.asks(numbers=NUMBERS)
    news()
    out = the_one()
    assert (out.location, out.number_count) == (None, 2)
    assert out.zone == "America/Los_Angeles"


@pytest.mark.parametrize(
    ("code", "pin", "blocked"),
    [
        ("pin", "missing", "pin_missing"),
        ("pin", "wrong", "pin_wrong"),
        ("lock", "ok", "lock"),
        ("lock", "none", "lock"),
    ],
)
def test_an_attempt_that_was_refused_by_itself_is_shown_and_told(carrier, news, code, pin, blocked):
    carrier.tell("rejected", code=code, facts={"gaining_carrier": GAINING, "pin": pin}, date=a_date(3))
    news()
    out = the_one()
    assert (out.state, out.blocked_by, out.events.get().verb) == ("rejected", blocked, "block")
    message = Message.objects.get()
    assert message.kind == "port_out_blocked"
    assert str(PortOut.Block(blocked).label) in message.text
    assert carrier.told == []


def test_silence_accepts_and_the_number_leaves(acme, office, carrier, news):
    carrier.asks()
    carrier.tell("accepted", code="silence")
    carrier.tell("changed", date=a_date(5))
    carrier.tell("completed")
    news()
    out = the_one()
    assert (out.state, out.requested_date) == ("ported_out", a_date(5))
    assert out.left_at
    assert out.numbers.get().left_at
    assert not acme.phone_numbers.exists()
    story = NumberEvent.unscoped.get(what="ported_out")
    assert (story.e164, story.before, story.note) == (NUMBERS[0], "active", out.reference)
    assert kinds() == [
        "port_out_accepted",
        "port_out_completed",
        "port_out_date_changed",
        "port_out_requested",
    ]
    assert carrier.told == []  # there was nothing to answer


@pytest.mark.parametrize(
    ("kinds_told", "state"),
    [
        (["canceled"], "canceled"),
        (["rejected"], "rejected"),
        (["accepted"], "accepted"),
        (["accepted", "canceled"], "canceled"),
        (["canceled", "completed"], "ported_out"),
        (["completed", "accepted"], "ported_out"),
        (["completed", "completed"], "ported_out"),
        (["completed", "returned"], "returned"),
        (["completed", "returned", "completed"], "returned"),
        (["completed", "canceled", "rejected", "changed"], "ported_out"),
    ],
)
def test_what_happened_is_believed_and_what_does_not_fit_changes_nothing(carrier, news, kinds_told, state):
    carrier.asks()
    for kind in kinds_told:
        carrier.tell(kind, **({"date": a_date(4)} if kind == "changed" else {}))
    news()
    assert the_one().state == state
    assert not StuckEvent.objects.exists()


ENDS = ["accepted", "changed", "completed", "canceled"]


@pytest.mark.parametrize("order", list(itertools.permutations(ENDS)), ids="-".join)
def test_in_any_order_and_twice_it_is_gone_once(acme, carrier, news, order):
    """Contradictory as it is: once the carrier said that the number left, it is out of the inventory."""
    carrier.asks()
    for kind in order:
        carrier.tell(kind, **({"date": a_date(4)} if kind == "changed" else {}))
    news()
    before = list(the_one().events.values_list("pk", "after"))
    CarrierFeed.objects.update(cursor="")
    news()
    assert list(the_one().events.values_list("pk", "after")) == before
    assert the_one().state == "ported_out"
    assert not acme.phone_numbers.exists()
    assert NumberEvent.unscoped.filter(what="ported_out").count() == 1
    assert Message.objects.filter(kind="port_out_completed").count() == 1


def test_an_old_request_read_again_does_not_find_who_has_the_number_now(acme, globex, mallory, carrier, news):
    carrier.asks()
    carrier.tell("completed")
    news()
    make_number(make_connected_location(globex), NUMBERS[0])
    CarrierFeed.objects.update(cursor="")
    news()
    assert not globex.port_outs.exists()


def test_numbers_that_left_without_a_word_are_out_all_the_same(acme, carrier, news):
    carrier.tell("completed", facts={"gaining_carrier": GAINING}, date=a_date(0))
    news()
    out = the_one()
    assert (out.state, out.dispute_window()) == ("ported_out", "hot")
    assert not acme.phone_numbers.exists()


def test_some_numbers_first_and_the_others_later(acme, office, carrier, news):
    make_number(office, NUMBERS[1])
    carrier.asks(numbers=NUMBERS)
    carrier.tell("completed", numbers=NUMBERS[:1])
    news()
    assert [number.e164 for number in acme.phone_numbers.all()] == [NUMBERS[1]]
    carrier.tell("completed", numbers=NUMBERS[1:])
    news()
    assert not acme.phone_numbers.exists()
    assert the_one().numbers.filter(left_at=None).count() == 0


def test_a_poisoned_event_waits_for_its_repair_and_the_feed_goes_on(acme, office, carrier, news, swept):
    make_number(office, NUMBERS[1])
    carrier.asks()
    carrier.happened[-1].facts["answer_by"] = "soon"
    carrier.tell("completed")
    carrier.asks("SIM-O-2", numbers=NUMBERS[1:])
    news()
    assert [out.carrier_ref for out in acme.port_outs.all()] == ["SIM-O-2"]
    assert sorted(StuckEvent.objects.values_list("kind", "error")) == [
        ("port_out.completed", "LookupError"),
        ("port_out.requested", "ValueError"),
    ]
    stuck = StuckEvent.objects.get(error="ValueError")
    stuck.facts["answer_by"] = "2026-11-30T20:00:00+00:00"
    stuck.save()
    swept()
    swept()
    assert acme.port_outs.get(carrier_ref="SIM-O-1").state == "ported_out"
    assert not StuckEvent.objects.exists()


def test_a_change_without_a_date_is_kept_for_staff(carrier, news):
    carrier.asks()
    carrier.tell("changed")
    news()
    assert StuckEvent.objects.get().error == "ValueError"
    assert the_one().state == "pending"


def test_no_answer_leaves_the_cursor_alone(carrier, news):
    carrier.asks()
    carrier.down = True
    news()
    assert not PortOut.unscoped.exists()
    carrier.down = False
    news()
    assert the_one().state == "pending"


def test_a_message_that_was_lost_is_sent_by_the_sweep(carrier, swept):
    tasks.take_carrier_events()
    carrier.asks()
    tasks.take_carrier_events()  # committed nowhere: nobody was told
    assert not Message.objects.exists()
    swept()
    assert kinds() == ["port_out_requested"]
