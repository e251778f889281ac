"""Port requests, complete and true to the record unless a test says otherwise."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from carrier.base import Address, Document, EventKind, PortRequest, Signature, Topic
from lib.calendar import add_business_days

LEAD = 5


def port_request(account, key="P-1-1", reference="P-1", **changes):
    today = timezone.now().date()
    first, last = account.authorized.split(" ")
    request = PortRequest(
        key=key,
        reference=reference,
        country="US",
        numbers=account.enter,
        btn=account.btn,
        company_name=account.company,
        authorized_name=account.authorized,
        address=Address(account.line1, account.city, account.state, account.postal_code, line2=account.line2),
        requested_date=add_business_days(today, max(LEAD, account.minimum_lead_days), "US"),
        full_port=True,
        account_number=account.account_number,
        pin=account.pin,
        documents=(
            bill(billed(today, account.bill_cycle_day)),
            Document("loa", "b" * 64, "application/pdf", b"%PDF"),
        ),
        signature=Signature(first, last, account.accepted_titles.split("\n")[0] or "Owner", timezone.now()),
    )
    return replace(request, **changes)


def bill(dated):
    return Document("bill", "a" * 64, "image/png", b"\x89PNG", dated)


def billed(today: date, cycle_day):
    """The last bill before today that is dated on the account's day."""
    if not cycle_day:
        return today
    month = today if today.day >= cycle_day else today.replace(day=1) - timedelta(days=1)
    return month.replace(day=cycle_day)


def port_events(carrier, after=""):
    return carrier.events(Topic.PORTS, after, 10_000)


def last_event(carrier):
    return port_events(carrier)[-1]


def story(carrier):
    """What happened, without the events that go along with every completion."""
    along = {EventKind.PORT_ACTIVATING, EventKind.PORT_MESSAGING}
    return [event for event in port_events(carrier) if event.kind not in along]


def last_word(carrier):
    return story(carrier)[-1]


def kinds(carrier, key=None):
    """The kinds of all events, or of those with a key, in short."""
    return [event.kind.value[5:] for event in port_events(carrier) if key in (None, event.key)]


def events_of(carrier, kind):
    return [event for event in port_events(carrier) if event.kind == kind]
