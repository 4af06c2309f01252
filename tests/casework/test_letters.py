"""Briefe: friendly, archived as printed, sent once; nothing in them names a consequence."""

import datetime as dt
import io
import re

import pypdf
import pytest
from django.utils import timezone

from casework.actions import NotAllowed, RuleBroken, StaleVersion
from casework.actions.letters import (
    mark_letters_sent,
    withdraw_letters,
    write_appointment_letter,
    write_new_counsellor_letter,
)
from casework.enums import AccessKind, DetailKind, LetterKind
from casework.models import Letter
from casework.paper.letter import LetterContent, render_letter
from tests.factories import (
    CaseClosureFactory,
    CaseFactory,
    CaseHandoverFactory,
    ClientDetailFactory,
    FollowUpChangeFactory,
    FollowUpFactory,
    LetterFactory,
)
from tests.rules import denied, refused, sql

LIST = "/briefe/"
FORBIDDEN = re.compile(r"minderung|sanktion|rechtsfolge|§\s*3[12]|meldeversäumnis|pflicht|folgen", re.IGNORECASE)


def read(pdf) -> str:
    pages = pypdf.PdfReader(io.BytesIO(bytes(pdf))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def step(case):
    return FollowUpFactory(case=case, appointment=True)


@pytest.fixture
def letter(step, kim) -> Letter:
    return write_appointment_letter(follow_up=step, by=kim)


@pytest.mark.usefixtures("db")
class TestAppointmentLetter:
    def test_it_says_when_where_and_with_whom(self, case, step, kim):
        ClientDetailFactory(client=case.client, kind=DetailKind.ADDRESS, text="Am Hang 3, 37520 Osterode")

        letter = write_appointment_letter(follow_up=step, by=kim)

        text = read(letter.pdf)
        for part in (
            "Deniz Yıldız",
            "Am Hang 3",
            "37520 Osterode",
            f"{step.due_on:%d.%m.%Y}",
            "10:00 Uhr",
            "Zimmer 12",
            "Kim Sander",
        ):
            assert part in text
        assert "Unterlagen gemeinsam durchsehen" not in text
        assert (letter.kind, letter.follow_up, letter.case) == (LetterKind.APPOINTMENT, step, case)

    def test_without_an_address_it_is_handed_over(self, letter):
        assert "Deniz Yıldız" in read(letter.pdf)

    def test_it_is_tagged_and_has_a_title_and_a_language(self, letter):
        root = pypdf.PdfReader(io.BytesIO(bytes(letter.pdf))).trailer["/Root"]

        assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
        assert str(root["/Lang"]).startswith("de")

    def test_only_an_open_appointment_to_come_is_confirmed(self, case, kim):
        with pytest.raises(RuleBroken, match="Nur ein Folgetermin"):
            write_appointment_letter(follow_up=case.follow_ups.get(), by=kim)
        with pytest.raises(RuleBroken, match="schon vorbei"):
            write_appointment_letter(follow_up=FollowUpFactory(case=case, appointment=True, overdue=True), by=kim)
        with pytest.raises(StaleVersion):
            write_appointment_letter(follow_up=FollowUpFactory(case=case, appointment=True, done=True), by=kim)

    def test_whoever_does_not_act_on_the_case_writes_none(self, step, eva, tom):
        for user in (eva, tom):
            with pytest.raises(NotAllowed):
                write_appointment_letter(follow_up=step, by=user)

    def test_a_second_one_takes_the_place_of_the_first(self, step, letter, kim):
        second = write_appointment_letter(follow_up=step, by=kim)

        letter.refresh_from_db()
        assert letter.withdrawn_at and letter.withdrawn_by == kim
        assert Letter.objects.get(withdrawn_at=None) == second

    def test_one_that_was_sent_stays_sent(self, step, letter, kim):
        mark_letters_sent(letters=[letter], by=kim)
        write_appointment_letter(follow_up=step, by=kim)

        letter.refresh_from_db()
        assert letter.sent_by == kim and letter.withdrawn_at is None


@pytest.mark.usefixtures("db")
class TestNewCounsellorLetter:
    def test_it_names_who_is_responsible(self, case, kim):
        letter = write_new_counsellor_letter(case=case, counsellor=kim.counsellor, by=kim)

        assert "ab jetzt ist Kim Sander für Sie da" in read(letter.pdf)
        assert letter.follow_up is None

    def test_a_planned_handover_is_told_with_its_day(self, case, kim, eva, tom):
        plan = CaseHandoverFactory(case=case, to_counsellor=eva)

        letter = write_new_counsellor_letter(case=case, counsellor=eva.counsellor, by=tom)

        assert f"{plan.effective_on:%d.%m.%Y} ist Eva Brandt für Sie da" in read(letter.pdf)

    def test_nobody_else_is_announced(self, case, kim, eva):
        with pytest.raises(RuleBroken):
            write_new_counsellor_letter(case=case, counsellor=eva.counsellor, by=kim)

    def test_who_does_not_see_the_case_writes_none(self, case, kim, eva):
        with pytest.raises(NotAllowed):
            write_new_counsellor_letter(case=case, counsellor=kim.counsellor, by=eva)


@pytest.mark.usefixtures("db")
class TestFriendly:
    def test_no_letter_names_a_consequence(self, case, step, kim, eva):
        letters = [
            write_appointment_letter(follow_up=step, by=kim),
            write_new_counsellor_letter(case=case, counsellor=kim.counsellor, by=kim),
        ]
        CaseHandoverFactory(case=case, to_counsellor=eva)
        letters.append(write_new_counsellor_letter(case=case, counsellor=eva.counsellor, by=kim))
        assert {letter.kind for letter in letters} == set(LetterKind.values)

        for letter in letters:
            assert FORBIDDEN.search(read(letter.pdf)) is None

    @pytest.mark.parametrize("name", ["Şükrü Ağaoğlu", "محمد العلي", "Єва Їжак", "\U0001f600 \x07", "x" * 120])
    def test_no_name_makes_a_print_fail(self, name):
        content = LetterContent("Titel", "Haus", name, ("Text.",), name, "23.11.2026", address=(name,))

        assert render_letter(content).startswith(b"%PDF")


@pytest.mark.usefixtures("db")
class TestPages:
    def test_the_own_letters_wait_and_others_do_not_see_them(self, letter, kim_client, eva_client, case):
        assert case.number in kim_client.get(LIST).content.decode()
        assert case.number not in eva_client.get(LIST).content.decode()
        assert "Es wartet kein Brief" in eva_client.get(LIST).content.decode()

    def test_the_ticked_ones_are_one_file_and_evidence(self, kim, kim_client, letter, case, owner_events):
        other = CaseFactory(counsellor=kim)
        second = write_new_counsellor_letter(case=other, counsellor=kim.counsellor, by=kim)

        response = kim_client.post(f"{LIST}drucken/", {"brief": [letter.pk, second.pk]})

        assert response["Content-Type"] == "application/pdf"
        assert len(pypdf.PdfReader(io.BytesIO(response.content)).pages) == 2
        assert "Kim Sander" in read(response.content)
        assert owner_events()[AccessKind.PRINTED] == 2

    def test_what_is_not_ticked_or_not_ones_own_is_not_printed(self, letter, kim_client, eva_client):
        for client, ids in ((kim_client, []), (kim_client, ["²", "x"]), (eva_client, [letter.pk])):
            response = client.post(f"{LIST}drucken/", {"brief": ids})
            assert response.status_code == 422
            assert "Bitte wählen Sie mindestens einen Brief." in response.content.decode()

    def test_sent_leaves_the_list_and_stays_in_the_archive(self, letter, kim, kim_client, case):
        assert kim_client.post(f"{LIST}verschickt/", {"brief": letter.pk}).status_code == 302

        letter.refresh_from_db()
        assert letter.sent_by == kim
        assert case.number not in kim_client.get(LIST).content.decode().split("<main")[-1]
        assert "verschickt am" in kim_client.get(f"/faelle/{case.number}/briefe/").content.decode()

    def test_not_sent_stays_in_the_archive(self, letter, kim, kim_client, case):
        kim_client.post(f"{LIST}nicht-verschickt/", {"brief": letter.pk})

        letter.refresh_from_db()
        assert letter.withdrawn_by == kim
        assert "nicht verschickt," in kim_client.get(f"/faelle/{case.number}/briefe/").content.decode()

    def test_the_archive_writes_and_shows_the_bytes(self, step, kim_client, case):
        url = f"/faelle/{case.number}/briefe/"
        assert "Termin bestätigen" in kim_client.get(url).content.decode()

        assert kim_client.post(f"{url}neu/", {"schritt": step.pk}).status_code == 302
        assert kim_client.post(f"{url}neu/", {"zustaendig": "1"}).status_code == 302

        for letter in Letter.objects.all():
            assert kim_client.get(f"{url}{letter.pk}/").content == bytes(letter.pdf)
        assert Letter.objects.count() == 2

    def test_a_letter_of_another_case_is_absent(self, letter, kim, kim_client):
        other = CaseFactory(counsellor=kim)

        assert kim_client.get(f"/faelle/{other.number}/briefe/{letter.pk}/").status_code == 404

    def test_a_foreign_file_is_absent(self, letter, nora_client, case):
        for address in ("", f"{letter.pk}/"):
            assert nora_client.get(f"/faelle/{case.number}/briefe/{address}").status_code in (403, 404)

    def test_an_ended_case_shows_its_letters_and_takes_no_new_one(self, letter, step, kim_client, case):
        CaseClosureFactory(case=case)
        url = f"/faelle/{case.number}/briefe/"

        assert "Brief schreiben" not in kim_client.get(url).content.decode()
        assert kim_client.post(f"{url}neu/", {"schritt": step.pk}).status_code == 422

    def test_a_letter_for_a_moved_appointment_says_so(self, letter, step, kim, kim_client):
        FollowUpChangeFactory(follow_up=step, by=kim, at=timezone.now() + dt.timedelta(minutes=1))

        assert "hat sich seitdem geändert" in kim_client.get(LIST).content.decode()

    def test_the_number_of_statements_does_not_grow(self, kim, kim_client, django_assert_max_num_queries):
        for _ in range(6):
            LetterFactory(case=CaseFactory(counsellor=kim))
        with django_assert_max_num_queries(10):
            kim_client.get(LIST)


@pytest.mark.usefixtures("db")
class TestRules:
    def test_kinds_are_closed(self, case):
        with refused("letter_kind_known"):
            LetterFactory(case=case, kind="sanction")

    def test_only_an_appointment_is_named_and_always(self, case):
        with refused("letter_of_an_appointment_names_it"):
            LetterFactory(case=case, kind=LetterKind.APPOINTMENT)
        step = FollowUpFactory(case=case, appointment=True)
        with refused("letter_of_an_appointment_names_it"):
            LetterFactory(case=case, follow_up=step)

    def test_the_appointment_is_one_of_the_same_case(self, case):
        step = FollowUpFactory(appointment=True)
        with refused("letter_follow_up_of_same_case"):
            LetterFactory(case=case, kind=LetterKind.APPOINTMENT, follow_up=step)

    def test_sending_has_its_person(self, case):
        with refused("letter_sending_paired"):
            LetterFactory(case=case, sent_at=timezone.now())

    def test_taking_back_has_its_person(self, case):
        with refused("letter_withdrawal_paired"):
            LetterFactory(case=case, withdrawn_at=timezone.now())

    def test_a_letter_ends_in_one_way(self, case, kim):
        now = timezone.now()
        with refused("letter_ends_in_one_way"):
            LetterFactory(case=case, sent_at=now, sent_by=kim, withdrawn_at=now, withdrawn_by=kim)

    def test_what_was_sent_stays_sent(self, letter, kim):
        mark_letters_sent(letters=[letter], by=kim)
        with refused("letter_stays"):
            sql("UPDATE casework_letter SET sent_at = NULL, sent_by_id = NULL WHERE id = %s", [letter.pk])
        assert withdraw_letters(letters=[letter], by=kim) == 0

    def test_the_web_role_neither_changes_the_bytes_nor_deletes(self, letter):
        with denied():
            sql("UPDATE casework_letter SET pdf = ''")
        with denied():
            sql("DELETE FROM casework_letter")
