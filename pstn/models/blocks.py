"""Numbers that were ordered as one block: consecutive, and given up only as a whole (PRODUCT N5)."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.scoping import OrgOwned, org_field
from lib import phone


class NumberBlock(OrgOwned):
    """`size` consecutive numbers from `first` to `last`. The numbers themselves point here."""

    SIZES = (10, 50, 100)

    org = org_field("number_blocks")
    first = models.CharField(max_length=16)
    last = models.CharField(max_length=16)
    size = models.PositiveSmallIntegerField()
    number_order = models.ForeignKey(
        "pstn.NumberOrder", models.SET_NULL, null=True, editable=False, related_name="blocks"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["org", "first"], name="block_of_org")]

    def get_absolute_url(self) -> str:
        return reverse("pstn:block_detail", args=[self.org.slug, self.pk])

    def __str__(self) -> str:
        return _("%(first)s – %(last)s") % {
            "first": phone.international(self.first),
            "last": phone.international(self.last),
        }
