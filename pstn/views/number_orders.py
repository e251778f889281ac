"""PLACEHOLDER, to be replaced by its owner."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def number_order_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_order_detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_order_step(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_order_places(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_order_search(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_order_extend(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_order_place(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def number_order_discard(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
