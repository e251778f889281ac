"""One URL, one view, one template: how a view sends a page or only the part that htmx asks for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest, part: str) -> bool:
    """True when htmx is asking for the element `part` (and not restoring a whole page from history)."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx and htmx.target == part and not htmx.history_restore_request)


def page_or_part(
    request: HttpRequest, template: str, part: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page, or only its `part` when htmx is asking for the element with that id."""
    name = f"{template}#{part}" if wants_part(request, part) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
