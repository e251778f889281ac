"""What is found besides the fields: numbers, papers, the date, and the last port of the same account."""

from datetime import timedelta

import pytest
from django.utils import timezone

from porting.models import PortOrder
from tests.porting.factories import NUMBERS, make_port_order
from tests.porting.preflight.sources import RECORD, checked, codes, give_bill, give_record

pytestmark = pytest.mark.django_db


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
