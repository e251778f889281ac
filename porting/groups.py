"""What pages say of a group of port orders: how it stands, what each order lacks, what happened to all."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from accounts.models import Membership
from porting import next_steps, wizard
from porting.models import PortGroup, PortOrder
from porting.models.groups import SHARED, GroupStatus, status_of
from pstn.progress import Told


@dataclass(frozen=True)
class Child:
    """An order of a group. `lacks` is what a draft needs next, at `url`; of a sent one what happens next."""

    order: PortOrder
    lacks: str
    url: str

    @property
    def is_ready(self) -> bool:
        return self.order.is_draft and not self.lacks


def children(group: PortGroup) -> list[Child]:
    """A group's orders, in a fixed number of queries."""
    orders = group.orders.whole().prefetch_related("events__by").order_by("pk")
    return [_child(order) for order in orders]


def _child(order: PortOrder) -> Child:
    if not order.is_draft:
        return Child(order, next_steps.what_next(order).sentence, order.get_absolute_url())
    lacking = order.why_missing()
    slug, lack = next(iter(lacking.items()), ("review", ""))
    return Child(order, lack, wizard.step_url(order, slug))


def history(group: PortGroup, shown: list[Child]) -> list[Told]:
    """What happened to the group and to its orders, newest first: the last fifty things."""
    told = [
        Told(event.sentence, event.at, event.who, event.note)
        for event in group.events.select_related("by").order_by("-pk")[:50]
    ]
    references = {child.order.pk: child.order.reference for child in shown}
    events = [event for child in shown for event in child.order.events.all()]
    for event in events:
        said = f"{references[event.order_id]}: {next_steps.sentence(event)}"
        told.append(Told(said, event.at, next_steps.who(event), event.note))
    return sorted(told, key=lambda one: one.at, reverse=True)[:50]


def status(shown: list[Child]) -> GroupStatus:
    return status_of(child.order.state for child in shown)


def facts(order: PortOrder, membership: Membership) -> dict[str, Any] | None:
    """The card of an order that belongs to a group. Two queries, and none for an order that is alone."""
    if order.group_id is None:
        return None
    group = order.org.port_groups.get(pk=order.group_id)
    siblings = list(group.orders.exclude(pk=order.pk).within(membership).order_by("pk"))
    own = order.overrides if order.is_editable else []
    return {
        "group": group,
        "url": group.get_absolute_url(),
        "siblings": siblings,
        "overrides": [(name, _label(name), _shown(getattr(group, name))) for name in SHARED if name in own],
        "may_edit": membership.may_edit,
        "detach_url": reverse("porting:order_detach", args=[order.org.slug, order.pk]),
        "shared_url": reverse("porting:order_use_shared", args=[order.org.slug, order.pk]),
    }


def shared_rows(group: PortGroup) -> list[tuple[str, str]]:
    """What is shared, as pairs to show."""
    return [(_label(name), _shown(value)) for name, value in group.shared().items() if value]


def _label(name: str) -> str:
    field: Any = PortGroup._meta.get_field(name)
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


def _shown(value: Any) -> str:
    if value in (None, ""):
        return _("nothing")
    if hasattr(value, "isoformat"):
        return time_format(value) if hasattr(value, "hour") else date_format(value)
    return str(value)
