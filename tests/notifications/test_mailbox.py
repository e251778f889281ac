"""The mailbox of a console without SMTP, and its two pages."""

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.urls import reverse

from notifications.mailbox import MailboxBackend
from notifications.models import MailboxEntry

LIST = reverse("notifications:mailbox")


@pytest.fixture
def box(settings, db):
    settings.EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"
    return get_connection()


def make_entry(**fields):
    defaults = {
        "to": "ada@acme.example",
        "subject": "Order N-1",
        "text": "Look: http://localhost/acme/\n<b>x</b>",
    }
    return MailboxEntry.objects.create(**{**defaults, **fields})


def test_a_mail_is_kept_with_its_html_and_the_names_of_its_files(box):
    mail = EmailMultiAlternatives("Hi", "Text", to=["ada@acme.example"], cc=["eli@acme.example"])
    mail.attach_alternative("<p>Text</p>", "text/html")
    mail.attach("P-1.ics", b"BEGIN", "text/calendar")
    assert mail.send() == 1
    entry = MailboxEntry.objects.get()
    assert entry.to == "ada@acme.example, eli@acme.example"
    assert (entry.subject, entry.text, entry.html) == ("Hi", "Text", "<p>Text</p>")
    assert entry.attachment_names == ["P-1.ics"]


def test_a_mail_sent_again_after_a_crash_is_kept_once(box):
    for _ in range(2):
        EmailMessage("Hi", "Text", to=["ada@acme.example"], headers={"Message-ID": "<1@hub>"}).send()
    EmailMessage("No id", "Text", to=["ada@acme.example"]).send()
    EmailMessage("No id", "Text", to=["ada@acme.example"]).send()
    assert MailboxEntry.objects.count() == 3


def test_the_backend_counts_what_it_kept(db):
    assert MailboxBackend().send_messages([]) == 0


def test_people_who_are_not_staff_see_no_mailbox(client, ada):
    entry = make_entry()
    client.force_login(ada)
    assert client.get(LIST).status_code == 404
    assert client.get(reverse("notifications:mailbox_entry", args=[entry.pk])).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get(LIST).status_code == 302


def test_an_empty_mailbox_says_so(client, staff):
    client.force_login(staff)
    assert b"No mail yet" in client.get(LIST).content


def test_the_list_pages_by_key_with_a_fixed_number_of_queries(client, staff, django_assert_num_queries):
    entries = [make_entry(subject=f"Mail {n:03}") for n in range(60)]
    client.force_login(staff)
    with django_assert_num_queries(3):
        first = client.get(LIST)
    assert b"Mail 059" in first.content
    assert b"Mail 009" not in first.content
    second = client.get(LIST, {"after": first.context["page"].next})
    assert [entry.subject for entry in second.context["page"].rows] == [e.subject for e in entries[9::-1]]
    assert b"every 10s" in first.content
    assert b"every 10s" not in second.content


def test_htmx_gets_the_list_alone(client, staff):
    client.force_login(staff)
    page = client.get(LIST, headers={"HX-Request": "true", "HX-Target": "mails"})
    assert page.content.strip().startswith(b'<div id="mails">')


def test_the_text_is_escaped_and_its_links_lead_somewhere(client, staff):
    entry = make_entry()
    client.force_login(staff)
    page = client.get(reverse("notifications:mailbox_entry", args=[entry.pk])).content.decode()
    assert '<a href="http://localhost/acme/"' in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<iframe" not in page


def test_the_html_is_shown_in_a_sandbox_that_loads_and_runs_nothing(client, staff):
    entry = make_entry(html="<style>p{color:red}</style><script>alert(1)</script><p>Hi</p>")
    client.force_login(staff)
    address = reverse("notifications:mailbox_entry", args=[entry.pk])
    page = client.get(address).content.decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "<script>alert" not in page
    mail = client.get(address, {"part": "html"})
    policy = mail.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_that_does_not_exist_is_not_found(client, staff):
    client.force_login(staff)
    assert client.get(reverse("notifications:mailbox_entry", args=[99])).status_code == 404
