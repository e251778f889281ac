"""Orders that belong together: what is shared, which are sent, and that they move on one day.

Alignment: when every order of a group that is at the carrier has a FOC date and the dates differ, the earlier
ones are asked to move to the latest. An order is asked once for each such day, only while that is free, and
what cannot be done is told in the group's history. Drafts and ended orders hold nobody up.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from lib.queue import later
from lib.transitions import Refused
from porting import deadlines
from porting.models import FeeBand, GroupEvent, PortGroup, PortOrder
from porting.workflow import orders as workflow

Verb = GroupEvent.Verb


class Stale(Exception):
    """Somebody else saved the group since this person opened it."""

    def __init__(self, group: PortGroup) -> None:
        super().__init__(str(group))
        self.who: str = str(group.edited_by or _("Somebody"))
        self.when: datetime | None = group.edited_at


def change_shared(group: PortGroup, values: dict[str, Any], *, version: str, by: User) -> int:
    """Set what is shared; drafts that say nothing else themselves follow. Answers how many drafts changed."""
    with transaction.atomic():
        group.lock()
        if version != str(group.version):
            raise Stale(group)
        changed = [name for name, value in values.items() if getattr(group, name) != value]
        drafts = list(group.orders.drafts().select_for_update(of=("self",)).order_by("pk"))
        for name in changed:
            setattr(group, name, values[name])
        group.version, group.edited_by, group.edited_at = group.version + 1, by, now()
        group.save()
        following = [order for order in drafts if _follow(order, group, changed, by)]
        fields = [*changed, "version", "edited_by", "edited_at", "updated_at"]
        if following:
            group.orders.bulk_update(following, fields)
        if changed:
            group.events.create(verb=Verb.CHANGE, by=by)
            audit.record("port_group.edit", group, after={name: values[name] for name in changed})
        return len(following)


def set_alignment(group: PortGroup, *, on: bool, by: User) -> None:
    """Whether all orders of a group shall move on one day."""
    from porting.tasks import groups as tasks  # tasks call back into this module

    with transaction.atomic():
        group.lock()
        if group.is_aligned == on:
            return
        group.is_aligned = on
        group.save(update_fields=["is_aligned"])
        group.events.create(verb=Verb.ALIGN_ON if on else Verb.ALIGN_OFF, by=by)
        audit.record("port_group.align", group, after={"is_aligned": on})
        later(tasks.align, group.pk)


def detach(order: PortOrder, *, by: User) -> PortGroup:
    """Take an order out of its group: it goes on alone, with what it says now."""
    from porting.tasks import groups as tasks

    with transaction.atomic():
        order.lock()
        group = order.group
        if group is None:
            raise Refused(_("%(order)s belongs to no group.") % {"order": order})
        order.group, order.overrides = None, []
        order.save(update_fields=["group", "overrides", "updated_at"])
        group.events.create(verb=Verb.DETACH, order=order, by=by)
        audit.record("port_order.detach", order, before={"group": str(group)})
        later(tasks.align, group.pk)
        return group


def submit_ready(group: PortGroup, *, by: User) -> tuple[list[PortOrder], list[str]]:
    """Submit each draft that lacks nothing: those that went, and why others did not."""
    sent, refusals = [], []
    for order in group.orders.drafts().whole().order_by("pk"):
        if order.missing():
            continue
        try:
            workflow.submit(order, by=by)
        except Refused as refusal:
            refusals.append(f"{order}: {refusal}")
        else:
            sent.append(order)
    return sent, refusals


def align(group: PortGroup) -> None:
    """Ask for the latest FOC date for the orders that have an earlier one. Safe to run again and again."""
    with transaction.atomic():
        group.lock()
        if not group.is_aligned:
            return
        live = [
            order for order in group.orders.sent().whole().order_by("pk") if order.state not in order.DONE
        ]
        days = [order.foc_date for order in live if order.foc_date]
        if len(days) < len(live) or len(set(days)) < 2:
            return  # somebody still waits for a date, or all have the same
        target = max(days)
        for order in live:
            if order.foc_date != target:
                _bring(order, group, target)


def _bring(order: PortOrder, group: PortGroup, target: date) -> None:
    if order.wish:
        return  # whatever the carrier answers, the rule is looked at again
    told = {"order": order, "date": target}
    if group.events.filter(verb__in=[Verb.ALIGN, Verb.NOT_ALIGNED], **told).exists():
        return
    reason = _why_not(order)
    if not reason:
        try:
            workflow.request_date(order, day=target, by=None)
        except Refused as refusal:
            reason = str(refusal)
    group.events.create(verb=Verb.NOT_ALIGNED if reason else Verb.ALIGN, note=reason, **told)


def _why_not(order: PortOrder) -> str:
    if reason := deadlines.why_not_change(order):
        return reason
    if deadlines.quote(order, FeeBand.Kind.CHANGE).total:
        return _("A change costs something by now, so somebody must decide it.")
    return ""


def _follow(order: PortOrder, group: PortGroup, changed: list[str], by: User) -> bool:
    """Let a draft say what the group shares now, where it says nothing of its own."""
    names = [name for name in changed if name not in order.overrides]
    for name in names:
        setattr(order, name, getattr(group, name))
    if names:
        order.version, order.edited_by, order.edited_at = order.version + 1, by, now()
        order.updated_at = now()
    return bool(names)
