"""The locations of an organization: the list, one location's tabs, adding and editing, the main number."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib import keyset, phone
from lib.htmx import page_or_part
from lib.transitions import Refused
from pstn import standing
from pstn.forms.addresses import country_pack
from pstn.forms.locations import LocationForm, MainNumberForm
from pstn.models import Location
from pstn.workflow import locations as workflow

PAGE_SIZE = 50
LACKING = ("connection", "main_number", "emergency_address")


@require_safe
def location_list(request: OrgRequest) -> HttpResponse:
    lacking = request.GET.get("missing", "")
    locations = request.org.locations.within(request.membership).with_standing()
    if lacking in LACKING:
        locations = locations.lacking(lacking)
    page = keyset.page(
        locations, ("name", "pk"), request.GET.get("after"), request.GET.get("before"), PAGE_SIZE
    )
    standing.count_numbers(page.rows)
    context = {"page": page, "lacking": lacking if lacking in LACKING else "", "segments": _segments(lacking)}
    return page_or_part(request, "pstn/location_list.html", "results", context)


def _segments(lacking: str) -> list[dict[str, Any]]:
    words = {
        "": _("All"),
        "connection": _("No PSTN connection"),
        "main_number": _("No main number"),
        "emergency_address": _("No validated emergency address"),
    }
    chosen = lacking if lacking in LACKING else ""
    return [
        {"title": word, "query": f"?missing={what}" if what else "", "current": what == chosen}
        for what, word in words.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CONNECT)
def location_create(request: OrgRequest) -> HttpResponse:
    form = _location_form(request, Location(org=request.org))
    if form.is_valid():
        try:
            location = workflow.add(request.org, form.cleaned_data)
            messages.success(request, _("%(location)s added.") % {"location": location})
            return redirect(location)
        except Refused as refusal:
            form.add_error("name", str(refusal))
    return _location_page(request, form, title=_("Add location"), back_url=_list_url(request))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CONNECT)
def location_edit(request: OrgRequest, pk: int) -> HttpResponse:
    location = get_object_or_404(request.org.locations.within(request.membership), pk=pk)
    title = _("Edit %(location)s") % {"location": location}
    form = _location_form(request, location)
    if form.is_valid():
        try:
            workflow.edit(location, form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(location)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _location_page(request, form, title=title, back_url=location.get_absolute_url())


def _location_form(request: OrgRequest, location: Location) -> LocationForm:
    """Bound when it is sent. When only the country was changed, drawn anew around what was typed."""
    kept = request.POST if request.POST.get("then") == "country" else request.GET
    if request.method == "POST" and kept is not request.POST:
        return LocationForm(request.POST, instance=location, org=request.org)
    initial = {name: kept[name] for name in LocationForm.Meta.fields if name in kept}
    return LocationForm(initial=initial, instance=location, org=request.org)


def _location_page(request: OrgRequest, form: LocationForm, *, title: str, back_url: str) -> HttpResponse:
    context = {"form": form, "title": title, "back_url": back_url, "can_leave": False}
    return page_or_part(request, "pstn/location_form.html", "location-fields", context)


@require_safe
def location_detail(request: OrgRequest, pk: int) -> HttpResponse:
    location = get_object_or_404(_with_standing(request), pk=pk)
    context = {
        **_frame(request, location, "overview"),
        "checklist": standing.checklist(location, request.membership),
    }
    return render(request, "pstn/location_detail.html", context)


@require_safe
def location_pstn(request: OrgRequest, pk: int) -> HttpResponse:
    location = get_object_or_404(_with_standing(request), pk=pk)
    return _pstn_page(request, location, MainNumberForm(location=location))


@require_POST
def location_main_number(request: OrgRequest, pk: int) -> HttpResponse:
    location = get_object_or_404(_with_standing(request), pk=pk)
    form = MainNumberForm(request.POST, location=location)
    if form.is_valid():
        try:
            workflow.set_main_number(location, form.cleaned_data["number"])
            _say_ready(request, location)
            return redirect("pstn:location_pstn", request.org.slug, pk)
        except Refused as refusal:
            form.add_error("number", str(refusal))
    return _pstn_page(request, location, form)


def _say_ready(request: OrgRequest, location: Location) -> None:
    if not location.missing():
        messages.success(request, _("%(location)s is ready for calls.") % {"location": location})
    else:
        messages.success(request, _("Main number saved."))


def _pstn_page(request: OrgRequest, location: Location, form: MainNumberForm) -> HttpResponse:
    main = location.main_number
    standing.count_numbers([location])
    context = {
        **_frame(request, location, "pstn"),
        "form": form,
        "connection": getattr(location, "connection", None),
        "address": getattr(location, "emergency_address", None),
        "main_is_toll_free": bool(main and phone.is_toll_free(main.e164)),
        "acceptance": request.org.terms_acceptances.select_related("by").order_by("-at").first(),
    }
    return render(request, "pstn/location_pstn.html", context)


def _frame(request: OrgRequest, location: Location, tab: str) -> dict[str, Any]:
    """What every tab of a location shows: its name, its address, the tabs."""
    slug, pk = request.org.slug, location.pk
    pack = country_pack(location.country)
    tabs = {
        "overview": (_("Overview"), reverse("pstn:location_detail", args=[slug, pk])),
        "pstn": (_("PSTN"), reverse("pstn:location_pstn", args=[slug, pk])),
        "numbers": (_("Numbers"), f"{reverse('pstn:number_list', args=[slug])}?location={pk}"),
    }
    return {
        "location": location,
        "country": pack.name if pack else location.country,
        "now": timezone.now(),
        "tabs": [{"title": title, "url": url, "current": name == tab} for name, (title, url) in tabs.items()],
    }


def _with_standing(request: OrgRequest) -> Any:
    return request.org.locations.within(request.membership).with_standing()


def _list_url(request: OrgRequest) -> str:
    return reverse("pstn:location_list", args=[request.org.slug])
