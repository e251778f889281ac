"""What happened at the carrier, in an order that never changes afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Feed(models.Model):
    """The position of the last event of a topic; locked while an event is written: see events.emit."""

    topic = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.topic


class CarrierEvent(models.Model):
    """One event. `position` is its cursor; (topic, position) names it for ever."""

    topic = models.CharField(_("topic"), max_length=20)
    position = models.PositiveBigIntegerField(_("position"))
    kind = models.CharField(_("what"), max_length=30)
    key = models.CharField(_("answers"), max_length=100, db_index=True)
    at = models.DateTimeField(_("when"))
    code = models.CharField(_("code"), max_length=40, blank=True)
    detail = models.CharField(_("in the carrier's words"), max_length=300, blank=True)
    date = models.DateField(_("date"), null=True)
    numbers = models.JSONField(_("numbers"), default=list)
    facts = models.JSONField(_("further facts"), default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["topic", "position"], name="one_event_at_a_position")]

    def __str__(self) -> str:
        return f"{self.topic} {self.position}: {self.kind}"
