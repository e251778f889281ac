"""B1: the Numbers page as somebody sees it first, against the floor and against Django's admin."""

from collections.abc import Iterator

from tests.bench import visits
from tests.bench.browsing import Browser
from tests.bench.run import said
from tests.bench.servers import PEER_SETTINGS, web
from tests.bench.stage import Stage, name_of, signed_in, signed_in_at_peers, tenant
from tests.bench.table import Row


def measure(stage: Stage) -> Iterator[Row]:
    database = name_of(stage.middle)
    session, other = signed_in(stage, database), signed_in_at_peers(stage, database)
    with stage.on(database):
        org = tenant()
    with web(database) as ours, web(database, PEER_SETTINGS) as peers:
        found = visits.compare(
            stage,
            {
                "ours": (Browser(ours, session), f"/{org.slug}/numbers/"),
                "floor": (Browser(peers, other), f"/{org.pk}/list/"),
                "admin": (Browser(peers, other), "/admin/pstn/phonenumber/"),
                "search": (Browser(peers, other), "/admin/pstn/phonenumber/?q=%2B1201200"),
                "prefix": (Browser(ours, session), f"/{org.slug}/numbers/?q=%2B1201200"),
            },
        )
    what = f"Numbers page, full layout, signed in, {said(stage.middle)} numbers"
    for mine, peer, name, goal in (
        ("ours", "floor", "floor", 1.5),
        ("ours", "admin", "admin's list", 0.08),
        ("prefix", "search", "admin's search for the same", None),
    ):
        yield Row(
            "B1",
            what if mine == "ours" else "Numbers page, searched for a prefix",
            visits.shown(found[mine]),
            f"{name}: {visits.shown(found[peer])}",
            visits.cpu(found[mine], found[peer]),
            most=goal,
            holds=visits.no_errors(*found.values()),
            wall=visits.wall(found[mine], found[peer]),
        )
