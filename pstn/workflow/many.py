"""A change of many numbers in a few statements: their rows, and an event for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import F, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from lib.among import Among
from pstn.models import Job, NumberEvent, PhoneNumber
from pstn.workflow.numbers import ALLOWED

Expression = BaseExpression | Combinable


def set_state(job: Job, pks: Sequence[int], to: str, what: str) -> None:
    """Move these numbers, which are locked, to a state that each may move to."""
    _tell(job, pks, what, before=F("state"), after=Value(to))
    sources = [state for state, targets in ALLOWED.items() if to in targets]
    moved = _rows(pks).filter(state__in=sources).update(state=to, updated_at=timezone.now())
    assert moved == len(pks), f"{len(pks) - moved} numbers may not become {to}"


def set_fields(
    job: Job, pks: Sequence[int], what: str, fields: Mapping[str, Any], *, of: str = "", note: str = ""
) -> None:
    """Set these fields of these numbers, which are locked. The event tells the change of the field `of`."""
    before: Expression = _text(of) if of else Value("")
    _tell(job, pks, what, before=before, after=Value(_plain(fields[of]) if of else ""), note=note)
    _rows(pks).update(**fields, updated_at=timezone.now())


def tell(job: Job, pks: Sequence[int], what: str, *, note: str = "") -> None:
    """An event for each of these numbers that says only what happened; the numbers count as changed."""
    set_fields(job, pks, what, {}, note=note)


def insert_from(model: type[models.Model], rows: models.QuerySet[Any], **columns: Expression) -> None:
    """INSERT … SELECT: a row of `model` for each of `rows`, its columns (by name) read from them.

    What a model fills in by itself (`auto_now_add`, defaults) must be among the columns.
    """
    named = {f"new_{name}": column for name, column in columns.items()}
    query = rows.order_by().annotate(**named).values_list(*named).query
    sql, params = query.get_compiler(connection=connection).as_sql()
    quote = connection.ops.quote_name
    fields = {field.name: str(field.column) for field in model._meta.concrete_fields}
    targets = ", ".join(quote(fields[name]) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({targets}) {sql}", params)  # noqa: S608


def _tell(
    job: Job, pks: Sequence[int], what: str, *, before: Expression, after: Expression, note: str = ""
) -> None:
    insert_from(
        NumberEvent,
        _rows(pks),
        org=F("org_id"),
        e164=F("e164"),
        what=Value(what),
        before=before,
        after=after,
        by=Value(job.created_by_id, models.BigIntegerField(null=True)),
        at=Value(timezone.now(), models.DateTimeField()),
        note=Value(note[:200]),
        job=Value(job.pk, models.BigIntegerField()),
    )


def _rows(pks: Sequence[int]) -> models.QuerySet[PhoneNumber]:
    return PhoneNumber._base_manager.filter(Among("pk", pks))


def _text(name: str) -> Expression:
    """A column as an event keeps it; nothing for NULL."""
    return Coalesce(Cast(F(name), models.CharField(max_length=40)), Value(""))


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
