"""One message per event and recipient, written in the caller's transaction."""

from datetime import date

import pytest
from django.core import mail
from django.db import transaction
from django.utils.translation import override, trans_real

from notifications import recipients
from notifications.models import Message
from notifications.outbox import Attachment, post
from tests.factories import make_connected_location, make_number_order

KINDS = [
    "order_placed",
    "order_provisioned",
    "order_failed",
    "order_partly",
    "order_canceled",
    "order_requested",
    "order_offered",
    "order_offer_closed",
    "order_turned_down",
    "request_question",
    "request_message",
    "request_received",
    "request_answered",
    "terms_waiting",
    "port_submitted",
    "port_check_failed",
    "port_rejected",
    "port_foc_received",
    "port_completed",
    "port_canceled",
    "port_foc_lost",
    "port_activation_failed",
    "port_messaging_stuck",
    "port_messaging_moved",
    "signature_wanted",
    "link_done",
    "letter_reminder",
    "port_document_wanted",
    "port_closing",
    "port_alert",
    "message_received",
    "support_answered",
]


@pytest.fixture
def order(ada):
    order = make_number_order(make_connected_location(ada.memberships.get().org), created_by=ada)
    order.number_count = 1
    order.save()
    return order


@pytest.fixture
def port(ada, order):
    return order.org.port_orders.create(
        location=order.location,
        number_count=2,
        foc_date=date(2026, 6, 3),
        created_by=ada,
        state="foc_received",
    )


def placed(order, to, event="number-order-event:1", **context):
    post("order_placed", event=event, org=order.org, to=to, context={"order": order, **context})


def test_each_recipient_gets_one_message_after_the_commit(
    order, ada, eli, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        placed(order, [ada, eli, "desk@acme.example"])
        assert mail.outbox == []
    assert sorted(m.to[0] for m in mail.outbox) == [
        "ada@acme.example",
        "desk@acme.example",
        "eli@acme.example",
    ]
    assert not Message.objects.filter(sent_at=None).exists()


def test_posting_twice_sends_once(order, ada, django_capture_on_commit_callbacks):
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            placed(order, [ada, "ADA@acme.example"])
    assert len(mail.outbox) == 1


def test_another_kind_about_the_same_event_is_another_message(order, ada):
    placed(order, [ada])
    post("order_provisioned", event="number-order-event:1", org=order.org, to=[ada], context={"order": order})
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_no_message(order, ada):
    @transaction.atomic
    def place_and_fail():
        placed(order, [ada])
        raise RuntimeError

    pytest.raises(RuntimeError, place_and_fail)
    assert not Message.objects.exists()
    assert mail.outbox == []


def test_the_message_id_is_the_same_for_the_same_message(order, ada, eli, settings):
    settings.SITE_URL = "https://hub.example"
    placed(order, [ada, eli])
    first = dict(Message.objects.values_list("to", "message_id"))
    Message.objects.all().delete()
    placed(order, [ada, eli])
    assert dict(Message.objects.values_list("to", "message_id")) == first
    assert len(set(first.values())) == 2
    assert all(message_id.endswith("@hub.example>") for message_id in first.values())


def test_the_link_is_absolute_and_leads_to_the_order(order, ada, settings):
    settings.SITE_URL = "https://hub.example"
    placed(order, [ada])
    message = Message.objects.get()
    assert f"https://hub.example/acme/orders/N-{order.pk}/\n" in message.text
    assert f'href="https://hub.example/acme/orders/N-{order.pk}/"' in message.html


def test_a_path_of_the_caller_wins(order, ada):
    placed(order, [ada], url="/acme/terms/")
    assert "/acme/terms/" in Message.objects.get().text


def test_a_name_cannot_write_headers_or_markup(order, ada):
    order.org.name = "A\r\nBcc: x@evil.example <b>"
    order.location.name = "<script>alert(1)</script>"
    post("terms_waiting", event="e:1", org=order.org, to=[ada], context={"order": order})
    message = Message.objects.get()
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    assert "<script>" not in message.html
    assert "<script>alert(1)</script>" in message.text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_well_in_text_and_html(kind, order, port, ada):
    from porting.errors import error

    about = port if kind.startswith(("port", "signature")) else order
    context = {
        "order": about,
        "error": error("invalid_pin"),
        "detail": "No match & no luck",
        "by": "Paula Kern",
        "left": 5,
        "message": {"text": "Please look at it.", "who": "Ada Park"},
    }
    post(kind, event="e:1", org=order.org, to=[ada], context=context)
    message = Message.objects.get()
    assert message.subject
    assert not message.subject.startswith("Subject:")
    assert "Hello Ada Park," in message.text
    assert "&amp;" not in message.text
    assert about.reference in message.text
    assert about.reference in message.html
    for rendered in (message.text, message.html, message.subject):
        assert "{" not in rendered.split("</style>")[-1]
        assert "None" not in rendered
        assert "\n\n\n" not in rendered


def test_a_translation_is_trusted_and_a_name_is_not(order, ada, monkeypatch):
    """An apostrophe of the translator stays one; what a person calls themselves is escaped, in HTML only."""
    words = trans_real.translation("en")
    for said in ("Hello %(name)s,", "You get this message because it is about phone numbers of %(org)s."):
        monkeypatch.setitem(words._catalog._catalogs[0], said, f"L'{said}")
    ada.name = "Ada <Park>"
    with override("en"):
        post("order_placed", event="e:1", org=order.org, to=[ada], context={"order": order})
    message = Message.objects.get()
    assert "<p>L'Hello Ada &lt;Park&gt;,</p>" in message.html
    assert "<br>L'You get this message" in message.html
    assert "L'Hello Ada <Park>,\n" in message.text
    assert "L'You get this message" in message.text


@pytest.mark.parametrize(("count", "said"), [(1, "It is in the list"), (2, "They are in the list")])
def test_one_number_is_spoken_of_as_one(order, ada, count, said):
    order.number_count = count
    post("order_provisioned", event="e:1", org=order.org, to=[ada], context={"order": order})
    message = Message.objects.get()
    assert said in message.text
    assert said in message.html


def test_somebody_without_a_name_is_greeted_too(order):
    post("order_placed", event="e:1", org=order.org, to=["box@acme.example"], context={"order": order})
    assert "Hello,\n" in Message.objects.get().text


def test_a_rejection_says_why_and_how_to_fix_it(port, ada):
    from porting.errors import error

    context = {"order": port, "error": error("zip_mismatch"), "detail": ""}
    post("port_rejected", event="port-event:9", org=port.org, to=[ada], context=context)
    message = Message.objects.get()
    assert "postal code differs" in message.subject
    assert "Compare the postal code" in message.text
    assert "The carrier wrote" not in message.text


def test_no_account_number_or_pin_is_ever_in_a_mail(port, ada):
    from porting.errors import error

    port.pin, port.account_number = "74839201", "ACCT-5523"
    for kind in KINDS[KINDS.index("port_submitted") :]:
        context = {"order": port, "error": error("invalid_pin"), "detail": "", "left": 5}
        post(kind, event="e:1", org=port.org, to=[ada], context=context)
    written = "".join(f"{m.subject}{m.text}{m.html}" for m in Message.objects.all())
    assert "74839201" not in written
    assert "ACCT-5523" not in written


def test_an_attachment_goes_with_it(port, ada, django_capture_on_commit_callbacks):
    calendar = Attachment("P-1.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    with django_capture_on_commit_callbacks(execute=True):
        post(
            "port_foc_received",
            event="e:2",
            org=port.org,
            to=[ada],
            context={"order": port},
            attachment=calendar,
        )
    name, content, media_type = mail.outbox[0].attachments[0]
    assert (name, media_type) == ("P-1.ics", "text/calendar")
    assert "BEGIN:VCALENDAR" in (content if isinstance(content, str) else content.decode())
    assert "Wednesday, June 3, 2026" in mail.outbox[0].body


def test_followers_are_the_administrators_and_the_people_named(acme, ada, eli, vic, paula, mallory):
    assert recipients.followers(acme) == [ada, eli]
    assert recipients.followers(acme, vic, None) == [ada, eli, vic]
    assert recipients.followers(acme, paula, ada) == [ada, eli, paula]
    assert recipients.followers(acme, mallory) == [ada, eli]


def test_who_has_left_is_not_told(acme, ada, eli, vic):
    eli.is_active = False
    eli.save()
    vic.memberships.all().delete()
    assert recipients.followers(acme, eli, vic) == [ada]
    assert recipients.full_admins(acme) == [ada]


def test_an_administrator_elsewhere_is_not_told_of_this_organization(acme, ada, globex, mallory):
    assert recipients.full_admins(acme) == [ada]
    assert recipients.followers(globex) == [mallory]
