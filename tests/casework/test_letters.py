"""Briefe: friendly, archived as printed, sent once; nothing in them names a consequence."""

import ast
import datetime as dt
import hashlib
import inspect
import io
import re
import time

import pypdf
import pytest
from django.utils import timezone

from casework.actions import NotAllowed, RuleBroken, StaleVersion
from casework.actions import duties as duty_actions
from casework.actions import letters as letter_actions
from casework.actions.letters import (
    mark_letters_sent,
    write_appointment_letter,
    write_new_counsellor_letter,
)
from casework.actions.steps import postpone_follow_up
from casework.enums import AccessKind, DetailKind, LetterKind
from casework.models import Letter
from casework.paper import letter as paper
from casework.paper.letter import LetterContent, render_letter
from casework.views import duties as duty_views
from casework.views import letters as letter_views
from tests.factories import (
    CaseClosureFactory,
    CaseFactory,
    CaseHandoverFactory,
    ClientDetailFactory,
    FollowUpChangeFactory,
    FollowUpFactory,
    LetterFactory,
    ahead,
    at_ten,
)

LIST = "/briefe/"
FORBIDDEN = re.compile(r"minder|sanktion|rechtsfolge|§|versäum|pflicht|folgen|kürz|müssen", re.IGNORECASE)


def digest(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


def leaves(part):
    """The elements of a structure tree that mark something on a page."""
    kids = part.get_object().get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid, int) or "/MCID" in kid:
            yield part
        else:
            yield from leaves(kid)


def imports_of(module) -> str:
    """What a module brings in, and nothing of its words."""
    tree = ast.parse(inspect.getsource(module))
    return "\n".join(ast.unparse(node) for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))


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

    @pytest.mark.parametrize("place", ["Zimmer 12. Sie müssen kommen.", "Haus A, § 32 SGB II", "sonst MINDERUNG"])
    def test_no_consequence_comes_in_by_the_place(self, case, kim, place):
        step = FollowUpFactory(case=case, appointment=True, place=place)

        with pytest.raises(RuleBroken, match="nennt keine Rechtsfolgen"):
            write_appointment_letter(follow_up=step, by=kim)

    def test_letters_and_duties_to_cooperate_do_not_know_each_other(self):
        """Strictly apart: neither side could make the other's text if it wanted to."""
        for module in (letter_actions, letter_views, paper):
            assert not re.search(r"duty|duties|LegalNotice|LegalBasis", imports_of(module), re.IGNORECASE)
        for module in (duty_actions, duty_views):
            assert not re.search(r"letter|paper", imports_of(module), re.IGNORECASE)

    @pytest.mark.parametrize(
        "name",
        [
            "Şükrü Ağaoğlu",
            "محمد العلي",
            "\u202eAli\u202c \u2067בן\u2069",
            "Єва Їжак",
            "\U0001f600 \x07",
            "x" * 200,
            "Zoë " * 50,
            '#let x = 1 #{panic("!")} $a^2$ \\ \\#sys *fett* _kursiv_ `code` <label> @ref',
            "",
        ],
    )
    def test_no_name_makes_a_print_fail(self, name):
        content = LetterContent(
            "Titel", "Haus", name, ("Text.",), name, "23.11.2026", address=(name,), facts=(("Ort", name),), reach=name
        )

        assert render_letter(content).startswith(b"%PDF")

    def test_what_looks_like_a_command_is_text(self):
        name = "#let x = 1 $a^2$ \\end"

        assert name in read(render_letter(LetterContent("Titel", "Haus", name, ("Text.",), "Kim", "23.11.2026")))


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

    def test_sixty_letters_are_one_tagged_file_in_a_moment(self, kim, kim_client):
        steps = [FollowUpFactory(case=CaseFactory(counsellor=kim), appointment=True) for _ in range(60)]
        letters = [write_appointment_letter(follow_up=step, by=kim) for step in steps]
        begun = time.monotonic()

        response = kim_client.post(f"{LIST}drucken/", {"brief": [letter.pk for letter in letters]})

        assert time.monotonic() - begun < 15  # a second or two on an idle machine
        pile = pypdf.PdfReader(io.BytesIO(response.content))
        assert len(pile.pages) == 60
        assert pile.root_object["/MarkInfo"]["/Marked"] and pile.root_object["/Lang"] == "de"
        [whole] = pile.root_object["/StructTreeRoot"]["/K"]
        parts = whole.get_object()["/K"]
        assert len(parts) == 60
        keys = dict(zip(*[iter(pile.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"])] * 2, strict=True))
        for page, part in zip(pile.pages, parts, strict=True):
            tags = list(leaves(part))
            assert {tag.get_object()["/Pg"].indirect_reference for tag in tags} == {page.indirect_reference}
            found = {tag.idnum for tag in keys[page["/StructParents"]].get_object()}
            assert found <= {tag.idnum for tag in tags}

    def test_all_are_chosen_in_one_go(self, letter, kim, kim_client):
        write_new_counsellor_letter(case=letter.case, counsellor=kim.counsellor, by=kim)

        assert kim_client.get(LIST).content.decode().count(" checked") == 0
        assert kim_client.get(f"{LIST}?alle=1").content.decode().count(" checked") == 2

    def test_what_is_printed_again_is_what_was_sent(self, letter, step, kim, kim_client, case):
        url = f"/faelle/{case.number}/briefe/{letter.pk}/"
        sent = digest(kim_client.get(url).content)
        mark_letters_sent(letters=[letter], by=kim)
        case.client.family_name = "Anders"
        case.client.save()
        day = ahead(14)
        postpone_follow_up(follow_up=step, version=1, due_on=day, starts_at=at_ten(day), by=kim)

        assert digest(kim_client.get(url).content) == sent == digest(bytes(Letter.objects.get(pk=letter.pk).pdf))

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
        with django_assert_max_num_queries(14):
            kim_client.get(LIST)
