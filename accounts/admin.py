"""The case desk: organizations, people with what they may do where, and the audit log, which nobody edits."""

import zoneinfo
from typing import Any, ClassVar

from allauth.account import admin as allauth_admin
from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.desk import DeskAdmin, ReadOnlyAdmin, record
from accounts.models import AuditEntry, Membership, Organization, User

admin.site.site_header = admin.site.site_title = _("PSTN Hub case desk")
admin.site.index_title = _("Case desk")
# Staff sign in where everybody does: one page, with its limit on wrong passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister(Group)
# A person has one address, their own. (The import above registered it, so that it can be taken off here.)
admin.site.unregister(allauth_admin.EmailAddress)
_change_own_password = admin.site.password_change


def password_change(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The desk's page for one's own password, recorded as every write here is."""
    response = _change_own_password(request, extra_context)
    if request.method == "POST" and response.status_code == 302:
        assert isinstance(request.user, User)
        record("password", request.user)
    return response


admin.site.password_change = password_change  # type: ignore[method-assign, assignment]


class MembershipInline(admin.TabularInline[Membership, Any]):
    model = Membership
    extra = 0
    autocomplete_fields: ClassVar[list[str]] = ["org", "user"]


@admin.register(Organization)
class OrganizationDesk(DeskAdmin):
    list_display = ("name", "slug", "kind", "partner", "is_trial", "created_at")
    list_filter = ("kind", "is_trial")
    list_select_related = ("partner",)
    search_fields = ("name", "slug")
    fields = ("name", "slug", "kind", "partner", "is_trial", "may_toll_free")
    autocomplete_fields = ("partner",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()  # it stands in every link that was ever mailed

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EmailLowered:
    """Addresses are stored in lower case, as signing in looks them up."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()  # type: ignore[attr-defined]


class PersonAddForm(EmailLowered, AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "name")


class PersonForm(EmailLowered, UserChangeForm[User]):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
    )

    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which


@admin.register(User)
class PersonDesk(DeskAdmin, UserAdmin[User]):
    form = PersonForm
    add_form = PersonAddForm
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "is_active")}),
        (_("Look and time"), {"fields": ("theme", "density", "time_zone")}),
        (_("Support staff"), {"fields": ("is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    filter_horizontal = ("groups",)
    inlines = (MembershipInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = ("last_login", "date_joined")
        # Who may edit people must not be able to make themselves more than that.
        return fixed if _is_superuser(request) else (*fixed, "is_staff", "is_superuser", "groups")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not _is_superuser(request)
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what people did stays theirs: switch them off instead

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            record("password", User.objects.get(pk=id))
        return response


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


@admin.register(Group)
class GroupDesk(DeskAdmin, GroupAdmin):
    ordering = ("-pk",)


@admin.register(AuditEntry)
class AuditDesk(ReadOnlyAdmin):
    list_display = ("at", "org", "actor", "acting_as", "what", "subject", "ip")
    list_filter = ("acting_as",)
    list_select_related = ("org", "actor")
    search_fields = ("=what", "subject", "org__slug", "actor__email")
