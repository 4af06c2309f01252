"""A small office with everything that a page can show: long, foreign, ended, withdrawn, overdue, in substitution."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agreements.actions.handouts import record_handout
from agreements.actions.steps import tell_outcome
from agreements.actions.talks import NewResource
from agreements.enums import Outcome, SheetPart
from agreements.models import Resource, SocialPlace, SocialSpace
from casework import actions
from casework.actions.handovers import plan_handovers
from casework.actions.imports import start_import
from casework.actions.letters import mark_letters_sent, withdraw_letters
from casework.enums import DigestKind, DigestState, DraftForm, DutyFactKind, ImportKind, RoleName
from casework.models import Absence, Case, Contact, NoteAddendum, User, WorkPattern
from offers.enums import OfferEventKind
from offers.models import GroupMember, OfferChoice
from tests.agreements.talking import WILL, WISH, agree, step_of, talk
from tests.casework.importing import applied, checked, person, table
from tests.factories import (
    AbsenceFactory,
    AccessGrantFactory,
    CalendarFeedFactory,
    CaseFactory,
    CaseHandoverFactory,
    CaseParticipationFactory,
    ClientDetailFactory,
    ClosedCaseFactory,
    ConsentFactory,
    ContactFactory,
    ContactParticipantFactory,
    CounsellorFactory,
    DemandNoteFactory,
    DemandReplyFactory,
    DigestMailFactory,
    DigestRunFactory,
    DraftFactory,
    DutyFactFactory,
    DutyToCooperateFactory,
    EmploymentStartFactory,
    FileNoteFactory,
    FollowUpChangeFactory,
    FollowUpFactory,
    GroupDateFactory,
    GroupFactory,
    GroupMemberFactory,
    IntakeFactory,
    LetterFactory,
    LocalDayFactory,
    OfferChoiceFactory,
    OfferEventFactory,
    OfferRemarkFactory,
    ParticipationFactory,
    ParticipationOutcomeFactory,
    RoleGrantFactory,
    RuleDocumentFactory,
    StandingSubstituteFactory,
    SubstitutionFactory,
    UserFactory,
    WorkPatternFactory,
    ago,
    ahead,
    back,
    chosen_offer,
    published_offer,
)

LONG_NAME = "von der Wiesenhofen-Straßenburger zu Hohenschönhausen und Langenfeld-Unterstädten"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_NOTE = (
    "Wir haben lange über den Wunsch gesprochen, wieder mit Holz zu arbeiten. "
    "Der Onkel hat eine Werkstatt; das Fahrrad ist repariert. <b>Spitze Klammern</b> & Zeichen bleiben Text. "
) * 15


@dataclass
class Office:
    """Who and what a crawl starts from."""

    full: Case
    agreed: Case
    long: Case
    cyrillic: Case
    arabic: Case
    closed: Case
    elsewhere: Case
    missed: Contact
    orphan_draft: int
    begun_elsewhere: int  # the draft of an absent colleague
    away: int  # an absence of Kim's with an appointment inside
    member: GroupMember
    may_join: OfferChoice


def busy_office(kim: User, eva: User, tom: User) -> Office:
    """Kim's day with more than 25 rows; Eva is absent and Kim stands in for her."""
    organisation = kim.organisation
    for number in range(26):
        CaseFactory(
            counsellor=kim,
            step__due_on=back(3) if number < 12 else ahead(1 + number % 5),
            step__subject=f"Wie steht es mit dem Antrag {number}?",
        )
    full = _full_case(kim, eva)
    long = CaseFactory(
        counsellor=kim,
        client__family_name=LONG_NAME[:80],
        client__given_name="Maximiliane-Charlotte",
        step__overdue=True,
        step__subject=f"{LONG_WORD}: {LONG_WORD[:60]}",
    )
    ContactFactory(case=long, text=f"{LONG_WORD * 3} {LONG_NOTE}")
    cyrillic = CaseFactory(
        counsellor=kim, client__family_name="Шевченко", client__given_name="Олександра", step__overdue=True
    )
    arabic = CaseFactory(counsellor=kim, client__family_name="الحسيني", client__given_name="فاطمة", step__overdue=True)
    missed = ContactFactory(case=CaseFactory(counsellor=kim), missed=True, author=kim)
    agree(long, kim, goal=f"{LONG_WORD}: {LONG_NOTE[:600]}", rhythm=LONG_WORD)
    agree(arabic, kim, goal="أريد أن أعمل في ورشة نجارة.", rhythm="alle 3 Wochen")
    closed = ClosedCaseFactory(counsellor=kim, client__family_name="Beendet")
    orphan = DraftFactory(author=kim, case=None, payload={"text": ["Aus einer falschen Akte."]})
    DraftFactory(author=kim, case=cyrillic, payload={"text": ["Noch nicht fertig."]})
    DraftFactory(author=kim, case=None, form=DraftForm.CASE_OPENING, payload={"family_name": ["Halb"]})
    begun = DraftFactory(author=eva, case=CaseFactory(counsellor=eva, step__overdue=True))
    SubstitutionFactory(absent_user=eva, substitute=kim, entered_by=tom)
    elsewhere = CaseFactory(counsellor=CounsellorFactory(user__team__organisation=organisation))
    AccessGrantFactory(user=kim, case=elsewhere, kind="record", reason="steht am Empfang")
    AccessGrantFactory(user=eva, case=elsewhere, kind="record", reason="steht am Empfang")
    LocalDayFactory()
    RuleDocumentFactory()
    _offers(kim, full)
    privacy = UserFactory(team=kim.team, username="dana", first_name="Dana", last_name="Schütz")
    RoleGrantFactory(user=privacy, role=RoleName.PRIVACY_OFFICER)
    away = _away(kim, full)
    _handovers(kim, tom)
    _letters(full)
    return Office(
        full,
        _agreed_case(kim),
        long,
        cyrillic,
        arabic,
        closed,
        elsewhere,
        missed,
        orphan.pk,
        begun.pk,
        away.pk,
        *_group(kim),
    )


def _away(kim: User, case: Case) -> Absence:
    """Kim works four days a week, has somebody who always stands in, and an absence with an appointment inside."""
    WorkPatternFactory(user=kim, weekdays=WorkPattern.ALL - (1 << ahead(2).weekday()))
    StandingSubstituteFactory(user=kim, substitute=CounsellorFactory(user__team=kim.team).user)
    CalendarFeedFactory(user=kim)
    day = ahead(25)
    FollowUpFactory(case=case, appointment=True, due_on=day, subject=LONG_WORD)
    return AbsenceFactory(user=kim, during=DateRange(day, day + dt.timedelta(days=5)))


def _handovers(kim: User, tom: User) -> None:
    """Planned, to be accepted by the other organisation, and taken over today with a note."""
    successor = CounsellorFactory(user__team=kim.team, user__last_name=LONG_NAME[:80]).user
    other = CounsellorFactory(user__team=kim.team)
    for giver, taker, name in ((kim, successor, LONG_NAME[:80]), (other.user, kim, "Шевченко")):
        case = CaseFactory(counsellor=giver, client__family_name=name)
        CaseHandoverFactory(case=case, to_counsellor=taker, note=LONG_NOTE[:900], planned_by=tom)
    taken = CaseFactory(counsellor=other.user, client__family_name="الحسيني")
    plan_handovers(
        cases=[taken],
        giver=other,
        to=kim.counsellor,
        effective_on=timezone.localdate(),
        batch=uuid.uuid4(),
        notes={taken.pk: LONG_NOTE[:600]},
        by=tom,
    )


def _letters(case: Case) -> None:
    """One to be printed with an appointment, one with the new name, one that was sent, one that never was."""
    LetterFactory(case=case, appointment=True)
    LetterFactory(case=case)
    sent, thrown = LetterFactory(case=case), LetterFactory(case=case)
    mark_letters_sent(letters=[sent], by=case.opened_by)
    withdraw_letters(letters=[thrown], by=case.opened_by)


def _group(kim: User) -> tuple[GroupMember, OfferChoice]:
    """A group that Kim set up, with a member of hers, a date that was and one that comes; somebody else may join."""
    group = GroupFactory(organisation=kim.organisation, created_by=kim, place=LONG_WORD)
    case = CaseFactory(counsellor=kim, client__family_name=LONG_NAME[:80])
    member = GroupMemberFactory(group=group, choice__case=case)
    GroupDateFactory(group=group, recorded=True)
    GroupDateFactory(group=group, subject=LONG_WORD)
    chosen = OfferChoiceFactory(case=CaseFactory(counsellor=kim), offer=group.offer, agreement=None, review=None)
    return member, chosen


def arrivals(tom: User) -> None:
    """People who have come and wait: today, long since, and entered by mistake; and a file of the leading system."""
    for days, name in ((0, LONG_NAME[:80]), (9, "Шевченко")):
        IntakeFactory(
            client__organisation=tom.organisation,
            client__family_name=name,
            arrived_on=timezone.localdate() - dt.timedelta(days=days),
            entered_by=tom,
        )
    rows = [person(1), person(2, Geburtsdatum="kaputt"), person(1), person(4, Nachname=LONG_NAME[:80])]
    applied(checked(table(rows), tom), tom)
    checked(table([person(1, Vorname="Anders"), person(9)]), tom)
    start_import(kind=ImportKind.PEOPLE, content=table([person(5)]).encode(), by=tom)


def days_of_reminders(tom: User) -> None:
    """Mails in every state, yesterday and today, and what has waited for weeks with IFK present and absent."""
    today = timezone.localdate()
    before = today - dt.timedelta(days=1)
    for day in (before, today):
        DigestRunFactory(local_date=day)
    for number, values in enumerate(STATES):
        name = LONG_NAME[:80] if number == 0 else f"Name{number}"
        DigestMailFactory(recipient=UserFactory(team=tom.team, last_name=name), local_date=today, **values)
    monday = before - dt.timedelta(days=before.weekday())
    sent = _ended(DigestState.SENT, "250")
    DigestMailFactory(recipient=tom, local_date=monday, planned_on=before, kind=DigestKind.TEAM, **sent)
    for name, is_absent in (("Şahin", False), ("Ott", True)):
        counsellor = CounsellorFactory(user__team=tom.team, user__last_name=name).user
        for family_name in (LONG_NAME[:80], "Шевченко", "Yıldız"):
            case = CaseFactory(
                counsellor=counsellor, client__family_name=family_name, step__due_on=back(30), opened_at=ago(days=60)
            )
            FollowUpFactory.create_batch(9, case=case, due_on=back(21), created_at=ago(days=60))
        if is_absent:
            AbsenceFactory(user=counsellor)


def _ended(state: DigestState, answer: str) -> dict[str, Any]:
    return {"state": state, "answer": answer, "attempts": 1, "ended_at": ago(minutes=30)}


STATES: list[dict[str, Any]] = [
    _ended(DigestState.FAILED, "550"),
    _ended(DigestState.FAILED, "address"),
    _ended(DigestState.UNCLEAR, "connection"),
    _ended(DigestState.DROPPED, "done"),
    _ended(DigestState.SENT, "250"),
    {"claimed": True},
    {"attempts": 2, "answer": "451", "not_before": ago(minutes=-20)},
    {"not_before": ago(minutes=40)},  # nobody takes it
]


def _full_case(kim: User, eva: User) -> Case:
    case = CaseFactory(
        counsellor=kim,
        client__family_name="Yıldız",
        client__given_name="Deniz",
        client__preferred_name="Deniz",
        step__overdue=True,
        step__appointment=True,
    )
    FollowUpFactory(case=case, done=True)
    FollowUpChangeFactory(follow_up=FollowUpFactory(case=case))
    ClientDetailFactory(client=case.client, recorded_by=kim)
    CaseParticipationFactory(case=case, counsellor=CounsellorFactory(user__team=kim.team), by=kim)
    AccessGrantFactory(user=eva, case=case, reason="Rückfrage am Telefon")
    EmploymentStartFactory(case=case)
    FileNoteFactory(case=case, by=kim)
    standing = FollowUpFactory(case=case, appointment=True)
    for _ in range(25):
        ContactFactory(case=case, text=LONG_NOTE, follow_up=standing)
    talk = ContactFactory(case=case, text="Kurz gesprochen.", follow_up=standing)
    ContactParticipantFactory(contact=talk)
    NoteAddendum.objects.create(
        case=case, contact=talk, text="Das Praktikum beginnt später.", reason="Anruf des Betriebs", by=kim
    )
    _demands(case, kim)
    return case


def _agreed_case(kim: User) -> Case:
    """A will that developed, resources that come and go, three versions with one taken back, a sheet handed over."""
    case = CaseFactory(counsellor=kim, client__family_name="Öztürk", client__given_name="Ayşe")
    space = SocialSpace.objects.get(name="Osterode")
    named = (NewResource("Onkel mit Werkstatt", used=True, row="res1"), NewResource(LONG_WORD, row="res2"))
    placed = NewResource("repariert Räder", place="Repair-Café am Markt", space_id=space.pk, row="res3")
    talk(case, kim, will=WISH, resources=(*named, placed))
    ended = (Resource.objects.get(case=case, text=LONG_WORD).pk,)
    first = agree(case, kim, rhythm="alle 3 Wochen", will=WILL, ended_resources=ended)
    tell_outcome(step=step_of(first), outcome=Outcome.DIFFERENT, text=LONG_NOTE[:120], by=kim)
    second = agree(case, kim, goal="Einen Platz in einer Werkstatt finden.", rhythm="alle 2 Wochen")
    tell_outcome(step=step_of(second), outcome=Outcome.DONE, by=kim)
    mistaken = agree(case, kim, goal="Aus einer anderen Akte.")
    actions.withdraw_contact(contact=mistaken.contact, reason="Die andere Akte war gemeint.", by=kim)
    record_handout(case=case, agreement_id=second.pk, parts=[SheetPart.STEPS], language="ar", by=kim)
    SocialPlace.objects.create(
        space=space, name=LONG_WORD, what=LONG_NOTE[:300], added_by=kim, confirmed_by=kim, confirmed_at=ago(days=400)
    )
    return case


def _offers(kim: User, case: Case) -> None:
    """Offers short, endless and gone; one chosen by a person of Kim's, with all that came of it, and changed since."""
    offer = published_offer(name="Holzwerkstatt am Leinebogen", notice=LONG_NOTE[:300], possible=False)
    published_offer(name=f"{LONG_WORD} {LONG_WORD}", support=LONG_WORD * 30, course=f"Montag 8 Uhr {LONG_NOTE}")
    published_offer(name="Jobakademie", immediate=True)
    choice = chosen_offer(case=case, offer=offer, intent=f"{LONG_WORD}: {LONG_NOTE[:300]}")
    ParticipationFactory(choice=choice, started=True, planned_until=ahead(60))
    ParticipationOutcomeFactory(choice=choice, own_words=LONG_NOTE[:300], provider_words=LONG_WORD)
    chosen_offer(case=case)
    OfferEventFactory(offer=offer, kind=OfferEventKind.NOTICE, text=LONG_WORD)
    OfferRemarkFactory(offer=offer, text=LONG_NOTE[:500])
    ConsentFactory(case=case, with_whom=LONG_WORD, purpose=LONG_NOTE[:200])
    DemandNoteFactory(text=LONG_WORD)
    DemandReplyFactory(need=LONG_WORD, text=LONG_NOTE, offer=offer)


def _demands(case: Case, kim: User) -> None:
    """What the law demands: with every fact, with a text, a very long one, and one entered by mistake."""
    posted = DutyToCooperateFactory(case=case, with_notice=True, due_on=ahead(7), notice__text=LONG_NOTE)
    DutyFactFactory(duty=posted)
    DutyFactFactory(duty=posted, kind=DutyFactKind.NOT_APPEARED)
    DutyFactFactory(duty=posted, kind=DutyFactKind.APPEARED)
    actions.withdraw_duty_fact(fact=DutyFactFactory(duty=posted, reason=True), by=kim)
    DutyToCooperateFactory(case=case, demand=f"{LONG_WORD}: {LONG_NOTE[:400]}", legal_basis__title=LONG_WORD)
    mistaken = DutyToCooperateFactory(case=case)
    DutyFactFactory(duty=mistaken, reason=True)
    actions.withdraw_duty(duty=mistaken, reason="Die andere Akte war gemeint.", by=kim)
