"""Saved views of the numbers page: the menu of them, saving, renaming, deleting, choosing the usual one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.htmx import wants_part
from lib.transitions import Refused
from pstn.forms.saved_views import ViewForm, ViewNameForm
from pstn.listing import saved_views, words
from pstn.listing.filters import NumberFilter
from pstn.models import SavedView


@require_safe
def view_list(request: OrgRequest) -> HttpResponse:
    """The views of this person and the shared ones; a form to save the present question as one."""
    return _shown(request, ViewForm(may_share=request.membership.may_edit), _query(request))


@require_POST
@needs(Right.VIEW)
def view_save(request: OrgRequest) -> HttpResponse:
    """Save the question of the list. Sharing it needs the right to edit."""
    query = request.POST.get("query", "")[:4_000]
    form = ViewForm(request.POST, may_share=request.membership.may_edit)
    if not form.is_valid():
        return _shown(request, form, query, status=422)
    data = form.cleaned_data
    try:
        view = saved_views.save(
            request.org,
            name=data["name"],
            query=query,
            is_shared=data.get("is_shared", False),
            membership=request.membership,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, form, query, status=422)
    if data["is_usual"]:
        saved_views.choose(request, view)
    else:
        saved_views.forget(request)
    messages.success(request, _("View “%(name)s” is saved.") % {"name": view})
    return redirect(view.get_absolute_url())


@require_POST
@needs(Right.VIEW)
def view_rename(request: OrgRequest, pk: int) -> HttpResponse:
    view, form = _own(request, pk), ViewNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return _back(request)
    try:
        saved_views.rename(view, form.cleaned_data["name"], by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(request)


@require_POST
@needs(Right.VIEW)
def view_delete(request: OrgRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    saved_views.delete(view, by=request.user)
    saved_views.forget(request)
    messages.success(request, _("View “%(name)s” is deleted.") % {"name": view.name})
    return _back(request)


@require_POST
@needs(Right.VIEW)
def view_choose(request: OrgRequest, pk: int) -> HttpResponse:
    """Begin with this view, or with all numbers again if it was the one."""
    view = get_object_or_404(request.org.saved_views.for_person(request.user.pk), pk=pk)
    if request.POST.get("stop"):
        saved_views.choose(request, None)
        messages.success(request, _("The Numbers page opens with all numbers again."))
    else:
        saved_views.choose(request, view)
        messages.success(request, _("The Numbers page opens with “%(name)s” from now on.") % {"name": view})
    return _back(request)


# --- What the pages need


def _query(request: OrgRequest) -> str:
    """The question that the list showed, without what is no question of it."""
    return NumberFilter.read(request.GET, request.org.locations.within(request.membership)).query()


def _own(request: OrgRequest, pk: int) -> SavedView:
    """A view that this person may change."""
    view: SavedView = get_object_or_404(request.org.saved_views.for_person(request.user.pk), pk=pk)
    if not view.may_be_changed_by(request.membership):
        raise PermissionDenied
    return view


def _back(request: OrgRequest) -> HttpResponse:
    asked = NumberFilter.read(request.GET, request.org.locations.within(request.membership))
    return redirect(f"{reverse('pstn:view_list', args=[request.org.slug])}{asked.query()}")


def _shown(request: OrgRequest, form: ViewForm, query: str, status: int = 200) -> HttpResponse:
    asked = NumberFilter.read(request.GET, request.org.locations.within(request.membership))
    found = request.org.saved_views.for_person(request.user.pk).select_related("org")
    views = list(found.order_by("name", "pk"))
    context = {
        "form": form,
        "query": query,
        "parts": words.parts(asked),
        "views": views,
        "changeable": {view.pk for view in views if view.may_be_changed_by(request.membership)},
        "usual": saved_views.usual_view(request),
    }
    template = "pstn/view_list_ask.html" if wants_part(request, "ask") else "pstn/view_list.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
