"""What support staff do with a request in the case desk: read it, ask, offer, withdraw, turn down."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from lib.transitions import Refused
from notifications.models import Message
from pstn import stock
from pstn.models import NumberOffer, NumberOrder, NumberOrderMessage
from pstn.workflow import number_requests as workflow
from tests.factories import make_connected_location, make_number_order
from tests.pstn.fakes import STOCK


@pytest.fixture
def desk(client, staff, carrier):
    client.force_login(staff)
    return client


@pytest.fixture
def sent(acme, eli, carrier):
    berlin = make_connected_location(acme, name="Berlin", country="US", city="San Jose")
    order = acme.number_orders.create(
        location=berlin, kind="assisted", area="San Jose", quantity=2, created_by=eli, region="CA"
    )
    workflow.submit(order, by=eli)
    return order


def add(client, what, order, **fields):
    return client.post(reverse(f"admin:pstn_{what}_add"), {"order": order.pk, **fields})


def offer(client, order, **fields):
    until = timezone.localtime() + timedelta(days=2)
    when = {"valid_until_0": f"{until:%Y-%m-%d}", "valid_until_1": f"{until:%H:%M:%S}"}
    return add(client, "numberoffer", order, **{"typed": "", "price": "$2 each", **when, **fields})


def errors(response):
    form = response.context["adminform"].form
    return " ".join(str(error) for listed in form.errors.values() for error in listed)


def test_staff_sees_the_request(desk, sent):
    page = desk.get(reverse("admin:pstn_numberorder_change", args=[sent.pk])).content.decode()
    assert "San Jose" in page


def test_the_page_of_a_request_leads_to_what_support_does(desk, sent, location):
    page = desk.get(reverse("admin:pstn_numberorder_change", args=[sent.pk])).content.decode()
    for what in ("numberordermessage", "numberoffer"):
        link = f"{reverse(f'admin:pstn_{what}_add')}?order={sent.pk}"
        assert f'href="{link}"' in page
        assert f'value="{sent.pk}"' in desk.get(link).content.decode()
    offer(desk, sent)
    page = desk.get(reverse("admin:pstn_numberorder_change", args=[sent.pk])).content.decode()
    assert "Write to the customer" in page
    assert "Make an offer" not in page
    other = make_number_order(location, STOCK[:1])
    page = desk.get(reverse("admin:pstn_numberorder_change", args=[other.pk])).content.decode()
    assert "Write to the customer" not in page


def test_staff_asks(desk, sent, staff):
    assert add(desk, "numberordermessage", sent, text="Which?", needs_answer="on").status_code == 302
    sent.refresh_from_db()
    assert sent.state == "asked"
    assert NumberOrderMessage.unscoped.get().by == staff
    assert AuditEntry.objects.filter(what="number_order.ask", acting_as="staff").count() == 1


def test_staff_writes_without_asking(desk, sent):
    add(desk, "numberordermessage", sent, text="We are looking.")
    sent.refresh_from_db()
    assert sent.state == "requested"
    assert NumberOrderMessage.unscoped.count() == 1


def test_only_about_requests(desk, sent, location):
    other = make_number_order(location, STOCK[:1])
    response = add(desk, "numberordermessage", other, text="Which?")
    assert "is no request through support" in errors(response)


def test_numbers_typed_in_are_held_and_offered(desk, sent, carrier):
    assert offer(desk, sent, typed="(408) 777-0010, 408-777-0011").status_code == 302
    made = NumberOffer.unscoped.get()
    assert made.numbers == list(STOCK[10:12])
    assert carrier.holds[made.hold_id] == list(STOCK[10:12])
    sent.refresh_from_db()
    assert sent.state == "offered"


def test_numbers_are_found_at_the_carrier(desk, sent, carrier):
    offer(desk, sent, area_code="408", quantity="3")
    assert NumberOffer.unscoped.get().numbers == list(STOCK[:3])
    assert carrier.searches[-1].area_code == "408"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"typed": "(408) 777-0010, (415) 555-2671"}, "Not free at the carrier: +1 415-555-2671."),
        ({"typed": "hello"}, "hello is not a phone number that we recognize."),
        ({"typed": ",;"}, "There is no telephone number in this that we recognize."),
        ({"area_code": "999"}, "The carrier has no free numbers there."),
        ({"valid_until_0": "2020-01-01"}, "The offer must be valid for some time."),
        ({"valid_until_0": "9999-12-31"}, "At most 30 days from now"),
    ],
)
def test_what_cannot_be_offered(desk, sent, carrier, fields, sentence):
    assert sentence in errors(offer(desk, sent, **fields))
    assert not NumberOffer.unscoped.exists()
    assert not any(carrier.holds.values())


def test_the_field_says_for_how_long_an_offer_may_be_valid(desk, sent):
    page = desk.get(reverse("admin:pstn_numberoffer_add")).content.decode()
    assert "At most 30 days from now. The numbers are held for the customer that long." in page


@pytest.mark.parametrize(("days", "is_made"), [(-1, False), (29, True), (31, False)])
def test_the_verb_knows_the_limit_too(sent, staff, days, is_made):
    until = timezone.now() + timedelta(days=days)
    with nullcontext() if is_made else pytest.raises(Refused):
        workflow.offer(sent, STOCK[:1], price="", valid_until=until, hold_id="hold-1", by=staff)
    assert NumberOffer.unscoped.exists() == is_made


def test_one_offer_at_a_time(desk, sent):
    offer(desk, sent)
    assert "no offer can be made now" in errors(offer(desk, sent))


def test_a_silent_carrier_is_said(desk, sent, carrier):
    carrier.is_down = True
    assert "The carrier does not answer right now" in errors(offer(desk, sent))


def test_an_offer_is_withdrawn_from_the_list(desk, sent):
    offer(desk, sent)
    row = NumberOffer.unscoped.get()
    data = {"action": "withdraw", "_selected_action": [row.pk]}
    for _twice in range(2):
        desk.post(reverse("admin:pstn_numberoffer_changelist"), data)
    row.refresh_from_db()
    sent.refresh_from_db()
    assert (row.outcome, sent.state) == ("withdrawn", "requested")


def test_the_withdrawal_of_a_former_offer_leaves_the_open_one(desk, sent, eli):
    offer(desk, sent)
    former = NumberOffer.unscoped.get()
    workflow.decline(sent, reason="Others.", by=eli)
    offer(desk, sent, typed="408 777 0010")
    data = {"action": "withdraw", "_selected_action": [former.pk]}
    page = desk.post(reverse("admin:pstn_numberoffer_changelist"), data, follow=True).content.decode()
    assert f"This offer for {sent.reference} is not open any more." in page
    sent.refresh_from_db()
    assert sent.state == "offered"
    assert NumberOffer.unscoped.get(outcome="").numbers == [STOCK[10]]


def turn_down(desk, order, reason):
    return desk.post(reverse("admin:pstn_numberorder_turn_down", args=[order.pk]), {"reason": reason})


def test_a_request_is_turned_down_with_a_reason(desk, sent, eli, committed):
    page = reverse("admin:pstn_numberorder_turn_down", args=[sent.pk])
    order_page = desk.get(reverse("admin:pstn_numberorder_change", args=[sent.pk])).content.decode()
    assert f'href="{page}"' in order_page
    assert "The customer reads these words" in desk.get(page).content.decode()
    with committed():
        turn_down(desk, sent, "San Jose has\n no numbers before March.\u202e")
    sent.refresh_from_db()
    assert (sent.state, sent.error) == ("error", "San Jose has no numbers before March.")
    mail = Message.objects.get(user=eli, kind="order_turned_down")
    assert "San Jose has no numbers before March." in mail.text
    assert page not in desk.get(reverse("admin:pstn_numberorder_change", args=[sent.pk])).content.decode()


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("  ", "This field is required."),
        ("\u202e", "This field is required."),
        ("no " * 80, "at most 200 characters (it has 239)"),
    ],
)
def test_without_a_reason_nothing_is_turned_down(desk, sent, reason, said):
    page = turn_down(desk, sent, reason).content.decode()
    assert said in page
    assert reason.strip() in page
    sent.refresh_from_db()
    assert sent.state == "requested"
    with pytest.raises(Refused):
        workflow.turn_down(sent, reason=" ", by=sent.created_by)


def test_only_a_request_is_turned_down(desk, sent, location, eli):
    workflow.withdraw(sent, by=eli)
    for order in (sent, make_number_order(location)):
        page = turn_down(desk, order, "There are none in Berlin.").content.decode()
        assert "that is not possible now" in page
        assert "There are none in Berlin." in page
    assert desk.get(reverse("admin:pstn_numberorder_turn_down", args=[0])).status_code == 404


def test_who_may_only_look_turns_nothing_down(client, sent, staff):
    staff.is_superuser = False
    staff.save()
    staff.user_permissions.add(Permission.objects.get(codename="view_numberorder"))
    client.force_login(staff)
    assert turn_down(client, sent, "No.").status_code == 403
    sent.refresh_from_db()
    assert sent.state == "requested"


def test_numbers_that_are_none_are_named(desk, sent):
    said = errors(offer(desk, sent, typed="408 777 0010, 408 777 0010, nonsense, 408 77"))
    assert "nonsense" in said
    assert "408 77 " in said
    assert "408 777 0010" not in said
    assert not NumberOffer.unscoped.exists()


def test_an_offer_has_no_more_numbers_than_an_order(desk, sent, carrier):
    """They were held before the desk broke on them."""
    carrier.stock = [f"+1408777{n:04}" for n in range(101)]
    assert "An offer has 1 to 100 numbers." in errors(offer(desk, sent, typed=", ".join(carrier.stock)))
    assert not carrier.holds


def test_an_order_that_moves_on_while_the_form_is_open(desk, sent, eli, carrier, monkeypatch):
    """Withdrawn between the form's check and the verb: said, and the numbers go back."""
    hold_these = stock.hold_these

    def withdrawn_meanwhile(*args, **more):
        workflow.withdraw(NumberOrder.unscoped.get(pk=sent.pk), by=eli)
        return hold_these(*args, **more)

    monkeypatch.setattr(stock, "hold_these", withdrawn_meanwhile)
    response = offer(desk, sent, typed="408 777 0010")
    page = desk.get(response.url).content.decode()
    assert "is Canceled; that is not possible now." in page
    assert not NumberOffer.unscoped.exists()
    assert not any(carrier.holds.values())


def test_what_was_sent_is_named_as_it_is(desk, sent):
    page = desk.get(offer(desk, sent, typed="408 777 0010").url).content.decode()
    assert f"{sent.reference}: 1" in page
    page = desk.get(add(desk, "numberordermessage", sent, text="We are looking.").url).content.decode()
    assert f"{sent.reference} PSTN support" in page
