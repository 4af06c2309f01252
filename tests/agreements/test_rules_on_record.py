"""No column of what was agreed changes in any way (R4.3-1); "Falsche Akte" takes all of it, or is refused.

Columns are asked of the models: a new one is tried here without anybody thinking of it.
"""

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from agreements.models import Agreement, AgreementStep, Resource
from tests import factories
from tests.rules import accepted, denied, refused, sql

MODELS = [
    model
    for model in apps.get_app_config("agreements").get_models()
    if "case_id" in {field.column for field in model._meta.concrete_fields}
]
COLUMNS = [
    pytest.param(model, field, id=f"{model.__name__}.{field.column}")
    for model in MODELS
    for field in model._meta.concrete_fields
]
AGREEMENT = [pytest.param(field, id=field.column) for field in Agreement._meta.concrete_fields]

# Where another rule speaks first; for everything else it is the rule of the table.
SUPERSEDED_ONCE = dict.fromkeys(("superseded_at", "superseded_by_id"), "agreement_is_superseded_once")
RULES = {
    "superseded": SUPERSEDED_ONCE | {"withdrawn_at": "agreement_is_withdrawn_with_its_conversation"},
    "current": dict.fromkeys(("superseded_at", "superseded_by_id"), "agreement_end_is_paired")
    | {"withdrawn_at": "agreement_is_withdrawn_with_its_conversation"},
    "withdrawn": {},
}
RESOURCE_ENDS = dict.fromkeys(("ended_at", "ended_by_id", "ended_in_id"), "resource_end_is_complete")


def other_value(field):
    """SQL for a value that the column does not have."""
    kind, column = field.get_internal_type(), field.column
    if kind in ("CharField", "TextField"):
        return "'x'"
    if kind == "ArrayField":
        return "ARRAY['will']"
    if kind == "DateTimeField":
        return f"coalesce({column} + interval '1 second', clock_timestamp())"
    if kind == "DateField":
        return f"coalesce({column} + 1, current_date)"
    if isinstance(field, models.ForeignKey) and field.null:
        target = "by_id" if field.related_model._meta.model_name == "user" else "contact_id"
        return f"coalesce({column} + 1, {target if field.related_model is not Agreement else 'id'})"
    return f"{column} + 1"


def rule_of(model, field):
    if model in (Agreement, AgreementStep):
        return "agreement_is_final"
    return RESOURCE_ENDS.get(field.column, "record_is_final") if model is Resource else "record_is_final"


def may_update(model, column):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege(current_user, %s, %s, 'UPDATE')", [model._meta.db_table, column])
        return cursor.fetchone()[0]


def update(model, field, pk):
    return f"UPDATE {model._meta.db_table} SET {field.column} = {other_value(field)} WHERE id = {pk}"


def versions(case):
    """Versions of an agreement by what became of them; in a case of their own, where a third one was taken back."""
    first = factories.AgreementFactory(case=case)
    second = factories.AgreementFactory(supersedes=first, rhythm="alle zwei Wochen")
    third = factories.AgreementFactory(supersedes=second)
    factories.withdraw(third.contact)
    return {"superseded": first, "current": second, "withdrawn": third}


def one_of_each(case):
    """A row of every table, all of one conversation."""
    contact = factories.ContactFactory(case=case)
    resource = factories.ResourceFactory(contact=contact)
    agreement = factories.AgreementFactory(contact=contact, resources=[resource])
    step = factories.first_step(agreement)
    rows = [
        resource,
        agreement,
        step,
        factories.WillStatementFactory(contact=contact),
        factories.ResourceReviewFactory(contact=contact),
        factories.StepReminderFactory(step=step),
        factories.StepOutcomeFactory(step=step, contact=contact, text="Hat geklappt."),
        factories.AgreementHandoutFactory(agreement=agreement),
        apps.get_model("agreements", "AgreementResource").objects.get(agreement=agreement),
    ]
    return {type(row): row for row in rows}


# --- no column changes -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("state", RULES)
@pytest.mark.parametrize("field", AGREEMENT)
def test_no_column_of_an_agreement_changes(case, state, field):
    agreement = versions(case)[state]
    rule = RULES[state].get(field.column, "agreement_is_final")

    with refused(rule) if may_update(Agreement, field.column) else denied():
        sql(update(Agreement, field, agreement.pk))


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), [p for p in COLUMNS if p.values[0] is not Agreement])
def test_no_column_of_anything_else_changes(case, model, field):
    row = one_of_each(case)[model]

    with refused(rule_of(model, field)) if may_update(model, field.column) else denied():
        sql(update(model, field, row.pk))


def test_not_even_the_owner_changes_or_deletes_anything(committed_db, owner_sql):
    rows = one_of_each(factories.CaseFactory())
    kept = {model: list(model.objects.values()) for model in rows}

    for model, row in rows.items():
        statements = [update(model, field, row.pk) for field in model._meta.concrete_fields]
        for statement in [*statements, f"DELETE FROM {model._meta.db_table} WHERE id = {row.pk}"]:
            with pytest.raises(psycopg.errors.CheckViolation):
                owner_sql(statement)

    assert {model: list(model.objects.values()) for model in rows} == kept


@pytest.mark.django_db
def test_every_table_of_the_room_that_belongs_to_a_case_is_tried(case):
    assert set(one_of_each(case)) == set(MODELS)
    assert len(MODELS) == 9


@pytest.mark.django_db
def test_words_of_an_agreement_change_in_no_way_of_writing(case):
    agreement = factories.AgreementFactory(case=case)
    loaded = Agreement.objects.get(pk=agreement.pk)
    loaded.goal = "Anders"

    for change in (
        lambda: Agreement.objects.update(goal="Anders"),
        lambda: Agreement.objects.update(goal="", employment_link="", rhythm=""),
        lambda: Agreement.objects.bulk_update([loaded], ["goal"]),
        lambda: loaded.save(update_fields=["goal"]),
        lambda: sql("UPDATE agreements_agreement SET rhythm = 'täglich'"),
        lambda: AgreementStep.objects.update(text="Anders"),
        lambda: AgreementStep.objects.update(text="", owner_name=""),
        lambda: sql("UPDATE agreements_agreementstep SET owner_name = 'die Tante'"),
        lambda: sql(
            "INSERT INTO agreements_agreementstep (id, case_id, agreement_id, position, owner, owner_name, text)"
            " OVERRIDING SYSTEM VALUE SELECT id, case_id, agreement_id, position, owner, owner_name, 'Anders'"
            " FROM agreements_agreementstep ON CONFLICT (id) DO UPDATE SET text = excluded.text"
        ),
        lambda: sql(
            "MERGE INTO agreements_agreement AS a USING (VALUES (1)) AS v ON true"
            " WHEN MATCHED THEN UPDATE SET goal = 'Anders'"
        ),
    ):
        with refused("agreement_is_final"):
            change()
    with denied():
        loaded.save()


# --- "Falsche Akte" ----------------------------------------------------------------------------------------


def full_conversation(case):
    """A conversation that brings everything, after one that brought a version and a resource; the later one."""
    standing = factories.ResourceFactory(case=case, text="Ein Auto")
    first = factories.AgreementFactory(case=case)
    contact = factories.ContactFactory(case=case)
    resource = factories.ResourceFactory(contact=contact)
    factories.WillStatementFactory(contact=contact, life_idea="Ein Haus")
    factories.ResourceReviewFactory(contact=contact)
    factories.AgreementFactory(supersedes=first, contact=contact, resources=[resource], rhythm="alle zwei Wochen")
    factories.StepOutcomeFactory(step=factories.first_step(first), contact=contact, text="Hat geklappt.")
    Resource.objects.filter(pk=standing.pk).update(ended_at=timezone.now(), ended_by=contact.author, ended_in=contact)
    return contact, first, standing


@pytest.mark.django_db
def test_what_a_conversation_brought_goes_with_it_and_what_was_before_holds_again(case):
    contact, first, standing = full_conversation(case)

    with accepted():
        factories.withdraw(contact)

    first.refresh_from_db()
    standing.refresh_from_db()
    assert (first.superseded_at, standing.ended_at) == (None, None)
    assert not Agreement.objects.filter(contact=contact).exclude(goal="").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["will", "resources", "ends of resources", "outcomes", "agreement", "steps"])
def test_no_part_of_it_stays_behind(case, part):
    contact, *_ = full_conversation(case)
    rest = {"agreement": "steps"}  # steps of an agreement that stands are final

    with refused("withdrawn_conversation_leaves_nothing" if part not in rest else "agreement_is_final"):
        factories.withdraw(contact, without=part)


@pytest.mark.django_db
def test_the_conversation_alone_does_not_go(case):
    contact, *_ = full_conversation(case)

    with refused("withdrawn_conversation_leaves_nothing"):
        sql(
            "UPDATE casework_contact SET text = '', withdrawn_at = now(), withdrawn_by_id = author_id,"
            " withdrawn_reason = 'Falsche Akte' WHERE id = %s",
            [contact.pk],
        )


@pytest.mark.django_db
def test_the_predecessor_is_current_again(case):
    contact, *_ = full_conversation(case)

    with refused("last_agreement_is_current"):
        factories.withdraw(contact, without="predecessor")


@pytest.mark.django_db
def test_a_middle_version_goes_and_the_later_one_stays_current(case):
    made = versions(case)
    assert made["current"].number == 2

    with accepted():
        factories.withdraw(made["superseded"].contact)

    assert list(Agreement.objects.filter(superseded_at=None, withdrawn_at=None)) == [made["current"]]


@pytest.mark.django_db
def test_versions_go_from_the_middle_and_the_one_before_them_is_current_again(case):
    first = factories.AgreementFactory(case=case)
    second = factories.AgreementFactory(supersedes=first)
    third = factories.AgreementFactory(supersedes=second)
    factories.withdraw(second.contact)

    with accepted():
        factories.withdraw(third.contact)

    assert list(Agreement.objects.filter(superseded_at=None, withdrawn_at=None)) == [first]


@pytest.mark.django_db
@pytest.mark.parametrize("left", ["goal", "employment_link", "rhythm"])
def test_an_agreement_is_withdrawn_with_all_its_words(case, left):
    contact, *_ = full_conversation(case)
    texts = {"goal": "", "employment_link": "", "rhythm": ""}
    del texts[left]

    with refused("agreement_is_withdrawn_with_its_conversation"):
        type(contact).objects.filter(pk=contact.pk).update(
            text="", withdrawn_at=timezone.now(), withdrawn_by=contact.author, withdrawn_reason="Falsche Akte"
        )
        Agreement.objects.filter(contact=contact).update(
            withdrawn_at=timezone.now(), withdrawn_by=contact.author, **texts
        )


@pytest.mark.django_db
def test_an_agreement_is_not_withdrawn_while_its_conversation_stands(case):
    agreement = factories.AgreementFactory(case=case)

    with refused("agreement_is_withdrawn_with_its_conversation"):
        Agreement.objects.filter(pk=agreement.pk).update(
            goal="", employment_link="", rhythm="", withdrawn_at=timezone.now(), withdrawn_by=agreement.by
        )


@pytest.mark.django_db
def test_an_agreement_does_not_come_in_withdrawn(case):
    with refused("agreement_is_withdrawn_with_its_conversation"):
        factories.AgreementFactory(case=case, withdrawn_at=timezone.now(), withdrawn_by=case.opened_by)


@pytest.mark.django_db
def test_an_agreement_does_not_come_in_superseded_ahead(case):
    with refused("what_was_agreed_is_recorded_now"):
        factories.AgreementFactory(
            case=case, superseded_at=factories.ago(days=-1), superseded_by=factories.AgreementFactory(case=case)
        )


@pytest.mark.django_db
def test_a_withdrawal_has_time_and_person(case):
    contact, *_ = full_conversation(case)

    with refused("agreement_withdrawal_is_paired"):
        type(contact).objects.filter(pk=contact.pk).update(
            text="", withdrawn_at=timezone.now(), withdrawn_by=contact.author, withdrawn_reason="Falsche Akte"
        )
        Agreement.objects.filter(contact=contact).update(
            goal="", employment_link="", rhythm="", withdrawn_at=timezone.now()
        )
