"""Further rules of calendar and letters."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0022_handover_rules")]
    operations = []
