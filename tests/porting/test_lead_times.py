"""How long before a port its date must be asked for: the longest of what country, carriers and size need."""

from datetime import date

import pytest
import time_machine

from porting.models import PortedNumber
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


def slow(order, **days):
    for e164, interval in days.items():
        PortedNumber.unscoped.filter(order=order, e164=f"+{e164[1:]}").update(
            interval_days=interval, losing_carrier="Slow Creek Cooperative"
        )
    return type(order).unscoped.whole().get(pk=order.pk)


def test_the_country_decides_when_no_carrier_is_slower(acme, office):
    lead = slow(make_port_order(acme), n14085550110=3).lead_time
    assert (lead.days, lead.latest_days) == (5, 30)
    assert "5 business days" in lead.sentence


def test_the_slowest_carrier_decides_and_is_named(acme, office):
    lead = slow(make_port_order(acme), n14085550110=7, n14085550111=9).lead_time
    assert lead.days == 9
    assert lead.sentence == "Slow Creek Cooperative needs 9 business days."


def test_four_days_for_more_than_one_number_where_the_country_says_less(acme, office, monkeypatch):
    from dataclasses import replace

    order = make_port_order(acme)
    monkeypatch.setattr(type(order), "pack", replace(order.pack, port_lead_business_days=1))
    assert order.lead_time.days == 4
    order.number_count = 1
    assert order.lead_time.days == 1


def test_a_project_takes_longer_and_may_be_planned_further_ahead(acme, office):
    order = make_port_order(acme)
    order.number_count = 101
    assert (order.lead_time.days, order.lead_time.latest_days) == (10, 60)
    assert "project" in order.lead_time.sentence


@time_machine.travel("2026-11-18 20:00:00+00:00", tick=False)  # noon in San Jose, a Wednesday
def test_one_day_is_judged_as_the_list_says(acme, office):
    order = slow(make_port_order(acme), n14085550110=8)
    offered = order.lead_time.dates()
    assert next(choice.day for choice in offered if choice.is_open) == date(2026, 12, 1)
    for choice in offered:
        assert order.date_choice(choice.day) == choice
