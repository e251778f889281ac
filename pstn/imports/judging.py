"""The dry run: each staged row against the inventory, chunk by chunk. It changes staged rows only."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from accounts.models import Membership
from pstn.imports import places, sql
from pstn.imports.places import Place, Places
from pstn.imports.rows import BadCell
from pstn.imports.sql import Mark, Match
from pstn.imports.staging import lease
from pstn.models import NumberImport, PhoneNumber, RestingNumber
from pstn.models import number_rules as rules
from pstn.workflow.file_changes import RELATED, Around, change, extension_taken, look_around, refuse_sessions

M, S = NumberImport.Mode, PhoneNumber.State
# Kinds of errors, and bad rows, that the page of the dry run shows.
KINDS_SHOWN, LINES_SHOWN = 20, 50


def judge(sent: NumberImport, until: float) -> bool:
    """Judge the rows that are not yet; False when `until` (monotonic time) came first.

    As with staging, a chunk and how far it is are one transaction.
    """
    while True:
        with transaction.atomic():
            it = sent.org.number_imports.select_for_update().get(pk=sent.pk)
            if it.state != "checking" or not it.is_staged or it.membership is None:
                return False
            last = _end_of_chunk(it)
            if last is None:
                return True
            judge_lines(it, it.membership, it.judged_to + 1, last)
            it.judged += _rows(it).filter(line__gt=it.judged_to, line__lte=last).count()
            it.judged_to, it.claimed_until, it.tries = last, lease(), 0
            it.save(update_fields=["judged", "judged_to", "claimed_until", "tries"])
        if time.monotonic() > until:
            return False


def judge_lines(it: NumberImport, membership: Membership, first: int, last: int) -> None:
    """Find out what each of these rows would do now."""
    reach = places.reached(it.org, membership)
    found = sql.matches(it.pk, first, last)
    marks = [_known(it, reach, match) for match in found if not _is_open(it, reach, match)]
    marks += _judged(it, membership, reach, [match for match in found if _is_open(it, reach, match)])
    if it.mode in (M.UPDATE, M.DELETE):
        marks += _missing(it, sql.strangers(it.pk, first, last))
    sql.mark(it.pk, marks)
    if it.mode in (M.CREATE, M.UPSERT):
        judge_new(it, reach, first, last)


def summary(it: NumberImport) -> dict[str, Any]:
    """What all rows would do, the kinds of errors, and the first bad rows; once, for the page."""
    rows = _rows(it).order_by()
    plan = dict(rows.values_list("plan").annotate(n=Count("line")))
    bad = _rows(it).filter(plan="x")
    kinds = (
        bad.order_by()
        .values("column", "code")
        .annotate(n=Count("line"), text=Max("text"))
        .order_by("-n", "code")
    )
    lines = bad.order_by("line").values_list("line", "e164", "column", "text")[:LINES_SHOWN]
    return {
        "plan": plan,
        "kinds": [[row["column"], row["n"], row["text"]] for row in kinds[:KINDS_SHOWN]],
        "first": [list(line) for line in lines],
        "new_owners": _new_owners(it, plan),
    }


def _rows(it: NumberImport) -> Any:
    return it.lines.all()


def _end_of_chunk(it: NumberImport) -> int | None:
    """The last line of the next chunk; None when all are judged."""
    if it.judged_to >= it.staged_to:
        return None
    size = 2 * settings.IMPORT_SLICE
    lines = _rows(it).filter(line__gt=it.judged_to).order_by("line").values_list("line", flat=True)
    return next(iter(lines[size - 1 : size]), it.staged_to)


# --- Numbers that are here


def _is_open(it: NumberImport, reach: Places, match: Match) -> bool:
    """Whether the rules for the number itself must be asked."""
    ours = match.org_pk == it.org_id and match.location_pk in reach.by_pk
    if it.mode != M.CREATE:
        return ours and (it.mode == M.DELETE or not match.is_same)
    # The matching SQL compares the rest, but neither of these two.
    return ours and (match.wish.tags is not None or match.wish.address_id is not None)


def _known(it: NumberImport, reach: Places, match: Match) -> Mark:
    if match.org_pk != it.org_id:
        return Mark(match.line, "x", "number", "not_to_be_had", not_to_be_had())
    if match.location_pk not in reach.by_pk:
        return Mark(match.line, "x", "number", "elsewhere", _("It belongs to another location."))
    return Mark(match.line, "s") if match.is_same else _otherwise(match, reach)


def _otherwise(match: Match, reach: Places) -> Mark:
    sentence = _("It is at %(location)s already, with other values. Choose “Add and change” to change it.")
    text = sentence % {"location": reach.by_pk[match.location_pk].name}
    return Mark(match.line, "x", "number", "here_otherwise", text)


def not_to_be_had() -> str:
    """Of another organization's number nothing more is said."""
    return _("This number cannot be added. Check it with your provider.")


def _judged(it: NumberImport, membership: Membership, reach: Places, found: Sequence[Match]) -> list[Mark]:
    if not found:
        return []
    numbers = load(it, [match.number_pk for match in found])
    if it.mode == M.DELETE:
        whole = whole_blocks(it, numbers.values())
        return [_deletion(match, numbers[match.number_pk], whole) for match in found]
    around = look_around(it.org, membership, [match.wish for match in found], numbers.values())
    marks = [_change(match, numbers[match.number_pk], around) for match in found]
    if it.mode != M.CREATE:
        return marks
    return [
        mark if mark.plan == "s" else _otherwise(match, reach)
        for mark, match in zip(marks, found, strict=True)
    ]


def load(it: NumberImport, pks: Sequence[int], *, lock: bool = False) -> dict[int, PhoneNumber]:
    """Numbers with what the rules ask of them; locked in order of the number, if asked."""
    rows = it.org.phone_numbers.filter(pk__in=pks).select_related(*RELATED).order_by("e164")
    if lock:
        rows = rows.select_for_update(of=("self",))
    return {number.pk: number for number in rows}


def _change(match: Match, number: PhoneNumber, around: Around) -> Mark:
    try:
        told = change(number, match.wish, around)
    except BadCell as problem:
        return Mark(match.line, "x", problem.column, problem.code, problem.sentence)
    return Mark(match.line, "u" if told else "s")


def whole_blocks(it: NumberImport, numbers: Any) -> set[int]:
    """The blocks of which the file deletes every number."""
    blocks = {number.block_id for number in numbers if number.block_id}
    if not blocks:
        return set()
    here = it.org.phone_numbers.filter(block__in=blocks)
    kept = Counter(here.values_list("block", flat=True))
    block_of = dict(here.values_list("e164", "block"))
    rows = _rows(it).filter(e164__in=list(block_of)).exclude(plan="x")
    going = Counter(block_of[e164] for e164 in rows.values_list("e164", flat=True))
    return {block for block, n in kept.items() if going[block] == n}


def _deletion(match: Match, number: PhoneNumber, whole: set[int]) -> Mark:
    code = rules.against_delete(number, in_whole_block=number.block_id in whole)
    if code:
        return Mark(match.line, "x", "number", code, rules.sentence(code, number))
    return Mark(match.line, "d")


def _missing(it: NumberImport, rows: Sequence[tuple[int, str]]) -> list[Mark]:
    """Numbers that are not here. Deleting what was deleted already is done already."""
    gone = set()
    if it.mode == M.DELETE and rows and it.org.resting_numbers.exists():
        keys = [e164 for _line, e164 in rows]
        gone = set(it.org.resting_numbers.filter(e164__in=keys).values_list("e164", flat=True))
    text = _("It is not in your inventory.")
    return [
        Mark(line, "s") if e164 in gone else Mark(line, "x", "number", "not_here", text)
        for line, e164 in rows
    ]


# --- New numbers


def judge_new(it: NumberImport, reach: Places, first: int, last: int) -> None:
    """Rows that add a number: what is alike about them is asked once for all that are alike."""
    new = _rows(it).filter(line__gte=first, line__lte=last, plan="c")
    alike = new.order_by().values_list(
        "location_id", "kind", "state", Q(sessions=None), Q(owner_name__gt=""), Q(address_id__gt=0)
    )
    for place_pk, kind, state, no_calls, is_assigned, has_own in alike.distinct():
        place = reach.by_pk.get(place_pk or 0)
        if problem := why_not_add(
            place, kind, state, has_calls=not no_calls, is_assigned=is_assigned, has_own=has_own
        ):
            rows = new.filter(location_id=place_pk, kind=kind, state=state, sessions__isnull=no_calls)
            rows = rows.filter(
                Q(owner_name__gt="") if is_assigned else ~Q(owner_name__gt="") | Q(owner_name=None)
            )
            rows = rows.filter(Q(address_id__gt=0) if has_own else ~Q(address_id__gt=0) | Q(address_id=None))
            rows.update(plan="x", column=problem.column, code=problem.code, text=problem.sentence[:300])
    _refuse_resting(it, new)
    if "extension" in it.facts.get("columns", ()):
        _refuse_extensions(it, new, reach)


def _refuse_resting(it: NumberImport, new: Any) -> None:
    """What rests after it was deleted is restored, not added; another's rests with its carrier."""
    resting = RestingNumber._base_manager.all()
    if not resting.exists():
        return
    text = _("It was deleted a short while ago. Restore it under “Deleted numbers”.")
    ours, theirs = resting.filter(org=it.org), resting.exclude(org=it.org).filter(is_from_carrier=True)
    for rows, code, why in ((ours, "resting", text), (theirs, "not_to_be_had", not_to_be_had())):
        new.filter(e164__in=rows.values("e164")).update(plan="x", column="number", code=code, text=why)


def why_not_add(
    place: Place | None,
    kind: str | None,
    state: str | None,
    *,
    has_calls: bool,
    is_assigned: bool,
    has_own: bool,
) -> BadCell | None:
    """Why a number like this cannot be added there, by the rules of adding by hand."""
    if place is None:
        return BadCell("location", "no_location", _("A new number needs its location."))
    facts = {"location": place.name, "provider": place.provider}
    if kind == PhoneNumber.Kind.EXTENSION:
        return None
    if not place.is_connected:
        return BadCell("location", "not_connected", _("%(location)s has no PSTN connection yet.") % facts)
    if not place.takes_numbers:
        text = _("%(location)s uses %(provider)s: numbers are ordered or ported, not typed in.") % facts
        return BadCell("location", "not_typed_in", text)
    if state not in (None, S.ACTIVE, S.INACTIVE):
        return BadCell("state", "state_by_itself", _("Only active and inactive can be asked for."))
    try:
        refuse_sessions(kind or PhoneNumber.Kind.STANDARD, has_calls)
    except BadCell as problem:
        return problem
    if is_assigned and kind in rules.KEPT_KINDS:
        return BadCell("assigned_to", kind or "", _("Numbers of this type are kept from people."))
    if place.has_address or has_own or kind == PhoneNumber.Kind.TOLL_FREE:
        return None
    if state == S.ACTIVE or (is_assigned and place.country in rules.ADDRESS_BEFORE_ASSIGNMENT):
        text = _("%(location)s has no validated emergency address.") % facts
        return BadCell("state" if state == S.ACTIVE else "assigned_to", "no_address", text)
    return None


def _refuse_extensions(it: NumberImport, new: Any, reach: Places) -> None:
    """An extension is there once at a location. (That a file has one twice was found while it was staged.)"""
    wanted = list(new.filter(extension__gt="").values_list("line", "location_id", "extension"))
    here = it.org.phone_numbers.filter(extension__in={extension for _line, _place, extension in wanted})
    taken = set(here.values_list("location", "extension"))
    marks = [
        Mark(line, "x", "extension", "extension_taken", extension_taken(extension, reach.by_pk[place].name))
        for line, place, extension in wanted
        if (place, extension) in taken
    ]
    sql.mark(it.pk, marks)


def _new_owners(it: NumberImport, plan: dict[str, int]) -> int:
    """How many people the file names whom nobody knows here."""
    if "assigned_to" not in it.facts.get("columns", ()) or not (plan.get("c") or plan.get("u")):
        return 0
    named = _rows(it).filter(plan__in=["c", "u"], owner_name__gt="").values("owner_name")
    strange = named.exclude(owner_name__in=it.org.owners.values("name")).distinct()
    return int(strange.order_by().count())
