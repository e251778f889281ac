"""A request through support, on the customer's side: answering, accepting an offer, declining it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import OrgRequest
from lib.transitions import Refused
from pstn.forms.number_requests import AnswerForm, DeclineForm
from pstn.views.number_order_reach import attempt, one_order
from pstn.views.number_orders import show
from pstn.workflow import number_requests as workflow


@require_POST
def number_order_answer(request: OrgRequest, pk: int) -> HttpResponse:
    """Write to support; it answers what support asked."""
    order, form = one_order(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return show(request, order, status=422, answer_form=form)
    try:
        workflow.say(order, form.cleaned_data["text"], by=request.membership)
    except Refused as refusal:  # what was typed is still there, to be sent another way
        form.add_error("text", str(refusal))
        return show(request, one_order(request, pk), status=422, answer_form=form)
    messages.success(request, _("Your message is with PSTN support."))
    return redirect(order)


@require_POST
def number_order_accept(request: OrgRequest, pk: int) -> HttpResponse:
    """Take the offer that is open, if it is the one on the page."""
    order = one_order(request, pk)
    seen = request.POST.get("offer", "")
    done = _("The numbers of %(order)s are ordered.") % {"order": order}
    return attempt(
        request, lambda: workflow.accept(order, by=request.user, seen=seen), order.get_absolute_url(), done
    )


@require_POST
def number_order_decline(request: OrgRequest, pk: int) -> HttpResponse:
    """Say no to the offer that is open, and why."""
    order, form = one_order(request, pk), DeclineForm(request.POST)
    if not form.is_valid():
        return show(request, order, status=422, decline_form=form)
    told = {"reason": form.cleaned_data["reason"], "seen": request.POST.get("offer", "")}
    return attempt(
        request, lambda: workflow.decline(order, by=request.user, **told), order.get_absolute_url()
    )
