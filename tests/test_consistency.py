"""What holds for the whole tree, whoever adds to it next (house style 22, 23)."""

import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models.fields.related import RelatedField

from tests import factories

OWN_APPS = ("casework", "agreements", "offers")
OWN_MODELS = [model for app in OWN_APPS if apps.is_installed(app) for model in apps.get_app_config(app).get_models()]
FACTORIES = [
    found
    for _, found in inspect.getmembers(factories, inspect.isclass)
    if issubclass(found, factories.RecordFactory) and found is not factories.RecordFactory
]

# A moment without a person: who it was follows from another column, or it was nobody.
UNPAIRED = {
    ("Case", "closed_at"): "CaseClosure.by, at the same moment",
    ("Contact", "recorded_at"): "author",
    ("Contact", "at"): "author records what happened then",
    ("FollowUp", "starts_at"): "the hour of an appointment, not an act",
    ("FollowUpChange", "old_starts_at"): "the hour of an appointment, not an act",
    ("FollowUpChange", "new_starts_at"): "the hour of an appointment, not an act",
    ("Draft", "created_at"): "author",
    ("Draft", "updated_at"): "author",
    ("AccessGrant", "granted_at"): "user: whoever takes the access",
    ("AccessEvent", "at"): "user_id",
    ("EmergencyAccess", "asked_at"): "user: whoever asks",
    ("DigestRun", "planned_at"): "nobody: the planner",
    ("DigestMail", "ended_at"): "nobody: the mail server's answer, or its absence",
    ("ReflectionGuide", "published_at"): "reference data, kept in the admin",
    ("OfferVersion", "superseded_at"): "whoever published the next version",
    ("GroupDate", "starts_at"): "the hour of a date, not an act",
    ("CaseHandover", "carried_out_at"): "planned_by answers for it",
    ("CalendarFeed", "created_at"): "user: whose calendar it is",
    ("OpenSession", "signed_in_at"): "user: whose session it is",
    ("OpenSession", "last_seen_at"): "user: whose session it is",
    ("GuessCount", "failed_at"): "whoever guessed, of whom nothing is known",
    ("AccountNotice", "made_at"): "the event of the change names who",
    ("AccountNotice", "claimed_at"): "nobody: the mail server took it",
    ("AccountEvent", "at"): "by_user_id",
    ("LastVisit", "seen_at"): "user: whose look it was",
}
NOT_BREAKABLE = {
    # Targets of composite keys: the id alone is unique already.
    "case_closure_key",
    "contact_key",
    "follow_up_key",
    "duty_key",
    "agreement_key",
    "agreement_step_key",
    "resource_key",
    "resource_review_key",
    "offer_key",
    "offer_choice_key",
    "participation_key",
    "group_member_key",
    "letter_key",
    # Whoever breaks these breaks another rule first.
    "case_not_its_own_predecessor",
    "counsellor_kind_known",
}


def names(items):
    return sorted(str(item) for item in items)


# --- factories ---------------------------------------------------------------------------------------------


def test_every_model_has_a_factory():
    made = {factory._meta.model for factory in FACTORIES}

    assert names(set(OWN_MODELS) - made) == []


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_every_factory_makes_a_valid_thing(db, factory):
    made = factory()

    assert isinstance(made, factory._meta.model)


# A day is closed once; a second one is named by the test that needs it.
REPEATABLE = [factory for factory in FACTORIES if factory is not factories.LocalDayFactory]


@pytest.mark.parametrize("factory", REPEATABLE, ids=lambda factory: factory.__name__)
def test_every_factory_makes_a_second_thing_beside_the_first(db, factory):
    made = {factory().pk, factory().pk}

    assert len(made) == 2 or made == {None}


# --- models ------------------------------------------------------------------------------------------------


def test_moments_have_persons():
    unpaired = []
    for model in OWN_MODELS:
        columns = {field.name for field in model._meta.get_fields()}
        for field in model._meta.concrete_fields:
            person = re.sub(r"(^|_)at$", r"\1by", field.name)
            if isinstance(field, models.DateTimeField) and field.name.endswith("at") and person not in columns:
                unpaired.append((model.__name__, field.name))

    assert names(set(unpaired) - set(UNPAIRED)) == []
    assert names(set(UNPAIRED) - set(unpaired)) == []


def test_whatever_belongs_to_a_case_carries_its_case():
    """Composite keys, row security and erasure have one handle (design.md 4)."""
    case = apps.get_model("casework", "Case")
    with_case = {
        model
        for model in OWN_MODELS
        if model is case or any(field.column == "case_id" for field in model._meta.concrete_fields)
    }
    without = {
        model
        for model in OWN_MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, RelatedField) and field.related_model in with_case and model not in with_case
    }

    assert names(without) == []


def test_names_of_rows_show_no_personal_data():
    assert [
        model.__name__
        for model in OWN_MODELS
        if "case" in {field.name for field in model._meta.get_fields()}
        and model.__str__ is not apps.get_model("casework", "Case").__str__
    ] == []


def test_no_model_saves_deletes_or_cleans_in_its_own_way():
    assert [
        f"{model.__name__}.{method}"
        for model in OWN_MODELS
        for method in ("save", "delete", "clean")
        if method in vars(model)
    ] == []


def test_closed_lists_are_closed_in_the_database():
    open_lists = []
    for model in OWN_MODELS:
        checks = " ".join(str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint))
        for field in model._meta.concrete_fields:
            if field.choices and f"'{field.name}__in'" not in checks:
                open_lists.append(f"{model.__name__}.{field.name}")

    assert open_lists == []


# --- rules -------------------------------------------------------------------------------------------------


def rules_of_the_database():
    """The names of all constraints of the models and of all rules in hand-written SQL."""
    found = {constraint.name for model in OWN_MODELS for constraint in model._meta.constraints}
    for path in settings.BASE_DIR.glob("*/migrations/*.py"):
        text = path.read_text()
        found |= set(re.findall(r"_refuse\('(\w+)'\)", text))
        found |= set(re.findall(r"CONSTRAINT = '(\w+)'", text))
        found |= set(re.findall(r"ADD CONSTRAINT (\w+)", text)) - {"{name}"}
        found |= set(re.findall(r"\bTHEN '(\w+)'", text))
    return found


def test_every_rule_of_the_database_has_a_test_that_names_it():
    tests = "\n".join(path.read_text() for path in Path(__file__).parent.rglob("test_*.py"))
    tests = tests.replace('f"client_{field}_not_blank"', "client_family_name_not_blank client_given_name_not_blank")

    assert names(rule for rule in rules_of_the_database() - NOT_BREAKABLE if rule not in tests) == []


# --- the admin ---------------------------------------------------------------------------------------------


def test_no_admin_site_shows_a_case_or_a_person():
    case, client = apps.get_model("casework", "Case"), apps.get_model("casework", "Client")
    forbidden = {
        model
        for model in OWN_MODELS
        if model in (case, client)
        or any(
            field.related_model in (case, client) or field.column in ("case_id", "client_id")
            for field in model._meta.concrete_fields
        )
    }
    shown = {model for site in admin.sites.all_sites for model in site._registry}

    assert len(forbidden) > 10
    assert names(forbidden & shown) == []


def test_inlines_of_the_admin_show_no_case_either():
    shown = {
        inline.model
        for site in admin.sites.all_sites
        for model_admin in site._registry.values()
        for inline in model_admin.inlines
    }
    columns = {(model.__name__, field.column) for model in shown for field in model._meta.concrete_fields}

    assert names(model for model, column in columns if column in ("case_id", "client_id")) == []


# --- files -------------------------------------------------------------------------------------------------


def test_no_file_of_python_is_longer_than_about_five_hundred_lines():
    long = [
        str(path.relative_to(settings.BASE_DIR))
        for folder in (*OWN_APPS, "jobcenter", "tests")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > 560
    ]

    assert long == []


def test_decision_records_have_numbers_of_their_own():
    numbers = [path.name[:4] for path in (settings.BASE_DIR / "docs" / "adr").glob("*.md")]

    assert len(numbers) == len(set(numbers))
