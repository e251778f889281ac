"""Papers that the carrier or support asked for after an order was sent."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

import countries
from accounts.scoping import OrgOwned
from porting.models.orders import PortOrder
from porting.models.papers import PortDocument


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    def open(self) -> Self:
        """Those that wait for the paper."""
        return self.filter(fulfilled_at=None)

    def unsent(self) -> Self:
        """Those whose paper is here and did not reach the carrier yet, although it has the order."""
        return self.filter(fulfilled_at__isnull=False, sent_at=None).exclude(order__carrier_ref="")


class DocumentRequest(OrgOwned):
    """One paper that somebody wants for an order: what, why, and whether it came. Its order says by its state
    that it waits."""

    class Source(models.TextChoices):
        CARRIER = "carrier", gettext_lazy("Current carrier")
        SUPPORT = "support", gettext_lazy("PSTN support")

    order = models.ForeignKey(PortOrder, models.CASCADE, related_name="document_requests")
    kind = models.CharField(gettext_lazy("document"), max_length=40)  # countries.papers
    detail = models.CharField(gettext_lazy("why it is needed"), max_length=300, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.CARRIER, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, editable=False)  # the e-mail is written
    remind_at = models.DateTimeField(null=True, editable=False)
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)
    document = models.ForeignKey(
        PortDocument, models.SET_NULL, null=True, editable=False, related_name="answered"
    )
    fulfilled_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)

    unscoped = DocumentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["remind_at"], name="document_request_due")]

    def __str__(self) -> str:
        return f"{self.label} {self.order}"

    @property
    def label(self) -> Any:
        """The paper's name, for people."""
        return countries.document_label(self.kind)

    @property
    def key(self) -> str:
        """The idempotency key of its paper at the carrier."""
        return f"{self.order.key}-p{self.pk}"
