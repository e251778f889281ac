"""How a row moves from one state to another: one lock, one check, one transaction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

Table = Mapping[str, frozenset[str]]


class Refused(Exception):
    """The rules say no. The message is fit to show the person who asked."""


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
        if to not in allowed[before]:
            raise Refused(
                _("%(thing)s is %(state)s; that is not possible now.")
                % {"thing": moving, "state": moving.get_state_display()}
            )
        yield before
        moving.state = to
        moving.save()


@contextmanager
def settle(row: models.Model, rule: Callable[[], str], allowed: Table) -> Iterator[str]:
    """Like `move`, for a state that follows from other facts: the body changes these, then `rule` tells the
    state, and the table must know the way. A `Refused` leaves everything, the object too, as it was.
    """
    moving: Any = row
    try:
        with transaction.atomic():
            moving.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())
            before: str = moving.state
            yield before
            to = rule()
            if to != before and to not in allowed[before]:
                raise Refused(
                    _("%(thing)s is %(state)s; that is not possible now.")
                    % {"thing": moving, "state": moving.get_state_display()}
                )
            moving.state = to
            moving.save()
    except Refused:
        moving.refresh_from_db()
        raise
