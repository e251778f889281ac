"""Messages about an order: who writes, who reads, what is asked, and one feed with everything that happened."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from notifications.models import Message
from porting import thread
from porting.models import PortMessage, PortOrder
from porting.tasks import net
from porting.tasks import thread as tasks
from tests.porting.factories import make_event, make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, state="submitted")


def entries(page):
    (card,) = [card for card in page.context["cards"] if "thread" in card.template]
    return card.facts["entries"]


def write(client, order, text):
    return client.post(reverse("porting:message_create", args=["acme", order.pk]), {"text": text})


def test_a_customer_writes_and_everybody_here_reads(order, ada, eli, vic, staff, signed_in):
    assert write(signed_in(ada), order, " When is it done? \r\nWe close on Friday. ").status_code == 302
    message = order.messages.get()
    assert (message.side, message.by, message.text) == (
        "customer",
        ada,
        "When is it done? \nWe close on Friday.",
    )
    for person in (ada, eli, vic):
        page = signed_in(person).get(order.get_absolute_url())
        assert "When is it done? <br>We close on Friday." in page.content.decode()
        assert entries(page)[0].who == "Ada Park"


def test_who_only_looks_reads_and_cannot_write(order, vic, signed_in):
    client = signed_in(vic)
    assert 'name="text"' not in client.get(order.get_absolute_url()).content.decode()
    assert write(client, order, "Hello").status_code == 403
    assert not order.messages.exists()


def test_a_partner_writes_as_partner(order, paula, ada, signed_in):
    write(signed_in(paula), order, "The customer is on holiday.")
    assert order.messages.get().side == "partner"
    assert entries(signed_in(ada).get(order.get_absolute_url()))[0].who == "Paula Kern, partner"


def test_a_neighbor_never_gets_in(order, mallory, signed_in):
    assert write(signed_in(mallory), order, "Hello").status_code == 404
    assert not order.messages.exists()


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7|add:7 }}", '"><b>', "&lt;b&gt;"],
)
def test_markup_is_plain_text(order, ada, signed_in, text):
    client = signed_in(ada)
    write(client, order, text)
    page = client.get(order.get_absolute_url()).content.decode()
    assert order.messages.get().text == text
    for evil in ("<script>alert", "<img src=x", "><b>", "14"):
        assert evil not in page.split('id="c-thread"')[1].split("<ol")[1].split("small muted")[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Write something first."), (" \n\t ", "Write something"), ("\u202e\u202c", "Write something")],
)
def test_nothing_is_not_sent(order, ada, signed_in, text, sentence):
    page = write(signed_in(ada), order, text)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not order.messages.exists()


def test_too_much_is_kept_as_it_was_typed(order, ada, signed_in):
    page = write(signed_in(ada), order, "x" * 2001)
    assert page.status_code == 422
    assert "At most 2000 characters; these are 2001." in page.content.decode()
    assert "x" * 2001 in page.content.decode()
    write(signed_in(ada), order, "y" * 2000)
    assert len(order.messages.get().text) == 2000


def test_the_field_keeps_its_text_while_the_panel_is_drawn_anew(order, ada, signed_in):
    client = signed_in(ada)
    first = client.get(order.get_absolute_url()).content.decode()
    field = re.search(r"<textarea[^>]*>", first)[0]
    assert 'id="say-0-text"' in field
    assert "hx-preserve" in field
    write(client, order, "One")
    assert 'id="say-1-text"' in client.get(order.get_absolute_url()).content.decode()


def test_a_message_is_never_edited(order, ada):
    message = thread.say(order, text="One", by=ada.memberships.get())
    message.text = "Two"
    with pytest.raises(TypeError):
        message.save()
    assert order.messages.get().text == "One"


def test_a_question_of_support_waits_for_an_answer(order, ada, vic, staff, signed_in, at_work):
    with at_work():
        thread.reply(order, text="Is suite 400 right?", by=staff, needs_answer=True)
    order.refresh_from_db()
    assert order.needs_answer
    page = signed_in(ada).get(order.get_absolute_url())
    assert "asked you a question" in page.context["next"].sentence
    assert page.context["age"].who == "You"
    assert entries(page)[0].who == "PSTN support"  # the office, not the person
    action = signed_in(ada).get(reverse("pstn:order_list", args=["acme"]), {"show": "action"})
    assert [row[0].reference for row in action.context["rows"]] == [order.reference]
    assert "Answer wanted" in action.content.decode()
    write(signed_in(ada), order, "Yes, it is.")
    order.refresh_from_db()
    assert not order.needs_answer


def test_another_message_of_support_leaves_the_question_open(order, staff):
    thread.reply(order, text="Is it right?", by=staff, needs_answer=True)
    thread.reply(order, text="By the way …", by=staff)
    thread.alert(order, text="Look")
    order.refresh_from_db()
    assert order.needs_answer


def test_notes_of_support_stay_there(order, ada, staff, signed_in, at_work):
    with at_work():
        thread.reply(order, text="The carrier's desk is slow", by=staff, is_internal=True)
    assert "desk is slow" not in signed_in(ada).get(order.get_absolute_url()).content.decode()
    assert not Message.objects.exists()


def test_each_mail_goes_out_once_and_quotes_nothing(order, ada, eli, staff, settings, at_work):
    settings.SUPPORT_EMAIL = "desk@pstnhub.example"
    with at_work():
        thread.say(order, text="My PIN is 4711", by=ada.memberships.get())
        thread.reply(order, text="Thank you, 4711 is right", by=staff)
    for message in PortMessage.unscoped.all():
        tasks.tell(message.pk)
    told = set(Message.objects.values_list("kind", "to"))
    assert told == {
        ("message_received", "desk@pstnhub.example"),
        ("support_answered", "ada@acme.example"),
        ("support_answered", "eli@acme.example"),
    }
    assert Message.objects.count() == 3
    assert not any("4711" in f"{mail.subject}{mail.text}{mail.html}" for mail in Message.objects.all())
    (received,) = Message.objects.filter(kind="message_received")
    assert f"/porting/portorder/{order.pk}/change/" in received.text


def test_without_an_address_all_of_the_support_staff_are_told(order, ada, staff, at_work):
    with at_work():
        thread.say(order, text="Hello", by=ada.memberships.get())
    assert Message.objects.get().to == "staff@pstnhub.example"


def test_a_lost_message_of_the_queue_is_found_again(order, ada, staff, time_machine, at_work, carrier):
    time_machine.move_to("2026-11-20 10:00Z", tick=False)
    thread.say(order, text="Hello", by=ada.memberships.get())  # nobody takes the queue's message
    time_machine.move_to("2026-11-20 11:00Z", tick=False)
    with at_work():
        net.sweep()
    assert Message.objects.filter(kind="message_received").count() == 1


def test_support_writes_in_the_desk_and_nothing_is_changed_there(order, staff, signed_in, client):
    desk = signed_in(staff)
    add = reverse("admin:porting_portmessage_add")
    data = {"order": order.pk, "text": "Which suite?", "needs_answer": "on"}
    assert desk.post(add, data).status_code == 302
    message = order.messages.get()
    assert (message.side, message.by, message.needs_answer) == ("support", staff, True)
    assert PortOrder.unscoped.get(pk=order.pk).needs_answer
    assert AuditEntry.objects.get(what="port_order.message").acting_as == "staff"
    change = reverse("admin:porting_portmessage_change", args=[message.pk])
    assert desk.post(change, {**data, "text": "Other"}).status_code == 403
    page = desk.get(reverse("admin:porting_portorder_change", args=[order.pk]))
    assert "Which suite?" in page.content.decode()


def test_the_desk_refuses_a_question_that_nobody_can_answer(order, staff, signed_in):
    data = {"order": order.pk, "text": "?", "needs_answer": "on", "is_internal": "on"}
    page = signed_in(staff).post(reverse("admin:porting_portmessage_add"), data)
    assert "Nobody can answer" in page.content.decode()
    assert not order.messages.exists()


def test_one_feed_newest_first_with_actor_reason_and_before_and_after(
    acme, ada, office, staff, signed_in, time_machine
):
    time_machine.move_to("2026-11-16 10:00Z", tick=False)
    order = make_port_order(acme, state="rejected", reject_code="zip_mismatch")
    time_machine.move_to("2026-11-17 10:00Z", tick=False)
    make_event(order, verb="submit", after="validating", by=ada)
    time_machine.move_to("2026-11-18 10:00Z", tick=False)
    make_event(
        order,
        verb="reject",
        before="submitted",
        after="rejected",
        code="zip_mismatch",
        source="carrier",
        note="ZIP differs",
    )
    time_machine.move_to("2026-11-19 10:00Z", tick=False)
    thread.reply(order, text="Compare it", by=staff)
    time_machine.move_to("2026-11-20 10:00Z", tick=False)
    order.documents.filter(kind="bill").update(superseded_at="2026-11-20T10:00Z")
    page = signed_in(ada).get(order.get_absolute_url())
    feed = entries(page)
    assert [entry.kind for entry in feed] == [
        "paper",
        "message",
        "move",
        "move",
        "paper",
        "paper",
        "move",
    ]
    assert "kept as history" in feed[0].sentence
    rejected = feed[2]
    assert rejected.sentence == "Rejected: The postal code differs from the carrier's record"
    assert (rejected.who, rejected.note) == ("Current carrier", "ZIP differs")
    assert (rejected.before, rejected.after) == ("Submitted", "Rejected")
    assert {feed[4].sentence.split(":")[0], feed[5].sentence.split(":")[0]} == {"Signed", "Added"}
    assert feed[-1].sentence == "Draft begun"
    assert "Submitted → Rejected" in page.content.decode()


def test_the_open_panel_hears_of_a_message(order, ada, staff, signed_in):
    client = signed_in(ada)
    seen = client.get(order.get_absolute_url()).context["seen"]
    headers = {"HX-Request": "true", "HX-Target": "panel"}
    again = f"{order.get_absolute_url()}?seen={seen}"
    assert client.get(again, headers=headers).status_code == 204
    thread.reply(order, text="note", by=staff, is_internal=True)
    assert client.get(again, headers=headers).status_code == 204
    thread.reply(order, text="Hello", by=staff)
    assert client.get(again, headers=headers).status_code == 200


def test_the_feed_costs_the_same_with_many_entries(acme, ada, office, signed_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few, many = (
        make_port_order(acme, state="submitted", numbers=(number,))
        for number in ("+14085550191", "+14085550192")
    )
    for _n in range(30):
        thread.say(many, text="Hello", by=ada.memberships.get())
        make_event(many, verb="note", by=ada, before="submitted", after="submitted")
    client = signed_in(ada)
    client.get(few.get_absolute_url())
    with CaptureQueriesContext(connection) as cost:
        client.get(few.get_absolute_url())
    with django_assert_num_queries(len(cost)):
        client.get(many.get_absolute_url())
