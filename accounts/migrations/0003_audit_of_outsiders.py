"""Who acted may be an outsider with a link, named by e-mail: that is longer than a role."""

from django.db import migrations, models

from accounts import seal


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_is_append_only")]

    # SQLite makes the table anew for a changed column, and the triggers are lost with the old one.
    operations = [
        migrations.RunPython(seal.unseal_all, seal.seal_all, elidable=False),
        migrations.AlterField("auditentry", "acting_as", models.CharField(max_length=300)),
        migrations.RunPython(seal.seal_all, seal.unseal_all, elidable=False),
    ]
