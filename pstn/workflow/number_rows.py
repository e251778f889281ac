"""The rows beneath the verbs of numbers, in their transactions: a few statements, however many numbers."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.models import Organization, User
from lib.each import insert_for_each
from lib.phone import international
from lib.transitions import Refused
from pstn.models import Location, NumberBlock, NumberEvent, NumberOrder, PhoneNumber
from pstn.models.number_rules import kind_by_digits
from pstn.models.numbers import PhoneNumberQuerySet, taken
from pstn.workflow import quarantine

# Most numbers that one sentence names.
NAMED = 5


def insert(
    location: Location,
    e164s: Sequence[str],
    state: str,
    *,
    kind: str = PhoneNumber.Kind.STANDARD,
    order: NumberOrder | None = None,
    block: NumberBlock | None = None,
    by_port: bool = False,
) -> None:
    """Insert rows in order of the number: two who want the same ones take turns and never lock crosswise.

    Call it in a transaction that a Refused undoes: some of the rows may be there by then.
    """
    by_kind: dict[str, list[str]] = {}
    for e164 in sorted(e164s):
        by_kind.setdefault(kind_by_digits(e164, kind), []).append(e164)
    common = {
        "org": location.org,
        "location": location,
        "state": state,
        "number_order": order,
        "block": block,
    }
    gone = set(e164s)
    for each, alike in sorted(by_kind.items()):
        row = PhoneNumber(kind=each, **common)
        gone -= set(insert_for_each(row, alike, only_new="e164", e164="one", tail="reverse(ltrim(one, '+'))"))
    if gone:
        raise Refused(_are_gone(location.org, gone))
    # Asked last: whoever was deleting one of them has done so by now.
    quarantine.make_way(location.org, e164s, by_port=by_port)


def _are_gone(org: Organization, e164s: Iterable[str]) -> str:
    """The sentence for numbers that cannot be listed: where they are only if that is with us."""
    owners = taken(e164s)
    named = ", ".join(international(e164) for e164 in sorted(owners)[:NAMED]) or _("one of these numbers")
    if len(owners) > NAMED:
        named = _("%(numbers)s and %(n)s more") % {"numbers": named, "n": len(owners) - NAMED}
    if owners and set(owners.values()) == {org.pk}:
        return _("Already in your inventory: %(numbers)s.") % {"numbers": named}
    return _("Not to be had any more: %(numbers)s.") % {"numbers": named}


def drop(org: Organization, numbers: PhoneNumberQuerySet, what: str, *, note: str = "") -> None:
    found = list(numbers.select_for_update().order_by("e164").values_list("pk", "e164", "state"))
    org.phone_numbers.filter(pk__in=[pk for pk, _e164, _state in found]).delete()
    tell(org, [e164 for _pk, e164, _state in found], what, before=found[0][2] if found else "", note=note)


def tell(
    org: Organization,
    e164s: Iterable[str],
    what: str,
    *,
    before: str = "",
    after: str = "",
    by: User | None = None,
    note: str = "",
) -> None:
    event = NumberEvent(org=org, what=what, before=before, after=after, by=by, note=note)
    insert_for_each(event, list(e164s), e164="one")
