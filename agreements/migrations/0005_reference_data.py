"""What a house starts with and then keeps itself: resource fields, areas, legal regimes, languages of the sheet.

Names and dates of the law: domain.md 5.1; translations are a start and want a look by somebody who speaks the language.
"""

import datetime as dt

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

FIELDS = ["persönlich", "sozial", "materiell", "im Sozialraum"]
SPACES = ["Göttingen-Stadt", "Göttingen-Land", "Hann. Münden", "Duderstadt", "Osterode"]
BEGAN = dt.date(2005, 1, 1)
REGIMES = [
    (BEGAN, dt.date(2023, 1, 1), "Arbeitslosengeld II", "Eingliederungsvereinbarung", "§ 15 SGB II bis 30.06.2023"),
    (
        dt.date(2023, 1, 1),
        dt.date(2023, 7, 1),
        "Bürgergeld",
        "Eingliederungsvereinbarung",
        "§ 15 SGB II bis 30.06.2023",
    ),
    (dt.date(2023, 7, 1), dt.date(2026, 7, 1), "Bürgergeld", "Kooperationsplan", "§ 15 SGB II ab 01.07.2023"),
    (dt.date(2026, 7, 1), None, "Grundsicherungsgeld", "Kooperationsplan", "§ 15 SGB II ab 01.07.2026, bitte prüfen"),
]
WORDINGS = [
    {
        "language": "de",
        "name": "Deutsch",
        "title": "Unsere Vereinbarung",
        "will": "Das will ich",
        "resources": "Das hilft mir dabei",
        "goal": "Mein Ziel",
        "employment_link": "Was das mit Arbeit oder Ausbildung zu tun hat",
        "mine": "Das mache ich",
        "jobcenter": "Das macht das Jobcenter",
        "other": "Das macht {name}",
        "until": "bis {day}",
        "rhythm": "So oft sprechen wir miteinander",
        "next_date": "Unser nächster Termin",
        "review": "Wir schauen gemeinsam darauf am {day}",
        "contact": "Ihre Ansprechperson",
        "rights": "Sie können jederzeit fragen, was über Sie gespeichert ist.",
        "page": "Seite {number} von {total}",
    },
    {
        "language": "en",
        "name": "English",
        "title": "Our agreement",
        "will": "What I want",
        "resources": "What helps me",
        "goal": "My goal",
        "employment_link": "What this has to do with work or training",
        "mine": "What I do",
        "jobcenter": "What the Jobcenter does",
        "other": "What {name} does",
        "until": "by {day}",
        "rhythm": "How often we talk",
        "next_date": "Our next appointment",
        "review": "We look at it together on {day}",
        "contact": "Your contact person",
        "rights": "You can ask at any time what is stored about you.",
        "page": "Page {number} of {total}",
    },
    {
        "language": "tr",
        "name": "Türkçe",
        "title": "Anlaşmamız",
        "will": "Ne istiyorum",
        "resources": "Bana yardımcı olanlar",
        "goal": "Hedefim",
        "employment_link": "Bunun iş veya meslek eğitimiyle ilgisi",
        "mine": "Ben bunu yapacağım",
        "jobcenter": "Jobcenter bunu yapacak",
        "other": "{name} bunu yapacak",
        "until": "en geç {day}",
        "rhythm": "Ne sıklıkla görüşüyoruz",
        "next_date": "Bir sonraki randevumuz",
        "review": "{day} tarihinde birlikte bakacağız",
        "contact": "Sizinle ilgilenen kişi",
        "rights": "Hakkınızda hangi bilgilerin kayıtlı olduğunu her zaman sorabilirsiniz.",
        "page": "Sayfa {number} / {total}",
    },
    {
        "language": "uk",
        "name": "Українська",
        "title": "Наша домовленість",
        "will": "Чого я хочу",
        "resources": "Що мені допомагає",
        "goal": "Моя мета",
        "employment_link": "Як це пов’язано з роботою чи навчанням",
        "mine": "Що роблю я",
        "jobcenter": "Що робить Jobcenter",
        "other": "Що робить {name}",
        "until": "до {day}",
        "rhythm": "Як часто ми розмовляємо",
        "next_date": "Наша наступна зустріч",
        "review": "Ми разом подивимося на це {day}",
        "contact": "Ваша контактна особа",
        "rights": "Ви можете будь-коли запитати, що про вас зберігається.",
        "page": "Сторінка {number} з {total}",
    },
    {
        "language": "ar",
        "name": "العربية",
        "rtl": True,
        "title": "اتفاقنا",
        "will": "ما أريده",
        "resources": "ما يساعدني",
        "goal": "هدفي",
        "employment_link": "علاقة ذلك بالعمل أو التدريب المهني",
        "mine": "ما أقوم به أنا",
        "jobcenter": "ما يقوم به الجوب سنتر",
        "other": "ما يقوم به {name}",
        "until": "حتى {day}",
        "rhythm": "كم مرة نتحدث معًا",
        "next_date": "موعدنا القادم",
        "review": "سننظر في ذلك معًا في {day}",
        "contact": "الشخص المسؤول عنك",
        "rights": "يمكنك أن تسأل في أي وقت عن المعلومات المحفوظة عنك.",
        "page": "صفحة {number} من {total}",
    },
]


def add(apps, schema_editor):
    alias = schema_editor.connection.alias

    def fill(model, rows):
        manager = apps.get_model("agreements", model).objects.using(alias)
        manager.bulk_create(manager.model(**row) for row in rows)

    fill("ResourceField", ({"text": text, "position": 10 * n} for n, text in enumerate(FIELDS, 1)))
    fill("SocialSpace", ({"name": name, "position": 10 * n} for n, name in enumerate(SPACES, 1)))
    fill("SheetWording", WORDINGS)
    fill(
        "LegalRegime",
        (
            {"during": DateRange(start, end), "benefit_name": benefit, "plan_name": plan, "source": source}
            for start, end, benefit, plan, source in REGIMES
        ),
    )


def remove(apps, schema_editor):
    for model in ("ResourceField", "SocialSpace", "SheetWording", "LegalRegime"):
        apps.get_model("agreements", model).objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("agreements", "0004_rights_of_the_web_role")]
    operations = [migrations.RunPython(add, remove)]
