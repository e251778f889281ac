"""Orders of the first release in the words of this one: each number gets the state that its order implies."""

from django.db import migrations

# Old state of an order: its new state and stage, and the state of its numbers.
NEW = {
    "draft": ("draft", "", "draft"),
    "checking": ("validating", "validating", "pending"),
    "submitted": ("submitted", "", "submitted"),
    "rejected": ("rejected", "", "rejected"),
    "foc_received": ("foc_received", "", "foc"),
    "completed": ("completed", "", "ported"),
    "canceled": ("canceled", "canceled", "canceled"),
}
# Where a cancel that was asked for would have led back to: the state of its numbers.
BACK = {"submitted": "submitted", "foc_received": "foc", "rejected": "rejected"}


def carry_over(apps, schema_editor):
    orders = apps.get_model("porting", "PortOrder")._base_manager
    numbers = apps.get_model("porting", "PortedNumber")._base_manager
    for order in orders.all().iterator():
        rows = numbers.filter(order=order)
        told = {"wish": "cancel", "wish_count": order.cancel_attempt, "wish_sent_at": order.cancel_sent_at}
        state, stage, turned = NEW.get(order.state, ("cancel_requested", "", ""))
        if order.state == "checking" and order.checked_attempt == order.attempt:
            state = stage = "ready"
        change = {"state": state, "stage": stage}
        if order.state == "canceling":
            turned = BACK.get(order.cancel_from, "submitted")
            change |= told
        elif order.state == "canceled" and order.carrier_ref and order.cancel_attempt:
            change |= told
        orders.filter(pk=order.pk).update(**change)
        came = order.completed_at if turned == "ported" else None
        rows.update(state=turned, foc_date=order.foc_date, ported_at=came)


class Migration(migrations.Migration):
    dependencies = [("porting", "0003_ports_in_full")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
