"""The terms of service: who accepted which text, and who was asked to."""

from django.conf import settings
from django.db import models

from accounts.scoping import OrgOwned, org_field


class TermsAcceptance(OrgOwned):
    """A customer's full administrator accepted a version of the terms. Never changed."""

    org = org_field("terms_acceptances")
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)  # of the text that was shown
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "version"], name="terms_accepted_once")]

    def __str__(self) -> str:
        return f"{self.org} {self.version}"


class TermsRequest(OrgOwned):
    """Somebody asked the customer's full administrators to accept the terms; at most once a day."""

    org = org_field("terms_requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.org} asked by {self.by}"
