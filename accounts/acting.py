"""Who is acting right now: set by the middleware for a request, by nobody in a task."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from accounts.models import Membership, User


@dataclass(frozen=True)
class Actor:
    """A person and where they act from; `acting_as` is a role, "staff" or, without a person, "system"."""

    user: User | None = None
    acting_as: str = "system"
    ip: str | None = None
    user_agent: str = ""


_actor: ContextVar[Actor] = ContextVar("actor", default=Actor())  # noqa: B039  (frozen, never changed)


def current() -> Actor:
    return _actor.get()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def take_role(membership: Membership) -> None:
    """From here on the person acts in this role (the organization is known only once the URL is resolved)."""
    known = _actor.get()
    _actor.set(Actor(membership.user, str(membership.role), known.ip, known.user_agent))
