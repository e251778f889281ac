"""The terms of service: read, accepted by a full administrator of the customer, asked for by others."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from pstn import terms_text
from pstn.workflow import terms as workflow


@require_GET
def terms_detail(request: OrgRequest) -> HttpResponse:
    """Who may accept gets the form; everybody else gets the reason and whom to ask."""
    acceptance = workflow.acceptance(request.org)
    return render(request, "pstn/terms_detail.html", _context(request) | {"acceptance": acceptance})


@require_POST
@needs(Right.ACCEPT)
def terms_accept(request: OrgRequest) -> HttpResponse:
    if not request.POST.get("authorized"):
        context = _context(request) | {"unticked": True}
        return render(request, "pstn/terms_detail.html", context, status=422)
    try:
        count = workflow.accept(request.membership, sha256=request.POST.get("sha256", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext(
            "Terms accepted. %(n)s number is active now.",
            "Terms accepted. %(n)s numbers are active now.",
            count,
        )
        messages.success(request, text % {"n": count} if count else _("Terms accepted."))
    return redirect("pstn:terms_detail", request.org.slug)


@require_POST
def terms_request(request: OrgRequest) -> HttpResponse:
    try:
        workflow.request(request.org, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The request is on its way to the full administrators."))
    return redirect("pstn:terms_detail", request.org.slug)


def _context(request: OrgRequest) -> dict[str, object]:
    last = workflow.last_request(request.org)
    return {
        "terms": terms_text.current(),
        "waiting": request.org.phone_numbers.waiting_for_terms().count(),
        "deciders": list(request.org.people_who_may(Right.ACCEPT)),
        "last_request": last,
        "asked_lately": last is not None and last.at > timezone.now() - workflow.ASK_EVERY,
    }
