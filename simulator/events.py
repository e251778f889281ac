"""The carrier's events: written in an order that readers can trust, and read after a cursor."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from carrier.base import CarrierRefused, Event, EventKind, Topic
from simulator.models import CarrierEvent, Feed


def emit(
    topic: Topic,
    kind: EventKind,
    key: str,
    *,
    code: str = "",
    detail: str = "",
    day: date | None = None,
    numbers: Iterable[str] = (),
) -> None:
    """Write an event as the last act of a transaction.

    The feed's row stays locked until the transaction ends, so positions become visible in their order. With
    ids of a sequence a reader could see 8 before 7 is committed, move its cursor past both, and lose 7.
    """
    feed, _made = Feed.objects.select_for_update().get_or_create(topic=topic.value)
    feed.last += 1
    feed.save(update_fields=["last"])
    CarrierEvent.objects.create(
        topic=topic.value,
        position=feed.last,
        kind=kind.value,
        key=key,
        at=timezone.now(),
        code=code,
        detail=detail,
        date=day,
        numbers=list(numbers),
    )


def read(topic: Topic, after: str, limit: int) -> tuple[Event, ...]:
    """Events of a topic after a cursor, oldest first. A cursor that we never gave out is refused."""
    if after and not (after.isascii() and after.isdigit()):
        raise CarrierRefused("There is no such place in the events.", code="cursor")
    rows = CarrierEvent.objects.filter(topic=topic.value, position__gt=int(after or 0)).order_by("position")
    return tuple(_as_event(row) for row in rows[: max(0, limit)])


def _as_event(row: CarrierEvent) -> Event:
    return Event(
        id=f"{row.topic}-{row.position}",
        cursor=str(row.position),
        kind=EventKind(row.kind),
        key=row.key,
        at=row.at,
        code=row.code,
        detail=row.detail,
        date=row.date,
        numbers=tuple(row.numbers),
    )
