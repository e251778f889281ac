"""PLACEHOLDER, to be replaced by its owner."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def order_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_step(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_verdicts(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_split(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def letter_preview(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_submit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_resubmit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_cancel(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_discard(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def order_reveal(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def document_download(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
