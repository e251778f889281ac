"""Words that people put on numbers to find them again."""

from django.db import models
from django.utils.translation import gettext_lazy

from accounts.scoping import OrgOwned, org_field
from pstn.models.numbers import PhoneNumber


class Tag(OrgOwned):
    """A word of an organization, the same for everybody there."""

    org = org_field("tags")
    name = models.CharField(gettext_lazy("tag"), max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="tag_once_per_org")]

    def __str__(self) -> str:
        return self.name


class NumberTag(OrgOwned):
    """A tag on a number."""

    number = models.ForeignKey(PhoneNumber, models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "number"], name="tag_once_per_number")]

    def __str__(self) -> str:
        return f"{self.tag} on {self.number}"
