"""B2: the same pages over the most numbers and over ten thousand; and the last page, whose rows are far away."""

from collections.abc import Iterator

from lib import keyset
from tests.bench import visits
from tests.bench.browsing import Browser
from tests.bench.run import said
from tests.bench.servers import web
from tests.bench.stage import Stage, name_of, signed_in, tenant
from tests.bench.table import Row


def measure(stage: Stage) -> Iterator[Row]:
    small, large = min(stage.sizes), stage.largest
    with web(name_of(small)) as few, web(name_of(large)) as many:
        browsers = {
            size: Browser(server, signed_in(stage, name_of(size)))
            for size, server in ((small, few), (large, many))
        }
        pages = {size: pages_of(stage, size) for size in (small, large)}
        for what in pages[small]:
            found = visits.compare(
                stage, {str(size): (browsers[size], pages[size][what]) for size in (small, large)}
            )
            mine, less = found[str(large)], found[str(small)]
            yield Row(
                "B2",
                f"growth of the Numbers page, {what}",
                f"{said(large)}: {visits.shown(mine)}",
                f"{said(small)}: {visits.shown(less)}",
                visits.cpu(mine, less),
                most=1.15,
                holds=visits.no_errors(mine, less),
                wall=visits.wall(mine, less),
            )


def pages_of(stage: Stage, size: int) -> dict[str, str]:
    """The addresses, all with fifty rows on every size."""
    with stage.on(name_of(size)):
        org = tenant()
        place = org.locations.order_by("pk")[0].pk
        # The cursor that the page before the last one gives: after the 51st number from the end.
        before_last = org.phone_numbers.filter(e164__gte=org.phone_numbers.order_by("-e164")[50].e164)
        cursor = keyset.page(before_last, ("e164",), None, None, 1).next
    root = f"/{org.slug}/numbers/"
    return {
        "list": root,
        "prefix": f"{root}?q=%2B1201200",
        "state and location": f"{root}?state=active&location={place}",
        "last page": f"{root}?after={cursor}",
    }
