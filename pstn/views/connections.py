"""PLACEHOLDER, to be replaced by its owner."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def connection_start(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def connection_connect(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def connection_done(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def connection_step(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
