"""Puts the demonstration into the simulated carrier's records."""

from django.db import transaction

from simulator import demo, demo_stock
from simulator.demo_shapes import DemoAccount
from simulator.models import ServiceAccount, ServiceLine, StockBlock, UnknownStreet

#: Where numbers send and receive messages.
MESSAGING = ("US", "CA")


@transaction.atomic
def fill() -> None:
    """Stock, unknown streets and accounts. What is there stays, also when support staff have changed it."""
    StockBlock.objects.bulk_create(demo_stock.blocks(), ignore_conflicts=True, batch_size=500)
    for name in demo.UNKNOWN_STREETS:
        if not UnknownStreet.objects.filter(name=name).exists():
            UnknownStreet.objects.create(name=name)
    for account in demo.ACCOUNTS:
        add_account(account)


@transaction.atomic
def restore() -> None:
    """Make the demonstration's accounts as they were first, so that their ports can be rehearsed again."""
    numbers = [number for account in demo.ACCOUNTS for number in account.numbers]
    ServiceAccount.objects.filter(lines__e164__in=numbers).delete()
    fill()


def add_account(account: DemoAccount) -> None:
    """The record of an account, unless one of its lines is on a record already."""
    if ServiceLine.objects.filter(e164__in=account.numbers).exists():
        return
    row = ServiceAccount.objects.create(
        carrier_name=account.carrier,
        account_number=account.account_number,
        requires_account_number=True,
        btn=account.btn,
        company_name=account.company,
        authorized_names=account.authorized,
        pin=account.pin,
        line1=account.line1,
        line2=account.line2,
        city=account.city,
        state=account.state,
        country=account.country,
        postal_code=account.postal_code,
        bill_cycle_day=account.bill_cycle_day,
        accepted_titles=account.accepted_titles,
        minimum_lead_days=account.minimum_lead_days,
        is_frozen=account.is_frozen,
        scenario=account.scenario,
        wanted_document=account.wanted_document,
        csr_answer=account.csr_answer,
        identifiers=dict(account.identifiers),
    )
    ServiceLine.objects.bulk_create(
        ServiceLine(
            account=row,
            e164=line.e164,
            btn=line.btn or account.btn,
            rate_center=line.rate_center or account.city,
            is_supported=line.is_supported,
            is_wireless=account.is_wireless,
            registry_status=line.registry_status,
            resp_org=line.resp_org,
            has_messaging=account.country in MESSAGING,
            status=line.status,
            feature=line.feature,
            other_request=line.other_request,
        )
        for line in account.lines
    )
