"""What the panel of one number shows beside the number itself. Its queries do not grow with anything."""

from typing import Any

from django.conf import settings

from accounts.models import Membership
from pstn.forms.number_edits import DescribeForm
from pstn.models import PhoneNumber
from pstn.number_actions import actions

MOST_EVENTS = 50
IN_HEADER = ("assign", "prepare", "activate", "deactivate", "delete")


def facts(number: PhoneNumber, membership: Membership) -> dict[str, Any]:
    """The context of templates/pstn/number_detail.html."""
    doable = actions(number) if membership.may_edit else []
    events = number.org.number_events.filter(e164=number.e164).order_by("-pk")
    tags = [row.tag.name for row in number.taggings.select_related("tag").order_by("tag__name")]
    initial = {"note": number.note, "tags": ", ".join(tags)}
    return {
        "number": number,
        "buttons": [action for action in doable if action.slug in IN_HEADER],
        "more": [action for action in doable if action.slug not in IN_HEADER],
        "events": events.select_related("by", "job__undone_by")[:MOST_EVENTS],
        "tags": tags,
        "describe_form": DescribeForm(initial=initial, auto_id="describe_%s"),
        "members": _members(number, membership),
        "quarantine_days": settings.QUARANTINE_DAYS,
        "port_in": _port_in(number, membership),
        "port_out": _port_out(number, membership),
    }


def _members(number: PhoneNumber, membership: Membership) -> list[str]:
    """The numbers of its block that are still here and within reach, itself among them."""
    if not number.block_id:
        return []
    rows = number.org.phone_numbers.within(membership).filter(block=number.block_id)
    return list(rows.order_by("e164").values_list("e164", flat=True))


# Ports are reached by their reverse relations: pstn does not know the porting app.


def _port_in(number: PhoneNumber, membership: Membership) -> Any:
    """The order that brings it, while it is on its way."""
    if number.state != PhoneNumber.State.PORTING:
        return None
    orders = number.org.port_orders.within(membership).filter(numbers__e164=number.e164)
    return orders.exclude(state="draft").order_by("-pk").first()


def _port_out(number: PhoneNumber, membership: Membership) -> Any:
    """The request that takes it away, while that is not settled."""
    if not number.is_from_carrier:
        return None
    requests = number.org.port_outs.within(membership).filter(numbers__e164=number.e164)
    return requests.exclude(state__in=requests.model.DONE).order_by("-pk").first()
