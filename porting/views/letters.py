"""Letters as files: a scan of one, one that follows later, and whether a file is the one signed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.documents.seal import SealBroken
from lib.transitions import Refused
from porting import letters, wizard
from porting.forms.letter_files import ScanForm, VerifyForm
from porting.letters.paper import why_no_scan
from porting.models import PortOrder
from porting.views.reach import whole_order


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def letter_upload(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    form = ScanForm(*_sent(request), order=order)
    refused, status = why_no_scan(order), 200
    if request.method == "POST":
        if not refused and form.is_valid() and not (refused := _keep(request, order, form)):
            messages.success(request, _("The signed letter is there."))
            return redirect(_way_on(whole_order(request, pk)))
        status = 409 if refused else 422
    context = {"order": order, "form": form, "refused": refused, "back_url": _way_on(order, "loa")}
    return render(request, "porting/letter_upload.html", context, status=status)


def _keep(request: OrgRequest, order: PortOrder, form: ScanForm) -> str:
    """Keep a valid scan; answers why not, or ""."""
    said = dict(form.cleaned_data)
    name = str(getattr(form.files["letter"], "name", ""))
    try:
        letters.keep_scan(order, said.pop("letter"), name=name, by=request.membership, **said)
    except Refused as refusal:
        return str(refusal)
    return ""


@require_POST
@needs(Right.EDIT)
def letter_skip(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    try:
        letters.skip(order, by=request.membership)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_way_on(order))


@require_http_methods(["GET", "POST"])
@needs(Right.VIEW)
def letter_verify(request: OrgRequest) -> HttpResponse:
    """Say what a file is; it is read for this answer only and not kept."""
    form = VerifyForm(*_sent(request))
    finding, problem = None, ""
    try:
        seal = letters.our_seal()
        if form.is_valid():
            finding = letters.verify(form.cleaned_data["letter"], request.org)
    except SealBroken:
        seal, problem = None, _("The console's seal cannot be read. Tell whoever runs it.")
    order = finding.document.order if finding and finding.document else None
    context = {
        "form": form,
        "finding": finding,
        "order": order,
        "changed": _changed(finding),
        "reachable": order is not None
        and request.org.port_orders.within(request.membership).filter(pk=order.pk).exists(),
        "seal": seal,
        "problem": problem,
    }
    bad = request.method == "POST" and finding is None
    return render(request, "porting/letter_verify.html", context, status=422 if bad else 200)


def _changed(finding: letters.Finding | None) -> list[str]:
    """What the order of a letter says today and did not when it was signed."""
    document = finding.document if finding else None
    return letters.changes(document.signature, document.order) if document else []


def _sent(request: OrgRequest) -> tuple[Any, ...]:
    """What a form is bound to: nothing before it was sent, and what was sent however little it is."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _way_on(order: PortOrder, slug: str = "") -> str:
    """The wizard while the order can be changed, then its own page."""
    if not order.is_editable:
        return order.get_absolute_url()
    return wizard.step_url(order, slug) if slug else wizard.next_url(order)
