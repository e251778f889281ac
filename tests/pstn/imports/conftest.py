"""What tests of imports share: a location where numbers are typed in, and a file that is sent, checked and run."""

import pytest
from django.core.files.base import ContentFile

from pstn.imports import tasks
from pstn.jobs import tasks as job_tasks
from pstn.workflow import imports as workflow
from tests.factories import make_connected_location


@pytest.fixture
def location(acme):
    """The HQ, with a gateway of its own: its numbers come from elsewhere and are typed in."""
    return make_connected_location(acme, kind="premises")


@pytest.fixture
def membership(ada):
    return ada.memberships.select_related("org", "user").get()


@pytest.fixture
def send(membership, location):
    """send("create", "+14085550142,San Jose HQ", …): a file of these lines, checked; nothing is imported yet.

    `header` is the first line.
    """

    def send(mode, *lines, header="number,location", by=membership, data=None):
        content = data if data is not None else "\n".join([header, *lines]).encode()
        upload = ContentFile(content, name="numbers.csv")
        it = workflow.begin(by.org, upload, mode=mode, membership=by, by=by.user)
        tasks.check(it.pk)
        it.refresh_from_db()
        return it

    return send


@pytest.fixture
def run(membership):
    """Import a file that was checked; the job as it is at its end."""

    def run(it, by=membership):
        job = workflow.run(it, membership=by, by=by.user)
        job_tasks.run(job.pk)
        tasks.tidy(it.pk)
        job.refresh_from_db()
        it.refresh_from_db()
        return job

    return run


@pytest.fixture
def problems():
    """The bad rows of a checked file: {line: (column, code)}."""

    def problems(it):
        rows = it.lines.filter(plan="x").values_list("line", "column", "code")
        return {line: (column, code) for line, column, code in rows}

    return problems
