"""A port order's page in the side panel, and the verbs that people use on it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from porting import ageing, cards, drafting, fixes, next_steps, preflight, wizard
from porting.forms.thread import MessageForm
from porting.models import PortOrder
from porting.views.reach import whole_order
from porting.views.steps import letter_facts, stale_sentence
from porting.workflow import orders as workflow

SECRETS = ("account_number", "pin")


@require_GET
def order_detail(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    # The open panel asks again and again; it is drawn anew only when something has happened.
    if wants_part(request, "panel") and request.GET.get("seen") == _seen(order):
        return HttpResponse(status=204)
    return show(request, order, news="seen" in request.GET)


@require_POST
def order_submit(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    if not order.is_draft:
        return redirect(order)  # pressed twice: it is on its way
    try:
        workflow.submit(order, by=request.user, anyway=request.POST.get("anyway", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(wizard.step_url(order, "review"))
    messages.success(
        request, _("%(order)s is submitted. We e-mail you when something happens.") % {"order": order}
    )
    return redirect(order)


@require_POST
def order_resubmit(request: OrgRequest, pk: int) -> HttpResponse:
    """Mend a rejected order in place and send it again: the field, the named numbers, or only the sending."""
    order = whole_order(request, pk)
    fix = fixes.of(order, request.membership, request.POST, request.FILES)
    if fix is None:
        return redirect(order)
    then = request.POST.get("then")
    try:
        if then == "remove":
            drafting.remove_named(order, by=request.user)
        elif then != "send" and fix.form is not None:
            if not fix.form.is_valid():
                return show(request, whole_order(request, pk), fix=fix, status=422)
            version = request.POST.get("version", "")
            drafting.save_step(order, fix.form, version=version, by=request.user)
        order = whole_order(request, pk)
        if not order.missing():
            workflow.resubmit(order, by=request.user, anyway=request.POST.get("anyway", ""))
            messages.success(request, _("%(order)s is sent again.") % {"order": order})
        elif then == "send":
            messages.error(request, " ".join(order.why_missing().values()))
        else:
            messages.info(request, _("Saved. One more thing before it can be sent again."))
    except drafting.Stale as stale:
        messages.error(request, stale_sentence(stale))
    except preflight.Held as held:
        messages.error(request, str(held))
        return redirect(wizard.step_url(order, "review"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(order)


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def order_discard(request: OrgRequest, pk: int) -> HttpResponse:
    """GET asks in plain words, POST deletes the draft."""
    order = whole_order(request, pk)
    if request.method == "GET":
        return render(request, "porting/order_confirm.html", {"order": order, "verb": "discard"})
    reference = str(order)
    try:
        workflow.discard(order, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(order)
    messages.success(request, _("%(order)s is discarded.") % {"order": reference})
    return redirect(reverse("pstn:order_list", args=[request.org.slug]))


@require_POST
def order_reveal(request: OrgRequest, pk: int) -> HttpResponse:
    """One secret of the account, to a person who may edit it; who looked is on record."""
    order = whole_order(request, pk)
    name = request.POST.get("field", "")
    if name not in SECRETS:
        return HttpResponse(status=422)
    audit.record("port_order.reveal", order, after={"field": name})
    revealed = {name: getattr(order, name) or _("none")}
    if wants_part(request, f"secret-{name}"):
        return HttpResponse(revealed[name], content_type="text/plain")
    return show(request, order, revealed=revealed)


def show(
    request: OrgRequest,
    order: PortOrder,
    *,
    fix: fixes.Fix | None = None,
    revealed: dict[str, str] | None = None,
    news: bool = False,
    message_form: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The panel: a fixed number of queries, however many numbers the order has."""
    told = order.events.select_related("by").order_by("pk")
    prefetch_related_objects([order], Prefetch("events", queryset=told))
    events = list(order.events.all())
    step = next_steps.what_next(order)
    context: dict[str, Any] = {
        "order": order,
        "fix": fix or fixes.of(order, request.membership),
        "next": step,
        "age": ageing.of(order, request.membership),
        "message_form": message_form,
        "progress": next_steps.progress(order, events),
        "numbers": list(order.numbers.all()),
        "documents": list(order.documents.all()),
        "revealed": revealed or {},
        "seen": _seen(order, events[-1].pk if events else 0),
        "news": news,
        "may_edit": request.membership.may_edit,
        "next_slug": next(iter(order.missing()), "review"),
        "support_url": settings.SUPPORT_URL,
        "list_url": reverse("pstn:order_list", args=[request.org.slug]),
        "cards": cards.of(order, request.membership),
        **letter_facts(request, order),
    }
    return page_or_part(request, "porting/order_detail.html", "panel", context, status=status)


def _seen(order: PortOrder, last_event: int | None = None) -> str:
    """What a panel shows, in short: another value means that there is something new to see."""
    if last_event is None:
        last_event = order.events.order_by("-pk").values_list("pk", flat=True).first() or 0
    said = order.messages.public().order_by("-pk").values_list("pk", flat=True).first() or 0
    return f"{last_event}.{said}.{order.version}.{min(order.tries, 1)}"
