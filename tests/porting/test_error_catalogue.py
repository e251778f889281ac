"""Every reason as data: words, who must act, what opens, how it is sent again; and what the panel makes of it."""

import pytest

from porting import wizard
from porting.errors import CATALOGUE, ERRORS, error
from porting.rarer_reasons import RARER
from porting.reasons import ACTORS, RESENDS, Actor, Resend
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db
ALL = {known.code: known for known in CATALOGUE.values()}
# How each reason of the normalized list is sent again, by the name that it has there.
SENT_AGAIN = {
    "BTN_MISMATCH": "sup3",
    "BTN_PORTING_NEEDS_NEW": "sup3",
    "ACCOUNT_NUMBER_MISMATCH": "sup3",
    "ACCOUNT_NUMBER_REQUIRED": "sup3",
    "PIN_INVALID": "sup3",
    "PIN_REQUIRED": "sup3",
    "NAME_MISMATCH": "sup3",
    "AUTH_PERSON_MISMATCH": "sup3",
    "ADDRESS_MISMATCH": "sup3",
    "POSTAL_CODE_MISMATCH": "sup3",
    "NUMBER_NOT_ON_ACCOUNT": "new_order",
    "NUMBER_INACTIVE": "wait",
    "RATE_CENTRE": "sup3",
    "PENDING_ORDER": "wait",
    "FREEZE": "wait",
    "SPECIAL_FEATURE": "wait",
    "SERVICE_TYPE": "sup3",
    "PORT_TYPE": "new_order",
    "SPLIT_REQUIRED": "new_order",
    "ASSOCIATED_NUMBERS_MISSING": "sup3",
    "LOA_REQUIRED": "sup3",
    "BILL_OUTDATED": "sup3",
    "DATE_TOO_SOON": "sup2",
    "DATE_TOO_FAR": "sup2",
    "DATE_HOLIDAY": "sup2",
    "FOC_EXPIRED": "sup2",
    "FOC_LOST": "sup2",
    "FOC_REJECTED": "sup2",
    "OSP_SILENT": "none",
    "SV_CONFLICT": "none",
    "SV_FAILURE": "none",
    "OUTSTANDING_BALANCE": "wait",
    "TF_SPARE": "sup3",
    "TF_UNAVAILABLE": "sup3",
    "TF_TRANSITIONAL": "sup3",
    "RESPORG_99": "sup3",
}


@pytest.mark.parametrize(("name", "resend"), SENT_AGAIN.items())
def test_every_normalized_reason_is_known_and_sent_again_its_way(name, resend):
    known = error(name)
    assert known.code != "unknown"
    assert known.resend == resend


def test_codes_and_aliases_are_each_of_one_reason():
    names = [name for known in ALL.values() for name in (known.code, *known.aliases)]
    assert len(names) == len(set(names)) == len(CATALOGUE)
    assert all(len(name) <= 40 and name == name.lower() for name in names)
    assert len(ERRORS) == 19
    assert set(ALL) == set(ERRORS) | {known.code for known in RARER}


@pytest.mark.parametrize("known", ALL.values(), ids=lambda known: known.code)
def test_every_reason_says_everything(known, acme, ada):
    assert str(known.title)
    assert str(known.fix).endswith(".")
    assert str(known.acts) == str(ACTORS[known.who])
    assert str(known.sent_again) == str(RESENDS[known.resend])
    step = wizard.STEPS[known.step]
    if known.field:
        form = step.form(instance=make_port_order(acme), org=acme, membership=ada.memberships.get())
        assert known.field in form.fields
    assert (known.who == Actor.SUPPORT) is known.support
    if known.resend == Resend.DATE:
        assert (known.step, known.field) == ("date", "requested_date")


@pytest.mark.parametrize("known", ALL.values(), ids=lambda known: known.code)
def test_the_panel_says_what_sending_it_again_means(known, acme, ada, office, signed_in):
    order = make_port_order(acme, state="rejected", reject_code=known.code, attempt=2)
    order.numbers.filter(e164="+14085550112").update(is_named_in_reject=known.step == "numbers")
    page = signed_in(ada).get(order.get_absolute_url())
    text, fix = page.content.decode(), page.context["fix"]
    assert str(known.sent_again) in text
    assert "2nd attempt" in text
    if known.step == "review":
        assert fix.form is None
        assert ("Write to PSTN support" in text) is known.support
        assert ('value="send"' in text) is (known.resend == Resend.WAIT)
    elif known.step != "numbers":
        assert known.field in fix.form.fields
    else:
        assert fix.may_split or fix.may_remove


@pytest.mark.parametrize("code", ["pending_order", "tn_special_feature", "freeze", "tn_not_portable"])
def test_a_cause_that_is_gone_needs_no_change(acme, ada, office, carrier, signed_in, url, code):
    order = make_port_order(acme, state="rejected", reject_code=code)
    order.numbers.filter(e164="+14085550112").update(is_named_in_reject=True)
    client = signed_in(ada)
    page = client.get(order.get_absolute_url()).content.decode()
    assert "send again" in page or "Send it again" in page
    client.post(url("order_resubmit", order), {"then": "send"})
    order.refresh_from_db()
    assert (order.state, order.attempt, order.number_count) == ("submitted", 2, 3)


@pytest.mark.parametrize("code", ["multiple_btns", "pending_main_btn", "tn_mismatch", "split_required"])
def test_what_belongs_elsewhere_leads_to_the_plan(acme, ada, office, signed_in, url, code):
    order = make_port_order(acme, state="rejected", reject_code=code)
    order.numbers.filter(e164="+14085550112").update(is_named_in_reject=True)
    page = signed_in(ada).get(order.get_absolute_url()).content.decode()
    assert url("order_step", order, "plan") in page


def test_the_reasons_before_are_listed(acme, ada, office, news, carrier, signed_in, url):
    order = make_port_order(acme, state="submitted")
    client = signed_in(ada)
    for code in ("pending_order", "unknown"):
        carrier.tell("port.rejected", order, code=code)
        news()
        if code == "pending_order":
            client.post(url("order_resubmit", order), {"then": "send"})
            order.refresh_from_db()
    fix = client.get(order.get_absolute_url()).context["fix"]
    assert fix.earlier == [str(ERRORS["pending_order"].title)]
    assert (str(fix.error.code), fix.attempt) == ("unknown", "2nd")
