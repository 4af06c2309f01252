"""One conversation brings will, resources and agreement: all of it in one submit, or nothing of it (design.md 3)."""

import datetime as dt

import pytest
from django.utils import timezone

from agreements.models import (
    Agreement,
    AgreementResource,
    AgreementStep,
    Resource,
    ResourceReview,
    SocialPlace,
    SocialSpace,
    StepOutcome,
    StepReminder,
    WillStatement,
)
from casework.models import Case, Contact, Draft, FollowUp, User
from tests.factories import CaseFactory, ahead
from tests.screens.forms import conversation

pytestmark = pytest.mark.django_db


def everything(case: Case, **changed):
    """A conversation with every section filled."""
    space = SocialSpace.objects.first()
    return conversation(
        case,
        **{
            "will_life": "Ein ruhiges Leben auf dem Land.",
            "will_text": "Ich will mit Holz arbeiten.",
            "will_activity": "Baut mit dem Onkel ein Regal.",
            "res1_text": "Onkel mit Werkstatt",
            "res1_used": "on",
            "res2_text": "Fahrradwerkstatt um die Ecke",
            "res2_place": "Repair-Café am Markt",
            "res2_space": str(space.pk),
            "resources_seen": "on",
            "agreement": "new",
            "ag_base": "",
            "ag_goal": "Einen Platz in einer Tischlerei finden.",
            "ag_link": "Ein Praktikum, aus dem Arbeit werden kann.",
            "as1_text": "ruft die Tischlerei an",
            "as1_owner": "client",
            "as1_due": f"{ahead(5):%d.%m.%Y}",
            "as1_remind": "on",
            "as2_text": "klärt die Fahrtkosten",
            "as2_owner": "jobcenter",
            "as3_text": "zeigt die Werkstatt",
            "as3_owner": "other",
            "as3_name": "der Onkel",
            "ag_rhythm": "alle 3 Wochen",
            "ag_review": "date",
            "ag_review_date": f"{ahead(40):%d.%m.%Y}",
            **changed,
        },
    )


def counts():
    return {
        model.__name__: model.objects.count()
        for model in (
            Contact,
            FollowUp,
            WillStatement,
            Resource,
            ResourceReview,
            SocialPlace,
            Agreement,
            AgreementStep,
            AgreementResource,
            StepReminder,
            StepOutcome,
        )
    }


@pytest.fixture
def case(kim: User) -> Case:
    return CaseFactory(counsellor=kim)


@pytest.fixture
def url(case: Case) -> str:
    return f"/faelle/{case.number}/gespraech/"


def test_one_submit_brings_everything(kim_client, kim: User, case: Case, url):
    response = kim_client.post(url, everything(case))

    assert response.status_code == 302, response.content.decode()[-3000:]
    contact = Contact.objects.get(case=case)
    will = WillStatement.objects.get(case=case)
    assert (will.text, will.own_activity, will.contact_id) == (
        "Ich will mit Holz arbeiten.",
        "Baut mit dem Onkel ein Regal.",
        contact.pk,
    )
    assert [r.text for r in Resource.objects.filter(case=case).order_by("id")] == [
        "Onkel mit Werkstatt",
        "Fahrradwerkstatt um die Ecke",
    ]
    assert SocialPlace.objects.get().name == "Repair-Café am Markt"
    agreement = Agreement.objects.get(case=case)
    assert (agreement.number, agreement.step_count, agreement.resource_count) == (1, 3, 1)
    review = FollowUp.objects.get(pk=agreement.review_follow_up_id)
    assert (review.kind, review.due_on, review.contact_id) == ("reminder", ahead(40), contact.pk)
    reminder = StepReminder.objects.get(case=case)
    assert FollowUp.objects.get(pk=reminder.follow_up_id).subject == "die Person: ruft die Tischlerei an"
    assert contact.follow_up.kind == "appointment"


@pytest.mark.parametrize(
    ("broken", "field", "sentence"),
    [
        ({"text": " "}, "id_text", "was besprochen wurde"),
        ({"will_text": "", "will_activity": "Baut."}, "id_will_text", "Arbeit oder Ausbildung will"),
        ({"res2_space": ""}, "id_res2_space", "kennt das Verzeichnis noch nicht"),
        ({"ag_goal": " \t"}, "id_ag_goal", "Ziel in den Worten"),
        ({"ag_link": ""}, "id_ag_link", "Arbeit oder Ausbildung zu tun hat"),
        ({"as1_text": " ", "as1_due": "+7"}, "id_as1_text", "was getan wird"),
        ({"as3_name": ""}, "id_as3_name", "wer den Schritt macht"),
        ({"as1_due": "irgendwann"}, "id_as1_due", "30.11.2026"),
        ({"ag_review_date": "01.01.2027"}, "id_ag_review_date", "Feiertag"),
        ({"next_subject": ""}, "id_next_subject", "worum es geht"),
        ({"next": ""}, "id_next", "Ohne nächsten Schritt"),
    ],
)
def test_an_error_in_any_part_leaves_none_of_it_and_all_in_the_form(kim_client, case, url, broken, field, sentence):
    before = counts()
    data = everything(case, **broken)

    response = kim_client.post(url, data)

    page = response.content.decode()
    assert response.status_code == 422
    assert counts() == before
    assert sentence in page
    assert f'href="#{field}"' in page
    for name, value in data.items():
        if isinstance(value, str) and len(value) > 8 and name not in ("key", "window") and value.strip():
            assert value.replace("&", "&amp;") in page, name


def test_a_case_with_nothing_but_name_and_reference_gets_an_agreement_in_its_first_talk(kim_client, case, url):
    assert not Contact.objects.filter(case=case).exists()

    kim_client.post(url, everything(case))

    assert Agreement.objects.filter(case=case).count() == 1


def conclude_again(kim_client, case, url, **changed):
    current = Agreement.objects.get(case=case, superseded_at=None)
    return kim_client.post(
        url,
        conversation(
            case,
            **{
                "agreement": "new",
                "ag_base": str(current.pk),
                "ag_goal": "Praktikum in der Tischlerei beginnen.",
                "ag_link": "Danach Ausbildung.",
                "as1_text": "geht zum Probetag",
                "as1_owner": "client",
                "ag_review": f"stay-{current.review_follow_up_id}",
                **changed,
            },
        ),
    )


def test_a_new_version_takes_over_and_the_old_one_stays(kim_client, case, url):
    kim_client.post(url, everything(case))
    first = Agreement.objects.get(case=case)

    response = conclude_again(kim_client, case, url)

    assert response.status_code == 302, response.content.decode()[-2000:]
    second = Agreement.objects.get(case=case, superseded_at=None)
    first.refresh_from_db()
    assert (second.number, first.superseded_by_id) == (2, second.pk)
    assert second.review_follow_up_id == first.review_follow_up_id


def test_a_version_from_an_older_window_is_told_and_not_lost(kim_client, case, url):
    kim_client.post(url, everything(case))
    first = Agreement.objects.get(case=case)
    conclude_again(kim_client, case, url)

    response = kim_client.post(
        url,
        conversation(
            case,
            agreement="new",
            ag_base=str(first.pk),
            ag_goal="Etwas ganz anderes.",
            ag_link="Arbeit.",
            as1_text="ruft an",
            as1_owner="client",
            ag_review="next",
        ),
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "inzwischen fortgeschrieben" in page
    assert "Etwas ganz anderes." in page
    assert Agreement.objects.filter(case=case).count() == 2


def test_the_review_may_be_the_next_step_itself(kim_client, case, url):
    kim_client.post(url, everything(case, ag_review="next"))

    agreement = Agreement.objects.get(case=case)
    assert agreement.review_follow_up_id == Contact.objects.get(case=case).follow_up_id


def test_no_agreement_where_the_case_ends(kim_client, case, url):
    response = kim_client.post(url, everything(case, next="close", closing_reason="moved"))

    assert response.status_code == 422
    assert "Der Fall endet mit diesem Gespräch" in response.content.decode()


def test_what_came_of_steps_is_a_later_fact(kim_client, case, url):
    kim_client.post(url, everything(case))
    steps = list(AgreementStep.objects.filter(case=case).order_by("position"))

    response = kim_client.post(
        url,
        conversation(
            case,
            **{
                f"out_{steps[0].pk}": "done",
                f"out_{steps[1].pk}": "different",
                f"out_{steps[1].pk}_text": "Der Bus fährt.",
            },
        ),
    )

    assert response.status_code == 302
    assert [(o.step_id, o.outcome, o.text) for o in StepOutcome.objects.order_by("id")] == [
        (steps[0].pk, "done", ""),
        (steps[1].pk, "different", "Der Bus fährt."),
    ]


def test_a_settled_step_does_not_go_on_but_a_reworded_one_does(kim_client, case, url):
    kim_client.post(url, everything(case))
    steps = list(AgreementStep.objects.filter(case=case).order_by("position"))

    conclude_again(
        kim_client,
        case,
        url,
        **{
            f"out_{steps[0].pk}": "done",
            f"out_{steps[1].pk}": "done",
            "as1_text": steps[0].text,
            "as1_from": str(steps[0].pk),
            "as1_was": steps[0].text,
            "as2_text": "klärt die Fahrtkosten für das zweite Ticket",
            "as2_owner": "jobcenter",
            "as2_from": str(steps[1].pk),
            "as2_was": steps[1].text,
        },
    )

    second = Agreement.objects.get(case=case, superseded_at=None)
    assert [s.text for s in AgreementStep.objects.filter(agreement=second)] == [
        "klärt die Fahrtkosten für das zweite Ticket"
    ]


def test_what_is_no_longer_true_fades_out(kim_client, case, url):
    kim_client.post(url, everything(case))
    uncle = Resource.objects.get(text="Onkel mit Werkstatt")

    kim_client.post(url, conversation(case, resource_end=[str(uncle.pk)]))

    uncle.refresh_from_db()
    assert uncle.ended_at is not None
    assert uncle.text == "Onkel mit Werkstatt"
    assert ResourceReview.objects.filter(case=case).count() == 2


def test_a_place_that_the_directory_knows_is_found_by_its_name(kim_client, case, url):
    kim_client.post(url, everything(case))

    kim_client.post(url, conversation(case, res1_place="repair-café AM markt"))

    assert SocialPlace.objects.count() == 1
    assert Resource.objects.order_by("-id").first().place_id == SocialPlace.objects.get().pk


def test_the_same_submit_twice_is_one(kim_client, case, url):
    data = everything(case)
    kim_client.post(url, data)
    after = counts()

    response = kim_client.post(url, data)

    assert response.status_code == 302
    assert counts() == after
    assert kim_client.post(url, {**data, "ag_goal": "Ein anderes Ziel."}).status_code == 409


def test_the_form_opens_with_the_current_agreement_to_go_on_from(kim_client, case, url):
    kim_client.post(url, everything(case))

    page = kim_client.get(url).content.decode()

    assert "Vereinbarung (1. Fassung" in page
    assert "Einen Platz in einer Tischlerei finden." in page
    assert 'value="keep" checked' in page
    assert "ruft die Tischlerei an" in page


def test_a_draft_keeps_all_sections(kim_client, kim, case, url):
    data = everything(case) | {"later": "1"}
    kim_client.post(url, data)

    draft = Draft.objects.get(author=kim, case=case)
    page = kim_client.get(url).content.decode()

    assert draft.payload["as3_name"] == ["der Onkel"]
    for name in ("will_text", "res2_place", "ag_goal", "as3_text", "ag_rhythm"):
        assert data[name] in page


def test_two_wordings_of_the_rhythm_propose_two_dates(kim_client, kim, url, case):
    other = CaseFactory(counsellor=kim)
    kim_client.post(url, everything(case, ag_rhythm="alle 3 Wochen"))
    kim_client.post(f"/faelle/{other.number}/gespraech/", everything(other, ag_rhythm="alle 5 Wochen"))
    third = CaseFactory(counsellor=kim)
    kim_client.post(f"/faelle/{third.number}/gespraech/", everything(third, ag_rhythm=""))

    pages = [kim_client.get(f"/faelle/{c.number}/gespraech/").content.decode() for c in (case, other, third)]

    assert "Vorschlag aus der Taktung „alle 3 Wochen“" in pages[0]
    assert "Vorschlag aus der Taktung „alle 5 Wochen“" in pages[1]
    assert pages[0].split("Vorschlag aus der Taktung")[1][:60] != pages[1].split("Vorschlag aus der Taktung")[1][:60]
    assert "Vorschlag aus der Taktung" not in pages[2]


def test_falsche_akte_takes_the_agreement_along(kim_client, kim, case, url):
    kim_client.post(url, everything(case))
    first = Agreement.objects.get(case=case)
    uncle = Resource.objects.get(text="Onkel mit Werkstatt")
    conclude_again(kim_client, case, url, resource_end=[str(uncle.pk)], will_text="Nicht von dieser Person.")
    second = Agreement.objects.get(case=case, superseded_at=None)
    contact = Contact.objects.get(pk=second.contact_id)

    response = kim_client.post(
        f"/faelle/{case.number}/kontakte/{contact.pk}/falsche-akte/", {"reason": "Falsche Akte."}
    )

    assert response.status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    uncle.refresh_from_db()
    assert first.superseded_at is None
    assert (second.goal, second.withdrawn_by_id) == ("", kim.pk)
    assert uncle.ended_at is None
    assert not WillStatement.objects.filter(text="Nicht von dieser Person.").exists()
    draft = Draft.objects.get(author=kim, case=None)
    assert draft.payload["ag_goal"] == ["Praktikum in der Tischlerei beginnen."]
    assert draft.payload["will_text"] == ["Nicht von dieser Person."]
    assert draft.payload["as1_text"] == ["geht zum Probetag"]


def test_falsche_akte_takes_along_what_was_told_later_about_its_steps(kim_client, kim, case, url):
    kim_client.post(url, everything(case))
    agreement = Agreement.objects.get(case=case)
    step = AgreementStep.objects.filter(agreement=agreement).first()
    StepOutcome.objects.create(case=case, step=step, outcome="different", text="Von jemand anderem.", by=kim)

    kim_client.post(f"/faelle/{case.number}/kontakte/{agreement.contact_id}/falsche-akte/", {"reason": "Falsche Akte."})

    agreement.refresh_from_db()
    assert agreement.withdrawn_at is not None
    assert StepOutcome.objects.get(step=step).text == ""


def test_a_talk_recorded_late_does_not_propose_the_past(kim_client, case, url):
    kim_client.post(url, everything(case, ag_rhythm="alle 3 Wochen"))
    late = timezone.localdate() - dt.timedelta(days=60)

    page = kim_client.post(url, conversation(case, text="", at_date=f"{late:%d.%m.%Y}", next_date="")).content.decode()

    assert "Vorschlag aus der Taktung" in page


def test_concluding_with_every_section_filled_takes_at_most_24_statements(kim_client, case, url, count_queries):
    kim_client.post(url, everything(case))
    current = Agreement.objects.get(case=case, superseded_at=None)
    steps = list(AgreementStep.objects.filter(case=case).order_by("position"))
    uncle = Resource.objects.get(text="Onkel mit Werkstatt")
    data = everything(
        case,
        **{
            "ag_base": str(current.pk),
            f"out_{steps[1].pk}": "done",
            "resource_end": [str(uncle.pk)],
            "participant_role": ["support_person"],
            "participant_name": ["Frau Arslan"],
        },
    )

    with count_queries() as queries:
        response = kim_client.post(url, data)

    assert response.status_code == 302
    assert queries.count <= 24, queries.explain()
