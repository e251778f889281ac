"""Dividing a draft into several orders, and the page of the orders that came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import OrgRequest
from lib.htmx import page_or_part
from lib.transitions import Refused
from porting import drafting, groups, splitting, wizard
from porting.forms.groups import SharedForm
from porting.models import PortGroup
from porting.views.reach import whole_order
from porting.views.steps import stale_sentence
from porting.workflow import groups as workflow


@require_POST
def order_divide(request: OrgRequest, pk: int) -> HttpResponse:
    """Make the orders of the plan. Pressed twice, they are made once."""
    order = whole_order(request, pk)
    if order.group and len(splitting.plan_of(order)) == 1:
        return redirect(order.group)
    try:
        group = drafting.make_orders(
            order,
            version=request.POST.get("version", ""),
            aligned="plan_aligned" in request.POST,
            by=request.user,
        )
    except drafting.Stale as stale:
        messages.error(request, stale_sentence(stale))
        return redirect(wizard.step_url(order, "plan"))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(order if order.rejection else wizard.next_url(order))
    n = group.orders.count()
    messages.success(
        request,
        ngettext("%(n)s order belongs to %(group)s.", "%(n)s orders belong to %(group)s.", n)
        % {"n": n, "group": group},
    )
    return redirect(order if order.rejection else group)


@require_GET
def group_detail(request: OrgRequest, pk: int) -> HttpResponse:
    return _show(request, _group(request, pk))


@require_POST
def group_edit(request: OrgRequest, pk: int) -> HttpResponse:
    """Change what the orders share; drafts follow where they say nothing of their own."""
    group = _group(request, pk)
    form = _form(request, group, request.POST)
    if not form.is_valid():
        return _show(request, _group(request, pk), form=form, status=422)
    try:
        followed = workflow.change_shared(
            _group(request, pk), form.cleaned_data, version=request.POST.get("version", ""), by=request.user
        )
    except workflow.Stale as stale:
        when = timesince(stale.when) if stale.when else ""
        form.add_error(
            None,
            _("%(who)s changed this %(when)s ago. Nothing of yours was saved. Compare, then save again.")
            % {"who": stale.who, "when": when},
        )
        return _show(request, _group(request, pk), form=form, status=409)
    messages.success(
        request,
        ngettext("Saved. %(n)s draft follows.", "Saved. %(n)s drafts follow.", followed) % {"n": followed},
    )
    return redirect(group)


@require_POST
def group_align(request: OrgRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    workflow.set_alignment(group, on=request.POST.get("on") == "1", by=request.user)
    return redirect(group)


@require_POST
def group_submit(request: OrgRequest, pk: int) -> HttpResponse:
    """Submit every draft of the group that lacks nothing."""
    group = _group(request, pk)
    sent, refusals = workflow.submit_ready(group, by=request.user)
    for sentence in refusals:
        messages.error(request, sentence)
    if sent:
        names = ", ".join(str(order) for order in sent)
        messages.success(request, _("Submitted: %(orders)s.") % {"orders": names})
    elif not refusals:
        messages.info(request, _("No draft of this group is finished yet."))
    return redirect(group)


@require_POST
def order_detach(request: OrgRequest, pk: int) -> HttpResponse:
    """The order goes on alone."""
    order = whole_order(request, pk)
    try:
        group = workflow.detach(order, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("%(order)s does not belong to %(group)s any more.") % {"order": order, "group": group}
        )
    return redirect(order)


@require_POST
def order_use_shared(request: OrgRequest, pk: int) -> HttpResponse:
    """The order says again what its group shares."""
    order = whole_order(request, pk)
    try:
        drafting.use_shared(order, request.POST.get("field", ""), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(order)


def _group(request: OrgRequest, pk: int) -> PortGroup:
    group: PortGroup = get_object_or_404(
        request.org.port_groups.within(request.membership).select_related("org", "location", "edited_by"),
        pk=pk,
    )
    return group


def _form(request: OrgRequest, group: PortGroup, data: Any = None) -> SharedForm:
    drafts = list(group.orders.drafts().whole())
    return SharedForm(data, instance=group, org=request.org, membership=request.membership, drafts=drafts)


def _show(
    request: OrgRequest, group: PortGroup, *, form: SharedForm | None = None, status: int = 200
) -> HttpResponse:
    shown = groups.children(group)
    has_drafts = any(child.order.is_draft for child in shown)
    may_edit = request.membership.may_edit
    # Who was told of a newer version has seen it; who made a mistake keeps the one that they started from.
    typed_on = request.POST.get("version", "") if status == 422 else ""
    context = {
        "group": group,
        "status": groups.status(shown),
        "children": shown,
        "ready": sum(child.is_ready for child in shown),
        "form": form or (_form(request, group) if has_drafts and may_edit else None),
        "is_open": form is not None,
        "shared": groups.shared_rows(group),
        "version": typed_on or group.version,
        "history": groups.history(group, shown),
        "may_edit": may_edit,
        "list_url": reverse("pstn:order_list", args=[request.org.slug]),
    }
    return page_or_part(request, "porting/group_detail.html", "panel", context, status=status)
