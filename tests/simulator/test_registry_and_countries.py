"""What is not an ordinary North American port: toll-free numbers, and numbers of other countries."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from carrier.base import CallWish, Document
from simulator import appointments, clock, wire
from simulator.demo import ABROAD, THREE_LINES, TOLL_FREE
from simulator.differences import first_difference
from simulator.models import Appointment, ServiceAccount, ServiceLine, SimPort

from .ports import bill, kinds, last_word, port_request

pytestmark = pytest.mark.usefixtures("accounts")
BRITISH, GERMAN, _FRENCH = ABROAD


def code_for(request):
    difference = first_difference(request, timezone.now(), SimPort(pk=1))
    return difference.code if difference else ""


def abroad(account, **changes):
    request = port_request(account)
    return replace(
        request,
        country=account.country,
        address=replace(request.address, country=account.country),
        identifiers=account.identifiers,
        **changes,
    )


# --- Toll-free ----------------------------------------------------------------------------------------------


def test_the_registry_answers_after_two_days_and_then_the_date_is_kept(carrier, days):
    carrier.submit_port(port_request(TOLL_FREE, resp_org="CRL01", account_number="", pin="", btn=""))
    days(1.9)
    assert kinds(carrier) == []
    days(0.1)
    assert last_word(carrier).date == date(2026, 3, 10)
    days(5)
    assert last_word(carrier).kind == "port.completed"
    moved = ServiceLine.objects.filter(status="ported").values_list("e164", flat=True)
    assert set(moved) == set(TOLL_FREE.enter)
    assert ServiceLine.objects.get(e164="+18005550112").status == "active"


def test_the_registry_does_not_know_accounts_addresses_or_bills():
    request = port_request(TOLL_FREE, account_number="X", pin="X", btn="")
    letter = [paper for paper in request.documents if paper.kind == "loa"]
    elsewhere = replace(request.address, line1="1 Other Street", postal_code="00000")
    assert code_for(replace(request, address=elsewhere, documents=tuple(letter))) == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"documents": ()}, "loa_invalid"),
        ({"signature": None}, "loa_invalid"),
        ({"company_name": "Other"}, "company_name_mismatch"),
        ({"requested_date": date(2026, 3, 4)}, "foc_rejected"),
        ({"numbers": ("+18005550117",)}, "tn_not_portable"),
        ({"numbers": ("+18005550118",)}, "tn_not_portable"),
        ({"numbers": ("+18005550119",)}, "tn_not_portable"),
        ({"numbers": ("+18005550112", "+18005550113", "+18005550114")}, ""),
    ],
)
def test_what_the_registry_knows(changes, code):
    assert code_for(port_request(TOLL_FREE, **changes)) == code


def test_a_number_that_a_person_must_look_at_takes_longer(carrier):
    carrier.submit_port(port_request(TOLL_FREE, numbers=("+18005550116",)))
    assert Appointment.objects.get().days == 4


def test_both_kinds_in_one_request_are_sent_back():
    ServiceLine.objects.filter(e164="+18005550110").update(
        account=ServiceAccount.objects.get(btn=THREE_LINES.btn)
    )
    request = port_request(THREE_LINES, numbers=(*THREE_LINES.numbers, "+18005550110"))
    difference = first_difference(request, timezone.now(), SimPort(pk=1))
    assert (difference.code, difference.numbers) == ("tn_mismatch", ("+18005550110",))


# --- Other countries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ABROAD, ids=lambda account: account.country)
def test_what_is_printed_is_accepted(account):
    assert code_for(abroad(account)) == ""
    assert code_for(abroad(account, btn="")) == ""
    assert code_for(abroad(account, signature=None)) == ""


def test_a_bill_may_be_three_months_old():
    today = timezone.localdate()
    letter = Document("loa", "b" * 64, "application/pdf", b"")
    for age, code in ((85, ""), (95, "bill_invalid")):
        papers = (bill(today - timedelta(days=age)), letter)
        assert code_for(abroad(GERMAN, documents=papers)) == code


def test_an_identifier_counts_like_the_account_number():
    request = abroad(GERMAN)
    name, known = next(iter(GERMAN.identifiers.items()))
    assert code_for(replace(request, identifiers={name: f"{known}9"})) == "account_number_mismatch"
    assert code_for(replace(request, identifiers={name: known.lower()})) == ""
    assert code_for(replace(request, identifiers={})) == ""


def test_hours_are_those_of_the_place(carrier):
    clock.set_day_length(None)
    request = abroad(BRITISH, requested_date=date(2026, 3, 16), requested_time=time(9))
    carrier.submit_port(request)
    appointments.keep_next()
    begin, activation = Appointment.objects.waiting()
    assert f"{begin.due_at:%d %H:%M}" == "16 06:00"  # London keeps UTC in March
    assert f"{activation.due_at:%d %H:%M}" == "16 09:00"


def test_no_messaging_and_no_933_there(carrier, days):
    ref = carrier.submit_port(abroad(BRITISH, requested_date=date(2026, 3, 16)))
    days(1)
    days(9)
    assert kinds(carrier) == ["confirmed", "activating", "completed"]
    carrier.test_calls([CallWish(ref, "test-1", BRITISH.numbers[:1])])
    days(0.1)
    assert kinds(carrier, "test-1") == ["tested"] * 4


# --- What is written down -----------------------------------------------------------------------------------


def test_a_request_is_read_as_it_was_written():
    request = abroad(
        GERMAN,
        requested_time=time(9, 15),
        on_demand=True,
        resp_org="ABC01",
        line_kinds={GERMAN.numbers[0]: "multi"},
    )
    bare = tuple(replace(paper, data=b"") for paper in request.documents)
    assert wire.from_json(wire.to_json(request)) == replace(request, documents=bare)


def test_a_request_from_before_the_new_fields_is_read():
    sent = wire.to_json(port_request(THREE_LINES))
    for name in ("requested_time", "on_demand", "resp_org", "line_kinds", "identifiers"):
        del sent[name]
    assert wire.from_json(sent).requested_time is None
