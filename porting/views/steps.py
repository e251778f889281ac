"""The port wizard: a draft begins, and each step has its own page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from porting import bill_beside, documents_wanted, drafting, letters, preflight, splitting, wizard
from porting.forms.base import StepForm
from porting.forms.groups import plan_cards
from porting.forms.start import LocationForm, NumbersForm
from porting.models import PortOrder
from porting.models.gaps import letter_lack
from porting.preflight import page as preflight_page
from porting.views.reach import whole_order
from porting.wizard import Step


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def order_create(request: OrgRequest) -> HttpResponse:
    """What to have at hand; starting makes the draft."""
    if request.method == "GET" or request.org.is_trial:
        drafts = request.org.port_orders.within(request.membership).drafts().order_by("-updated_at")
        context = {"drafts": drafts[:5], "location": request.GET.get("location", "")}
        status = 403 if request.method == "POST" else 200
        return render(request, "porting/order_create.html", context, status=status)
    order = PortOrder(org=request.org, created_by=request.user)
    form = LocationForm(request.POST, instance=order, org=request.org, membership=request.membership)
    if form.is_valid():
        order.location = form.cleaned_data["location"]
        order.country = form.cleaned_data["location"].country
    else:
        order.location = None
    order.save()
    audit.record("port_order.create", order)
    return redirect(wizard.next_url(order))


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT)
def order_step(request: OrgRequest, pk: int, slug: str) -> HttpResponse:
    order = whole_order(request, pk)
    step = wizard.STEPS.get(slug)
    if step is None or (request.method == "POST" and step.form is None):
        raise Http404(f"no such step: {slug}")
    if not order.is_editable or (slug == "location" and not order.is_draft):
        return redirect(order)
    if step.slug not in ("location", "review") and order.location_id is None:
        return redirect(wizard.step_url(order, "location"))
    if request.method == "POST":
        return _save(request, order, step)
    form = None
    if step.form:
        form = step.form(instance=order, org=request.org, membership=request.membership)
    return _page(request, order, step, form)


def _save(request: OrgRequest, order: PortOrder, step: Step) -> HttpResponse:
    if step.slug == "loa" and letters.why_not_sign(request.membership, order):
        raise PermissionDenied
    assert step.form is not None
    form = step.form(
        request.POST, request.FILES, instance=order, org=request.org, membership=request.membership
    )
    then = request.POST.get("then", "")
    valid = form.is_valid()
    if isinstance(form, NumbersForm) and (then == "check" or not valid) and then != "leave":
        return _numbers_again(request, order, step, form, then)
    if then == "leave" and not valid and form.can_wait:
        form.forget_errors()
        valid = True
    saves = valid or form.keeps_file
    try:
        if saves:
            drafting.save_step(order, form, version=request.POST.get("version", ""), by=request.user)
    except drafting.Stale as stale:
        form.add_error(None, stale_sentence(stale))
        return _page(request, order, step, form, status=409, compare=True)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, order, step, form, status=409)
    if not valid:
        return _page(request, order, step, form, status=422, renewed=saves)
    if then == "leave":
        messages.success(request, _("%(order)s is saved as a draft.") % {"order": order})
        return redirect(reverse("pstn:order_list", args=[request.org.slug]))
    if step.slug == "plan" and then:
        # Moved about: look at the plan again.
        messages.success(request, splitting.sentence(splitting.suggestion(whole_order(request, order.pk))))
        return redirect(wizard.step_url(order, "plan"))
    return redirect(wizard.next_url(whole_order(request, order.pk)))


def _numbers_again(
    request: OrgRequest, order: PortOrder, step: Step, form: NumbersForm, then: str
) -> HttpResponse:
    """The numbers page once more: with the verdicts, or with only what can be ported left in the list."""
    if then == "clean" and form.reading and form.reading.kept:
        form = NumbersForm(
            {**request.POST.dict(), "numbers": form.reading.text()},
            instance=order,
            org=request.org,
            membership=request.membership,
        )
        form.is_valid()
    return _page(request, order, step, form, status=200 if then in ("check", "clean") else 422)


def stale_sentence(stale: drafting.Stale) -> str:
    """M-91: who was faster. What was typed stays in the form; sending it again is a decision."""
    when = timesince(stale.when) if stale.when else ""
    return _(
        "%(who)s changed this order %(when)s ago. Nothing of yours was saved. "
        "Compare, then save again to replace it."
    ) % {"who": stale.who, "when": when}


def _page(
    request: OrgRequest,
    order: PortOrder,
    step: Step,
    form: StepForm | None,
    status: int = 200,
    compare: bool = False,
    renewed: bool = False,
) -> HttpResponse:
    """A step's page. A bound form has written on its order what was typed, so the rest is read anew.

    A form with errors keeps the version that it came with; only who was told of a newer one, or made it by
    an upload, gets that.
    """
    if form is not None and form.is_bound:
        order = whole_order(request, order.pk)
    typed_on = "" if status == 409 or renewed else request.POST.get("version", "")
    context: dict[str, Any] = {
        "order": order,
        "step": step,
        "form": form,
        "title": _("Port numbers over"),
        "step_title": step.title,
        "steps": wizard.rail(order, step.slug),
        "rail": True,
        "back_url": wizard.previous_url(order, step.slug),
        "version": typed_on or order.version,
        "stored": form.stored(order) if form is not None and compare else [],
        "reading": getattr(form, "reading", None),
        "lacking": order.why_missing(),
    }
    if step.slug == "plan":
        ticked = frozenset((*request.POST.getlist("number"), *request.POST.getlist("whole")))
        context |= {"suggestion": plan_cards(order), "to": request.POST.get("to", ""), "ticked": ticked}
    if step.slug == "bill" and (papers := documents_wanted.facts(order, request.membership)):
        context["card"] = {"facts": papers}
    if step.slug in bill_beside.STEPS:
        context["bill"] = bill_beside.beside(order, step=step.slug, page=request.GET.get("bill_page", ""))
    if step.slug == "review":
        check = preflight.check(order, request.membership)
        context["preflight"] = preflight_page.of(order, check)
    if step.slug == "carrier":
        context["hints"] = preflight_page.hints(order, request.membership)
    if step.slug == "location":
        context["others"] = _unfit_locations(request)
    if step.slug in ("loa", "review"):
        context |= letter_facts(request, order)
    return render(request, step.template, context, status=status)


def letter_facts(request: OrgRequest, order: PortOrder) -> dict[str, Any]:
    """What the pages say of the letter: whether there is one, who may sign, who was asked."""
    paper = order.paper("loa")
    holds = paper is not None and not letter_lack(order)
    return {
        "no_letter": letters.why_no_letter(order),
        "not_signer": letters.why_not_sign(request.membership, order),
        "on_paper": letters.is_on_paper(order),
        "skipped": letters.is_skipped(order),
        "contact": letters.contact(order),
        "asked": order.signature_requests.select_related("by").first(),
        "letter": paper,
        "letter_holds": holds,
        "letter_lack": letter_lack(order),
        "letter_changes": letters.changes(paper.signature, order) if paper and not holds else [],
    }


def _unfit_locations(request: OrgRequest) -> list[tuple[str, str, str]]:
    """Locations that numbers cannot be ported to, each with the reason and the page that changes it."""
    rows = request.org.locations.within(request.membership).with_standing()
    unfit = []
    for location in rows[:50]:
        connection = location.ready_connection
        if connection is None:
            reason = _("It has no PSTN connection yet.")
        elif not connection.sells_numbers:
            reason = _("Its numbers come through your own gateway.")
        else:
            continue
        unfit.append(
            (location.name, reason, reverse("pstn:location_pstn", args=[request.org.slug, location.pk]))
        )
    return unfit
