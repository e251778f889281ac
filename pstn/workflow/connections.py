"""The life of a PSTN connection: a draft, then ready. Nothing else assigns Connection.state."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import acting, audit
from accounts.models import Membership, Right, User
from lib.transitions import Refused, lock, move
from pstn import offers
from pstn.models import Connection, Location

S = Connection.State
ALLOWED: dict[str, frozenset[str]] = {S.DRAFT: frozenset({S.READY}), S.READY: frozenset()}
# Once the location is connected, its type stays; who signs and which trunk it is may still be corrected.
CHANGEABLE_WHEN_READY = frozenset(
    {"company", "first_name", "last_name", "email", "billing_number", "routing", "routing_name"}
)


@transaction.atomic
def draft(location: Location) -> Connection:
    """The location's connection; an empty draft when it has none. Two people at once get the same one."""
    connection, is_new = location.org.connections.get_or_create(location=location)
    if is_new:
        audit.record("connection.draft", connection, org=location.org)
    return connection


@transaction.atomic
def fill(location: Location, values: dict[str, Any]) -> Connection:
    """Keep what a step asked for. Raises Refused for what a connected location may no longer change."""
    connection = _locked(draft(location))
    changes = {name: value for name, value in values.items() if getattr(connection, name) != value}
    if connection.is_ready and not CHANGEABLE_WHEN_READY.issuperset(changes):
        raise Refused(_("%(location)s is connected; that can no longer be changed.") % {"location": location})
    if kind := changes.get("kind"):
        _refuse_kind(location, kind)
    if changes:
        before = {name: getattr(connection, name) for name in changes}
        for name, value in changes.items():
            setattr(connection, name, value)
        connection.save(update_fields=[*changes, "updated_at"])
        audit.record("connection.fill", connection, org=location.org, before=before, after=changes)
    return connection


@transaction.atomic
def accept_disclaimer(location: Location, *, contact: str, title: str, membership: Membership) -> Connection:
    """Record that the customer took note of the emergency disclaimer: who, which text, when and from where.

    Raises Refused for anybody but an administrator of the customer: a partner can never do it for them.
    """
    if not membership.may(Right.ACCEPT):
        raise Refused(_("The emergency disclaimer must be accepted by an administrator of the customer."))
    connection = _locked(draft(location))
    if connection.is_ready:
        raise Refused(_("%(location)s is connected; that can no longer be changed.") % {"location": location})
    connection.disclaimer_contact, connection.disclaimer_title = contact, title
    connection.disclaimer_version = offers.DISCLAIMER_VERSION
    connection.disclaimer_at = timezone.now()
    connection.disclaimer_by = membership.user
    connection.disclaimer_ip = acting.current().ip
    connection.save()
    after = {"contact": contact, "title": title, "version": offers.DISCLAIMER_VERSION}
    audit.record("connection.accept_disclaimer", connection, org=location.org, after=after)
    return connection


def connect(connection: Connection, *, by: User) -> None:
    """Finish the wizard: the location is connected. Raises Refused, naming what is missing."""
    with move(connection, S.READY, ALLOWED) as before:
        _refuse_kind(connection.location, connection.kind)
        if missing := connection.missing():
            raise Refused(_sentence(missing))
        connection.events.create(before=before, after=S.READY, by=by)
        audit.record(
            "connection.connect",
            connection,
            org=connection.org,
            before={"state": before},
            after={"state": str(S.READY), "kind": connection.kind},
        )


def _locked(connection: Connection) -> Connection:
    lock(connection)
    return connection


def _refuse_kind(location: Location, kind: str) -> None:
    if kind and (reason := offers.why_not(location, kind)):
        raise Refused(reason)


def _sentence(missing: list[str]) -> str:
    """What is missing, in the words of the steps."""
    words = {
        "type": _("the connection type"),
        "contact": _("the contract contact"),
        "disclaimer": _("the emergency disclaimer, which an administrator of the customer accepts"),
        "routing": _("the routing"),
        "address": _("a validated emergency service address"),
    }
    return _("Still missing: %(what)s.") % {"what": ", ".join(words[step] for step in missing)}
