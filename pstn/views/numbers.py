"""The inventory of numbers: the list, one number in the side panel, adding by hand."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib import keyset
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from pstn.filters import NumberFilter
from pstn.forms.numbers import NumberAddForm
from pstn.starts import Start, starts
from pstn.views.reach import one_number
from pstn.workflow import numbers as workflow

PAGE_SIZE = 50
ADD_PAGE = "pstn/number_add.html"


@require_GET
def number_list(request: OrgRequest) -> HttpResponse:
    """All numbers that this person may reach, searched, filtered, sorted; a page at a time."""
    locations = request.org.locations.within(request.membership).order_by("name", "pk")
    asked = NumberFilter.read(request.GET, locations)
    numbers = asked.apply(request.org.phone_numbers.within(request.membership))
    rows = numbers.select_related("org", "location")
    page = keyset.page(rows, asked.order, request.GET.get("after"), request.GET.get("before"), PAGE_SIZE)
    count, is_more = (len(page.rows), False) if page.is_alone else keyset.bounded_count(numbers)
    context = {
        "filter": asked,
        "page": page,
        "count_text": _counted(count, is_more),
        "empty": "" if page.rows else _why_empty(request, asked),
        "is_part": wants_part(request, "results"),
        "waiting": "" if wants_part(request, "results") else _waiting(request),
        "nearest": [] if page.rows else _nearest(request, asked),
    }
    response = page_or_part(request, "pstn/number_list.html", "results", context)
    if context["is_part"]:
        # The form sends its empty fields too; the address that people copy does not carry them.
        cursor = {name: request.GET[name] for name in ("after", "before") if name in request.GET}
        response.headers["HX-Push-Url"] = f"{request.path}{asked.query(**cursor)}"
    return response


@require_GET
@needs(Right.EDIT)
def number_start(request: OrgRequest) -> HttpResponse:
    """Which way numbers come to a location: ordered, ported, or typed in."""
    locations = request.org.locations.within(request.membership).select_related("connection").order_by("name")
    places = list(locations)
    asked = request.GET.get("location", "")
    chosen = next((place for place in places if str(place.pk) == asked), None)
    if chosen is None and len(places) == 1:
        chosen = places[0]
    ways: list[Start] = starts(request.org, chosen) if chosen else []
    return render(request, "pstn/number_start.html", {"locations": places, "chosen": chosen, "ways": ways})


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def number_add(request: OrgRequest) -> HttpResponse:
    """Type numbers in, for a location whose provider keeps them elsewhere."""
    form = _add_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            return _added(request, form)
        except Refused as refusal:
            form.refuse(str(refusal))
    return render(request, ADD_PAGE, {"form": form, "verdicts": form.verdicts})


@require_POST
def number_verdicts(request: OrgRequest) -> HttpResponse:
    """The verdict on each line of what is typed so far. Changes nothing."""
    form = _add_form(request)
    context = {
        "form": form,
        "verdicts": form.judge(),
        "is_check": True,
        "is_part": wants_part(request, "verdicts"),
    }
    return page_or_part(request, ADD_PAGE, "verdicts", context)


@require_GET
def number_detail(request: OrgRequest, e164: str) -> HttpResponse:
    number = one_number(request, e164)
    context = {
        "number": number,
        "events": request.org.number_events.filter(e164=number.e164)
        .select_related("by")
        .order_by("-pk")[:50],
        "list_url": _list_url(request),
    }
    return page_or_part(request, "pstn/number_detail.html", "panel", context)


@require_POST
def number_activate(request: OrgRequest, e164: str) -> HttpResponse:
    return _attempt(request, e164, workflow.activate, _("%(number)s is active."))


@require_POST
def number_deactivate(request: OrgRequest, e164: str) -> HttpResponse:
    return _attempt(request, e164, workflow.deactivate, _("%(number)s is inactive."))


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def number_delete(request: OrgRequest, e164: str) -> HttpResponse:
    """Ask, then delete. With JavaScript the panel asks in a dialog and only posts here."""
    number = one_number(request, e164)
    if request.method == "GET":
        return render(request, "pstn/number_delete.html", {"number": number})
    try:
        workflow.delete(number, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(number)
    messages.success(request, _("%(number)s is deleted.") % {"number": number.national})
    return redirect("pstn:number_list", request.org.slug)


# --- What the pages need


def _attempt(request: OrgRequest, e164: str, verb: Callable[..., None], done: str) -> HttpResponse:
    number = one_number(request, e164)
    try:
        verb(number, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % {"number": number.national})
    return redirect(number)


def _list_url(request: OrgRequest) -> str:
    """The list that the panel was opened from, with its filters; else the whole list."""
    plain = reverse("pstn:number_list", args=[request.org.slug])
    here = urlsplit(request.htmx.current_url_abs_path or "") if request.htmx else None
    return f"{plain}?{here.query}" if here and here.path == plain and here.query else plain


def _waiting(request: OrgRequest) -> str:
    """M-50, when numbers wait for somebody to accept the terms."""
    count, _more = keyset.bounded_count(request.org.phone_numbers.waiting_for_terms())
    text = ngettext(
        "Accept the terms of service to activate %(n)s number.",
        "Accept the terms of service to activate %(n)s numbers.",
        count,
    )
    return text % {"n": count} if count else ""


def _counted(count: int, is_more: bool) -> str:
    """1,284 numbers; or 10,000+ numbers, because nobody waits for an exact count of more."""
    if is_more:
        return _("%(n)s+ numbers") % {"n": f"{count:,}"}
    return ngettext("%(n)s number", "%(n)s numbers", count) % {"n": f"{count:,}"}


def _why_empty(request: OrgRequest, asked: NumberFilter) -> str:
    """Which empty state the list shows: "filter", "connection" (none yet) or "numbers" (none yet)."""
    if not asked.is_empty:
        return "filter"
    locations = request.org.locations.within(request.membership)
    return "numbers" if locations.filter(connection__state="ready").exists() else "connection"


def _nearest(request: OrgRequest, asked: NumberFilter) -> list[dict[str, Any]]:
    """For a filter that finds none: how many there would be without one part of it."""
    numbers = request.org.phone_numbers.within(request.membership)
    found = []
    for part in asked.parts():
        count, is_more = keyset.bounded_count(part.without.apply(numbers))
        if count:
            found.append(
                {"label": part.label, "url": part.without.query(), "count": count, "is_more": is_more}
            )
    return found


def _add_form(request: OrgRequest) -> NumberAddForm:
    posted = request.POST if request.method == "POST" else None
    initial = {"location": request.GET.get("location", "")}
    return NumberAddForm(posted, initial=initial, org=request.org, membership=request.membership)


def _added(request: OrgRequest, form: NumberAddForm) -> HttpResponse:
    data, ready = form.cleaned_data, form.verdicts.ready
    location = data["location"]
    count = workflow.add(location, ready, kind=data["kind"], active=not data["later"], by=request.user)
    text = ngettext("%(n)s number added to %(location)s.", "%(n)s numbers added to %(location)s.", count)
    messages.success(request, text % {"n": count, "location": location})
    return redirect(f"{reverse('pstn:number_list', args=[request.org.slug])}?location={location.pk}")
