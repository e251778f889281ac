"""How a row moves from one state to another: one lock, one check, one transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from lib import prepared, writing

Table = Mapping[str, frozenset[str]]


class Refused(Exception):
    """The rules say no. The message is fit to show the person who asked."""


def check_way(row: Any, to: str, allowed: Table) -> None:
    """Refuse a way that the table does not know from where the row stands."""
    if to not in allowed[row.state]:
        raise Refused(
            _("%(thing)s is %(state)s; that is not possible now.")
            % {"thing": row, "state": row.get_state_display()}
        )


def lock(row: models.Model, *beside: str) -> None:
    """Put the row as it is now, locked until the transaction ends, in place of what was known of it.

    `beside` names what is read together with it, as `select_related` does; that is not locked. Raises the
    model's DoesNotExist.
    """
    model = type(row)
    assert transaction.get_connection().in_atomic_block, "a lock lasts as long as a transaction"

    def make(pk: int) -> Any:
        rows = model._base_manager.filter(pk=pk).select_for_update(of=("self",))
        return rows.select_related(*beside) if beside else rows

    found = prepared.instances(("lock", model, *beside), make, [row.pk])
    if not found:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    # What hangs on the row, related rows too, is forgotten with its state.
    row.__dict__.update(found[0].__dict__, _prefetched_objects_cache={})


@contextmanager
def move(row: models.Model, to: str, allowed: Table) -> Iterator[str]:
    """Lock the row, check the move, run the body, save: all of it or none of it. Yields the state before.

    The row is re-read under the lock, so two workers racing to make the same move take turns and the second
    finds that it is no longer allowed. After a `Refused` the object in memory shows what is stored.
    """
    moving: Any = row
    with transaction.atomic():
        lock(row)
        before: str = moving.state
        check_way(row, to, allowed)
        yield before
        moving.state = to
        moving.save()


@contextmanager
def settle(
    row: models.Model,
    rule: Callable[[], str],
    allowed: Table,
    last: Callable[[str], None] | None = None,
    beside: Sequence[str] = (),
) -> Iterator[str]:
    """Like `move`, for a state that follows from other facts: the body changes these, then `rule` tells the
    state, and the table must know the way. A `Refused` leaves everything, the object too, as it was. `last`
    is called at the end of the transaction with the state before, once the row is saved. `beside` names what
    is read together with the row, as `select_related` does; it is not locked.
    """
    moving: Any = row
    try:
        with transaction.atomic():
            lock(row, *beside)
            known = writing.known(row)
            before: str = moving.state
            yield before
            to = rule()
            if to != before:
                check_way(moving, to, allowed)
            moving.state = to
            writing.save(row, known)
            if last:
                last(before)
    except Refused:
        moving.refresh_from_db()
        raise
