"""What an adversary tries with a file: the same person spelled anew, people without rights, texts that show nothing."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.actions import imports
from casework.enums import ImportKind, ImportState, LineOutcome, RoleName
from casework.exchange.files import Unreadable, read_table
from casework.models import Case, CaseAssignment, Client, FollowUp, ImportLine, ImportRun, RoleGrant, User
from jobcenter.platform.workdays import is_working_day
from tests import factories
from tests.casework.importing import HEADERS, STAFF_HEADERS, applied, checked, lines_of, person, table
from tests.casework.test_import_staff import account, staff

NEW, CHANGED, SAME, REFUSED, MISSING = (one.value for one in LineOutcome)


def found(run: ImportRun) -> list[tuple[str, str]]:
    return [(outcome, code) for _, outcome, code, _ in lines_of(run)]


# --- who somebody is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelled", ["241d000001", " 241D 000001", "241D000001\u00a0", "\u200b241D000001"])
@pytest.mark.django_db
def test_a_number_in_another_spelling_is_the_same_person(kim, tom, spelled):
    applied(checked(table([person(1)]), tom), tom)
    run = applied(checked(table([person(1, Kundennummer=spelled)]), tom), tom)

    assert found(run) == [(SAME, "")]
    assert Client.objects.get().external_ref == "241D000001"


@pytest.mark.django_db
def test_one_number_in_two_spellings_within_a_file_is_one_person(kim, tom):
    run = applied(checked(table([person(1), person(1, Kundennummer="241d 000001", Nachname="Zweite")]), tom), tom)

    assert found(run) == [(NEW, "date_chosen"), (REFUSED, "duplicate")]
    assert set(ImportLine.objects.filter(run=run).values_list("external_ref", flat=True)) == {"241D000001"}
    assert Client.objects.get().family_name == "Müller-Beispiel1"


@pytest.mark.django_db
def test_where_two_numbers_differ_by_case_alone_the_spelling_decides(kim, tom):
    """Entered by hand: neither may be mistaken for the other."""
    for ref in ("ab1", "AB1"):
        factories.CaseFactory(counsellor=kim, client__external_ref=ref, client__family_name=f"Name {ref}")
    born = "04.03.1991"
    run = checked(table([person(1, Kundennummer=ref, Geburtsdatum=born) for ref in ("AB1", "aB1")]), tom)

    assert found(run) == [(CHANGED, ""), (REFUSED, "ref_ambiguous")]
    applied(run, tom)
    assert Client.objects.get(external_ref="ab1").family_name == "Name ab1"
    assert Client.objects.get(external_ref="AB1").family_name == "Müller-Beispiel1"


@pytest.mark.django_db
def test_a_file_whose_numbers_a_spreadsheet_has_broken_makes_nobody_twice(kim, tom):
    """Zeros in front are gone, long numbers are rounded: the same people would all be new."""
    applied(checked(table([person(1, Kundennummer="000123"), person(2, Kundennummer="000124")]), tom), tom)
    run = applied(checked(table([person(1, Kundennummer="123"), person(2, Kundennummer="2,4E+01")]), tom), tom)

    assert found(run)[:2] == [(REFUSED, "known_other_number")] * 2
    assert Client.objects.count() == 2


@pytest.mark.django_db
def test_two_people_of_one_name_and_birth_date_come_in_one_file(kim, tom):
    twins = [person(1), person(1, Kundennummer="241D999999")]
    run = applied(checked(table(twins), tom), tom)
    assert [outcome for outcome, _ in found(run)] == [NEW, NEW]

    assert {outcome for outcome, _ in found(checked(table(twins), tom))} == {SAME}


@pytest.mark.django_db
def test_a_protected_person_with_another_number_is_found_by_no_file(kim, tom):
    factories.CaseFactory(
        counsellor=kim,
        is_restricted=True,
        client__external_ref="geheim",
        client__family_name="Müller-Beispiel1",
        client__given_name="Şule",
        client__birth_date=dt.date(1970, 1, 2),
    )
    assert found(checked(table([person(1)]), tom))[0] == (NEW, "date_chosen")


@pytest.mark.parametrize("cell", ["Nachname", "IFK", "Betreff"])
@pytest.mark.django_db
def test_whose_line_is_refused_is_not_missing(kim, tom, cell):
    applied(checked(table([person(1), person(2)]), tom), tom)
    run = checked(table([person(1, **{cell: "A\0B"}), person(2)]), tom)

    assert [outcome for outcome, _ in found(run)] == [REFUSED, SAME]


@pytest.mark.django_db
def test_a_number_that_is_too_long_hides_no_other(kim, tom):
    run = checked(table([person(1, Kundennummer="9" * 41), person(2, Kundennummer="9" * 40)]), tom)

    assert found(run) == [(REFUSED, "too_long"), (NEW, "date_chosen")]


@pytest.mark.parametrize("column", ["Kundennummer", "Nachname", "Vorname"])
@pytest.mark.parametrize("text", ["\u200b", "\u00a0\u00ad", "\u3164"])
@pytest.mark.django_db
def test_a_cell_that_shows_nothing_is_empty(kim, tom, column, text):
    run = checked(table([person(1, **{column: text})]), tom)

    assert found(run) == [(REFUSED, "missing_cell")]


@pytest.mark.django_db
def test_a_step_whose_text_shows_nothing_gets_the_usual_one(kim, tom):
    applied(checked(table([person(1, Betreff="\u200b\u2060")]), tom), tom)

    assert FollowUp.objects.get().subject == "Erstgespräch vereinbaren"


# --- who is responsible ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_ifk_whose_role_or_account_is_gone_gets_nobody(kim, eva, tom):
    RoleGrant.objects.filter(user=kim).delete()
    User.objects.filter(pk=eva.pk).update(is_active=False)
    run = checked(table([person(1, IFK="kim"), person(2, IFK="eva")]), tom)

    assert found(run) == [(REFUSED, "counsellor_unknown")] * 2


@pytest.mark.django_db
def test_a_file_moves_nobody_to_another_ifk(kim, eva, tom):
    applied(checked(table([person(1)]), tom), tom)
    run = applied(checked(table([person(1, IFK="eva", Nachname="Neu")]), tom), tom)

    assert found(run) == [(CHANGED, "other_counsellor")]
    assignment = CaseAssignment.objects.get()
    assert assignment.counsellor_id == kim.pk and assignment.during.upper is None


# --- days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["29.02.2027", "31.11.2026", "0000-00-00", "46356", "heute", "+7"])
@pytest.mark.django_db
def test_what_is_no_day_is_refused(kim, tom, text):
    run = checked(table([person(1, **{"Wiedervorlage am": text})]), tom)

    assert found(run) == [(REFUSED, "no_date")]


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%Y-%m-%d"])
@pytest.mark.parametrize("which", ["Christmas", "Saturday"])
@pytest.mark.django_db
def test_a_day_off_becomes_the_next_working_day(kim, tom, which, form):
    today = timezone.localdate()
    day = today + dt.timedelta(days=(5 - today.weekday()) % 7 + 7)
    if which == "Christmas":
        day = dt.date(today.year + (today >= dt.date(today.year, 12, 25)), 12, 25)
    run = applied(checked(table([person(1, **{"Wiedervorlage am": day.strftime(form)})]), tom), tom)

    assert found(run) == [(NEW, "date_moved")]
    due = FollowUp.objects.get().due_on
    assert is_working_day(due) and day < due < day + dt.timedelta(days=6)


# --- files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "Nr;Name\n1;Müller\n".encode() + b"2;M\xfcller\n",
        b"\xef\xbb\xbf" + "Nr;Name\n1;Müller\n".encode("cp1252"),
        "Nr;Name\n1;Müller\n".encode() + b"2;abgeschnitten \xc3",
    ],
)
def test_a_file_in_two_encodings_is_not_read_as_one_of_them(data):
    """Read as Windows-1252 it would rename everybody to „MÃ¼ller“."""
    with pytest.raises(Unreadable, match="gemischt"):
        read_table(data)


def test_too_few_cells_are_empty_ones_and_too_many_are_named(db, kim, tom):
    text = table([person(1)]) + "241D000002;Nach;Vor;01.02.1990;kim\r\n241D000003;Nach;Vor\r\n"
    text += "241D000004;Nach;Vor;01.02.1990;kim;;Betreff;mehr\r\n241D000005;Nach;Vor;01.02.1991;kim;;Betreff;;\r\n"
    run = checked(text, tom)

    assert found(run) == [
        (NEW, "date_chosen"),
        (NEW, "date_chosen"),
        (REFUSED, "missing_cell"),
        (REFUSED, "too_many_cells"),
        (NEW, "date_chosen"),
    ]


NASTY = st.sampled_from(
    [
        *(
            "",
            " ",
            "\t",
            "\u00a0",
            "\u200b",
            "\u2060\ufeff",
            "\u00ad",
            "\u2028",
            "\u180e",
            "\x1c",
            "\x7f",
            "\u0085",
            "\u3164",
        ),
        *("=1+1", "+1", "-1", "@x", "'=1", '"', ";", "a\nb", "a\r\nb", "\u202eabc", "e\u0301", "\ufffe", "\U0010ffff"),
        *("x" * 40, "x" * 120, "x" * 121, "x" * 300, "\ufdfa" * 119, "ß" * 120, "İ" * 120, "\U0001f600" * 120),
        *("kim", "KIM", "kim@example.org", "Sander, Kim", "tom", "%s", "{}", "\\N", "\\.", "NULL", "null"),
        *("01.02.1990", "1.2.1990", "1990-02-01", "29.02.2027", "31.12.1899", "31.12.2100", "01.01.0001", "٠١.٠٢.١٩٩٠"),
        *("23.11.2026", "24.12.2026", "28.02.2028", "99.99.9999", "²", "1e400"),
    ]
)
LINES = st.lists(
    st.one_of(
        st.lists(NASTY, min_size=1, max_size=9),
        st.dictionaries(st.sampled_from(HEADERS), NASTY, max_size=2).map(lambda changes: person(1, **changes)),
        st.builds(
            lambda n, changes: person(n, **changes),
            st.integers(0, 5),
            st.dictionaries(st.sampled_from(HEADERS), NASTY, max_size=2),
        ),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40)
@given(lines=LINES)
@pytest.mark.django_db
def test_what_the_dry_run_lets_pass_can_be_taken_over(kim, tom, lines):
    """Whatever a cell holds: named in the report, or taken over; never an abort that nobody can explain."""
    try:
        run = checked(table(lines), tom)
    except imports.RuleBroken:
        return
    new = ImportLine.objects.filter(run=run, outcome=NEW).count()
    before = Case.objects.count()
    run = applied(run, tom)

    assert run.state == ImportState.APPLIED
    assert Case.objects.count() == before + new == FollowUp.objects.count() == CaseAssignment.objects.count()
    assert {outcome for outcome, _ in found(checked(table(lines), tom))} <= {SAME, REFUSED, MISSING}
    assert not Client.objects.filter(family_name__regex=r"^[\s\u200b\u2060\ufeff\u00ad]*$").exists()


# --- two at once, and what stays ---------------------------------------------------------------------------


def test_two_files_at_once_make_nobody_twice(committed_db, kim, tom, monkeypatch):
    monkeypatch.setattr("casework.actions.imports.current_app.send_task", lambda *_, **__: None)
    runs = [checked(table([person(number) for number in range(60)]), tom) for _ in range(2)]
    start = threading.Barrier(2)

    def take(run: ImportRun) -> None:
        start.wait(10)
        applied(run, tom)
        connections.close_all()

    threads = [threading.Thread(target=take, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert Client.objects.count() == Case.objects.count() == FollowUp.objects.count() == 60
    for run in runs:
        run.refresh_from_db()
    assert sorted(run.state for run in runs) == [ImportState.APPLIED, ImportState.CHECKED]
    late = next(run for run in runs if run.state == ImportState.CHECKED)
    assert late.options["moved"] and {outcome for outcome, _ in found(late)} == {SAME}


def test_a_bell_that_cannot_be_rung_is_no_fault_of_who_clicks(committed_db, kim, tom, monkeypatch):
    """Redis is away: what was clicked stands, and the next bell of beat finds it."""

    def away(*_, **__):
        raise ConnectionError

    monkeypatch.setattr("casework.actions.imports.current_app.send_task", away)
    run = checked(table([person(1)]), tom)

    assert applied(run, tom).state == ImportState.APPLIED


@pytest.mark.parametrize("end", ["applied", "given up"])
@pytest.mark.django_db
def test_at_the_end_nothing_of_the_file_is_kept(kim, tom, end):
    rows = [person(1, Nachname="Unverwechselbar"), person(2, Betreff="Unverwechselbar", Geburtsdatum="1.1.99")]
    run = checked(table(rows), tom)
    if end == "applied":
        applied(run, tom)
    else:
        imports.give_up_import(run=run, by=tom)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat((SELECT string_agg(r::text, ' ') FROM casework_importrun AS r),"
            " (SELECT string_agg(l::text, ' ') FROM casework_importline AS l))"
        )
        kept = cursor.fetchone()[0]

    assert "Unverwechselbar" not in kept
    assert b"Unverwechselbar".hex() not in kept


# --- accounts ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nobody_gives_themselves_a_role(admin, osterode):
    line = account("fach", Vorname="Jo", Nachname="Kern", Rollen="IFK, Teamleitung", **{"E-Mail": admin.email})
    run = staff(line, by=admin)

    assert found(run)[0] == (REFUSED, "own_role")
    applied(run, admin)
    assert set(RoleGrant.objects.filter(user=admin).values_list("role", flat=True)) == {RoleName.CONFIG_ADMIN}


@pytest.mark.django_db
def test_nobody_lets_themselves_be_given_a_role_by_their_own_click(admin, osterode):
    """Somebody else brings the file; who is named in it applies it."""
    other = factories.UserFactory(team=osterode, username="zwei")
    factories.RoleGrantFactory(user=other, role=RoleName.CONFIG_ADMIN)
    line = account("fach", Vorname="Jo", Nachname="Kern", Rollen="IFK", **{"E-Mail": admin.email})
    run = staff(line, by=other)
    assert found(run)[0][0] == CHANGED
    run = applied(run, admin)

    assert (run.state, found(run)[0]) == (ImportState.CHECKED, (REFUSED, "own_role"))
    assert not RoleGrant.objects.filter(user=admin, role=RoleName.COUNSELLOR).exists()


@pytest.mark.parametrize("mail", ["kim@example.org", "KIM@Example.ORG"])
@pytest.mark.django_db
def test_an_address_belongs_to_one_account(admin, kim, eva, mail):
    """Kim under a new name would be there twice, with two caseloads."""
    lines = [
        account("ksander", **{"E-Mail": mail}),
        account("eva", Nachname="Brandt", Vorname="Eva", **{"E-Mail": mail}),
    ]
    run = applied(staff(*lines, by=admin), admin)

    assert found(run)[:2] == [(REFUSED, "email_taken")] * 2
    assert not User.objects.filter(username="ksander").exists()
    assert User.objects.get(pk=eva.pk).email == "eva@example.org"


@pytest.mark.django_db
def test_two_lines_do_not_share_an_address(admin, osterode):
    run = staff(account("ada"), account("lea", **{"E-Mail": "ADA@example.org"}), by=admin)

    assert found(run)[:2] == [(NEW, ""), (REFUSED, "email_taken")]


@pytest.mark.django_db
def test_the_spelling_of_an_own_address_is_no_change(admin, kim):
    line = account("kim", Nachname="Sander", Vorname="Kim", **{"E-Mail": "Kim@Example.org"})

    assert found(staff(line, by=admin))[0] == (SAME, "")


@pytest.mark.django_db
def test_an_account_that_nobody_could_tell_apart_or_sign_in_with_is_not_made(admin, osterode):
    """Signing in reads names in their plain form: „ｋｉｍ“ in full width is „kim“ there."""
    run = staff(
        account("ｋｉｍ", **{"E-Mail": "a@example.org"}), account("ﬁn", **{"E-Mail": "b@example.org"}), by=admin
    )

    assert found(run)[:2] == [(REFUSED, "bad_username")] * 2


@pytest.mark.django_db
def test_formulas_in_every_cell_stay_text(admin, admin_client, osterode, tom, tom_client, kim):
    cells = dict.fromkeys(HEADERS, "=1+1")
    people = checked(table([list(cells.values()), person(1, **{"Kundennummer": "@x", "Vorname": "+1"})]), tom)
    accounts = checked(table([["=1+1"] * 8, account("+49")], STAFF_HEADERS), admin, ImportKind.STAFF)
    for run, client in ((people, tom_client), (accounts, admin_client)):
        report = client.get(f"/uebernahme/{run.pk}/bericht/").content.decode("utf-8-sig")
        for line in report.splitlines():
            for cell in line.strip('"').split('";"'):
                assert cell[:1] not in ("=", "+", "-", "@"), line
