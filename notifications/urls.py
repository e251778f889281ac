"""/mailbox/: the mails of an installation without SMTP, for support staff."""

from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<int:pk>/", views.mailbox_entry, name="mailbox_entry"),
]
