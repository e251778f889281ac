"""In these tests the emergency service is the fake one."""

import pytest

from tests.emergency.fakes import FakeEmergencyService


@pytest.fixture(autouse=True)
def _fake_service(settings):
    FakeEmergencyService.asked.clear()
    settings.CARRIER = "tests.emergency.fakes.FakeEmergencyService"
