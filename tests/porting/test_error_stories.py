"""Each of the 19 errors, provoked at the simulated carrier, mended from the order's panel, and completed."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from lib.calendar import add_business_days
from porting.models import PortOrder
from porting.tasks import feed
from simulator import appointments
from simulator.demo import NEIGHBOR, REHEARSALS
from simulator.models import ServiceAccount, ServiceLine
from tests.files import bill_pdf
from tests.porting.factories import as_recorded, last_bill, make_port_order

pytestmark = pytest.mark.django_db
ACCOUNTS = {rehearsal.code: rehearsal.account for rehearsal in REHEARSALS}
# What is said wrong at first, and what is typed in the panel to put it right; see docs/rehearsal.md.
WRONG = {
    "account_number_mismatch": {"account_number": "HL-447190"},
    "account_number_required": {"account_number": ""},
    "account_name_mismatch": {"authorized_name": "Eleanor Whitfield"},
    "company_name_mismatch": {"company_name": "Stillwater Dental Group, Incorporated"},
    "invalid_pin": {"pin": "739401"},
    "service_address_mismatch": {"address_line2": ""},
    "zip_mismatch": {"postal_code": "94086"},
}
TYPED = {
    "account_number_mismatch": ["account_number"],
    "account_number_required": ["account_number"],
    "account_name_mismatch": ["authorized_name"],
    "btn_mismatch": ["btn"],
    "company_name_mismatch": ["company_name"],
    "invalid_pin": ["pin"],
    "service_address_mismatch": ["address_line1", "address_line2", "city", "region"],
    "zip_mismatch": ["postal_code"],
}
TAKEN_OUT = ["tn_mismatch", "tn_not_portable", "unsupported_rate_center", "pending_order", "multiple_btns"]


def make_wrong(acme, code):
    """A draft as somebody fills it in who makes this mistake."""
    account = ACCOUNTS[code]
    numbers = account.enter + ((NEIGHBOR.numbers[0],) if code == "tn_mismatch" else ())
    facts = {**as_recorded(account), **WRONG.get(code, {})}
    if code == "btn_mismatch":
        facts["btn"] = account.numbers[1]
    order = make_port_order(acme, numbers=numbers, signed=False, **facts)
    days = 6 if code == "foc_rejected" else max(6, account.minimum_lead_days)
    order.requested_date = add_business_days(order.today, days, "US")
    order.save()
    dated = last_bill(account, order.today)
    if code == "bill_invalid":
        dated = order.today - timedelta(days=2 if (order.today - timedelta(days=2)).day != 5 else 1)
    order.documents.update(dated=dated)
    return order


class Panel:
    """Ada at the order's panel."""

    def __init__(self, client, order, at_work):
        self.client, self.order, self.at_work = client, order, at_work

    def address(self, name, *more):
        return reverse(f"porting:{name}", args=["acme", self.order.pk, *more])

    def look(self):
        self.order = PortOrder.unscoped.get(pk=self.order.pk)
        return self.client.get(self.order.get_absolute_url())

    def resubmit(self, data):
        version = {"version": self.order.version}
        response = self.client.post(self.address("order_resubmit"), {**version, **data})
        assert response.status_code == 302, response.content.decode()
        self.look()

    def sign(self, where, title="Owner"):
        page = self.client.get(where).content.decode()
        first, last = self.order.authorized_name.split(" ", 1)
        hidden = {
            name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in ("shown", "version")
        }
        data = {"first_name": first, "last_name": last, "title": title, "consent": "on", **hidden}
        return self.client.post(
            self.address("order_resubmit") if where == self.order.get_absolute_url() else where, data
        )

    def sign_if_asked(self, account):
        if self.look().context["fix"] and self.look().context["fix"].step == "loa":
            self.sign(self.order.get_absolute_url(), account.accepted_titles.split("\n")[0] or "Owner")
            self.look()

    def wait(self):
        """The carrier does the next thing that it has planned, and the console reads of it."""
        with self.at_work():
            appointments.keep_next()
            feed.take_carrier_events()
        self.look()


def mend(panel, code):
    """What a person does in the panel about this error."""
    account, order = ACCOUNTS[code], panel.order
    if code in TYPED:
        right = as_recorded(account)
        panel.resubmit({name: right[name] for name in TYPED[code]})
    elif code == "foc_rejected":
        later = add_business_days(order.today, account.minimum_lead_days + 1, "US")
        panel.resubmit({"requested_date": later.isoformat()})
    elif code == "pending_main_btn":
        panel.resubmit({"full_port": "False", "remaining": "keep", "new_btn": "530-555-0112"})
    elif code == "bill_invalid":
        issued = last_bill(account, order.today)
        bill = SimpleUploadedFile("bill.pdf", bill_pdf(issued=issued))
        panel.resubmit({"bill": bill, "dated": issued.isoformat()})
    elif code == "loa_invalid":
        panel.sign(order.get_absolute_url(), "Owner")
        panel.look()
    elif code == "multiple_btns":
        panel.client.post(panel.address("order_split"))
        panel.look()
    elif code in TAKEN_OUT:
        panel.resubmit({"then": "remove"})
    elif code == "tn_special_feature":
        ServiceLine.objects.exclude(feature="").update(feature="")  # the carrier removed it, as asked
        panel.resubmit({"then": "send"})
    else:
        ServiceAccount.objects.filter(is_frozen=True).update(is_frozen=False)
        panel.resubmit({"then": "send"})


@pytest.mark.parametrize("code", ACCOUNTS)
def test_provoked_mended_from_the_panel_and_completed(acme, ada, office, signed_in, at_work, code):
    call_command("simulator_demo", verbosity=0)
    account = ACCOUNTS[code]
    panel = Panel(signed_in(ada), make_wrong(acme, code), at_work)
    wrong_title = "Office Manager" if code == "loa_invalid" else ""
    title = wrong_title or account.accepted_titles.split("\n")[0] or "Owner"
    panel.sign(panel.address("order_step", "loa"), title)
    panel.client.post(panel.address("order_submit"))
    panel.look()
    for _n in range(3):  # what the carrier plans first may be an answer about the record
        if panel.order.state == "submitted":
            panel.wait()
    assert (panel.order.state, panel.order.reject_code) == ("rejected", code), panel.order.reject_detail

    mend(panel, code)
    panel.sign_if_asked(account)
    assert (panel.order.state, panel.order.attempt) == ("submitted", 2), panel.look().context["fix"]
    for _n in range(8):
        if not panel.order.is_here:
            panel.wait()
    assert panel.order.is_here, (panel.order.state, panel.order.reject_code, panel.order.reject_detail)
    assert set(acme.phone_numbers.values_list("state", flat=True)) == {"active"}
