"""The papers of a port order: the bill, the letter of agency, and the evidence of its signature."""

from typing import Any, Self

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy

import countries
from accounts.models import Organization
from accounts.scoping import OrgOwned
from porting.models.orders import PortOrder


def private_name(document: "PortDocument", filename: str) -> str:
    """A name that says nothing and that nobody guesses: the name which a person gave is kept as text only."""
    ending = "pdf" if filename.endswith(".pdf") else "png"
    return f"port/{get_random_string(40)}.{ending}"


def private_storage() -> Any:
    return storages["default"]


class PortDocumentQuerySet(models.QuerySet["PortDocument"]):
    def current(self) -> Self:
        return self.filter(superseded_at=None)


class PortDocument(OrgOwned):
    """A bill, a letter of agency, or another paper that the country or the carrier wants.

    Only what was re-encoded or rebuilt is stored; the original never is.
    """

    class Kind(models.TextChoices):
        BILL = "bill", gettext_lazy("Bill from the previous carrier")
        LOA = "loa", gettext_lazy("Letter of agency")

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=40)  # one of Kind, or another of countries.papers
    file = models.FileField(upload_to=private_name, storage=private_storage)
    preview = models.FileField(upload_to=private_name, storage=private_storage, blank=True)  # page 1 as PNG
    media_type = models.CharField(max_length=40)
    original_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=1)
    dated = models.DateField(gettext_lazy("date of the bill"), null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outsider_email = models.EmailField(blank=True)  # who gave it by a link, without an account
    uploaded_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True)

    unscoped = PortDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                condition=models.Q(superseded_at=None),
                name="one_current_document_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.order}"

    @property
    def label(self) -> Any:
        """What it is, for people."""
        return countries.document_label(self.kind)

    def get_absolute_url(self) -> str:
        return reverse("porting:document_download", args=[self.order.org.slug, self.order_id, self.pk])

    def read(self) -> bytes:
        with self.file.open("rb") as stored:
            return bytes(stored.read())

    def delete_files(self) -> None:
        """Remove what is stored; called once the row's deletion is certain."""
        for stored in (self.file, self.preview):
            if stored:
                stored.delete(save=False)

    @property
    def added_by(self) -> str:
        """Who brought it: a person of the organization, or an outsider by a link."""
        return self.outsider_email or str(self.uploaded_by or "")

    @property
    def download_name(self) -> str:
        """The name under which a person saves it: what it is of, never what somebody called it."""
        ending = "pdf" if self.media_type == "application/pdf" else "png"
        return f"{self.order.reference}-{self.kind}-{self.pk}.{ending}"


class LetterSignature(OrgOwned):
    """The evidence of a signature (ESIGN: intent, consent, the exact record, retention).

    A letter signed on paper has a row as well, with the names and the day that stand on it; `by` is then who
    uploaded it, and nothing is known of a browser.
    """

    class Way(models.TextChoices):
        TYPED = "typed", gettext_lazy("Name typed")
        DRAWN = "drawn", gettext_lazy("Name typed and signature drawn")
        PAPER = "paper", gettext_lazy("Signed on paper")

    document = models.OneToOneField(PortDocument, models.CASCADE, related_name="signature")
    way = models.CharField(max_length=5, choices=Way, default=Way.TYPED)
    first_name = models.CharField(gettext_lazy("first name"), max_length=50)
    last_name = models.CharField(gettext_lazy("last name"), max_length=50)
    title = models.CharField(gettext_lazy("job title"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outsider_email = models.EmailField(blank=True)  # who signed by a link, without an account
    link = models.PositiveBigIntegerField(null=True)  # TaskLink.pk: the evidence outlives the link
    signed_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    text_version = models.CharField(max_length=40, blank=True)  # of the letter's words
    consent_version = models.CharField(max_length=20, blank=True)
    shown_sha256 = models.CharField(
        max_length=64, blank=True
    )  # of the unsigned letter, byte for byte as shown
    covers = models.CharField(max_length=64)  # digest of what the letter says: numbers and account data
    said = models.JSONField(default=dict)  # the same by field, to say what has changed since

    def __str__(self) -> str:
        return ", ".join(part for part in (f"{self.first_name} {self.last_name}", self.title) if part)

    @property
    def is_on_paper(self) -> bool:
        return self.way == self.Way.PAPER

    @property
    def signer_address(self) -> str:
        """The account or the address that signed."""
        return self.outsider_email or (self.by.email if self.by else "")


class LetterReminder(OrgOwned):
    """One e-mail that reminds of a paper letter which was to follow. The row makes it go out once."""

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="letter_reminders")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # when it was sent, or found to be needless

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(fields=["due_at"], name="letter_reminder_due", condition=models.Q(sent_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.due_at:%Y-%m-%d}"


class SignatureRequest(OrgOwned):
    """Somebody asked the customer's full administrators to sign an order's letter; at most once a day."""

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="signature_requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} asked by {self.by}"


def signed_letter(sha256: str, org: Organization | None = None) -> PortDocument | None:
    """The signed letter with this digest: of one organization, or of any for whom nobody is told whose."""
    kept = PortDocument.unscoped.filter(
        kind=PortDocument.Kind.LOA, sha256=sha256, signature__isnull=False
    ).select_related("order__org", "signature__by")
    return (kept.filter(order__org=org) if org else kept).first()
