"""Deleted numbers while they can still be had back."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.http import OrgRequest
from lib import keyset
from lib.htmx import page_or_part

PAGE_SIZE = 50


@require_safe
def resting_list(request: OrgRequest) -> HttpResponse:
    """The numbers at rest that this person may reach, the latest first."""
    resting = request.org.resting_numbers.within(request.membership)
    rows = resting.select_related("location")
    page = keyset.page(rows, ("-at", "-id"), request.GET.get("after"), request.GET.get("before"), PAGE_SIZE)
    count, is_more = (len(page.rows), False) if page.is_alone else keyset.bounded_count(resting)
    context = {
        "page": page,
        "rows": [(one, _left(one.until)) for one in page.rows],
        "count_text": _counted(count, is_more),
        "days": settings.QUARANTINE_DAYS,
        "key": f"restore-{uuid.uuid4().hex}",
    }
    return page_or_part(request, "pstn/resting_list.html", "resting", context)


def _left(until: datetime) -> str:
    """For 3 more days; today is the last day."""
    left = until - timezone.now()
    if left < timedelta(days=1):
        return _("For less than a day")
    days = round(left / timedelta(days=1))
    return ngettext("For %(n)s more day", "For %(n)s more days", days) % {"n": days}


def _counted(count: int, is_more: bool) -> str:
    if is_more:
        return _("%(n)s+ numbers") % {"n": f"{count:,}"}
    return ngettext("%(n)s number", "%(n)s numbers", count) % {"n": f"{count:,}"}
