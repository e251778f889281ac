"""The organization's side of links: asking somebody, sending again, revoking."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from porting import links
from porting.forms.links import AskForm
from porting.models import TaskLink
from porting.views.reach import whole_order


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def link_create(request: OrgRequest, pk: int) -> HttpResponse:
    """The form that asks somebody; ?purpose= says which task is ticked."""
    order = whole_order(request, pk)
    first = {"purpose": request.GET.get("purpose", TaskLink.Purpose.BILL)}
    form = AskForm(request.POST or None, order=order, membership=request.membership, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                link = links.make(order, by=request.membership, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("The link is on its way to %(email)s.") % {"email": link.email})
                return redirect(order)
    context = {
        "order": order,
        "form": form,
        "lack": links.why_not_ask(order, ""),
    }
    return render(request, "porting/link_create.html", context, status=status)


@require_POST
def link_send(request: OrgRequest, order_pk: int, pk: int) -> HttpResponse:
    said = _("Sent again. The former address no longer works.")
    return _done(request, order_pk, pk, lambda link: links.send_again(link, by=request.membership), said)


@require_POST
def link_revoke(request: OrgRequest, order_pk: int, pk: int) -> HttpResponse:
    said = _("The link is revoked.")
    return _done(request, order_pk, pk, lambda link: links.revoke(link, by=request.user), said)


def _done(
    request: OrgRequest, order_pk: int, pk: int, act: Callable[[TaskLink], Any], said: str
) -> HttpResponse:
    order = whole_order(request, order_pk)
    link: TaskLink = get_object_or_404(order.links, pk=pk)
    link.order = order
    try:
        act(link)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(order)
