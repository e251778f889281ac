"""B12: what every page of an organization asks the database, with one of everything and with a thousand."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Organization
from porting.models import PortOut, PortOutNumber
from pstn.models import Job, Location, NumberOrder, PhoneNumber
from tests.bench import data, sql
from tests.bench.ports import in_flight
from tests.bench.stage import Stage, tenant
from tests.bench.table import Row
from tests.factories import make_connected_location

FEW, MANY, MOST = 1, 1_000, 5
ORG = "<slug:org_slug>/"


def measure(stage: Stage) -> Iterator[Row]:
    with stage.built("bench_statements"):
        few, many = Organization.objects.create(name="One", slug="one"), tenant(1)
        person = many.memberships.get().user
        few.memberships.create(user=person, role="full_admin")
        make_connected_location(few, kind="premises")
        fill(few, FEW)
        fill(many, MANY)
        client = sql.visitor()
        asked: dict[str, tuple[int, int]] = {}
        found = dict(addresses())
        for path in sorted(found):
            if client.get(path.format(org=few.slug)).status_code == 200:
                asked[path] = (
                    len(sql.page(client, path.format(org=few.slug))),
                    len(sql.page(client, path.format(org=many.slug))),
                )
    growing = {path: pair for path, pair in asked.items() if pair[1] > pair[0]}
    lists = {
        path: pair for path, pair in asked.items() if found[path].endswith("_list") or "calendar" in path
    }
    above = {path: pair for path, pair in lists.items() if max(pair) > MOST}
    yield Row(
        "B12",
        f"statements of {len(asked)} pages, with {FEW} and with {MANY:,} of everything",
        f"at most {max(max(pair) for pair in asked.values())}",
        holds={"constant": not growing},
        notes=tuple(f"{said(path)}: {a} with {FEW}, {b} with {MANY:,}" for path, (a, b) in growing.items()),
    )
    yield Row(
        "B12",
        f"statements of the {len(lists)} lists",
        ", ".join(f"{said(path)} {max(pair)}" for path, pair in lists.items()),
        holds={f"≤ {MOST}": not above},
        notes=tuple(f"{said(path)}: {max(pair)}" for path, pair in asked.items() if path not in lists),
    )


def addresses() -> Iterator[tuple[str, str]]:
    """The pages of an organization that need nothing but its name, as patterns with {org}; and their names."""
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern).startswith(ORG):
            start = "/{org}/" + str(pattern.pattern).removeprefix(ORG)
            for one in pattern.url_patterns:
                if isinstance(one, URLPattern) and "<" not in (rest := str(one.pattern)):
                    yield start + rest, one.name or ""


def said(path: str) -> str:
    return path.removeprefix("/{org}/") or "overview"


def fill(org: Organization, count: int) -> None:
    """So many numbers with owners, ports, number orders, tasks and locations."""
    person = org.memberships.get().user
    if count > FEW:
        data.make_numbers([org], count)
    else:
        place = org.locations.get()
        PhoneNumber.unscoped.create(org=org, location=place, e164="+13125550100", state="active")
    in_flight(org, count)
    place = org.locations.order_by("pk")[0]
    leaving = PortOut.unscoped.bulk_create(
        PortOut(
            org=org, location=place, number_count=1, carrier_ref=f"out-{n}", gaining_carrier="Coast Mobile"
        )
        for n in range(count)
    )
    PortOutNumber.unscoped.bulk_create(
        PortOutNumber(port_out=one, e164=f"+1990{2_000_000 + one.pk}", location=place) for one in leaving
    )
    NumberOrder.unscoped.bulk_create(
        NumberOrder(org=org, location=place, state="pending", created_by=person, region="CA")
        for _ in range(count)
    )
    Job.unscoped.bulk_create(
        Job(org=org, kind="activate", state="done", key=f"{n}", created_by=person) for n in range(count)
    )
    Location.unscoped.bulk_create(
        Location(
            org=org, name=f"Branch {n}", line1="1 Main Street", city="Reno", state="NV", postal_code="89501"
        )
        for n in range(count)
    )
