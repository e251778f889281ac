"""The port wizard follows the country: template B in Germany and its neighbors, template C in Great Britain."""

import pytest
from django.utils.html import escape

import countries
from carrier.base import Portability, Portable
from porting.models import PortOrder
from tests.factories import make_connected_location
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db
ELSEWHERE = [iso for iso, _name in countries.choices() if countries.get(iso).calling_code != "1"]
ADDRESS = {"address_line1": "Unter den Linden 12", "address_line2": "", "city": "Berlin"}
GERMAN = {
    **ADDRESS,
    "losing_carrier": "Rheinnetz",
    "btn": "",
    "account_number": "RN-1",
    "pin": "",
    "company_name": "Acme GmbH",
    "authorized_name": "Ada Park",
    "postal_code": "10117",
    "full_port": "True",
    "remaining": "",
    "new_btn": "",
}
BLANK = {
    "btn": "",
    "company_name": "",
    "account_number": "",
    "address_line1": "",
    "requested_date": None,
    "region": "",
}


@pytest.fixture
def order_in(acme, ada):
    """An unfinished order of a location in a country, with one number."""

    def make(iso, numbers=("+493012345678",), **fields):
        pack = countries.get(iso)
        location = make_connected_location(
            acme,
            name=f"Office {iso}",
            country=iso,
            state=next(iter(pack.regions), ""),
            postal_code=pack.postal_code_example,
            time_zone=pack.every_zone[0],
        )
        return make_port_order(
            acme,
            location=location,
            country=iso,
            numbers=numbers,
            bill=False,
            signed=False,
            **{**BLANK, **fields},
        )

    return make


@pytest.fixture
def wizard(ada, signed_in, url):
    class Browse:
        def get(self, order, slug):
            return signed_in(ada).get(url("order_step", order, slug))

        def save(self, order, slug, **data):
            order.refresh_from_db()
            return signed_in(ada).post(
                url("order_step", order, slug), {"version": str(order.version), **data}
            )

    return Browse()


@pytest.mark.parametrize("iso", ELSEWHERE)
def test_every_step_is_drawn_for_every_country(carrier, order_in, wizard, iso):
    order, pack = order_in(iso), countries.get(iso)
    numbers = wizard.get(order, "numbers")
    assert "US and Canadian" not in numbers.content.decode()
    account = wizard.get(order, "carrier")
    fields = account.context["form"].fields
    assert ("region" in fields) is pack.has_regions
    assert fields["btn"].required is pack.asks_btn
    for one in pack.identifiers:
        assert fields[f"id_of_{one.name}"].label == str(one.label)
    date = wizard.get(order, "date").context["form"]
    assert ("requested_time" in date.fields) is pack.asks_time
    bill = wizard.get(order, "bill").content.decode()
    for rule in pack.documents:
        assert escape(str(rule.label)) in bill
    assert f"not older than {pack.bill_max_age_days} days" in bill


@pytest.mark.parametrize("iso", ELSEWHERE)
def test_what_nobody_confirmed_is_not_said_as_a_fact(carrier, order_in, wizard, iso):
    order, pack = order_in(iso), countries.get(iso)
    form = wizard.get(order, "carrier").context["form"]
    for one in pack.identifiers:
        field = form.fields[f"id_of_{one.name}"]
        assert (field.required, field.help_text) == (False, "")
    if pack.documents:
        page = wizard.get(order, "bill").content.decode()
        assert "may ask for these" in page
        assert "Action required" not in page
    page = wizard.get(order, "date").content.decode()
    assert "The current carrier has" not in page
    assert "We plan 10 business days for the port." in page


def test_a_german_account_needs_no_state_and_no_billing_number(order_in, wizard):
    order = order_in("DE")
    saved = wizard.save(order, "carrier", **GERMAN, id_of_company_id="HRB 12345 B")
    assert saved.status_code == 302
    order.refresh_from_db()
    assert (order.region, order.btn, order.postal_code) == ("", "", "10117")
    assert order.identifiers == {"company_id": "HRB 12345 B"}
    assert "carrier" not in order.missing()


def test_identifiers_are_kept_changed_and_taken_back(order_in, wizard):
    order = order_in("FR", numbers=("+33140205050",))
    french = GERMAN | {"postal_code": "75008"}
    bad = wizard.save(order, "carrier", **french, id_of_company_id="12", id_of_rio="")
    assert bad.status_code == 422
    assert "9 digits" in str(bad.context["form"].errors["id_of_company_id"])
    assert bad.context["form"]["id_of_company_id"].value() == "12"
    wizard.save(order, "carrier", **french, id_of_company_id="732 829 320", id_of_rio="")
    order.refresh_from_db()
    assert order.identifiers == {"company_id": "732829320"}
    wizard.save(order, "carrier", **french, id_of_company_id="", id_of_rio="01P123")
    order.refresh_from_db()
    assert order.identifiers == {"rio": "01P123"}


def test_identifiers_are_not_in_the_audit_log(acme, order_in, wizard):
    from accounts.models import AuditEntry

    order = order_in("PT", numbers=("+351211234567",))
    portuguese = GERMAN | {"postal_code": "1100-148"}
    wizard.save(order, "carrier", **portuguese, id_of_company_id="501442600", id_of_cvp="SECRET99")
    order.refresh_from_db()
    assert order.identifiers["cvp"] == "SECRET99"
    written = str(list(AuditEntry.objects.values_list("after", flat=True)))
    assert "id_of_cvp" in written
    assert "SECRET99" not in written


def test_a_time_can_be_wished_for_and_only_within_the_window(order_in, wizard):
    order = order_in("DE")
    form = wizard.get(order, "date").context["form"]
    day = form.open[0].isoformat()
    bad = wizard.save(order, "date", requested_date=day, requested_time="03:00", notify="")
    assert "times offered" in str(bad.context["form"].errors["requested_time"])
    wizard.save(order, "date", requested_date=day, requested_time="06:30", notify="it@acme.example")
    order.refresh_from_db()
    assert (f"{order.requested_time:%H:%M}", order.notify) == ("06:30", "it@acme.example")
    wizard.save(order, "date", requested_date=day, requested_time="", notify="")
    order.refresh_from_db()
    assert order.requested_time is None


def test_a_british_range_is_a_multi_line_and_one_number_a_single_one(carrier, order_in, wizard):
    order = order_in("GB", numbers=())
    pasted = "020 7946 0990\n020 7946 0100 - 03"
    checked = wizard.save(order, "numbers", numbers=pasted, then="check")
    kinds = {line.e164: line.line_kind for line in checked.context["reading"].lines}
    assert kinds["+442079460990"] == "single"
    assert [kinds[f"+44207946010{n}"] for n in range(4)] == ["multi"] * 4
    wizard.save(order, "numbers", numbers=pasted, **{"line:+442079460990": "multi"})
    order = PortOrder.unscoped.get(pk=order.pk)
    assert {row.line_kind for row in order.numbers.all()} == {"multi"}
    assert "Multi line" in checked.content.decode()
    form = wizard.get(order, "carrier").context["form"]
    assert form["btn"].value() == "+44 20 7946 0100"


def test_what_was_said_of_a_line_stays_when_the_list_changes(carrier, order_in, wizard):
    order = order_in("GB", numbers=())
    wizard.save(order, "numbers", numbers="020 7946 0990", **{"line:+442079460990": "multi"})
    wizard.save(order, "numbers", numbers="020 7946 0990\n020 7946 0991")
    rows = {row.e164: row.line_kind for row in order.numbers.all()}
    assert rows == {"+442079460990": "multi", "+442079460991": "single"}


def test_nobody_else_is_asked_about_lines(carrier, order_in, wizard):
    order = order_in("DE", numbers=())
    page = wizard.save(order, "numbers", numbers="030 12345678", then="check").content.decode()
    assert "Multi line" not in page
    wizard.save(order, "numbers", numbers="030 12345678", **{"line:+493012345678": "multi"})
    assert order.numbers.get().line_kind == ""


def test_toll_free_numbers_of_other_countries_are_left_to_support(carrier, order_in, wizard):
    order = order_in("GB", numbers=())
    carrier.answers["+448001111111"] = Portability("+448001111111", Portable.YES)
    checked = wizard.save(order, "numbers", numbers="0800 111 1111", then="check")
    (line,) = checked.context["reading"].lines
    assert (line.outcome, line.e164) == ("not_portable", "+448001111111")
    assert "PSTN support" in line.sentence
    assert all("+448001111111" not in asked for asked in carrier.asked)


def test_another_location_takes_away_what_the_former_country_asked(acme, order_in, wizard):
    order = order_in("DE")
    wizard.save(order, "carrier", **GERMAN, id_of_company_id="HRB 1")
    zurich = make_connected_location(acme, name="Zurich", country="CH", state="", postal_code="8001")
    wizard.save(order, "location", location=str(zurich.pk))
    order.refresh_from_db()
    assert (order.country, order.identifiers, order.company_name) == ("CH", {}, "Acme GmbH")
