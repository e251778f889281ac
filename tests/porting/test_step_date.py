"""The date step: only legal dates, by the location's clock; and who else is e-mailed."""

from datetime import date

import pytest
import time_machine

from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme, office):
    return make_port_order(acme, requested_date=None)


def page(client, url, order):
    return client.get(url("order_step", order, "date")).context["form"]


@time_machine.travel("2026-11-18 20:00:00+00:00", tick=False)  # noon in San Jose, a Wednesday
def test_five_business_days_weekends_and_thanksgiving_left_out(ada, order, signed_in, url):
    form = page(signed_in(ada), url, order)
    assert form.earliest == date(2026, 11, 25)
    assert date(2026, 11, 26) not in form.open
    assert date(2026, 11, 28) not in form.open
    assert max(form.open) == date(2026, 12, 18)


@time_machine.travel("2026-11-18 21:30:00+00:00", tick=False)  # 13:30 in San Jose
def test_after_one_o_clock_it_counts_for_the_next_day(ada, order, signed_in, url):
    assert page(signed_in(ada), url, order).earliest == date(2026, 11, 27)


@time_machine.travel("2026-11-18 20:00:00+00:00", tick=False)
@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-26", "2026-11-28", "2026-12-21", "tomorrow"])
def test_other_dates_are_refused(ada, order, signed_in, url, day):
    data = {"requested_date": day, "notify": "", "version": "0"}
    response = signed_in(ada).post(url("order_step", order, "date"), data)
    assert response.status_code == 422
    order.refresh_from_db()
    assert order.requested_date is None


@time_machine.travel("2026-11-18 20:00:00+00:00", tick=False)
def test_a_legal_date_is_saved(ada, order, signed_in, url):
    data = {"requested_date": "2026-11-30", "notify": "it@acme.example; boss@acme.example", "version": "0"}
    assert signed_in(ada).post(url("order_step", order, "date"), data).status_code == 302
    order.refresh_from_db()
    assert (order.requested_date, order.notify) == (date(2026, 11, 30), "it@acme.example, boss@acme.example")


@pytest.mark.parametrize(
    "notify", ["it@", "it@acme.example, nobody", ",".join(f"a{n}@acme.example" for n in range(6))]
)
def test_bad_addresses_get_a_sentence_and_stay(ada, order, signed_in, url, notify):
    client = signed_in(ada)
    day = page(client, url, order).open[0].isoformat()
    response = client.post(
        url("order_step", order, "date"), {"requested_date": day, "notify": notify, "version": "0"}
    )
    assert response.status_code == 422
    assert "notify" in response.context["form"].errors
    assert response.context["form"]["notify"].value() == notify


def test_a_date_that_has_passed_is_missing_again(acme, office):
    with time_machine.travel("2026-11-02 18:00:00+00:00"):
        order = make_port_order(acme, requested_date=date(2026, 11, 12))
        assert order.missing() == []
    with time_machine.travel("2026-11-16 18:00:00+00:00"):
        assert "date" in order.missing()


def test_grey_days_say_why_and_open_ones_are_radio_buttons(ada, order, signed_in, url):
    with time_machine.travel("2026-11-18 20:00:00+00:00", tick=False):
        html = signed_in(ada).get(url("order_step", order, "date")).content.decode()
    assert html.count('type="radio"') == 17
    assert "Thursday, November 26, 2026: Thanksgiving Day is a holiday." in html
    assert "Saturday, November 28, 2026: Ports happen on business days, not at weekends." in html
    assert "Thursday, November 19, 2026: Too soon" in html
    assert 'value="2026-11-25" checked' in html


def test_a_slow_carrier_moves_the_earliest_date(ada, order, signed_in, url):
    order.numbers.filter(e164="+14085550110").update(interval_days=8, losing_carrier="Slow Creek Cooperative")
    with time_machine.travel("2026-11-18 20:00:00+00:00", tick=False):
        response = signed_in(ada).get(url("order_step", order, "date"))
        assert response.context["form"].earliest == date(2026, 12, 1)
        assert "Slow Creek Cooperative needs 8 business days." in response.content.decode()


def test_a_date_that_became_illegal_overnight_is_said_and_leads_to_the_date_step(
    acme, ada, office, signed_in, url
):
    client = signed_in(ada)
    with time_machine.travel("2026-11-18 20:00:00+00:00", tick=False):
        order = make_port_order(acme, requested_date=date(2026, 11, 25))
        assert order.missing() == []
    with time_machine.travel("2026-11-19 16:00:00+00:00", tick=False):  # the next morning in San Jose
        review = client.get(url("order_step", order, "review")).content.decode()
        assert "Too soon: the current carrier needs 5 business days." in review
        assert url("order_step", order, "date") in review
        response = client.post(url("order_submit", order), follow=True)
        assert "Too soon" in response.content.decode()
        order.refresh_from_db()
        assert order.state == "draft"
        page = client.get(url("order_step", order, "date"))
        assert "is not possible any more" in page.content.decode()
        assert "checked" not in page.content.decode().split("<table", 1)[1].split("</table")[0]
        client.post(
            url("order_step", order, "date"), {"requested_date": "2026-11-27", "notify": "", "version": "0"}
        )
        client.post(url("order_submit", order))
    order.refresh_from_db()
    assert order.state != "draft"


def test_it_becomes_illegal_at_one_o_clock_too(acme, ada, office):
    with time_machine.travel("2026-11-18 20:59:00+00:00", tick=False):
        order = make_port_order(acme, requested_date=date(2026, 11, 25))
        assert order.missing() == []
    with time_machine.travel("2026-11-18 21:01:00+00:00", tick=False):
        assert order.missing() == ["date"]
