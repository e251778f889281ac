"""The calendar entry of a port: made by the FOC, replaced when the date moves, taken out when it ends."""

from datetime import date, timedelta

import pytest
import time_machine

from notifications.models import Message
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


def attached():
    """The calendar files that went out, oldest first, as dicts of their lines."""
    files = []
    for message in Message.objects.exclude(attachment=None).filter(to="ada@acme.example").order_by("pk"):
        text = bytes(message.attachment).decode().replace("\r\n ", "")
        files.append(dict(line.split(":", 1) for line in text.split("\r\n") if ":" in line))
    return files


@pytest.fixture
def story(acme, ada, office, carrier, news):
    """Tell the carrier's events one a minute."""
    with time_machine.travel("2026-11-18 20:00:00+00:00", tick=False) as clock:
        order = make_port_order(acme, state="submitted", created_by=ada)

        def tell(kind, **facts):
            clock.shift(timedelta(minutes=1))
            order.refresh_from_db()
            key = order.wish_key if order.wish and kind != "port.confirmed" else ""
            carrier.tell(kind, order, key=key, **facts)
            news()
            order.refresh_from_db()

        tell.order = order
        yield tell


def test_a_moved_date_replaces_the_entry(story):
    story("port.confirmed", date=date(2026, 12, 9))
    story("port.confirmed", date=date(2026, 12, 11))
    first, second = attached()
    assert first["UID"] == second["UID"]
    assert int(first["SEQUENCE"]) < int(second["SEQUENCE"])
    assert (first["METHOD"], second["METHOD"]) == ("PUBLISH", "PUBLISH")
    assert (first["DTSTART;VALUE=DATE"], second["DTSTART;VALUE=DATE"]) == ("20261209", "20261211")


def test_a_lost_date_takes_the_entry_out_once(story):
    story("port.confirmed", date=date(2026, 12, 9))
    story("port.foc_lost", code="foc_lost")
    story("port.rejected", code="unknown")
    _first, lost = attached()
    assert (lost["METHOD"], lost["STATUS"], lost["DTSTART;VALUE=DATE"]) == ("CANCEL", "CANCELLED", "20261209")


def test_a_canceled_order_takes_the_entry_out(story, ada):
    from porting.workflow import orders as workflow

    story("port.confirmed", date=date(2026, 12, 9))
    workflow.cancel(story.order, by=ada)
    story("port.canceled")
    first, canceled = attached()
    assert canceled["METHOD"] == "CANCEL"
    assert canceled["UID"] == first["UID"]
    assert int(canceled["SEQUENCE"]) > int(first["SEQUENCE"])


def test_an_order_that_never_had_a_date_sends_no_entry(story):
    story("port.rejected", code="unknown")
    assert attached() == []
    assert Message.objects.filter(kind="port_rejected").exists()
