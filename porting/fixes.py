"""Mending a rejected order in place: why it was rejected, what was sent, and the field that must change."""

from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Membership
from lib.phone import international
from porting import bill_beside, letters, readings, wizard
from porting.errors import PortingError
from porting.errors import error as reason
from porting.forms.base import MASK, StepForm
from porting.models import PortDocument, PortedNumber, PortOrder
from porting.reasons import Resend

# What opens beside an error's own field, because it is changed in the same breath.
TOGETHER = {
    "btn_mismatch": ("btn",),
    "pending_main_btn": ("full_port", "remaining", "new_btn"),
    "service_address_mismatch": ("address_line1", "address_line2", "city", "region"),
    "foc_rejected": ("requested_date",),
    "bill_invalid": ("bill", "dated"),
    "loa_invalid": ("first_name", "last_name", "title", "drawn", "consent", "shown"),
}
TOGETHER["port_type"] = TOGETHER["pending_main_btn"]
# The named numbers go into an order of their own in one press.
SPLIT = frozenset({"multiple_btns", "split_required"})
# The plan of the split says which numbers can be together.
PLANNED = SPLIT | {"pending_main_btn", "tn_mismatch", "port_type"}


@dataclass(frozen=True)
class Fix:
    """The first card of a rejected order. `step` must be done now: the error's own, or what it led to."""

    error: PortingError
    detail: str
    is_ours: bool  # found by our own check; the carrier has not seen it
    named: list[PortedNumber]
    sent: list[tuple[str, str]]  # once it is edited: what it says now
    is_edited: bool
    step: str
    form: StepForm | None
    lacking: str  # why `step` must be done although the error was about another
    may_split: bool
    may_remove: bool
    ready: bool  # mended: only sending is left
    bill: PortDocument | None
    beside: bill_beside.Beside | None  # the bill with the place of the field, once it was read
    attempt: str  # "2nd": which one was rejected
    earlier: list[str]  # what the attempts before it were rejected for, oldest first
    not_signer: str = ""

    @property
    def title(self) -> str:
        return str(self.error.title)

    @property
    def may_send_again(self) -> bool:
        """Whether it can be sent as it is, once the cause is gone."""
        return self.error.resend == Resend.WAIT and not self.is_edited

    @property
    def may_plan(self) -> bool:
        return self.error.code in PLANNED and not self.is_edited and "plan" in wizard.STEPS


def of(
    order: PortOrder,
    membership: Membership,
    data: Any = None,
    files: Any = None,
) -> Fix | None:
    """How a rejected order is mended now, or None when it is not rejected. `data` binds the form."""
    error = order.rejection
    if error is None:
        return None
    named = [row for row in order.numbers.all() if row.is_named_in_reject]
    lacking = order.why_missing()
    edited = order.edited_at is not None and order.edited_at > order.moved_at
    # First what was rejected; once that is changed, what the change made necessary, such as a new signature.
    step = next(iter(lacking), "") if edited else error.step
    some_named = bool(named) and len(named) < order.number_count
    about_numbers = error.step == "numbers" or error.code == "pending_main_btn"
    return Fix(
        error=error,
        detail=order.reject_detail,
        is_ours=order.reject_source == "preliminary",
        named=named,
        sent=_sent(order, error),
        is_edited=edited,
        step=step,
        form=_form(order, membership, step, error, edited=edited, data=data, files=files),
        lacking=lacking.get(step, "") if edited else "",
        may_split=error.code in SPLIT and some_named and not edited,
        may_remove=about_numbers and error.code not in SPLIT and some_named and not edited,
        ready=edited and not lacking,
        bill=order.paper("bill"),
        beside=_beside(order, error) if step == "carrier" else None,
        attempt=str(ordinal(max(order.attempt, 1))),
        earlier=_earlier(order),
        not_signer=letters.why_not_sign(membership, order) if step == "loa" else "",
    )


def _beside(order: PortOrder, error: PortingError) -> bill_beside.Beside | None:
    """The bill beside the field, if the field is one that a bill shows and a worker has read this one."""
    compared = tuple(name for name in _names(error) if name in readings.COMPARED)
    if not compared or readings.findings(order) is None:
        return None
    return bill_beside.beside(order, step="fix", only=compared)


def _earlier(order: PortOrder) -> list[str]:
    """The rejections before the last one: a carrier names one reason at a time."""
    rejected = [event for event in order.events.all() if event.verb == "reject"]
    return [str(reason(event.code).title) for event in rejected[:-1]]


def _names(error: PortingError) -> tuple[str, ...]:
    return TOGETHER.get(error.code, (error.field,) if error.field else ())


def _form(
    order: PortOrder,
    membership: Membership,
    step: str,
    error: PortingError,
    *,
    edited: bool,
    data: Any,
    files: Any,
) -> StepForm | None:
    """The fields that open in place; None where the step has a page of its own or somebody else must act."""
    known = wizard.STEPS.get(step)
    if known is None or known.form is None or step in ("numbers", "plan", "location"):
        return None
    if step == "loa" and (
        letters.is_on_paper(order) or letters.why_not_sign(membership, order) or letters.why_no_letter(order)
    ):
        return None
    only = () if edited and step != error.step else _names(error)
    bound = (data, files) if data is not None else ()
    return known.form(*bound, instance=order, org=order.org, membership=membership, only=only)


def _sent(order: PortOrder, error: PortingError) -> list[tuple[str, str]]:
    """What the carrier was told, as far as the error is about it; secrets are masked."""
    pairs = []
    stored = {field.name: field for field in PortOrder._meta.concrete_fields}
    for name in _names(error):
        if name not in stored:
            continue
        value = getattr(order, name)
        if value in ("", None):
            shown = _("nothing")
        elif name in ("pin", "account_number"):
            shown = MASK + str(value)[-2:] if len(str(value)) > 6 else MASK
        elif name in ("btn", "new_btn"):
            shown = international(value)
        elif isinstance(value, bool):
            shown = _("All numbers") if value else _("Only some numbers")
        else:
            shown = date_format(value) if hasattr(value, "year") else str(value)
        pairs.append((capfirst(str(stored[name].verbose_name)), shown))
    return pairs
