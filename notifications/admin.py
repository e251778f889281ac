"""The case desk's mail log: what was sent, what waits, what was given up; and the mailbox."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.desk import ReadOnlyAdmin, record
from lib.queue import later
from notifications import tasks
from notifications.models import MailboxEntry, Message


class Fate(admin.SimpleListFilter):
    title = gettext_lazy("fate")
    parameter_name = "fate"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sent", _("Sent")), ("waiting", _("Waiting")), ("given_up", _("Given up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        unsent = queryset.filter(sent_at=None)
        return {
            "sent": queryset.filter(sent_at__isnull=False),
            "waiting": unsent.filter(tries__lt=tasks.MOST_TRIES),
            "given_up": unsent.filter(tries__gte=tasks.MOST_TRIES),
        }.get(self.value() or "", queryset)


@admin.register(Message)
class MessageDesk(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "to", "subject", "sent_at", "tries", "error")
    list_filter = (Fate, "kind")
    search_fields = ("to", "event")
    exclude = ("attachment",)
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("attachment")

    @admin.action(description=gettext_lazy("Try to send again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Give messages that were given up another twenty tries; those that are sent stay sent."""
        chosen = list(queryset.filter(sent_at=None).select_related("org"))
        Message.objects.filter(pk__in=[message.pk for message in chosen], sent_at=None).update(
            tries=0, claimed_at=None
        )
        for message in chosen:
            record("try_again", message)
        for start in range(0, len(chosen), tasks.BATCH):
            later(tasks.send, [message.pk for message in chosen[start : start + tasks.BATCH]])
        told = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", len(chosen))
        messages.success(request, told % {"n": len(chosen)})


@admin.register(MailboxEntry)
class MailboxEntryDesk(ReadOnlyAdmin):
    list_display = ("at", "to", "subject")
    search_fields = ("to", "subject")
