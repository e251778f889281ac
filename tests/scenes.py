"""What the pictures show and nobody waits for: orders in every state, made in the console that VAR_DIR names.

`python -m tests.scenes make` makes them and prints where they are; `act` lets the carrier do what it has
planned; `mail` prints the last mail that the console kept. `fill` and `busy`: see number_scenes.py and waiting_scenes.py.
"""

import json
import os
import sys
from datetime import timedelta
from typing import Any

from tests import number_scenes, waiting_scenes

TOKEN = "picture-of-a-link-that-opens-a-task-for-Jane"[:43]
CALLERS = ("Coastline Mobile", "Prairie Telephone", "Summit Wireless")


def _numbers(area_code: str, first: int, count: int) -> tuple[str, ...]:
    return tuple(f"+1{area_code}5550{n}" for n in range(first, first + count))


def make() -> dict[str, str]:
    from django.utils import timezone

    from accounts.models import Organization
    from tests.porting.factories import a_date, make_port_order

    acme = Organization.objects.get(slug="acme")
    austin = number_scenes.places()["Austin office"]
    account = {"location": austin, "account_number": "LS-40518", "losing_carrier": "Lone Star Telephone"}
    confirmed = make_port_order(
        acme,
        state="foc_received",
        foc_date=a_date(8),
        numbers=_numbers("512", 110, 4),
        btn="+15125550110",
        **account,
    )
    late = make_port_order(
        acme,
        state="foc_received",
        foc_date=timezone.localdate() + timedelta(days=2),
        numbers=_numbers("512", 120, 3),
        btn="+15125550120",
        **account,
    )
    sent = make_port_order(
        acme,
        state="submitted",
        numbers=_numbers("512", 130, 2),
        btn="+15125550130",
        requested_date=a_date(11),
        **account,
    )
    come = make_port_order(
        acme,
        state="completed",
        foc_date=a_date(-1),
        numbers=_numbers("512", 140, 4),
        btn="+15125550140",
        **account,
    )
    asked = make_port_order(
        acme, bill=False, signed=False, numbers=_numbers("512", 150, 2), btn="+15125550150", **account
    )
    _test_calls(come)
    _talk(sent)
    _link(asked)
    _port_out(acme, austin)
    places = {"confirmed": confirmed, "late": late, "sent": sent, "come": come}
    return {name: order.get_absolute_url() for name, order in places.items()} | {
        "link": f"/t/{TOKEN}/",
        "london": str(acme.locations.get(name="London").pk),
        "berlin": str(acme.locations.get(name="Berlin").pk),
        "out": acme.port_outs.get().get_absolute_url(),
    }


def _test_calls(order: Any) -> None:
    """All passed but one caller's carrier, which still has the old way."""
    from django.utils import timezone

    from porting.models import TestCall

    now = timezone.now()
    numbers = [row.e164 for row in order.numbers.all()]
    said = {"attempt": order.attempt, "scope": "automatic", "numbers": numbers}
    run = order.test_runs.create(at=now - timedelta(minutes=4), told_at=now, **said)
    Test = TestCall.Test
    tests = [*((Test.INBOUND, via) for via in CALLERS), (Test.OUTBOUND, ""), (Test.EMERGENCY, "")]
    for e164 in numbers:
        for test, via in tests:
            fails = e164 == numbers[-1] and via == CALLERS[1]
            note = "The caller's carrier still has the old route." if fails else ""
            run.calls.create(e164=e164, test=test, via=via, passed=not fails, note=note, at=now)


def _talk(order: Any) -> None:
    from accounts.models import User

    ada = User.objects.get(email="ada@acme.example")
    order.messages.create(side="customer", by=ada, text="The lease ends on the 30th. Can it be before that?")
    order.messages.create(
        side="support",
        text="We have asked Lone Star for a day before the 30th. Who may they call about the line in the lift?",
        needs_answer=True,
    )
    order.needs_answer = True
    order.save(update_fields=["needs_answer"])


def _link(order: Any) -> None:
    from tests.porting.factories import make_link

    make_link(order, by=order.created_by, token=TOKEN, note="For the move of the main office.")


def _port_out(acme: Any, place: Any) -> None:
    """Another carrier wants two numbers that were ported in; one of them is the place's main number."""
    from porting.tasks import port_outs as tasks
    from simulator import port_outs
    from simulator.demo import WIRELESS
    from simulator.models import ServiceLine
    from tests.factories import make_number

    numbers = WIRELESS.numbers
    ServiceLine.objects.filter(e164__in=numbers).update(status=ServiceLine.Status.PORTED)
    place.main_number = [make_number(place, e164, assigned_to="Front desk") for e164 in numbers][0]
    place.save()
    port_outs.request(numbers[:2], "Coast Mobile")
    tasks.take_carrier_events()


def act() -> None:
    """The carrier keeps its appointments now, but those that would end the wait for an answer of ours."""
    from simulator import appointments
    from simulator.models import Appointment

    waiting = Appointment.objects.filter(ended_at=None).exclude(kind=Appointment.Kind.OUT_DUE)
    for pk in list(waiting.values_list("pk", flat=True)):
        appointments.keep(pk)


def fill() -> dict[str, str]:
    return {**number_scenes.fill(), **waiting_scenes.wait()}


def mail() -> str:
    from notifications.models import MailboxEntry

    # Others may have come after it: the carrier goes on meanwhile.
    found = MailboxEntry.objects.filter(text__regex=r"(?m)^[0-9]{6}$").order_by("pk").last()
    return found.text if found else ""


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    known = {"make": make, "act": act, "mail": mail, "fill": fill, "busy": waiting_scenes.busy}
    said = known[sys.argv[1]]()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
