"""PLACEHOLDER, to be replaced by its owner."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def number_list(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_start(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_add(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_verdicts(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_activate(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_deactivate(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_delete(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
