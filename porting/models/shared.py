"""What orders that came of one upload have in common: each order has it, and their group too."""

from django.db import models
from django.utils.translation import gettext_lazy


class SharedFacts(models.Model):
    """When, whom to tell, and whose account at the current carrier it is, as its record has it."""

    requested_date = models.DateField(gettext_lazy("port complete date"), null=True, blank=True)
    requested_time = models.TimeField(gettext_lazy("time wished for"), null=True, blank=True)
    notify = models.CharField(gettext_lazy("also send status e-mails to"), max_length=300, blank=True)
    company_name = models.CharField(
        gettext_lazy("company name with previous carrier"), max_length=100, blank=True
    )
    authorized_name = models.CharField(gettext_lazy("authorized name on account"), max_length=100, blank=True)
    address_line1 = models.CharField(gettext_lazy("service address"), max_length=100, blank=True)
    address_line2 = models.CharField(gettext_lazy("floor, suite"), max_length=60, blank=True)
    city = models.CharField(gettext_lazy("city"), max_length=60, blank=True)
    region = models.CharField(gettext_lazy("state"), max_length=40, blank=True)
    postal_code = models.CharField(gettext_lazy("ZIP code"), max_length=12, blank=True)

    class Meta:
        abstract = True
