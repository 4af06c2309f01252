"""How long reminders wait before they climb."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0020_former_reading")]
    operations = []
