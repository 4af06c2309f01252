"""The demonstration office: the same for the same seed, plausible, and within all rules."""

import datetime as dt
import re
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, F
from django.utils import timezone

from agreements.models import Agreement, AgreementStep, Resource, SocialPlace, StepOutcome, WillStatement
from casework.enums import ContactKind, FollowUpKind
from casework.models import (
    Case,
    Client,
    Contact,
    FileNote,
    FollowUp,
    NoteAddendum,
    Organisation,
    RuleDocument,
    Substitution,
    User,
)
from jobcenter.office.demo import builder, duties, phrases, places, wording_common
from jobcenter.office.demo.names import LONG_NAME
from jobcenter.office.demo.own_words import WORDINGS
from jobcenter.office.demo.sizes import BERLIN
from jobcenter.office.demo.staff import CAST, PASSWORD
from jobcenter.office.demo.voice import ALL_TOPICS
from jobcenter.office.management.commands import seed_demo
from jobcenter.platform.workdays import add_working_days, is_working_day

TUESDAY = dt.date(2026, 9, 15)
SUNDAY = dt.date(2026, 9, 20)

# domain.md, appendix 1A: words by which people would be sorted.
DENIED = re.compile(
    r"zielgruppe|kundengruppe|kundenprofil|kundentyp|kunde\b|profillage|profilingergebnis|betreuungsstufe|segment"
    r"|kategorie|cluster|handlungsstrategie|integration|entwicklung|grundbetreuung|marktnah|marktfern|hemmnis"
    r"|defizit|problemlage|score|prognose|ampel|motivation|quote|auslastung|zuweisung|maßnahme|zielzahl|rangliste"
    r"|ranking|diagnose|krank",
    re.IGNORECASE,
)


def build(seed: int = 1, day: dt.date = TUESDAY) -> dict[str, int]:
    return builder.build("XS", seed, day, lambda share: None)


@pytest.fixture
def office(db: None) -> dict[str, int]:
    return build()


def snapshot() -> list[Any]:
    """What is in the database, without the ids that its sequences gave."""
    cases = Case.objects.order_by("opened_at", "client__birth_date").values_list(
        "client__family_name", "client__given_name", "client__birth_date", "opened_at", "closed_at"
    )
    contacts = Contact.objects.order_by("at", "submission_key").values_list(
        "at", "recorded_at", "author__username", "text", "submission_key", "submission_digest"
    )
    steps = FollowUp.objects.order_by("created_at", "due_on", "subject").values_list(
        "created_at", "due_on", "starts_at", "subject", "place", "ended_at", "outcome", "version"
    )
    users = User.objects.order_by("username").values_list("username", "password")
    versions = Agreement.objects.order_by("at", "goal").values_list("at", "goal", "rhythm", "superseded_at")
    resources = Resource.objects.order_by("at", "text").values_list("at", "text", "place__name", "ended_at")
    return [*cases, *contacts, *steps, *users, *versions, *resources]


def built_and_undone(seed: int) -> list[Any]:
    with transaction.atomic():
        build(seed)
        found = snapshot()
        transaction.set_rollback(True)
    return found


def texts() -> list[str]:
    sources: list[tuple[type[models.Model], str]] = [
        (Contact, "text"),
        (FollowUp, "subject"),
        (FollowUp, "outcome"),
        (FileNote, "text"),
        (NoteAddendum, "text"),
        (Client, "family_name"),
        (Client, "given_name"),
        (Agreement, "goal"),
        (Agreement, "employment_link"),
        (Agreement, "rhythm"),
        (AgreementStep, "text"),
        (AgreementStep, "owner_name"),
        (StepOutcome, "text"),
        (WillStatement, "text"),
        (WillStatement, "own_activity"),
        (WillStatement, "life_idea"),
        (Resource, "text"),
        (SocialPlace, "name"),
        (SocialPlace, "what"),
        (SocialPlace, "reach"),
    ]
    return [text for model, field in sources for text in model._base_manager.values_list(field, flat=True)]


def kim_steps() -> models.QuerySet[FollowUp]:
    kim = User.objects.get(username="kim.ahrens")
    return FollowUp.objects.open().filter(case__in=Case.objects.led_by(kim.pk))


def test_same_seed_gives_same_data(db):
    assert built_and_undone(7) == built_and_undone(7)


def test_other_seed_gives_other_data(db):
    assert built_and_undone(7) != built_and_undone(8)


def test_all_rules_hold(office):
    connection.check_constraints()

    from casework.models.invariants import find_violations

    assert find_violations() == []


def test_volumes_are_those_of_the_size(office):
    assert Case.objects.open().count() == 120
    assert Client.objects.count() == 150
    assert Contact.objects.count() == pytest.approx(900, rel=0.15)
    assert FollowUp.objects.count() == pytest.approx(1150, rel=0.15)
    assert Agreement.objects.count() == pytest.approx(220, rel=0.1)
    assert AgreementStep.objects.count() == pytest.approx(3 * 220, rel=0.15)


def test_no_text_sorts_people(office):
    assert [text for text in texts() if DENIED.search(text)] == []


def test_no_sentence_of_the_source_sorts_people():
    sentences = [
        sentence
        for topic in ALL_TOPICS
        for sentence in (
            *topic.will,
            *topic.tut,
            *topic.kann,
            *topic.blick,
            *(field for thread in topic.threads for field in vars(thread).values()),
        )
    ]
    fixed = [
        value
        for source in (phrases, wording_common, places, duties)
        for name, value in vars(source).items()
        if name.isupper()
    ]
    assert [thema for thema in WORDINGS if DENIED.search(repr(WORDINGS[thema]))] == []
    assert set(WORDINGS) == {topic.thema for topic in ALL_TOPICS}

    assert len(ALL_TOPICS) == 16
    assert len(set(sentences)) > 500
    assert [sentence for sentence in sentences if DENIED.search(sentence)] == []
    assert not DENIED.search(repr(fixed))


def test_no_text_shows_its_scaffold(office):
    assert [text for text in texts() if re.search(r"[{}]|  |\.\.|: :|None|am (nächste|Ende des)", text)] == []


def test_texts_are_many(office):
    written = list(Contact.objects.exclude(text="").values_list("text", flat=True))

    assert len(set(written)) > 0.97 * len(written)


def test_next_step_comes_from_its_contact(office):
    strangers = FollowUp.objects.filter(contact__isnull=False).exclude(created_at=F("contact__recorded_at"))
    sudden = FollowUp.objects.filter(ended_by_contact__isnull=False).exclude(
        ended_at=F("ended_by_contact__recorded_at")
    )

    assert not strangers.exists()
    assert not sudden.exists()


def test_contacts_lie_in_office_hours_of_working_days(office):
    moments = [at.astimezone(BERLIN) for at in Contact.objects.values_list("at", flat=True)]

    assert [at for at in moments if not is_working_day(at.date())] == []
    assert [at for at in moments if not dt.time(8) <= at.time() <= dt.time(16, 30)] == []
    assert max(moments).date() < TUESDAY


def test_due_days_are_working_days_and_appointments_on_the_quarter_hour(office):
    assert [day for day in FollowUp.objects.values_list("due_on", flat=True) if not is_working_day(day)] == []
    starts = FollowUp.objects.filter(kind=FollowUpKind.APPOINTMENT).values_list("starts_at", flat=True)
    local = [start.astimezone(BERLIN) for start in starts]
    assert [start for start in local if start.minute % 15 or not 8 <= start.hour < 16] == []


@pytest.mark.parametrize(("day", "due_today"), [(TUESDAY, 4), (SUNDAY, 0)])
def test_kims_day_is_lively(db, day, due_today):
    build(day=day)

    steps = kim_steps()
    assert steps.overdue(day).count() == 4
    assert steps.filter(due_on=day).count() == due_today
    assert steps.filter(due_on__gt=day, due_on__lte=add_working_days(day, 5)).count() == 12
    last = max(steps.overdue(day).values_list("due_on", flat=True))
    assert steps.filter(due_on=last, kind=FollowUpKind.APPOINTMENT).count() == 1


def test_history_has_something_of_everything(office):
    assert Contact.objects.filter(kind=ContactKind.MISSED).exists()
    assert FollowUp.objects.filter(successor__isnull=False).exclude(outcome="").exists()
    assert FollowUp.objects.annotate(n=Count("changes")).filter(n__gt=0).exists()
    assert NoteAddendum.objects.exists()
    assert FileNote.objects.exists()
    assert Case.objects.closed().exists()
    assert Case.objects.filter(previous_case__isnull=False, closed_at=None).count() == 6
    confirmed = Counter(Contact.objects.values_list("follow_up_id", flat=True))
    confirmed.pop(None, None)
    assert max(confirmed.values()) > 1


def test_one_case_has_a_long_history(office):
    longest = Case.objects.annotate(n=Count("contacts")).order_by("-n").first()

    assert longest is not None
    assert longest.n >= 60
    assert longest.assignments.get(during__upper_inf=True).counsellor.user.username == "kim.ahrens"


def test_names_of_all_kinds(office):
    assert len(" ".join(LONG_NAME)) == 80
    families = set(Client.objects.values_list("family_name", flat=True))
    assert LONG_NAME[1] in families
    for pattern in (r"[А-я]", r"[\u0600-\u06ff]", r"[äöü]", "ß", "ı", "-"):
        assert [name for name in families if re.search(pattern, name)], pattern


def test_kim_stands_in_for_eva_today_and_no_longer_for_others(office):
    in_force = Substitution.objects.in_force(TUESDAY).get()
    over = Substitution.objects.exclude(pk=in_force.pk).get()

    assert (in_force.absent_user.username, in_force.substitute.username) == ("eva.brandt", "kim.ahrens")
    assert over.during.upper <= TUESDAY


def test_cast_can_sign_in(office):
    for *_, login, _ in CAST:
        assert authenticate(username=login, password=PASSWORD), login


def test_later_case_numbers_do_not_collide(office):
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_next_case_number()")
        number = cursor.fetchone()[0]

    assert not Case.objects.filter(number=number).exists()
    assert int(number[-5:]) > max(int(known[-5:]) for known in Case.objects.values_list("number", flat=True))


def test_full_database_is_refused(db):
    Organisation.objects.create(name="Landkreis Anderswo")

    with pytest.raises(CommandError, match="nicht leer"):
        call_command("seed_demo", size="S")
    assert not RuleDocument.objects.exists()


def test_full_database_is_left_alone_on_request(db):
    Organisation.objects.create(name="Landkreis Anderswo")
    out, err = StringIO(), StringIO()

    call_command("seed_demo", size="S", if_empty=True, stdout=out, stderr=err)

    assert out.getvalue() == err.getvalue() == ""
    assert Organisation.objects.count() == 1


def test_day_ahead_is_refused(db):
    with pytest.raises(CommandError, match="Zukunft"):
        call_command("seed_demo", size="S", day=dt.date(2999, 1, 4))


def test_failure_leaves_nothing_behind(db, monkeypatch):
    def fail(self: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(builder.Rows, "write", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        build()

    assert not Organisation.objects.exists()


def test_a_broken_rule_is_met_and_leaves_nothing_behind(db, monkeypatch):
    """The rules are asked by another thread than the one that waits for their answer."""
    monkeypatch.setattr(phrases, "OTHER_CHECKS", (" ",))

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        build()

    assert caught.value.__cause__.diag.constraint_name == "follow_up_subject_not_blank"
    assert not Organisation.objects.exists()


def test_command_fills_dates_evidence_back_and_analyses(committed_db, superuser_sql):
    err = StringIO()

    call_command("seed_demo", size="XS", day=TUESDAY, stderr=err)

    [(count, years, latest, opened)] = superuser_sql(
        "SELECT count(*), count(DISTINCT date_trunc('year', at)), max(at), count(*) FILTER (WHERE kind = 'file.opened')"
        " FROM casework_accessevent"
    )
    assert count == pytest.approx(7_500, rel=0.02)
    assert years >= 3
    assert latest <= timezone.now()
    assert opened == pytest.approx(count / 3, rel=0.1)
    [(strangers,)] = superuser_sql(
        "SELECT count(*) FROM casework_accessevent AS e JOIN casework_case AS c ON c.id = e.case_id"
        " WHERE e.at < c.opened_at - interval '1 day' OR NOT EXISTS"
        " (SELECT 1 FROM casework_user AS u WHERE u.id = e.user_id)"
    )
    assert strangers == 0
    [(estimate,)] = superuser_sql("SELECT reltuples FROM pg_class WHERE relname = 'casework_contact'")
    assert estimate == Contact.objects.count()
    assert re.search(r"^Angelegt in [\d.]+ s: .*Zugriffsereignisse\.\n$", err.getvalue())


def test_inside_a_transaction_the_evidence_waits_for_its_end(db, monkeypatch):
    """`make run` fills inside a transaction of its own: the owner sees nothing of it before."""
    monkeypatch.setattr(seed_demo, "add_evidence", lambda *args: pytest.fail("too early"))

    call_command("seed_demo", size="XS", day=TUESDAY, stderr=StringIO())

    assert Organisation.objects.exists()


def test_logins_are_printed_alone(db):
    out = StringIO()

    call_command("seed_demo", print_logins=True, stdout=out)

    assert "kim.ahrens" in out.getvalue()
    assert out.getvalue().count(PASSWORD) == len(CAST)
    assert not Organisation.objects.exists()
