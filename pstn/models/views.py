"""Views of the numbers page that somebody has saved, for themselves or for everybody in the organization."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def for_person(self, user_pk: int) -> Self:
        """Their own ones and the shared ones."""
        return self.filter(models.Q(user=user_pk) | models.Q(user=None))


class SavedView(OrgOwned):
    """A name for a query string of the numbers page: filters, sort and columns."""

    org = org_field("saved_views")
    # Whose it is; everybody's when empty.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False, related_name="+"
    )
    name = models.CharField(gettext_lazy("name"), max_length=60)
    query = models.TextField(blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["org", "user", "name"], name="view_name_once_per_person"),
            models.UniqueConstraint(
                fields=["org", "name"], condition=models.Q(user=None), name="shared_view_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('pstn:number_list', args=[self.org.slug])}{self.query}"

    @property
    def is_shared(self) -> bool:
        return self.user_id is None

    def may_be_changed_by(self, membership: Membership) -> bool:
        """Whether this person may rename, replace or delete it: whose it is; a shared one whoever shared it,
        and those who may edit in the whole organization."""
        if not self.is_shared:
            return self.user_id == membership.user_id
        is_limited = membership.role == Role.LOCATION_ADMIN
        return membership.may_edit and (not is_limited or self.made_by_id == membership.user_id)


class UsualView(OrgOwned):
    """How somebody likes the numbers page of one organization: the view that it begins with, the columns."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="usual_view", editable=False)
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, editable=False, related_name="+")
    columns = models.CharField(max_length=200, blank=True, editable=False)

    def __str__(self) -> str:
        return str(self.membership)
