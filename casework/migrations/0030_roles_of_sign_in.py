"""What signing in brought along: its functions go to the guard, and the worker may do what web may."""

from django.db import migrations

from casework.migrations._notes import note_changes
from casework.migrations._roles import hand_over, same_rights


def forwards(apps, schema_editor):
    hand_over(schema_editor)
    same_rights(schema_editor)
    note_changes(schema_editor, "casework_user")


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0029_sign_in"),
        ("offers", "0010_role_that_curates"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
