"""What tests of numbers and their orders share: a carrier that answers from memory, and a location that buys from it."""

import pytest

from tests.factories import make_connected_location
from tests.pstn.fakes import FakeCarrier


@pytest.fixture
def carrier(settings):
    settings.CARRIER = "tests.pstn.fakes.FakeCarrier"
    return FakeCarrier.reset()


@pytest.fixture
def location(acme):
    return make_connected_location(acme)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run what waits for the commit: `with committed(): …`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
