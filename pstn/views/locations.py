"""PLACEHOLDER, to be replaced by its owner."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def location_list(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def location_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def location_detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def location_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def location_pstn(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def location_main_number(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
