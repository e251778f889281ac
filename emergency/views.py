"""PLACEHOLDER, to be replaced by its owner."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def address_list(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def address_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
