"""The bill beside the fields: how far its reading is, its pages, and taking a value over from it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib import reading
from lib.transitions import Refused
from porting import bill_beside, drafting, readings, wizard
from porting.forms.base import StepForm
from porting.models import PortDocument, PortOrder
from porting.views import steps
from porting.views.documents import INERT, _document
from porting.views.reach import whole_order


@require_GET
@needs(Right.EDIT)
def bill_reading(request: OrgRequest, pk: int) -> HttpResponse:
    """The part of a step that shows the bill: asked for while a worker reads, and to turn a page."""
    order = whole_order(request, pk)
    step = _step(request.GET.get("at", ""))
    shown = bill_beside.beside(order, step=step, page=request.GET.get("bill_page", ""))
    if shown is None:
        raise Http404("this order has no bill")
    if not request.htmx and step == "fix":  # type: ignore[attr-defined]
        return redirect(f"{order.get_absolute_url()}#bill-reading")
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{wizard.step_url(order, step)}?bill_page={shown.picture.number}#bill-reading")
    context = {
        "order": order,
        "bill": shown,
        "version": order.version,
        "in_form": step == "carrier",
        "live": True,
    }
    return render(request, "porting/bill_reading.html", context)


@require_GET
def bill_page(request: OrgRequest, order_pk: int, pk: int, page: int) -> HttpResponseBase:
    """A page of a bill as a picture; who looked is on record.

    The first is the preview that was drawn at the upload; others are drawn for this request and kept nowhere.
    """
    document = _document(request, order_pk, pk)
    if document.kind != PortDocument.Kind.BILL or not 1 <= page <= document.pages:
        raise Http404("no such page")
    kind = "pdf" if document.media_type == "application/pdf" else "png"
    try:
        if page == 1 and document.preview:
            picture = document.preview.read()
        else:
            picture = reading.draw(kind, document.read(), page)
    except (reading.Unreadable, OSError):
        raise Http404("this page cannot be drawn") from None
    audit.record("document.view", document, org=request.org, after={"kind": document.kind, "page": page})
    return HttpResponse(picture, content_type="image/png", headers=INERT)


@require_POST
def bill_use(request: OrgRequest, pk: int) -> HttpResponse:
    """Take one value over from the bill. What else was typed on the page comes back as it was."""
    order = whole_order(request, pk)
    step, field = _step(request.POST.get("at", "")), request.POST.get("field", "")
    found = readings.findings(order)
    value = found.of(field) if found and field in readings.COMPARED else None
    if not order.is_editable or value is None:
        messages.error(request, _("The bill does not say this any more. Look at it again."))
        return redirect(order)
    form = _bound(request, order, field, {field: value.value}, only=(field,))
    if not form.is_valid():
        messages.error(
            request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors)
        )
        return _again(request, order, step, field, value.value, saved=False)
    try:
        drafting.save_step(order, form, version=request.POST.get("version", ""), by=request.user)
    except drafting.Stale as stale:
        messages.error(request, steps.stale_sentence(stale))
        return _again(request, order, step, field, "", saved=False)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(order)
    messages.success(request, _("Taken over from the bill."))
    return _again(request, order, step, field, value.value, saved=True)


def _step(asked: str) -> str:
    """A step of the wizard, or "fix": the panel of a rejected order."""
    return asked if asked in (*bill_beside.STEPS, "fix") else "bill"


def _bound(
    request: OrgRequest, order: PortOrder, field: str, data: dict[str, str], only: tuple[str, ...] = ()
) -> StepForm:
    """The form of the step that a field belongs to, with these values as if somebody had typed them."""
    form = wizard.STEPS["bill" if field == "dated" else "carrier"].form
    assert form is not None
    return form(data, instance=order, org=request.org, membership=request.membership, only=only)


def _forgive_gaps(form: StepForm) -> None:
    """Nobody has said that the page is complete: what is still empty is no error yet."""
    for name, errors in list(form.errors.as_data().items()):
        if all(error.code == "required" for error in errors):
            del form.errors[name]


def _again(
    request: OrgRequest, order: PortOrder, step: str, field: str, value: str, *, saved: bool
) -> HttpResponse:
    """Back to the step. What was sent along is shown again as typed, with the taken value in its field."""
    if step == "fix":
        return redirect(f"{order.get_absolute_url()}#fix")
    if step != "carrier" or "company_name" not in request.POST:
        return redirect(f"{wizard.step_url(order, step)}#bill-reading")
    typed = request.POST.dict() | ({field: value} if value and field != "dated" else {})
    order = whole_order(request, order.pk)
    form = _bound(request, order, "btn", typed)
    form.is_valid()
    _forgive_gaps(form)
    return steps._page(request, order, wizard.STEPS[step], form, renewed=saved)
