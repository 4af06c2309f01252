"""Further rules of handovers."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0021_reminder_ladder")]
    operations = []
