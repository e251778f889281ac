"""Where mail goes without SMTP: it is kept in the console's mailbox, and nothing leaves the building."""

from collections.abc import Sequence
from email.message import Message as Part
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications.models import MailboxEntry


class MailboxBackend(BaseEmailBackend):
    """Django's mail backend of an installation without EMAIL_URL."""

    takes_at_once = 50  # all of them are kept, or none

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        ids = [message_id for mail in email_messages if (message_id := _id(mail))]
        # After a crash the outbox sends again with the same id; a mailbox shows one mail once.
        rows = MailboxEntry.objects.filter(message_id__in=ids)
        known = set(rows.values_list("message_id", flat=True))
        MailboxEntry.objects.bulk_create([_entry(mail) for mail in email_messages if _id(mail) not in known])
        return len(email_messages)


def _id(mail: EmailMessage) -> str:
    return str(mail.extra_headers.get("Message-ID", ""))


def _entry(mail: EmailMessage) -> MailboxEntry:
    alternatives = getattr(mail, "alternatives", [])
    return MailboxEntry(
        to=", ".join(mail.recipients())[:300],
        subject=str(mail.subject)[:200],
        text=str(mail.body),
        html=next((str(body) for body, media_type in alternatives if media_type == "text/html"), ""),
        message_id=_id(mail)[:200],
        attachment_names=[_name(attachment) for attachment in mail.attachments],
    )


def _name(attachment: Any) -> str:
    name = attachment.get_filename() if isinstance(attachment, Part) else attachment[0]
    return str(name or "")
