"""Reminders of paper letters that were to follow: a row each, so that each goes out once."""

from celery import shared_task
from django.utils.timezone import now

from porting.letters.paper import remind
from porting.models import LetterReminder

BATCH = 200  # how much one run takes up


@shared_task
def sweep() -> None:
    """Write the reminders that are due. What is written twice at once is written once."""
    for reminder in LetterReminder.unscoped.filter(sent_at=None, due_at__lte=now())[:BATCH]:
        remind(reminder)
