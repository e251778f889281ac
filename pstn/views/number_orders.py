"""An order for new numbers: begun, placed, followed in the side panel, canceled, put aside or done again."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib import phone
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from pstn import billing, replacing, stock
from pstn.forms.number_orders import selling
from pstn.forms.number_requests import AnswerForm, DeclineForm
from pstn.models import NumberOrder
from pstn.models.order_rule import REQUEST
from pstn.next_steps import what_next
from pstn.progress import progress
from pstn.sought import criteria
from pstn.views.number_order_reach import attempt, one_order
from pstn.wizards import number_orders as wizard
from pstn.workflow import number_drafts as drafts
from pstn.workflow import number_orders as workflow
from pstn.workflow import number_requests as requests
from pstn.workflow import terms
from pstn.workflow.number_checks import why_not_kind

# Seconds between two questions of a page that shows an order: support takes longer than a carrier.
ASKS_AGAIN = {"pending": 2, "cancel_requested": 2, "back_ordered": 5} | dict.fromkeys(REQUEST, 10)


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def number_order_create(request: OrgRequest) -> HttpResponse:
    """Start a draft of a kind, for a location if one is named, and go to its first unfinished step."""
    if request.method == "GET":
        return redirect("pstn:number_start", request.org.slug)
    kind = request.POST.get("kind", NumberOrder.Kind.STANDARD)
    if kind not in NumberOrder.Kind.values:
        raise Http404(kind)
    location = None
    if pk := request.POST.get("location"):
        open_here = request.org.locations.within(request.membership).filter(
            connection__in=selling(request.org, kind)
        )
        location = get_object_or_404(open_here, pk=pk if pk.isascii() and pk.isdigit() else 0)
    if reason := why_not_kind(NumberOrder(org=request.org, kind=kind)):
        messages.error(request, reason)
        return redirect("pstn:number_start", request.org.slug)
    like = phone.parse(request.POST.get("like", ""), location.country if location else "US")
    fields = {"like": like.e164} if isinstance(like, phone.Phone) else {}
    order = drafts.start(request.org, by=request.user, location=location, kind=kind, **fields)
    return redirect(wizard.next_url(order))


@require_POST
def number_order_place(request: OrgRequest, pk: int) -> HttpResponse:
    """Order the numbers, or send the request. Pressed twice, the second time shows what the first made."""
    order = one_order(request, pk)
    if not order.is_draft:
        return redirect(order)
    if request.POST.get("seen", wizard.version(order)) != wizard.version(order):
        messages.error(request, _("This was changed in another tab. Look at it again before you send it."))
        return redirect(wizard.next_url(order))
    try:
        (requests.submit if order.is_assisted else workflow.place)(order, by=request.user)
    except Refused as refusal:
        order = one_order(request, pk)
        if order.is_draft:
            messages.error(request, str(refusal))
            return redirect(wizard.next_url(order))
    else:
        text = (
            _("%(order)s is with PSTN support. We e-mail you at every turn.")
            if order.is_assisted
            else _("Order %(order)s placed. We e-mail you when it is provisioned.")
        )
        messages.success(request, text % {"order": order})
    return redirect(order)


@require_POST
def number_order_cancel(request: OrgRequest, pk: int) -> HttpResponse:
    """Give up what has not come yet, or withdraw a request."""
    order = one_order(request, pk)
    verb = requests.withdraw if order.is_request else workflow.cancel
    return attempt(request, lambda: verb(order, by=request.user), order.get_absolute_url())


@require_POST
def number_order_discard(request: OrgRequest, pk: int) -> HttpResponse:
    """Throw a draft away, or put what failed aside."""
    order = one_order(request, pk)
    if order.is_moving:  # the draft on the page was placed in another tab
        messages.error(request, _("%(order)s is placed already.") % {"order": order})
        return redirect(order)
    if not order.is_draft:
        return attempt(request, lambda: workflow.close(order, by=request.user), order.get_absolute_url())
    orders = reverse("pstn:order_list", args=[request.org.slug])
    return attempt(request, lambda: drafts.discard(order, by=request.user), orders)


@require_POST
def number_order_replace(request: OrgRequest, pk: int) -> HttpResponse:
    """Look for others like the numbers that the carrier could not provide: a new draft, ready to choose."""
    order = one_order(request, pk)
    try:
        draft = replacing.begin(order, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(order)
    return redirect(wizard.next_url(draft))


@require_GET
def number_order_detail(request: OrgRequest, pk: int) -> HttpResponse:
    """The order in the side panel; its living part asks again while somebody works on it."""
    return show(request, one_order(request, pk))


def show(request: OrgRequest, order: NumberOrder, status: int = 200, **forms: Any) -> HttpResponse:
    """The order's page, with a form that was filled in wrongly if there is one."""
    back = order.open_back_order
    place = stock.queue_place(back.carrier_ref) if back else None
    events = list(order.events.select_related("by").order_by("-pk"))
    marks = [order.state, order.waits_for_terms, events[0].pk if events else 0, place and place.place]
    if order.is_assisted:
        marks.append(order.messages.aggregate(last=Max("pk"))["last"])
    seen = "-".join(str(mark) for mark in marks)
    if request.GET.get("seen") == seen and wants_part(request, "live"):
        return HttpResponse(status=204)
    part = "live" if wants_part(request, "live") else "panel"
    context = _context(request, order, events) | forms
    context |= {"seen": seen, "is_live_part": part == "live", "back": back, "queue": place}
    return page_or_part(request, "pstn/number_order_detail.html", part, context, status=status)


def _context(request: OrgRequest, order: NumberOrder, events: list[Any]) -> dict[str, Any]:
    lines = list(order.lines.chosen())
    numbers = {} if order.is_draft else {row.e164: row for row in order.phone_numbers.all()}
    if not order.is_draft:
        lines = [line for line in lines if line.state != line.State.DRAFT or line.e164 in numbers]
    may = request.membership.may_edit
    acceptance = terms.acceptance(order.org)
    failed = sum(line.state == line.State.FAILED for line in lines)
    context = {
        "order": order,
        "next": what_next(order),
        "steps": progress(order, acceptance, events),
        "billing": billing.sentences(order, numbers.values(), is_accepted=acceptance is not None),
        "rows": [(line, numbers.get(line.e164)) for line in lines],
        "failed": failed,
        "criteria": criteria(order),
        "events": events,
        "list_url": reverse("pstn:order_list", args=[request.org.slug]),
        "next_url": wizard.next_url(order) if order.is_draft else "",
        "asks_again": ASKS_AGAIN.get(order.state, 0),
        "may_cancel": may and (order.is_request or order.state in ("pending", "back_ordered")),
        "may_close": may and order.state in ("error", "partly"),
        "may_replace": may and (failed or order.state in ("error", "partly")),
    }
    return context | (_request_context(request, order) if order.is_assisted else {})


def _request_context(request: OrgRequest, order: NumberOrder) -> dict[str, Any]:
    written = list(order.messages.select_related("by"))
    mine = sum(message.by_id == request.user.pk for message in written)
    may = request.membership.may_edit
    offers = list(order.offers.order_by("-pk"))
    return {
        "messages_written": written,
        "offer": next((offer for offer in offers if offer.is_open), None),
        "past_offers": [offer for offer in offers if not offer.is_open],
        "answer_form": AnswerForm(serial=mine) if may and order.is_request else None,
        "decline_form": DeclineForm() if may and order.state == "offered" else None,
        "why_not_accept": workflow.why_not_place(order) if order.state == "offered" else "",
    }
