"""What is held and sold becomes a map of each thousand."""

from django.db import migrations

from simulator import stock_carry


class Migration(migrations.Migration):
    dependencies = [("simulator", "0003_numbers_in_full")]

    operations = [migrations.RunPython(stock_carry.carry, migrations.RunPython.noop, elidable=True)]
