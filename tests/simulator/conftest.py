"""The simulated carrier on a Tuesday morning, with the demonstration's accounts and a business day of ten seconds."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator import demo, demo_rows
from simulator.carrier import SimulatedCarrier
from simulator.models import Clock, StockBlock
from simulator.tasks import tick

TUESDAY = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # 10:00 Eastern
DAY = 10


@pytest.fixture
def wall(time_machine):
    """The clock on the wall. It stands still until a test moves it."""
    time_machine.move_to(TUESDAY, tick=False)
    return time_machine


@pytest.fixture
def carrier(db, settings, wall):
    settings.CARRIER_DAY_SECONDS = DAY
    Clock.current()
    return SimulatedCarrier()


@pytest.fixture
def accounts(db):
    for account in demo.ACCOUNTS:
        demo_rows.add_account(account)


@pytest.fixture
def block(db):
    """A hundred numbers in San Jose."""
    row = StockBlock.of("+14085552", state="CA", city="San Jose", rate_center="San Jose", first=0, last=99)
    row.save()
    return row


@pytest.fixture
def days(wall):
    """Let business days of ten seconds pass, and do what falls due meanwhile."""

    def pass_by(count):
        wall.shift(timedelta(seconds=count * DAY))
        tick()

    return pass_by
