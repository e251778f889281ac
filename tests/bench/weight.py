"""B11: what a browser has to fetch before the Numbers page is there, and for each page after it."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from tests.bench.browsing import Browser
from tests.bench.ratios import Spread
from tests.bench.servers import web
from tests.bench.stage import Stage, name_of, signed_in, tenant
from tests.bench.table import Row

NETBOX, ADMIN = 269_509, 105_282  # bytes of their lists of fifty rows, packed: constants, measured once
PAGE, PART, REQUESTS = 32_768, 4_096, 4
TAG = re.compile(r"<(?:link|script|img|source|iframe)\b[^>]*>", re.I)
RELATION = re.compile(r"<link\b[^>]*\brel=[\"']([^\"']*)[\"']", re.I)
LOADED = {"stylesheet", "preload", "modulepreload", "icon"}  # the links that a browser follows by itself
ADDRESS = re.compile(r"\b(?:href|src)=[\"']([^\"']+)[\"']", re.I)
FONT = re.compile(r"@font-face|\.woff2?\b|\.ttf\b|\.otf\b", re.I)


def measure(stage: Stage) -> Iterator[Row]:
    database = name_of(stage.middle)
    with stage.on(database):
        path = f"/{tenant().slug}/numbers/"
    session = signed_in(stage, database)
    with web(database) as server:
        browser = Browser(server, session)
        page = browser.get(path)
        files = {address: browser.get(address) for address in fetched(page.text, path)}
        icons = [address for address in fetched(page.text, path, icons=True) if address not in files]
        part = Browser(server, session, **{"HX-Request": "true", "HX-Target": "results"}).get(
            f"{path}?q=%2B1201200"
        )
    sheets = [one for address, one in files.items() if ".css" in address]
    total = page.weight + sum(one.weight for one in files.values())
    parts = ", ".join(
        f"{urlsplit(address).path.rsplit('/', 1)[-1]} {one.weight:,}" for address, one in files.items()
    )
    ok = {
        "no errors": all(one.status == 200 for one in (page, part, *files.values())),
        f"≤ {REQUESTS} requests": 1 + len(files) <= REQUESTS,
        "no web font": not any(FONT.search(text) for text in (page.text, *(sheet.text for sheet in sheets))),
    }
    yield Row(
        "B11",
        "first view of the Numbers page: HTML, CSS and JS, packed",
        f"{total:,} bytes, {1 + len(files)} requests",
        f"{PAGE:,} bytes; NetBox {NETBOX:,}, admin {ADMIN:,}",
        exact(total / PAGE),
        most=1,
        holds=ok,
        notes=(
            f"page {page.weight:,}, {parts}; {total / NETBOX:.3f} of NetBox, {total / ADMIN:.3f} of the admin; "
            f"the icon, which a browser fetches on its own, is not counted ({len(icons)})",
        ),
    )
    yield Row(
        "B11",
        "an htmx answer of the Numbers page with fifty rows, packed",
        f"{part.weight:,} bytes",
        f"{PART:,} bytes",
        exact(part.weight / PART),
        most=1,
        holds={"a part of the page": "<html" not in part.text},
    )


def fetched(page: str, base: str, *, icons: bool = False) -> list[str]:
    """The addresses that a browser fetches by itself: each once, icons on their own."""
    found = []
    for tag in TAG.findall(page):
        relation = RELATION.match(tag)
        words = set(relation[1].lower().split()) if relation else set()
        address = ADDRESS.search(tag)
        if not address or address[1].startswith("data:") or (relation and not words & LOADED):
            continue
        if ("icon" in words) == icons:
            found.append(urljoin(base, address[1]))
    return list(dict.fromkeys(found))


def exact(figure: float) -> Spread:
    return Spread(figure, figure, figure)
