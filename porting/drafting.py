"""Changing what an order says while it is a draft or stands rejected; its state is workflow's."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from lib.documents import Accepted
from lib.transitions import Refused
from porting import intake
from porting.intake import Line
from porting.models import PortDocument, PortedNumber, PortOrder
from pstn.workflow import numbers as inventory

if TYPE_CHECKING:
    from porting.forms.base import StepForm

# What a split-off order starts with: everything of the account that is surely the same.
SAME_IN_SPLIT = (
    "location",
    "country",
    "requested_date",
    "notify",
    "company_name",
    "authorized_name",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
)


class Stale(Exception):
    """Somebody else saved the order since this person opened it."""

    def __init__(self, order: PortOrder) -> None:
        super().__init__(str(order))
        self.who: str = str(order.edited_by or _("Somebody"))
        self.when: datetime | None = order.edited_at


def save_step(order: PortOrder, form: "StepForm", *, version: str, by: User) -> None:
    """Save a valid form if nobody saved the order since `version`; else Stale, or Refused, and no change."""
    with transaction.atomic():
        _lock(order, version)
        set_to = form.apply(by)
        _touched(order, by)
        audit.record("port_order.edit", order, after=set_to)


def set_numbers(order: PortOrder, lines: Iterable[Line], *, typed: str = "") -> None:
    """Let the order carry exactly these numbers. What leaves a rejected order leaves the inventory too."""
    rows = {row.e164: row for row in intake.rows(order, lines)}
    stored = {row.e164: row for row in order.numbers.filter()}  # not what was read before the lock
    _take_out(order, [row for e164, row in stored.items() if e164 not in rows])
    for e164 in rows.keys() & stored.keys():
        rows[e164].pk, rows[e164].is_listed = stored[e164].pk, stored[e164].is_listed
    order.numbers.bulk_create([row for row in rows.values() if row.pk is None])
    order.numbers.bulk_update(
        [row for row in rows.values() if row.e164 in stored],
        ["portable", "reason", "losing_carrier", "rate_center", "is_wireless"],
        batch_size=500,
    )
    _recount(order, typed)


def remove_named(order: PortOrder, *, by: User) -> int:
    """Take out the numbers that the last rejection is about; answers how many."""
    with transaction.atomic():
        _lock(order)
        named = list(order.numbers.filter(is_named_in_reject=True))
        if not named or len(named) == order.number_count:
            raise Refused(_("Nothing would be left of the order. Cancel it instead."))
        _take_out(order, named)
        _recount(order, "")
        _touched(order, by)
        audit.record("port_order.edit", order, after={"removed": [row.e164 for row in named]})
        return len(named)


def split(
    order: PortOrder, away: Iterable[str], *, by: User, keep: Iterable[Line] = (), typed: str = ""
) -> PortOrder:
    """Move numbers of an order into a new draft beside it. `keep`, if given, is what both have then.

    `typed` is what stays in the text field when lines of it still need a look.
    """
    with transaction.atomic():
        _lock(order)
        leaving, kept = list(away), list(keep)
        if kept:
            set_numbers(order, kept)
        moved = list(order.numbers.filter(e164__in=leaving))
        staying = order.numbers.exclude(e164__in=leaving).exists()
        if not leaving or not staying:
            raise Refused(_("Both orders need at least one number."))
        _take_out(order, moved)
        _recount(order, typed)
        same = {name: getattr(order, name) for name in SAME_IN_SPLIT}
        other: PortOrder = order.org.port_orders.create(**same, created_by=by, number_count=len(leaving))
        known = {row.e164: row for row in moved}
        other.numbers.bulk_create(_copied(other, e164, known.get(e164)) for e164 in leaving)
        _touched(order, by)
        audit.record("port_order.split", order, after={"into": other.reference, "numbers": leaving})
        return other


def keep_bill(
    order: PortOrder, accepted: Accepted | None, *, name: str, dated: date | None, by: User
) -> PortDocument | None:
    """Store a checked bill in place of the former, which stays as history; or only correct its date."""
    current = order.documents.current().filter(kind=PortDocument.Kind.BILL)
    if accepted is None:
        if dated is not None:
            current.update(dated=dated)
        return current.first()
    current.update(superseded_at=now())
    ending = accepted.kind
    return order.documents.create(
        kind=PortDocument.Kind.BILL,
        file=ContentFile(accepted.data, name=f"bill.{ending}"),
        preview=ContentFile(accepted.preview, name="preview.png"),
        media_type=accepted.content_type,
        original_name=name[-200:],
        sha256=accepted.sha256,
        size=len(accepted.data),
        pages=accepted.pages,
        dated=dated,
        uploaded_by=by,
    )


def _lock(order: PortOrder, version: str | None = None) -> None:
    """Take the row, so that submitting and editing take turns; refuse what was sent or saved meanwhile."""
    orders = order.org.port_orders.select_for_update(of=("self",))
    stored = orders.select_related("edited_by").get(pk=order.pk)
    if not stored.is_editable:
        raise Refused(_("%(order)s was sent meanwhile and cannot be changed now.") % {"order": order})
    if version is not None and version != str(stored.version):
        raise Stale(stored)


def _touched(order: PortOrder, by: User) -> None:
    order.org.port_orders.filter(pk=order.pk).update(
        version=F("version") + 1, edited_by=by, edited_at=now(), updated_at=now()
    )
    order.refresh_from_db()


def _take_out(order: PortOrder, rows: list[PortedNumber]) -> None:
    listed = [row.e164 for row in rows if row.is_listed]
    if listed:
        inventory.forget_port(order.org, listed)
    order.numbers.filter(e164__in=[row.e164 for row in rows]).delete()


def _recount(order: PortOrder, typed: str) -> None:
    count = order.numbers.filter().count()
    order.org.port_orders.filter(pk=order.pk).update(number_count=count, typed_numbers=typed)
    order.refresh_from_db()


def _copied(other: PortOrder, e164: str, known: PortedNumber | None) -> PortedNumber:
    row = PortedNumber(order=other, e164=e164)
    if known:
        row.losing_carrier, row.rate_center, row.is_wireless = (
            known.losing_carrier,
            known.rate_center,
            known.is_wireless,
        )
        row.portable, row.reason = known.portable, known.reason
    return row
