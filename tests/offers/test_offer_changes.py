"""Heute tells whoever works on a case when an offer changes that its person has chosen."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from casework.models import CaseParticipation
from offers.enums import TOLD, OfferEventKind
from offers.models import OfferChoice
from offers.models.changes import read_changes
from tests.factories import AbsenceFactory, CaseFactory, SubstitutionFactory
from tests.factories_offers import OfferEventFactory, ParticipationFactory, chosen_offer, published_offer

pytestmark = pytest.mark.django_db
HEADING = "Angebote, die sich geändert haben"


@pytest.fixture(autouse=True)
def changed(choice):
    """The chosen offer is not possible any more, since after the choice."""
    return happens(choice.offer)


def happens(offer, kind=OfferEventKind.NOT_POSSIBLE, **columns):
    return OfferEventFactory(offer=offer, kind=kind, at=timezone.now() + dt.timedelta(seconds=1), **columns)


def told(user):
    return [(change.case_number, change.offer_name, change.kind) for change in read_changes(user.pk, timezone.now())]


def stand_in(absent, substitute):
    today = timezone.localdate()
    during = DateRange(today, today + dt.timedelta(days=1))
    return SubstitutionFactory(
        absent_user=absent, absence=AbsenceFactory(user=absent, during=during), substitute=substitute
    )


def test_heute_says_whose_offer_changed_how_and_when(kim_client, kim, case, choice):
    page = kim_client.get("/").content.decode()

    assert HEADING in page
    assert f'href="/faelle/{case.number}/"><bdi>Yıldız, Deniz</bdi>' in page
    assert f'href="/angebote/{choice.offer_id}/"><bdi>Holzwerkstatt am Weidenblick</bdi>' in page
    assert f"{timezone.localdate():%d.%m.%Y}: zurzeit nicht möglich" in page
    assert f'formaction="/faelle/{case.number}/angebote/{choice.pk}/gesehen/"' in page


def test_several_changes_of_one_choice_are_one_row(kim_client, choice):
    choice.offer.__class__.objects.filter(pk=choice.offer_id).update(notice="Im <b>August</b> geschlossen.")
    happens(choice.offer, OfferEventKind.NOTICE)
    happens(choice.offer, OfferEventKind.NOT_POSSIBLE)

    page = kim_client.get("/").content.decode()

    assert page.count("/gesehen/") == 1
    assert page.count(": zurzeit nicht möglich") == 1
    assert "Hinweis: Im &lt;b&gt;August&lt;/b&gt; geschlossen." in page


@pytest.mark.parametrize("kind", OfferEventKind.values)
def test_what_is_told_and_what_is_the_work_of_project_management(eva, kind):
    other = chosen_offer(case=CaseFactory(counsellor=eva), offer=published_offer())
    happens(other.offer, kind)

    assert [row[2] for row in told(eva)] == ([kind] if kind in TOLD else [])


def test_what_happened_before_the_choice_is_no_news(eva):
    offer = published_offer()
    OfferEventFactory(offer=offer, kind=OfferEventKind.CONTACT, at=timezone.now() - dt.timedelta(days=3))
    chosen_offer(case=CaseFactory(counsellor=eva), offer=offer)

    assert told(eva) == []


def test_seen_is_gone_until_something_else_happens(kim, kim_client, choice, changed):
    OfferChoice.objects.filter(pk=choice.pk).update(changes_seen_at=changed.at, changes_seen_by=kim)

    assert told(kim) == []
    assert HEADING not in kim_client.get("/").content.decode()

    OfferEventFactory(offer=choice.offer, kind=OfferEventKind.WITHDRAWN, at=changed.at + dt.timedelta(seconds=1))
    assert [row[2] for row in told(kim)] == ["withdrawn"]


def test_a_choice_taken_back_or_ended_is_no_matter_any_more(kim, eva, choice):
    OfferChoice.objects.filter(pk=choice.pk).update(withdrawn_at=timezone.now(), withdrawn_by=kim)
    ended = chosen_offer(case=CaseFactory(counsellor=eva), offer=published_offer())
    ParticipationFactory(choice=ended, ended=True)
    OfferChoice.objects.filter(pk=ended.pk).update(ended_at=timezone.now(), ended_by=eva)
    happens(ended.offer)

    assert told(kim) == told(eva) == []


def test_it_is_told_to_those_who_work_on_the_case_and_to_nobody_else(kim, eva, nora, tom, paula, case):
    assert len(told(kim)) == 1
    assert told(eva) == told(nora) == told(tom) == told(paula) == []

    CaseParticipation.objects.create(
        case=case, counsellor=eva.counsellor, during=DateTimeTZRange(timezone.now(), None), by=kim
    )
    assert len(told(eva)) == 1


def test_whoever_stands_in_is_told(kim, eva, eva_client):
    stand_in(kim, eva)

    assert len(told(eva)) == 1
    assert HEADING in eva_client.get("/").content.decode()


def test_two_people_with_the_same_offer_are_two_rows(kim, choice):
    chosen_offer(case=CaseFactory(counsellor=kim), offer=choice.offer)
    happens(choice.offer)

    assert len({row[0] for row in told(kim)}) == 2


def test_one_statement_more_however_many(kim, kim_client, count_queries):
    def measure():
        with count_queries() as queries:
            kim_client.get("/")
        return queries

    measure()
    few = measure()
    for _ in range(6):
        happens(chosen_offer(case=CaseFactory(counsellor=kim), offer=published_offer()).offer)
    many = measure()

    assert few.count == many.count
    assert sum("offers_offerevent" in sql for sql in many.by_category()["counted"]) == 1
    assert kim_client.get("/").content.decode().count("/gesehen/") == 7
