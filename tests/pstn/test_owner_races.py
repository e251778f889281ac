"""An owner is renamed while it is given a number, on PostgreSQL: the number carries the name that is true."""

import threading

import pytest

from pstn.models import Owner, PhoneNumber
from pstn.workflow import numbers, owners
from tests.factories import make_connected_location, make_number
from tests.pstn.test_races import at_once, buyer, org  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def number(org):  # noqa: F811
    return make_number(make_connected_location(org))


def race(number, by, renamed):
    """One gives the number to Anita, another calls her Bo; answers what the number says and who has it."""
    owner = number.org.owners.create(name="Anita")

    def act(n):
        if n == 0:
            numbers.assign(PhoneNumber.unscoped.get(pk=number.pk), owner=owner, by=by)
        else:
            owners.edit(Owner.unscoped.get(pk=owner.pk), name="Bo", location=None, by=by)
            renamed.set()

    at_once(2, act)
    row = PhoneNumber.unscoped.select_related("owner").get(pk=number.pk)
    return row.assigned_to, row.owner.name


@pytest.mark.parametrize("trial", range(4))
def test_the_name_is_in_step(number, buyer, trial):  # noqa: F811
    assert race(number, buyer, threading.Event()) == ("Bo", "Bo")


def test_control_without_holding_the_owner_the_old_name_stays(number, buyer, monkeypatch):  # noqa: F811
    renamed = threading.Event()
    monkeypatch.setattr(owners, "hold", lambda owner: renamed.wait(timeout=30))
    assert race(number, buyer, renamed) == ("Anita", "Bo")
