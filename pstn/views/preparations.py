"""Preparing numbers that are porting in, one or many lines at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from pstn import prepare_lines, suggestions
from pstn.forms.preparations import PasteForm, PreparationForm
from pstn.models import PhoneNumber
from pstn.views.reach import one_number
from pstn.workflow import preparations


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def number_prepare(request: OrgRequest, e164: str) -> HttpResponse:
    """What becomes of one number when it comes. One that is here already has a page for its assignment."""
    number = one_number(request, e164)
    if number.state != PhoneNumber.State.PORTING:
        messages.info(request, _("%(number)s is not porting in any more.") % {"number": number.national})
        return redirect(number)
    form = PreparationForm(request.POST if request.method == "POST" else None, number=number)
    if form.is_bound and form.is_valid():
        try:
            preparations.prepare(request.org, [form.wanted()], by=request.user)
        except preparations.NotPrepared as refusal:
            form.refuse(refusal.problems[number.pk])
        else:
            messages.success(request, _("%(number)s is prepared.") % {"number": number.national})
            return redirect(number)
    context = {"number": number, "form": form, **suggestions.of(request.org, [number.location])}
    return render(request, "pstn/number_prepare.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def number_prepare_many(request: OrgRequest) -> HttpResponse:
    """Lines for many numbers: judged first, saved when somebody says so, but for those that need a look."""
    form = PasteForm(request.POST if request.method == "POST" else None)
    reading = None
    if form.is_bound and form.is_valid():
        reading = prepare_lines.read(form.cleaned_data["lines"], request.org, request.membership)
        if request.POST.get("do") == "save":
            try:
                return _saved(request, reading)
            except (Refused, preparations.NotPrepared) as refusal:
                form.add_error("lines", str(refusal))
    context = {"form": form, "reading": reading, "next": _next(request)}
    status = 422 if form.errors else 200
    return render(request, "pstn/number_prepare_many.html", context, status=status)


@require_POST
def number_settle(request: OrgRequest, e164: str) -> HttpResponse:
    """Somebody has looked after what could not be done when the number came."""
    number = one_number(request, e164)
    try:
        row = getattr(number, "preparation", None)
        if row is None:
            raise Refused(_("Nothing is left to do for this number."))
        preparations.settle_leftover(row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Noted. Nothing is left to do for %(number)s.") % {"number": number.national}
        )
    return redirect(number)


def _saved(request: OrgRequest, reading: Any) -> HttpResponse:
    if not reading.ready:
        raise Refused(_("None of these lines can be used. The list below says why."))
    count = preparations.prepare(request.org, reading.ready, by=request.user)
    text = ngettext("%(n)s number is prepared.", "%(n)s numbers are prepared.", count) % {"n": f"{count:,}"}
    if reading.skipped:
        left = ngettext("%(n)s line was left out.", "%(n)s lines were left out.", reading.skipped)
        text = f"{text} {left % {'n': reading.skipped}}"
    messages.success(request, text)
    return redirect(_next(request) or f"{reverse('pstn:number_list', args=[request.org.slug])}?state=porting")


def _next(request: OrgRequest) -> str:
    """The order's page that led here, if one did: nothing else is followed."""
    wanted = request.GET.get("order", "")
    order = (
        request.org.port_orders.within(request.membership).filter(pk=wanted).first()
        if wanted.isdecimal()
        else None
    )
    return str(order.get_absolute_url()) if order else ""
