"""Telephone numbers of customers, and what can be asked of one. What happened to each: number_events.py."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organization, Role
from accounts.scoping import OrgOwned
from lib import phone
from pstn.models import number_rules as rules
from pstn.models.locations import Connection, Location

if TYPE_CHECKING:
    from pstn.models.owners import Owner

SESSIONS_OF_A_LINE = 2
MOST_SESSIONS = 10_000  # calls at once of a contact center's number
CALLER_NAME_LIMIT = 15  # characters that the name registers of the carriers hold


class Capability(models.TextChoices):
    """What a number is used for."""

    VOICE = "voice", gettext_lazy("Calls")
    SMS = "sms", gettext_lazy("Text messages")
    FAX = "fax", gettext_lazy("Fax")

    @classmethod
    def words(cls, given: Iterable[str]) -> str:
        """Calls, Text messages: in the order of the vocabulary."""
        known = set(given)
        return ", ".join(str(one.label) for one in cls if one.value in known)


def voice_only() -> list[str]:
    return [Capability.VOICE.value]


class PhoneNumberQuerySet(models.QuerySet["PhoneNumber"]):
    def within(self, membership: Membership) -> Self:
        """The numbers at locations that this person may reach."""
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(location__administrators__membership=membership)

    def assignable(self) -> Self:
        return self.filter(state=PhoneNumber.State.ACTIVE)

    def lacking_address(self) -> Self:
        """Those with `lacks_address`: an emergency address belongs to them, and none is in force."""
        has = models.Q(custom_address__state="validated") | models.Q(
            location__emergency_address__state="validated"
        )
        kinds = [PhoneNumber.Kind.TOLL_FREE, PhoneNumber.Kind.EXTENSION]
        return self.exclude(kind__in=kinds).exclude(has)

    def waiting_for_terms(self) -> Self:
        """Provisioned by a number order, and kept from use only because nobody has accepted the terms."""
        return self.filter(state=PhoneNumber.State.INACTIVE, waits_for_terms=True)

    def matching(self, digits: str) -> Self:
        """Numbers that begin or end with these digits (country code or not), or have this extension.

        Each way of asking is a range on an index of its own. They are joined by UNION, because an OR makes
        SQLite read all numbers of the organization instead.
        """
        ways = [
            self.filter(condition).order_by().values("pk")
            for condition in (
                _starting("e164", f"+{digits}"),
                _starting("e164", f"+1{digits}"),
                _starting("tail", digits[::-1]),
                models.Q(extension=digits),
            )
        ]
        return self.filter(pk__in=ways[0].union(*ways[1:]))


def _starting(column: str, prefix: str) -> models.Q:
    """A prefix as a half-open range: unlike LIKE it uses a plain index on every database."""
    return models.Q(**{f"{column}__gte": prefix, f"{column}__lt": prefix[:-1] + chr(ord(prefix[-1]) + 1)})


def one_line(text: str) -> str:
    """A note, or a name, as it is kept wherever it came from: without line breaks, single spaces inside."""
    return " ".join(text.replace("\0", "").split())


def taken(e164s: Iterable[str]) -> dict[str, int]:
    """Which of these numbers are in the console already, each with the primary key of its organization.

    A number exists once in the world, so this looks across organizations. Whoever shows the answer says
    nothing of another organization than that the number cannot be had.
    """
    rows = PhoneNumber.unscoped.filter(e164__in=list(e164s)).values_list("e164", "org_id")
    return dict(rows)


class PhoneNumber(OrgOwned):
    """One number, once in the whole console. Its life is in workflow/numbers.py."""

    class State(models.TextChoices):
        PENDING = "pending", gettext_lazy("Pending")
        PORTING = "porting", gettext_lazy("Porting in")
        INACTIVE = "inactive", gettext_lazy("Inactive")
        ACTIVE = "active", gettext_lazy("Active")
        NOT_APPLICABLE = "na", gettext_lazy("Not applicable")  # extension only: not in the telephone network

    class Kind(models.TextChoices):
        STANDARD = "standard", gettext_lazy("Standard")
        TOLL_FREE = "toll_free", gettext_lazy("Toll-free")
        MOBILE = "mobile", gettext_lazy("Mobile")
        SERVICE = "service", gettext_lazy("Service")
        CONTACT_CENTER = "contact_center", gettext_lazy("Contact center")
        NON_GEOGRAPHIC = "non_geographic", gettext_lazy("Non-geographic")
        EXTENSION = "extension", gettext_lazy("Extension only")
        RESERVED = "reserved", gettext_lazy("Reserved")
        ELIN = "elin", gettext_lazy("ELIN")  # answers for emergency calls of telephones without a number

    TONES = {
        State.PENDING: "warn",
        State.PORTING: "warn",
        State.INACTIVE: "mute",
        State.ACTIVE: "ok",
        State.NOT_APPLICABLE: "mute",
    }

    # Only the indexes below: every further one is written with each of millions of rows.
    org = models.ForeignKey(
        Organization, models.CASCADE, related_name="phone_numbers", editable=False, db_index=False
    )
    # What has only an extension has the key x<location>-<extension> here: the list needs one order of all.
    e164 = models.CharField(gettext_lazy("phone number"), max_length=24, unique=True)
    tail = models.CharField(
        max_length=24, editable=False
    )  # the digits backwards: "ends with" becomes a prefix
    location = models.ForeignKey(Location, models.PROTECT, related_name="phone_numbers", db_index=False)
    state = models.CharField(max_length=10, choices=State, editable=False)
    kind = models.CharField(gettext_lazy("type"), max_length=14, choices=Kind, default=Kind.STANDARD)
    extension = models.CharField(gettext_lazy("extension"), max_length=10, blank=True)
    # The owner's name stands in the row, so that the list needs no other; the verbs keep the two in step.
    assigned_to = models.CharField(gettext_lazy("assigned to"), max_length=100, blank=True)
    owner = models.ForeignKey(
        "pstn.Owner", models.SET_NULL, null=True, blank=True, related_name="phone_numbers", db_index=False
    )
    note = models.CharField(gettext_lazy("note"), max_length=200, blank=True)
    # Calls at once at a contact center (the CAC value of AudioCodes Live Platform); see calls_at_once.
    sessions = models.PositiveSmallIntegerField(gettext_lazy("sessions allowed"), null=True, blank=True)
    block = models.ForeignKey(
        "pstn.NumberBlock",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="phone_numbers",
        db_index=False,
    )
    # The day on which its monthly charges began: it became active, by an order, a port or the terms.
    billing_from = models.DateField(null=True, editable=False)
    caller_name = models.CharField(gettext_lazy("caller ID name"), max_length=CALLER_NAME_LIMIT, blank=True)
    capabilities = models.JSONField(gettext_lazy("capabilities"), default=voice_only, blank=True)
    number_order = models.ForeignKey(
        "pstn.NumberOrder",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="phone_numbers",
        db_index=False,
    )
    waits_for_terms = models.BooleanField(default=False, editable=False)
    port_date = models.DateField(null=True, editable=False)  # the FOC date while it is porting in
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = PhoneNumberQuerySet.as_manager()

    class Meta:
        ordering = ["e164"]
        indexes = [
            models.Index(fields=["org", "e164"], name="number_of_org"),
            models.Index(fields=["org", "tail"], name="number_by_tail"),
            models.Index(fields=["org", "state", "e164"], name="number_by_state"),
            models.Index(fields=["location", "e164"], name="number_by_location"),
            models.Index(fields=["org", "-updated_at", "-id"], name="number_by_change"),
            models.Index(
                fields=["org", "extension", "e164"],
                name="number_by_extension",
                condition=~models.Q(extension=""),
            ),
            models.Index(fields=["org", "kind", "e164"], name="number_by_kind"),
            models.Index(
                fields=["owner", "e164"], name="number_by_owner", condition=models.Q(owner__isnull=False)
            ),
            models.Index(fields=["block"], name="number_by_block", condition=models.Q(block__isnull=False)),
            models.Index(
                fields=["number_order"],
                name="number_by_order",
                condition=models.Q(number_order__isnull=False),
            ),
            models.Index(fields=["org", "assigned_to", "e164"], name="number_by_assignment"),
            models.Index(fields=["org", "-created_at", "-id"], name="number_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                name="number_state_is_known",
                condition=models.Q(state__in=["pending", "porting", "inactive", "active", "na"]),
            )
        ]

    def __str__(self) -> str:
        """In sentences and in the audit log: an extension is no key of ours to anybody."""
        return self.national if self.is_extension_only else self.e164

    def save(self, *args: object, **kwargs: object) -> None:
        self.tail = self.e164.lstrip("+")[::-1]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("pstn:number_detail", args=[self.org.slug, self.e164])

    @property
    def tone(self) -> str:
        if self.waits_for_terms:
            return "warn"
        return self.TONES[self.State(self.state)]

    @property
    def shown(self) -> str:
        """The word that people see: with the date of a port, or what the number waits for."""
        if self.state == self.State.PORTING and self.port_date:
            day = date_format(self.port_date, "j M")
            return _("Porting in · %(day)s") % {"day": day}
        if self.waits_for_terms:
            return _("Waiting for terms")
        return str(self.get_state_display())

    @property
    def national(self) -> str:
        """As it is written in its country; what has only an extension, by that."""
        return phone.national(self.e164)

    @property
    def international(self) -> str:
        return phone.international(self.e164)

    @property
    def is_extension_only(self) -> bool:
        return self.kind == self.Kind.EXTENSION

    @property
    def dialed_extension(self) -> str:
        """The extension as other locations dial it: 8-4001 with the location's routing prefix 8."""
        prefix = self.location.routing_prefix
        return f"{prefix}-{self.extension}" if prefix and self.extension else self.extension

    @property
    def calls_at_once(self) -> int | None:
        """How many calls it takes at the same time; None where nothing is said about that.

        A telephone takes two, as the CAC value of AudioCodes Live Platform fixes for its users' numbers.
        """
        if self.kind == self.Kind.CONTACT_CENTER:
            return self.sessions
        return SESSIONS_OF_A_LINE if self.owner and self.owner.is_line else None

    @property
    def is_main(self) -> bool:
        return self.location.main_number_id == self.pk

    @property
    def is_assigned(self) -> bool:
        return bool(self.assigned_to)

    @property
    def capability_words(self) -> str:
        return Capability.words(self.capabilities)

    @property
    def takes_address(self) -> bool:
        """Whether an emergency address belongs to it: not to a toll-free number, nor to a mere extension."""
        return self.kind not in (self.Kind.TOLL_FREE, self.Kind.EXTENSION)

    @property
    def own_address(self) -> Any:
        """Its custom emergency address, validated or not, or None."""
        return getattr(self, "custom_address", None)

    @property
    def address_in_force(self) -> Any:
        """The emergency address that counts for it: its own once that is validated, else the location's."""
        own = self.own_address
        return own if own and own.is_validated else getattr(self.location, "emergency_address", None)

    @property
    def has_valid_emergency_address(self) -> bool:
        address = self.address_in_force
        return bool(address and address.is_validated)

    @property
    def lacks_address(self) -> bool:
        return self.takes_address and not self.has_valid_emergency_address

    # Why not, in a sentence, or "" (M-12: a disabled action says why). The reasons' codes: number_rules.py.

    def why_not_assign(self, owner: "Owner | None" = None) -> str:
        return rules.sentence(rules.against_assign(self, owner), self)

    def why_not_address(self) -> str:
        return rules.sentence(rules.against_address(self), self)

    def why_not_unassign(self) -> str:
        return rules.sentence(rules.against_unassign(self), self)

    def why_not_activate(self) -> str:
        return rules.sentence(rules.against_activate(self), self)

    def why_not_deactivate(self) -> str:
        return rules.sentence(rules.against_deactivate(self), self)

    def why_not_delete(self, *, in_whole_block: bool = False) -> str:
        return rules.sentence(rules.against_delete(self, in_whole_block=in_whole_block), self)

    def why_not_retype(self, to: str = "") -> str:
        return rules.sentence(rules.against_retype(self, to), self)

    def why_not_move(self, to: Location | None = None, *, in_whole_block: bool = False) -> str:
        return rules.sentence(rules.against_move(self, to, in_whole_block=in_whole_block), self, to)

    @property
    def is_from_carrier(self) -> bool:
        """Whether giving it up also gives it back to the carrier."""
        connection = getattr(self.location, "connection", None)
        is_sold = bool(connection and connection.kind == Connection.Kind.CALLING_PLAN)
        return is_sold and not self.is_extension_only
