"""The numbers of a draft: verdicts while somebody types, and splitting an order in two."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import OrgRequest
from lib.transitions import Refused
from porting import drafting, intake, wizard
from porting.models import PortOrder
from porting.views.reach import whole_order


@require_POST
def order_verdicts(request: OrgRequest, pk: int) -> HttpResponse:
    """The live table beneath the text field; nothing is saved."""
    order = whole_order(request, pk)
    reading = intake.read(order, request.POST.get("numbers", ""), intake.posted_line_kinds(request.POST))
    return render(request, "porting/verdicts.html", {"order": order, "reading": reading, "live": True})


@require_POST
def order_split(request: OrgRequest, pk: int) -> HttpResponse:
    """Two orders out of one: what cannot be ported, or what a rejection names, gets a draft of its own."""
    order = whole_order(request, pk)
    try:
        other = _split(request, order)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(order if order.rejection else wizard.step_url(order, "numbers"))
    messages.success(
        request,
        _("%(order)s keeps %(kept)s numbers. %(other)s is a draft with the other %(moved)s.")
        % {
            "order": order,
            "kept": order.number_count,
            "other": other,
            "moved": other.number_count,
        },
    )
    fresh = whole_order(request, pk)
    return redirect(fresh if fresh.rejection else wizard.next_url(fresh))


def _split(request: OrgRequest, order: PortOrder) -> PortOrder:
    if "numbers" not in request.POST:
        named = [row.e164 for row in order.numbers.all() if row.is_named_in_reject]
        return drafting.split(order, named, by=request.user)
    reading = intake.read(order, request.POST["numbers"], intake.posted_line_kinds(request.POST))
    away = [line.e164 for line in reading.refused]
    rest = [line for line in reading.blocking if line not in reading.refused]
    typed = "\n".join([reading.text(), *(line.shown for line in rest)]) if rest else ""
    keep = [*reading.kept, *reading.refused]
    return drafting.split(order, away, by=request.user, keep=keep, typed=typed)
