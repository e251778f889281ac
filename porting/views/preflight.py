"""What speaks against an order before it is sent: its part of the review, and hints while somebody types."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib import phone
from porting import preflight, wizard
from porting.models import PortOrder
from porting.preflight import page, records
from porting.preflight.comparison import SECRETS, asked, typed_of
from porting.views.reach import whole_order


@require_GET
@needs(Right.EDIT)
def order_preflight(request: OrgRequest, pk: int) -> HttpResponse:
    """The part of the review that is asked for while a record is awaited; drawn anew only when it changes."""
    order = whole_order(request, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(_review(order))
    check = preflight.check(order, request.membership)
    if request.GET.get("seen") == page.seen(order, check):
        return HttpResponse(status=204)
    return _part(request, order, check, live=True)


@require_POST
def order_preflight_reveal(request: OrgRequest, pk: int) -> HttpResponse:
    """The secrets of the comparison, to a person who may edit the account; who looked is on record."""
    order = whole_order(request, pk)
    audit.record("port_order.reveal", order, after={"field": "preflight"})
    check = preflight.check(order, request.membership)
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, order, check, revealed=True)
    context = {"order": order, "preflight": page.of(order, check, revealed=True)}
    return render(request, "porting/preflight_page.html", context)


@require_POST
def order_record_ask(request: OrgRequest, pk: int) -> HttpResponse:
    """Have the current carrier asked for its record, or asked again."""
    order = whole_order(request, pk)
    if order.is_editable:
        records.ask_again(order)
    return redirect(_review(order))


@require_POST
def order_hints(request: OrgRequest, pk: int) -> HttpResponse:
    """What the sources say of the account as it is being typed; nothing is saved."""
    order = whole_order(request, pk)
    typed = typed_of(order)
    for name in asked(order):
        said = request.POST.get(name, "").strip()
        if said or (name in request.POST and name not in SECRETS):  # an empty secret keeps the stored one
            typed[name] = _one_number(said, order) if name == "btn" and said else said
    lines = page.hints(order, request.membership, typed)
    return render(request, "porting/preflight_hints.html", {"order": order, "lines": lines})


def _one_number(text: str, order: PortOrder) -> str:
    found = phone.parse(text, order.country)
    return text if isinstance(found, phone.Reason) else found.e164


def _part(
    request: OrgRequest,
    order: PortOrder,
    check: preflight.Check,
    *,
    revealed: bool = False,
    live: bool = False,
) -> HttpResponse:
    context = {"order": order, "preflight": page.of(order, check, revealed=revealed), "live": live}
    return render(request, "porting/preflight.html", context)


def _review(order: PortOrder) -> str:
    return f"{wizard.step_url(order, 'review')}#preflight"
