"""Whom a number is for: people, workspaces, virtual lines, features; and the words that find them."""

import re
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field
from pstn.models.locations import Location

WORD = re.compile(r"[^\W_]+")


class OwnerQuerySet(models.QuerySet["Owner"]):
    def within(self, membership: Membership) -> Self:
        """The owners at locations that this person may reach, and those of no location."""
        if membership.role != Role.LOCATION_ADMIN:
            return self
        mine = models.Q(location__administrators__membership=membership)
        return self.filter(mine | models.Q(location=None))

    def named(self, typed: str) -> Self:
        """Those whose name has, for each word typed, a word that begins like it, in any case of letters."""
        rows = self
        for word in words_of(typed):
            found = OwnerWord._base_manager.filter(
                org=models.OuterRef("org"), owner=models.OuterRef("pk"), word__gte=word, word__lt=_after(word)
            )
            rows = rows.filter(models.Exists(found))
        return rows


def words_of(name: str) -> list[str]:
    """The words of a name as they are compared: "Ada Park-Lee" is ada, park, lee. Each once."""
    return list(dict.fromkeys(word[:40] for word in WORD.findall(name.casefold())))


def _after(word: str) -> str:
    """The first text that does not begin with this word: a prefix becomes a range on a plain index."""
    return word[:-1] + chr(ord(word[-1]) + 1)


class Owner(OrgOwned):
    """Somebody or something that numbers are assigned to. Its numbers carry its name in `assigned_to`."""

    class Kind(models.TextChoices):
        USER = "user", gettext_lazy("User")
        WORKSPACE = "workspace", gettext_lazy("Workspace")
        VIRTUAL_LINE = "virtual_line", gettext_lazy("Virtual line")
        AUTO_ATTENDANT = "auto_attendant", gettext_lazy("Auto attendant")
        CALL_QUEUE = "call_queue", gettext_lazy("Call queue")
        HUNT_GROUP = "hunt_group", gettext_lazy("Hunt group")
        PAGING_GROUP = "paging_group", gettext_lazy("Paging group")
        VOICEMAIL_GROUP = "voicemail_group", gettext_lazy("Voicemail group")
        VOICE_PORTAL = "voice_portal", gettext_lazy("Voice portal")
        CONTACT_CENTER = "contact_center", gettext_lazy("Contact center")
        AI_RECEPTIONIST = "ai_receptionist", gettext_lazy("AI receptionist")

    ICONS: ClassVar[dict[str, str]] = {
        Kind.USER: "user",
        Kind.WORKSPACE: "armchair",
        Kind.VIRTUAL_LINE: "phone-forwarded",
        Kind.AUTO_ATTENDANT: "list-tree",
        Kind.CALL_QUEUE: "list-ordered",
        Kind.HUNT_GROUP: "users",
        Kind.PAGING_GROUP: "megaphone",
        Kind.VOICEMAIL_GROUP: "voicemail",
        Kind.VOICE_PORTAL: "audio-lines",
        Kind.CONTACT_CENTER: "headset",
        Kind.AI_RECEPTIONIST: "bot",
    }
    # Somebody's telephone; the others are features (number_rules.py says which numbers are for which).
    LINES = frozenset({Kind.USER.value, Kind.WORKSPACE.value, Kind.VIRTUAL_LINE.value})

    org = org_field("owners")
    kind = models.CharField(gettext_lazy("kind"), max_length=20, choices=Kind, default=Kind.USER)
    name = models.CharField(gettext_lazy("name"), max_length=100)
    location = models.ForeignKey(
        Location,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owners",
        verbose_name=gettext_lazy("location"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = OwnerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["org", "kind", "name"], name="owner_once_per_org")]
        indexes = [models.Index(fields=["org", "name", "id"], name="owner_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pstn:owner_detail", args=[self.org.slug, self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.words.all().delete()
        OwnerWord._base_manager.bulk_create(
            OwnerWord(org_id=self.org_id, owner=self, word=word) for word in words_of(self.name)
        )

    @property
    def icon(self) -> str:
        """The name of its kind's icon."""
        return self.ICONS[self.kind]

    def why_not_delete(self) -> str:
        """The reason why it cannot be deleted now, or ""."""
        if self.phone_numbers.exists():
            return _("It still has numbers. Unassign them first.")
        return ""

    @property
    def is_line(self) -> bool:
        """Whether it is somebody's telephone, which toll-free numbers are never for."""
        return self.kind in self.LINES


class OwnerWord(OrgOwned):
    """One word of an owner's name, folded: finding a person is a range on this."""

    org = org_field("owner_words")
    owner = models.ForeignKey(Owner, models.CASCADE, related_name="words")
    word = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["org", "word", "owner"], name="owner_by_word")]

    def __str__(self) -> str:
        return self.word
