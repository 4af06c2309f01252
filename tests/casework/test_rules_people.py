"""Four specialist areas and no fifth; no substitute of a substitute; roles and reference data in order."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from casework.enums import CounsellorKind, RoleName, SpecialistArea
from casework.models import Absence, Counsellor, Substitution
from tests import factories
from tests.rules import accepted, denied, refused, sql

pytestmark = pytest.mark.django_db


def days(first, last):
    today = timezone.localdate()
    return DateRange(today + dt.timedelta(days=first), today + dt.timedelta(days=last))


# --- Regel-IFK and Spezial-IFK -----------------------------------------------------------------------------


def test_there_are_exactly_four_areas():
    with accepted():
        for area in SpecialistArea:
            factories.CounsellorFactory(kind=CounsellorKind.SPECIALIST, area=area)

    assert len(SpecialistArea) == 4


def test_a_fifth_area_is_refused(kim):
    with refused("counsellor_area_known"):
        factories.CounsellorFactory(kind=CounsellorKind.SPECIALIST, area="youth")
    with refused("counsellor_area_known"):
        sql("UPDATE casework_counsellor SET kind = 'specialist', area = 'youth' WHERE user_id = %s", [kim.pk])


def test_an_area_belongs_to_a_specialist_and_to_nobody_else(kim):
    with refused("counsellor_area_if_and_only_if_specialist"):
        factories.CounsellorFactory(kind=CounsellorKind.SPECIALIST)
    with refused("counsellor_area_if_and_only_if_specialist"):
        Counsellor.objects.filter(pk=kim.pk).update(area=SpecialistArea.REHAB)
    with refused("counsellor_area_if_and_only_if_specialist"):
        Counsellor.objects.bulk_create([Counsellor(user=factories.UserFactory(), area=SpecialistArea.KIBIZ)])


def test_there_is_no_third_kind_of_counsellor(kim):
    # It breaks two rules; PostgreSQL reports the first by name.
    with refused("counsellor_area_if_and_only_if_specialist"):
        Counsellor.objects.filter(pk=kim.pk).update(kind="chief")


def test_a_general_counsellor_is_the_default():
    assert factories.CounsellorFactory().kind == CounsellorKind.GENERAL


# --- roles -------------------------------------------------------------------------------------------------


def test_a_team_lead_has_a_team_and_other_roles_have_none(kim, osterode):
    with refused("role_team_if_and_only_if_lead"):
        factories.RoleGrantFactory(user=kim, role=RoleName.TEAM_LEAD)
    with refused("role_team_if_and_only_if_lead"):
        factories.RoleGrantFactory(user=kim, role=RoleName.OFFER_MANAGER, team=osterode)


def test_a_role_is_known_and_granted_once(kim):
    with refused("role_known"):
        factories.RoleGrantFactory(user=kim, role="superuser")
    with refused("role_granted_once"):
        factories.RoleGrantFactory(user=kim, role=RoleName.COUNSELLOR)


def test_names_of_teams_and_channels_and_days_are_unique_and_not_blank(osterode):
    with refused("team_name_once"):
        factories.TeamFactory(organisation=osterode.organisation, name=osterode.name)
    with refused("channel_named"):
        factories.ContactChannelFactory(text=" ")
    with refused("local_day_named"):
        factories.LocalDayFactory(text="")
    with refused("rule_document_titled"):
        factories.RuleDocumentFactory(title=" ")
    with refused("reflection_guide_not_blank"):
        factories.ReflectionGuideFactory(text="\n")
    with refused("user_theme_known"):
        factories.UserFactory(theme="pink")


# --- absences and substitution -----------------------------------------------------------------------------


@pytest.fixture
def kim_away(kim):
    return factories.AbsenceFactory(user=kim, during=days(0, 14))


def substitute(absence, person, during=None):
    return factories.SubstitutionFactory(
        absence=absence, absent_user=absence.user, substitute=person, during=during or absence.during
    )


def test_absences_of_a_person_do_not_overlap(kim_away):
    with refused("one_absence_at_a_time"):
        factories.AbsenceFactory(user=kim_away.user, during=days(13, 20))
    with accepted():
        factories.AbsenceFactory(user=kim_away.user, during=days(14, 20))


@pytest.mark.parametrize("during", ["empty", "(,2026-01-01)"])
def test_an_absence_is_a_period(kim, during):
    with refused("absence_period_real"):
        sql(
            "INSERT INTO casework_absence (user_id, during, entered_by_id) VALUES (%s, %s::daterange, %s)",
            [kim.pk, during, kim.pk],
        )


def test_one_person_stands_in_at_a_time(kim_away, eva, tom):
    substitute(kim_away, eva)

    with refused("one_substitute_at_a_time"):
        substitute(kim_away, tom, days(3, 5))


def test_several_may_stand_in_one_after_the_other(kim_away, eva, tom):
    with accepted():
        substitute(kim_away, eva, days(0, 5))
        substitute(kim_away, tom, days(5, 14))


def test_nobody_stands_in_for_themselves(kim_away, kim):
    with refused("substitute_is_somebody_else"):
        substitute(kim_away, kim)


def test_a_substitution_lies_inside_its_absence(kim_away, eva):
    with refused("substitution_inside_absence"):
        substitute(kim_away, eva, days(0, 15))
    with refused("substitution_inside_absence"):
        factories.SubstitutionFactory(absence=kim_away, absent_user=eva, substitute=factories.UserFactory())


def test_an_absence_does_not_shrink_away_from_its_substitution(kim_away, eva):
    substitute(kim_away, eva)

    with refused("substitution_inside_absence"):
        Absence.objects.filter(pk=kim_away.pk).update(during=days(0, 7))


def test_a_substitution_ends(kim_away, eva):
    with refused("substitution_period_real"):
        sql(
            "INSERT INTO casework_substitution (absence_id, absent_user_id, substitute_id, during, entered_by_id)"
            " VALUES (%s, %s, %s, 'empty', %s)",
            [kim_away.pk, kim_away.user_id, eva.pk, eva.pk],
        )


def test_a_substitute_has_no_substitute(kim_away, eva, tom):
    substitute(kim_away, eva)
    eva_away = factories.AbsenceFactory(user=eva, during=days(7, 9))

    with refused("no_substitute_of_a_substitute"):
        substitute(eva_away, tom)


def test_who_is_substituted_does_not_stand_in(kim_away, eva, tom):
    substitute(kim_away, eva)
    tom_away = factories.AbsenceFactory(user=tom, during=days(7, 9))

    with refused("no_substitute_of_a_substitute"):
        substitute(tom_away, kim_away.user)


def test_a_chain_does_not_come_about_by_moving_a_substitution(kim_away, eva, tom):
    early = substitute(kim_away, eva, days(0, 5))
    eva_away = factories.AbsenceFactory(user=eva, during=days(7, 9))
    substitute(eva_away, tom)

    with refused("no_substitute_of_a_substitute"):
        Substitution.objects.filter(pk=early.pk).update(during=days(0, 8))


def test_substitutes_in_bulk_obey_the_rule_too(kim_away, eva, tom):
    eva_away = factories.AbsenceFactory(user=eva, during=days(0, 14))

    with refused("no_substitute_of_a_substitute"):
        Substitution.objects.bulk_create(
            Substitution(
                absence=absence, absent_user=absence.user, substitute=person, during=absence.during, entered_by=tom
            )
            for absence, person in ((kim_away, eva), (eva_away, tom))
        )


def test_standing_in_for_two_at_once_is_no_chain(kim_away, eva, tom):
    tom_away = factories.AbsenceFactory(user=tom, during=days(0, 14))

    with accepted():
        substitute(kim_away, eva)
        substitute(tom_away, eva)


def test_absences_and_substitutions_are_kept(kim_away, eva):
    standing = substitute(kim_away, eva)

    with denied():
        sql("DELETE FROM casework_absence WHERE id = %s", [kim_away.pk])
    with denied():
        sql("DELETE FROM casework_substitution WHERE id = %s", [standing.pk])
    with denied():
        sql("UPDATE casework_substitution SET substitute_id = %s WHERE id = %s", [kim_away.user_id, standing.pk])


# --- access with a reason, drafts --------------------------------------------------------------------------


def test_access_with_a_reason_ends_the_same_day_and_has_a_reason(eva):
    now = timezone.now()

    with refused("grant_ends_the_same_day"):
        factories.AccessGrantFactory(user=eva, during=DateTimeTZRange(now, now + dt.timedelta(hours=25)))
    with refused("grant_reason_not_blank"):
        factories.AccessGrantFactory(user=eva, reason=" ")
    with refused("grant_kind_known"):
        factories.AccessGrantFactory(user=eva, kind="write")
    with refused("grant_period_real"):
        factories.AccessGrantFactory(user=eva, during=DateTimeTZRange(now, None))


def test_access_with_a_reason_is_not_prolonged(eva):
    grant = factories.AccessGrantFactory(user=eva)

    with denied():
        sql("UPDATE casework_accessgrant SET during = during WHERE id = %s", [grant.pk])
    with refused("one_grant_at_a_time"):
        factories.AccessGrantFactory(user=eva, case=grant.case)


def test_a_person_has_one_draft_for_each_form_of_a_case():
    draft = factories.DraftFactory()

    with refused("one_draft_per_case"):
        factories.DraftFactory(case=draft.case, author=draft.author)
    with refused("draft_form_known"):
        factories.DraftFactory(form="letter")
    with accepted():
        factories.DraftFactory(case=None, author=draft.author)
        factories.DraftFactory(case=None, author=draft.author)


# --- accounts that are responsible for cases ---------------------------------------------------------------


@pytest.fixture
def responsible(kim):
    factories.CaseFactory(counsellor=kim)
    return kim


def test_an_account_with_cases_stays_in_its_organisation(responsible, stadt):
    with refused("user_with_cases_keeps_organisation"):
        sql("UPDATE casework_user SET organisation_id = %s WHERE id = %s", [stadt.pk, responsible.pk])


def test_an_account_without_cases_may_change_its_organisation(kim, stadt):
    with accepted():
        sql("UPDATE casework_user SET organisation_id = %s, team_id = NULL WHERE id = %s", [stadt.pk, kim.pk])


def test_an_account_with_cases_keeps_the_role_that_opens_them(responsible):
    with refused("counsellor_with_cases_keeps_role"):
        sql("DELETE FROM casework_rolegrant WHERE user_id = %s AND role = 'counsellor'", [responsible.pk])
    with refused("counsellor_with_cases_keeps_role"):
        sql("UPDATE casework_rolegrant SET role = 'offer_manager' WHERE user_id = %s", [responsible.pk])


def test_an_account_without_cases_may_lose_the_role(kim):
    with accepted():
        sql("DELETE FROM casework_rolegrant WHERE user_id = %s AND role = 'counsellor'", [kim.pk])
