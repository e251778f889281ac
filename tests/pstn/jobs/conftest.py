"""What tests of jobs share: numbers of every sort at two locations, and a job that is worked on where the test says."""

import pytest

from pstn.jobs import tasks
from pstn.selection import Selection
from pstn.workflow import jobs as workflow
from tests.factories import make_connected_location, make_number


@pytest.fixture
def membership(ada):
    return ada.memberships.select_related("org", "user").get()


@pytest.fixture
def other(acme):
    """A second location, connected like the first."""
    return make_connected_location(acme, name="London Road")


@pytest.fixture
def start(acme, membership):
    """start("activate", numbers=[…], **params): queue a job; nothing works on it yet."""
    count = iter(range(1000))

    def start(kind, query="", /, numbers=(), *, by=membership, key="", **params):
        selection = Selection(query, tuple(numbers))
        key = key or f"key-{next(count)}"
        return workflow.start(acme, kind, selection, params, membership=by, by=by.user, key=key)

    return start


@pytest.fixture
def run():
    """Work on a job until it is over or cannot go on; answers it as it is stored then."""

    def run(job):
        tasks.run(job.pk)
        job.refresh_from_db()
        return job

    return run


@pytest.fixture
def numbers(location):
    """Ten active numbers of the first location."""
    return [make_number(location, f"+140855501{n:02}") for n in range(10)]


@pytest.fixture
def check(acme, membership):
    def check(kind, query="", /, numbers=(), *, by=membership, **params):
        return workflow.check(acme, kind, Selection(query, tuple(numbers)), params, membership=by)

    return check
