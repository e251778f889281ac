"""The wizard of an order for new numbers: its steps, and what is done on the way, such as a search."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

import countries
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from pstn import billing
from pstn.forms.number_orders import ChoiceForm, LocationForm
from pstn.forms.number_requests import RequestForm
from pstn.forms.number_search import SearchForm
from pstn.models import NumberBlock, NumberOrder
from pstn.views import number_order_contexts as contexts
from pstn.views.number_order_reach import attempt, on_draft, one_draft, one_order
from pstn.wizards import number_orders as wizard
from pstn.workflow import number_drafts as drafts
from pstn.workflow import number_orders as workflow
from pstn.workflow import terms

NUMBERS_PAGE = "pstn/number_order_numbers.html"


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def number_order_step(request: OrgRequest, pk: int, slug: str) -> HttpResponse:
    """One step of the wizard; an order that is placed already is shown instead."""
    order = one_order(request, pk)
    if (step := wizard.steps(order).get(slug)) is None:
        raise Http404(slug)
    if not order.is_draft:
        return redirect(order)
    views = {
        "location": _location_step,
        "numbers": _numbers_step,
        "request": _request_step,
        "review": _review_step,
    }
    return views[slug](request, order, step)


@require_GET
@needs(Right.EDIT)
def number_order_places(request: OrgRequest, pk: int) -> HttpResponse:
    """The area codes and cities of the state that was just chosen."""
    order = one_draft(request, pk)
    if order.is_assisted or not wants_part(request, "places"):
        return redirect(wizard.middle_url(order))
    order.region, order.area_code, order.city = request.GET.get("region", "")[:10], "", ""
    return page_or_part(request, NUMBERS_PAGE, "places", contexts.of_search(order))


@require_GET
@needs(Right.EDIT)
def number_order_hold(request: OrgRequest, pk: int) -> HttpResponse:
    """How long the numbers are still held, for every page that shows it: the carrier's time."""
    try:
        order = one_order(request, pk)
    except Http404:
        if not wants_part(request, "hold"):
            raise
        messages.info(request, _("This draft is not there any more."))  # discarded in another tab
        return HttpResponseClientRedirect(reverse("pstn:order_list", args=[request.org.slug]))
    if not order.is_draft:  # placed in another tab
        return HttpResponseClientRedirect(order.get_absolute_url())
    if not wants_part(request, "hold"):
        return redirect(wizard.next_url(order))
    is_stale = request.GET.get("seen", "") != order.hold_id
    context = {"order": order, "is_stale": is_stale, "count": order.lines.chosen().count()}
    return render(request, "pstn/number_order_hold.html", context)


@require_POST
@on_draft
def number_order_search(request: OrgRequest, order: NumberOrder) -> HttpResponse:
    """Find numbers and hold them, or find blocks. Without JavaScript "Show" asks for other places."""
    if "show" in request.POST:
        region = request.POST.get("region", "")[:10]
        return redirect(f"{wizard.url(order, 'numbers')}?region={region}" if region.isalpha() else order)
    context = contexts.of_search(order, request.POST)
    form = context["search_form"]
    if form.is_valid():
        try:
            if _looked(order, form):
                return redirect(f"{wizard.url(order, 'numbers')}#held")
            context["none_found"] = True
        except Refused as refusal:
            context["search_error"] = str(refusal)
    return render(request, NUMBERS_PAGE, contexts.of_numbers(request, order) | context)


@require_POST
@on_draft
def number_order_block(request: OrgRequest, order: NumberOrder) -> HttpResponse:
    """Hold one of the blocks that were found."""
    first, _sep, size = request.POST.get("block", "").partition("/")
    try:
        if not order.is_block or size not in {str(one) for one in NumberBlock.SIZES} or not _is_e164(first):
            raise Refused(_("Choose one of the blocks."))
        drafts.take_block(order, first, int(size))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(wizard.next_url(order))


@require_POST
@on_draft
def number_order_swap(request: OrgRequest, order: NumberOrder) -> HttpResponse:
    """Other numbers instead of those that are not ticked."""
    kept = frozenset(request.POST.getlist("numbers"))
    return attempt(request, lambda: drafts.swap(order, kept), f"{wizard.url(order, 'numbers')}#held")


@require_POST
@on_draft
def number_order_similar(request: OrgRequest, order: NumberOrder) -> HttpResponse:
    """The free numbers nearest to one of those that are shown."""
    e164 = request.POST.get("like", "")

    def look() -> None:
        if not _is_e164(e164) or not drafts.similar(order, e164):
            raise Refused(_("There are no other numbers near this one."))

    return attempt(request, look, f"{wizard.url(order, 'numbers')}#held")


@require_POST
@on_draft
def number_order_again(request: OrgRequest, order: NumberOrder) -> HttpResponse:
    """The hold ran out: hold the same numbers again, as far as they are free."""
    try:
        still, were = drafts.look_again(order)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        facts = {"still": still, "were": were}
        text = _("%(still)s of %(were)s numbers are still free, and held for you again.") % facts
        messages.success(request, text)
    return redirect(wizard.next_url(one_order(request, order.pk)))


@require_POST
@on_draft
def number_order_wait(request: OrgRequest, order: NumberOrder) -> HttpResponse:
    """Nothing is free: wait in the carrier's queue for all that was looked for."""
    return attempt(request, lambda: drafts.wait_for_all(order), wizard.url(order, "review"))


@require_POST
@on_draft
def number_order_extend(request: OrgRequest, order: NumberOrder) -> HttpResponse:
    return attempt(request, lambda: drafts.extend(order), wizard.url(order, "numbers"))


# --- Steps


def _location_step(request: OrgRequest, order: NumberOrder, step: wizard.Step) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = LocationForm(posted, instance=order, org=request.org, membership=request.membership)
    if form.is_valid():
        location = form.cleaned_data["location"]
        try:
            if drafts.go_to(order, location):
                text = _("%(location)s is in another country: the numbers that were held are given back.")
                messages.info(request, text % {"location": location})
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(wizard.next_url(order))
        return _onward(request, order, wizard.middle_url(order))
    return render(request, step.template, wizard.frame(order, step) | {"form": form})


def _numbers_step(request: OrgRequest, order: NumberOrder, step: wizard.Step) -> HttpResponse:
    if "location" in order.missing():
        return redirect(wizard.url(order, "location"))
    posted = request.POST if request.method == "POST" else None
    if posted is not None and "sort" in posted:  # the same page in another order, ticks and all
        form = ChoiceForm(order=order, initial={"rest": posted.get("rest", ChoiceForm.THERE)})
    else:
        form = ChoiceForm(posted, order=order)
    review = wizard.url(order, "review")
    if posted is not None and posted.get("then") == "leave" and not posted.getlist("numbers"):
        return _onward(request, order, review)
    if form.is_valid():
        if not order.hold_is_alive:
            return _onward(request, order, wizard.url(order, "numbers"))
        try:
            return _chosen(request, order, form, review)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if request.method == "GET" and (region := request.GET.get("region", "")[:10]):
        order.region, order.area_code, order.city = region, "", ""
    context = contexts.of_numbers(request, order) | contexts.of_search(order) | {"form": form}
    if posted is not None:
        context["chosen"] = set(posted.getlist("numbers"))
    return render(request, step.template, context)


def _chosen(request: OrgRequest, order: NumberOrder, form: ChoiceForm, review: str) -> HttpResponse:
    rest = form.cleaned_data["rest"]
    if rest == form.NONE:
        drafts.let_go(order)
        return redirect(wizard.url(order, "numbers"))
    chosen = frozenset(form.cleaned_data["numbers"])
    drafts.choose(order, chosen, wait_for_rest=rest == form.REST)
    return _onward(request, order, review)


def _request_step(request: OrgRequest, order: NumberOrder, step: wizard.Step) -> HttpResponse:
    if order.location is None:
        return redirect(wizard.url(order, "location"))
    posted = request.POST if request.method == "POST" else None
    form = RequestForm(posted, instance=order, org=request.org)
    if form.is_valid():
        form.save()
        return _onward(request, order, wizard.url(order, "review"))
    return render(request, step.template, wizard.frame(order, step) | {"form": form})


def _review_step(request: OrgRequest, order: NumberOrder, step: wizard.Step) -> HttpResponse:
    if order.missing():
        return redirect(wizard.next_url(order))
    if request.POST.get("then") == "leave":
        return _onward(request, order, wizard.url(order, "review"))
    location = order.location
    assert location, "an order with nothing missing has a location"
    pack = countries.get(location.country)
    acceptance = terms.acceptance(request.org)
    context = {
        "lines": list(order.lines.chosen()),
        "location": location,
        "address": getattr(location, "emergency_address", None),
        "why_not": "" if order.is_assisted else workflow.why_not_place(order),
        "acceptance": acceptance,
        "billing": billing.sentences(order, (), is_accepted=acceptance is not None),
        "middle_url": wizard.middle_url(order),
        "version": wizard.version(order),
        "rules": pack.number_rules(order.kind),
        "papers": [countries.document_label(kind) for kind in order.papers],
    }
    return render(request, step.template, wizard.frame(order, step) | context)


def _onward(request: OrgRequest, order: NumberOrder, url: str) -> HttpResponse:
    if request.POST.get("then") == "leave":
        messages.success(request, _("%(order)s is saved as a draft.") % {"order": order})
        return redirect(order)
    return redirect(url)


def _looked(order: NumberOrder, form: SearchForm) -> bool:
    """Search for what the form says; whether there is something to show."""
    search = form.search()
    if not order.is_block:
        return bool(drafts.look(order, search, **form.typed()))
    place = {"region": search.state, "area_code": search.area_code, "city": search.city}
    size = form.cleaned_data["size"]
    drafts.search_blocks(order, **place, prefix=search.prefix, block_size=size, quantity=size)
    return True


def _is_e164(text: str) -> bool:
    return text.startswith("+") and text[1:].isascii() and text[1:].isdigit() and 8 <= len(text) <= 16
