"""The 19 errors: each opens the right field on the order itself, says what was sent, and is mended in place."""

import re
from datetime import timedelta

import pytest

from porting import fixes, wizard
from porting.errors import ERRORS, error
from porting.models import BillReading
from porting.models.orders import PortOrder
from tests import files
from tests.porting.factories import a_date, make_port_order

pytestmark = pytest.mark.django_db
OPENS = {
    "account_number_mismatch": {"account_number"},
    "account_number_required": {"account_number"},
    "account_name_mismatch": {"authorized_name"},
    "btn_mismatch": {"btn"},
    "company_name_mismatch": {"company_name"},
    "multiple_btns": None,
    "foc_rejected": {"requested_date"},
    "invalid_pin": {"pin"},
    "pending_order": None,
    "pending_main_btn": {"full_port", "remaining", "new_btn"},
    "service_address_mismatch": {"address_line1", "address_line2", "city", "region"},
    "zip_mismatch": {"postal_code"},
    "tn_special_feature": None,
    "tn_mismatch": None,
    "tn_not_portable": None,
    "unsupported_rate_center": None,
    "bill_invalid": {"bill", "dated"},
    "loa_invalid": {"first_name", "last_name", "title", "drawn", "consent", "shown"},
    "unknown": None,
}
ABOUT_NUMBERS = [code for code, known in ERRORS.items() if known.step == "numbers"]


def rejected(acme, code, **fields):
    order = make_port_order(
        acme, state="rejected", reject_code=code, reject_detail="The carrier's words.", **fields
    )
    if ERRORS[code].step == "numbers":
        order.numbers.filter(e164="+14085550112").update(is_named_in_reject=True)
    return order


def hidden(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.content.decode())[1]


def test_there_are_19_and_no_others():
    assert len(ERRORS) == 19
    assert set(OPENS) == set(ERRORS)
    assert error("never heard of") is ERRORS["unknown"]


def test_each_names_a_step_and_a_field_that_exist(acme, ada, office):
    order, membership = make_port_order(acme), ada.memberships.get()
    for known in ERRORS.values():
        step = wizard.STEPS[known.step]
        if known.field:
            form = step.form(instance=order, org=acme, membership=membership)
            assert known.field in form.fields, known.code


@pytest.mark.parametrize("code", ERRORS)
def test_the_panel_opens_the_right_field(acme, ada, office, signed_in, url, code):
    order = rejected(acme, code)
    page = signed_in(ada).get(order.get_absolute_url())
    fix, text = page.context["fix"], page.content.decode()
    assert str(ERRORS[code].title) in page.context["fix"].title
    assert "The carrier&#x27;s words." in text
    if OPENS[code] is None:
        assert fix.form is None
    else:
        assert set(fix.form.fields) == OPENS[code]
        assert "Save and resubmit" in text or "Sign and resubmit" in text
    if code in ABOUT_NUMBERS:
        assert [row.e164 for row in fix.named] == ["+14085550112"]
        assert url("order_step", order, "numbers") in text
        assert fix.may_split is (code == "multiple_btns")
        assert fix.may_remove is (code != "multiple_btns")


@pytest.mark.parametrize(
    ("code", "typed", "then_sign"),
    [
        ("account_number_mismatch", {"account_number": "VT-1"}, True),
        ("account_name_mismatch", {"authorized_name": "Nora Whitfield"}, True),
        ("btn_mismatch", {"btn": "408-555-0111"}, True),
        ("company_name_mismatch", {"company_name": "Acme Inc"}, True),
        ("invalid_pin", {"pin": "4711"}, False),
        ("foc_rejected", {"requested_date": a_date(9).isoformat()}, False),
        ("pending_main_btn", {"full_port": "False", "remaining": "keep", "new_btn": "408-555-0199"}, True),
        (
            "service_address_mismatch",
            {"address_line1": "1 Elm", "address_line2": "", "city": "San Jose", "region": "CA"},
            True,
        ),
        ("zip_mismatch", {"postal_code": "95113"}, True),
    ],
)
def test_the_field_is_mended_in_place_and_the_same_order_sent(
    acme, ada, office, carrier, signed_in, url, code, typed, then_sign
):
    order = rejected(acme, code)
    client = signed_in(ada)
    client.post(url("order_resubmit", order), {**typed, "version": "0"})
    order.refresh_from_db()
    if then_sign:
        assert order.state == "rejected"
        page = client.get(order.get_absolute_url())
        assert page.context["fix"].step == "loa"
        assert "changed since it was signed" in page.content.decode()
        name = {"first_name": "Ada", "last_name": "Park", "title": "Owner", "consent": "on"}
        data = {**name, "version": hidden(page, "version"), "shown": hidden(page, "shown")}
        client.post(url("order_resubmit", order), data)
        order.refresh_from_db()
    assert (order.state, order.attempt) == ("submitted", 2)
    assert carrier.made("supplement") == [["ref-1", f"port-{order.pk}-2"]]
    assert acme.phone_numbers.count() == 3


def test_a_bill_is_replaced_in_place(acme, ada, office, carrier, signed_in, url):
    from django.core.files.uploadedfile import SimpleUploadedFile

    order = rejected(acme, "bill_invalid")
    dated = (order.today - timedelta(days=1)).isoformat()
    bill = SimpleUploadedFile("bill.pdf", files.bill_pdf())
    signed_in(ada).post(url("order_resubmit", order), {"bill": bill, "dated": dated, "version": "0"})
    order.refresh_from_db()
    assert (order.state, order.documents.filter(kind="bill").count()) == ("submitted", 2)


def test_the_letter_is_signed_again_in_place(acme, ada, office, carrier, signed_in, url):
    order = rejected(acme, "loa_invalid")
    client = signed_in(ada)
    page = client.get(order.get_absolute_url())
    name = {"first_name": "Ada", "last_name": "Park", "title": "President", "consent": "on"}
    client.post(url("order_resubmit", order), {**name, "version": "0", "shown": hidden(page, "shown")})
    order.refresh_from_db()
    assert order.state == "submitted"
    assert order.paper("loa").signature.title == "President"


def test_bad_input_stays_in_the_panel_with_its_sentence(acme, ada, office, signed_in, url):
    order = rejected(acme, "zip_mismatch")
    page = signed_in(ada).post(url("order_resubmit", order), {"postal_code": "9511", "version": "0"})
    assert page.status_code == 422
    assert page.context["fix"].form["postal_code"].value() == "9511"
    assert "5 digits" in page.content.decode()
    assert "Rejected" in page.content.decode()


@pytest.mark.parametrize("code", [code for code in ABOUT_NUMBERS if code != "multiple_btns"])
def test_named_numbers_are_taken_out_in_one_press(acme, ada, office, carrier, signed_in, url, code):
    order = rejected(acme, code)
    signed_in(ada).post(url("order_resubmit", order), {"then": "remove"})
    order.refresh_from_db()
    assert order.number_count == 2
    assert set(acme.phone_numbers.values_list("e164", flat=True)) == {"+14085550110", "+14085550111"}
    assert order.missing() == ["loa"]


def test_the_last_number_is_not_taken_out(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme, state="rejected", reject_code="tn_mismatch", numbers=("+14085550112",))
    order.numbers.update(is_named_in_reject=True)
    assert not signed_in(ada).get(order.get_absolute_url()).context["fix"].may_remove
    signed_in(ada).post(url("order_resubmit", order), {"then": "remove"})
    assert order.numbers.count() == 1


def test_no_reason_given_offers_support_and_sending_again(
    acme, ada, office, carrier, signed_in, url, settings
):
    settings.SUPPORT_URL = "mailto:support@pstnhub.example"
    order = rejected(acme, "unknown")
    client = signed_in(ada)
    assert "mailto:support@pstnhub.example" in client.get(order.get_absolute_url()).content.decode()
    client.post(url("order_resubmit", order), {"then": "send"})
    order.refresh_from_db()
    assert order.state == "submitted"


def test_secrets_that_were_sent_are_masked(acme, ada, office, signed_in):
    order = rejected(acme, "invalid_pin", pin="938271")
    page = signed_in(ada).get(order.get_absolute_url())
    assert "938271" not in page.content.decode()
    assert [value for _label, value in page.context["fix"].sent] == ["••••"]
    shown = fixes.of(
        rejected(acme, "account_number_mismatch", numbers=("+14085550190",)), ada.memberships.get()
    )
    assert shown.sent[0][1] == "••••18"


def test_a_partner_mends_but_does_not_sign(acme, paula, ada, office, carrier, signed_in, url):
    order = rejected(acme, "zip_mismatch")
    client = signed_in(paula)
    client.post(url("order_resubmit", order), {"postal_code": "95113", "version": "0"})
    page = client.get(order.get_absolute_url())
    assert page.context["fix"].form is None
    assert 'name="consent"' not in page.content.decode()
    assert url("order_request_signature", order) in page.content.decode()
    client.post(url("order_resubmit", order), {"then": "send"})
    assert PortOrder.unscoped.get(pk=order.pk).state == "rejected"


def test_what_is_not_rejected_is_not_resubmitted(acme, ada, office, carrier, signed_in, url):
    order = make_port_order(acme, state="submitted")
    signed_in(ada).post(url("order_resubmit", order), {"then": "send"})
    order.refresh_from_db()
    assert order.attempt == 1


def test_the_bill_stands_beside_the_field_and_its_value_is_taken_over(
    acme, ada, office, carrier, signed_in, url
):
    order = rejected(acme, "zip_mismatch")
    place = {
        "page": 1,
        "box": [0.1, 0.1, 0.2, 0.12],
        "score": 9,
        "context": "San Jose, CA 95113",
        "label": "",
    }
    bill = order.documents.get(kind="bill")
    finding = {"field": "postal_code", "value": "95113", **place}
    BillReading.unscoped.create(
        document=bill, stage="done", engine="text", pages_read=1, findings=[finding], sizes={"1": [600, 800]}
    )
    client = signed_in(ada)
    page = client.get(order.get_absolute_url())
    assert [row.field for row in page.context["fix"].beside.rows] == ["postal_code"]
    assert "What the bill says" in page.content.decode()
    answer = client.post(url("bill_use", order), {"field": "postal_code", "at": "fix", "version": "0"})
    assert answer.url == f"{order.get_absolute_url()}#fix"
    fix = client.get(order.get_absolute_url()).context["fix"]
    assert (fix.sent, fix.step) == ([("ZIP code", "95113")], "loa")


def test_a_bill_that_nobody_read_is_shown_as_it_is(acme, ada, office, signed_in):
    page = signed_in(ada).get(rejected(acme, "zip_mismatch").get_absolute_url())
    assert page.context["fix"].beside is None
    assert "Compare with the bill" in page.content.decode()
