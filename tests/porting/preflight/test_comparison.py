"""What was typed beside the record: each field by itself, and what carriers forgive."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.spelling import DIRECTIONS, SUFFIXES, UNITS
from porting.models import PortOrder
from porting.preflight import comparison
from porting.preflight.sources import Source
from simulator import demo_rows
from simulator.demo import THREE_LINES
from simulator.differences import first_difference
from simulator.models import SimPort
from tests.files import bill_pdf
from tests.porting.factories import NUMBERS, as_recorded, make_port_order
from tests.porting.preflight.sources import RECORD, checked, codes, give_record, whole
from tests.simulator.ports import port_request

pytestmark = pytest.mark.django_db
#: What carriers forgive a slip in, by what it is called in a request to a carrier.
REQUESTED = ("account_number", "company_name", "authorized_name")
ADDRESSED = {"address_line1": "line1", "city": "city", "postal_code": "postal_code"}


@pytest.fixture
def rehearsed(db):
    """The rehearsed carrier has the account that the order names."""
    demo_rows.add_account(THREE_LINES)


def beside_the_record(order, field, typed, record):
    """One field of an order, with what is typed in it, beside what a record says."""
    found = comparison.entries(whole(order), {**comparison.typed_of(order), field: typed}, [record])
    return next(entry for entry in found if entry.field == field)


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


#: What is typed, with a few characters more somewhere: some of it is forgiven, and some of it is not.
SLIPS = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(list(" .,-#&Aa1"))), max_size=2)


def with_slips(text, slips, upper):
    for at, more in slips:
        text = text[:at] + more + text[at:]
    return text.upper() if upper else text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from([*REQUESTED, *ADDRESSED]), slips=SLIPS, upper=st.booleans())
def test_we_forgive_exactly_what_the_rehearsed_carrier_forgives(order, rehearsed, field, slips, upper):
    right = as_recorded(THREE_LINES)
    text = with_slips(right[field], slips, upper)
    entry = beside_the_record(order, field, text, Source("record", right, people=(right["authorized_name"],)))
    request = port_request(THREE_LINES)
    if field in ADDRESSED:
        request = replace(request, address=replace(request.address, **{ADDRESSED[field]: text}))
    else:
        request = replace(request, **{field: text})
    difference = first_difference(request, timezone.now(), SimPort())
    assert (entry.verdict, difference and difference.code) in [("same", None), ("differs", entry.code)]


def test_every_abbreviation_is_known(order):
    for short, long in (SUFFIXES | DIRECTIONS | UNITS).items():
        record = Source("record", {"address_line1": f"100 Main {long}", "address_line2": ""})
        for typed, verdict in ((f"100 MAIN {short.upper()}.", "same"), (f"100 Main {long}x", "differs")):
            assert beside_the_record(order, "address_line1", typed, record).verdict == verdict


def test_a_source_says_nothing_of_a_field_that_it_does_not_have(order):
    typed = comparison.typed_of(order)
    (entry, *_rest) = comparison.entries(whole(order), typed, [Source("bill", {"city": "San Jose"})])
    assert entry.verdict == "unknown"


def test_a_real_bill_is_read_and_compared(order, ada, signed_in, url):
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
