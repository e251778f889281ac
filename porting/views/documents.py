"""Bills and letters: shown and downloaded by those who may, each download on record."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from porting import letters, wizard
from porting.models import PortDocument
from porting.views.reach import whole_order

# A stored file never runs as a page of ours, whatever it holds, and stays in no cache.
INERT = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


@require_GET
def document_download(request: OrgRequest, order_pk: int, pk: int) -> HttpResponseBase:
    document = _document(request, order_pk, pk)
    audit.record("document.download", document, org=request.org, after={"kind": document.kind})
    return FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.download_name,
        content_type=document.media_type,
        headers=INERT,
    )


@require_GET
def document_preview(request: OrgRequest, order_pk: int, pk: int) -> HttpResponseBase:
    """The first page as a picture that we drew ourselves, for the page beside the form."""
    document = _document(request, order_pk, pk)
    if not document.preview:
        raise Http404("this document has no preview")
    return FileResponse(document.preview.open("rb"), content_type="image/png", headers=INERT)


@require_GET
@needs(Right.EDIT)
def letter_preview(request: OrgRequest, pk: int) -> HttpResponse:
    """The unsigned letter, byte for byte what a signature would cover. It names the account number."""
    order = whole_order(request, pk)
    if letters.why_no_letter(order):
        raise Http404("the letter cannot be written yet")
    name = f'inline; filename="{order.reference}-letter.pdf"'
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": name}
    data = letters.unsigned(order)
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_POST
def order_request_signature(request: OrgRequest, pk: int) -> HttpResponse:
    order = whole_order(request, pk)
    try:
        letters.ask_to_sign(order, by=request.membership)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, letters.asked_sentence(order))
    return redirect(wizard.step_url(order, "loa") if order.is_draft else order.get_absolute_url())


def _document(request: OrgRequest, order_pk: int, pk: int) -> PortDocument:
    order = get_object_or_404(request.org.port_orders.within(request.membership), pk=order_pk)
    document: PortDocument = get_object_or_404(order.documents, pk=pk)
    return document
