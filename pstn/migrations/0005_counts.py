"""The database begins to count numbers by itself, and orders them by bytes."""

from django.db import migrations

from pstn import tally_sql


class Migration(migrations.Migration):
    dependencies = [("pstn", "0004_carry_over")]

    operations = [
        migrations.RunPython(tally_sql.install_and_recount, tally_sql.remove_for, elidable=False),
    ]
