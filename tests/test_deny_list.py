"""Nothing here sorts people: no word that does, and no room for one (R3.2-1, R4.1-2, R4.2-1, R4.3-6, R4.3-7)."""

import importlib
import pkgutil

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import connection, models
from django.forms import BaseForm
from django.test.utils import isolate_apps
from django.urls import get_resolver, path

from tests import deny_list as deny

OWN_APPS = [label for label in ("casework", "agreements", "offers") if apps.is_installed(label)]
OWN_MODELS = [model for label in OWN_APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
OWN_CODE = ("casework", "agreements", "offers", "jobcenter")

# Where a denied word may stand: (place, word) → why. Help texts that explain the prohibition belong here.
ALLOWED = {
    ("templates/components/toast.html", "tags"): "Django's word for the level of a message (extra_tags)",
}

# Lists to choose from, marks, numbers and keys into lists, in what belongs to a person or a case: what each is about.
# Nothing here may say what somebody is like. Whatever is new is refused until it stands here with its reason.
KNOWN = {
    "Client.organisation": "the employer whose Jobcenter it is (R0-1)",
    "Client.version": "the number of a saving, against lost updates",
    "ClientDetail.kind": "which means of contact a line is",
    "ClientDetail.origin": "who has told it",
    "Case.organisation": "the employer whose case it is (R0-1)",
    "Case.is_restricted": "§ 35 SGB I: the case of a colleague; who may look, not who somebody is",
    "CaseClosure.reason": "why it ended, neutrally (R2-3)",
    "CaseAssignment.counsellor": "who is responsible",
    "CaseParticipation.counsellor": "who takes part",
    "CaseHandover.from_counsellor": "who was responsible",
    "CaseHandover.to_counsellor": "who becomes responsible",
    "Intake.organisation": "the employer whose Jobcenter it is (R0-1)",
    "Intake.team": "in which town somebody came; no trait of the person",
    "Letter.kind": "what the letter says; none carries a consequence",
    "Contact.kind": "whether the talk took place",
    "Contact.missed_how": "how it did not",
    "Contact.channel": "by which way one talked (R4.3-4)",
    "ContactParticipant.role": "who else was there",
    "FollowUp.kind": "whether the next step is ours or agreed",
    "Draft.form": "which form was begun",
    "AccessGrant.kind": "which access was taken",
    "Protection.reason": "§ 35 SGB I: why a case is open to named people alone, seen by who keeps the lists",
    "EmergencyAccess.reason_class": "why it could not wait; about the access, not the person",
    "EmergencyAccess.needs_second": "that the case is protected: a second person decides",
    "AccessEvent.kind": "what was done with a file",
    "DutyToCooperate.legal_basis": "the law that demands (R2-2)",
    "DutyToCooperate.notice": "the wording that was handed over",
    "DutyFact.kind": "what happened, in neutral facts",
    "Agreement.number": "which version it is",
    "Agreement.step_count": "how many steps belong to the version, so that none is added",
    "Agreement.resource_count": "how many resources belong to the version",
    "AgreementStep.owner": "who does what the step says (R2-1)",
    "StepOutcome.outcome": "what came of a step, not of a person",
    "Resource.field": "where a resource lies (R3.2-2)",
    "Resource.place": "the place of the Sozialraum that it is (R1-2)",
    "OfferChoice.offer": "what was chosen, with the Absicht in own words beside it (R4.4-8)",
    "OfferChoice.immediate": "as the offer says: one of the house, open from day one (R3.3-3)",
    "IntentVersion.number": "which wording of the Absicht it is",
    "Participation.version": "the number of a saving, against lost updates",
    "Consent.provider": "with whom one may talk about it (Art. 7 DSGVO)",
    "GroupMember.group": "which group of the Jobakademie one joined (R3.3-3)",
    "Attendance.group_date": "which date of the group it is",
    "Attendance.attended": "whether the talk took place, as Contact.kind says",
}


def subclasses(kind):
    for found in kind.__subclasses__():
        yield found
        yield from subclasses(found)


def own(kind):
    """All classes of the kind that the application's own code defines."""
    for name in OWN_CODE:
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            if any(part in module.name.split(".") for part in ("forms", "enums", "admin", "views", "screens")):
                importlib.import_module(module.name)
    return {found for found in subclasses(kind) if found.__module__.split(".")[0] in OWN_CODE}


def files(*suffixes):
    folders = [settings.BASE_DIR / name for name in (*OWN_CODE, "templates", "static/js")]
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in suffixes]


def not_allowed(findings):
    return sorted({str(found) for found in findings if (found.place.partition(":")[0], found.word) not in ALLOWED})


# --- the scan ------------------------------------------------------------------------------------------------------


def test_no_model_says_what_sort_of_person_somebody_is():
    assert len(OWN_MODELS) > 20
    assert not_allowed(deny.scan_models(OWN_MODELS)) == []


def test_no_list_of_choices_does():
    choices = own(models.Choices)

    assert {"ClosingReason", "SpecialistArea"} <= {found.__name__ for found in choices}
    assert not_allowed(deny.scan_choices(choices)) == []


def test_no_form_does():
    found = own(BaseForm)

    assert {"OpeningForm", "AccountForm", "FileNoteForm"} <= {form.__name__ for form in found}
    assert not_allowed(deny.scan_forms(found)) == []


def test_no_admin_does():
    assert not_allowed(deny.scan_admin(admin.sites.all_sites)) == []


def test_no_address_does():
    assert not_allowed(deny.scan_urls(get_resolver().url_patterns)) == []


def test_no_name_in_the_database_does(db):
    with connection.cursor() as cursor:
        cursor.execute(NAMES_IN_THE_DATABASE)
        names = [name for (name,) in cursor.fetchall()]

    assert {"casework_case", "birth_date", "one_current_agreement_per_case"} <= set(names)
    assert not_allowed(deny.scan_names("database", names)) == []


NAMES_IN_THE_DATABASE = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
UNION SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
UNION SELECT enumlabel FROM pg_enum
"""


def test_no_template_and_no_script_does():
    found = files(".html", ".txt", ".typ", ".js")

    assert len(found) > 80
    assert not_allowed(deny.scan_files(settings.BASE_DIR, found)) == []


def test_no_text_in_the_code_does():
    """Labels, messages, mails, headers and keys of what is exported or printed, and the SQL of the migrations."""
    found = files(".py")

    assert len(found) > 100
    assert not_allowed(deny.scan_files(settings.BASE_DIR, found)) == []


def test_there_is_no_room_for_a_category_under_any_name():
    assert not_allowed(deny.scan_shape(OWN_MODELS, KNOWN)) == []


def test_the_list_of_what_is_known_holds_nothing_that_is_gone():
    columns = {f"{model.__name__}.{field.name}" for model in OWN_MODELS for field in model._meta.get_fields()}

    assert set(KNOWN) - columns == set()


def test_the_allowed_places_still_need_their_leave():
    needed = {
        (found.place.partition(":")[0], found.word)
        for place, _ in ALLOWED
        for found in deny.scan_files(settings.BASE_DIR, [settings.BASE_DIR / place])
    }

    assert set(ALLOWED) - needed == set()


# --- what the scan finds -------------------------------------------------------------------------------------------


def words(findings):
    return {found.word for found in findings}


def fake(name, **fields):
    """A model of that name which knows one thing more."""
    meta = type("Meta", (), {"app_label": "casework"})
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


@pytest.mark.parametrize("name", ["Client", "Case", "Agreement"])
@pytest.mark.parametrize(
    "field",
    [
        ("stage", models.CharField(max_length=9, choices=[("a", "erste"), ("b", "zweite")])),
        ("needs_more", models.BooleanField(default=False)),
        ("nearness", models.PositiveSmallIntegerField(default=0)),
        ("remarks", models.JSONField(default=list)),
    ],
    ids=lambda field: field[0],
)
@isolate_apps("casework")
def test_a_category_field_is_found_whatever_it_is_called(name, field):
    column, kind = field
    model = fake(name, **{column: kind.clone()})

    assert [found.place for found in deny.scan_shape([model], KNOWN)] == [f"{name}.{column}"]


@pytest.mark.parametrize("name", ["Client", "Case", "Agreement"])
@pytest.mark.parametrize(
    "column", ["category", "client_segment", "kundenProfil", "target_group", "ziel_gruppe", "tags"]
)
@isolate_apps("casework")
def test_a_category_field_is_found_by_its_name_though_it_holds_free_text(name, column):
    model = fake(name, **{column: models.TextField()})

    assert f"{name}.{column}" in {found.place for found in deny.scan_models([model])}
    assert list(deny.scan_shape([model], KNOWN)) == []


@pytest.mark.parametrize("name", ["Client", "Case", "Agreement"])
@isolate_apps("casework")
def test_keys_into_a_list_of_kinds_are_found(name):
    kind = fake("LifeSituation", text=models.TextField())
    one = fake(name, situation=models.ForeignKey(kind, models.PROTECT))
    many = fake(f"{name}s", case_id=models.BigIntegerField(), situations=models.ManyToManyField(kind))

    assert [found.place for found in deny.scan_shape([one], KNOWN)] == [f"{name}.situation"]
    assert [found.place for found in deny.scan_shape([many], KNOWN)] == [f"{name}s.situations"]


@isolate_apps("casework")
def test_a_table_of_labels_beside_the_case_is_found():
    kind = fake("Sort", text=models.TextField())
    beside = fake("CaseSort", case_id=models.BigIntegerField(), sort=models.ForeignKey(kind, models.PROTECT))
    tags = fake("ClientTag", text=models.TextField())

    assert [found.place for found in deny.scan_shape([kind, beside, tags], KNOWN)] == ["CaseSort.sort", "ClientTag"]


@pytest.mark.parametrize(
    ("field", "word"),
    [
        (models.TextField("Handlungsstrategie"), "handlungsstrategie"),
        (models.TextField(help_text="Bitte die Zielgruppe eintragen."), "zielgruppe"),
        (models.TextField("Integration"), "integration"),
        (models.CharField(max_length=9, choices=[("x", "Grundbetreuung")]), "grundbetreuung"),
        (models.CharField(max_length=9, choices=[("entwicklung", "in Bewegung")]), "entwicklung"),
        (models.CharField(max_length=9, choices=[("a", "Integration / Entwicklung")]), "entwicklung"),
        (models.TextField(db_column="vermittlungshemmnisse"), "hemmnis"),
    ],
)
@isolate_apps("casework")
def test_labels_choices_and_columns_are_read(field, word):
    assert word in words(deny.scan_models([fake("FileNote", about=field.clone())]))


@isolate_apps("casework")
def test_names_of_rules_tables_and_lists_are_read():
    class Kind(models.TextChoices):
        NEAR = "n", "marktnah"

    class Note(models.Model):
        text = models.TextField()

        class Meta:
            app_label = "casework"
            db_table = "casework_betreuungsstufe"
            constraints = [models.CheckConstraint(condition=models.Q(text=""), name="kundengruppe_known")]

    assert words(deny.scan_models([Note])) == {"betreuungsstufe", "kundengruppe"}
    assert words(deny.scan_choices([Kind])) == {"marktnah"}


def test_forms_are_read():
    class Form(forms.Form):
        strategy = forms.CharField(label="Handlungsstrategie", help_text="nach der Profillage")
        way = forms.ChoiceField(choices=[("1", "Integration"), ("2", "Krankenpflege")])
        text = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Motivationsschreiben, Defizite"}))

    assert words(deny.scan_forms([Form])) == {"strategy", "handlungsstrategie", "profillage", "integration", "defizit"}


def test_the_admin_is_read():
    class Segment(admin.SimpleListFilter):
        title = "Kundengruppe"
        parameter_name = "group"

    class Rows(admin.TabularInline):
        model = apps.get_model("casework", "RoleGrant")
        fields = ["betreuungsstufe"]

    class Shown(admin.ModelAdmin):
        list_display = ["text", "ampel"]
        list_filter = ["case__category", ("score", admin.BooleanFieldListFilter), Segment]
        search_fields = ["prognose"]
        fieldsets = [("Problemlage", {"fields": ["text", ("quote", "cluster")]})]
        inlines = [Rows]

    site = admin.AdminSite()
    site._registry[apps.get_model("casework", "FileNote")] = Shown(apps.get_model("casework", "FileNote"), site)

    assert words(deny.scan_admin([site])) == {
        "ampel",
        "betreuungsstufe",
        "category",
        "cluster",
        "kundengruppe",
        "problemlage",
        "prognose",
        "quote",
        "score",
        "segment",
    }


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("<p>Ihre Zuweisung ist da.</p>", "zuweisung"),
        ("<p>Wir haben Sie zugewiesen.</p>", "zuweisung"),
        ("<td>{{ row.category }}</td>", "category"),
        ("<option value='1'>Integration</option>", "integration"),
        ('{% include "components/badge.html" with text="Entwicklung" only %}', "entwicklung"),
        ("<h2>Auslastung</h2>", "auslastung"),
        ("<th>Zielgruppen-Zugehörigkeit</th>", "zielgruppe"),
        ("<th>Beschäftigungshemmnisse</th>", "hemmnis"),
        ("<button aria-label='nach Ranking ordnen'>", "rangliste"),
    ],
)
def test_templates_are_read(source, word):
    assert word in words(deny.scan_template("x.html", source))


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ('HEADER = ["Fallnummer", "Betreuungsstufe"]', "betreuungsstufe"),
        ('row = {"kundenprofil": 1}', "kundenprofil"),
        ('label = f"Quote von {name}"', "quote"),
        ('STRATEGIES = ("Integration", "…")', "integration"),
        ('migrations.RunSQL("ALTER TABLE x ADD COLUMN profillage text")', "profillage"),
    ],
)
def test_headers_keys_messages_and_sql_are_read(source, word):
    assert word in words(deny.scan_python("x.py", source))


def test_addresses_and_names_in_the_database_are_read():
    patterns = [path("faelle/<int:pk>/handlungsstrategie/", lambda request: None, name="client_category")]

    assert words(deny.scan_urls(patterns)) == {"handlungsstrategie", "category"}
    assert words(deny.scan_names("database", ["casework_case", "traffic_light", "motivation"])) == {
        "trafficlight",
        "motivation",
    }


def test_scripts_and_print_templates_are_read():
    assert words(deny.scan_script("x.js", 'const title = "Rangliste"; // Quote')) == {"rangliste"}
    assert words(deny.scan_script("x.typ", "= Mitwirkungsquote /* Ampel */")) == {"mitwirkungsquote"}


@pytest.mark.parametrize(
    "text",
    [
        "Integrationskurs bei der Volkshochschule",
        "Ausbildung in der Krankenpflege",
        "Integrationsfachkraft",
        "die Integration in den Arbeitsmarkt",
        "seine berufliche Entwicklung",
        "Entwicklungsumgebung",
        "Motivationsschreiben",
        "Was tut sie dafür schon von sich aus, woran merkt man die Motivation?",
        "Zum Angebot weist der Weg.",
        "Tag und Uhrzeit",
        "der Quotient aus beiden Zahlen",
        "Kundin einer Bank",
    ],
)
def test_ordinary_german_is_no_hit(text):
    assert list(deny.scan_template("x.html", f"<p>{text}</p>")) == []
    assert list(deny.scan_python("x.py", f"label = {text!r}")) == []


def test_comments_and_docstrings_may_explain():
    assert (
        list(deny.scan_template("x.html", "{% comment %}keine Zielgruppe{% endcomment %}{# Ampel #}<p>Text</p>")) == []
    )
    assert list(deny.scan_python("x.py", '"""No Zielgruppe here."""\nx = 1  # Segment')) == []
