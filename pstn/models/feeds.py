"""How far the console has read the carrier's events, one row a topic."""

from django.db import models


class CarrierFeed(models.Model):
    """Read and moved on only by tasks. It belongs to no organization: the carrier's events are of all of them."""

    topic = models.CharField(max_length=20, primary_key=True)
    cursor = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.topic} after {self.cursor or 'the beginning'}"
