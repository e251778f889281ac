"""Toll-free numbers: an order of their own, a RespOrg instead of a billing number."""

import pytest

from carrier.base import LineKind, Portability, Portable
from porting.letters.content import content, why_no_letter
from porting.models import PortOrder
from porting.tasks.orders import request
from tests.porting.factories import ACCOUNT, add_bill, add_signature, make_port_order

pytestmark = pytest.mark.django_db
FREE, LOCAL = "+18005550140", "+14085550110"
FORM = {
    **{name: value for name, value in ACCOUNT.items() if name != "btn"},
    "resp_org": "abc01",
    "address_line2": "",
}


@pytest.fixture
def registry(carrier):
    """The carrier knows a working toll-free number, and some that do not move."""

    def free(e164, portable, reason="", status="working", resp_org="ABC01"):
        return Portability(
            e164,
            portable,
            reason,
            losing_carrier="Frontline Toll",
            kind=LineKind.TOLL_FREE,
            interval_days=2,
            registry_status=status,
            resp_org=resp_org,
        )

    carrier.answers = {
        FREE: free(FREE, Portable.YES),
        "+18005550141": free("+18005550141", Portable.NO, "spare", "spare", ""),
        "+18005550142": free("+18005550142", Portable.NO, "resp_org_99", "working", "ABC99"),
        "+18005550143": free("+18005550143", Portable.LOOK, "transitional", "transitional"),
    }
    return carrier


@pytest.fixture
def order(acme, office, ada):
    return make_port_order(acme, numbers=(), btn="", losing_carrier="", bill=False, signed=False)


@pytest.fixture
def save(ada, signed_in, url):
    def post(order, slug, **data):
        order.refresh_from_db()
        return signed_in(ada).post(url("order_step", order, slug), {"version": str(order.version), **data})

    return post


def test_the_registry_decides(registry, order, save):
    pasted = "\n".join(registry.answers)
    lines = save(order, "numbers", numbers=pasted, then="check").context["reading"].lines
    told = {line.e164: (line.outcome, line.sentence) for line in lines}
    assert told[FREE] == ("portable", "Frontline Toll · RespOrg ABC01")
    assert told["+18005550141"][0] == "not_portable"
    assert "ordered, not ported" in told["+18005550141"][1]
    assert told["+18005550142"][0] == "not_portable"
    assert told["+18005550143"][0] == "look"


def test_a_list_of_toll_free_numbers_is_an_order(registry, order, save):
    assert save(order, "numbers", numbers=FREE).status_code == 302
    order = PortOrder.unscoped.get(pk=order.pk)
    row = order.numbers.get()
    assert (row.kind, row.registry_status, row.resp_org, row.interval_days) == (
        "toll_free",
        "working",
        "ABC01",
        2,
    )
    assert order.is_toll_free
    assert (order.resp_org, order.losing_carrier) == ("ABC01", "Frontline Toll")


def test_they_never_share_an_order(registry, order, save, url):
    response = save(order, "numbers", numbers=f"{FREE}\n{LOCAL}", then="check")
    outcomes = {line.e164: line.outcome for line in response.context["reading"].lines}
    assert outcomes == {FREE: "apart", LOCAL: "portable"}
    assert save(order, "numbers", numbers=f"{FREE}\n{LOCAL}").url == url("order_step", order, "plan")
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    assert "plan" in order.missing()  # and so it cannot be submitted


def test_the_account_step_asks_for_the_resp_org(registry, order, save, ada, signed_in, url):
    save(order, "numbers", numbers=FREE)
    form = signed_in(ada).get(url("order_step", order, "carrier")).context["form"]
    assert not {"btn", "pin", "full_port", "remaining", "new_btn"} & set(form.fields)
    assert form["resp_org"].value() == "ABC01"
    bad = save(order, "carrier", **FORM | {"resp_org": "AB"})
    assert "five letters and digits" in str(bad.context["form"].errors["resp_org"])
    assert save(order, "carrier", **FORM).status_code == 302
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    assert order.resp_org == "ABC01"
    assert "carrier" not in order.missing()


def test_the_letter_names_the_resp_org_and_a_change_breaks_the_signature(registry, order, save):
    save(order, "numbers", numbers=FREE)
    save(order, "carrier", **FORM)
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    assert why_no_letter(order) == ""
    assert ("Current RespOrg", "ABC01") in content(order).extra
    add_bill(order)
    add_signature(order)
    save(order, "carrier", **FORM | {"resp_org": "XYZ01"})
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    assert "loa" in order.missing()


def test_the_carrier_is_told_the_resp_org(registry, order, save):
    save(order, "numbers", numbers=FREE)
    save(order, "carrier", **FORM)
    PortOrder.unscoped.filter(pk=order.pk).update(requested_date=order.today)
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    order.numbers.update(state="pending")
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    told = request(order)
    assert (told.resp_org, told.btn, told.numbers) == ("ABC01", "", (FREE,))


def test_a_silent_carrier_does_not_hide_the_kind(registry, order, save):
    registry.down = True
    save(order, "numbers", numbers=FREE)
    assert PortOrder.unscoped.get(pk=order.pk).is_toll_free
