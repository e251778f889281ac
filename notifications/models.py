"""The outbox: one message per event and recipient, rendered once; and the mailbox for want of SMTP."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization


class Message(models.Model):
    """An e-mail that must go out once: claimed before it is sent, sent again only after a crash."""

    org = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="messages")
    event = models.CharField(max_length=80)  # which event of which kind, such as "port-event:17"
    kind = models.CharField(max_length=40)  # the template's name, such as "port_rejected"
    to = models.EmailField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    attachment_name = models.CharField(max_length=80, blank=True)
    attachment_type = models.CharField(max_length=80, blank=True)
    attachment = models.BinaryField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        constraints = [
            models.UniqueConstraint(fields=["event", "to"], name="one_message_per_event_and_recipient")
        ]
        indexes = [models.Index(F("created_at"), name="message_unsent", condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class MailboxEntry(models.Model):
    """A mail that a console without SMTP kept instead of sending it: any mail, not only the outbox's."""

    at = models.DateTimeField(auto_now_add=True)
    to = models.CharField(max_length=300)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    attachment_names = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = _("mailbox entries")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
