"""Two numbers that are porting in, one that stands in meanwhile, and Eli who prepares them."""

import pytest

from tests.factories import make_number
from tests.pstn.preparing.factories import COMING, OTHER, TEMPORARY


@pytest.fixture
def number(location):
    return make_number(location, COMING, state="porting")


@pytest.fixture
def other(location):
    return make_number(location, OTHER, state="porting")


@pytest.fixture
def temporary(location):
    return make_number(location, TEMPORARY, assigned_to="Anita Perez", caller_name="Acme", extension="4142")


@pytest.fixture
def signed_in(client, eli):
    client.force_login(eli)
    return client
