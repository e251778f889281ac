"""The numbers page for programs: the same question, the answer as JSON, a page of up to 2,000 at a time."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.http import OrgRequest
from lib import keyset
from pstn.listing.filters import NumberFilter

LARGEST = 2_000
# As the program reads them: where each is found.
FIELDS = {
    "number": "e164",
    "state": "state",
    "type": "kind",
    "extension": "extension",
    "assigned_to": "assigned_to",
    "location": "location__name",
    "note": "note",
}


@require_safe
def number_json(request: OrgRequest) -> HttpResponse:
    """`numbers`: what the filters of the numbers page find, in its order; `next`: where it goes on.

    `size` (1 to 2,000; 50) is how many at most. What has no telephone number has its extension and number "".
    """
    asked = NumberFilter.read(request.GET, request.org.locations.within(request.membership))
    numbers: Any = asked.apply(request.org.phone_numbers.within(request.membership))
    names = list(dict.fromkeys([*FIELDS.values(), *(one.removeprefix("-") for one in asked.by)]))

    def read(stretch: keyset.Stretch[Any]) -> list[dict[str, Any]]:
        return list(stretch.queryset.values(*names)[: stretch.size])

    page = keyset.page(numbers, asked.by, request.GET.get("after"), None, _size(request), read=read)
    follows = {"size": str(_size(request)), "after": page.next} if page.next else {}
    address = request.build_absolute_uri(f"{request.path}{asked.query(**follows)}") if follows else None
    return JsonResponse({"numbers": [_told(row) for row in page.rows], "next": address})


def _told(row: dict[str, Any]) -> dict[str, str]:
    told: dict[str, str] = {name: row[field] for name, field in FIELDS.items()}
    if not told["number"].startswith("+"):
        told["number"] = ""
    return told


def _size(request: OrgRequest) -> int:
    asked = request.GET.get("size", "")
    return min(max(int(asked), 1), LARGEST) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 50
