"""Drafts of the demonstration's accounts, filled in as docs/rehearsal.md prints them unless a test says otherwise."""

from datetime import date

from porting.models import PortOrder
from porting.workflow import orders as workflow
from tests import files
from tests.browser.acting import let_the_carrier_act
from tests.porting.factories import a_date, add_bill, add_signature, as_recorded, last_bill, make_port_order


def draft_of(org, account, *, title="", bill_dated=None, **typed) -> PortOrder:
    """A finished draft. `typed` is what the order says instead of what the account's record says."""
    fields = {
        "numbers": account.enter,
        **as_recorded(account),
        "full_port": not account.left_out,
        "requested_date": a_date(7),
        **typed,
    }
    order = make_port_order(org, bill=False, signed=False, **fields)
    order.numbers.update(losing_carrier=account.carrier, is_wireless=account.is_wireless)
    add_bill(order, days_old=(order.today - (bill_dated or last_bill(account, order.today))).days)
    first, last = order.authorized_name.split(" ")
    signer = {"first_name": first, "last_name": last, "title": title or account.accepted_titles or "Owner"}
    add_signature(order, **signer)
    return PortOrder.unscoped.whole().get(pk=order.pk)


def bill_of(account, issued: date) -> dict:
    """A true bill of the account, as a browser uploads it."""
    place = f"{account.postal_code} {account.city}"
    if account.state:
        place = f"{account.city}, {account.state} {account.postal_code}"
    paper = files.bill_pdf(
        carrier=account.carrier,
        company=account.company,
        address=f"{account.line1}, {place}",
        account=account.account_number,
        btn=account.btn,
        numbers=account.enter,
        issued=issued,
    )
    return {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": paper}


def is_sent(order: PortOrder, by) -> None:
    """The order leaves, as when somebody presses Submit."""
    lacking = order.missing()
    assert not lacking, lacking
    workflow.submit(order, by=by)
    order.refresh_from_db()
    assert order.state == "submitted", (order.state, order.reject_code, order.reject_detail)


def is_carried_to_its_end(order: PortOrder, rounds=8) -> None:
    """The carrier goes on until the numbers are here and their messaging with them."""
    for _round in range(rounds):
        order.refresh_from_db()
        if order.state == PortOrder.State.COMPLETED:
            return
        let_the_carrier_act()
    raise AssertionError((order.state, order.reject_code, order.reject_detail))
