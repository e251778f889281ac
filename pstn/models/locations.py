"""A place with telephones, and how it is connected to the telephone network."""

from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import countries
from accounts.models import Membership, Role
from accounts.scoping import OrgOwned, org_field


class LocationQuerySet(models.QuerySet["Location"]):
    def within(self, membership: Membership) -> Self:
        """The locations that this person may reach: all of them, or a location administrator's own."""
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(administrators__membership=membership)

    def with_standing(self) -> Self:
        """With what a list shows beside each, in one query; and whether there are numbers, and which."""
        numbers = apps.get_model("pstn", "PhoneNumber")._base_manager.filter(location=models.OuterRef("pk"))
        numbers = numbers.exclude(kind="extension")
        return self.select_related("connection", "main_number", "emergency_address").annotate(
            numbers_exist=models.Exists(numbers),
            active_numbers_exist=models.Exists(numbers.filter(state="active")),
            terms_are_awaited=models.Exists(numbers.filter(waits_for_terms=True)),
        )

    def lacking(self, what: str) -> Self:
        """Those without a finished `connection`, a validated `emergency_address` or a `main_number`."""
        ready = {
            "connection": models.Q(connection__state="ready"),
            "emergency_address": models.Q(emergency_address__state="validated"),
            "main_number": models.Q(main_number__isnull=False),
        }
        return self.exclude(ready[what])

    def unready(self) -> Self:
        """The locations that still need something before people can call."""
        return self.exclude(
            connection__state="ready", emergency_address__state="validated", main_number__isnull=False
        )


class Location(OrgOwned):
    """A place of a customer. Everything that has a number is at one."""

    org = org_field("locations")
    name = models.CharField(gettext_lazy("name"), max_length=80)
    country = models.CharField(gettext_lazy("country or region"), max_length=2, default="US")
    line1 = models.CharField(gettext_lazy("street address"), max_length=100)
    line2 = models.CharField(gettext_lazy("floor, suite"), max_length=60, blank=True)
    city = models.CharField(gettext_lazy("city"), max_length=60)
    state = models.CharField(gettext_lazy("state, province or region"), max_length=40)
    postal_code = models.CharField(gettext_lazy("postal code"), max_length=12)
    time_zone = models.CharField(gettext_lazy("time zone"), max_length=40, default="America/Los_Angeles")
    # Dialed before the extension from other locations.
    routing_prefix = models.CharField(
        gettext_lazy("routing prefix"),
        max_length=7,
        blank=True,
        help_text=gettext_lazy("Dialed before an extension from other locations: 8 makes 8-4001 of 4001."),
    )
    main_number = models.OneToOneField(
        "pstn.PhoneNumber", models.SET_NULL, null=True, blank=True, editable=False, related_name="main_of"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    unscoped = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="location_name_once_per_org")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pstn:location_detail", args=[self.org.slug, self.pk])

    @property
    def today(self) -> date:
        """The day it is there now."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))

    @property
    def address_line(self) -> str:
        """The address in one line, as its country writes it."""
        return countries.address_line(
            self.country, self.line1, self.line2, self.city, self.state, self.postal_code
        )

    @property
    def ready_connection(self) -> "Connection | None":
        """The connection, once it is finished; a draft is not one."""
        connection = getattr(self, "connection", None)
        return connection if connection and connection.is_ready else None

    @property
    def has_valid_emergency_address(self) -> bool:
        address = getattr(self, "emergency_address", None)
        return bool(address and address.is_validated)

    @property
    def lacks_address_to_order(self) -> bool:
        """Whether numbers could be chosen for it, but not be ordered."""
        connection = self.ready_connection
        return bool(connection and connection.sells_numbers and not self.has_valid_emergency_address)

    @property
    def may_use_kept_address(self) -> bool:
        """Whether an emergency address that the service did not confirm may stand.

        Not with a calling plan: its carrier delivers emergency calls by the validated address only.
        """
        connection = getattr(self, "connection", None)
        return not (connection and connection.sells_numbers)

    @property
    def is_country_fixed(self) -> bool:
        """Whether anything here already follows the rules of the country."""
        return (
            getattr(self, "connection", None) is not None
            or getattr(self, "emergency_address", None) is not None
            or self.phone_numbers.exists()
        )

    def missing(self) -> list[str]:
        """What the location still needs before people can call, in the order in which it is done."""
        known = self.__dict__.get("numbers_exist")  # asked for already by with_standing()
        done = {
            "connection": self.ready_connection is not None,
            "emergency_address": self.has_valid_emergency_address,
            "numbers": self.phone_numbers.exclude(kind="extension").exists() if known is None else known,
            "main_number": self.main_number_id is not None,
        }
        return [what for what, is_done in done.items() if not is_done]


class LocationAdmin(OrgOwned):
    """Which locations a location administrator administers."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="administered")
    location = models.ForeignKey(Location, models.CASCADE, related_name="administrators")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "location"], name="one_administration_per_location")
        ]

    def __str__(self) -> str:
        return f"{self.membership.user} · {self.location}"


class Connection(OrgOwned):
    """How a location reaches the telephone network. A draft is the unfinished wizard. Life: workflow."""

    class Kind(models.TextChoices):
        CALLING_PLAN = "calling_plan", gettext_lazy("Cisco calling plan")
        PREMISES = "premises", gettext_lazy("Premises-based PSTN")

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Not finished")
        READY = "ready", gettext_lazy("Ready")

    class Routing(models.TextChoices):
        NONE = "none", gettext_lazy("None")
        TRUNK = "trunk", gettext_lazy("Trunk")
        ROUTE_GROUP = "route_group", gettext_lazy("Route group")

    org = org_field("connections")
    location = models.OneToOneField(Location, models.CASCADE, related_name="connection", editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    kind = models.CharField(gettext_lazy("connection type"), max_length=20, choices=Kind, blank=True)
    # Calling plan: the person who signs the contract, and who took note of the emergency disclaimer.
    company = models.CharField(gettext_lazy("company"), max_length=100, blank=True)
    first_name = models.CharField(gettext_lazy("first name"), max_length=50, blank=True)
    last_name = models.CharField(gettext_lazy("last name"), max_length=50, blank=True)
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    billing_number = models.CharField(gettext_lazy("billing telephone number"), max_length=16, blank=True)
    disclaimer_contact = models.CharField(gettext_lazy("authorized contact"), max_length=100, blank=True)
    disclaimer_title = models.CharField(gettext_lazy("job title"), max_length=100, blank=True)
    disclaimer_version = models.CharField(max_length=20, blank=True, editable=False)
    disclaimer_at = models.DateTimeField(null=True, editable=False)
    disclaimer_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    disclaimer_ip = models.GenericIPAddressField(null=True, editable=False)
    # Premises: where calls leave through the customer's own gateway.
    routing = models.CharField(gettext_lazy("routing"), max_length=20, choices=Routing, blank=True)
    routing_name = models.CharField(gettext_lazy("trunk or route group"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="connection_state_is_known", condition=models.Q(state__in=["draft", "ready"])
            )
        ]

    def __str__(self) -> str:
        return _("PSTN connection of %(location)s") % {"location": self.location}

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def sells_numbers(self) -> bool:
        """Numbers are ordered and ported through the carrier; otherwise they are typed in by hand."""
        return self.kind == self.Kind.CALLING_PLAN

    def steps(self) -> list[str]:
        """The wizard's steps for the kind that was chosen; only the first while none is."""
        return {
            self.Kind.CALLING_PLAN.value: ["type", "contact", "disclaimer", "address", "review"],
            self.Kind.PREMISES.value: ["type", "routing", "address", "review"],
        }.get(self.kind, ["type"])

    @property
    def _has_address(self) -> bool:
        """A validated address; with the customer's own gateway, one kept as it was typed will do."""
        address = getattr(self.location, "emergency_address", None)
        return bool(address and (address.is_validated or (address.is_kept and not self.sells_numbers)))

    def missing(self) -> list[str]:
        """The steps still unfinished, in order; empty means it may be connected."""
        finished = {
            "type": bool(self.kind),
            "contact": bool(self.company and self.first_name and self.last_name and self.email),
            "disclaimer": self.disclaimer_at is not None,
            "routing": bool(self.routing) and (self.routing == "none" or bool(self.routing_name)),
            "address": self._has_address,
            "review": True,
        }
        return [step for step in self.steps() if not finished[step]]


class ConnectionEvent(OrgOwned):
    """One move in a connection's life."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="events")
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.connection}: {self.before} → {self.after}"
