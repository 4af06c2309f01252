"""A demand rests on law in force, belongs to an open case, and stays; it comes from nothing but a hand (R2-2)."""

import ast
import datetime as dt
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework import models
from casework.enums import DutyFactKind
from casework.models import DutyFact, DutyToCooperate, LegalBasis, LegalNotice
from tests import factories
from tests.rules import accepted, denied, refused, sql

DUTY_TABLES = (LegalBasis, LegalNotice, DutyToCooperate, DutyFact)
INSERT = """
INSERT INTO casework_dutytocooperate (case_id, legal_basis_id, notice_id, demand, recorded_by_id)
VALUES (%s, %s, %s, %s, %s)
"""
PAST = DateRange(dt.date(2020, 1, 1), dt.date(2021, 1, 1))
AHEAD = DateRange(dt.date(2099, 1, 1), None)


def insert_duty(case, basis=None, notice=None, demand="Sich melden."):
    ids = [row and row.pk for row in (basis, notice)]
    return sql(INSERT, [case.pk, *ids, demand, case.opened_by_id])


@pytest.fixture
def case(kim):
    return factories.CaseFactory(counsellor=kim)


@pytest.fixture
def basis(database):
    return factories.LegalBasisFactory()


@pytest.fixture
def duty(case, basis):
    return factories.DutyToCooperateFactory(case=case, legal_basis=basis)


def withdraw(row, **more):
    type(row).objects.filter(pk=row.pk).update(withdrawn_at=timezone.now(), withdrawn_by=row.recorded_by, **more)


# --- a demand rests on law ---------------------------------------------------------------------------------


def test_a_demand_without_legal_basis_is_refused(case):
    with refused("duty_has_legal_basis"):
        insert_duty(case)


def test_a_demand_with_its_legal_basis_is_accepted(case, basis):
    with accepted():
        insert_duty(case, basis)


@pytest.mark.parametrize("demand", ["", "   ", "\n\t"])
def test_a_demand_that_demands_nothing_is_refused(case, basis, demand):
    with refused("duty_demand_not_blank"):
        insert_duty(case, basis, demand=demand)


@pytest.mark.parametrize("during", [PAST, AHEAD], ids=["ended", "to come"])
def test_a_demand_on_law_that_is_not_in_force_is_refused(case, during):
    with refused("duty_rests_on_law_in_force"):
        insert_duty(case, factories.LegalBasisFactory(during=during))


def test_a_demand_on_law_that_does_not_exist_is_refused(case):
    with refused("duty_rests_on_law_in_force"):
        sql(INSERT, [case.pk, 999_999, None, "Sich melden.", case.opened_by_id])


def test_law_holds_on_its_first_day_and_no_longer_on_its_end(case):
    today = timezone.localdate()
    first = factories.LegalBasisFactory(during=DateRange(today, None))
    ended = factories.LegalBasisFactory(during=DateRange(today - dt.timedelta(days=9), today))

    with accepted():
        insert_duty(case, first)
    with refused("duty_rests_on_law_in_force"):
        insert_duty(case, ended)


def test_what_counts_is_the_day_of_the_recording(case):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    basis = factories.LegalBasisFactory(during=DateRange(yesterday, timezone.localdate()))

    with accepted():
        factories.DutyToCooperateFactory(case=case, legal_basis=basis, recorded_at=factories.ago(days=1))


def test_a_demand_in_bulk_obeys_the_same_rule(case):
    row = DutyToCooperate(
        case=case,
        legal_basis=factories.LegalBasisFactory(during=PAST),
        demand="Sich melden.",
        recorded_at=timezone.now(),
        recorded_by=case.opened_by,
    )

    with refused("duty_rests_on_law_in_force"):
        DutyToCooperate.objects.bulk_create([row])


def test_a_text_of_another_legal_basis_is_refused(case, basis):
    with refused("duty_notice_of_its_basis"):
        insert_duty(case, basis, factories.LegalNoticeFactory())


@pytest.mark.parametrize("during", [PAST, AHEAD], ids=["ended", "to come"])
def test_a_text_that_is_not_in_force_is_refused(case, basis, during):
    with refused("duty_notice_in_force"):
        insert_duty(case, basis, factories.LegalNoticeFactory(legal_basis=basis, during=during))


def test_a_demand_is_recorded_in_an_open_case_only(basis):
    closed = factories.ClosedCaseFactory()

    with refused("duty_in_open_case"):
        insert_duty(closed, basis)
    with refused("duty_in_open_case"):
        factories.DutyToCooperateFactory(case=closed, legal_basis=basis, recorded_at=factories.ago(days=3))


@pytest.mark.parametrize("at", [{"days": -1}, {"days": 90}], ids=["in the future", "before its case"])
def test_a_demand_is_recorded_in_the_time_of_its_case(case, basis, at):
    with refused("duty_recorded_in_its_case"):
        factories.DutyToCooperateFactory(case=case, legal_basis=basis, recorded_at=factories.ago(**at))


def test_the_day_of_a_demand_is_a_real_one(duty):
    with refused("duty_day_is_finite"):
        sql(
            "INSERT INTO casework_dutytocooperate (case_id, legal_basis_id, demand, due_on, recorded_by_id)"
            " VALUES (%s, %s, 'x', 'infinity', %s)",
            [duty.case_id, duty.legal_basis_id, duty.recorded_by_id],
        )


# --- what is told of it ------------------------------------------------------------------------------------


def test_a_fact_may_not_name_a_demand_of_another_case(duty):
    with refused("dutyfact_duty_of_same_case"):
        factories.DutyFactFactory(duty=duty, case=factories.CaseFactory())


def test_a_fact_of_an_unknown_kind_is_refused(duty):
    with refused("duty_fact_kind_known"):
        factories.DutyFactFactory(duty=duty, kind="sanction")


def test_a_fact_of_tomorrow_is_refused(duty):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    with refused("duty_fact_not_in_the_future"):
        factories.DutyFactFactory(duty=duty, happened_on=tomorrow)
    with refused("duty_fact_not_in_the_future"):
        factories.DutyFactFactory(duty=duty, happened_on=tomorrow, recorded_at=factories.ago(days=-2))


def test_a_fact_of_before_the_case_is_refused(duty):
    with refused("duty_fact_not_before_its_case"):
        factories.DutyFactFactory(duty=duty, happened_on=dt.date(2001, 1, 1))


@pytest.mark.parametrize(("kind", "text"), [(DutyFactKind.REASON, " "), (DutyFactKind.POSTED, "am Tresen")])
def test_a_text_belongs_to_a_stated_reason_and_to_nothing_else(duty, kind, text):
    with refused("duty_fact_text_if_and_only_if_reason"):
        factories.DutyFactFactory(duty=duty, kind=kind, text=text)


def test_the_same_fact_stands_once_a_day(duty):
    fact = factories.DutyFactFactory(duty=duty)

    with refused("duty_fact_once_a_day"):
        factories.DutyFactFactory(duty=duty)
    withdraw(fact)
    with accepted():
        factories.DutyFactFactory(duty=duty)


def test_who_comes_later_the_same_day_has_come(duty):
    """Reporting later the same day counts (domain.md 5.2): both facts stand, and nothing weighs them."""
    with accepted():
        factories.DutyFactFactory(duty=duty, kind=DutyFactKind.NOT_APPEARED)
        factories.DutyFactFactory(duty=duty, kind=DutyFactKind.APPEARED)
        factories.DutyFactFactory(duty=duty, reason=True)
        factories.DutyFactFactory(duty=duty, reason=True, text="Der Ersatzbus auch.")


def test_a_fact_is_told_on_an_ended_case_too(duty):
    factories.CaseClosureFactory(case=duty.case)

    with accepted():
        factories.DutyFactFactory(duty=duty)


def test_a_withdrawn_demand_takes_no_fact(duty):
    withdraw(duty, withdrawn_reason="Andere Akte")

    with refused("withdrawn_duty_takes_no_fact"):
        factories.DutyFactFactory(duty=duty)


# --- what is on record stays -------------------------------------------------------------------------------


def test_a_withdrawal_has_time_person_and_reason(duty):
    with refused("duty_withdrawal_complete"):
        withdraw(duty)
    with refused("duty_withdrawal_reason_not_blank"):
        withdraw(duty, withdrawn_reason=" ")
    with accepted():
        withdraw(duty, withdrawn_reason="Irrtum")


def test_the_withdrawal_of_a_fact_has_time_and_person(duty):
    fact = factories.DutyFactFactory(duty=duty)

    with refused("duty_fact_withdrawal_paired"):
        DutyFact.objects.filter(pk=fact.pk).update(withdrawn_at=timezone.now())
    with accepted():
        withdraw(fact)


def test_nothing_is_withdrawn_before_it_was_recorded(duty):
    fact = factories.DutyFactFactory(duty=duty)
    early = {"withdrawn_at": factories.ago(days=9), "withdrawn_by": duty.recorded_by}

    with refused("duty_withdrawn_after_it_was_recorded"):
        DutyToCooperate.objects.filter(pk=duty.pk).update(withdrawn_reason="x", **early)
    with refused("duty_fact_withdrawn_after_it_was_recorded"):
        DutyFact.objects.filter(pk=fact.pk).update(**early)


def test_what_was_withdrawn_stays_withdrawn(duty):
    withdraw(duty, withdrawn_reason="Irrtum")

    with refused("record_is_final"):
        DutyToCooperate.objects.filter(pk=duty.pk).update(withdrawn_at=None, withdrawn_by=None, withdrawn_reason=None)
    with refused("record_is_final"):
        withdraw(duty, withdrawn_reason="Doch ein anderer Grund")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casework_dutytocooperate SET demand = 'Mehr'",
        "UPDATE casework_dutytocooperate SET notice_id = NULL",
        "UPDATE casework_dutytocooperate SET legal_basis_id = legal_basis_id",
        "UPDATE casework_dutyfact SET happened_on = happened_on - 1",
        "UPDATE casework_dutyfact SET kind = 'not_appeared'",
        "UPDATE casework_legalbasis SET paragraph = '§ 1'",
        "UPDATE casework_legalnotice SET text = 'Anders'",
        "DELETE FROM casework_legalbasis",
        "DELETE FROM casework_legalnotice",
    ],
)
def test_the_web_role_has_no_right_to_change_words(statement):
    with denied():
        sql(statement)


@pytest.fixture
def on_record(committed_db):
    duty = factories.DutyToCooperateFactory(with_notice=True)
    return factories.DutyFactFactory(duty=duty)


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("record_is_final", "UPDATE casework_dutytocooperate SET demand = 'Mehr'"),
        (
            "record_is_final",
            "UPDATE casework_dutytocooperate SET demand = 'Mehr', withdrawn_at = now(),"
            " withdrawn_by_id = recorded_by_id, withdrawn_reason = 'x'",
        ),
        ("record_is_final", "DELETE FROM casework_dutyfact"),
        ("record_is_final", "UPDATE casework_dutyfact SET happened_on = happened_on - 1"),
        ("record_is_final", "DELETE FROM casework_dutytocooperate"),
        ("legal_text_stays", "UPDATE casework_legalbasis SET title = 'Anders'"),
        ("legal_text_stays", "DELETE FROM casework_legalbasis"),
        ("legal_text_stays", "UPDATE casework_legalnotice SET text = 'Anders'"),
        ("legal_text_stays", "DELETE FROM casework_legalnotice"),
    ],
)
def test_not_even_the_owner_changes_it(on_record, owner_sql, rule, statement):
    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        owner_sql(statement)

    assert caught.value.diag.constraint_name == rule


# --- configuration -----------------------------------------------------------------------------------------


def test_law_in_use_does_not_end_before_its_demands(duty):
    today = timezone.localdate()
    basis = LegalBasis.objects.filter(pk=duty.legal_basis_id)

    with refused("legal_text_covers_its_duties"):
        basis.update(during=DateRange(today - dt.timedelta(days=300), today - dt.timedelta(days=5)))
    with accepted():
        basis.update(during=DateRange(today - dt.timedelta(days=300), today), source="geprüft")


def test_a_text_in_use_does_not_end_before_its_demands(case):
    duty = factories.DutyToCooperateFactory(case=case, with_notice=True)

    with refused("legal_text_covers_its_duties"):
        LegalNotice.objects.filter(pk=duty.notice_id).update(during=PAST)


def test_law_and_texts_have_names_words_and_a_beginning(basis):
    for rule, fields in (
        ("legal_basis_named", {"paragraph": " "}),
        ("legal_basis_titled", {"title": ""}),
        ("legal_basis_period_real", {"during": DateRange(empty=True)}),
        ("legal_basis_period_real", {"during": DateRange(None, None)}),
    ):
        with refused(rule):
            factories.LegalBasisFactory(**fields)
    for rule, fields in (
        ("legal_notice_named", {"version": " "}),
        ("legal_notice_not_blank", {"text": "\n"}),
        ("legal_notice_period_real", {"during": DateRange(None, dt.date(2030, 1, 1))}),
    ):
        with refused(rule):
            factories.LegalNoticeFactory(legal_basis=basis, **fields)


def test_one_wording_of_a_norm_holds_at_a_time(basis):
    with refused("one_wording_of_a_legal_basis_at_a_time"):
        factories.LegalBasisFactory(paragraph=basis.paragraph, title="Anders")


def test_a_version_of_a_text_has_its_name_once(basis):
    notice = factories.LegalNoticeFactory(legal_basis=basis)

    with refused("legal_notice_version_once"):
        factories.LegalNoticeFactory(legal_basis=basis, version=notice.version, during=AHEAD)


@pytest.mark.django_db
def test_what_the_house_begins_with_is_marked_as_to_be_checked():
    bases = LegalBasis.objects.order_by("id")

    assert [basis.paragraph for basis in bases] == [
        "§ 59 SGB II i. V. m. § 309 SGB III",
        "§ 15 Abs. 5 SGB II",
        "§ 15 Abs. 6 SGB II",
        "§ 15a SGB II",
    ]
    assert all(basis.source.startswith("Zu prüfen") for basis in bases)
    assert not LegalNotice.objects.exists()


@pytest.mark.django_db
def test_the_law_changes_with_its_day():
    def named(day):
        return {basis.paragraph for basis in LegalBasis.objects.in_force(day)}

    assert "§ 15a SGB II" not in named(dt.date(2026, 6, 30))
    assert "§ 15 Abs. 5 SGB II" in named(dt.date(2026, 6, 30))
    assert "§ 15a SGB II" in named(dt.date(2026, 7, 1))
    assert "§ 15 Abs. 5 SGB II" not in named(dt.date(2026, 7, 1))


# --- apart from what is agreed and offered -----------------------------------------------------------------


def test_no_key_leads_from_a_duty_to_anything_agreed_or_offered_and_none_back():
    duties = set(DUTY_TABLES)
    rooms = [model for model in apps.get_models() if model._meta.app_label in ("agreements", "offers")]
    from_duties = {field.related_model for model in duties for field in model._meta.concrete_fields}

    assert {model._meta.app_label for model in from_duties if model} == {"casework"}
    assert [m.__name__ for m in rooms for f in m._meta.concrete_fields if f.related_model in duties] == []


def test_a_duty_knows_no_other_table_of_its_case_either():
    """Neither a conversation nor a next step makes one: what it names is case, law, text and people."""
    named = {
        field.related_model
        for model in (DutyToCooperate, DutyFact)
        for field in model._meta.concrete_fields
        if field.related_model
    }

    assert named == {models.Case, models.User, LegalBasis, LegalNotice, DutyToCooperate}


def test_nothing_is_decided_computed_or_counted():
    columns = {
        "dutytocooperate": "id case legal_basis notice demand due_on recorded_at recorded_by"
        " withdrawn_at withdrawn_by withdrawn_reason",
        "dutyfact": "id case duty kind happened_on text recorded_at recorded_by withdrawn_at withdrawn_by",
    }

    for name, expected in columns.items():
        model = apps.get_model("casework", name)
        assert {field.name for field in model._meta.concrete_fields} == set(expected.split())


def names_in(path: Path) -> set[str]:
    """Every name that a module uses, imports or asks of another."""
    tree = ast.parse(path.read_text())
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            found |= {alias.name for alias in node.names}
            found |= {f"import {part}" for module in modules for part in module.split(".")}
    return found


DUTY_WORDS = {model.__name__ for model in DUTY_TABLES} | {
    "import duties",
    "record_duty",
    "add_duty_fact",
    "withdraw_duty",
    "withdraw_duty_fact",
}


def users_of(words: set[str], *folders: str) -> set[str]:
    root = Path(settings.BASE_DIR)
    return {
        str(path.relative_to(root))
        for folder in folders
        for path in (root / folder).rglob("*.py")
        if "migrations" not in path.parts and names_in(path) & words
    }


def test_rooms_of_what_is_agreed_and_offered_and_the_conversation_know_no_duty():
    assert users_of(DUTY_WORDS, "agreements", "offers", "jobcenter/screens") == set()


def test_a_duty_is_made_in_one_place_by_one_page():
    made = users_of({"DutyToCooperate"}, "casework", "jobcenter")

    assert users_of({"record_duty"}, "casework", "agreements", "offers", "jobcenter/screens") == {
        "casework/actions/__init__.py",
        "casework/views/duties.py",
    }
    assert {path for path in made if not path.startswith(("casework/models/", "jobcenter/office/"))} == {
        "casework/actions/duties.py",
        "casework/views/duties.py",
    }


def test_actions_on_duties_know_nothing_of_next_steps_and_conversations():
    names = names_in(Path(settings.BASE_DIR) / "casework/actions/duties.py")

    assert not names & {"FollowUp", "Contact", "CaseClosure", "new_follow_up", "import agreements", "import offers"}


def test_no_page_beside_those_of_the_case_shows_duties():
    from casework import urls

    routes = {str(route.pattern) for route in urls.urlpatterns if "duty" in route.name or "mitwirkung" in route.name}

    assert routes
    assert all(route.startswith("faelle/<slug:number>/mitwirkung/") for route in routes)
