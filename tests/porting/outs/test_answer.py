"""Saying yes, no, and too late: in the page, to the carrier, and to the people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message
from porting.models import PortOut
from porting.models.port_outs import Reason
from tests.factories import make_connected_location, make_number
from tests.porting.outs.factories import NUMBERS, make_port_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carrier")]
NEW_MAIN = "+14085550177"


@pytest.fixture
def main(office, number):
    """The number that is asked for is its location's main number."""
    office.main_number = number
    office.save()
    return number


def state(out):
    return PortOut.unscoped.get(pk=out.pk).state


@pytest.mark.parametrize("who", ["ada", "eli", "paula"])
def test_a_yes_reaches_the_carrier_once(request, ada, out, verb, signed_in, carrier, swept, who):
    response = signed_in(request.getfixturevalue(who)).post(verb("accept"), follow=True)
    assert "Accepted" in response.content.decode()
    swept()
    swept()
    assert carrier.told == [("answer", out.carrier_ref, f"port-out-{out.pk}-1", True, "")]
    assert Message.objects.filter(kind="port_out_accepted", to="ada@acme.example").count() == 1


def test_what_a_partner_answers_is_on_record_and_the_customer_hears_of_it(ada, paula, out, verb, signed_in):
    client = signed_in(paula)
    client.post(verb("accept"))
    entry = AuditEntry.objects.get(what="port_out.accept")
    assert (entry.actor, entry.acting_as) == (paula, "partner_admin")
    assert "Paula Kern accepted the request." in Message.objects.get(to="ada@acme.example").text
    assert "Paula Kern (partner)" in client.get(out.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", ["vic", "lou"])
@pytest.mark.parametrize("name", ["accept", "reject", "dispute"])
def test_who_only_looks_or_has_one_location_cannot_answer(request, out, office, verb, signed_in, who, name):
    person = request.getfixturevalue(who)
    if who == "lou":
        office.administrators.create(membership=person.memberships.get())
    client = signed_in(person)
    assert client.post(verb(name), {"reason": "invalid_request"}).status_code == 403
    page = client.get(out.get_absolute_url()).content.decode()
    assert "Only full and PSTN administrators can answer" in page
    assert verb("accept") not in page
    assert state(out) == "pending"


def test_a_no_needs_a_lawful_reason_and_reaches_the_carrier(ada, out, verb, signed_in, carrier, news):
    client = signed_in(ada)
    assert client.post(verb("reject")).status_code == 422
    assert client.post(verb("reject"), {"reason": "we_like_them"}).status_code == 422
    client.post(verb("reject"), {"reason": "customer_mismatch"})
    assert state(out) == "reject_pending"
    assert carrier.told == [("answer", out.carrier_ref, f"port-out-{out.pk}-1", False, "customer_mismatch")]
    carrier.tell("rejected", out.carrier_ref, code="customer_mismatch")
    news()
    assert state(out) == "rejected"
    message = Message.objects.get(kind="port_out_rejected")
    assert "The customer information does not match" in message.text


@pytest.mark.parametrize(
    ("pin", "offered"),
    [
        ("ok", set()),
        ("none", set()),
        ("missing", {"pin_missing"}),
        ("wrong", {"pin_invalid"}),
        ("", {"pin_missing", "pin_invalid"}),
    ],
)
def test_only_reasons_that_can_be_true_are_offered(office, pin, offered):
    out = make_port_out(office, pin_given=pin)
    reasons = set(out.lawful_reasons())
    assert reasons & {"pin_missing", "pin_invalid"} == offered
    assert not reasons & {"number_inactive", "duplicate"}
    assert {"account_code_missing", "zip_invalid", "customer_mismatch", "invalid_request"} <= reasons


def test_an_inactive_number_and_a_second_request_are_reasons(office, out):
    office.phone_numbers.update(state="inactive")
    make_port_out(office)
    assert {Reason.NUMBER_INACTIVE, Reason.DUPLICATE} <= set(out.lawful_reasons())


def test_of_two_answers_the_second_is_told(ada, eli, out, verb, signed_in, carrier):
    signed_in(ada).post(verb("accept"))
    page = signed_in(eli).post(verb("reject"), {"reason": "zip_invalid"}, follow=True).content.decode()
    assert f"{out.reference} is decided: Accepted." in page
    assert len(carrier.told) == 1


# --- The carrier on the phone


def test_a_carrier_that_does_not_answer_is_told_later(ada, out, verb, signed_in, carrier, swept):
    carrier.down = True
    signed_in(ada).post(verb("accept"))
    assert carrier.told == []
    carrier.down = False
    PortOut.unscoped.update(next_try_at=timezone.now() - timedelta(seconds=1))
    swept()
    assert [facts[3] for facts in carrier.told] == [True]
    assert not PortOut.unscoped.get().untold


def test_a_no_that_came_too_late_ends_as_accepted(ada, out, verb, signed_in, carrier, news):
    carrier.refuses = ("decided already", "too_late")
    signed_in(ada).post(verb("reject"), {"reason": "zip_invalid"})
    assert state(out) == "reject_pending"
    carrier.tell("accepted", out.carrier_ref, code="silence")
    news()
    assert state(out) == "auto_accepted"


def test_an_answer_that_the_carrier_does_not_take_comes_back(ada, out, verb, signed_in, carrier):
    carrier.refuses = ("This reason is not known.", "reason")
    client = signed_in(ada)
    client.post(verb("reject"), {"reason": "zip_invalid"})
    assert state(out) == "pending"
    assert "This reason is not known." in client.get(out.get_absolute_url()).content.decode()
    carrier.refuses = None
    client.post(verb("reject"), {"reason": "customer_mismatch"})
    assert carrier.told[-1] == ("answer", out.carrier_ref, f"port-out-{out.pk}-2", False, "customer_mismatch")


def test_one_customers_yes_waits_for_the_other(ada, globex, out, verb, signed_in, carrier, swept):
    theirs = make_port_out(make_connected_location(globex), numbers=NUMBERS[1:], carrier_ref=out.carrier_ref)
    signed_in(ada).post(verb("accept"))
    assert carrier.told == []
    globex.port_outs.filter(pk=theirs.pk).update(state="accepted")
    PortOut.unscoped.update(next_try_at=timezone.now() - timedelta(seconds=1))
    swept()
    assert [facts[3] for facts in carrier.told] == [True]


# --- The main number


def test_a_main_number_leaves_only_for_another(ada, office, main, out, verb, signed_in, carrier, news):
    heir = make_number(office, NEW_MAIN)
    client = signed_in(ada)
    page = client.post(verb("accept"))
    assert page.status_code == 422
    assert "New main number of San Jose HQ" in page.content.decode()
    assert state(out) == "pending"
    row = out.numbers.get()
    client.post(verb("accept"), {f"main_{row.pk}": heir.pk})
    office.refresh_from_db()
    assert (state(out), office.main_number) == ("accepted", main)  # until it leaves, it is the one that rings
    assert "then +1 408-555-0177 is the main number" in client.get(out.get_absolute_url()).content.decode()
    carrier.tell("completed", out.carrier_ref)
    news()
    office.refresh_from_db()
    assert office.main_number == heir
    assert AuditEntry.objects.filter(what="location.set_main_number").count() == 1
    assert "Choose a main number" not in Message.objects.get(kind="port_out_completed").text


@pytest.mark.parametrize("which", ["itself", "elsewhere", "inactive", "asked_for", "neighbor"])
def test_only_another_active_number_of_the_place_can_be_chosen(
    acme, globex, ada, office, main, out, verb, signed_in, which
):
    make_number(office, "+14085550178")  # there is one to choose
    others = {
        "itself": lambda: main,
        "elsewhere": lambda: make_number(make_connected_location(acme, name="Austin"), NEW_MAIN),
        "inactive": lambda: make_number(office, NEW_MAIN, state="inactive"),
        "asked_for": lambda: make_number(office, NEW_MAIN),
        "neighbor": lambda: make_number(make_connected_location(globex), NEW_MAIN),
    }
    chosen = others[which]()
    if which == "asked_for":
        make_port_out(office, numbers=(NEW_MAIN,))
    page = signed_in(ada).post(verb("accept"), {f"main_{out.numbers.get().pk}": chosen.pk})
    assert page.status_code == 422
    assert state(out) == "pending"


def test_a_place_without_another_number_is_left_knowingly(
    ada, office, main, out, verb, signed_in, carrier, news
):
    client = signed_in(ada)
    page = client.post(verb("accept"))
    assert page.status_code == 422
    assert "has no other active number" in page.content.decode()
    client.post(verb("accept"), {f"bare_{out.numbers.get().pk}": "on"})
    assert state(out) == "accepted"
    carrier.tell("completed", out.carrier_ref)
    news()
    office.refresh_from_db()
    assert office.main_number is None


def test_accepted_by_silence_the_place_has_no_main_number_and_everybody_is_told(
    ada, office, main, out, signed_in, carrier, news
):
    make_number(office, NEW_MAIN)  # nobody chose it, so nobody decides that it is the one
    carrier.tell("accepted", out.carrier_ref, code="silence")
    carrier.tell("completed", out.carrier_ref)
    news()
    office.refresh_from_db()
    assert office.main_number is None
    warning = "Choose a main number. Without it San Jose HQ cannot make or receive outside calls."
    assert warning in Message.objects.get(kind="port_out_completed").text
    client = signed_in(ada)
    assert warning in client.get(out.get_absolute_url()).content.decode()
    assert warning in client.get(f"/acme/locations/{office.pk}/pstn/").content.decode()


def test_a_replacement_that_is_gone_by_then_is_not_put_in_place(
    ada, office, main, out, verb, signed_in, carrier, news
):
    heir = make_number(office, NEW_MAIN)
    signed_in(ada).post(verb("accept"), {f"main_{out.numbers.get().pk}": heir.pk})
    assert out.numbers.get().replacement == heir
    office.phone_numbers.filter(pk=heir.pk).update(state="inactive")
    carrier.tell("completed", out.carrier_ref)
    news()
    office.refresh_from_db()
    assert office.main_number is None


def test_a_number_that_leaves_is_unassigned_first(acme, out, carrier, news):
    carrier.tell("completed", out.carrier_ref)
    news()
    entry = AuditEntry.objects.get(what="number.port_out")
    assert entry.before == {"state": "active", "assigned_to": "Front desk"}
    assert not acme.returned_numbers.exists()  # it is not given back: it has left


# --- Disputes


def gone(out, **ago):
    PortOut.unscoped.filter(pk=out.pk).update(state="ported_out", left_at=timezone.now() - timedelta(**ago))
    out.numbers.update(left_at=timezone.now())
    out.org.phone_numbers.all().delete()


@pytest.mark.parametrize(
    ("ago", "window"),
    [
        ({"hours": 23}, "hot"),
        ({"hours": 25}, "warm"),
        ({"days": 6, "hours": 23}, "warm"),
        ({"days": 7, "hours": 1}, "closed"),
    ],
)
def test_how_late_a_dispute_is(out, ago, window):
    gone(out, **ago)
    assert PortOut.unscoped.get().dispute_window() == window


def test_a_dispute_that_is_won_brings_the_number_back(acme, ada, office, out, verb, signed_in, carrier, news):
    gone(out, hours=2)
    client = signed_in(ada)
    assert client.post(verb("dispute"), {"reason": " "}).status_code == 422
    client.post(verb("dispute"), {"reason": "Nobody here asked for this."})
    assert carrier.told == [
        ("dispute", out.carrier_ref, f"port-out-{out.pk}-d", "Nobody here asked for this.")
    ]
    carrier.tell("returned", out.carrier_ref)
    news()
    back = acme.phone_numbers.get()
    assert (back.e164, back.location, back.state, back.assigned_to) == (NUMBERS[0], office, "active", "")
    assert (state(out), Message.objects.get(kind="port_out_dispute_ended").to) == ("returned", ada.email)


def test_without_an_emergency_address_a_returned_number_waits_inactive(acme, office, out, carrier, news):
    gone(out, hours=2)
    type(office.emergency_address).unscoped.update(state="rejected")
    carrier.tell("returned", out.carrier_ref)
    news()
    assert acme.phone_numbers.get().state == "inactive"


def test_a_dispute_that_is_lost_says_so(ada, out, verb, signed_in, carrier, news):
    gone(out, days=3)
    signed_in(ada).post(verb("dispute"), {"reason": "Nobody here asked for this."})
    carrier.tell("dispute_refused", out.carrier_ref, detail="They asked in person.")
    news()
    assert state(out) == "dispute_refused"
    assert "They asked in person." in Message.objects.get(kind="port_out_dispute_ended").text


def test_after_a_week_only_a_winback_is_left(ada, out, verb, signed_in, carrier):
    gone(out, days=8)
    client = signed_in(ada)
    assert verb("dispute") not in client.get(out.get_absolute_url()).content.decode()
    page = client.post(verb("dispute"), {"reason": "late"}, follow=True).content.decode()
    assert "winback" in page
    assert (state(out), carrier.told) == ("ported_out", [])
