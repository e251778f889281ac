"""Every address of the console; what stands under /<org_slug>/ is fenced by accounts.middleware."""

from allauth.account import views as allauth_views
from django.contrib import admin
from django.urls import include, path, re_path

from porting.views.calendar import port_feed

account_urls = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include(account_urls)),
    path("", include("accounts.urls")),
    path("mailbox/", include("notifications.urls")),
    path("port-calendar/<slug:token>.ics", port_feed, name="port_feed"),
    path("t/", include("porting.link_urls")),
    path("<slug:org_slug>/", include("pstn.urls")),
    path("<slug:org_slug>/orders/", include("porting.urls")),
    path("<slug:org_slug>/letters/", include("porting.letter_urls")),
    path("<slug:org_slug>/port-calendar/", include("porting.calendar_urls")),
    path("<slug:org_slug>/port-out-protection/", include("porting.guard_urls")),
    path("<slug:org_slug>/emergency/", include("emergency.urls")),
]
