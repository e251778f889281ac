"""What an outsider sees behind a link: a code by e-mail first, then one task, then a thank-you."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import limits
from lib.transitions import Refused
from porting import letters, links, outsiders
from porting.forms.links import FORMS, CodeForm
from porting.links import Purpose
from porting.models import PortOrder, TaskLink
from porting.outsiders import Closed

COOKIE = "outsider"
UNKNOWN, WINDOW = 20, 300  # addresses that lead nowhere, from one network within so many seconds
CODES = 30  # codes asked for or entered, likewise
# The address is a secret: no cache keeps the page, and no request from it names more than our own origin.
# ("no-referrer" would make browsers send "Origin: null" with every form, which the CSRF check refuses.)
HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
TaskView = Callable[[HttpRequest, TaskLink, str], HttpResponse]


def outsider(view: TaskView) -> Callable[..., HttpResponse]:
    """Find the link of the token; act as its recipient; close the page whatever the reason."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        response = _answer(view, request, token)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    marked: Callable[..., HttpResponse] = login_not_required(answer)
    return marked


def _answer(view: TaskView, request: HttpRequest, token: str) -> HttpResponse:
    if limits.is_spent(request, "link", UNKNOWN):
        return render(request, "porting/link_closed.html", {"wait": True}, status=429)
    link = outsiders.find(token)
    if link is None:
        limits.spend(request, "link", WINDOW)
        return render(request, "porting/link_closed.html", status=404)
    with outsiders.as_outsider(link), timezone.override(ZoneInfo(link.order.zone)):
        try:
            return view(request, link, token)
        except Closed:
            return render(request, "porting/link_closed.html", status=410)


@outsider
@require_http_methods(["GET", "POST"])
def link_task(request: HttpRequest, link: TaskLink, token: str) -> HttpResponse:
    inside = outsiders.is_let_in(link, request.COOKIES.get(COOKIE, ""))
    if not links.is_open(link):
        if not (link.done_at and inside):
            raise Closed
        return render(request, "porting/link_done.html", {"link": link, "token": token})
    if not inside:
        return _door(request, link, token, status=403 if request.method == "POST" else 200)
    order = _order(link)
    if request.method == "POST":
        return _hand_in(request, link, token, order)
    form = None if _no_letter(link, order) else _form(link, order)
    return _task(request, link, token, order, form)


@outsider
@require_POST
def link_code(request: HttpRequest, link: TaskLink, token: str) -> HttpResponse:
    """Send a code. Programs that look into mail open links; they do not press buttons."""
    if not links.is_open(link):
        raise Closed
    if limits.is_spent(request, "link-code", CODES):
        return render(request, "porting/link_closed.html", {"wait": True}, status=429)
    limits.spend(request, "link-code", WINDOW)
    try:
        outsiders.ask_code(link)
    except Refused as refusal:
        return _door(request, link, token, problem=str(refusal), status=429)
    return redirect("links:task", token)


@outsider
@require_POST
def link_enter(request: HttpRequest, link: TaskLink, token: str) -> HttpResponse:
    if not links.is_open(link):
        raise Closed
    if limits.is_spent(request, "link-code", CODES):
        return render(request, "porting/link_closed.html", {"wait": True}, status=429)
    limits.spend(request, "link-code", WINDOW)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _door(request, link, token, form=form, status=422)
    try:
        session = outsiders.enter_code(link, form.cleaned_data["code"])
    except Refused as refusal:
        form.add_error("code", str(refusal))
        return _door(request, link, token, form=form, status=422)
    response = redirect("links:task", token)
    response.set_cookie(
        COOKIE,
        session,
        max_age=outsiders.SESSION,
        path=f"/t/{token}/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@outsider
@require_GET
def link_letter(request: HttpRequest, link: TaskLink, token: str) -> HttpResponse:
    """The letter to be signed, byte for byte what the signature covers."""
    if not links.is_open(link):
        raise Closed
    if not outsiders.is_let_in(link, request.COOKIES.get(COOKIE, "")):
        return redirect("links:task", token)
    order = _order(link)
    if link.purpose != Purpose.SIGNATURE or letters.why_no_letter(order):
        raise Http404("there is no letter behind this link")
    data = letters.unsigned(order)
    outsiders.note_reading(link)
    name = f'inline; filename="{order.reference}-letter.pdf"'
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": name}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _hand_in(request: HttpRequest, link: TaskLink, token: str, order: PortOrder) -> HttpResponse:
    form = _form(link, order, request.POST, request.FILES)
    valid = form.is_valid()
    saves = valid or form.keeps_file
    try:
        if saves:
            outsiders.hand_in(link, form, shown=request.POST.get("seen", ""), finishes=valid)
    except Closed:
        return redirect("links:task", token)  # done by another window, revoked, or the order was sent
    except Refused as refusal:
        return _task(request, link, token, _order(link), _once_more(link, form), str(refusal), status=409)
    if valid:
        return redirect("links:task", token)
    return _task(request, link, token, _order(link), form, kept=saves, status=422)


def _once_more(link: TaskLink, form: Any) -> Any:
    """What was typed, over the order as it is now: a letter that has changed is read and agreed to anew."""
    if link.purpose != Purpose.SIGNATURE:
        return form
    order = _order(link)
    if letters.why_no_letter(order):
        return None
    again = _form(link, order)
    typed = {name: form.data.get(name, "") for name in ("first_name", "last_name", "title")}
    again.initial.update(typed)
    return again


def _door(
    request: HttpRequest,
    link: TaskLink,
    token: str,
    *,
    form: CodeForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Before the code: nothing of the order, and of the recipient only what they recognize."""
    context = {
        "token": token,
        "form": form or CodeForm(),
        "problem": problem,
        "recipient": _masked(link.email),
        "waits": outsiders.has_code(link),
        "lost": request.method == "POST" and status == 403,
        "minutes": outsiders.CODE_LIFE.seconds // 60,
    }
    return render(request, "porting/link_door.html", context, status=status)


def _task(
    request: HttpRequest,
    link: TaskLink,
    token: str,
    order: PortOrder,
    form: Any,
    problem: str = "",
    *,
    kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "link": link,
        "token": token,
        "order": order,
        "form": form,
        "problem": problem,
        "kept": kept,
        "no_letter": _no_letter(link, order),
        "seen": outsiders.seen(link, order),
    }
    return render(request, "porting/link_task.html", context, status=status)


def _form(link: TaskLink, order: PortOrder, *data: Any) -> Any:
    return FORMS[link.purpose](*data, instance=order, org=order.org, link=link)


def _order(link: TaskLink) -> PortOrder:
    order: PortOrder = link.order.org.port_orders.whole().get(pk=link.order_id)
    return order


def _no_letter(link: TaskLink, order: PortOrder) -> str:
    return letters.why_no_letter(order) if link.purpose == Purpose.SIGNATURE else ""


def _masked(email: str) -> str:
    """The first letter and the domain: enough to know which mailbox to look into."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}•••@{domain}"
