"""Mail that must not lie in a table: written and sent in one go, and nothing of it is stored here."""

from dataclasses import dataclass
from email.errors import MessageError
from typing import Any

from django.core.mail import EmailMultiAlternatives

from accounts.models import Organization
from notifications.outbox import rendered

# What a mail server that cannot be spoken to, or a message that it cannot take, ends in.
UNSENT = (OSError, ValueError, MessageError)  # SMTPException is an OSError


@dataclass(frozen=True)
class Addressee:
    """Somebody without an account; times in the mail are in their zone, an IANA name."""

    email: str
    name: str
    time_zone: str


def send(kind: str, *, org: Organization, to: Addressee, context: dict[str, Any]) -> None:
    """Send the message `kind` now, or raise one of UNSENT.

    The outbox keeps what it sends until it is sent, and after that for the record. A link's token or a
    one-time code would then stand in the database for whoever can read it, so such a mail is made by the task
    that makes the secret: sent again after a failure, it carries a new one.
    """
    subject, text, html = rendered(kind, {**context, "org": org, "person": to})
    mail = EmailMultiAlternatives(subject, text, to=[to.email], headers={"Auto-Submitted": "auto-generated"})
    mail.attach_alternative(html, "text/html")
    mail.send()
