"""A request for numbers in the side panel, and what people answer to it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import page_or_part, wants_part
from lib.transitions import Refused
from porting.forms.port_outs import AcceptForm, DisputeForm, RejectForm
from porting.models import PortOut
from porting.port_outs import steps
from porting.workflow import port_outs as workflow


@require_GET
def port_out_detail(request: OrgRequest, pk: int) -> HttpResponse:
    port_out = _port_out(request, pk)
    seen = str(port_out.events.order_by("-pk").values_list("pk", flat=True).first() or 0)
    if wants_part(request, "panel") and request.GET.get("seen") == seen:
        return _ticked(request, port_out, seen)
    events = list(port_out.events.select_related("by").order_by("pk"))
    step = steps.what_next(port_out)
    numbers = list(port_out.numbers.all())
    resting = request.org.resting_numbers.filter(e164__in=[row.e164 for row in numbers])
    context: dict[str, Any] = {
        "order": port_out,
        "next": step,
        "who": steps.who_acts(step),
        "progress": steps.progress(port_out, events),
        "history": steps.history(port_out, events),
        "hints": steps.hints(port_out),
        "numbers": numbers,
        "resting": set(resting.values_list("e164", flat=True)),
        "main": port_out.main_numbers() if port_out.is_pending else [],
        "reason": steps.reason_words(port_out),
        "window": port_out.dispute_window(),
        "seen": seen,
        "news": "seen" in request.GET,
        "may_release": request.membership.may_release,
        "list_url": reverse("pstn:order_list", args=[request.org.slug]),
        **_forms(request, port_out),
    }
    return page_or_part(request, "porting/port_out_detail.html", "panel", context)


@require_http_methods(["GET", "POST"])
@needs(Right.RELEASE)
def port_out_accept(request: OrgRequest, pk: int) -> HttpResponse:
    port_out = _port_out(request, pk)
    form = AcceptForm(request.POST or None, port_out=port_out)
    form.is_bound = request.method == "POST"  # without a main number among them, nothing is sent but yes

    def act() -> None:
        workflow.accept(port_out, by=request.user, replacements=form.replacements())

    return _asked(request, port_out, "accept", form, act)


@require_http_methods(["GET", "POST"])
@needs(Right.RELEASE)
def port_out_reject(request: OrgRequest, pk: int) -> HttpResponse:
    port_out = _port_out(request, pk)
    form = RejectForm(request.POST if request.method == "POST" else None, port_out=port_out)

    def act() -> None:
        workflow.reject(port_out, by=request.user, reason=form.cleaned_data["reason"])

    return _asked(request, port_out, "reject", form, act)


@require_http_methods(["GET", "POST"])
@needs(Right.RELEASE)
def port_out_dispute(request: OrgRequest, pk: int) -> HttpResponse:
    port_out = _port_out(request, pk)
    form = DisputeForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        workflow.dispute(port_out, by=request.user, reason=form.cleaned_data["reason"])

    return _asked(request, port_out, "dispute", form, act)


# --- What the pages need


def _port_out(request: OrgRequest, pk: int) -> PortOut:
    rows = request.org.port_outs.within(request.membership)
    port_out: PortOut = get_object_or_404(rows.whole(), pk=pk)
    return port_out


def _forms(request: OrgRequest, port_out: PortOut) -> dict[str, forms.Form]:
    """The forms of the dialogs: only those that this person could send now."""
    if not request.membership.may_release:
        return {}
    if port_out.is_pending:
        return {"accept_form": AcceptForm(port_out=port_out), "reject_form": RejectForm(port_out=port_out)}
    return {"dispute_form": DisputeForm()} if port_out.dispute_window() in ("hot", "warm") else {}


def _ticked(request: OrgRequest, port_out: PortOut, seen: str) -> HttpResponse:
    """The open panel asks again and again. Without news only its countdown is drawn anew: what somebody types
    in one of its dialogs stays."""
    if not port_out.is_pending or request.GET.get("left") == port_out.left_in_words:
        return HttpResponse(status=204)
    context = {"order": port_out, "seen": seen, "oob": True}
    response = render(request, "porting/port_out_countdown.html", context)
    response.headers["HX-Reswap"] = "none"
    return response


def _asked(
    request: OrgRequest, port_out: PortOut, verb: str, form: forms.Form, act: Callable[[], None]
) -> HttpResponse:
    """A verb that cannot be undone: GET asks in plain words, POST does it."""
    possible = port_out.state == PortOut.State.PORTED_OUT if verb == "dispute" else port_out.is_pending
    if not possible:  # decided meanwhile, by somebody else or by silence
        if request.method == "POST":
            messages.error(request, _("%(order)s is decided: %(state)s.") % _named(port_out))
        return redirect(port_out)
    if request.method == "GET" or not form.is_valid():
        context = {"order": port_out, "verb": verb, "form": form, "main": port_out.main_numbers()}
        status = 422 if request.method == "POST" else 200
        return render(request, "porting/port_out_confirm.html", context, status=status)
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(order)s: %(state)s.") % _named(port_out))
    return redirect(port_out)


def _named(port_out: PortOut) -> dict[str, str]:
    return {"order": port_out.reference, "state": port_out.shown}
