"""One number's type, location, note and tags, each on a small page; and extensions without a number."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from pstn.forms.number_edits import DescribeForm, ExtensionForm, MoveForm, RetypeForm
from pstn.models import PhoneNumber
from pstn.views.reach import one_number, posted
from pstn.workflow import extensions, number_edits

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
@needs(Right.EDIT)
def number_retype(request: OrgRequest, e164: str) -> HttpResponse:
    number = one_number(request, e164)
    form = RetypeForm(posted(request), number=number)

    def save(data: dict[str, Any]) -> str:
        number_edits.retype(number, data["kind"], sessions=data["sessions"], by=request.user)
        return _("%(number)s: the type is %(kind)s.") % _words(number, kind=number.get_kind_display())

    return _edited(request, number, form, "kind", save, "number_retype", why_not=number.why_not_retype())


@PAGE
@needs(Right.EDIT)
def number_move(request: OrgRequest, e164: str) -> HttpResponse:
    number = one_number(request, e164)
    q = request.GET.get("q", "").replace("\x00", "")[:80]
    form = MoveForm(posted(request), number=number, membership=request.membership, q=q)

    def save(data: dict[str, Any]) -> str:
        number_edits.move(number, data["to"], by=request.user)
        return _("%(number)s is at %(location)s now.") % _words(number, location=data["to"])

    return _edited(request, number, form, "to", save, "number_move", why_not=number.why_not_move(), q=q)


@PAGE
@needs(Right.EDIT)
def number_describe(request: OrgRequest, e164: str) -> HttpResponse:
    """Note and tags. The panel has the same form; here it comes back with what is wrong."""
    number = one_number(request, e164)
    tags = ", ".join(row.tag.name for row in number.taggings.select_related("tag").order_by("tag__name"))
    form = DescribeForm(posted(request), initial={"note": number.note, "tags": tags})

    def save(data: dict[str, Any]) -> str:
        number_edits.describe(number, note=data["note"], tags=data["tags"], by=request.user)
        return _("Saved.")

    known = request.org.tags.order_by("name")[:200]
    return _edited(request, number, form, None, save, "number_describe", known_tags=known)


@PAGE
@needs(Right.EDIT)
def extension_create(request: OrgRequest) -> HttpResponse:
    """An extension without a telephone number; it can be assigned like one."""
    initial = {"location": request.GET.get("location", "")}
    form = ExtensionForm(posted(request), initial=initial, org=request.org, membership=request.membership)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            row = extensions.add(data["location"], data["extension"], note=data["note"], by=request.user)
            messages.success(request, _("%(number)s is added.") % {"number": row.national})
            return redirect(row)
        except Refused as refusal:
            form.add_error("extension", str(refusal))
    status = 422 if form.errors else 200
    context = {"form": form, "back_url": reverse("pstn:number_list", args=[request.org.slug])}
    return render(request, "pstn/extension_create.html", context, status=status)


def _edited(
    request: OrgRequest,
    number: PhoneNumber,
    form: forms.Form,
    field: str | None,
    save: Callable[[dict[str, Any]], str],
    page: str,
    **context: Any,
) -> HttpResponse:
    """Back to the number with what was done, or the page with what is wrong at `field`."""
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, save(form.cleaned_data))
            return redirect(number)
        except Refused as refusal:
            form.add_error(field, str(refusal))
    status = 422 if form.errors else 200
    context |= {"number": number, "form": form, "back_url": number.get_absolute_url()}
    return render(request, f"pstn/{page}.html", context, status=status)


def _words(number: PhoneNumber, **more: Any) -> dict[str, Any]:
    return {"number": number.national, **more}
