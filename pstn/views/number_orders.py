"""Ordering new numbers: the wizard, and the order in the side panel."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from pstn import stock
from pstn.forms.number_orders import ChoiceForm, LocationForm, SearchForm, selling
from pstn.models import NumberOrder
from pstn.next_steps import what_next
from pstn.progress import progress
from pstn.wizards import number_orders as wizard
from pstn.workflow import number_orders as workflow
from pstn.workflow import terms

NUMBERS_PAGE = "pstn/number_order_numbers.html"


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def number_order_create(request: OrgRequest) -> HttpResponse:
    """Start a draft, for a location if one is named, and go to its first unfinished step."""
    if request.method == "GET":
        return redirect("pstn:number_start", request.org.slug)
    location = None
    if pk := request.POST.get("location"):
        locations = request.org.locations.within(request.membership).filter(
            connection__in=selling(request.org)
        )
        location = get_object_or_404(locations, pk=pk if pk.isascii() and pk.isdigit() else 0)
    order = workflow.start(request.org, by=request.user, location=location)
    return redirect(wizard.next_url(order))


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def number_order_step(request: OrgRequest, pk: int, slug: str) -> HttpResponse:
    """One step of the wizard; an order that is placed already is shown instead."""
    order = _order(request, pk)
    if (step := wizard.STEPS.get(slug)) is None:
        raise Http404(slug)
    if not order.is_draft:
        return redirect(order)
    return {"location": _location_step, "numbers": _numbers_step, "review": _review_step}[slug](
        request, order, step
    )


@require_GET
@needs(Right.EDIT)
def number_order_places(request: OrgRequest, pk: int) -> HttpResponse:
    """The area codes and cities of the state that was just chosen."""
    order = _draft(request, pk)
    if not wants_part(request, "places"):
        return redirect(wizard.url(order, "numbers"))
    order.region, order.area_code, order.city = request.GET.get("region", "")[:10], "", ""
    return page_or_part(request, NUMBERS_PAGE, "places", _search_context(order))


@require_POST
def number_order_search(request: OrgRequest, pk: int) -> HttpResponse:
    """Find numbers and hold them. Without JavaScript "Show" asks for the places of another state."""
    order = _draft(request, pk)
    if "show" in request.POST:
        region = request.POST.get("region", "")[:10]
        return redirect(f"{wizard.url(order, 'numbers')}?region={region}" if region.isalpha() else order)
    context = _search_context(order, request.POST)
    form = context["search_form"]
    if form.is_valid():
        try:
            if workflow.look(order, form.search()):
                return redirect(f"{wizard.url(order, 'numbers')}#held")
            context["none_found"] = True
        except Refused as refusal:
            context["search_error"] = str(refusal)
    return render(request, NUMBERS_PAGE, _numbers_context(order) | context)


@require_POST
def number_order_extend(request: OrgRequest, pk: int) -> HttpResponse:
    order = _draft(request, pk)
    return _attempt(request, order, lambda: workflow.extend(order), wizard.url(order, "numbers"))


@require_POST
def number_order_place(request: OrgRequest, pk: int) -> HttpResponse:
    """Order the numbers. Pressed twice, the second time shows the order that the first one made."""
    order = _order(request, pk)
    if not order.is_draft:
        return redirect(order)
    try:
        workflow.place(order, by=request.user)
    except Refused as refusal:
        order = _order(request, pk)
        if order.is_draft:
            messages.error(request, str(refusal))
            return redirect(wizard.next_url(order))
    else:
        text = _("Order %(order)s placed. We e-mail you when it is provisioned.") % {"order": order}
        messages.success(request, text)
    return redirect(order)


@require_POST
def number_order_discard(request: OrgRequest, pk: int) -> HttpResponse:
    """Throw a draft away, or put a failed order aside."""
    order = _order(request, pk)
    if not order.is_draft:
        return _attempt(
            request, order, lambda: workflow.close(order, by=request.user), order.get_absolute_url()
        )
    orders = reverse("pstn:order_list", args=[request.org.slug])
    return _attempt(request, order, lambda: workflow.discard(order, by=request.user), orders)


@require_GET
def number_order_detail(request: OrgRequest, pk: int) -> HttpResponse:
    """The order in the side panel; its living part asks again while the carrier works on it."""
    order = _order(request, pk)
    seen = f"{order.state}-{order.waits_for_terms}"
    if request.GET.get("seen") == seen and wants_part(request, "live"):
        return HttpResponse(status=204)
    part = "live" if wants_part(request, "live") else "panel"
    context = _detail_context(request, order) | {"seen": seen, "is_live_part": part == "live"}
    return page_or_part(request, "pstn/number_order_detail.html", part, context)


# --- Steps


def _location_step(request: OrgRequest, order: NumberOrder, step: wizard.Step) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = LocationForm(posted, instance=order, org=request.org, membership=request.membership)
    if form.is_valid():
        form.instance.region = form.instance.region or form.instance.location.state
        form.instance.save(update_fields=["location", "region", "updated_at"])
        return _onward(request, order, "numbers")
    return render(request, step.template, wizard.frame(order, step) | {"form": form})


def _numbers_step(request: OrgRequest, order: NumberOrder, step: wizard.Step) -> HttpResponse:
    if "location" in order.missing():
        return redirect(wizard.url(order, "location"))
    posted = request.POST if request.method == "POST" else None
    form = ChoiceForm(posted, order=order)
    context = {"form": form}
    if posted is not None and posted.get("then") == "leave" and not posted.getlist("numbers"):
        return _onward(request, order, "review")
    if form.is_valid():
        if not order.hold_is_alive:
            return redirect(wizard.url(order, "numbers"))
        try:
            workflow.choose(order, frozenset(form.cleaned_data["numbers"]))
            return _onward(request, order, "review")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if request.method == "GET" and (region := request.GET.get("region", "")[:10]):
        order.region, order.area_code, order.city = region, "", ""
    return render(request, step.template, _numbers_context(order) | _search_context(order) | context)


def _review_step(request: OrgRequest, order: NumberOrder, step: wizard.Step) -> HttpResponse:
    if order.missing():
        return redirect(wizard.next_url(order))
    if request.POST.get("then") == "leave":
        return _onward(request, order, "review")
    location = order.location
    context = {
        "lines": order.lines.chosen(),
        "location": location,
        "address": getattr(location, "emergency_address", None),
        "why_not": workflow.why_not_place(order),
        "acceptance": terms.acceptance(request.org),
    }
    return render(request, step.template, wizard.frame(order, step) | context)


def _onward(request: OrgRequest, order: NumberOrder, slug: str) -> HttpResponse:
    if request.POST.get("then") == "leave":
        messages.success(request, _("%(order)s is saved as a draft.") % {"order": order})
        return redirect(order)
    return redirect(wizard.url(order, slug))


# --- What the pages show


def _numbers_context(order: NumberOrder) -> dict[str, Any]:
    lines = list(order.lines.all())
    return wizard.frame(order, wizard.STEPS["numbers"]) | {
        "lines": lines,
        "chosen": {line.e164 for line in lines if line.is_chosen},
        "is_short": bool(lines) and len(lines) < order.quantity,
    }


def _search_context(order: NumberOrder, posted: Any = None) -> dict[str, Any]:
    """The search form, with the places of the state that is chosen in it."""
    region = posted.get("region", "")[:10] if posted is not None else order.region
    country = order.location.country if order.location else "US"
    places, error = None, ""
    try:
        places = stock.places(country, region) if region else stock.Places((), ())
    except Refused as refusal:
        error = str(refusal)
    form = SearchForm(posted, order=order, places=places)
    return {"search_form": form, "places_error": error, "order": order}


def _detail_context(request: OrgRequest, order: NumberOrder) -> dict[str, Any]:
    numbers = order.phone_numbers.select_related("location").order_by("e164")
    return {
        "order": order,
        "next": what_next(order),
        "steps": progress(order, terms.acceptance(order.org)),
        "numbers": list(numbers),
        "lines": list(order.lines.all()),
        "events": list(order.events.select_related("by").order_by("-pk")),
        "list_url": reverse("pstn:order_list", args=[request.org.slug]),
        "next_url": wizard.next_url(order) if order.is_draft else "",
    }


# --- Finding, attempting


def _order(request: OrgRequest, pk: int) -> NumberOrder:
    orders = request.org.number_orders.within(request.membership)
    related = ("org", "created_by", "location__connection", "location__emergency_address")
    order: NumberOrder = get_object_or_404(orders.select_related(*related), pk=pk)
    return order


def _draft(request: OrgRequest, pk: int) -> NumberOrder:
    order = _order(request, pk)
    if not order.is_draft:
        raise Http404(f"{order} is no draft")
    return order


def _attempt(request: OrgRequest, order: NumberOrder, verb: Callable[[], None], back: str) -> HttpResponse:
    try:
        verb()
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(back)
