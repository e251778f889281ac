"""Every test of the contract is run with every adapter."""

import pytest

from tests.carrier.bench import ADAPTERS


@pytest.fixture(params=ADAPTERS.values(), ids=ADAPTERS.keys())
def bench(request, db, settings, time_machine):
    return request.param(settings, time_machine)


@pytest.fixture
def carrier(bench):
    return bench.carrier
