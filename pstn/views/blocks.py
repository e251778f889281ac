"""A block of numbers: its members, and giving it up as a whole."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib.transitions import Refused
from pstn import typed_count
from pstn.models import NumberBlock, PhoneNumber
from pstn.workflow import blocks as workflow


@require_safe
def block_detail(request: OrgRequest, pk: int) -> HttpResponse:
    block = _block(request, pk)
    numbers = _members(request, block)
    context = {"number_block": block, "numbers": numbers, "reasons": _reasons(numbers)}
    return render(request, "pstn/block_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT)
def block_release(request: OrgRequest, pk: int) -> HttpResponse:
    """Ask, then give up all its numbers together."""
    block = _block(request, pk)
    numbers = _members(request, block)
    error = typed_count.problem(request.POST.get("confirm", ""), len(numbers))
    if request.method != "POST" or error:
        context = {"number_block": block, "numbers": numbers, "reasons": _reasons(numbers)}
        context |= {"quarantine_days": settings.QUARANTINE_DAYS, "is_grave": len(numbers) > typed_count.OVER}
        context["confirm_error"] = error if request.method == "POST" else ""
        status = 422 if request.method == "POST" else 200
        return render(request, "pstn/block_release.html", context, status=status)
    try:
        count = workflow.release_block(block, by=request.user, within=request.membership)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(block)
    text = ngettext("%(n)s number of the block is deleted.", "%(n)s numbers of the block are deleted.", count)
    messages.success(request, text % {"n": count})
    return redirect("pstn:number_list", request.org.slug)


def _block(request: OrgRequest, pk: int) -> NumberBlock:
    """One of which this person reaches a number."""
    block: NumberBlock = get_object_or_404(request.org.number_blocks.select_related("org"), pk=pk)
    get_object_or_404(request.org.phone_numbers.within(request.membership).filter(block=block)[:1])
    return block


def _members(request: OrgRequest, block: NumberBlock) -> list[PhoneNumber]:
    rows = request.org.phone_numbers.within(request.membership).filter(block=block)
    return list(rows.select_related("org", "location", "block").order_by("e164"))


def _reasons(numbers: list[PhoneNumber]) -> list[tuple[PhoneNumber, str]]:
    """The numbers that keep the block from being released, each with why."""
    found = [(number, number.why_not_delete(in_whole_block=True)) for number in numbers]
    return [(number, reason) for number, reason in found if reason]
