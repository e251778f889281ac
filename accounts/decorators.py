"""What a view says about who may call it."""

from collections.abc import Callable
from typing import TypeVar

from django.http.response import HttpResponseBase

from accounts.models import Right

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def needs(right: Right) -> Callable[[View], View]:
    """Ask for a right other than the default (VIEW to read, EDIT to write)."""

    def mark(view: View) -> View:
        view.needs_right = right  # type: ignore[attr-defined]
        return view

    return mark


def staff_only(view: View) -> View:
    """Support staff only; anybody else gets the 404 of a page that does not exist."""
    view.staff_only = True  # type: ignore[attr-defined]
    return view
