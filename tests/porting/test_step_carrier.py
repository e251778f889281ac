"""The account at the current carrier: what is asked, what is refused, and secrets that stay out of the page."""

import pytest

from accounts.models import AuditEntry
from tests.porting.factories import ACCOUNT, make_port_order

pytestmark = pytest.mark.django_db
FORM = {**ACCOUNT, "pin": "", "address_line2": "", "full_port": "True", "remaining": "", "new_btn": ""}


@pytest.fixture
def order(acme, office):
    return make_port_order(
        acme, btn="", company_name="", account_number="", address_line1="", bill=False, signed=False
    )


@pytest.fixture
def save(ada, order, signed_in, url):
    def post(then="", **changes):
        data = {**FORM, "version": str(order.version), "then": then, **changes}
        return signed_in(ada).post(url("order_step", order, "carrier"), data)

    return post


def test_it_saves_and_goes_on(order, save, url):
    assert save(btn="(408) 555-0110", postal_code="95112-1234").url == url("order_step", order, "bill")
    order.refresh_from_db()
    assert (order.btn, order.postal_code, order.account_number) == ("+14085550110", "95112-1234", "VT-204418")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("btn", "12", "a number has 10"),
        ("btn", "", "required"),
        ("address_line1", "P.O. Box 12", "PO box"),
        ("address_line1", "PO BOX 12", "PO box"),
        ("postal_code", "9511", "5 digits"),
        ("region", "Bavaria", "valid choice"),
        ("company_name", "", "required"),
        ("new_btn", "x", "not a phone number"),
    ],
)
def test_bad_input_gets_a_sentence_and_stays(order, save, field, value, sentence):
    response = save(**{field: value})
    assert response.status_code == 422
    assert sentence in " ".join(response.context["form"].errors[field])
    assert response.context["form"][field].value() == value


def test_the_address_of_the_location_is_there_already(ada, order, signed_in, url):
    form = signed_in(ada).get(url("order_step", order, "carrier")).context["form"]
    assert (form["address_line1"].value(), form["company_name"].value()) == ("100 Main Street", "Acme")


def test_a_btn_in_a_partial_port_asks_about_the_rest(save):
    assert "remaining" in save(full_port="False").context["form"].errors
    assert "new_btn" in save(full_port="False", remaining="keep").context["form"].errors
    in_list = save(full_port="False", remaining="keep", new_btn="408-555-0111")
    assert "in your list" in " ".join(in_list.context["form"].errors["new_btn"])
    assert save(full_port="False", remaining="keep", new_btn="408-555-0199").status_code == 302


def test_a_btn_outside_the_list_asks_nothing(save):
    assert save(btn="408-555-0100", full_port="False").status_code == 302


def test_wireless_numbers_need_the_pin(order, save):
    order.numbers.update(is_wireless=True)
    assert "pin" in save().context["form"].errors
    assert save(pin="4711").status_code == 302


def test_leaving_keeps_what_is_there(order, save):
    assert save(then="leave", company_name="", authorized_name="").url == "/acme/orders/"
    order.refresh_from_db()
    assert (order.btn, order.company_name, order.city) == ("+14085550110", "", "San Jose")


def test_leaving_with_a_wrong_value_stays(order, save):
    assert save(then="leave", postal_code="9511").status_code == 422


def test_stored_secrets_are_not_in_the_page_and_stay_when_left_empty(acme, ada, office, signed_in, url):
    order = make_port_order(acme, pin="938271", account_number="VT-204418")
    client = signed_in(ada)
    for slug in ("carrier", "review"):
        page = client.get(url("order_step", order, slug)).content.decode()
        assert "938271" not in page
        assert "VT-204418" not in page
    client.post(url("order_step", order, "carrier"), {**FORM, "account_number": "", "version": "0"})
    order.refresh_from_db()
    assert (order.pin, order.account_number) == ("938271", "VT-204418")


def test_the_audit_log_knows_that_a_secret_changed_and_not_to_what(order, save):
    save(pin="938271")
    entry = AuditEntry.objects.get(what="port_order.edit")
    assert entry.after["pin"] == "•••"
    assert "938271" not in str(entry.after)
