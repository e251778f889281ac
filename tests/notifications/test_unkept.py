"""Mail with a secret in it: sent at once, or not at all, and nothing of it is stored."""

import pytest
from django.core import mail

from notifications.models import Message
from notifications.unkept import UNSENT, Addressee, send

pytestmark = pytest.mark.django_db
JANE = Addressee("jane@books.example", "Jane & Doe", "Europe/Berlin")


class Link:
    """What the templates say of a link."""

    note = ""
    by = "Ada Park"
    purpose = "bill"

    def __init__(self, at):
        self.expires_at = at


@pytest.fixture
def facts(acme):
    from datetime import UTC, datetime

    link = Link(datetime(2026, 12, 1, 23, 30, tzinfo=UTC))
    return {"link": link, "task_order": acme, "url": "/t/abc/", "code": "012345", "minutes": 10}


@pytest.mark.parametrize("kind", ["link_task", "link_code"])
def test_every_kind_reads_well_in_text_and_html(acme, facts, kind):
    send(kind, org=acme, to=JANE, context=facts)
    sent = mail.outbox[0]
    html, media_type = sent.alternatives[0]
    assert (sent.to, media_type) == (["jane@books.example"], "text/html")
    assert "Hello Jane & Doe," in sent.body
    assert "Hello Jane &amp; Doe," in html
    for rendered in (sent.subject, sent.body, html):
        assert "{" not in rendered.split("</style>")[-1]
        assert "None" not in rendered
        assert "\n\n\n" not in rendered
    assert not Message.objects.exists()


def test_times_are_in_the_zone_of_the_addressee(acme, facts):
    send("link_task", org=acme, to=JANE, context=facts)
    assert "Dec. 2, 2026, 12:30 a.m. CET" in mail.outbox[0].body


def test_a_code_comes_without_a_link(acme, facts):
    send("link_code", org=acme, to=JANE, context=facts)
    assert "012345" in mail.outbox[0].subject
    assert "/t/abc/" not in mail.outbox[0].body + mail.outbox[0].alternatives[0][0]


def test_a_server_that_is_away_is_for_the_caller_to_handle(acme, facts, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(UNSENT):
        send("link_code", org=acme, to=JANE, context=facts)
