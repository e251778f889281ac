"""What a trial organization may have: a small number of standard numbers, and none of the rest."""

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.models import Organization
from pstn.models import BackOrder

# Standard numbers in total, those still being provided included.
TRIAL_NUMBERS = 10


def used(org: Organization) -> int:
    """How many ordered numbers a trial has now: also those that a back-order still brings, and deleted ones
    for as long as they can be restored."""
    waiting = BackOrder._base_manager.filter(order__org=org, ended_at=None)
    to_come: int = waiting.aggregate(n=Sum(F("quantity") - F("came")))["n"] or 0
    return org.phone_numbers.exclude(number_order=None).count() + to_come + _resting(org)


def _resting(org: Organization) -> int:
    count: int = org.resting_numbers.filter(is_from_carrier=True).count()
    return count


def left(org: Organization) -> int | None:
    """How many more numbers the organization may order; None when there is no such limit."""
    return max(0, TRIAL_NUMBERS - used(org)) if org.is_trial else None


def sentence(org: Organization) -> str:
    """M-33: what is used, and what a paid subscription adds."""
    told = _(
        "Trial: %(used)s of %(most)s numbers used. "
        "Blocks, toll-free and porting come with a paid subscription."
    ) % {"used": used(org), "most": TRIAL_NUMBERS}
    if _resting(org):
        told += " " + _("Deleted numbers count for as long as they can be restored.")
    return told
