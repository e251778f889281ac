"""What can be done with one number now, and why the rest cannot: for its panel and the menu of its row."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from pstn.models import PhoneNumber


@dataclass(frozen=True)
class Action:
    """One entry. `why_not` is "" when it is possible; `is_post` acts at once, others open a page first."""

    slug: str
    label: str
    icon: str
    url: str
    why_not: str = ""
    is_post: bool = False


def actions(number: PhoneNumber) -> list[Action]:
    """For somebody who may edit; in the order in which they are shown."""
    found = [_assign(number)]
    if number.is_assigned:
        found.append(
            _action(number, "unassign", _("Unassign"), "user-x", number.why_not_unassign(), is_post=True)
        )
    if number.state == PhoneNumber.State.ACTIVE:
        why_not = number.why_not_deactivate()
        found.append(_action(number, "deactivate", _("Deactivate"), "phone-off", why_not, is_post=True))
    else:
        why_not = number.why_not_activate()
        found.append(_action(number, "activate", _("Activate"), "phone-call", why_not, is_post=True))
    return [
        *found,
        _action(number, "move", _("Move"), "move-right", number.why_not_move()),
        _action(number, "retype", _("Change type"), "shapes", number.why_not_retype()),
        _address(number),
        _action(number, "describe", _("Note and tags"), "tag", ""),
        *_block(number),
        _action(number, "delete", _("Delete"), "trash-2", number.why_not_delete()),
    ]


def _assign(number: PhoneNumber) -> Action:
    if number.state == PhoneNumber.State.PORTING:
        return _action(number, "prepare", _("Prepare"), "user-plus", "")
    label = _("Change assignment") if number.is_assigned else _("Assign")
    # What somebody has already can be changed, whatever would speak against giving it to them today.
    return _action(
        number, "assign", label, "user-plus", "" if number.is_assigned else number.why_not_assign()
    )


def _address(number: PhoneNumber) -> Action:
    url = reverse("emergency:number_address_edit", args=[number.org.slug, number.e164])
    return Action("address", _("Emergency address"), "siren", url, number.why_not_address())


def _block(number: PhoneNumber) -> list[Action]:
    """A number of a block goes with all of them."""
    if not number.block_id:
        return []
    url = reverse("pstn:block_release", args=[number.org.slug, number.block_id])
    return [Action("release", _("Release block"), "boxes", url)]


def _action(
    number: PhoneNumber, slug: str, label: str, icon: str, why_not: str, *, is_post: bool = False
) -> Action:
    url = reverse(f"pstn:number_{slug}", args=[number.org.slug, number.e164])
    return Action(slug, label, icon, url, why_not, is_post)
