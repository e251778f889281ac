"""Whom numbers are for: the list, one with its numbers, new ones, other names, and the end of one."""

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right, Role
from lib import keyset
from lib.htmx import page_or_part
from lib.transitions import Refused
from pstn.forms.owners import OwnerForm
from pstn.models import Owner
from pstn.views.reach import posted
from pstn.workflow import owners as workflow

PAGE_SIZE = 50
SHOWN_NUMBERS = 100


@require_safe
def owner_list(request: OrgRequest) -> HttpResponse:
    """All owners within reach, found by the words of their names and by kind."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    kind = request.GET.get("kind", "")
    rows = request.org.owners.within(request.membership).named(q)
    if kind in Owner.Kind.values:
        rows = rows.filter(kind=kind)
    rows = rows.select_related("org", "location").annotate(number_count=_number_count(request))
    page = keyset.page(rows, ("name", "id"), request.GET.get("after"), request.GET.get("before"), PAGE_SIZE)
    context = {"page": page, "q": q, "kind": kind, "kinds": Owner.Kind.choices}
    return page_or_part(request, "pstn/owner_list.html", "results", context)


@require_safe
def owner_detail(request: OrgRequest, pk: int) -> HttpResponse:
    owner = _one(request, pk)
    numbers = owner.phone_numbers.within(request.membership).select_related("location", "org")
    shown = list(numbers.order_by("e164")[: SHOWN_NUMBERS + 1])
    context = {
        "owner": owner,
        "numbers": shown[:SHOWN_NUMBERS],
        "has_more": len(shown) > SHOWN_NUMBERS,
        "may_edit": request.membership.may_edit and _is_theirs(request, owner),
        "why_not_delete": owner.why_not_delete(),
    }
    return render(request, "pstn/owner_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def owner_create(request: OrgRequest) -> HttpResponse:
    form = OwnerForm(posted(request), org=request.org, membership=request.membership)
    if form.is_bound and form.is_valid():
        try:
            owner = workflow.add(request.org, **form.cleaned_data, by=request.user)
            messages.success(request, _("%(owner)s is added.") % {"owner": owner})
            return redirect(owner)
        except Refused as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "back_url": reverse("pstn:owner_list", args=[request.org.slug])}
    return render(request, "pstn/owner_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def owner_edit(request: OrgRequest, pk: int) -> HttpResponse:
    owner = _own(request, pk)
    form = OwnerForm(posted(request), org=request.org, membership=request.membership, owner=owner)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            workflow.edit(owner, name=data["name"], location=data["location"], by=request.user)
            messages.success(request, _("Saved."))
            return redirect(owner)
        except Refused as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "owner": owner, "back_url": owner.get_absolute_url()}
    return render(request, "pstn/owner_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def owner_delete(request: OrgRequest, pk: int) -> HttpResponse:
    owner = _own(request, pk)
    if request.method != "POST":
        return render(request, "pstn/owner_delete.html", {"owner": owner})
    try:
        workflow.delete(owner, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(owner)
    messages.success(request, _("%(owner)s is deleted.") % {"owner": owner})
    return redirect("pstn:owner_list", request.org.slug)


def _one(request: OrgRequest, pk: int) -> Owner:
    rows = request.org.owners.within(request.membership).select_related("org", "location")
    owner: Owner = get_object_or_404(rows, pk=pk)
    return owner


def _own(request: OrgRequest, pk: int) -> Owner:
    """One that this person may change: a location administrator those at their own locations."""
    owner = _one(request, pk)
    rows = request.org.owners.filter(pk=pk if _is_theirs(request, owner) else 0)
    found: Owner = get_object_or_404(rows.select_related("org", "location"))
    return found


def _is_theirs(request: OrgRequest, owner: Owner) -> bool:
    return request.membership.role != Role.LOCATION_ADMIN or owner.location_id is not None


def _number_count(request: OrgRequest) -> Coalesce:
    """How many numbers an owner has within this person's reach."""
    numbers = request.org.phone_numbers.within(request.membership).filter(owner=OuterRef("pk")).order_by()
    return Coalesce(Subquery(numbers.values("owner").annotate(n=Count("pk")).values("n")), 0)
