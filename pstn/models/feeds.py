"""How far the console has read the carrier's events, and those that it could not use."""

from django.db import models


class CarrierFeed(models.Model):
    """Moved on only by tasks. It belongs to no organization: the carrier's events are of all of them."""

    topic = models.CharField(max_length=20, primary_key=True)
    cursor = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.topic} after {self.cursor or 'the beginning'}"


class SkippedEvent(models.Model):
    """An event of the carrier that could not be applied: kept for staff to see, so that the feed goes on."""

    topic = models.CharField(max_length=20)
    event = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    why = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.why}"
