"""A request through support: asked for, talked about, offered, accepted. The desk's side: test_number_request_desk.py."""

from datetime import timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from lib.transitions import Refused
from notifications.models import Message
from pstn import tasks
from pstn.models import NumberOffer
from pstn.progress import progress
from pstn.workflow import number_orders as orders
from pstn.workflow import number_requests as workflow
from tests.factories import make_connected_location
from tests.pstn.fakes import STOCK, provisioned

TWO = list(STOCK[:2])


@pytest.fixture
def berlin(acme):
    return make_connected_location(acme, name="Berlin", country="DE", state="", city="Berlin")


@pytest.fixture
def web(client, eli, carrier):
    client.force_login(eli)
    return client


@pytest.fixture
def sent(acme, berlin, eli, carrier, committed):
    order = acme.number_orders.create(
        location=berlin, kind="assisted", area="Berlin 030", quantity=2, created_by=eli
    )
    with committed():
        workflow.submit(order, by=eli)
    return order


def url(order, what=""):
    return f"/acme/orders/N-{order.pk}/{what}{'/' if what else ''}"


def offer(order, staff, **fields):
    until = fields.pop("valid_until", timezone.now() + timedelta(days=3))
    numbers = fields.pop("numbers", TWO)
    given = {"price": "€ 4 a month each", "valid_until": until, "hold_id": "hold-9", **fields}
    made = workflow.offer(order, numbers, by=staff, **given)
    order.refresh_from_db()
    return made


def seen(order):
    """What the form of the offer that is open sends along."""
    return {"offer": order.offers.get(outcome="").pk}


def shown(order):
    order.refresh_from_db()
    return order.state, order.shown, str(order.badge)


def test_the_wizard_of_a_request(web, acme, berlin, committed):
    assert web.post("/acme/orders/new/numbers/", {"location": berlin.pk}).status_code == 404
    web.post("/acme/orders/new/numbers/", {"location": berlin.pk, "kind": "assisted"})
    order = acme.number_orders.get()
    assert web.get(url(order, "edit/review")).url == url(order, "edit/request")
    page = web.get(url(order, "edit/request")).content.decode()
    assert "Extract from the company register" in page
    data = {"number_type": "national", "quantity": "0", "area": " ", "details": "In a row, please."}
    page = web.post(url(order, "edit/request"), data).content.decode()
    assert "Ask for 1 to 100 numbers." in page
    assert "Name a city" not in page
    assert "In a row, please." in page
    local = web.post(url(order, "edit/request"), data | {"number_type": "local"}).content.decode()
    assert "Name a city or an area code." in local
    assert order.missing() == ["request"]
    data |= {"quantity": "4", "papers": ["register_extract"]}
    assert web.post(url(order, "edit/request"), data).url == url(order, "edit/review")
    page = web.get(url(order, "edit/review")).content.decode()
    assert "Send request" in page
    assert "4 numbers, National ·" in page
    assert "Extract from the company register" in page
    with committed():
        web.post(url(order, "place"))
    assert shown(order) == ("requested", "Pending", "With support")
    assert (order.number_count, order.number_type) == (4, "national")


def test_an_area_is_asked_for_where_it_means_something(web, acme, berlin, staff, eli, committed):
    web.post("/acme/orders/new/numbers/", {"location": berlin.pk, "kind": "assisted"})
    order = acme.number_orders.get()
    data = {"number_type": "local", "quantity": "4", "area": "Berlin"}
    web.post(url(order, "edit/request"), data)
    assert "4 numbers, Local, Berlin ·" in web.get(url(order, "edit/review")).content.decode()
    web.post(url(order, "edit/request"), data | {"number_type": "national"})
    assert "4 numbers, National ·" in web.get(url(order, "edit/review")).content.decode()
    with committed():
        web.post(url(order, "place"))
    assert shown(order)[0] == "requested"
    for kind, person, said in (
        ("order_requested", eli, "You asked for 4 national numbers for Berlin."),
        ("request_received", staff, "4 national numbers for Berlin."),
    ):
        message = Message.objects.get(kind=kind, user=person)
        assert said in message.text
        assert said in message.html
    page = web.get(url(order)).content.decode()
    assert "Type of number" in page
    assert "Preferred area" not in page


def test_the_review_says_that_an_offer_needs_an_address(web, acme, berlin):
    order = acme.number_orders.create(location=berlin, kind="assisted", area="Berlin", quantity=2)
    review = url(order, "edit/review")
    way = f'href="/acme/emergency/locations/{berlin.pk}/?next={quote(review, safe="")}"'
    said = "An offer can be accepted once the address is validated."
    page = web.get(review).content.decode()
    assert said not in page
    assert way in page
    berlin.emergency_address.delete()
    page = web.get(review).content.decode()
    assert said in page
    assert way in page
    assert "Send request" in page


def test_support_and_the_customer_are_told(sent, staff, eli, committed):
    assert Message.objects.filter(kind="order_requested", user=eli).count() == 1
    with committed():
        tasks.handle_event(sent.events.get(code="submit").pk)  # again: nothing new
    assert Message.objects.filter(kind="order_requested", user=eli).count() == 1


def test_the_page_of_a_request_is_true_without_a_refresh(web, sent, staff, eli):
    """A message, an offer and its withdrawal arrive while the page is open."""
    live = {"HX-Request": "true", "HX-Target": "live"}

    def answer():
        page = web.get(url(sent))
        assert "every 10s" in page.content.decode()
        asked = f"{url(sent)}?seen={page.context['seen']}"
        assert web.get(asked, headers=live).status_code == 204
        return lambda: web.get(asked, headers=live)

    news = answer()
    workflow.reply(sent, "We are looking.", by=staff)
    assert "We are looking." in news().content.decode()
    news = answer()
    workflow.ask(sent, "Which district?", by=staff)
    assert "Which district?" in news().content.decode()
    news = answer()
    offer(sent, staff)
    assert "Accept the offer" in news().content.decode()
    news = answer()
    workflow.withdraw_offer(sent, reason="", by=staff)
    assert "Accept the offer" not in news().content.decode()


def test_a_question_waits_for_the_customer(web, sent, staff, acme, eli, committed):
    with committed():
        workflow.ask(sent, "Which district?", by=staff)
    assert shown(sent) == ("asked", "Action required", "Question")
    assert Message.objects.filter(kind="request_question", user=eli).count() == 1
    assert acme.number_orders.needing_action().exists()
    page = web.get(url(sent)).content.decode()
    assert "Which district?" in page
    assert "Sam Staff" not in page  # people see the office
    assert web.post(url(sent, "answer"), {"text": " "}).status_code == 422
    with committed():
        web.post(url(sent, "answer"), {"text": "Mitte\u202e <b>"})
    assert shown(sent)[0] == "requested"
    assert "Mitte &lt;b&gt;" in web.get(url(sent)).content.decode()
    assert Message.objects.filter(kind="request_message", user=staff).count() == 1


def test_a_message_that_comes_too_late_is_not_lost(web, sent, staff):
    workflow.turn_down(sent, reason="No numbers in Berlin.", by=staff)
    answer = web.post(url(sent, "answer"), {"text": "Potsdam would do, too."})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"{sent.reference} is not with PSTN support any more." in page
    assert "Potsdam would do, too." in page
    assert not sent.messages.exists()


def test_an_offer_is_accepted_and_provisioned(web, sent, berlin, staff, eli, carrier, committed):
    with committed():
        offer(sent, staff)
    assert shown(sent) == ("offered", "Action required", "Offer")
    mail = Message.objects.get(kind="order_offered", user=eli)
    until = timezone.localtime(sent.offers.get().valid_until, ZoneInfo(berlin.time_zone))
    told = f"{date_format(until, 'DATETIME_FORMAT')} {until.tzname()}"
    assert f"2 numbers for Berlin are held for you until {told}." in mail.text
    assert told in mail.html
    page = web.get(url(sent)).content.decode()
    for text in ("Accept the offer", "€ 4 a month each", "+1 408-777-0001"):
        assert text in page
    with committed():
        web.post(url(sent, "accept"), seen(sent))
    assert shown(sent)[0] == "pending"
    assert carrier.orders == {f"number-order-{sent.pk}": tuple(TWO)}
    assert NumberOffer.unscoped.get().outcome == "accepted"
    with committed():
        provisioned(sent)
        tasks.take_carrier_events()
    assert shown(sent)[1] == "Waiting for terms"
    assert sent.phone_numbers.count() == 2
    steps = [mark.title for mark in web.get(url(sent)).context["steps"]]
    assert steps == ["Requested", "Offered", "Provisioned"]
    assert Message.objects.filter(kind="request_answered", user=staff).count() == 1


@pytest.mark.parametrize("what", ["accept", "decline"])
def test_an_offer_that_nobody_has_seen_is_not_answered(web, sent, staff, what):
    """Support withdrew the one on the page and made another, dearer one."""
    offer(sent, staff)
    page = web.get(url(sent)).content.decode()
    assert page.count(f'name="offer" value="{seen(sent)["offer"]}"') == 2
    was = {"reason": "Too dear.", **seen(sent)}
    workflow.withdraw_offer(sent, reason="", by=staff)
    offer(sent, staff, price="€ 400 a month each")
    for typed in (was, {"reason": "Too dear."}):
        told = web.post(url(sent, what), typed, follow=True).content.decode()
        assert "PSTN support has made another offer meanwhile. Look at it first." in told
        assert shown(sent)[0] == "offered"


def test_a_partner_may_accept_an_offer(client, sent, staff, paula, committed):
    offer(sent, staff)
    client.force_login(paula)
    with committed():
        client.post(url(sent, "accept"), seen(sent))
    assert shown(sent)[0] == "pending"


def test_an_offer_is_declined_with_a_reason(web, sent, staff, carrier, committed):
    carrier.holds["hold-9"] = list(TWO)
    offer(sent, staff)
    assert web.post(url(sent, "decline"), {"reason": ""}).status_code == 422
    with committed():
        web.post(url(sent, "decline"), {"reason": "Not in a row.", **seen(sent)})
    assert shown(sent)[0] == "requested"
    assert carrier.holds["hold-9"] == []
    assert "Not in a row." in web.get(url(sent)).content.decode()
    assert Message.objects.filter(kind="request_answered", user=staff).count() == 1
    offer(sent, staff)  # another one can be made
    assert sent.state == "offered"


def test_an_offer_that_ran_out_cannot_be_accepted(web, sent, staff, eli, committed):
    offer(sent, staff)
    NumberOffer.unscoped.update(valid_until=timezone.now() - timedelta(seconds=1))
    assert "This offer has run out" in web.post(url(sent, "accept"), seen(sent), follow=True).content.decode()
    assert shown(sent)[0] == "offered"
    with committed():
        tasks.sweep()
        tasks.sweep()
    assert shown(sent)[0] == "requested"
    assert sent.events.filter(code="expire_offer").count() == 1
    assert Message.objects.filter(kind="order_offer_closed", user=eli).count() == 1


def test_support_withdraws_its_offer(sent, staff, eli, committed):
    offer(sent, staff)
    with committed():
        workflow.withdraw_offer(sent, reason="They were sold elsewhere.", by=staff)
    assert shown(sent)[0] == "requested"
    assert Message.objects.filter(kind="order_offer_closed", user=eli).count() == 1


@pytest.mark.parametrize("before", ["requested", "asked", "offered"])
def test_the_customer_withdraws_the_request(web, sent, staff, before, committed):
    if before == "asked":
        workflow.ask(sent, "Which district?", by=staff)
    if before == "offered":
        offer(sent, staff)
    assert "Withdraw request" in web.get(url(sent)).content.decode()
    with committed():
        web.post(url(sent, "cancel"))
    assert shown(sent)[0] == "canceled"
    assert not NumberOffer.unscoped.filter(outcome="").exists()
    offered = web.get(url(sent)).context["steps"][1]
    assert (offered.title, offered.state, offered.note) == ("Offered", "todo", "Canceled")
    assert Message.objects.filter(kind="request_answered", user=staff).count() == 1


def test_support_turns_it_down(web, sent, staff, eli, committed):
    with committed():
        workflow.turn_down(sent, reason="No numbers in Berlin.", by=staff)
    assert shown(sent)[0] == "error"
    page = web.get(url(sent)).content.decode()
    assert "PSTN support cannot fulfill this request" in page
    assert "No numbers in Berlin." in page
    assert Message.objects.filter(kind="order_turned_down", user=eli).count() == 1
    web.post(url(sent, "replace"))
    again = sent.replacements.get()
    assert (again.kind, again.area, again.quantity) == ("assisted", "Berlin 030", 2)
    web.post(url(again, "place"))
    assert shown(again)[0] == "requested"


def test_another_request_after_the_carrier_failed_holds_nothing(web, sent, staff, eli, carrier, committed):
    """Its numbers come from support; what was held beside them would wait for ever."""
    carrier.stock = [f"+4930123456{n}" for n in range(10, 20)]
    offer(sent, staff, numbers=carrier.stock[:2])
    workflow.accept(sent, by=eli)
    orders.fail(sent, reason="Sold.")
    web.post(url(sent, "replace"))
    again = sent.replacements.get()
    assert (again.hold_id, again.lines.count()) == ("", 0)
    assert not carrier.holds
    with committed():
        workflow.submit(again, by=eli)
        offer(again, staff, numbers=carrier.stock[4:6])
        workflow.accept(again, by=eli)
    with committed():
        provisioned(again)
        tasks.take_carrier_events()
    assert shown(again)[0] == "provisioned"
    assert [line.e164 for line in again.lines.all()] == ["+493012345614", "+493012345615"]


def test_no_emergency_address_no_acceptance(web, sent, staff, berlin):
    offer(sent, staff)
    berlin.emergency_address.delete()
    page = web.get(url(sent)).content.decode()
    assert "Accept the offer" not in page
    assert "Berlin has no validated emergency address. The offer can be accepted once that is done." in page
    assert f'href="/acme/emergency/locations/{berlin.pk}/?next={quote(url(sent), safe="")}"' in page
    web.post(url(sent, "accept"), seen(sent))
    assert shown(sent)[0] == "offered"


@pytest.mark.parametrize("state", ["draft", "pending", "provisioned", "canceled", "error"])
def test_only_while_support_is_busy_with_it(sent, staff, ada, acme, state):
    acme.number_orders.update(state=state)
    sent.refresh_from_db()
    membership = acme.memberships.get(user=ada)
    for verb in (
        lambda: workflow.ask(sent, "?", by=staff),
        lambda: offer(sent, staff),
        lambda: workflow.say(sent, "!", by=membership),
        lambda: workflow.accept(sent, by=ada),
        lambda: workflow.decline(sent, reason="no", by=ada),
        lambda: workflow.withdraw(sent, by=ada),
        lambda: workflow.turn_down(sent, reason="no", by=staff),
    ):
        with pytest.raises(Refused):
            verb()
    assert not sent.messages.exists()


def test_a_message_that_the_queue_lost_is_told_by_the_sweep(sent, staff, eli, settings):
    settings.SWEEP_AFTER_SECONDS = 0
    workflow.ask(sent, "Which district?", by=staff)
    tasks.sweep()
    tasks.sweep()
    assert Message.objects.filter(kind="request_question", user=eli).count() == 1


def test_progress_tells_when_it_was_sent_and_of_the_latest_offer(web, sent, staff, eli):
    """Not when it came back to support after an offer."""
    for _again in range(2):
        offer(sent, staff)
        workflow.decline(sent, reason="No", by=eli)
    offer(sent, staff)
    days = {event.pk: day for day, event in enumerate(sent.events.order_by("pk"), start=1)}
    for pk, day in days.items():
        sent.events.filter(pk=pk).update(at=timezone.now().replace(month=3, day=day, hour=12))
    events = list(sent.events.order_by("-pk"))
    notes = {mark.title: mark.note[:5] for mark in progress(sent, None, events) if mark.note}
    submitted, offered = (max(days[e.pk] for e in events if e.code == code) for code in ("submit", "offer"))
    assert notes == {"Requested": f"Mar {submitted}", "Offered": f"Mar {offered}"}
