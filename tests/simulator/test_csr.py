"""Customer service records: who answers, when, and with what."""

from dataclasses import replace

import pytest

from carrier.base import CarrierUnavailable, EventKind, RecordRequest, RecordStatus, Topic
from simulator import csr, demo, demo_rows
from simulator.models import Appointment, Clock, ServiceAccount, ServiceLine, SimRecordRequest

AT_ONCE, AFTER_WAIT, NEVER = demo.RECORDS


@pytest.fixture(autouse=True)
def _records(db):
    for account in (*demo.RECORDS, demo.THREE_LINES):
        demo_rows.add_account(account)


def wish(account, **changes):
    return replace(RecordRequest("US", account.carrier, account.btn, account.numbers), **changes)


def answered(carrier):
    return [(event.kind, event.key) for event in carrier.events(Topic.RECORDS, "")]


def test_a_record_that_comes_at_once(carrier):
    ref = carrier.request_csr("R-1", wish(AT_ONCE))
    assert answered(carrier) == [(EventKind.RECORD_ANSWERED, "R-1")]
    answer = carrier.csr(ref)
    assert answer.status == RecordStatus.READY
    record = answer.record
    assert (record.account_number, record.btn, record.company_name) == (
        "PBV-33017",
        AT_ONCE.btn,
        AT_ONCE.company,
    )
    assert record.authorized_names == (AT_ONCE.authorized,)
    assert (record.address.line1, record.address.state, record.address.country) == (
        "9 Ledger Lane",
        "CA",
        "US",
    )
    assert record.numbers == AT_ONCE.numbers
    assert not record.needs_pin
    assert set(record.btns.values()) == {AT_ONCE.btn}


def test_a_record_that_somebody_must_find(carrier, days):
    ref = carrier.request_csr("R-1", wish(AFTER_WAIT))
    row = ServiceAccount.objects.get(btn=AFTER_WAIT.btn)
    wait = csr.waiting_days(row)
    assert 1 <= wait <= 3
    days(wait - 0.1)
    assert carrier.csr(ref).status == RecordStatus.WAITING
    assert answered(carrier) == []
    days(0.2)
    assert answered(carrier) == [(EventKind.RECORD_ANSWERED, "R-1")]
    assert carrier.csr(ref).record.address.line2 == "Floor 3"


def test_with_real_days_the_wait_leaves_weekends_and_holidays_out(carrier, wall):
    Clock.objects.update(day_seconds=None)
    wall.move_to("2026-07-01T19:00:00Z", tick=False)  # Wednesday 15:00 Eastern: counts as Thursday
    carrier.request_csr("R-1", wish(AFTER_WAIT))
    wait = csr.waiting_days(ServiceAccount.objects.get(btn=AFTER_WAIT.btn))
    day = Appointment.objects.get().day
    # Friday 3 July is the observed holiday.
    assert day.isoformat() == {1: "2026-07-06", 2: "2026-07-07", 3: "2026-07-08"}[wait]


def test_a_carrier_that_never_answers(carrier, days):
    ref = carrier.request_csr("R-1", wish(NEVER))
    days(10)
    assert carrier.csr(ref).status == RecordStatus.NONE
    assert answered(carrier) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"losing_carrier": "Some Other Carrier"},
        {"country": "CA"},
        {"btn": "+12025550100", "numbers": ("+12025550101",)},
    ],
)
def test_no_such_record_is_no_answer(carrier, days, changes):
    ref = carrier.request_csr("R-1", wish(AT_ONCE, **changes))
    days(5)
    assert carrier.csr(ref).status == RecordStatus.NONE
    assert answered(carrier) == []


@pytest.mark.parametrize("changes", [{"btn": ""}, {"numbers": ()}, {"btn": "+12025550100"}])
def test_the_billing_number_or_the_numbers_are_enough(carrier, changes):
    ref = carrier.request_csr("R-1", wish(AT_ONCE, **changes))
    assert carrier.csr(ref).record.company_name == AT_ONCE.company


def test_a_carriers_name_is_the_same_in_any_spelling(carrier):
    ref = carrier.request_csr("R-1", wish(AT_ONCE, losing_carrier="PIONEER  business voice"))
    assert carrier.csr(ref).status == RecordStatus.READY


def test_the_same_key_is_one_wish(carrier, days):
    refs = {carrier.request_csr("R-1", wish(AFTER_WAIT)) for _again in range(3)}
    days(4)
    refs.add(carrier.request_csr("R-1", wish(AFTER_WAIT)))
    assert len(refs) == 1
    assert len(answered(carrier)) == 1
    assert SimRecordRequest.objects.count() == 1


def test_the_record_is_read_as_it_is_now_and_never_told_in_events(carrier):
    ref = carrier.request_csr("R-1", wish(AT_ONCE))
    ServiceAccount.objects.filter(btn=AT_ONCE.btn).update(company_name="Ledger House, LLC", pin="9911")
    ServiceLine.objects.filter(e164=AT_ONCE.numbers[1]).update(feature="hunt group", btn=AT_ONCE.numbers[1])
    ServiceLine.objects.filter(e164=AT_ONCE.numbers[2]).update(status="ported")
    record = carrier.csr(ref).record
    assert (record.company_name, record.needs_pin) == ("Ledger House, LLC", True)
    assert record.numbers == AT_ONCE.numbers[:2]
    assert record.features == {AT_ONCE.numbers[1]: "hunt group"}
    assert record.btns[AT_ONCE.numbers[1]] == AT_ONCE.numbers[1]
    (event,) = carrier.events(Topic.RECORDS, "")
    assert (event.detail, event.code, event.numbers, dict(event.facts)) == ("", "", (), {})
    assert "Ledger" not in repr(record)


def test_a_record_that_went_meanwhile_is_not_given(carrier, days):
    ref = carrier.request_csr("R-1", wish(AFTER_WAIT))
    ServiceAccount.objects.filter(btn=AFTER_WAIT.btn).update(csr_answer="never")
    days(4)
    assert carrier.csr(ref).status == RecordStatus.NONE
    ready = carrier.request_csr("R-2", wish(AT_ONCE))
    ServiceAccount.objects.filter(btn=AT_ONCE.btn).delete()
    assert carrier.csr(ready).status == RecordStatus.NONE


def test_staff_have_a_record_given(carrier):
    ref = carrier.request_csr("R-1", wish(NEVER))
    row = SimRecordRequest.objects.get()
    assert csr.answer_now(row)
    assert not csr.answer_now(row)
    assert carrier.csr(ref).status == RecordStatus.READY
    assert len(answered(carrier)) == 1


def test_unknown_references(carrier):
    for ref in ("", "SIM-R-", "SIM-R-999", "SIM-R-x", "elsewhere"):
        assert carrier.csr(ref).status == RecordStatus.NONE


def test_of_a_thousand_accounts_40_30_30_percent(db):
    accounts = [
        ServiceAccount(carrier_name=f"Carrier {n % 7}", account_number=f"AC-{n:05}") for n in range(1000)
    ]
    answers = [csr.answers(account) for account in accounts]
    shares = [answers.count(way) / 1000 for way in ("at_once", "after_wait", "never")]
    assert shares == pytest.approx([0.4, 0.3, 0.3], abs=0.05)
    assert answers == [csr.answers(account) for account in accounts]
    waits = [csr.waiting_days(account) for account in accounts]
    assert set(waits) == {1, 2, 3}


def test_a_line_that_is_down_does_nothing(carrier):
    Clock.objects.update(is_down=True)
    for question in (lambda: carrier.request_csr("R-1", wish(AT_ONCE)), lambda: carrier.csr("SIM-R-1")):
        with pytest.raises(CarrierUnavailable):
            question()
    assert not SimRecordRequest.objects.exists()
