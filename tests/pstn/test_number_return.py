"""A deleted number of the carrier's goes back to it when its rest is over: told once, whatever is lost on the way."""

import pytest
from django.utils import timezone

from carrier import CarrierUnavailable, get_carrier
from carrier.base import NumberSearch
from pstn import tasks
from pstn.jobs import tasks as jobs
from pstn.models import RestingNumber, ReturnedNumber
from simulator.carrier import SimulatedCarrier
from tests.factories import make_connected_location, make_number


class Deaf(SimulatedCarrier):
    def return_numbers(self, key, numbers):
        raise CarrierUnavailable("no answer")


def delete(client, number):
    """Delete it, and let its rest be over."""
    client.post(f"/acme/numbers/{number.e164}/delete/", {"confirm": "yes"})
    assert not ReturnedNumber.unscoped.exists()
    assert RestingNumber.unscoped.update(until=timezone.now()) == 1
    jobs.end_rests()


@pytest.fixture
def number(client, acme, eli):
    client.force_login(eli)
    return make_number(make_connected_location(acme))


def test_the_carrier_hears_of_it(client, acme, number, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delete(client, number)
    assert not acme.phone_numbers.exists()
    assert acme.returned_numbers.get().told_at


def test_a_carrier_that_does_not_answer_is_told_again(
    client, acme, number, settings, django_capture_on_commit_callbacks
):
    settings.CARRIER = "tests.pstn.test_number_return.Deaf"
    with django_capture_on_commit_callbacks(execute=True):
        delete(client, number)
    assert acme.returned_numbers.get().told_at is None
    settings.CARRIER = "simulator.carrier.SimulatedCarrier"
    settings.SWEEP_AFTER_SECONDS = 0
    tasks.sweep()
    assert acme.returned_numbers.get().told_at


def test_a_number_from_ones_own_provider_is_nobodys_business(client, acme, eli):
    client.force_login(eli)
    delete(client, make_number(make_connected_location(acme, kind="premises")))
    assert not ReturnedNumber.unscoped.exists()


def test_the_simulated_carrier_sells_it_again_and_takes_it_back_once(db):
    from simulator.models import StockBlock

    StockBlock.of("+14085552", state="CA", city="San Jose", rate_center="San Jose", last=0).save()
    carrier, search = get_carrier(), NumberSearch("US", "CA", area_code="408")
    (free,) = carrier.find_numbers(search)
    for key in ("first", "second"):
        hold = carrier.hold(f"{key}-hold", [free.e164], 600)
        carrier.order_numbers(key, [free.e164], hold.id)
        assert not carrier.find_numbers(search)
        carrier.return_numbers("return-first", [free.e164])
        assert bool(carrier.find_numbers(search)) == (key == "first")
