"""One number in the side panel, what is done with it; adding numbers by hand. The list: number_list.py."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from pstn import number_panel
from pstn.forms.numbers import NumberAddForm
from pstn.number_actions import actions
from pstn.starts import Start, starts
from pstn.views.reach import one_number
from pstn.workflow import numbers as workflow

ADD_PAGE = "pstn/number_add.html"


@require_GET
@needs(Right.EDIT)
def number_start(request: OrgRequest) -> HttpResponse:
    """Which way numbers come to a location: ordered, ported, or typed in."""
    locations = request.org.locations.within(request.membership).select_related(
        "connection", "emergency_address"
    )
    places = list(locations.order_by("name"))
    asked = request.GET.get("location", "")
    chosen = next((place for place in places if str(place.pk) == asked), None)
    if chosen is None and len(places) == 1:
        chosen = places[0]
    ways: list[Start] = starts(request.org, chosen) if chosen else []
    context = {"locations": places, "chosen": chosen, "ways": ways}
    return render(request, "pstn/number_start.html", context)


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
    """Its panel. Who comes by an old link or tab to one that was deleted is told where it is now."""
    try:
        number = one_number(request, e164)
    except Http404:
        return _deleted(request, e164)
    context = {**number_panel.facts(number, request.membership), "list_url": _list_url(request)}
    return page_or_part(request, "pstn/number_detail.html", "panel", context)


@require_GET
def number_menu(request: OrgRequest, e164: str) -> HttpResponse:
    """What the menu of a row holds, for htmx; opened as a page it leads to the number."""
    number = one_number(request, e164)
    if not request.htmx:
        return redirect(number)
    doable = actions(number) if request.membership.may_edit else []
    return render(request, "pstn/number_menu.html", {"number": number, "actions": doable})


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
        context = {"number": number, "quarantine_days": settings.QUARANTINE_DAYS}
        return render(request, "pstn/number_delete.html", context)
    try:
        workflow.delete(number, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(number)
    messages.success(request, _("%(number)s is deleted.") % {"number": number.national})
    return redirect("pstn:number_list", request.org.slug)


# --- What the pages need


def _attempt(request: OrgRequest, e164: str, verb: Callable[..., None], done: str) -> HttpResponse:
    try:
        number = one_number(request, e164)
    except Http404:
        return _deleted(request, e164)
    try:
        verb(number, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % {"number": number.national})
    return redirect(number)


def _deleted(request: OrgRequest, e164: str) -> HttpResponse:
    """To the deleted numbers, if it is one of them; else 404."""
    resting = get_object_or_404(request.org.resting_numbers.within(request.membership), e164=e164)
    if request.htmx:  # a part of a page says by itself that it is gone
        raise Http404
    said = _("%(number)s is deleted. Until its time is over it can be restored here.")
    messages.info(request, said % {"number": resting.national})
    return redirect("pstn:resting_list", request.org.slug)


def _list_url(request: OrgRequest) -> str:
    """The list that the panel was opened from, with its filters; else the whole list."""
    plain = reverse("pstn:number_list", args=[request.org.slug])
    here = urlsplit(request.htmx.current_url_abs_path or "") if request.htmx else None
    return f"{plain}?{here.query}" if here and here.path == plain and here.query else plain


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
