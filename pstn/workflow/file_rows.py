"""The import itself: slices of staged rows that become numbers, changes and deletions, with their history.

A slice asks every rule once more, under locks, because the world has moved on since the dry run. It runs in
the transaction that also keeps how far the job is, so a worker that dies leaves no row done twice or undone.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from pstn.imports import extras, judging, places, sql
from pstn.imports.rows import BadCell
from pstn.imports.sql import LINES, NUMBERS, Mark, Match, bytewise
from pstn.models import Job, JobError, NumberEvent, NumberImport, PhoneNumber
from pstn.models import number_rules as rules
from pstn.workflow import owners, quarantine
from pstn.workflow.file_changes import Told, change, look_around

S = PhoneNumber.State


def work(job: Job) -> bool:
    """Import the next rows; True while there may be more."""
    it = job.org.number_imports.select_related("org", "membership").get(job=job)
    first = int(job.cursor or 0) + 1
    last = _end_of_slice(it, first)
    if last is None:
        return False
    _Slice(it, job, first, last).run()
    job.cursor = str(last)
    return bool(last < it.staged_to)


def _end_of_slice(it: NumberImport, first: int) -> int | None:
    if first > it.staged_to:
        return None
    size = settings.IMPORT_SLICE
    lines = it.lines.filter(line__gte=first).order_by("line")
    return next(iter(lines.values_list("line", flat=True)[size - 1 : size]), it.staged_to)


class _Slice:
    """The rows from line to line of an import, and the job that does them."""

    def __init__(self, it: NumberImport, job: Job, first: int, last: int) -> None:
        assert job.membership, "a job without its person's membership is ended before"
        self.it, self.job, self.membership = it, job, job.membership
        self.first, self.last = first, last
        self.columns = set(it.facts.get("columns", ()))
        self.now = timezone.now()
        # Of rows that change a number: what it is and where, which the row itself need not say.
        self.known: dict[int, tuple[str, int]] = {}

    def run(self) -> None:
        before = self._counts()
        self._lock_places()
        if before.get("d"):
            self._delete(self._matches("d"))
        if before.get("u"):
            self._update(self._matches("u"))
        if before.get("c"):
            reach = places.reached(self.it.org, self.membership)
            judging.judge_new(self.it, reach, self.first, self.last)
            self._own()
            self._insert()
            extras.complete(self.it, self.job, self.first, self.last, "c", self.columns)
        after = self._counts()
        if after.get("x"):
            self._tell_errors()
        self.job.done += sum(after.get(plan, 0) for plan in "cud")
        self.job.same += after.get("s", 0)
        self.job.failed += after.get("x", 0)

    # --- The rows

    @property
    def rows(self) -> Any:
        return self.it.lines.filter(line__gte=self.first, line__lte=self.last).order_by()

    def _counts(self) -> dict[str, int]:
        return dict(self.rows.values_list("plan").annotate(n=Count("line")))

    def _matches(self, plan: str) -> list[Match]:
        """The rows of a plan whose numbers are within reach still; the others are marked."""
        wanted = set(self.rows.filter(plan=plan).values_list("line", flat=True))
        reach = places.reached(self.it.org, self.membership).by_pk
        found = [
            match
            for match in sql.matches(self.it.pk, self.first, self.last)
            if match.line in wanted and match.org_pk == self.it.org_id and match.location_pk in reach
        ]
        gone = wanted - {match.line for match in found}
        text = _("It has left the inventory, or your locations, since the file was checked.")
        sql.mark(self.it.pk, [Mark(line, "x", "number", "gone", text) for line in sorted(gone)])
        return found

    def _lock_places(self) -> None:
        """Locations first, as everywhere: nobody gives their extensions away meanwhile."""
        if "extension" in self.columns:
            named = self.rows.filter(extension__gt="", plan__in=["c", "u"]).values("location_id")
            list(self.it.org.locations.filter(pk__in=named).select_for_update().order_by("pk").values("pk"))

    # --- Numbers that are here

    def _delete(self, found: list[Match]) -> None:
        numbers = judging.load(self.it, [match.number_pk for match in found], lock=True)
        whole = judging.whole_blocks(self.it, numbers.values())
        marks, going = [], []
        for match in found:
            number = numbers[match.number_pk]
            if code := rules.against_delete(number, in_whole_block=number.block_id in whole):
                marks.append(Mark(match.line, "x", "number", code, rules.sentence(code, number)))
            else:
                going.append(number)
        sql.mark(self.it.pk, marks)
        events: list[Any] = [self._event(number.e164, Told("deleted", number.state)) for number in going]
        NumberEvent._base_manager.bulk_create(events, batch_size=1000)
        quarantine.rest(self.it.org, going, by=self.job.created_by, job=self.job)

    def _update(self, found: list[Match]) -> None:
        numbers = judging.load(self.it, [match.number_pk for match in found], lock=True)
        around = look_around(self.it.org, self.membership, [match.wish for match in found], numbers.values())
        marks: list[Mark] = []
        events: list[Any] = []
        for match in found:
            number = numbers[match.number_pk]
            try:
                told = change(number, match.wish, around)
            except BadCell as problem:
                marks.append(Mark(match.line, "x", problem.column, problem.code, problem.sentence))
                continue
            self.known[match.line] = (number.kind, number.location_id)
            if not told:
                marks.append(Mark(match.line, "s"))
            events += [self._event(number.e164, one) for one in told]
        sql.mark(self.it.pk, marks)
        self._own()
        _write_changes(self.it, self.first, self.last, self.now)
        extras.complete(self.it, self.job, self.first, self.last, "u", self.columns)
        NumberEvent._base_manager.bulk_create(events, batch_size=1000)

    def _event(self, e164: str, told: Told) -> NumberEvent:
        return NumberEvent(
            org_id=self.it.org_id,
            e164=e164,
            what=told.what,
            before=told.before[:40],
            after=told.after[:40],
            note=told.note[:200],
            by_id=self.job.created_by_id,
            job=self.job,
        )

    # --- New numbers

    def _own(self) -> None:
        """Whom the names mean: their keys stand beside the names from now on."""
        if "assigned_to" not in self.columns:
            return
        rows = self.rows.filter(plan__in=["c", "u"], owner_name__gt="", owner_id=None)
        named = [
            (line, (name, *self.known.get(line, (kind or PhoneNumber.Kind.STANDARD.value, place))))
            for line, name, kind, place in rows.values_list("line", "owner_name", "kind", "location_id")
        ]
        if not named:
            return
        found = owners.named_many(self.it.org, dict.fromkeys(wanted for _line, wanted in named))
        pairs = [(line, found[name, kind in rules.FEATURE_KINDS].pk) for line, (name, kind, _place) in named]
        sql.own(self.it.pk, pairs)

    def _insert(self) -> None:
        planned = self.rows.filter(plan="c").count()
        if planned and _insert_numbers(self.it, self.job, self.first, self.last, self.now) < planned:
            text = _("It came into the console in another way since the file was checked.")
            lines = _not_inserted(self.it, self.first, self.last, self.now)
            sql.mark(self.it.pk, [Mark(line, "x", "number", "came_meanwhile", text) for line in lines])

    def _tell_errors(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO {JobError._meta.db_table} (job_id, e164, line, "column", code, text) '  # noqa: S608
                f'SELECT %s, e164, line, "column", code, text FROM {LINES} '
                "WHERE number_import_id = %s AND line BETWEEN %s AND %s AND plan = 'x' ORDER BY line",
                [self.job.pk, self.it.pk, self.first, self.last],
            )


# --- The SQL of one slice


def _insert_numbers(it: NumberImport, job: Job, first: int, last: int, now: datetime) -> int:
    """The rows of plan "c" as numbers, and an event for each; answers how many. In order of the number, so
    that two who insert the same ones take turns. A number that exists by now is left alone."""
    columns, values, params = _columns_of_numbers(it, now)
    rows = "WHERE s.number_import_id = %s AND s.line BETWEEN %s AND %s AND s.plan = 'c'"
    span = [it.pk, first, last]
    insert = (
        f"INSERT INTO {NUMBERS} ({columns}) SELECT {values} FROM {LINES} s {rows} "  # noqa: S608
        f"ORDER BY {bytewise('s.e164')} ON CONFLICT (e164) DO NOTHING"
    )
    events = NumberEvent._meta.db_table
    told = f"INSERT INTO {events} (org_id, e164, what, before, after, by_id, at, note, job_id) "
    story = [it.org_id, "imported", "", job.created_by_id, _stamp(now), "", job.pk]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"WITH fresh AS ({insert} RETURNING e164, state) {told}"  # noqa: S608
                "SELECT %s, e164, %s, %s, state, %s, %s, %s, %s FROM fresh",
                [*params, *span, *story],
            )
        else:
            cursor.execute(insert, [*params, *span])
            cursor.execute(
                f"{told}SELECT %s, n.e164, %s, %s, n.state, %s, %s, %s, %s FROM {LINES} s "  # noqa: S608
                f"JOIN {NUMBERS} n ON n.e164 = s.e164 AND n.org_id = %s AND n.created_at = %s {rows}",
                [*story, it.org_id, _stamp(now), *span],
            )
        return int(cursor.rowcount)


def _columns_of_numbers(it: NumberImport, now: datetime) -> tuple[str, str, list[Any]]:
    """Every column of a number with the SQL of its value; what a file does not say is the model's default."""
    given = {
        "e164": "s.e164",
        "tail": "reverse(ltrim(s.e164, '+'))",
        "location_id": "s.location_id",
        "state": "CASE WHEN s.kind = 'extension' THEN 'na' ELSE COALESCE(s.state, 'inactive') END",
        "kind": "COALESCE(s.kind, 'standard')",
        "sessions": "s.sessions",
        "extension": "COALESCE(s.extension, '')",
        "assigned_to": "COALESCE(s.owner_name, '')",
        "owner_id": "s.owner_id",
        "note": "COALESCE(s.note, '')",
    }
    fixed = {"org_id": it.org_id, "created_at": now, "updated_at": now}
    columns, values, params = [], [], []
    for field in PhoneNumber._meta.concrete_fields:
        if field.primary_key:
            continue
        columns.append(connection.ops.quote_name(str(field.column)))
        if field.attname in given:
            values.append(given[field.attname])
            continue
        values.append("%s")
        value = fixed[field.attname] if field.attname in fixed else field.get_default()
        params.append(field.get_db_prep_save(value, connection))
    return ", ".join(columns), ", ".join(values), params


def _not_inserted(it: NumberImport, first: int, last: int, now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.line FROM {LINES} s JOIN {NUMBERS} n ON n.e164 = {bytewise('s.e164')} "  # noqa: S608
            "WHERE s.number_import_id = %s AND s.line BETWEEN %s AND %s AND s.plan = 'c' "
            "AND NOT (n.org_id = %s AND n.created_at = %s) ORDER BY s.line",
            [it.pk, first, last, it.org_id, _stamp(now)],
        )
        return [line for (line,) in cursor.fetchall()]


def _write_changes(it: NumberImport, first: int, last: int, now: datetime) -> None:
    """The rows of plan "u" into their numbers, which are locked; only the cells that say something."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {NUMBERS} SET location_id = COALESCE(s.location_id, {NUMBERS}.location_id), "  # noqa: S608
            f"sessions = CASE WHEN COALESCE(s.kind, {NUMBERS}.kind) = {NUMBERS}.kind "
            f"THEN COALESCE(s.sessions, {NUMBERS}.sessions) ELSE s.sessions END, "
            f"kind = COALESCE(s.kind, {NUMBERS}.kind), "
            f"extension = COALESCE(s.extension, {NUMBERS}.extension), "
            f"assigned_to = COALESCE(s.owner_name, {NUMBERS}.assigned_to), "
            f"owner_id = CASE WHEN COALESCE(s.owner_name, {NUMBERS}.assigned_to) = {NUMBERS}.assigned_to "
            f"THEN {NUMBERS}.owner_id ELSE s.owner_id END, "
            f"state = COALESCE(s.state, {NUMBERS}.state), note = COALESCE(s.note, {NUMBERS}.note), "
            f"updated_at = %s FROM {LINES} s WHERE s.number_import_id = %s AND s.line BETWEEN %s AND %s "
            f"AND s.plan = 'u' AND {NUMBERS}.e164 = {bytewise('s.e164')} AND {NUMBERS}.org_id = %s",
            [_stamp(now), it.pk, first, last, it.org_id],
        )


def _stamp(now: datetime) -> Any:
    """A time as the database keeps it."""
    return PhoneNumber._meta.get_field("created_at").get_db_prep_save(now, connection)
