"""PLACEHOLDER, to be replaced by its owner."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def terms_detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def terms_accept(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def terms_request(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
