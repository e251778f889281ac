"""What the pages show on which numbers are looked for, and chosen among those that are held."""

from typing import Any

import countries
from accounts.http import OrgRequest
from lib.transitions import Refused
from pstn import stock
from pstn.forms.number_search import SearchForm
from pstn.memorability import SORTS, scored
from pstn.models import NumberOrder
from pstn.sought import PLACELESS, elsewhere
from pstn.verdicts import verdicts_on
from pstn.wizards import number_orders as wizard


def of_numbers(request: OrgRequest, order: NumberOrder) -> dict[str, Any]:
    """The numbers that are held, in the order that the address asks for; or the blocks that are free."""
    lines = list(order.lines.chosen())
    sort = request.GET.get("sort", "")
    context = wizard.frame(order, wizard.steps(order)["numbers"]) | {
        "lines": lines,
        "rows": scored(lines, sort),
        "sort": sort if sort in SORTS else "number",
        "chosen": {line.e164 for line in lines},
        "is_short": bool(lines) and len(lines) < order.quantity and not order.wanted,
        "missing_count": max(0, order.quantity - len(lines)),
        "may_wait": order.may_wait,
        "elsewhere": elsewhere(order),
        "has_places": any(line.city for line in lines),
        "verdicts": verdicts_on(order, lines),
        "count": len(lines),
    }
    return context | (_of_blocks(order) if order.is_block and not lines and order.block_size else {})


def _of_blocks(order: NumberOrder) -> dict[str, Any]:
    try:
        found = stock.blocks(stock.search_of(order), order.block_size)
    except Refused as refusal:
        return {"search_error": str(refusal)}
    smaller = bool(found) and found[0].size < order.block_size
    return {"blocks": found, "no_block": not found, "is_smaller": smaller}


def of_search(order: NumberOrder, posted: Any = None) -> dict[str, Any]:
    """The search form, with the places of the state that is chosen in it."""
    region = posted.get("region", "")[:10] if posted is not None else order.region
    country = order.location.country if order.location else "US"
    places, error = None, ""
    try:
        has_regions = countries.get(country).has_regions
        nowhere = order.kind in PLACELESS or (has_regions and not region)
        places = stock.Places((), ()) if nowhere else stock.places(country, region)
    except Refused as refusal:
        error = str(refusal)
    form = SearchForm(posted, order=order, places=places)
    return {"search_form": form, "places_error": error, "order": order}
