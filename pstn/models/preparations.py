"""What is prepared for a number while it is still at the other carrier, and takes effect when it comes."""

import re
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field
from lib import phone
from pstn.models.numbers import CALLER_NAME_LIMIT, Capability, PhoneNumber, voice_only

CALLER_NAME = re.compile(r"[A-Za-z0-9 .,&']*")


def clean_caller_name(typed: str) -> str:
    """A caller ID name as the name registers hold it: at most 15 plain characters. Single spaces only."""
    name = " ".join(typed.split())
    if not CALLER_NAME.fullmatch(name):
        raise ValidationError(_("Only letters A to Z, digits, spaces and . , & ' can be shown."))
    if len(name) > CALLER_NAME_LIMIT:
        raise ValidationError(
            _("At most %(most)s characters are shown; this has %(n)s.")
            % {"most": CALLER_NAME_LIMIT, "n": len(name)}
        )
    return name


def capabilities_of(number: PhoneNumber) -> list[Capability]:
    """What a number can be used for, by its type and where text messages move with a port."""
    if number.kind == PhoneNumber.Kind.SERVICE:
        return [Capability.VOICE]
    try:
        texts = countries.get(number.location.country).moves_messaging
    except countries.UnknownCountry:  # staff may have made a location where there is no pack yet
        texts = False
    found = [Capability.VOICE, *([Capability.SMS] if texts else [])]
    return found if number.kind == PhoneNumber.Kind.MOBILE else [*found, Capability.FAX]


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def within(self, membership: Membership) -> Self:
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(number__location__administrators__membership=membership)

    def left_over(self) -> Self:
        """Those of which something could not be done when the number came."""
        return self.exclude(left="")


class Preparation(OrgOwned):
    """What becomes of one number at the moment it is ours. Nothing of it has an effect before.

    Its verbs are in workflow/preparations.py; workflow/arrivals.py lets it take effect.
    """

    class Afterwards(models.TextChoices):
        KEEP = "keep", gettext_lazy("Keep it inactive")
        RELEASE = "release", gettext_lazy("Delete it")

    class Left(models.TextChoices):
        NOTHING = "", gettext_lazy("Nothing is left to do")
        TEMPORARY_GONE = "temporary_gone", gettext_lazy("The temporary number was not available any more")

    org = org_field("preparations")
    number = models.OneToOneField(PhoneNumber, models.CASCADE, related_name="preparation", editable=False)
    assigned_to = models.CharField(gettext_lazy("assigned to"), max_length=100, blank=True)
    caller_name = models.CharField(gettext_lazy("caller ID name"), max_length=CALLER_NAME_LIMIT, blank=True)
    capabilities = models.JSONField(gettext_lazy("capabilities"), default=voice_only, blank=True)
    # Another number that serves until this one comes; by its digits too, because it may be gone by then.
    temporary = models.OneToOneField(
        PhoneNumber, models.SET_NULL, null=True, editable=False, related_name="stands_in_for"
    )
    temporary_e164 = models.CharField(
        gettext_lazy("temporary number"), max_length=16, blank=True, editable=False
    )
    afterwards = models.CharField(
        gettext_lazy("afterwards"), max_length=10, choices=Afterwards, default=Afterwards.KEEP
    )
    becomes_main = models.BooleanField(gettext_lazy("becomes main number"), default=False)
    # Counted up by each save: a stale tab is told instead of overwriting.
    version = models.PositiveIntegerField(default=0, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField(auto_now=True)
    used_at = models.DateTimeField(null=True, editable=False)  # when the number came and it took effect
    left = models.CharField(max_length=20, choices=Left, default=Left.NOTHING, blank=True, editable=False)

    unscoped = PreparationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["org", "left"], name="preparation_left_over")]

    def __str__(self) -> str:
        return self.number.e164

    @property
    def temporary_shown(self) -> str:
        return phone.international(self.temporary_e164) if self.temporary_e164 else ""

    @property
    def capability_words(self) -> str:
        return Capability.words(self.capabilities)

    @property
    def what_is_left(self) -> str:
        """What somebody must look at, as a sentence; "" when everything was done."""
        if not self.left:
            return ""
        return _(
            "%(number)s has come, but its temporary number %(temporary)s was not available any more at this "
            "location. Check whom the number is assigned to."
        ) % {"number": phone.international(self.number.e164), "temporary": self.temporary_shown}
