"""Preparing numbers that are porting in: what is wanted is judged, and saved as a whole.

Nothing of it touches a number before it comes: no call is sent to anybody, no name is shown. What happens
then is in arrivals.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization, User
from lib import phone
from lib.transitions import Refused
from pstn.models import NumberEvent, PhoneNumber, Preparation

S = PhoneNumber.State
FIELDS = ("assigned_to", "caller_name", "capabilities", "temporary_e164", "afterwards", "becomes_main")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants for one number: some of FIELDS. `version` is the one they saw; None: any."""

    number: PhoneNumber
    values: dict[str, Any]
    version: int | None = None


@dataclass(frozen=True)
class Problem:
    """Why it cannot be prepared so. `field` is one of FIELDS, or "" for the number itself."""

    field: str
    sentence: str


class NotPrepared(Exception):
    """Nothing was saved. `problems` by the number's primary key, one each."""

    def __init__(self, problems: dict[int, Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.sentence for problem in problems.values()))


def problems_of(org: Organization, wanted: Sequence[Wanted]) -> dict[int, Problem]:
    """What stands in the way of each, by the number's primary key. A fixed number of queries."""
    stored = _stored(org, wanted)
    typed = {one.values["temporary_e164"] for one in wanted if one.values.get("temporary_e164")}
    candidates = {row.e164: row for row in org.phone_numbers.filter(e164__in=typed)} if typed else {}
    held = org.preparations.filter(used_at=None).exclude(number__in=[one.number.pk for one in wanted])
    elsewhere = set(held.filter(temporary_e164__in=typed).values_list("temporary_e164", flat=True))
    mains = {one.number.location_id for one in wanted if one.values.get("becomes_main")}
    heirs: dict[int, str] = dict(
        held.filter(becomes_main=True, number__location__in=mains).values_list(
            "number__location_id", "number__e164"
        )
        if mains
        else []
    )
    found: dict[int, Problem] = {}
    for one in wanted:
        problem = (
            _why_not_number(one, stored.get(one.number.pk))
            or _why_not_temporary(one, candidates, elsewhere)
            or _why_not_main(one, heirs)
        )
        if problem:
            found[one.number.pk] = problem
            continue
        # What is taken by one line is not free for the next.
        if temporary := one.values.get("temporary_e164"):
            elsewhere.add(temporary)
        if one.values.get("becomes_main"):
            heirs[one.number.location_id] = one.number.e164
    return found


def prepare(org: Organization, wanted: Sequence[Wanted], *, by: User) -> int:
    """Save what is wanted for these numbers, all of it or none; answers how many changed.

    NotPrepared names each number that stands in the way.
    """
    with transaction.atomic():
        pks = [one.number.pk for one in wanted]
        fresh = {row.pk: row for row in _with_place(org, pks, lock=True)}
        wanted = [Wanted(fresh.get(one.number.pk, one.number), one.values, one.version) for one in wanted]
        stored = _stored(org, wanted)
        changed = [one for one in wanted if _differs(one, stored.get(one.number.pk))]
        if problems := problems_of(org, changed):
            raise NotPrepared(problems)
        _save(org, changed, stored, by)
        _tell_prepared(org, changed, by)
    return len(changed)


def settle_leftover(preparation: Preparation, *, by: User) -> None:
    """Somebody has looked after what could not be done when the number came."""
    with transaction.atomic():
        rows = preparation.org.preparations.select_for_update().filter(pk=preparation.pk)
        row = rows.left_over().first()
        if row is None:
            raise Refused(_("Nothing is left to do for this number."))
        left, row.left = row.left, ""
        row.save(update_fields=["left", "edited_at"])
        audit.record("number.settle_leftover", row, before={"left": left}, after={"by": by})


# --- Inside


def _with_place(org: Organization, pks: Iterable[int], *, lock: bool = False) -> Any:
    rows = org.phone_numbers.filter(pk__in=list(pks)).select_related("location").order_by("e164")
    return rows.select_for_update(of=("self",)) if lock else rows


def _stored(org: Organization, wanted: Sequence[Wanted]) -> dict[int, Preparation]:
    rows = org.preparations.filter(number__in=[one.number.pk for one in wanted]).select_related("edited_by")
    return {row.number_id: row for row in rows}


def _differs(one: Wanted, stored: Preparation | None) -> bool:
    now = stored or Preparation()
    return any(getattr(now, name) != value for name, value in one.values.items())


def _why_not_number(one: Wanted, stored: Preparation | None) -> Problem | None:
    if one.number.state != S.PORTING:
        return Problem("", _("It is not porting in any more; its own page has what it is used for."))
    if one.version is not None and one.version != (stored.version if stored else 0):
        assert stored, "a version other than 0 is stored"
        return Problem(
            "",
            _("%(who)s changed this on %(when)s to: %(what)s. Save again to overwrite it.")
            % {
                "who": stored.edited_by or _("Somebody"),
                "when": date_format(timezone.localtime(stored.edited_at), "M j, H:i"),
                "what": in_words(stored),
            },
        )
    return None


def in_words(row: Preparation) -> str:
    """What is prepared, in one line."""
    parts = [row.assigned_to, row.caller_name, row.capability_words, row.temporary_shown]
    parts.append(str(_("main number")) if row.becomes_main else "")
    return " · ".join(part for part in parts if part) or _("nothing")


def _why_not_temporary(
    one: Wanted, candidates: dict[str, PhoneNumber], elsewhere: set[str]
) -> Problem | None:
    wanted = one.values.get("temporary_e164", "")
    if not wanted:
        return None
    candidate = candidates.get(wanted)
    shown = {"number": phone.international(wanted), "location": one.number.location}
    if candidate is None or candidate.location_id != one.number.location_id or candidate.state != S.ACTIVE:
        said = _("%(number)s is not an active number of %(location)s.") % shown
    elif wanted in elsewhere:
        said = _("%(number)s stands in for another number already.") % shown
    else:
        return None
    return Problem("temporary_e164", said)


def _why_not_main(one: Wanted, heirs: dict[int, str]) -> Problem | None:
    other = heirs.get(one.number.location_id) if one.values.get("becomes_main") else None
    if other is None:
        return None
    said = _("%(number)s is already to become the main number of %(location)s.")
    shown = {"number": phone.international(other), "location": one.number.location}
    return Problem("becomes_main", said % shown)


def _save(org: Organization, changed: Sequence[Wanted], stored: dict[int, Preparation], by: User) -> None:
    names = {one.values["temporary_e164"] for one in changed if one.values.get("temporary_e164")}
    temporaries = {row.e164: row for row in org.phone_numbers.filter(e164__in=names)} if names else {}
    rows = []
    for one in changed:
        row = stored.get(one.number.pk) or Preparation(org=org, number=one.number)
        for name, value in one.values.items():
            setattr(row, name, value)
        row.temporary = temporaries.get(row.temporary_e164) if row.temporary_e164 else None
        row.version, row.edited_by, row.edited_at = row.version + 1, by, timezone.now()
        rows.append(row)
    old, new = [row for row in rows if row.pk], [row for row in rows if not row.pk]
    # Two numbers may exchange their temporary ones: let go first, because each stands in for one only.
    org.preparations.filter(pk__in=[row.pk for row in old]).update(temporary=None)
    fields = [*FIELDS, "temporary", "version", "edited_by", "edited_at"]
    org.preparations.bulk_update(old, fields, batch_size=200)
    Preparation._base_manager.bulk_create(new, batch_size=200)


def _tell_prepared(org: Organization, changed: Sequence[Wanted], by: User) -> None:
    if not changed:
        return
    NumberEvent._base_manager.bulk_create(
        NumberEvent(org=org, e164=one.number.e164, what="prepared", before=S.PORTING, after=S.PORTING, by=by)
        for one in changed
    )
    after = {one.number.e164: one.values for one in changed}
    subject = changed[0].number if len(changed) == 1 else org
    audit.record("number.prepare", subject, org=org, after={"numbers": after})
