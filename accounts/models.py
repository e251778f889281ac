"""Who exists: organizations, people, what each person may do in each organization, and what they did."""

from enum import Enum, auto
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str = "", password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password=password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    is_staff = models.BooleanField(_("support staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=12, choices=Density, default=Density.COMFORTABLE)
    time_zone = models.CharField(_("time zone"), max_length=40, default="America/Los_Angeles")

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Organization(models.Model):
    """A customer, or a partner who runs the console for customers."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        PARTNER = "partner", _("Partner")

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CUSTOMER)
    partner = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        limit_choices_to={"kind": "partner"},
    )
    is_trial = models.BooleanField(_("trial"), default=False)
    may_toll_free = models.BooleanField(_("toll-free license"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pstn:overview", args=[self.slug])

    def people_who_may(self, right: "Right") -> "models.QuerySet[User]":
        """The active people of the organization whose role carries a right, partners' people included."""
        roles = [role for role, rights in RIGHTS.items() if right in rights]
        return User.objects.filter(
            is_active=True, memberships__org=self, memberships__role__in=roles
        ).order_by("email")


class Right(Enum):
    """One thing that a person may be allowed to do in an organization (PRODUCT section 1)."""

    VIEW = auto()
    EDIT = auto()  # numbers, orders, addresses: prepare, change, send
    CONNECT = auto()  # locations and their PSTN connection
    RELEASE = auto()  # let numbers go or keep them: port-out requests, their PINs and locks
    ACCEPT = auto()  # terms of service and the emergency disclaimer
    SIGN = auto()  # any letter of agency of the organization
    SIGN_IF_NAMED = auto()  # a letter of agency that names this very person


class Role(models.TextChoices):
    FULL_ADMIN = "full_admin", _("Full administrator")
    PSTN_ADMIN = "pstn_admin", _("PSTN administrator")
    LOCATION_ADMIN = "location_admin", _("Location administrator")
    READ_ONLY = "read_only", _("Read-only administrator")
    PARTNER_ADMIN = "partner_admin", _("Partner administrator")
    PARTNER_READ_ONLY = "partner_read_only", _("Partner read-only")


PARTNER_ROLES = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_READ_ONLY})
RIGHTS: dict[str, frozenset[Right]] = {
    Role.FULL_ADMIN: frozenset(
        {Right.VIEW, Right.EDIT, Right.CONNECT, Right.RELEASE, Right.ACCEPT, Right.SIGN}
    ),
    Role.PSTN_ADMIN: frozenset({Right.VIEW, Right.EDIT, Right.CONNECT, Right.RELEASE, Right.SIGN_IF_NAMED}),
    Role.LOCATION_ADMIN: frozenset({Right.VIEW, Right.EDIT}),
    Role.READ_ONLY: frozenset({Right.VIEW}),
    Role.PARTNER_ADMIN: frozenset({Right.VIEW, Right.EDIT, Right.CONNECT, Right.RELEASE}),
    Role.PARTNER_READ_ONLY: frozenset({Right.VIEW}),
}


class Membership(models.Model):
    """A person's role in an organization. A partner's person has one in each customer that is assigned
    to them."""

    org = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READ_ONLY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "user"], name="one_membership_per_org"),
            models.CheckConstraint(name="membership_role_is_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.org} · {self.get_role_display()}"

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    @property
    def is_partner(self) -> bool:
        return self.role in PARTNER_ROLES

    # For templates, which cannot pass an argument.
    @property
    def may_edit(self) -> bool:
        return self.may(Right.EDIT)

    @property
    def may_connect(self) -> bool:
        return self.may(Right.CONNECT)

    @property
    def may_release(self) -> bool:
        return self.may(Right.RELEASE)

    @property
    def may_accept(self) -> bool:
        return self.may(Right.ACCEPT)


class AuditEntry(models.Model):
    """One thing that somebody changed. Written once, through accounts.audit; the database refuses to
    change or delete it."""

    org = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="audit_entries")
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # A role, "staff", "carrier", "system", or "outsider <e-mail> by link #<n>"
    acting_as = models.CharField(max_length=300)
    what = models.CharField(max_length=80)  # noun.verb, such as "number.activate"
    subject = models.CharField(max_length=200)  # the thing's name as people see it
    subject_key = models.CharField(max_length=80, blank=True)  # model and primary key
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["org", "-id"], name="audit_of_org")]

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"
