"""Take-over of people: judged line by line, shown, applied all at once or not at all (issue 6)."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from casework.actions import Conflict, NotAllowed, RuleBroken, imports
from casework.enums import ImportKind, ImportState, LineOutcome, RoleName
from casework.models import Case, CaseAssignment, Client, FollowUp, ImportLine, ImportRun
from tests import factories
from tests.casework.importing import HEADERS, applied, checked, lines_of, person, table

NEW, CHANGED, SAME, REFUSED, MISSING = (one.value for one in LineOutcome)


def codes(run):
    return {number: (outcome, code) for number, outcome, code, _ in lines_of(run)}


@pytest.mark.django_db
def test_the_dry_run_writes_nothing_to_the_office(kim, tom):
    run = checked(table([person(1), person(2)]), tom)

    assert run.state == ImportState.CHECKED
    assert codes(run) == {2: (NEW, "date_chosen"), 3: (NEW, "date_chosen")}
    assert not Client.objects.exists() and not Case.objects.exists()


@pytest.mark.django_db
def test_a_new_person_comes_with_case_ifk_and_first_step(kim, tom):
    day = factories.ahead(10)
    run = checked(
        table([person(1, **{"Wiedervorlage am": f"{day:%d.%m.%Y}", "Betreff": "Unterlagen\nansehen"}), person(2)]), tom
    )
    run = applied(run, tom)

    assert (run.state, run.content, run.applied_by) == (ImportState.APPLIED, None, tom)
    case = Case.objects.get(client__external_ref="241D000001")
    step = FollowUp.objects.get(case=case)
    assert case.client.family_name == "Müller-Beispiel1"
    assert CaseAssignment.objects.get(case=case).counsellor_id == kim.pk
    assert (step.due_on, step.subject, step.kind) == (day, "Unterlagen ansehen", "reminder")
    other = FollowUp.objects.get(case__client__external_ref="241D000002")
    assert other.subject == "Erstgespräch vereinbaren"
    assert other.due_on > timezone.localdate()


@pytest.mark.django_db
def test_the_second_time_nothing_changes(kim, tom):
    data = table([person(number) for number in range(5)])
    applied(checked(data, tom), tom)
    before = list(FollowUp.objects.values_list("pk", "due_on", "version"))

    run = checked(data, tom)
    assert {outcome for outcome, _ in codes(run).values()} == {SAME}
    applied(run, tom)

    assert Client.objects.count() == Case.objects.count() == 5
    assert list(FollowUp.objects.values_list("pk", "due_on", "version")) == before


@pytest.mark.django_db
def test_master_data_are_updated_and_everything_else_is_left_alone(kim, eva, tom):
    applied(checked(table([person(1)]), tom), tom)
    case = Case.objects.get()
    step = FollowUp.objects.get()
    changed = person(1, Nachname="Neu", IFK="eva", **{"Wiedervorlage am": "24.12.2099", "Betreff": "Anderes"})
    run = checked(table([changed]), tom)

    line = ImportLine.objects.get(run=run)
    assert (line.outcome, line.changes, line.code) == (CHANGED, ["family_name"], "other_counsellor")
    assert Client.objects.get().family_name == "Müller-Beispiel1"
    applied(run, tom)

    person_now = Client.objects.get()
    assert (person_now.family_name, person_now.version) == ("Neu", 2)
    assert CaseAssignment.objects.get().counsellor_id == kim.pk
    now = FollowUp.objects.get(pk=step.pk)
    assert (now.due_on, now.subject, now.version, case.pk) == (step.due_on, step.subject, step.version, now.case_id)


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"Kundennummer": ""}, "missing_cell", "external_ref"),
        ({"Nachname": " "}, "missing_cell", "family_name"),
        ({"Nachname": "A\0B"}, "unstorable", "family_name"),
        ({"Nachname": "x" * 121}, "too_long", "family_name"),
        ({"Geburtsdatum": "31.02.1990"}, "no_date", "birth_date"),
        ({"Geburtsdatum": "04.03.91"}, "no_date", "birth_date"),
        ({"Geburtsdatum": "01.01.2099"}, "birth_ahead", "birth_date"),
        ({"IFK": ""}, "counsellor_missing", "counsellor"),
        ({"IFK": "niemand"}, "counsellor_unknown", "counsellor"),
        ({"IFK": "nora"}, "counsellor_unknown", "counsellor"),
        ({"IFK": "tom"}, "counsellor_unknown", "counsellor"),
        ({"Wiedervorlage am": "bald"}, "no_date", "next_date"),
        ({"Wiedervorlage am": "01.12.2099"}, "date_far", "next_date"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_taken_is_refused_by_name(kim, tom, nora, changes, code, column):
    run = checked(table([person(1, **changes), person(2)]), tom)

    assert lines_of(run)[0] == (2, REFUSED, code, column)
    with pytest.raises(RuleBroken, match="1 Zeile ist abgewiesen"):
        imports.apply_import(run=run, only_if_faultless=True, by=tom)
    applied(run, tom)
    assert Client.objects.get().external_ref == "241D000002"


@pytest.mark.django_db
def test_an_ifk_is_known_by_account_mail_or_name(kim, eva, tom):
    rows = [person(1, IFK="KIM"), person(2, IFK=eva.email), person(3, IFK="Brandt,  Eva")]
    applied(checked(table(rows), tom), tom)

    found = CaseAssignment.objects.order_by("case__client__external_ref").values_list("counsellor", flat=True)
    assert list(found) == [kim.pk, eva.pk, eva.pk]


@pytest.mark.django_db
def test_two_ifk_of_one_name_are_not_guessed(kim, tom, osterode):
    factories.CounsellorFactory(user__team=osterode, user__first_name="Kim", user__last_name="Sander")
    run = checked(table([person(1, IFK="Sander, Kim")]), tom)

    assert lines_of(run)[0][1:3] == (REFUSED, "counsellor_ambiguous")


@pytest.mark.django_db
def test_of_two_lines_with_one_number_the_first_counts(kim, tom):
    run = applied(checked(table([person(1), person(1, Nachname="Zweite")]), tom), tom)

    assert codes(run)[3] == (REFUSED, "duplicate")
    assert Client.objects.get().family_name == "Müller-Beispiel1"


@pytest.mark.django_db
def test_formulas_are_text(kim, tom):
    run = applied(checked(table([person(1, Nachname='=HYPERLINK("x")', **{"Betreff": "@SUM(A1)"})]), tom), tom)

    assert codes(run)[2] == (NEW, "formula")
    assert Client.objects.get().family_name == '=HYPERLINK("x")'
    assert FollowUp.objects.get().subject == "@SUM(A1)"


@pytest.mark.django_db
def test_who_is_no_longer_in_the_file_is_listed_and_not_closed(kim, tom):
    applied(checked(table([person(1), person(2)]), tom), tom)
    run = applied(checked(table([person(2)]), tom), tom)

    gone = ImportLine.objects.get(run=run, outcome=MISSING)
    assert (gone.external_ref, gone.code) == ("241D000001", "missing")
    assert Case.objects.open().count() == 2


@pytest.mark.django_db
def test_who_is_back_is_listed_and_no_case_is_opened(kim, tom):
    from casework import actions
    from casework.enums import ClosingReason

    applied(checked(table([person(1), person(2)]), tom), tom)
    case = Case.objects.get(client__external_ref="241D000001")
    actions.end_case(case=case, reason=ClosingReason.MOVED, by=kim)
    run = applied(checked(table([person(1), person(2)]), tom), tom)

    assert codes(run)[2] == (SAME, "back")
    assert Case.objects.count() == 2


@pytest.mark.django_db
def test_somebody_opened_by_hand_is_not_taken_over_twice(kim, tom):
    factories.CaseFactory(
        counsellor=kim,
        client__family_name="Mueller-Beispiel1",
        client__given_name="SULE",
        client__birth_date=dt.date(1970, 1, 2),
    )
    run = applied(checked(table([person(1)]), tom), tom)

    assert codes(run)[2] == (REFUSED, "known_without_number")
    assert Client.objects.count() == 1


@pytest.mark.django_db
def test_a_protected_case_is_found_by_no_file(kim, tom):
    factories.CaseFactory(
        counsellor=kim,
        is_restricted=True,
        client__family_name="Müller-Beispiel1",
        client__given_name="Şule",
        client__birth_date=dt.date(1970, 1, 2),
    )
    run = checked(table([person(1)]), tom)

    assert codes(run)[2] == (NEW, "date_chosen")


@pytest.mark.django_db
def test_an_intake_waits_for_its_lead(kim, tom):
    client = factories.ClientFactory(
        created_by=tom, external_ref="241D000001", family_name="Müller-Beispiel1", given_name="Şule"
    )
    from casework.models import Intake

    Intake.objects.create(client=client, organisation=tom.organisation, arrived_on=timezone.localdate(), entered_by=tom)
    run = checked(table([person(1)]), tom)

    assert codes(run)[2] == (CHANGED, "waiting")


# --- days --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_missing_days_are_spread_over_the_chosen_weeks(kim, tom):
    run = checked(table([person(number) for number in range(60)]), tom, first_week=2, last_week=5)
    applied(run, tom)
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    days = Counter(FollowUp.objects.values_list("due_on", flat=True))

    assert min(days) >= monday + dt.timedelta(weeks=2)
    assert max(days) <= monday + dt.timedelta(weeks=5, days=4)
    assert max(days.values()) - min(days.values()) <= 1
    assert len(days) >= 15


@pytest.mark.django_db
def test_few_days_lie_apart(kim, tom):
    applied(checked(table([person(1), person(2), person(3)]), tom, first_week=1, last_week=8), tom)
    first, second, third = sorted(FollowUp.objects.values_list("due_on", flat=True))

    assert second - first >= dt.timedelta(days=12)
    assert third - second >= dt.timedelta(days=12)


@pytest.mark.django_db
def test_days_are_days_of_the_ifk(kim, tom):
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=1)
    factories.AbsenceFactory(user=kim, during=(monday, monday + dt.timedelta(days=5)), entered_by=tom)
    day = monday + dt.timedelta(days=1)
    run = checked(
        table([person(1), person(2), person(3, **{"Wiedervorlage am": f"{day:%d.%m.%Y}"})]),
        tom,
        first_week=1,
        last_week=2,
    )
    assert codes(run)[4] == (NEW, "date_moved")
    applied(run, tom)

    assert min(FollowUp.objects.values_list("due_on", flat=True)) >= monday + dt.timedelta(days=7)


@pytest.mark.django_db
def test_a_day_that_has_passed_is_no_plan(kim, tom):
    run = applied(checked(table([person(1, **{"Wiedervorlage am": "02.01.2020"})]), tom), tom)

    assert codes(run)[2] == (NEW, "date_past")
    assert FollowUp.objects.get().due_on > timezone.localdate()


# --- who and when ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_leads_alone_take_people_over(kim, admin, nora, tom, stadt):
    data = table([person(1)]).encode()
    for somebody in (kim, admin, nora):
        with pytest.raises(NotAllowed):
            imports.start_import(kind=ImportKind.PEOPLE, content=data, by=somebody)
    run = checked(data, tom)
    stranger = factories.UserFactory(team__organisation=stadt)
    factories.RoleGrantFactory(user=stranger, role=RoleName.TEAM_LEAD, team=stranger.team)
    with pytest.raises(NotAllowed):
        imports.apply_import(run=run, only_if_faultless=False, by=stranger)


@pytest.mark.django_db
def test_a_run_is_applied_once(kim, tom):
    run = checked(table([person(1)]), tom)
    imports.apply_import(run=run, only_if_faultless=False, by=tom)
    with pytest.raises(Conflict):
        imports.apply_import(run=run, only_if_faultless=False, by=tom)
    imports.work_on_import(run.pk)
    imports.work_on_import(run.pk)

    assert Client.objects.count() == 1


@pytest.mark.django_db
def test_what_changed_meanwhile_is_shown_before_it_is_applied(kim, tom):
    run = checked(table([person(1), person(2)]), tom)
    factories.CaseFactory(counsellor=kim, client__external_ref="241D000001", client__family_name="Schon da")
    run = applied(run, tom)

    assert run.state == ImportState.CHECKED and run.options["moved"]
    assert codes(run)[2][0] == CHANGED
    assert Client.objects.count() == 1
    assert applied(run, tom).state == ImportState.APPLIED
    assert Client.objects.count() == 2


@pytest.mark.django_db
def test_a_file_that_is_given_up_is_gone(kim, tom):
    run = checked(table([person(1)]), tom)
    imports.give_up_import(run=run, by=tom)
    run.refresh_from_db()

    assert (run.state, run.content) == (ImportState.GIVEN_UP, None)
    with pytest.raises(Conflict):
        imports.apply_import(run=run, only_if_faultless=False, by=tom)


@pytest.mark.django_db
def test_files_that_nobody_applies_go_after_a_fortnight(kim, tom):
    run = checked(table([person(1)]), tom)
    assert imports.give_up_old_imports() == 0
    assert imports.give_up_old_imports(now=timezone.now() + dt.timedelta(days=15)) == 1
    run.refresh_from_db()
    assert run.content is None


@pytest.mark.django_db
def test_a_report_keeps_no_text_of_the_file(kim, tom):
    run = checked(table([person(1, Nachname="Unverwechselbar", Geburtsdatum="kaputt"), person(2, IFK="Wer")]), tom)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(l::text, ' ') FROM casework_importline AS l WHERE run_id = %s", [run.pk])
        kept = cursor.fetchone()[0]

    assert "Unverwechselbar" not in kept and "kaputt" not in kept and "Wer" not in kept


@pytest.mark.django_db
def test_columns_are_chosen_once_and_completely(tom):
    run = imports.start_import(kind=ImportKind.PEOPLE, content=table([person(1)]).encode(), by=tom)
    with pytest.raises(RuleBroken, match="Geburtsdatum"):
        imports.choose_columns(run=run, mapping={"external_ref": 0, "family_name": 1, "given_name": 2}, by=tom)
    with pytest.raises(RuleBroken, match="Wochen"):
        imports.choose_columns(
            run=run,
            mapping={
                name: place for place, name in enumerate(("external_ref", "family_name", "given_name", "birth_date"))
            },
            by=tom,
            first_week=9,
            last_week=3,
        )
    assert ImportRun.objects.get().mapping == {} and len(HEADERS) == 7
