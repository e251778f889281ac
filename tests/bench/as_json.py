"""B14: two thousand numbers as JSON, against the bare query and its serializing."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, reverse

from tests.bench import visits
from tests.bench.browsing import Browser
from tests.bench.servers import PEER_SETTINGS, web
from tests.bench.stage import Stage, name_of, signed_in, signed_in_at_peers, tenant
from tests.bench.table import Row, failed

WORK = "2,000 numbers as JSON"


def measure(stage: Stage) -> Iterator[Row]:
    database = name_of(stage.middle)
    with stage.on(database):
        org = tenant()
    try:
        address = reverse("pstn:number_json", args=[org.slug])
    except NoReverseMatch:
        yield failed("B14", WORK, "the console has no address that gives numbers as JSON (pstn:number_json)")
        return
    with web(database) as ours, web(database, PEER_SETTINGS) as peers:
        found = visits.compare(
            stage,
            {
                "ours": (Browser(ours, signed_in(stage, database)), f"{address}?size=2000"),
                "bare": (Browser(peers, signed_in_at_peers(stage, database)), f"/{org.pk}/json/"),
            },
        )
    yield Row(
        "B14",
        WORK,
        visits.shown(found["ours"]),
        f"the bare query, serialized: {visits.shown(found['bare'])}",
        visits.cpu(found["ours"], found["bare"]),
        most=2,
        holds=visits.no_errors(*found.values()),
        wall=visits.wall(found["ours"], found["bare"]),
    )
