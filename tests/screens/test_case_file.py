"""Fallakte: who may open it, what it shows, what it costs, and that every look is on record."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework import actions
from casework.enums import GrantKind
from casework.models import AccessGrant, Case, Contact, FollowUp
from tests.factories import (
    AbsenceFactory,
    CaseFactory,
    ClientDetailFactory,
    ClosedCaseFactory,
    ContactFactory,
    SubstitutionFactory,
    ahead,
)
from tests.screens.forms import conversation

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(kim):
    return CaseFactory(counsellor=kim)


def url(case: Case) -> str:
    return f"/faelle/{case.number}/"


def test_the_responsible_counsellor_opens_the_file(kim_client, case):
    ContactFactory(case=case, text="Vom Repair-Café erzählt.")

    page = kim_client.get(url(case)).content.decode()

    assert "Vom Repair-Café erzählt." in page
    assert case.client.family_name in page


def stand_in(kim, eva, first: dt.date, last: dt.date):
    during = DateRange(first, last + dt.timedelta(days=1))
    absence = AbsenceFactory(user=kim, during=during)
    return SubstitutionFactory(absent_user=kim, absence=absence, substitute=eva)


def test_a_foreign_an_absent_and_a_case_of_a_finished_substitution_answer_alike(
    nora_client, eva_client, kim, eva, case
):
    today = timezone.localdate()
    stand_in(kim, eva, today - dt.timedelta(days=9), today - dt.timedelta(days=1))

    finished = eva_client.get(url(case))
    foreign = nora_client.get(url(case))
    absent = nora_client.get("/faelle/F-26-99999/")

    assert finished.status_code == foreign.status_code == absent.status_code == 404
    assert finished.content == foreign.content == absent.content


def test_a_substitute_opens_the_file_only_while_standing_in(eva_client, kim, eva, case):
    today = timezone.localdate()
    stand_in(kim, eva, today, today)

    assert eva_client.get(url(case)).status_code == 200


def test_who_takes_part_opens_the_file(eva_client, eva, kim, case):
    actions.add_participation(case=case, counsellor=eva.counsellor, by=kim)

    assert eva_client.get(url(case)).status_code == 200


def test_a_team_lead_is_asked_for_a_reason_first(tom_client, tom, case):
    asked = tom_client.get(url(case))
    actions.take_access(case=case, kind=GrantKind.READ, reason="Fachaufsicht", by=tom)

    opened = tom_client.get(url(case))

    assert asked.status_code == 302
    assert asked.url == f"/faelle/{case.number}/lesen/"
    assert opened.status_code == 200
    assert "Sie lesen diese Akte mit Anlass" in opened.content.decode()


def test_a_grant_of_yesterday_opens_nothing(nora_client, nora, case):
    yesterday = timezone.localtime() - dt.timedelta(days=1)
    end = yesterday.replace(hour=23, minute=59)
    AccessGrant.objects.create(
        user=nora, case=case, kind=GrantKind.READ, reason="Anruf", during=(end - dt.timedelta(hours=1), end)
    )

    assert nora_client.get(url(case)).status_code == 404


def test_the_last_responsible_counsellor_reads_a_closed_case(kim_client, eva_client, kim):
    closed = ClosedCaseFactory(counsellor=kim)

    assert kim_client.get(url(closed)).status_code == 200
    assert eva_client.get(url(closed)).status_code == 404


def test_project_management_sees_no_case_at_all(paula_client, admin_client, case):
    assert paula_client.get(url(case)).status_code == 403
    assert admin_client.get(url(case)).status_code == 403
    assert paula_client.get("/faelle/").status_code == 403


def test_a_hundred_opens_and_twenty_refusals_make_120_events(kim_client, nora_client, case, owner_events):
    before = owner_events()
    for _ in range(100):
        assert kim_client.get(url(case)).status_code == 200
    for _ in range(20):
        assert nora_client.get(url(case)).status_code == 404

    after = owner_events()

    assert after["file.opened"] - before["file.opened"] == 100
    assert after["access.refused"] - before["access.refused"] == 20
    assert sum(after.values()) - sum(before.values()) == 120


def test_the_same_number_of_statements_with_5_and_with_400_contacts(kim_client, case, count_queries):
    step = FollowUp.objects.get(case=case)
    ContactFactory.create_batch(5, case=case, follow_up=step)
    with count_queries() as few:
        small = kim_client.get(url(case))
    ContactFactory.create_batch(395, case=case, follow_up=step)

    with count_queries() as many:
        large = kim_client.get(url(case))

    assert few.count == many.count <= 10, many.explain()
    assert len(large.content) <= 40_000
    assert len(small.content) <= 40_000


def test_the_timeline_pages_through_everything_once(kim_client, case):
    contacts = ContactFactory.create_batch(45, case=case, follow_up=FollowUp.objects.get(case=case))
    seen: set[str] = set()
    address = url(case)
    pages = 0
    while address and pages < 10:
        page = kim_client.get(address).content.decode()
        found = {
            f"eintrag-contact-{contact.pk}" for contact in contacts if f'id="eintrag-contact-{contact.pk}"' in page
        }
        assert not found & seen
        seen |= found
        pages += 1
        at = page.find("?vor=")
        address = url(case) + page[at : page.index('"', at)].split("#")[0] if at > 0 else ""

    assert len(seen) == 45


def test_a_broken_cursor_shows_the_first_page(kim_client, case):
    assert kim_client.get(f"{url(case)}?vor=<script>").status_code == 200
    assert kim_client.get(f"{url(case)}?vor=99999999999999999-1").status_code == 200


def test_concluded_entry_is_marked_once(kim_client, case):
    contact = ContactFactory(case=case)

    page = kim_client.get(f"{url(case)}?neu={contact.pk}").content.decode()

    assert page.count("entry--new") == 1


def test_who_only_reads_with_a_reason_does_not_write(nora_client, nora, kim, case):
    actions.take_access(case=case, kind=GrantKind.READ, reason="Anruf der Person", by=nora)
    step = FollowUp.objects.get(case=case)
    base = f"/faelle/{case.number}/"

    assert nora_client.get(base).status_code == 200
    for path in ("gespraech/", "schritte/neu/", f"schritte/{step.pk}/erledigt/", f"schritte/{step.pk}/verschieben/"):
        assert nora_client.get(base + path).status_code == 403
        assert nora_client.post(base + path, conversation(case)).status_code == 403
    assert Contact.objects.count() == 0


def test_a_closed_file_shows_nothing_of_the_time_after_its_end(kim_client, kim, eva, tom):
    closed = ClosedCaseFactory(counsellor=kim)
    before = ClientDetailFactory(client=closed.client, text="Alte Straße 1", recorded_at=closed.opened_at)
    again = actions.take_up_again(
        case=closed,
        counsellor=eva.counsellor,
        first_step=actions.NewStep(kind="reminder", due_on=ahead(5), subject="Erstgespräch"),
        by=eva,
    )
    ClientDetailFactory(client=closed.client, text="Neue Straße 2")

    page = kim_client.get(f"/faelle/{closed.number}/").content.decode()

    assert before.text in page
    assert "Neue Straße 2" not in page
    assert kim_client.get(f"/faelle/{again.number}/").status_code == 404
    assert kim_client.get(f"/faelle/{closed.number}/stammdaten/").status_code == 403


def test_forged_ids_inside_a_file_are_refused_on_record(kim_client, kim, case, owner_events):
    foreign = FollowUp.objects.get(case=CaseFactory(counsellor=kim))
    before = owner_events()["access.refused"]

    response = kim_client.get(f"/faelle/{case.number}/schritte/{foreign.pk}/erledigt/")

    assert response.status_code == 404
    assert owner_events()["access.refused"] == before + 1
