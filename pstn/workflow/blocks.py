"""Giving up a block of numbers, which goes only as a whole (PRODUCT N5)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, User
from lib import phone
from lib.transitions import Refused
from pstn.models import NumberBlock
from pstn.workflow import number_rows as rows
from pstn.workflow import quarantine


def release_block(block: NumberBlock, *, by: User, within: Membership) -> int:
    """All numbers of the block are deleted together, or none; answers how many.

    Refused names the first number that has to stay, or says that some are out of this person's reach.
    """
    with transaction.atomic():
        members = block.org.phone_numbers.filter(block=block)
        found = list(
            members.select_for_update(of=("self",)).select_related("location", "org").order_by("e164")
        )
        if not found:
            raise Refused(_("Its numbers are not in the inventory any more."))
        if members.within(within).count() != len(found):
            raise Refused(_("Some numbers of the block are at locations that you do not administer."))
        for number in found:
            if reason := number.why_not_delete(in_whole_block=True):
                shown = phone.international(number.e164)
                raise Refused(_("%(number)s has to stay: %(reason)s") % {"number": shown, "reason": reason})
        for state in sorted({number.state for number in found}):
            e164s = [number.e164 for number in found if number.state == state]
            rows.tell(block.org, e164s, "deleted", before=state, by=by, note=str(block)[:200])
        audit.record("number_block.release", block, before={"numbers": [number.e164 for number in found]})
        quarantine.rest(block.org, found, by=by)
    return len(found)
