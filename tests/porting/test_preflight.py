"""Before an order is sent: what differs from record, bill and last port, how sure that is, and who went on."""

import json
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from carrier.base import CarrierUnavailable, Event, EventKind
from lib.transitions import Refused
from porting import preflight
from porting.models import BillReading, CsrRequest, PortedNumber, PortOrder, PreflightOverride
from porting.models.records import question
from porting.preflight import comparison, records, score, spelling
from porting.preflight.sources import Source
from porting.tasks import records as tasks
from porting.workflow import orders as workflow
from simulator import spelling as carriers
from tests.porting.factories import ACCOUNT, NUMBERS, make_port_order

pytestmark = pytest.mark.django_db
RECORD = {
    "account_number": "VT-204418",
    "btn": NUMBERS[0],
    "company_name": "Acme, Inc.",
    "authorized_names": ["Ada Park"],
    "address": {
        "line1": "100 Main Street",
        "line2": "",
        "city": "San Jose",
        "state": "CA",
        "postal_code": "95112",
    },
    "numbers": list(NUMBERS),
    "needs_pin": False,
    "features": {},
    "btns": dict.fromkeys(NUMBERS, NUMBERS[0]),
}


def give_record(order, **changes):
    """The carrier has answered with this record."""
    order = whole(order)
    carrier = "Valley Telephone"
    return order.record_requests.create(
        asked=question(order, carrier), losing_carrier=carrier, state="ready", record={**RECORD, **changes}
    )


def give_bill(order, numbers=(), **values):
    """What a worker read on the bill."""
    box = {"page": 1, "box": [0, 0, 1, 1], "context": "", "label": "Label", "score": 3}
    found = [{"field": name, "value": value, **box} for name, value in values.items()]
    found += [{"field": "number", "value": e164, **box} for e164 in numbers]
    BillReading.unscoped.create(
        document=order.paper("bill"), stage="done", engine="text", pages_read=1, findings=found
    )


def whole(order):
    return PortOrder.unscoped.whole().get(pk=order.pk)


def checked(order, person=None):
    membership = person.memberships.get() if person else None
    return preflight.check(whole(order), membership)


def codes(check):
    return [reason.code for reason in check.reasons]


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme)


# --- The light ----------------------------------------------------------------------------------------------


def test_with_nothing_to_compare_with_nothing_is_claimed(order):
    check = checked(order)
    assert (check.light, check.reasons) == ("mute", ())
    assert 70 <= check.score < 100
    assert all(entry.verdict == "unknown" for entry in check.entries)


def test_everything_as_on_the_record_is_green(order):
    give_record(order)
    check = checked(order)
    assert (check.light, check.score, check.reasons) == ("ok", 100, ())


def test_a_bill_that_agrees_is_enough_for_green(order):
    read = {name: ACCOUNT[name] for name in ACCOUNT if name not in ("losing_carrier", "authorized_name")}
    give_bill(order, **read)
    PortedNumber.unscoped.update(portable="yes")
    check = checked(order)
    assert (check.light, check.reasons) == ("ok", ())


def test_what_the_record_says_counts_more_than_the_bill(order):
    give_record(order)
    give_bill(order, company_name="Acme Corporation")
    check = checked(order)
    assert check.light == "ok"
    company = next(entry for entry in check.entries if entry.field == "company_name")
    assert [(one.source, one.verdict) for one in company.beside] == [("record", "same"), ("bill", "differs")]


def test_the_address_weighs_most(order):
    give_bill(order, address_line1="9 Other Street")
    address = checked(order)
    BillReading.unscoped.filter().delete()
    give_bill(order, company_name="Acme Corporation")
    company = checked(order)
    assert (address.light, company.light) == ("warn", "warn")
    assert address.score < company.score
    assert sum(score.SHARES.values()) == 100
    assert score.SHARES["service_address_mismatch"] + score.SHARES["zip_mismatch"] == 60


# --- Each field beside the record ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"account_number": "VT-204481"}, "account_number_mismatch"),
        ({"authorized_name": "Adam Park"}, "account_name_mismatch"),
        ({"btn": NUMBERS[1]}, "btn_mismatch"),
        ({"company_name": "Acme, Incorporated"}, "company_name_mismatch"),
        ({"address_line1": "101 Main Street"}, "service_address_mismatch"),
        ({"address_line2": "Suite 4"}, "service_address_mismatch"),
        ({"city": "Santa Clara"}, "service_address_mismatch"),
        ({"region": "NV"}, "service_address_mismatch"),
        ({"postal_code": "95113"}, "zip_mismatch"),
    ],
)
def test_a_field_that_differs_from_the_record(acme, ada, office, typed, code):
    order = make_port_order(acme, **typed)
    give_record(order)
    check = checked(order)
    assert (check.light, codes(check)) == ("bad", [code])
    reason = check.reasons[0]
    assert reason.source == "record"
    assert reason.error.step == "carrier"
    assert [entry.field for entry in reason.entries] == list(typed)


@pytest.mark.parametrize(
    "typed",
    [
        {"account_number": "vt204418"},
        {"account_number": NUMBERS[0][2:]},
        {"account_number": ""},
        {"company_name": "ACME  INC"},
        {"authorized_name": "ada park"},
        {"address_line1": "100 Main St."},
        {"city": "SAN JOSE"},
        {"postal_code": "95112-1234"},
    ],
)
def test_what_carriers_forgive(acme, ada, office, typed):
    order = make_port_order(acme, **typed)
    give_record(order)
    assert checked(order).light == "ok"


def test_a_suite_may_stand_on_either_line(acme, ada, office):
    order = make_port_order(acme, address_line1="100 Main St Ste 5")
    give_record(order, address={**RECORD["address"], "line2": "Suite 5"})
    assert checked(order).light == "ok"
    assert checked(make_port_order(acme, numbers=("+14085550190",), btn="+14085550190")).light == "mute"


def test_where_the_carrier_insists_on_an_account_number(acme, ada, office):
    order = make_port_order(acme, account_number="")
    order.numbers.update(needs_account_number=True)
    give_record(order)
    assert codes(checked(order)) == ["account_number_required"]
    PortOrder.unscoped.update(account_number=NUMBERS[0][2:])
    assert codes(checked(order))[0] == "account_number_mismatch", "the billing number does not do here"


def test_a_pin_that_is_needed_and_missing(order):
    give_record(order, needs_pin=True)
    assert codes(checked(order)) == ["invalid_pin"]
    PortOrder.unscoped.update(pin="1234")
    check = checked(order)
    assert check.reasons == ()
    assert next(entry for entry in check.entries if entry.field == "pin").verdict == "unknown"


@given(st.text(alphabet="aA1 .,-&St#", max_size=14))
def test_we_forgive_exactly_what_the_rehearsed_carrier_forgives(text):
    assert spelling.name(text) == carriers.plain_words(text)
    assert spelling.code(text) == carriers.letters_only(text)
    assert spelling.street(f"{text} Ave N Ste 4") == carriers.spoken(f"{text} Ave N Ste 4")
    assert spelling.postal_code(text, "US") == carriers.postal_code(text, "US")


def test_every_abbreviation_is_known(order):
    for short in carriers.SUFFIXES | carriers.DIRECTIONS | carriers.UNITS:
        assert spelling.street(short) == carriers.spoken(short)


# --- The numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "code", "named"),
    [
        (
            {"numbers": NUMBERS[:2], "btns": dict.fromkeys(NUMBERS[:2], NUMBERS[0])},
            "tn_mismatch",
            NUMBERS[2:],
        ),
        ({"features": {NUMBERS[1]: "hunt group"}}, "tn_special_feature", NUMBERS[1:2]),
        ({"btns": {**RECORD["btns"], NUMBERS[2]: NUMBERS[2]}}, "multiple_btns", NUMBERS[2:]),
        (
            {
                "numbers": [*NUMBERS, "+14085550119"],
                "btns": dict.fromkeys([*NUMBERS, "+14085550119"], NUMBERS[0]),
            },
            "pending_main_btn",
            ("+14085550119",),
        ),
    ],
)
def test_numbers_beside_the_record(order, record, code, named):
    give_record(order, **record)
    check = checked(order)
    assert (check.light, codes(check)) == ("bad", [code])
    assert check.reasons[0].numbers == tuple(named)


def test_a_partial_port_names_a_number_that_stays(acme, ada, office):
    more = [*NUMBERS, "+14085550119"]
    order = make_port_order(acme, full_port=False, remaining="keep", new_btn="+14085550118")
    give_record(order, numbers=more, btns=dict.fromkeys(more, NUMBERS[0]))
    assert codes(checked(order)) == ["pending_main_btn"]
    PortOrder.unscoped.update(new_btn="+14085550119")
    assert codes(checked(order)) == ["loa_invalid"]  # the letter was signed for another new BTN


def test_a_partial_port_of_everything_is_worth_a_look(acme, ada, office):
    order = make_port_order(acme, full_port=False, remaining="disconnect")
    give_record(order)
    check = checked(order)
    assert (check.light, [note.code for note in check.notes]) == ("ok", ["pending_main_btn"])


def test_numbers_beside_the_bill(order):
    give_bill(order, numbers=(*NUMBERS[:2], "+14085550119"))
    check = checked(order)
    assert check.light == "warn"
    assert {reason.code: reason.numbers for reason in check.reasons} == {
        "tn_mismatch": NUMBERS[2:],
        "pending_main_btn": ("+14085550119",),
    }


def test_a_single_number_on_the_bill_is_no_list(order):
    give_bill(order, numbers=NUMBERS[:1])
    assert checked(order).light == "mute"


@pytest.mark.parametrize(
    ("portable", "reason", "code", "light"),
    [
        ("look", "inactive", "tn_not_portable", "warn"),
        ("look", "rate_center", "unsupported_rate_center", "warn"),
        ("no", "no_carrier", "tn_not_portable", "bad"),
    ],
)
def test_what_the_carrier_said_of_the_numbers(order, portable, reason, code, light):
    order.numbers.filter(e164=NUMBERS[1]).update(portable=portable, reason=reason)
    check = checked(order)
    assert (check.light, codes(check), check.reasons[0].numbers) == (light, [code], NUMBERS[1:2])


def test_another_open_order_with_the_same_numbers(acme, order):
    make_port_order(acme, state="submitted", numbers=("+14085550140",))
    other = acme.port_orders.get(state="submitted")
    other.numbers.create(e164=NUMBERS[2], state="submitted")
    check = checked(order)
    assert (check.light, codes(check), check.reasons[0].numbers) == ("bad", ["pending_order"], NUMBERS[2:])


# --- Papers and date ----------------------------------------------------------------------------------------


def test_a_bill_too_old_or_from_the_future_or_of_another_day(order):
    paper = order.documents.filter(kind="bill")
    for dated in (order.today - timedelta(days=40), order.today + timedelta(days=2)):
        paper.update(dated=dated)
        assert codes(checked(order)) == ["bill_invalid"]
    paper.update(dated=order.today)
    give_bill(order, dated=(order.today - timedelta(days=9)).isoformat())
    check = checked(order)
    assert (check.light, codes(check)) == ("warn", ["bill_invalid"])


def test_a_date_that_cannot_be_kept(order):
    PortOrder.unscoped.update(requested_date=order.today)
    assert codes(checked(order)) == ["foc_rejected"]


def test_who_signed_beside_who_may(order):
    give_record(order, authorized_names=["Ada Park", "Jo Lane"])
    assert checked(order).light == "ok"
    signature = order.paper("loa").signature
    type(signature).unscoped.filter(pk=signature.pk).update(first_name="Sam", last_name="Reed")
    check = checked(order)
    assert (check.light, codes(check)) == ("warn", ["loa_invalid"])


def test_without_a_record_another_signer_is_only_worth_a_look(order):
    signature = order.paper("loa").signature
    type(signature).unscoped.filter(pk=signature.pk).update(first_name="Sam")
    check = checked(order)
    assert (check.light, [note.code for note in check.notes]) == ("mute", ["loa_invalid"])


# --- The last port ------------------------------------------------------------------------------------------


def test_the_last_port_of_the_same_account(acme, ada, order):
    make_port_order(
        acme,
        state="completed",
        numbers=("+14085550140",),
        company_name="Acme Holdings, Inc.",
        pin="4321",
        completed_at=timezone.now(),
    )
    check = checked(order, ada)
    assert (check.light, codes(check)) == ("warn", ["company_name_mismatch", "invalid_pin"])
    assert {reason.source for reason in check.reasons} == {"earlier"}
    assert checked(order).light == "mute", "without a person nobody's ports are looked at"


@pytest.mark.parametrize("changes", [{"losing_carrier": "Other"}, {"btn": "+1", "account_number": "x"}])
def test_ports_of_other_accounts_say_nothing(acme, ada, order, changes):
    done = {"state": "completed", "completed_at": timezone.now(), "company_name": "Else"}
    make_port_order(acme, numbers=("+14085550140",), **{**done, **changes})
    assert checked(order, ada).light == "mute"


def test_ports_of_the_neighbors_say_nothing(acme, globex, mallory, ada, order):
    make_port_order(globex, state="completed", completed_at=timezone.now(), company_name="Else")
    assert checked(order, ada).light == "mute"


# --- Asking for the record ----------------------------------------------------------------------------------


class Desk:
    """A carrier's desk that gives records as a test says."""

    def __init__(self):
        self.answer, self.down, self.asked = "waiting", False, []

    def request_csr(self, key, request):
        if self.down:
            raise CarrierUnavailable("no answer")
        self.asked.append((key, request))
        return f"ref-{key}"

    def csr(self, reference):
        from carrier.base import Address, CustomerRecord, RecordAnswer, RecordStatus

        if self.answer != "ready":
            return RecordAnswer(RecordStatus(self.answer))
        record = CustomerRecord(
            "VT-204418",
            NUMBERS[0],
            "Acme, Inc.",
            ("Ada Park",),
            Address("100 Main Street", "San Jose", "CA", "95112"),
            NUMBERS,
            btns=dict.fromkeys(NUMBERS, NUMBERS[0]),
        )
        return RecordAnswer(RecordStatus.READY, record)


@pytest.fixture
def desk(monkeypatch):
    desk = Desk()
    monkeypatch.setattr("porting.tasks.records.get_carrier", lambda: desk)
    return desk


def ask(order, at_work):
    with at_work():
        return records.ask(whole(order))


def announced(row):
    return Event("e1", "1", EventKind.RECORD_ANSWERED, row.key, timezone.now())


def test_a_record_is_asked_for_once_and_taken_when_it_comes(order, desk, at_work):
    row = ask(order, at_work)
    ask(order, at_work)
    assert len(desk.asked) == 1
    key, wish = desk.asked[0]
    assert (key, wish.losing_carrier, wish.btn, wish.numbers) == (
        row.key,
        "Valley Telephone",
        NUMBERS[0],
        NUMBERS,
    )
    assert checked(order).sources.question.state == "waiting"
    desk.answer = "ready"
    tasks.apply(announced(row))
    tasks.apply(announced(row))
    assert checked(order).light == "ok"
    assert CsrRequest.unscoped.get().answered_at is not None


def test_a_carrier_that_never_gives_one(order, desk, at_work):
    desk.answer = "none"
    ask(order, at_work)
    assert checked(order).light == "mute"
    assert CsrRequest.unscoped.get().state == "none"


def test_a_carrier_that_is_down_is_asked_later(order, desk, at_work):
    desk.down = True
    row = ask(order, at_work)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("untold", 1)
    desk.down, desk.answer = False, "ready"
    CsrRequest.unscoped.update(next_try_at=timezone.now() - timedelta(hours=1))
    with at_work():
        tasks.sweep()
    assert checked(order).light == "ok"


def test_other_account_data_is_another_question(order, desk, at_work):
    desk.answer = "ready"
    first = ask(order, at_work)
    PortOrder.unscoped.update(btn="+14085550199")
    assert records.current(whole(order)) is None, "the old answer is about another account"
    second = ask(order, at_work)
    assert second.pk != first.pk
    assert [row.pk for row in CsrRequest.unscoped.all()] == [second.pk]
    tasks.apply(announced(first))  # what answers the old question finds nothing


def test_a_record_found_by_the_numbers_stays_when_its_billing_number_is_typed(
    acme, ada, office, desk, at_work
):
    desk.answer = "ready"
    order = make_port_order(acme, btn="")
    row = ask(order, at_work)
    PortOrder.unscoped.update(btn=NUMBERS[0])
    assert ask(order, at_work) == row
    assert len(desk.asked) == 1


def test_saving_the_account_asks_and_the_order_takes_its_record_along(order, desk, signed_in, ada, url):
    desk.answer = "ready"
    form = {**ACCOUNT, "btn": "(408) 555-0110", "full_port": "True", "version": "0"}
    assert signed_in(ada).post(url("order_step", order, "carrier"), form).status_code == 302
    assert CsrRequest.unscoped.get().state == "ready"
    workflow.discard(order, by=ada)
    assert not CsrRequest.unscoped.exists()


def test_ask_again(order, desk, signed_in, ada, vic, url):
    desk.answer = "none"
    client = signed_in(ada)
    client.post(url("order_record_ask", order))
    desk.answer = "ready"
    client.post(url("order_record_ask", order))
    assert CsrRequest.unscoped.get().state == "ready"
    assert signed_in(vic).post(url("order_record_ask", order)).status_code == 403


# --- Sending it anyway --------------------------------------------------------------------------------------


def test_a_warning_holds_the_order_until_somebody_says_so(order, ada, signed_in, url, carrier):
    give_record(order, company_name="Acme, Incorporated")
    client = signed_in(ada)
    held = client.post(url("order_submit", order), follow=True)
    page = held.content.decode()
    assert held.redirect_chain[-1][0] == url("order_step", order, "review")
    assert "Will be rejected: The company name differs" in page
    assert 'name="anyway" value="bad"' in page
    assert not PreflightOverride.unscoped.exists()
    client.post(url("order_submit", order), {"anyway": "warn"})
    order.refresh_from_db()
    assert order.is_draft, "a yellow light was waved through, and this one is red"
    client.post(url("order_submit", order), {"anyway": "bad"})
    order.refresh_from_db()
    assert order.state == "submitted"
    said = PreflightOverride.unscoped.get()
    assert (said.by, said.light, said.attempt) == (ada, "bad", 1)
    assert said.reasons == [["company_name_mismatch", "record"]]
    entry = AuditEntry.objects.get(what="port_order.override")
    assert (entry.actor, entry.after["reasons"]) == (ada, said.reasons)


def test_a_doubt_that_was_waved_through_is_not_asked_again(order, ada, carrier):
    give_bill(order, company_name="Acme Corporation")
    with pytest.raises(preflight.Held):
        workflow.submit(order, by=ada)
    workflow.submit(order, by=ada, anyway="warn")
    workflow.reject(order, code="invalid_pin")
    workflow.resubmit(order, by=ada)
    assert PreflightOverride.unscoped.count() == 1
    workflow.reject(order, code="invalid_pin")
    give_record(order, company_name="Acme Corporation")
    with pytest.raises(Refused, match="Will be rejected"):
        workflow.resubmit(order, by=ada)


def test_nothing_personal_leaves_the_row(order, ada, carrier, caplog, signed_in, url, desk, at_work):
    desk.answer = "ready"
    PortOrder.unscoped.update(company_name="Acme Corporation")
    ask(order, at_work)
    client = signed_in(ada)
    client.post(url("order_submit", order), {"anyway": "bad"})
    client.post(url("order_preflight_reveal", order))
    written = caplog.text + json.dumps(
        [
            *AuditEntry.objects.values_list("before", "after", "subject"),
            *order.events.values_list("note", "code"),
            *PreflightOverride.unscoped.values_list("reasons"),
        ],
        default=str,
    )
    for secret in ("Acme, Inc", "VT-204418", "100 Main", "Ada Park", "95112"):
        assert secret not in written


# --- Pages --------------------------------------------------------------------------------------------------


def review(client, url, order):
    return client.get(url("order_step", order, "review"))


def test_the_review_shows_the_difference_in_letters(acme, ada, office, signed_in, url):
    order = make_port_order(acme, company_name="Acme, Inc.")
    give_record(order, company_name="Acme, Incorporated")
    page = review(signed_in(ada), url, order).content.decode()
    assert 'Acme, Inc<del class="bad">.</del>' in page
    assert 'Acme, Inc<ins class="ok">orporated</ins>' in page
    assert url("order_step", order, "carrier") + "#id_company_name" in page
    assert "The carrier&#x27;s record" in page


def test_secrets_are_masked_until_somebody_reveals_them(acme, ada, office, signed_in, url):
    order = make_port_order(acme, account_number="VT-204481")
    give_record(order)
    client = signed_in(ada)
    page = review(client, url, order).content.decode()
    assert "VT-20" not in page
    assert "2 characters differ" in page
    shown = client.post(url("order_preflight_reveal", order)).content.decode()
    assert "VT-2044" in shown
    assert AuditEntry.objects.filter(what="port_order.reveal").exists()


def test_the_page_asks_while_a_record_is_awaited_and_only_then(order, signed_in, ada, url, desk, at_work):
    client = signed_in(ada)
    assert "every 3s" not in review(client, url, order).content.decode()
    row = ask(order, at_work)
    page = review(client, url, order)
    assert "every 3s" in page.content.decode()
    seen = page.context["preflight"].seen
    part = url("order_preflight", order)
    assert client.get(part, {"seen": seen}, headers={"HX-Request": "true"}).status_code == 204
    desk.answer = "ready"
    tasks.apply(announced(row))
    news = client.get(part, {"seen": seen}, headers={"HX-Request": "true"}).content.decode()
    assert "Will probably pass" in news
    assert "every 3s" not in news
    assert client.get(part).status_code == 302


@pytest.mark.parametrize(
    ("state", "says"), [("none", "does not give one"), ("waiting", "which may take days")]
)
def test_that_there_is_no_record_is_said(order, signed_in, ada, url, state, says):
    give_record(order)
    CsrRequest.unscoped.update(state=state, record={})
    assert says in review(signed_in(ada), url, order).content.decode()


def test_hints_while_somebody_types(order, signed_in, ada, vic, url):
    give_record(order)
    client = signed_in(ada)
    typed = {
        "company_name": "Acme Inc",
        "postal_code": "95113",
        "city": "",
        "btn": "(408) 555-0110",
        "pin": "",
    }
    page = client.post(url("order_hints", order), typed).content.decode()
    assert '9511<del class="bad">3</del>' in page
    assert "#id_company_name" in page
    assert "#id_city" not in page, "what is not typed yet is no difference"
    order.refresh_from_db()
    assert order.postal_code == "95112", "nothing is saved"
    assert signed_in(vic).post(url("order_hints", order), typed).status_code == 403


def test_check_everything_shows_the_same_for_a_rejected_order(acme, ada, office, signed_in, url):
    order = make_port_order(acme, state="rejected", reject_code="zip_mismatch", postal_code="95113")
    give_record(order)
    page = review(signed_in(ada), url, order)
    assert page.context["preflight"].check.light == "bad"
    held = signed_in(ada).post(url("order_resubmit", order), {"then": "send"})
    assert held.url == url("order_step", order, "review")


def test_a_thousand_numbers_cost_as_many_queries_as_three(
    acme, ada, office, signed_in, url, django_assert_max_num_queries
):
    numbers = tuple(f"+1408{n:07}" for n in range(1000))
    order = make_port_order(acme, numbers=numbers)
    give_record(order, numbers=numbers, btns=dict.fromkeys(numbers, NUMBERS[0]))
    client = signed_in(ada)
    began = time.perf_counter()
    with django_assert_max_num_queries(40):
        page = review(client, url, order)
    assert time.perf_counter() - began < 5, "a second where nothing else runs"
    assert codes(page.context["preflight"].check) == ["foc_rejected"], "so many need a later date"


def test_a_source_says_nothing_of_a_field_that_it_does_not_have(order):
    typed = comparison.typed_of(order)
    (entry, *_rest) = comparison.entries(whole(order), typed, [Source("bill", {"city": "San Jose"})])
    assert entry.verdict == "unknown"


def test_a_real_bill_is_read_and_compared(order, ada, signed_in, url):
    from tests.files import bill_pdf

    issued = order.today - timedelta(days=5)
    numbers = tuple(f"(408) 555-01{n}" for n in (10, 11, 12))
    content = bill_pdf(
        company="Acme, Inc.",
        address="100 Main Street, San Jose, CA 95113",
        account="VT-204418",
        btn="(408) 555-0110",
        issued=issued,
        numbers=numbers,
    )
    bill = SimpleUploadedFile("bill.pdf", content)
    form = {"bill": bill, "dated": issued.isoformat(), "version": "0"}
    assert signed_in(ada).post(url("order_step", order, "bill"), form).status_code == 302
    check = checked(order)
    assert (check.light, codes(check)) == ("warn", ["zip_mismatch"])
    assert check.reasons[0].source == "bill"
