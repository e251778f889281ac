"""Port-outs: who may ask, what is refused by itself, deadlines, silence, completion, disputes."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from carrier.base import CarrierRefused, EventKind, NumberSearch, Portable, Topic
from simulator import appointments, clock, deadlines, demo, demo_rows, port_outs, stock
from simulator.models import Appointment, Clock, NumberGuard, ServiceLine, SimPortOut
from simulator.tasks import tick

GAINING = "Tideline Wireless"


@pytest.fixture
def bought(carrier, block, days):
    """Three numbers that a customer bought."""
    found = [n.e164 for n in carrier.find_numbers(NumberSearch("US", "CA", area_code="408", quantity=3))]
    carrier.order_numbers("N-1", found, carrier.hold("H-1", found, 600).id)
    days(1)
    return found


@pytest.fixture
def ported(db):
    """Three numbers that a customer ported in."""
    demo_rows.add_account(demo.THREE_LINES)
    ServiceLine.objects.update(status="ported")
    return list(demo.THREE_LINES.numbers)


@pytest.fixture
def asked(carrier, bought):
    return port_outs.request(bought, GAINING)


def told(carrier):
    return carrier.events(Topic.PORT_OUTS, "")


def kinds(carrier):
    return [event.kind.name.removeprefix("PORT_OUT_") for event in told(carrier)]


# --- Asking -------------------------------------------------------------------------------------------------


def test_a_request_says_who_what_when_and_until_when(carrier, asked, bought):
    (event,) = told(carrier)
    assert event.kind == EventKind.PORT_OUT_REQUESTED
    assert (event.key, event.numbers) == (asked.reference, tuple(bought))
    assert event.date == date(2026, 3, 6)
    assert event.facts["gaining_carrier"] == GAINING
    assert event.facts["pin"] == "none"
    due = datetime.fromisoformat(event.facts["answer_by"])
    assert due == Appointment.objects.get(kind="out_due").due_at == asked.answer_by


def test_numbers_that_are_not_in_service_here(carrier, bought, ported):
    still_free = next(e164 for e164 in (f"+14085552{n:03}" for n in range(100)) if e164 not in bought)
    for numbers in ([], ["+12025550100"], [*bought, "+12025550100"], [still_free]):
        with pytest.raises(CarrierRefused) as refused:
            port_outs.request(numbers, GAINING)
        assert refused.value.code == "not_ours"
    ServiceLine.objects.update(status="active")
    with pytest.raises(CarrierRefused):
        port_outs.request(ported, GAINING)
    assert told(carrier) == ()
    assert not SimPortOut.objects.exists()


def test_numbers_that_are_held_or_ordered_are_not_in_service_yet(carrier, block):
    found = [n.e164 for n in carrier.find_numbers(NumberSearch("US", "CA", quantity=2))]
    hold = carrier.hold("H-1", found, 600)
    with pytest.raises(CarrierRefused):
        port_outs.request(found, GAINING)
    carrier.order_numbers("N-1", found, hold.id)
    with pytest.raises(CarrierRefused):
        port_outs.request(found, GAINING)


def test_a_number_is_asked_for_once_at_a_time(carrier, asked, bought):
    with pytest.raises(CarrierRefused) as refused:
        port_outs.request(bought[:1], "Somebody Else")
    assert refused.value.code == "busy"
    port_outs.withdraw(asked)
    assert port_outs.request(bought[:1], "Somebody Else").state == "pending"


# --- PIN and lock -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pin", "locked", "brought", "code", "found"),
    [
        ("", False, "", None, "none"),
        ("", False, "1234", None, "none"),
        ("4711", False, "4711", None, "ok"),
        ("4711", False, " 4711 ", None, "ok"),
        ("4711", False, "", "pin", "missing"),
        ("4711", False, "1174", "pin", "wrong"),
        ("4711", True, "4711", "lock", "ok"),
        ("", True, "", "lock", "none"),
    ],
)
def test_the_guard(carrier, bought, days, pin, locked, brought, code, found):
    carrier.guard_numbers("G-1", bought[:1], pin, locked)
    row = port_outs.request(bought, GAINING, brought)
    (event,) = told(carrier)
    assert event.facts["pin"] == found
    if code is None:
        assert event.kind == EventKind.PORT_OUT_REQUESTED
        return
    assert (event.kind, event.code, row.state) == (EventKind.PORT_OUT_REJECTED, code, "blocked")
    assert event.facts["gaining_carrier"] == GAINING
    assert "4711" not in repr(event)
    days(5)
    assert len(told(carrier)) == 1
    for answer in (True, False):
        with pytest.raises(CarrierRefused) as refused:
            carrier.answer_port_out(row.reference, "A-1", answer, "invalid_pin")
        assert refused.value.code == "too_late"


def test_numbers_with_different_pins_can_not_leave_together(carrier, bought):
    carrier.guard_numbers("G-1", bought[:1], "1111", False)
    carrier.guard_numbers("G-2", bought[1:2], "2222", False)
    assert port_outs.request(bought, GAINING, "1111").state == "blocked"
    assert port_outs.request(bought[:1], GAINING, "1111").state == "pending"


def test_the_last_word_about_a_guard_counts_and_an_old_key_changes_nothing(carrier, bought):
    carrier.guard_numbers("G-1", bought, "1111", True)
    carrier.guard_numbers("G-2", bought, "2222", False)
    carrier.guard_numbers("G-1", bought, "1111", True)
    assert {(g.pin, g.is_locked) for g in NumberGuard.objects.all()} == {("2222", False)}
    carrier.guard_numbers("G-3", bought, "", False)
    carrier.guard_numbers("G-2", bought, "2222", False)
    assert not NumberGuard.objects.exists()


def test_a_number_that_was_given_up_is_not_guarded_any_more(carrier, bought):
    carrier.guard_numbers("G-1", bought, "1111", True)
    carrier.return_numbers("return-1", bought[:1])
    assert set(NumberGuard.objects.values_list("e164", flat=True)) == set(bought[1:])


# --- The time to answer -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        ("2026-03-03T15:00", "2026-03-04T15:00"),  # Tuesday 10:00 Eastern
        ("2026-03-03T11:00", "2026-03-04T13:00"),  # Tuesday 06:00: counts from 08:00
        ("2026-03-03T22:00", "2026-03-04T22:00"),  # Tuesday 17:00, the last moment
        ("2026-03-03T22:01", "2026-03-05T13:00"),  # a minute later: from Wednesday 08:00
        ("2026-03-06T20:00", "2026-03-09T19:00"),  # Friday 15:00 to Monday 15:00, and the clocks change
        ("2026-03-07T15:00", "2026-03-10T12:00"),  # Saturday: from Monday 08:00
        ("2026-07-02T14:00", "2026-07-06T14:00"),  # the day before the observed holiday of 3 July
        ("2026-07-03T14:00", "2026-07-07T12:00"),  # on the holiday
        ("2026-12-24T16:00", "2026-12-28T16:00"),  # over Christmas and the weekend
    ],
)
def test_one_business_day(asked_at, due):
    moment = datetime.fromisoformat(asked_at).replace(tzinfo=UTC)
    assert deadlines.one_business_day_after(moment) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_silence_is_consent_after_a_business_day(carrier, asked, days):
    days(0.9)
    assert kinds(carrier) == ["REQUESTED"]
    days(0.2)
    assert kinds(carrier) == ["REQUESTED", "ACCEPTED"]
    assert told(carrier)[-1].code == "silence"
    with pytest.raises(CarrierRefused) as refused:
        carrier.answer_port_out(asked.reference, "A-1", False, "invalid_pin")
    assert refused.value.code == "too_late"


def test_with_real_days_the_deadline_is_told_and_kept(carrier, bought, wall):
    Clock.objects.update(day_seconds=None)
    wall.move_to("2026-03-06T20:00:00Z", tick=False)
    port_outs.request(bought, GAINING)
    assert told(carrier)[0].facts["answer_by"] == "2026-03-09T15:00:00-04:00"
    wall.move_to("2026-03-09T18:59:00Z", tick=False)
    tick()
    assert kinds(carrier) == ["REQUESTED"]
    wall.move_to("2026-03-09T19:00:30Z", tick=False)
    tick()
    assert kinds(carrier) == ["REQUESTED", "ACCEPTED"]


def test_a_clock_that_stands_still_gives_time(carrier, asked, days):
    clock.pause()
    days(50)
    assert kinds(carrier) == ["REQUESTED"]
    clock.resume()
    days(1.1)
    assert kinds(carrier) == ["REQUESTED", "ACCEPTED"]


# --- Answers ------------------------------------------------------------------------------------------------


def test_accepted_numbers_leave_on_their_date_and_can_be_ported_back(carrier, asked, bought, days):
    for _again in range(3):
        carrier.answer_port_out(asked.reference, "A-1", True)
    assert kinds(carrier) == ["REQUESTED", "ACCEPTED"]
    assert told(carrier)[-1].code == ""
    days(2.9)
    assert kinds(carrier)[-1] == "ACCEPTED"
    days(0.2)
    assert kinds(carrier) == ["REQUESTED", "ACCEPTED", "COMPLETED"]
    assert told(carrier)[-1].numbers == tuple(bought)
    answers = carrier.check_portability("US", bought)
    assert {(a.portable, a.losing_carrier) for a in answers} == {(Portable.YES, GAINING)}
    assert carrier.find_numbers(NumberSearch("US", "CA", quantity=100))
    assert not set(bought) & {n.e164 for n in carrier.find_numbers(NumberSearch("US", "CA", quantity=100))}


def test_what_is_gone_is_not_given_up_a_second_time(carrier, asked, bought, days):
    carrier.answer_port_out(asked.reference, "A-1", True)
    days(4)
    carrier.return_numbers("return-1", bought)
    assert list(stock.in_service(bought)) == sorted(bought)
    with pytest.raises(CarrierRefused):
        port_outs.request(bought, "Another Carrier")


def test_numbers_that_were_ported_in_leave_the_same_way(carrier, ported, days):
    row = port_outs.request(ported, GAINING)
    carrier.guard_numbers("G-1", ported, "4711", False)
    carrier.answer_port_out(row.reference, "A-1", True)
    days(4)
    lines = ServiceLine.objects.filter(e164__in=ported).select_related("account")
    assert {(line.status, line.account.carrier_name) for line in lines} == {("active", GAINING)}
    assert {line.account.company_name for line in lines} == {demo.THREE_LINES.company}
    assert not NumberGuard.objects.exists()


def test_a_refusal_is_taken_a_little_later(carrier, asked, bought, days):
    for _again in range(2):
        carrier.answer_port_out(asked.reference, "A-1", False, "invalid_pin")
    assert kinds(carrier) == ["REQUESTED"]
    days(0.3)
    assert kinds(carrier) == ["REQUESTED", "REJECTED"]
    assert told(carrier)[-1].code == "invalid_pin"
    days(10)
    assert len(told(carrier)) == 2
    assert {a.reason for a in carrier.check_portability("US", bought)} == {"ours"}


def test_an_answer_is_given_once(carrier, asked):
    carrier.answer_port_out(asked.reference, "A-1", False, "invalid_pin")
    with pytest.raises(CarrierRefused) as refused:
        carrier.answer_port_out(asked.reference, "A-2", True)
    assert refused.value.code == "too_late"


def test_a_refusal_needs_a_reason(carrier, asked):
    with pytest.raises(CarrierRefused):
        carrier.answer_port_out(asked.reference, "A-1", False)
    carrier.answer_port_out(asked.reference, "A-1", True)


def test_unknown_references(carrier):
    for order in (
        lambda ref: carrier.answer_port_out(ref, "A-1", True),
        lambda ref: carrier.dispute_port_out(ref, "D-1", "Not us"),
    ):
        for ref in ("", "SIM-O-", "SIM-O-77", "SIM-P-1"):
            with pytest.raises(CarrierRefused):
                order(ref)


# --- What the gaining carrier does --------------------------------------------------------------------------


def test_another_date(carrier, asked, days):
    carrier.answer_port_out(asked.reference, "A-1", True)
    assert port_outs.change_date(asked, date(2026, 3, 10))
    assert (kinds(carrier)[-1], told(carrier)[-1].date) == ("CHANGED", date(2026, 3, 10))
    days(4)
    assert kinds(carrier)[-1] == "CHANGED"
    days(1.1)
    assert kinds(carrier)[-1] == "COMPLETED"
    assert not port_outs.change_date(asked, date(2026, 3, 11))


def test_withdrawn(carrier, asked, days):
    assert port_outs.withdraw(asked)
    assert not port_outs.withdraw(asked)
    days(10)
    assert kinds(carrier) == ["REQUESTED", "CANCELED"]


# --- Disputes -----------------------------------------------------------------------------------------------


@pytest.fixture
def gone(carrier, asked, days):
    carrier.answer_port_out(asked.reference, "A-1", True)
    days(3.1)
    assert kinds(carrier)[-1] == "COMPLETED"
    return asked


def test_a_dispute_within_a_day(carrier, gone, bought, days):
    for _again in range(2):
        carrier.dispute_port_out(gone.reference, "D-1", "Nobody of us asked for it.")
    days(0.3)
    assert kinds(carrier)[-1] == "RETURNED"
    assert kinds(carrier).count("RETURNED") == 1
    assert {a.reason for a in carrier.check_portability("US", bought)} == {"ours"}
    assert port_outs.request(bought, "Another Carrier").state == "pending"


def test_a_dispute_within_a_week(carrier, gone, days):
    days(1.2)
    carrier.dispute_port_out(gone.reference, "D-1", "Nobody of us asked for it.")
    days(1.9)
    assert kinds(carrier)[-1] == "COMPLETED"
    days(0.2)
    assert kinds(carrier)[-1] == "RETURNED"


def test_a_dispute_after_a_week(carrier, gone, bought, days):
    days(1.2)
    days(4.2)
    carrier.dispute_port_out(gone.reference, "D-1", "Nobody of us asked for it.")
    days(0.3)
    assert kinds(carrier)[-1] == "DISPUTE_REFUSED"
    assert "winback" in told(carrier)[-1].detail
    assert {a.losing_carrier for a in carrier.check_portability("US", bought)} == {GAINING}


def test_with_real_days_a_day_is_24_hours_and_a_week_7_days(carrier, asked, wall):
    clock.set_day_length(None)
    carrier.answer_port_out(asked.reference, "A-1", True)
    wall.move_to("2026-03-06T16:31:00Z", tick=False)  # Friday 11:31 Eastern
    tick()
    assert kinds(carrier)[-1] == "COMPLETED"
    for moment, window in [
        ("2026-03-07T16:30:00Z", "hot"),
        ("2026-03-07T16:32:00Z", "warm"),
        ("2026-03-13T16:31:00Z", "warm"),
        ("2026-03-13T16:33:00Z", "closed"),
    ]:
        wall.move_to(moment, tick=False)
        tick()
        assert SimPortOut.objects.get().window == window, moment


def test_only_what_is_gone_can_be_disputed(carrier, asked):
    with pytest.raises(CarrierRefused) as refused:
        carrier.dispute_port_out(asked.reference, "D-1", "Nobody of us asked for it.")
    assert refused.value.code == "not_completed"


# --- The command and the clock ------------------------------------------------------------------------------


def test_the_command(carrier, bought, capsys):
    carrier.guard_numbers("G-1", bought[:1], "4711", False)
    call_command("simulator_port_out", bought[0], "--pin", "4711", "--from", "Other", "--date", "2026-03-12")
    row = SimPortOut.objects.get()
    assert row.reference in capsys.readouterr().out
    assert (row.gaining_carrier, row.requested_date, row.pin) == ("Other", date(2026, 3, 12), "ok")
    for numbers in (["nonsense"], ["+12025550100"], bought[:1]):
        with pytest.raises(CommandError):
            call_command("simulator_port_out", *numbers)


def test_an_appointment_is_kept_once(carrier, asked):
    pk = Appointment.objects.waiting().get(port_out=asked).pk
    assert appointments.keep(pk)
    assert not appointments.keep(pk)
    assert kinds(carrier) == ["REQUESTED", "ACCEPTED"]
