"""Links by which somebody without an account does one task of one order, and what happened to each link."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned
from porting.models.orders import PortOrder


class TaskLinkQuerySet(models.QuerySet["TaskLink"]):
    def alive(self) -> Self:
        """Those that still open their task, as far as the link itself decides."""
        return self.filter(done_at=None, revoked_at=None, locked_at=None, expires_at__gt=now())


class TaskLink(OrgOwned):
    """One task of one order for one recipient, until it is done, revoked, locked or has run out.

    The token of its address and the one-time code are never stored, only a digest of each.
    """

    class Purpose(models.TextChoices):
        BILL = "bill", gettext_lazy("Upload the last bill")
        PIN = "pin", gettext_lazy("Enter the PIN or account number")
        SIGNATURE = "signature", gettext_lazy("Sign the letter of agency")

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="links")
    purpose = models.CharField(gettext_lazy("task"), max_length=10, choices=Purpose)
    email = models.EmailField(gettext_lazy("e-mail"))
    name = models.CharField(gettext_lazy("name"), max_length=100)
    note = models.CharField(gettext_lazy("note"), max_length=300, blank=True)
    days = models.PositiveSmallIntegerField(gettext_lazy("days"), default=7)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    # The address: made when the mail is written
    token_sha256 = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  (no token, no digest)
    asked_at = models.DateTimeField()  # when somebody last wanted it sent
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # The one-time code that waits to be entered
    code_asked_at = models.DateTimeField(null=True)  # None once a worker has taken the wish up
    code_digest = models.CharField(max_length=64, blank=True)
    code_made_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    wrong_codes = models.PositiveSmallIntegerField(default=0)  # over the whole life of the address
    # What became of it
    opened_at = models.DateTimeField(null=True)
    kept_paper = models.ForeignKey("porting.PortDocument", models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    expiry_noted_at = models.DateTimeField(null=True)

    unscoped = TaskLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["asked_at"], name="link_unsent", condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.order}"

    @classmethod
    def of_token(cls, token_sha256: str) -> "TaskLink | None":
        """The link of a token, in whatever organization: who knows the token needs no other right."""
        links = cls.unscoped.select_related("order__org", "order__location", "by")
        return links.filter(token_sha256=token_sha256).first()

    @property
    def is_alive(self) -> bool:
        return not (self.done_at or self.revoked_at or self.locked_at) and self.expires_at > now()

    @property
    def standing(self) -> tuple[str, str]:
        """Tone and word of where it stands, for people of the organization."""
        if self.done_at:
            return "ok", _("Done")
        if self.revoked_at:
            return "mute", _("Revoked")
        if self.locked_at:
            return "bad", _("Locked after wrong codes")
        if self.expires_at <= now():
            return "mute", _("Expired")
        if not self.order.is_editable:
            return "mute", _("Closed while the order is sent")
        if self.opened_at:
            return "info", _("Opened")
        if self.sent_at:
            return "info", _("Sent")
        if self.tries > 1:
            return "bad", _("E-mail not sent yet")
        return "warn", _("Being sent")


class TaskLinkEvent(OrgOwned):
    """One thing that happened to a link. Rows are only added; the audit log has each of them as well."""

    class Kind(models.TextChoices):
        MAKE = "make", gettext_lazy("Asked for")
        SEND = "send", gettext_lazy("E-mail sent")
        SEND_AGAIN = "send_again", gettext_lazy("Sent again: the former address no longer works")
        CODE = "code", gettext_lazy("Opened; a code was sent")
        WRONG_CODE = "wrong_code", gettext_lazy("A wrong code was entered")
        LOCK = "lock", gettext_lazy("Locked after too many wrong codes")
        OPEN = "open", gettext_lazy("The right code was entered")
        READ = "read", gettext_lazy("The letter was opened")
        DONE = "done", gettext_lazy("Done")
        REVOKE = "revoke", gettext_lazy("Revoked")
        EXPIRE = "expire", gettext_lazy("Expired")

    link = models.ForeignKey(TaskLink, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    unscoped: models.Manager["TaskLinkEvent"] = models.Manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.link}: {self.get_kind_display()}"
