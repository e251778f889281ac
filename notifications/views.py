"""The mailbox of a console without SMTP: every mail that would have left, for support staff to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.decorators import staff_only
from lib.htmx import page_or_part
from lib.keyset import page
from notifications.models import MailboxEntry

PAGE_SIZE = 50
# A mail's HTML is somebody's text until proven otherwise: no script, no form, nothing loaded from anywhere.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "form-action 'none'; base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@staff_only
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """The mails, newest first; the first page asks for news by itself."""
    after, before = request.GET.get("after"), request.GET.get("before")
    entries = page(MailboxEntry.objects.defer("text", "html"), ["-pk"], after, before, PAGE_SIZE)
    context = {"page": entries, "is_live": entries.previous is None}
    return page_or_part(request, "notifications/mailbox.html", "mails", context)


@staff_only
@require_GET
def mailbox_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: its page, or with ?part=html the mail's own HTML, which that page shows in a frame."""
    entry = get_object_or_404(MailboxEntry, pk=pk)
    if request.GET.get("part") != "html":
        return render(request, "notifications/mailbox_entry.html", {"entry": entry})
    headers = {"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HttpResponse(entry.html, headers=headers)
