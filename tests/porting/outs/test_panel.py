"""What is seen of a port-out: the panel, the countdown, the alert, the list, and what they cost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from porting.models import GuardChange, PortOut
from tests.factories import make_connected_location, make_number
from tests.porting.outs.factories import NUMBERS, make_port_out

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "panel"}
MONDAY = datetime(2026, 11, 16, 20, tzinfo=UTC)  # noon in California
FRIDAY = datetime(2026, 11, 20, 23, tzinfo=UTC)  # 15:00 there
LIST = reverse("pstn:order_list", args=["acme"])


@pytest.fixture
def on(time_machine, settings):
    """Stand at a moment; the carrier keeps real days."""
    settings.CARRIER_DAY_SECONDS = None
    return lambda moment: time_machine.move_to(moment, tick=False)


@pytest.mark.parametrize("state", PortOut.State.values)
def test_every_state_has_a_page(acme, ada, office, signed_in, state):
    out = make_port_out(office, state=state, reason="zip_invalid")
    out.events.create(before="", after="pending", verb="request", date=out.requested_date)
    page = signed_in(ada).get(out.get_absolute_url())
    text = " ".join(page.content.decode().split())
    assert page.status_code == 200
    assert f"Port-out {out.reference}" in text
    assert page.context["next"].sentence
    assert ('data-dialog="accept-out"' in text) is (state == "pending")
    assert ('data-dialog="dispute-out"' in text) is (state == "ported_out")
    assert ('hx-trigger="every 2s"' in text) is (state == "pending" or state in PortOut.MOVING)
    assert "None" not in page.content.decode().split('id="panel-title"')[1].split("</aside>")[0]


@pytest.mark.parametrize(
    ("now", "until", "words", "red"),
    [
        (MONDAY, MONDAY + timedelta(days=1), "9 business hours left", False),
        (FRIDAY, FRIDAY + timedelta(days=3), "9 business hours left", False),  # over a weekend
        (FRIDAY, FRIDAY + timedelta(hours=40), "2 business hours left", False),  # Friday is over at 17:00
        (MONDAY, MONDAY + timedelta(minutes=119), "1 business hour left", True),
        (MONDAY, MONDAY + timedelta(minutes=40), "40 business minutes left", True),
        (MONDAY, MONDAY - timedelta(minutes=1), "No business time left", True),
    ],
)
def test_the_countdown_is_in_the_business_hours_of_the_place(
    ada, office, signed_in, on, now, until, words, red
):
    on(now)
    out = make_port_out(office, answer_by=until)
    page = signed_in(ada).get(out.get_absolute_url()).content.decode()
    assert f'<span class="countdown{" soon" if red else ""}">{words}</span>' in page
    assert "accepted automatically on" in page
    assert "P" in page.split("accepted automatically on")[1][:120]  # PST: the zone is named


def test_on_a_compressed_clock_a_business_day_is_nine_hours_all_the_same(office, settings):
    settings.CARRIER_DAY_SECONDS = 90
    now = timezone.now()
    out = make_port_out(office, requested_at=now, answer_by=now + timedelta(seconds=90))
    assert out.time_left(now) == timedelta(hours=9)
    assert out.time_left(now + timedelta(seconds=80)) == timedelta(hours=1)
    assert out.time_left(now + timedelta(seconds=91)) == timedelta()


def test_an_open_panel_is_drawn_anew_only_for_news(ada, office, signed_in, on):
    """What somebody types in its dialogs is not lost to the clock."""
    on(MONDAY)
    out = make_port_out(office, answer_by=MONDAY + timedelta(hours=4))
    client = signed_in(ada)
    page = client.get(out.get_absolute_url()).content.decode()
    again = re.search(r'hx-get="([^"]+\?seen=[^"]+)" hx-trigger="every 2s"', page)[1].replace("&amp;", "&")
    assert client.get(again, headers=PANEL).status_code == 204
    on(MONDAY + timedelta(minutes=1))
    tick = client.get(again, headers=PANEL)
    assert tick["HX-Reswap"] == "none"
    assert "3 business hours left" in tick.content.decode()
    assert "<dialog" not in tick.content.decode()
    out.events.create(before="pending", after="pending", verb="date", date=out.requested_date)
    news = client.get(again, headers=PANEL).content.decode()
    assert "<dialog" in news
    assert "<html" not in news


@pytest.mark.parametrize("many", [1, 40])
def test_the_panel_costs_a_fixed_number_of_queries(
    ada, office, signed_in, django_assert_max_num_queries, many
):
    numbers = tuple(f"+1408555{n:04}" for n in range(2000, 2000 + many))
    out = make_port_out(office, numbers=numbers)
    client = signed_in(ada)
    client.get(out.get_absolute_url())
    # session, person, membership, the request, its numbers, locations, events (2), reasons (2), hints (2)
    with django_assert_max_num_queries(14):
        client.get(out.get_absolute_url(), headers=PANEL)


# --- What is odd


def test_a_fresh_pin_is_a_hint_and_an_old_one_is_none(acme, ada, office, signed_in):
    out = make_port_out(office, pin_given="ok")
    GuardChange.unscoped.create(org=acme, changes_pin=True, by=ada, at=out.requested_at - timedelta(days=8))
    client = signed_in(ada)
    said = "The port-out PIN was changed on"
    assert said not in client.get(out.get_absolute_url()).content.decode()
    GuardChange.unscoped.create(org=acme, changes_pin=True, by=ada, at=out.requested_at - timedelta(days=6))
    page = client.get(out.get_absolute_url()).content.decode()
    assert said in page
    assert "by Ada Park" in page
    assert "The request came with the right port-out PIN." in page


def test_a_number_one_digit_off_is_a_hint(acme, globex, ada, office, signed_in):
    other = make_port_out(office, numbers=("+14085550182",), state="rejected")
    out = make_port_out(office, numbers=(NUMBERS[0],))
    client = signed_in(ada)
    page = client.get(out.get_absolute_url()).content.decode()
    assert (
        f"differs in one digit from +1 408-555-0182, which Coast Mobile asked for in {other.reference}"
        in page
    )
    other.delete()
    make_port_out(make_connected_location(globex), numbers=("+14085550192",))
    page = client.get(out.get_absolute_url()).content.decode()
    assert "one digit from a number of another customer" in page
    assert "0192" not in page


@pytest.mark.parametrize(
    "fields",
    [
        {"gaining_carrier": "Else"},
        {"numbers": ("+14085550181",)},
        {"requested_at": timezone.now() - timedelta(days=40)},
    ],
)
def test_what_is_no_slip_of_a_finger_is_no_hint(ada, office, signed_in, fields):
    make_port_out(office, **{"numbers": ("+14085550182",), **fields})
    out = make_port_out(office, numbers=(NUMBERS[0],))
    assert "differs in one digit" not in signed_in(ada).get(out.get_absolute_url()).content.decode()


# --- The alert


@pytest.mark.parametrize("where", ["/acme/", LIST])
def test_those_who_can_answer_are_alerted(acme, globex, ada, eli, vic, paula, office, signed_in, on, where):
    on(MONDAY)
    out = make_port_out(office, answer_by=MONDAY + timedelta(hours=1))
    make_port_out(make_connected_location(globex), numbers=NUMBERS[1:])
    for person in (ada, eli, paula):
        page = signed_in(person).get(where).content.decode()
        assert "Coast Mobile asks to take +1 408-555-0142 away." in page
        assert page.count("asks to take") == 1
        assert '<span class="countdown soon">1 business hour left</span>' in page
        assert reverse("porting:port_out_accept", args=["acme", out.pk]) in page
    assert "asks to take" not in signed_in(vic).get(where).content.decode()
    acme.port_outs.update(state="accepted")
    assert "asks to take" not in signed_in(ada).get(where).content.decode()


def test_the_three_that_are_due_first_are_named_by_their_first_numbers(acme, ada, office, signed_in, on):
    on(MONDAY)
    east = make_connected_location(acme, name="Boston", time_zone="America/New_York")
    hours = {"+14085550142": 7, "+14085550143": None, "+14085550144": 3, "+14085550145": 9, "+14085550146": 5}
    for e164, due in hours.items():
        out = make_port_out(
            office, numbers=(e164,), answer_by=due and MONDAY + timedelta(hours=due), location=None
        )
        out.numbers.update(location=east)
        out.numbers.create(e164="+1408999" + e164[-4:], location=office)
    alerts = signed_in(ada).get(LIST).context["alerts"]
    assert [number for _, number, *_ in alerts] == ["+14085550144", "+14085550146", "+14085550142"]
    # In Boston it is 15:00: two business hours are left there today, five in California.
    assert [left for *_, left, _ in alerts] == [f"{n} business hours left" for n in (2, 2, 2)]
    PortOut.unscoped.filter(answer_by__lt=MONDAY + timedelta(hours=8)).update(state="accepted")
    alerts = signed_in(ada).get(LIST).context["alerts"]
    assert [number for _, number, *_ in alerts] == ["+14085550145", "+14085550143"]


def test_the_list_has_it_as_a_third_kind(ada, office, signed_in):
    out = make_port_out(office)
    client = signed_in(ada)

    def see(**query):
        rows = client.get(LIST, query).context["rows"]
        return [order.reference for order, *_ in rows]

    for query in (
        {},
        {"type": "O"},
        {"show": "action"},
        {"q": out.reference},
        {"q": "0142"},
        {"status": "pending"},
    ):
        assert see(**query) == [out.reference], query
    for query in ({"type": "P"}, {"show": "done"}, {"show": "progress"}, {"q": f"P-{out.pk}"}):
        assert see(**query) == [], query
    PortOut.unscoped.update(state="ported_out")
    assert see(show="done", status="ported_out") == [out.reference]


def test_a_pending_request_waits_on_the_overview(ada, office, signed_in):
    out = make_port_out(office)
    page = signed_in(ada).get("/acme/").content.decode()
    assert f"Port out {out.reference}" in page


# --- The reminders


def reminded():
    return Message.objects.filter(kind="port_out_reminder").count()


@pytest.mark.usefixtures("carrier")
def test_half_of_the_time_and_two_hours_are_each_said_once(ada, office, on, swept):
    start = MONDAY - timedelta(hours=4)  # 08:00 in California
    on(start)
    make_port_out(office, requested_at=start, answer_by=start + timedelta(hours=9))
    swept()
    assert reminded() == 0
    on(start + timedelta(hours=5))
    swept()
    swept()
    assert reminded() == 1
    on(start + timedelta(hours=7, minutes=1))
    swept()
    swept()
    assert reminded() == 2
    last = Message.objects.filter(kind="port_out_reminder").order_by("-pk")[0]
    assert "1 business hour left to answer O-" in last.subject
    on(start + timedelta(hours=10))
    swept()
    assert reminded() == 2


@pytest.mark.usefixtures("carrier")
def test_late_as_the_sweep_may_be_it_reminds_once(ada, office, on, swept):
    on(MONDAY)
    make_port_out(office, requested_at=MONDAY - timedelta(hours=4), answer_by=MONDAY + timedelta(hours=1))
    swept()
    swept()
    assert reminded() == 1


@pytest.mark.usefixtures("carrier")
def test_what_is_answered_reminds_nobody(ada, office, on, swept):
    on(MONDAY)
    make_port_out(office, state="accepted", answer_by=MONDAY + timedelta(hours=1))
    swept()
    assert reminded() == 0


def test_a_location_administrator_sees_the_requests_of_their_place(acme, lou, office, signed_in):
    office.administrators.create(membership=lou.memberships.get())
    elsewhere = make_connected_location(acme, name="Austin")
    mine, theirs = make_port_out(office), make_port_out(elsewhere, numbers=NUMBERS[1:])
    wide = make_port_out(office, numbers=("+14085550150",), location=None)
    client = signed_in(lou)
    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(wide.get_absolute_url()).status_code == 404


def test_numbers_of_other_requests_cannot_take_over_in_the_form(ada, office, number, out, verb, signed_in):
    office.main_number = number
    office.save()
    make_number(office, "+14085550177")
    make_port_out(office, numbers=("+14085550178",))
    form = signed_in(ada).get(verb("accept")).context["form"]
    (field,) = form.fields.values()
    assert [one.e164 for one in field.queryset] == ["+14085550177"]
