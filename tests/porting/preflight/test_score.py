"""How sure it is that an order passes: the light, and what each source and each field counts."""

import pytest

from porting.models import BillReading, PortedNumber
from porting.preflight import score
from tests.porting.factories import ACCOUNT
from tests.porting.preflight.sources import checked, give_bill, give_record

pytestmark = pytest.mark.django_db


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
