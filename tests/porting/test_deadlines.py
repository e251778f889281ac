"""Until when a confirmed port may be changed, how risky that is, what it costs: hour by hour."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from porting import deadlines
from porting.deadlines import Risk
from porting.models import FeeBand
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db
FOC = date(2026, 12, 9)  # a Wednesday
BEGINS = datetime(2026, 12, 9, 8, 0, tzinfo=UTC)  # midnight in San Jose


@pytest.fixture
def bands(db):
    for hours, amount in ((72, 25), (48, 50), (24, 100)):
        FeeBand.objects.create(kind="cancel", under_hours=hours, amount=amount)


@pytest.fixture
def order(acme, office):
    return make_port_order(acme, state="foc_received", foc_date=FOC)


def quoted(order, **before):
    return deadlines.quote(order, "cancel", BEGINS - timedelta(**before))


@pytest.mark.parametrize(
    ("before", "each", "risk"),
    [
        ({"days": 20}, 0, Risk.MINIMAL),
        ({"hours": 72, "seconds": 1}, 0, Risk.MINIMAL),
        ({"hours": 72}, 0, Risk.MINIMAL),
        ({"hours": 71, "minutes": 59}, 25, Risk.LOW),
        ({"hours": 48}, 25, Risk.LOW),
        ({"hours": 47, "minutes": 59}, 50, Risk.MODERATE),
        ({"hours": 24}, 50, Risk.MODERATE),
        ({"hours": 23, "minutes": 59}, 100, Risk.HIGH),
        ({"seconds": 1}, 100, Risk.HIGH),
    ],
)
def test_amount_and_risk_by_the_hours_left(order, bands, before, each, risk):
    quote = quoted(order, **before)
    assert (quote.each, quote.total, quote.risk) == (each, 3 * each, risk)
    assert not quote.is_locked
    assert [one for one, is_now in quote.scale if is_now] == [risk]


def test_it_is_locked_once_the_day_begins_where_the_numbers_go(order, bands):
    assert quoted(order, seconds=0).is_locked
    assert quoted(order, seconds=-1).hours == 0
    assert not quoted(order, seconds=1).is_locked


def test_free_until_is_72_hours_before_that_midnight(order):
    quote = quoted(order, hours=100)
    assert quote.free_until == BEGINS - timedelta(hours=72)
    assert quote.is_free_time
    assert not quoted(order, hours=71).is_free_time


def test_without_bands_nothing_costs_anything(order):
    assert quoted(order, hours=1).total == Decimal(0)


def test_bands_of_dates_are_not_those_of_cancels(order, bands):
    assert deadlines.quote(order, "change", BEGINS - timedelta(hours=1)).total == 0


def test_without_a_confirmed_date_nothing_is_at_risk(acme, office, bands):
    quote = deadlines.quote(make_port_order(acme, state="submitted"), "cancel")
    assert (quote.risk, quote.total, quote.is_locked, quote.scale) == (None, 0, False, [])


@pytest.mark.parametrize(
    ("foc", "begins"),
    [
        (date(2026, 11, 2), datetime(2026, 11, 2, 8, tzinfo=UTC)),  # the Monday after clocks go back
        (date(2026, 10, 30), datetime(2026, 10, 30, 7, tzinfo=UTC)),
        (date(2026, 3, 9), datetime(2026, 3, 9, 7, tzinfo=UTC)),  # the Monday after clocks go forward
        (date(2026, 3, 6), datetime(2026, 3, 6, 8, tzinfo=UTC)),
    ],
)
def test_hours_are_real_hours_over_a_clock_change(order, bands, foc, begins):
    order.foc_date = foc
    assert deadlines.day_begins(order) == begins
    free_until = deadlines.quote(order, "cancel", begins - timedelta(hours=80)).free_until
    assert begins - free_until == timedelta(hours=72)


@pytest.mark.parametrize(
    ("state", "fields", "word"),
    [
        ("submitted", {}, "Only a confirmed date"),
        ("sup_requested", {}, "Only a confirmed date"),
        ("activating", {}, "Only a confirmed date"),
        ("foc_received", {"date_changes": 3}, "as often as carriers allow"),
        ("foc_received", {"foc_date": date(2026, 1, 5)}, "has begun"),
        ("foc_received", {"date_changes": 2}, ""),
    ],
)
def test_why_a_date_cannot_be_changed(acme, office, state, fields, word):
    fields = {"foc_date": date(2099, 12, 9), **fields}
    reason = deadlines.why_not_change(make_port_order(acme, state=state, **fields))
    assert bool(reason) == bool(word)
    assert word in reason


@pytest.mark.parametrize(
    ("state", "foc", "word"),
    [
        ("activating", date(2099, 12, 9), "moving already"),
        ("partially_completed", date(2099, 12, 9), "moving already"),
        ("foc_received", date(2026, 1, 5), "has begun"),
        ("foc_received", date(2099, 12, 9), ""),
        ("submitted", None, ""),
        ("rejected", None, ""),
    ],
)
def test_why_it_cannot_be_canceled(acme, office, state, foc, word):
    reason = deadlines.why_not_cancel(make_port_order(acme, state=state, foc_date=foc))
    assert bool(reason) == bool(word)
    assert word in reason
