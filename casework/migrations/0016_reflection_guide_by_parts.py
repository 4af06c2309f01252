"""The Orientierungsschema by parts along the process, as a further version; the first one stays readable (R4.3-9)."""

from django.db import migrations, models

GUIDE = """Wille
Was möchte die Person für sich erreichen, in ihren Worten?
Was tut sie dafür schon von sich aus, und woran sehe ich das?
Was davon hat mit Arbeit oder Ausbildung zu tun?
Wessen Anliegen verfolge ich gerade: ihres oder meines?
Was ist noch nicht klar, und darf es heute offen bleiben?

Ressourcen und Sozialraum
Was bringt die Person mit, und was hat ihr schon einmal geholfen?
Wer in ihrem Umfeld unterstützt sie, wer könnte es noch tun?
Welche Orte, Vereine, Wege und Gelegenheiten in ihrer Nähe kann sie nutzen?
Hat sie das selbst genannt, oder habe ich es vermutet?

Ziel
Was soll anders sein, und woran würde sie selbst es merken?
Steht das Ziel in ihren Worten da, und kann sie selbst etwas dafür tun?
Wie führt es zu Arbeit oder Ausbildung?

Vereinbarung und Schritte
Welchen nächsten Schritt nimmt sie sich vor?
Was tue ich, was tut das Jobcenter, und bis wann?
Welche Ressource trägt diesen Schritt?
Würden wir beide die Vereinbarung gleich wiedergeben?

Taktung und Überprüfung
Wann wollen wir wieder sprechen, und wie passt der Abstand zur Vereinbarung?
Wann schauen wir gemeinsam darauf, was daraus geworden ist?
Was hat sich seit dem letzten Gespräch getan, und was heißt das für Wille und Ziel?

Angebote als Ressource
Haben wir zuerst die eigenen Möglichkeiten und die im Umfeld angeschaut?
Welche Unterstützung bietet ein Angebot genau, und habe ich das verständlich beschrieben?
Mit welcher Absicht würde die Person es wählen, und für welches Ziel?
Ist klar, dass sie wählen kann und nicht muss?
"""


def add(apps, schema_editor):
    guide = apps.get_model("casework", "ReflectionGuide")
    guide.objects.using(schema_editor.connection.alias).create(text=GUIDE)


def remove(apps, schema_editor):
    guide = apps.get_model("casework", "ReflectionGuide")
    guide.objects.using(schema_editor.connection.alias).filter(text=GUIDE).delete()


class Migration(migrations.Migration):
    dependencies = [("casework", "0015_legal_bases")]
    operations = [
        migrations.AlterField(
            model_name="reflectionguide",
            name="text",
            field=models.TextField(
                help_text=(
                    "Die erste Zeile eines Abschnitts ist seine Überschrift, danach eine Frage je Zeile. "
                    "Leerzeile trennt Abschnitte."
                ),
                verbose_name="Text",
            ),
        ),
        migrations.RunPython(add, remove),
    ]
