"""The chosen offer in the file: Absicht and history, its goal, what came of it, and taking it back at any time."""

import re

import pytest
from django.utils import timezone

from agreements.models import Agreement
from casework import actions as casework_actions
from casework.enums import AccessKind
from casework.models import CaseAssignment, DutyToCooperate, FollowUp
from offers.actions.choices import change_intent, link_agreement, withdraw_choice
from offers.enums import OfferEventKind
from offers.models import IntentVersion, OfferChoice, OfferVersion, Participation
from tests.factories import (
    AccessGrantFactory,
    AgreementFactory,
    CaseClosureFactory,
    CaseFactory,
    IntentVersionFactory,
    OfferEventFactory,
    ParticipationFactory,
    ParticipationOutcomeFactory,
    chosen_offer,
    published_offer,
)
from tests.rules import settle

pytestmark = pytest.mark.django_db


def url(choice, rest=""):
    return f"/faelle/{choice.case.number}/angebote/{choice.pk}/{rest}"


@pytest.fixture
def immediate(case):
    """Chosen on the first day, without a look at resources and without an agreement (R3.3-3)."""
    return chosen_offer(
        case=case,
        offer=published_offer(name="Jobakademie", immediate=True),
        agreement=None,
        review=None,
    )


def rest_of_the_case(case):
    """What no action on a chosen offer may touch (R4.4-9, R2-2)."""
    return [
        list(model.objects.filter(case=case).order_by("pk").values())
        for model in (FollowUp, Agreement, CaseAssignment, DutyToCooperate)
    ]


# --- the page ----------------------------------------------------------------------------------------------


def test_the_page_shows_absicht_goal_and_dates(kim_client, choice, owner_events):
    ParticipationFactory(choice=choice, started=True)
    before = owner_events()

    page = kim_client.get(url(choice)).content.decode()

    assert "Holzwerkstatt am Weidenblick" in page
    assert f"„{IntentVersion.objects.get(choice=choice).text}“" in page
    assert choice.agreement.goal in page
    assert f"/faelle/{choice.case.number}/vereinbarung/fassungen/{choice.agreement.number}/" in page
    assert "nimmt teil seit" in page
    assert f"/angebote/{choice.offer_id}/" in page
    assert "?kanal=three_way" in page
    assert owner_events() - before == {AccessKind.ENTRY_OPENED: 1}


def test_what_came_of_it_stands_beside_the_absicht(kim_client, choice):
    ParticipationOutcomeFactory(choice=choice, own_words="Ich halte durch.", provider_words="Sie kam jeden Tag.")

    page = kim_client.get(url(choice)).content.decode()

    told = page.split('id="gebracht"')[1]
    assert told.index("gewählt, um …") < told.index("Das sagt die Person") < told.index("Das sagt der Träger")
    assert "Ich halte durch." in told
    assert "Sie kam jeden Tag." in told


def test_who_reads_with_a_reason_reads_and_changes_nothing(tom, tom_client, choice):
    AccessGrantFactory(case=choice.case, user=tom)

    page = tom_client.get(url(choice)).content.decode()

    assert "Holzwerkstatt am Weidenblick" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert "Absicht ändern" not in page
    for rest in ("absicht/", "zuruecknehmen/", "teilnahme/", "vereinbarung/", "gesehen/"):
        assert tom_client.post(url(choice, rest), {"text": "Anders."}).status_code == 403
    choice.refresh_from_db()
    assert choice.withdrawn_at is None


@pytest.mark.parametrize("client", ["nora_client", "paula_client"])
def test_a_stranger_finds_nothing(request, choice, client):
    """Project management sees no case by any route."""
    response = request.getfixturevalue(client).get(url(choice))

    assert response.status_code in (403, 404)
    assert "Holzwerkstatt" not in response.content.decode()


def test_a_choice_of_another_case_is_absent(kim, kim_client, choice):
    other = CaseFactory(counsellor=kim)

    for rest in ("", "absicht/", "teilnahme/"):
        assert kim_client.get(f"/faelle/{other.number}/angebote/{choice.pk}/{rest}").status_code == 404
    assert kim_client.post(f"/faelle/{other.number}/angebote/{choice.pk}/zuruecknehmen/").status_code == 404


def test_what_a_withdrawn_conversation_chose_is_absent(kim, kim_client, choice):
    settle()
    casework_actions.withdraw_contact(contact=choice.contact, reason="Falsche Akte.", by=kim)

    assert kim_client.get(url(choice)).status_code == 404
    file = kim_client.get(f"/faelle/{choice.case.number}/").content.decode()
    assert "Holzwerkstatt" not in file


# --- Absicht -----------------------------------------------------------------------------------------------


def test_the_absicht_changes_and_the_earlier_one_stays(kim, kim_client, choice):
    earlier = IntentVersion.objects.get(choice=choice).text
    before = rest_of_the_case(choice.case)

    form = kim_client.get(url(choice, "absicht/")).content.decode()
    response = kim_client.post(url(choice, "absicht/"), {"text": " Ich will die Prüfung schaffen. "})

    assert re.search(r"<textarea[^>]*>\s*</textarea>", form)  # no prefill (R4.4-8)
    assert response["Location"] == url(choice)
    latest = IntentVersion.objects.filter(choice=choice).latest("number")
    assert (latest.number, latest.text, latest.by, latest.contact_id) == (
        2,
        "Ich will die Prüfung schaffen.",
        kim,
        None,
    )
    page = kim_client.get(url(choice)).content.decode()
    assert page.index("Ich will die Prüfung schaffen.") < page.index("Frühere Absicht") < page.index(earlier)
    assert rest_of_the_case(choice.case) == before


@pytest.mark.parametrize("data", [{"text": ""}, {"text": " \n\t "}, {}], ids=["blank", "spaces", "missing"])
def test_a_blank_absicht_is_refused(kim_client, choice, data):
    response = kim_client.post(url(choice, "absicht/"), data)

    assert response.status_code == 422
    assert "Bitte ausfüllen." in response.content.decode()
    assert IntentVersion.objects.filter(choice=choice).count() == 1


def test_spaces_are_refused_by_the_action_too(kim, choice):
    with pytest.raises(casework_actions.RuleBroken) as caught:
        change_intent(choice=choice, text="\u00a0 \u2003", by=kim)

    assert caught.value.field == "text"


def test_the_absicht_of_what_was_taken_back_meanwhile_stays(kim, kim_client, choice):
    withdraw_choice(choice=choice, by=kim)

    response = kim_client.post(url(choice, "absicht/"), {"text": "Doch noch."})

    assert response.status_code == 409
    assert "Doch noch." in response.content.decode()
    assert IntentVersion.objects.filter(choice=choice).count() == 1


def test_after_the_end_of_the_case_nothing_new_is_worded(kim_client, choice):
    CaseClosureFactory(case=choice.case)

    assert kim_client.post(url(choice, "absicht/"), {"text": "Anders."}).status_code == 409


# --- taking it back ----------------------------------------------------------------------------------------


def test_the_choice_is_taken_back_without_a_reason(kim, kim_client, choice):
    before = rest_of_the_case(choice.case)
    page = kim_client.get(url(choice)).content.decode()
    form = page.split("/zuruecknehmen/")[1].split("</form>")[0]
    assert re.findall(r'name="(\w+)"', form) == ["csrfmiddlewaretoken"]

    response = kim_client.post(url(choice, "zuruecknehmen/"), {"reason": "keine Lust"}, follow=True)

    choice.refresh_from_db()
    assert choice.withdrawn_by == kim
    assert "Die Wahl ist zurückgenommen." in response.content.decode()
    assert "keine Lust" not in str(OfferChoice.objects.filter(pk=choice.pk).values())
    assert rest_of_the_case(choice.case) == before
    assert not any("reason" in field.name or "text" in field.name for field in OfferChoice._meta.fields)


def test_twice_is_no_error(kim_client, choice):
    kim_client.post(url(choice, "zuruecknehmen/"))
    first = OfferChoice.objects.values_list("withdrawn_at", flat=True).get(pk=choice.pk)

    response = kim_client.post(url(choice, "zuruecknehmen/"), follow=True)

    assert response.status_code == 200
    assert "schon zurückgenommen" in response.content.decode()
    assert OfferChoice.objects.values_list("withdrawn_at", flat=True).get(pk=choice.pk) == first


def test_what_runs_ends_today_and_what_is_planned_never_begins(kim, case, choice):
    running = ParticipationFactory(choice=choice, started=True)
    planned = ParticipationFactory(choice=chosen_offer(case=case))

    withdraw_choice(choice=choice, by=kim)
    withdraw_choice(choice=planned.choice, by=kim)

    running.refresh_from_db()
    planned.refresh_from_db()
    assert (running.ended_on, running.ended_by) == (timezone.localdate(), kim)
    assert (planned.started_on, planned.ended_on) == (None, None)


def test_it_is_taken_back_also_after_the_end_of_the_case(kim, choice):
    CaseClosureFactory(case=choice.case)

    withdraw_choice(choice=choice, by=kim)

    choice.refresh_from_db()
    assert choice.withdrawn_at is not None


# --- agreement and changes ---------------------------------------------------------------------------------


def test_the_agreement_of_an_immediate_choice_may_follow(kim_client, immediate):
    missing = kim_client.post(url(immediate, "vereinbarung/"), follow=True).content.decode()
    assert "Es gibt noch keine Vereinbarung." in missing
    agreement = AgreementFactory(case=immediate.case)

    response = kim_client.post(url(immediate, "vereinbarung/"), follow=True)

    immediate.refresh_from_db()
    assert immediate.agreement_id == agreement.pk
    page = response.content.decode()
    assert agreement.goal in page
    assert url(immediate, "vereinbarung/") not in page


def test_an_immediate_choice_leads_to_its_group(kim_client, choice, immediate):
    assert url(immediate, "gruppe/") in kim_client.get(url(immediate)).content.decode()
    assert kim_client.get(url(immediate, "gruppe/")).status_code == 200
    assert "gruppe/" not in kim_client.get(url(choice)).content.decode()


def test_what_came_of_it_is_measured_against_the_absicht_of_that_day(kim, kim_client, choice):
    ParticipationOutcomeFactory(choice=choice)
    change_intent(choice=choice, text="Ich will die Prüfung schaffen.", by=kim)

    told = kim_client.get(url(choice)).content.decode().split('id="gebracht"')[1]

    assert IntentVersion.objects.get(choice=choice, number=1).text in told
    assert "Ich will die Prüfung schaffen." not in told


def test_an_agreement_is_linked_once_and_only_to_an_immediate_choice(kim, choice, immediate):
    link_agreement(choice=immediate, by=kim)

    for linked in (immediate, choice):
        with pytest.raises(casework_actions.StaleVersion):
            link_agreement(choice=linked, by=kim)


def test_what_changed_about_the_offer_is_shown_until_it_was_seen(kim, kim_client, choice):
    OfferEventFactory(offer=choice.offer, kind=OfferEventKind.NOT_POSSIBLE)
    OfferEventFactory(offer=choice.offer, kind=OfferEventKind.ASSURED)

    page = kim_client.get(url(choice)).content.decode()
    told = page.split('id="geaendert"')[1].split("</ul>")[0]
    assert "zurzeit nicht möglich" in told
    assert "zugesichert" not in told
    response = kim_client.post(url(choice, "gesehen/"))

    choice.refresh_from_db()
    assert (response["Location"], choice.changes_seen_by) == (url(choice), kim)
    assert 'id="geaendert"' not in kim_client.get(url(choice)).content.decode()


def test_seen_on_heute_goes_back_to_heute(kim_client, choice):
    response = kim_client.post(url(choice, "gesehen/"), headers={"referer": "http://testserver/"})

    assert response["Location"] == "/"


def test_a_hostile_name_is_shown_harmless(kim, kim_client, case):
    choice = chosen_offer(case=case, offer=published_offer(name="<script>alert(1)</script>\u202etxet{{ 7 }}"))

    for address in (url(choice), url(choice, "absicht/"), url(choice, "teilnahme/"), f"/faelle/{case.number}/"):
        page = kim_client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "&lt;script&gt;" in page
    withdraw_choice(choice=choice, by=kim)
    page = kim_client.get(f"/faelle/{case.number}/").content.decode()
    assert "Wahl zurückgenommen: &lt;script&gt;alert(1)&lt;/script&gt;txet{{ 7 }}" in page
    assert "\u202e" not in page


# --- the file and the Verlauf ------------------------------------------------------------------------------


def test_the_file_shows_standing_choices_first(kim_client, case, choice):
    over = chosen_offer(case=case, offer=published_offer(name="Nähstube"))
    ParticipationFactory(choice=over, ended=True)
    OfferChoice.objects.filter(pk=over.pk).update(ended_at=timezone.now(), ended_by=over.by)
    ParticipationOutcomeFactory(choice=over, own_words="Ich nähe jetzt selbst.")
    taken_back = chosen_offer(case=case, offer=published_offer(name="Gartenbau"))
    OfferChoice.objects.filter(pk=taken_back.pk).update(withdrawn_at=timezone.now(), withdrawn_by=taken_back.by)

    page = kim_client.get(f"/faelle/{case.number}/").content.decode()

    block = page.split('id="angebote-titel"')[1].split("</section>")[0]
    assert block.index("Holzwerkstatt am Weidenblick") < block.index("Nähstube")
    assert IntentVersion.objects.get(choice=choice).text in block
    assert "beendet am" in block
    assert "Ich nähe jetzt selbst." in block
    assert "Gartenbau" not in block
    assert "Wahl zurückgenommen: Gartenbau" in page


def test_where_nothing_is_chosen_there_is_one_quiet_link(kim_client, case):
    page = kim_client.get(f"/faelle/{case.number}/").content.decode()

    assert 'id="angebote-titel"' not in page
    assert f'href="/faelle/{case.number}/einwilligungen/"' in page


def test_many_choices_ask_no_more(kim, kim_client, case, choice, count_queries):
    many = CaseFactory(counsellor=kim)
    for _ in range(9):
        over = chosen_offer(case=many)
        ParticipationFactory(choice=over, ended=True)
        ParticipationOutcomeFactory(choice=over)
        OfferChoice.objects.filter(pk=over.pk).update(ended_at=timezone.now(), ended_by=over.by)
        IntentVersionFactory(choice=chosen_offer(case=many))

    with count_queries() as few:
        kim_client.get(f"/faelle/{case.number}/")
    with count_queries() as more:
        page = kim_client.get(f"/faelle/{many.number}/").content.decode()

    # One less where no conversation stands on the first page of the Verlauf: what hangs on them is not asked for then.
    assert few.count - 1 <= more.count <= few.count, more.explain()
    assert page.split('id="angebote-titel"')[1].split("</section>")[0].count("/angebote/") == 9 + 6


def test_the_verlauf_tells_what_happened_outside_conversations(kim, kim_client, choice):
    change_intent(choice=choice, text="Ich will die Prüfung schaffen.", by=kim)
    ParticipationFactory(choice=choice, started=True)
    withdraw_choice(choice=choice, by=kim)

    for address in (f"/faelle/{choice.case.number}/", f"/faelle/{choice.case.number}/drucken/"):
        page = kim_client.get(address).content.decode()
        assert "Absicht neu formuliert: Holzwerkstatt am Weidenblick" in page
        assert "Teilnahme begonnen: Holzwerkstatt am Weidenblick" in page
        assert "Wahl zurückgenommen: Holzwerkstatt am Weidenblick" in page
        assert "Teilnahme beendet" not in page  # taken back, and nothing beside it


def test_the_conversation_says_what_was_chosen_in_it(kim_client, choice):
    page = kim_client.get(f"/faelle/{choice.case.number}/").content.decode()

    assert "Angebot gewählt: Holzwerkstatt am Weidenblick" in page


def test_the_newest_published_name_counts(kim_client, choice):
    OfferVersion.objects.filter(offer=choice.offer).update(superseded_at=timezone.now())

    assert "Holzwerkstatt am Weidenblick" in kim_client.get(url(choice)).content.decode()
    assert not Participation.objects.filter(choice=choice).exists()


# --- shared view and sheet ---------------------------------------------------------------------------------


def test_the_shared_view_shows_what_the_person_uses_and_why(kim_client, choice):
    page = kim_client.get(f"/faelle/{choice.case.number}/gemeinsam/").content.decode()

    assert "Diese Angebote nutze ich" in page
    assert "Holzwerkstatt am Weidenblick" in page
    assert IntentVersion.objects.get(choice=choice).text in page


def test_the_shared_view_is_silent_where_nothing_is_chosen(kim, kim_client, case, choice):
    withdraw_choice(choice=choice, by=kim)

    page = kim_client.get(f"/faelle/{case.number}/gemeinsam/").content.decode()

    assert "Angebote" not in page.split("<main")[1]
