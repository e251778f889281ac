"""PLACEHOLDER, to be replaced by its owner."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def mailbox(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def mailbox_entry(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
