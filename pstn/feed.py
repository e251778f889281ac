"""Reading the carrier's events, topic by topic: each applied in its order, and none stopping those behind it.

`apply` must be safe to call twice with the same event: a batch is read again when the line or the database
fails in the middle, and two workers may read the same. Where a topic says which events may be applied at
once, `apply` takes all of a step; if the step breaks, its events are applied one by one.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils.timezone import now

from carrier import CarrierUnavailable, get_carrier
from carrier.base import Event, EventKind, Topic
from pstn.models import CarrierFeed, StuckEvent

log = logging.getLogger(__name__)
BATCH = 200  # events that one question asks for
TRIES = 10  # of an event that breaks our code
Apply = Callable[..., None]  # of one event, or of all of a step
Steps = Callable[[Sequence[Event]], Iterable[Sequence[Event]]]
# Nothing is wrong with an event that meets these: what was read is read again.
PASSING = (CarrierUnavailable, OperationalError, InterfaceError)


def singly(events: Sequence[Event]) -> Iterable[Sequence[Event]]:
    """Each event is a step of its own."""
    return ([event] for event in events)


def read(topic: Topic, apply: Apply, steps: Steps = singly) -> None:
    """Read what happened since the last time, apply it, move the cursor on."""
    cursor = CarrierFeed.objects.get_or_create(topic=topic)[0].cursor
    try:
        while events := get_carrier().events(topic, cursor, BATCH):
            for step in steps(events):
                _apply_together(topic, step, apply)
            feed = CarrierFeed.objects.filter(topic=topic, cursor=cursor)
            cursor = events[-1].cursor
            if not feed.update(cursor=cursor, read_at=now()):
                return  # another worker reads the same events and is ahead
    except CarrierUnavailable:
        log.info("The carrier does not answer; its events (%s) are read later.", topic)


def retry(topic: Topic, apply: Apply) -> None:
    """Try again what broke our code some time ago, a limited number of times; staff see what is left."""
    old = now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
    for stuck in StuckEvent.objects.filter(topic=topic, tried_at__lt=old, tries__lt=TRIES)[:BATCH]:
        StuckEvent.objects.filter(pk=stuck.pk).update(tries=F("tries") + 1, tried_at=now())
        try:
            apply(_event(stuck))
        except Exception:
            log.exception("Carrier event %s still cannot be applied", stuck.carrier_event)
        else:
            stuck.delete()


def _apply_together(topic: Topic, step: Sequence[Event], apply: Apply) -> None:
    if len(step) > 1:
        try:
            apply(*step)
        except PASSING:
            raise
        except Exception:
            log.exception("%s carrier events could not be applied at once; now one by one", len(step))
        else:
            return
    for event in step:
        _apply_or_keep(topic, event, apply)


def _apply_or_keep(topic: Topic, event: Event, apply: Apply) -> None:
    try:
        apply(event)
    except PASSING:
        raise
    except Exception as error:
        log.exception("Carrier event %s (%s) could not be applied", event.id, event.kind)
        name = type(error).__name__
        StuckEvent.objects.update_or_create(
            carrier_event=event.id,
            defaults={"error": name},
            create_defaults={
                "error": name,
                "topic": topic,
                "kind": event.kind,
                "key": event.key,
                "at": event.at,
                "code": event.code,
                "detail": event.detail[:300],
                "date": event.date,
                "numbers": list(event.numbers),
                "facts": dict(event.facts),
            },
        )


def _event(stuck: StuckEvent) -> Event:
    return Event(
        id=stuck.carrier_event,
        cursor="",
        kind=EventKind(stuck.kind),
        key=stuck.key,
        at=stuck.at,
        code=stuck.code,
        detail=stuck.detail,
        date=stuck.date,
        numbers=tuple(stuck.numbers),
        facts=stuck.facts,
    )
