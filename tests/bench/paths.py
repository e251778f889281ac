"""Builds a throwaway database, measures the hot paths and prints each as a ratio; keeps them as JSON in var/."""

import json
import statistics
import time
from collections.abc import Callable

import phonenumbers
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    get_runner,
    setup_test_environment,
    teardown_test_environment,
)

from accounts.models import Membership, Organization, Role, User
from lib import phone
from pstn.models import PhoneNumber
from simulator.carrier import SimulatedCarrier
from tests.bench import ports
from tests.factories import make_connected_location

ROUNDS = 7
FLOOR = Template(
    "{% for n in rows %}<tr><td>{{ n.e164 }}</td><td>{{ n.location__name }}</td><td>{{ n.state }}</td></tr>{% endfor %}"
)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process for one call: the machine is shared, so wall time says little."""
    start = time.process_time()
    work()
    return time.process_time() - start


def ratio(ours: Callable[[], object], limit: Callable[[], object]) -> dict[str, float]:
    """The two in turn; the ratio inside each round; median, lowest and highest."""
    ours(), limit()
    rounds = sorted(cpu(ours) / cpu(limit) for _ in range(ROUNDS))
    return {"median": statistics.median(rounds), "lowest": rounds[0], "highest": rounds[-1]}


def paste_against_parsing() -> dict[str, float]:
    """12,000 pasted characters read and judged, over the phone library parsing and validating the same numbers."""
    numbers = [f"(415) 555-{n:04}" for n in range(750)]
    text = "\n".join(numbers)[:12_000]

    def bare() -> None:
        for number in numbers:
            parsed = phonenumbers.parse(number, "US")
            phonenumbers.is_possible_number(parsed)
            phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

    return ratio(lambda: phone.read_paste(text, "US"), bare)


def fill(org: Organization, count: int) -> None:
    location = make_connected_location(org, kind="premises", name=f"{org.name} office")
    PhoneNumber.unscoped.bulk_create(
        [
            PhoneNumber(org=org, location=location, state="active", e164=e164, tail=e164[:0:-1])
            for e164 in (f"+1{415 + org.pk % 5}{200 + n // 10_000:03}{n % 10_000:04}" for n in range(count))
        ],
        batch_size=2_000,
    )


def page_of(org: Organization, client: Client) -> Callable[[], object]:
    return lambda: client.get(f"/{org.slug}/numbers/").content


def floor_of(org: Organization) -> Callable[[], object]:
    """A bare list of fifty by key, signed in: what the database and a plain template cost."""

    def bare() -> str:
        User.objects.get(email="bench@example.org")
        rows = org.phone_numbers.order_by("e164").values("e164", "location__name", "state")[:50]
        return FLOOR.render(Context({"rows": rows}))

    return bare


def repeated(work: Callable[[], object], times: int = 20) -> Callable[[], object]:
    return lambda: [work() for _ in range(times)]


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def main() -> None:
    setup_test_environment()
    call_command("collectstatic", interactive=False, verbosity=0)
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        results = measure()
    finally:
        runner.teardown_databases(databases)
        teardown_test_environment()
    for name, values in results.items():
        shown = ", ".join(f"{key} {value:.3g}" for key, value in values.items())
        print(f"{name:<64} {shown}")
    (settings.VAR_DIR / "bench.json").write_text(json.dumps(results, indent=1))


def measure() -> dict[str, dict[str, float]]:
    person = User.objects.create_user("bench@example.org", "Bench")
    small, large = (Organization.objects.create(name=name, slug=name.lower()) for name in ("Small", "Large"))
    for org in (small, large):
        Membership.objects.create(org=org, user=person, role=Role.FULL_ADMIN)
    fill(small, 1_000)
    fill(large, 100_000)
    client = Client()
    client.force_login(person)
    carrier = SimulatedCarrier()
    few, many = ports.in_flight(small, 100), ports.in_flight(large, 10_000)
    thousand = [f"+1408555{n:04}" for n in range(1_000)]
    return {
        "12,000 pasted characters / the phone library on the same numbers": paste_against_parsing(),
        "Numbers page, 100,000 numbers / 1,000 numbers": ratio(
            page_of(large, client), page_of(small, client)
        ),
        "Numbers page, 100,000 numbers / bare keyset list": ratio(page_of(large, client), floor_of(large)),
        "SQL statements of the Numbers page": {
            "1,000": statements(page_of(small, client)),
            "100,000": statements(page_of(large, client)),
        },
        "An event of the carrier, 10,000 ports in flight / 100 in flight": ratio(
            repeated(ports.applied(many)), repeated(ports.applied(few))
        ),
        "An event of the carrier, 10,000 ports in flight / bare task": ratio(
            repeated(ports.applied(many)), repeated(ports.bare_task(many))
        ),
        "SQL statements of an event of the carrier": {
            "100": statements(ports.applied(few)),
            "10,000": statements(ports.applied(many)),
        },
        "Seconds of each page of an order of 1,000 numbers (limit 1)": ports.steps(small, person),
        "SQL statements of a portability check": {
            "1": statements(lambda: carrier.check_portability("US", thousand[:1])),
            "1,000": statements(lambda: carrier.check_portability("US", thousand)),
        },
    }
