"""The database itself refuses to change or delete an audit entry."""

from django.db import migrations

from accounts import seal


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(seal.seal_all, seal.unseal_all, elidable=False)]
