"""Whoever has numbers becomes an owner; each number of an order has a state of its own."""

from django.db import migrations

from pstn import owner_carry

# Of the order: of each of its numbers. A draft's are drafts, which is how they are made.
STATES = {"pending": "pending", "provisioned": "provisioned", "error": "failed", "canceled": "canceled"}


def give_lines_their_state(apps, schema_editor):
    lines = apps.get_model("pstn", "NumberOrderLine")._base_manager
    for order, line in STATES.items():
        lines.filter(order__state=order).update(state=line)


class Migration(migrations.Migration):
    dependencies = [("pstn", "0003_numbers_in_full")]

    operations = [
        migrations.RunPython(owner_carry.carry, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(give_lines_their_state, migrations.RunPython.noop, elidable=True),
    ]
