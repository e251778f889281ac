"""Every address of the console; what stands under /<org_slug>/ is fenced by accounts.middleware."""

from allauth.account import views as allauth_views
from django.contrib import admin
from django.urls import include, path

account_urls = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include(account_urls)),
    path("", include("accounts.urls")),
    path("mailbox/", include("notifications.urls")),
    path("<slug:org_slug>/", include("pstn.urls")),
    path("<slug:org_slug>/orders/", include("porting.urls")),
    path("<slug:org_slug>/emergency/", include("emergency.urls")),
]
