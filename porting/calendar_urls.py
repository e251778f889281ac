"""/<org_slug>/port-calendar/: the FOC calendar and its feed."""

from django.urls import path

from porting.views import calendar

app_name = "port_calendar"

urlpatterns = [
    path("", calendar.port_calendar, name="month"),
    path("feed/", calendar.feed_create, name="feed_create"),
    path("feed/revoke/", calendar.feed_revoke, name="feed_revoke"),
]
