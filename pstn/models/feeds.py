"""How far the console has read the carrier's events, and those of them that broke our code."""

from django.db import models


class CarrierFeed(models.Model):
    """Moved on only by tasks. It belongs to no organization: the carrier's events are of all of them."""

    topic = models.CharField(max_length=20, primary_key=True)
    cursor = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.topic} after {self.cursor or 'the beginning'}"


class StuckEvent(models.Model):
    """A carrier's event that broke our own code: kept and tried again, while the feed goes on."""

    topic = models.CharField(max_length=20)
    carrier_event = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    date = models.DateField(null=True)
    numbers = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    error = models.CharField(max_length=200)  # the exception's name, never its text: it may quote data
    tries = models.PositiveIntegerField(default=1)
    tried_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
