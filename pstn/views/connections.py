"""The PSTN connection of a location: the wizard that sets it up, and what may change afterwards."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from pstn import offers
from pstn.models import Connection, Location
from pstn.wizards import connections as wizard
from pstn.workflow import connections as workflow


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CONNECT)
def connection_start(request: OrgRequest, pk: int) -> HttpResponse:
    location = _location(request, pk)
    connection = workflow.draft(location) if request.method == "POST" else wizard.connection_of(location)
    if not connection.is_ready:
        return redirect(wizard.next_url(connection))
    context = {"location": location, "connection": connection, "paths": offers.paths(connection)}
    return render(request, "pstn/connection_manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CONNECT)
def connection_step(request: OrgRequest, pk: int, slug: str) -> HttpResponse:
    if (step := wizard.STEPS.get(slug)) is None:
        raise Http404(f"no such step: {slug}")
    location = _location(request, pk)
    connection = wizard.connection_of(location)
    if connection.is_ready and slug not in wizard.STAYS_OPEN:
        return redirect("pstn:connection_start", request.org.slug, pk)
    if slug not in connection.steps():
        return redirect(wizard.next_url(connection))
    return PAGES.get(slug, _form_page)(request, connection, step)


@require_POST
@needs(Right.CONNECT)
def connection_connect(request: OrgRequest, pk: int) -> HttpResponse:
    return _connect(request, wizard.connection_of(_location(request, pk)))


@require_safe
def connection_done(request: OrgRequest, pk: int) -> HttpResponse:
    location = _location(request, pk)
    if location.ready_connection is None:
        return redirect("pstn:location_pstn", request.org.slug, pk)
    context = {"location": location, "connection": location.ready_connection}
    return render(request, "pstn/connection_done.html", context)


def _location(request: OrgRequest, pk: int) -> Location:
    locations = request.org.locations.within(request.membership).with_standing()
    location: Location = get_object_or_404(locations, pk=pk)
    return location


def _connect(request: OrgRequest, connection: Connection) -> HttpResponse:
    location = connection.location
    if connection.pk is None:
        return redirect(wizard.next_url(connection))
    try:
        workflow.connect(connection, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("pstn:connection_start", request.org.slug, location.pk)
    return redirect("pstn:connection_done", request.org.slug, location.pk)


def _form_page(request: OrgRequest, connection: Connection, step: wizard.Step) -> HttpResponse:
    """A step that is a form: keep what was typed, go on to the next unfinished one."""
    location, is_leaving = connection.location, request.POST.get("then") == "leave"
    assert step.form is not None, "the steps without a form have pages of their own"
    posted = (request.POST,) if request.method == "POST" else ()
    form = step.form(*posted, instance=connection, org=request.org, leaving=is_leaving)
    if form.is_valid():
        try:
            kept = workflow.fill(location, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_way_on(request, kept, step, is_leaving))
    return _page(request, connection, step, "pstn/connection_step.html", {"form": form})


def _way_on(request: OrgRequest, connection: Connection, step: wizard.Step, is_leaving: bool) -> str:
    if connection.is_ready:
        messages.success(request, _("Saved."))
        return reverse("pstn:connection_start", args=[request.org.slug, connection.location_id])
    if is_leaving:
        return _leave(request, connection.location)
    return wizard.next_url(connection, after=step.slug)


def _disclaimer_page(request: OrgRequest, connection: Connection, step: wizard.Step) -> HttpResponse:
    """Only an administrator of the customer accepts; whoever else sends an acceptance is refused."""
    location = connection.location
    context: dict[str, Any] = {"location": location, "version": offers.DISCLAIMER_VERSION}
    if request.method == "POST" and request.POST.get("then") == "leave":
        return redirect(_leave(request, location))
    if request.method == "POST" and not request.membership.may_accept:
        raise PermissionDenied
    if connection.disclaimer_at or not request.membership.may_accept:
        context |= {"next_url": wizard.next_url(connection, after=step.slug), "connection": connection}
        context |= {"people": request.org.people_who_may(Right.ACCEPT)}
        return _page(request, connection, step, "pstn/connection_disclaimer_notice.html", context)
    posted = (request.POST,) if request.method == "POST" else ()
    form = wizard.STEPS["disclaimer"].form(*posted, instance=connection, org=request.org)  # type: ignore[misc]
    if form.is_valid():
        contact, title = form.cleaned_data["disclaimer_contact"], form.cleaned_data["disclaimer_title"]
        try:
            accepted = workflow.accept_disclaimer(
                location, contact=contact, title=title, membership=request.membership
            )
            return redirect(wizard.next_url(accepted, after=step.slug))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, connection, step, "pstn/connection_disclaimer.html", {**context, "form": form})


def _address_page(request: OrgRequest, connection: Connection, step: wizard.Step) -> HttpResponse:
    """The address has a page of its own, which shows this wizard's steps and comes back to the review."""
    url = reverse("emergency:address_edit", args=[request.org.slug, connection.location_id])
    return redirect(f"{url}?wizard=1")


def _review_page(request: OrgRequest, connection: Connection, step: wizard.Step) -> HttpResponse:
    if request.method == "POST":
        if request.POST.get("then") == "leave":
            return redirect(_leave(request, connection.location))
        return _connect(request, connection)
    location = connection.location
    context = {
        "connection": connection,
        "address": getattr(location, "emergency_address", None),
        "urls": {slug: wizard.step_url(connection, slug) for slug in connection.steps()},
        "missing": [stage for stage in wizard.stages(connection, "review") if stage.state == "todo"],
    }
    return _page(request, connection, step, "pstn/connection_review.html", context)


PAGES: dict[str, Callable[[OrgRequest, Connection, wizard.Step], HttpResponse]] = {
    "disclaimer": _disclaimer_page,
    "address": _address_page,
    "review": _review_page,
}


def _page(
    request: OrgRequest, connection: Connection, step: wizard.Step, template: str, context: dict[str, Any]
) -> HttpResponse:
    """A page of the wizard with its steps; once connected, only this one form."""
    is_ready = connection.is_ready
    start = reverse("pstn:connection_start", args=[request.org.slug, connection.location_id])
    shown = {
        "location": connection.location,
        "title": _("PSTN connection of %(location)s") % {"location": connection.location},
        "steps": [] if is_ready else wizard.stages(connection, step.slug),
        "step_title": step.title,
        "intro": step.intro,
        "back_url": start if is_ready else wizard.back_url(connection, step.slug),
        "next_label": _("Save") if is_ready else "",
        "can_leave": not is_ready,
    }
    return render(request, template, {**shown, **context})


def _leave(request: OrgRequest, location: Location) -> str:
    messages.success(request, _("Saved. You can go on whenever you like."))
    return reverse("pstn:location_pstn", args=[request.org.slug, location.pk])
