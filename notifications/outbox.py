"""The one way to write an e-mail: a row a recipient in the caller's transaction, sent after it commits."""

import hashlib
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Organization, User
from lib.queue import later
from notifications import tasks
from notifications.models import Message

WRITTEN_AT_ONCE = 200  # messages of one statement, some kilobytes each


@dataclass(frozen=True)
class Attachment:
    """A small file that goes with a message, such as a calendar entry."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What `post` is given, for who writes many at once."""

    kind: str
    event: str
    org: Organization | None
    to: Iterable[User | str]
    context: dict[str, Any]
    attachment: Attachment | None = None


def post(
    kind: str,
    *,
    event: str,
    org: Organization | None,
    to: Iterable[User | str],
    context: dict[str, Any],
    attachment: Attachment | None = None,
) -> None:
    """Write the message `kind` (templates/emails/<kind>.txt and .html) about `event` to each recipient, once.

    `event` names what happened, such as "port-event:17": a second call for the same event, kind and
    recipient changes nothing. `to` holds people or plain addresses. In `context`, `url` is the path that the
    message leads to; without one it is the address of `order`. Call it in the transaction that records what
    happened: the rows commit or vanish with it, and what is not sent at once the sweep sends later.
    """
    post_all([Letter(kind, event, org, to, context, attachment)])


def post_all(letters: Iterable[Letter]) -> None:
    """`post` of many, in a number of statements that does not grow with them."""
    messages = [message for letter in letters for message in _messages(letter)]
    if not messages:
        return
    Message.objects.bulk_create(messages, batch_size=WRITTEN_AT_ONCE, ignore_conflicts=True)
    events, addresses = {message.event for message in messages}, {message.to for message in messages}
    unsent = Message.objects.filter(event__in=events, to__in=addresses, sent_at=None).order_by("pk")
    pks = list(unsent.values_list("pk", flat=True))
    for start in range(0, len(pks), tasks.BATCH):
        later(tasks.send, pks[start : start + tasks.BATCH])


def _address(recipient: User | str) -> str:
    return (recipient.email if isinstance(recipient, User) else recipient).strip().lower()


def _messages(letter: Letter) -> Iterator[Message]:
    """One for each address, in the words and the time zone of whoever has it."""
    for address, recipient in {_address(one): one for one in letter.to}.items():
        yield _message(letter, address, recipient if isinstance(recipient, User) else None)


def _message(letter: Letter, address: str, person: User | None) -> Message:
    org, attachment, key = letter.org, letter.attachment, f"{letter.event}/{letter.kind}"
    subject, text, html = rendered(letter.kind, {**letter.context, "org": org, "person": person})
    return Message(
        org=org,
        event=key,
        kind=letter.kind,
        to=address,
        user=person,
        subject=subject,
        text=text,
        html=html,
        message_id=_message_id(key, address),
        attachment_name=attachment.name if attachment else "",
        attachment_type=attachment.media_type if attachment else "",
        attachment=attachment.content if attachment else None,
    )


def rendered(kind: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML, with times in the recipient's own zone."""
    person, order = context["person"], context.get("order")
    path = context.get("url") or (order.get_absolute_url() if order else "/")
    context |= {
        "product": settings.PRODUCT_NAME,
        "site": settings.SITE_URL,
        "url": urljoin(settings.SITE_URL, path),
    }
    with timezone.override(zoneinfo.ZoneInfo(person.time_zone) if person else None):
        written = render_to_string(f"emails/{kind}.txt", context)
        html = render_to_string(f"emails/{kind}.html", context)
    first, _newline, text = written.strip().partition("\n")
    # A name may hold anything; a header holds one line.
    subject = " ".join(first.removeprefix("Subject:").split())
    return subject[:200], text.strip() + "\n", html


def _message_id(key: str, address: str) -> str:
    """The same for the same message, so that a mail sent again after a crash is seen to be the same mail."""
    digest = hashlib.sha256(f"{key} {address}".encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
