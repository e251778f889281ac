"""What leaves the building in porting, and what comes back: a module for each thing that is delivered."""

from porting.tasks import (
    cutover,
    documents,
    feed,
    groups,
    guards,
    letters,
    links,
    net,
    orders,
    port_outs,
    readings,
    records,
    reminders,
    thread,
)

__all__ = [
    "cutover",
    "documents",
    "feed",
    "groups",
    "guards",
    "letters",
    "links",
    "net",
    "orders",
    "port_outs",
    "readings",
    "records",
    "reminders",
    "thread",
]
