"""Where mail goes without SMTP: it is kept in the console's mailbox, and nothing leaves the building."""

from collections.abc import Sequence
from email.message import Message as Part
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications.models import MailboxEntry


class MailboxBackend(BaseEmailBackend):
    """Django's mail backend of an installation without EMAIL_URL."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            _keep(mail)
        return len(email_messages)


def _keep(mail: EmailMessage) -> None:
    message_id = mail.extra_headers.get("Message-ID", "")
    # After a crash the outbox sends again with the same id; a mailbox shows one mail once.
    if message_id and MailboxEntry.objects.filter(message_id=message_id).exists():
        return
    alternatives = getattr(mail, "alternatives", [])
    MailboxEntry.objects.create(
        to=", ".join(mail.recipients())[:300],
        subject=str(mail.subject)[:200],
        text=str(mail.body),
        html=next((str(body) for body, media_type in alternatives if media_type == "text/html"), ""),
        message_id=message_id[:200],
        attachment_names=[_name(attachment) for attachment in mail.attachments],
    )


def _name(attachment: Any) -> str:
    name = attachment.get_filename() if isinstance(attachment, Part) else attachment[0]
    return str(name or "")
