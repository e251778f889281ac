"""An order with nothing missing, and a carrier's desk that gives records."""

import pytest

from tests.porting.factories import make_port_order
from tests.porting.preflight.sources import Desk


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme)


@pytest.fixture
def desk(monkeypatch):
    desk = Desk()
    monkeypatch.setattr("porting.tasks.records.get_carrier", lambda: desk)
    return desk
