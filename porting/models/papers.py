"""The papers of a port order: the bill, the letter of agency, and the evidence of its signature."""

from typing import Any, Self

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy

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
    """A bill or a letter of agency. Only what was re-encoded or rebuilt is stored; the original never is."""

    class Kind(models.TextChoices):
        BILL = "bill", gettext_lazy("Bill from the previous carrier")
        LOA = "loa", gettext_lazy("Letter of agency")

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind)
    file = models.FileField(upload_to=private_name, storage=private_storage)
    preview = models.FileField(upload_to=private_name, storage=private_storage, blank=True)  # page 1 as PNG
    media_type = models.CharField(max_length=40)
    original_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=1)
    dated = models.DateField(gettext_lazy("date of the bill"), null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
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
        return f"{self.get_kind_display()} {self.order}"

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
    def download_name(self) -> str:
        """The name under which a person saves it: what it is of, never what somebody called it."""
        ending = "pdf" if self.media_type == "application/pdf" else "png"
        return f"{self.order.reference}-{self.kind}-{self.pk}.{ending}"


class LetterSignature(OrgOwned):
    """The evidence of a signature (ESIGN: intent, consent, the exact record, retention)."""

    document = models.OneToOneField(PortDocument, models.CASCADE, related_name="signature")
    first_name = models.CharField(gettext_lazy("first name"), max_length=50)
    last_name = models.CharField(gettext_lazy("last name"), max_length=50)
    title = models.CharField(gettext_lazy("job title"), max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    consent_version = models.CharField(max_length=20)
    shown_sha256 = models.CharField(max_length=64)  # of the unsigned letter, byte for byte as it was shown
    covers = models.CharField(max_length=64)  # digest of what the letter says: numbers and account data

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}, {self.title}"


class SignatureRequest(OrgOwned):
    """Somebody asked the customer's full administrators to sign an order's letter; at most once a day."""

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="signature_requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order} asked by {self.by}"
