"""The port calendar of an organization, and the private address under which calendar programs read it."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import CharField, DateTimeField, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Membership, Right
from porting import calendar_files, month
from porting.forms.date_grid import weekdays
from porting.models import CalendarFeed
from porting.models.feeds import living_feed

FIRST_YEAR, LAST_YEAR = 2000, 2100
SHOWN_ONCE = "calendar_feed"  # the key of the session that carries a new address to the next page


@require_safe
def port_calendar(request: OrgRequest) -> HttpResponse:
    """One month, by ?month=2026-11; without it, or with anything else, the present one."""
    today = timezone.localdate()
    first = _month(request.GET.get("month", "")) or today.replace(day=1)
    isos, feed = _countries_and_feed(request)
    orders = month.reachable(request.org, request.membership)
    weeks = month.weeks(first, orders, isos, today)
    context = {
        "first": first,
        "weeks": weeks,
        "has_ports": any(day.ports for week in weeks for day in week),
        "weekdays": weekdays(),
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": (first + timedelta(days=32)).replace(day=1),
        "is_now": first == today.replace(day=1),
        "feed": feed,
        "address": request.session.pop(SHOWN_ONCE, ""),
    }
    return render(request, "porting/port_calendar.html", context)


@require_POST
@needs(Right.VIEW)
def feed_create(request: OrgRequest) -> HttpResponse:
    """A new private address; the one before stops working."""
    with transaction.atomic():
        _revoke(request.membership)
        feed = CalendarFeed(membership=request.membership)
        token = feed.set_token()
        feed.save()
        audit.record("calendar_feed.create", feed)
    request.session[SHOWN_ONCE] = f"{settings.SITE_URL}{reverse('port_feed', args=[token])}"
    return redirect("port_calendar:month", request.org.slug)


@require_POST
@needs(Right.VIEW)
def feed_revoke(request: OrgRequest) -> HttpResponse:
    with transaction.atomic():
        _revoke(request.membership)
    messages.success(request, _("The address of your calendar feed does not work any more."))
    return redirect("port_calendar:month", request.org.slug)


@login_not_required
@require_safe
def port_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program reads: no session, only the address; 404 once it is revoked."""
    feed = living_feed(token)
    if feed is None:
        raise Http404("no such feed")
    feed.note_reading()
    today = timezone.localdate()
    orders = month.reachable(feed.org, feed.membership)
    found = month.between(orders, today - month.FEED_BACK, today + month.FEED_AHEAD)
    content = calendar_files.feed(found, name=_("Ports of %(org)s") % {"org": feed.org})
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type=calendar_files.MEDIA_TYPE, headers=headers)


def _month(text: str) -> date | None:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else None


def _countries_and_feed(request: OrgRequest) -> tuple[list[str], dict[str, Any] | None]:
    """The countries of this person's locations; when their feed was made and last read, None without one. One
    statement for both: neither is worth a statement of its own on every view."""
    nothing = Value(None, output_field=DateTimeField())
    places = request.org.locations.within(request.membership).order_by()
    feeds = request.membership.calendar_feeds.alive().order_by()
    rows = places.values_list("country", nothing, nothing).union(
        feeds.values_list(Value("", output_field=CharField()), "created_at", "read_at")
    )
    isos = [iso for iso, made, _read in rows if made is None]
    alive = [{"created_at": made, "read_at": read} for _iso, made, read in rows if made]
    return isos, next(iter(alive), None)


def _revoke(membership: Membership) -> None:
    for feed in membership.calendar_feeds.filter(revoked_at=None):
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        audit.record("calendar_feed.revoke", feed)
