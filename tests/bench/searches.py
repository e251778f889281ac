"""B3: each way of searching, its statements against a range by hand, its page against the plain list."""

from collections.abc import Iterator
from urllib.parse import urlencode

from accounts.models import Organization
from tests.bench import sql, visits
from tests.bench.browsing import Browser
from tests.bench.ratios import Spread
from tests.bench.run import said
from tests.bench.servers import web
from tests.bench.stage import Stage, name_of, signed_in, tenant
from tests.bench.table import Row

OFTEN = 100
LIMIT = (
    "SELECT n.id, n.e164, n.state, n.kind, n.extension, n.assigned_to, l.name FROM pstn_phonenumber n "
    "JOIN pstn_location l ON l.id = n.location_id WHERE n.org_id = {org} AND {where} ORDER BY n.e164 LIMIT 51"
)


def measure(stage: Stage) -> Iterator[Row]:
    database = name_of(stage.largest)
    with stage.on(database):
        org = tenant()
        client, root = sql.visitor(), f"/{org.slug}/numbers/"
        asked = searches(org)
        plain = set(sql.page(client, root))
        own = {
            name: _beside(plain, sql.page(client, f"{root}?{urlencode({'q': q})}"))
            for name, (q, _limit) in asked.items()
        }
    at = said(stage.largest)
    for name, (_q, where) in asked.items():
        limit = [LIMIT.format(org=org.pk, where=where)]
        found = sql.compare(stage, database, {"ours": (own[name], OFTEN), "limit": (limit, OFTEN)})
        yield Row(
            "B3",
            f"search at {at}, {name}: its {len(own[name])} statement(s)",
            sql.shown(found["ours"]),
            f"a range by hand: {sql.shown(found['limit'])}",
            Spread.between(found["ours"], found["limit"]),
            most=3,
        )
    yield from pages(stage, database, root, {name: q for name, (q, _limit) in asked.items()})


def _beside(plain: set[sql.Statement], asked: list[sql.Statement]) -> list[sql.Statement]:
    """The statements that the plain list does not ask."""
    return [one for one in asked if one not in plain]


def searches(org: Organization) -> dict[str, tuple[str, str]]:
    """What is typed, and the condition of a statement by hand that finds as much."""
    one = org.phone_numbers.get(e164="+12012000123")
    owned = org.phone_numbers.exclude(assigned_to="").order_by("e164")[10]
    their_own = org.phone_numbers.filter(assigned_to=owned.assigned_to).count()
    many = "n.e164 >= '+1201200' AND n.e164 < '+1201201'"
    few = "n.e164 >= '+12012000100' AND n.e164 < '+120120001{:02}'"
    return {
        "prefix": ("+1201200", many),
        "last four digits": (one.e164[-4:], few.format(len(endings(org, one.e164[-4:])))),
        "contained digits": (one.e164[6:11], many),
        "pasted national format": ("(201) 200-0123", f"n.e164 = '{one.e164}'"),
        "person": (owned.assigned_to, few.format(min(99, their_own))),
    }


def endings(org: Organization, digits: str) -> list[str]:
    """At most a page of the numbers that end like this."""
    found = org.phone_numbers.filter(tail__startswith=digits[::-1]).values_list("e164", flat=True)
    return list(found[:50])


def pages(stage: Stage, database: str, root: str, asked: dict[str, str]) -> Iterator[Row]:
    with web(database) as server:
        browser = Browser(server, signed_in(stage, database))
        addresses = {"list": root, **{name: f"{root}?{urlencode({'q': q})}" for name, q in asked.items()}}
        found = visits.compare(stage, {name: (browser, path) for name, path in addresses.items()})
    for name in asked:
        yield Row(
            "B3",
            f"page of the search, {name}",
            visits.shown(found[name]),
            f"the plain list: {visits.shown(found['list'])}",
            visits.cpu(found[name], found["list"]),
            most=1.1,
            holds=visits.no_errors(found[name], found["list"]),
            wall=visits.wall(found[name], found["list"]),
        )
