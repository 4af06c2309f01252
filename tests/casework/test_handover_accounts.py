"""No account is switched off while something hangs on it: the page says what, and leads to where it is handed over."""

import re

import pytest
from django.utils import timezone

from casework.models import CaseAssignment, CaseParticipation, User
from offers.models import Group
from tests import factories
from tests.casework.test_handover_pages import LIST, PREVIEW, cases, submit
from tests.casework.test_races import at_once, held, kinds
from tests.rules import accepted, refused

__all__ = ["cases"]


def off(*users):
    User.objects.filter(pk__in=[user.pk for user in users]).update(is_active=False)


@pytest.fixture
def trainer(osterode):
    """Leads a running group alone."""
    return factories.GroupTrainerFactory()


def second_trainer(trainer):
    return factories.GroupTrainerFactory(group=trainer.group)


# --- what the database holds -------------------------------------------------------------------------------


def test_whoever_takes_part_stays(case, eva):
    part = factories.CaseParticipationFactory(case=case, counsellor=eva)
    with refused("user_with_participations_stays_active"):
        off(eva)

    factories.end_running(CaseParticipation, part.case, timezone.now())
    with accepted():
        off(eva)


def test_whoever_leads_a_group_alone_stays(trainer):
    with refused("user_with_groups_stays_active"):
        off(trainer.counsellor.user)

    second_trainer(trainer)
    with accepted():
        off(trainer.counsellor.user)


def test_of_two_trainers_not_both_go(trainer):
    other = second_trainer(trainer)
    with refused("user_with_groups_stays_active"):
        off(trainer.counsellor.user, other.counsellor.user)


def test_an_ended_group_keeps_nobody(trainer):
    Group.objects.update(ended_at=timezone.now(), ended_by=trainer.by)
    with accepted():
        off(trainer.counsellor.user)


def test_nobody_without_an_account_begins_to_lead_a_running_group(trainer):
    newcomer = factories.CounsellorFactory(kind="specialist", area="job_academy", user__is_active=False)
    with refused("trainer_is_active"):
        factories.GroupTrainerFactory(group=trainer.group, counsellor=newcomer)


def test_two_trainers_switched_off_at_once(committed_db, osterode):
    for _ in range(5):
        first = factories.GroupTrainerFactory()
        second = second_trainer(first)

        answers = at_once(*[held(lambda one=one: off(one.counsellor.user)) for one in (first, second)])

        assert kinds(answers) == ["IntegrityError", "done"]


# --- the page ----------------------------------------------------------------------------------------------


def account_form(user):
    return {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "organisation": user.organisation_id,
        "team": user.team_id,
        "new_password": "",
        "role_grants-TOTAL_FORMS": 0,
        "role_grants-INITIAL_FORMS": 0,
        "counsellor-TOTAL_FORMS": 0,
        "counsellor-INITIAL_FORMS": 0,
    }


def switch_off(admin_client, user):
    return admin_client.post(f"/verwaltung/casework/user/{user.pk}/change/", account_form(user))


def test_an_account_with_open_items_is_not_switched_off_and_the_page_says_why(admin_client, kim, eva, cases):
    factories.CaseParticipationFactory(case=factories.CaseFactory(counsellor=eva), counsellor=kim)
    response = switch_off(admin_client, kim)
    page = response.content.decode()

    assert User.objects.get(pk=kim.pk).is_active
    assert f'href="/uebergabe/?von={kim.pk}"' in page
    for words in ("3 offene Fälle", "3 offene nächste Schritte darin", "1 Mitwirkung"):
        assert words in page
    assert "Zander" not in page


def test_an_account_to_which_cases_are_about_to_pass(admin_client, kim, eva, cases):
    factories.CaseHandoverFactory(case=cases[0], to_counsellor=eva)
    page = switch_off(admin_client, eva).content.decode()

    assert "1 geplante Übernahme" in page
    assert User.objects.get(pk=eva.pk).is_active


def test_whoever_leads_a_group_stays(admin_client, osterode):
    trainer = factories.GroupTrainerFactory().counsellor.user
    page = switch_off(admin_client, trainer).content.decode()

    assert "1 Gruppe" in page


def test_when_all_is_handed_over_the_account_is_switched_off(admin_client, kim_client, kim, eva, cases):
    kim_client.post(PREVIEW, submit(kim, eva, cases))
    response = switch_off(admin_client, kim)

    assert response.status_code == 302, response.content.decode()
    assert not User.objects.get(pk=kim.pk).is_active


def test_a_second_trainer_frees_the_first(admin_client, trainer):
    second_trainer(trainer)
    user = trainer.counsellor.user
    assert switch_off(admin_client, user).status_code == 302


def test_from_the_list_of_what_hangs_to_a_free_account(admin_client, kim_client, tom_client, kim, eva, cases):
    """Refused with the list; every link of it leads the lead to where it is handed over; then it goes through."""
    factories.CaseParticipationFactory(case=factories.CaseFactory(counsellor=eva), counsellor=kim)
    page = switch_off(admin_client, kim).content.decode()
    links = set(re.findall(r'href="(/uebergabe/[^"]*)"', page))
    assert links == {f"/uebergabe/?von={kim.pk}"}

    shown = tom_client.get(links.pop()).content.decode()
    assert f'<option value="{kim.pk}" selected>' in shown
    assert "wirkt in 1 Fall mit" in shown
    tom_client.post(PREVIEW, submit(kim, eva, cases))
    assert not CaseAssignment.objects.filter(counsellor=kim.pk, during__upper_inf=True).exists()
    assert "1 Mitwirkung" in switch_off(admin_client, kim).content.decode()
    answer = tom_client.post("/uebergabe/mitwirkung/", {"von": kim.pk})
    assert answer["Location"] == f"{LIST}?von={kim.pk}"
    assert "wirkt in" not in tom_client.get(answer["Location"]).content.decode()

    assert switch_off(admin_client, kim).status_code == 302
    assert not User.objects.get(pk=kim.pk).is_active


def test_only_oneself_and_the_own_lead_end_what_one_takes_part_in(eva_client, nora_client, kim_client, kim, case, eva):
    other = factories.CaseFactory(counsellor=eva)
    factories.CaseParticipationFactory(case=other, counsellor=kim)
    for client in (eva_client, nora_client):
        assert client.post("/uebergabe/mitwirkung/", {"von": kim.pk}).status_code == 403
    assert kim_client.post("/uebergabe/mitwirkung/", {"von": "x"}).status_code == 403
    assert CaseParticipation.objects.filter(during__upper_inf=True).count() == 1

    kim_client.post("/uebergabe/mitwirkung/", {"von": kim.pk})
    assert not CaseParticipation.objects.filter(during__upper_inf=True).exists()
    assert CaseAssignment.objects.filter(case=other, counsellor=eva.pk, during__upper_inf=True).exists()
