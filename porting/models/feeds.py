"""Private addresses under which calendar programs read the port dates that a person may see."""

import hashlib
import secrets
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.scoping import OrgOwned

SEEN_EVERY = timedelta(hours=1)  # calendar programs ask often; that one asked is written down now and then


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def alive(self) -> Self:
        """Those whose address still works: not revoked, and their person is still there."""
        return self.filter(revoked_at=None, membership__user__is_active=True)

    def of_token(self, token: str) -> Self:
        return self.filter(token_sha256=_digest(token))


class CalendarFeed(OrgOwned):
    """One person's feed of an organization's port dates. The address is shown once; its digest is kept."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="calendar_feeds")
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    unscoped = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=models.Q(revoked_at=None),
                name="one_calendar_feed_per_membership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership}"

    @property
    def org(self) -> Organization:
        return self.membership.org

    def set_token(self) -> str:
        """A new address for this row; answers its secret part, which is stored nowhere."""
        token = secrets.token_urlsafe(32)
        self.token_sha256 = _digest(token)
        return token

    def note_reading(self) -> None:
        """That a program asked, at most once an hour."""
        now = timezone.now()
        if self.read_at is None or self.read_at < now - SEEN_EVERY:
            type(self).unscoped.filter(pk=self.pk).update(read_at=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def living_feed(token: str) -> CalendarFeed | None:
    """The feed whose address has this secret part, of whatever organization, while it works."""
    feeds = CalendarFeed.unscoped.of_token(token).alive()
    return feeds.select_related("membership__org").first()
