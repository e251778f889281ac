"""The carrier's events: written in an order that readers can trust, and read after a cursor."""

from collections.abc import Iterable, Mapping, Sequence
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
    facts: Mapping[str, str] | None = None,
) -> None:
    """Write an event as the last act of a transaction.

    The feed's row stays locked until the transaction ends, so positions become visible in their order. With
    ids of a sequence a reader could see 8 before 7 is committed, move its cursor past both, and lose 7.
    """
    _write(
        topic,
        [
            CarrierEvent(
                kind=kind.value,
                key=key,
                code=code,
                detail=detail[:300],
                date=day,
                numbers=list(numbers),
                facts=dict(facts or {}),
            )
        ],
    )


def emit_each(topic: Topic, kind: EventKind, key: str, told: Sequence[tuple[str, Mapping[str, str]]]) -> None:
    """Write one event for each (number, facts), as the last act of a transaction."""
    _write(
        topic,
        [
            CarrierEvent(kind=kind.value, key=key, numbers=[number], facts=dict(facts))
            for number, facts in told
        ],
    )


def read(topic: Topic, after: str, limit: int) -> tuple[Event, ...]:
    """Events of a topic after a cursor, oldest first. A cursor that we never gave out is refused."""
    if after and not (after.isascii() and after.isdigit()):
        raise CarrierRefused("There is no such place in the events.", code="cursor")
    rows = CarrierEvent.objects.filter(topic=topic.value, position__gt=int(after or 0)).order_by("position")
    return tuple(_as_event(row) for row in rows[: max(0, limit)])


def _write(topic: Topic, rows: Sequence[CarrierEvent]) -> None:
    feed, _made = Feed.objects.select_for_update().get_or_create(topic=topic.value)
    now = timezone.now()
    for row in rows:
        feed.last += 1
        row.topic, row.position, row.at = topic.value, feed.last, now
    feed.save(update_fields=["last"])
    CarrierEvent.objects.bulk_create(rows, batch_size=500)


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
        facts=row.facts,
    )
