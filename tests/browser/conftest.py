"""A real Chromium against the live console, and the two things that every browser test asks: is it true, is it accessible."""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from tests.browser.acting import Visitor

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's own thread
PLACES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
CHROMIUM = next((found for place in PLACES if (found := shutil.which(place))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if not CHROMIUM and os.environ.get("REQUIRE_BROWSER") != "1":
            item.add_marker(
                pytest.mark.skip(reason="no Chromium found; REQUIRE_BROWSER=1 makes this a failure")
            )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    assert CHROMIUM, "REQUIRE_BROWSER=1, and no Chromium was found"
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def world(transactional_db, settings):
    """The demo's organizations, people, carrier records and stock."""
    settings.CARRIER_DAY_SECONDS = 10
    settings.DEMO_PASSWORDS = True
    call_command("demo", verbosity=0)


@pytest.fixture
def visitor(world, live_server, page, settings):
    """Somebody at the console; `visitor.signs_in("ada@acme.example")`."""
    page.set_default_timeout(10_000)
    visitor = Visitor(page, live_server.url, Axe())
    yield visitor
    assert not visitor.console_errors, visitor.console_errors
