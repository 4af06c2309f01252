"""The channels that the concept names, and a neutral first version of the Orientierungsschema (R4.3-4, R4.3-9)."""

from django.db import migrations

CHANNELS = [
    ("in_person", "persönlich"),
    ("phone", "Telefon"),
    ("written", "schriftlich"),
    ("digital", "digital"),
    ("outreach", "aufsuchend"),
    ("three_way", "Dreiergespräch"),
    ("group", "Gruppe"),
]

GUIDE = """Was möchte die Person an ihrem Leben verändern, und woran merke ich das?
Was tut sie dafür schon von sich aus?
Habe ich verstanden, was davon mit Arbeit oder Ausbildung zu tun hat?

Welche Stärken, Menschen und Orte hat sie selbst genannt?
Was davon können wir für den nächsten Schritt nutzen, bevor wir an Angebote denken?

Steht in der Vereinbarung, was sie sich vorgenommen hat, in ihren Worten?
Wer tut bis wann was, auch ich?
Wann schauen wir gemeinsam darauf, was daraus geworden ist?
"""


def add(apps, schema_editor):
    channel = apps.get_model("casework", "ContactChannel")
    channel.objects.using(schema_editor.connection.alias).bulk_create(
        channel(code=code, text=text, position=10 * (index + 1)) for index, (code, text) in enumerate(CHANNELS)
    )
    guide = apps.get_model("casework", "ReflectionGuide")
    guide.objects.using(schema_editor.connection.alias).create(text=GUIDE)


def remove(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("casework", "ContactChannel").objects.using(alias).all().delete()
    apps.get_model("casework", "ReflectionGuide").objects.using(alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_visible_cases")]
    operations = [migrations.RunPython(add, remove)]
