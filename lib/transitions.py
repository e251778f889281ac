"""How a row moves from one state to another: one lock, one check, one transaction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

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


@contextmanager
def move(row: models.Model, to: str, allowed: Table) -> Iterator[str]:
    """Lock the row, check the move, run the body, save: all of it or none of it. Yields the state before.

    The row is re-read under the lock, so two workers racing to make the same move take turns and the second
    finds that it is no longer allowed. After a `Refused` the object in memory shows what is stored.
    """
    moving: Any = row
    with transaction.atomic():
        moving.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())
        before: str = moving.state
        check_way(row, to, allowed)
        yield before
        moving.state = to
        moving.save()


@contextmanager
def settle(
    row: models.Model, rule: Callable[[], str], allowed: Table, last: Callable[[str], None] | None = None
) -> Iterator[str]:
    """Like `move`, for a state that follows from other facts: the body changes these, then `rule` tells the
    state, and the table must know the way. A `Refused` leaves everything, the object too, as it was. `last`
    is called at the end of the transaction with the state before, once the row is saved.
    """
    moving: Any = row
    try:
        with transaction.atomic():
            moving.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())
            before: str = moving.state
            yield before
            to = rule()
            if to != before:
                check_way(moving, to, allowed)
            moving.state = to
            moving.save()
            if last:
                last(before)
    except Refused:
        moving.refresh_from_db()
        raise
