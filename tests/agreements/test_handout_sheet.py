"""The sheet to take home: what is on it, that it can be read aloud, and that nothing typed makes it fail."""

import dataclasses
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from agreements.handout.sheet import GERMAN, Group, Printed, Sheet, SheetStep, Wording, group_of, render
from jobcenter.platform.pdf import characters, coverage
from jobcenter.platform.pdf.typeset import typeset

TURKISH = Wording(
    language="tr",
    name="Türkçe",
    rtl=False,
    title="Anlaşmamız",
    will="İstediğim",
    resources="Bana yardımcı olanlar",
    goal="Hedefimiz",
    employment_link="Çalışmaya böyle yaklaşıyorum",
    mine="Benim yapacaklarım",
    jobcenter="Jobcenter’ın yapacakları",
    other="{name} ne yapacak",
    until="{day} tarihine kadar",
    rhythm="Ne sıklıkta görüşüyoruz",
    next_date="Bir sonraki görüşmemiz",
    review="Buna {day} tarihinde birlikte bakacağız.",
    contact="Bize böyle ulaşırsınız",
    rights="Hakkınızda neyin kayıtlı olduğunu her zaman sorabilirsiniz.",
    page="Sayfa {number} / {total}",
)
ARABIC = dataclasses.replace(
    TURKISH, language="ar", name="العربية", rtl=True, title="اتفاقنا", mine="ما سأفعله أنا", until="حتى {day}"
)
NAMES = "Größere Übung: Şükrü Ağaoğlu, Єва Їжакевич-Ґалаґан, محمد عبد الرحمن العلي und Nguyễn Văn Ánh fahren zusammen. "
YES = pypdf.generic.BooleanObject(True)
OWN_WORDS = "أريد أن أعمل في مطبخ كبير."


def sheet(*wordings: Wording, **changes: Any) -> Sheet:
    said = (GERMAN, *wordings)
    steps = {
        "mine": [SheetStep("Ich rufe die Tischlerei Weber an.", "27.11.2026"), SheetStep("Ich frage meinen Onkel.")],
        "jobcenter": [SheetStep("Kim Ahrens klärt die Fahrtkosten.", "20.11.2026")],
    }
    usual: dict[str, Any] = {
        "wordings": said,
        "person": "Deniz Yıldız",
        "house": "Jobcenter Landkreis Göttingen",
        "version": "3. Fassung vom 02.11.2026",
        "goal": "In der Tischlerei zeigen, was ich kann.",
        "employment_link": "Ein Praktikum zeigt beiden Seiten, ob es passt.",
        "will": "Ich will mit Holz arbeiten.",
        "resources": ("Mein Onkel hat eine Werkstatt.", "Ich habe ein Fahrrad."),
        "groups": tuple(group_of(said, part, part_steps) for part, part_steps in steps.items()),
        "rhythm": "alle 3 Wochen",
        "next_date": "Mo, 30.11.2026, 10:30 Uhr",
        "review": "14.12.2026",
        "contact": ("Kim Ahrens", "0551 0000-123"),
        "printed": "gedruckt am 22.11.2026",
    }
    return Sheet(**(usual | changes))


def long_sheet() -> Sheet:
    steps = [SheetStep(f"{index}. {NAMES * 2}", "27.11.2026") for index in range(8)]
    groups = (
        group_of((GERMAN, TURKISH), "mine", steps),
        group_of((GERMAN, TURKISH), "other", steps, name="محمد عبد الرحمن العلي"),
    )
    return sheet(TURKISH, person="Єва Їжакевич-Öztürk", will=f"{NAMES * 4}\n\n{OWN_WORDS * 5}", groups=groups)


def read(printed: Printed) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(printed.pdf))


def text_of(printed: Printed) -> str:
    """The words, with the breaks of lines as spaces and without the places where long words may end."""
    text = " ".join(page.extract_text() for page in read(printed).pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def tags(node: Any) -> list[tuple[str, str]]:
    """The structure in reading order: each tag with the language it states."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for child in node for tag in tags(child)]
    if not isinstance(node, dict) or "/S" not in node:
        return []
    return [(str(node["/S"]), str(node.get("/Lang", ""))), *(tags(node["/K"]) if "/K" in node else [])]


def structure(printed: Printed) -> list[tuple[str, str]]:
    return tags(read(printed).trailer["/Root"]["/StructTreeRoot"]["/K"])


def languages(printed: Printed) -> set[str]:
    contents = b"".join(page.get_contents().get_data() for page in read(printed).pages)
    return {match.decode() for match in re.findall(rb"/Lang ?\((\w+)\)", contents)}


def test_a_usual_agreement_is_one_page_in_plain_words():
    text = text_of(printed := render(sheet()))
    assert len(read(printed).pages) == 1
    assert printed.replaced == ()
    order = [
        "Jobcenter Landkreis Göttingen", "Unsere Vereinbarung", "Deniz Yıldız", "3. Fassung vom 02.11.2026",
        "Das will ich", "Das hilft mir dabei", "Unser Ziel", "Das mache ich", "bis 27.11.2026",
        "Das macht das Jobcenter", "Unser nächster Termin Mo, 30.11.2026, 10:30 Uhr", "So erreichen Sie uns",
        "Wir schauen gemeinsam darauf am 14.12.2026.", "Sie können jederzeit fragen, was über Sie gespeichert ist.",
    ]  # fmt: skip
    assert [part for part in order if part not in text] == []
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert "Seite 1" not in text and "Unterschrift" not in text


@pytest.mark.parametrize("second", [TURKISH, ARABIC], ids=["Turkish", "Arabic"])
def test_headings_in_two_languages_still_fit_one_page(second):
    assert len(read(render(sheet(second))).pages) == 1


def test_the_pdf_says_what_it_is():
    root = read(printed := render(sheet())).trailer["/Root"]
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"] == YES
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == YES
    assert read(printed).metadata.title == "Unsere Vereinbarung"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    found = [tag for tag, _ in structure(printed)]
    assert found.count("/H1") == 1 and found.count("/H2") == 9
    assert found.count("/L") == 3 and found.count("/LI") == 5


def test_what_the_person_does_not_want_printed_leaves_nothing_behind():
    bare = sheet(
        will="",
        resources=(),
        groups=(),
        employment_link=" \n",
        rhythm="",
        next_date="",
        review="",
        contact=(),
        printed="",
    )
    text = text_of(printed := render(bare))
    assert [tag for tag, _ in structure(printed)].count("/H2") == 1
    for heading in (GERMAN.will, GERMAN.resources, GERMAN.mine, GERMAN.contact, "gemeinsam", "gedruckt"):
        assert heading not in text


def test_a_group_without_steps_is_not_printed():
    assert GERMAN.mine not in text_of(render(sheet(groups=(group_of((GERMAN,), "mine", [SheetStep("  ")]),))))


def test_the_plan_is_named_only_when_it_is_given():
    assert "Kooperationsplan" not in text_of(render(sheet()))
    assert "Kooperationsplan" in text_of(render(sheet(plan_name="Kooperationsplan")))


def test_the_same_sheet_is_the_same_file():
    assert render(sheet()).pdf == render(sheet()).pdf


def test_headings_stand_in_both_languages_and_say_which():
    text = text_of(printed := render(sheet(TURKISH)))
    assert "Das mache ich Benim yapacaklarım" in text
    assert "Buna 14.12.2026 tarihinde birlikte bakacağız." in text
    assert languages(printed) | {lang for _, lang in structure(printed)} == {"", "tr"}


def test_own_words_in_another_script_state_their_language_and_have_their_own_list():
    steps = [SheetStep(OWN_WORDS, "27.11.2026"), SheetStep("Ich lerne Deutsch.", "04.12.2026")]
    printed = render(sheet(ARABIC, groups=(group_of((GERMAN, ARABIC), "mine", steps),), resources=(), will=OWN_WORDS))
    assert [tag for tag, _ in structure(printed)].count("/L") == 2
    assert ("/P", "ar") in structure(printed) and ("/LBody", "ar") in structure(printed)
    assert "bis 04.12.2026" in text_of(printed) and "bis 27.11.2026" not in text_of(printed)


def test_a_script_of_unknown_language_is_not_called_german():
    printed = render(sheet(will=OWN_WORDS, goal="Χαίρομαι"))
    assert ("/P", "el") in structure(printed) and ("/P", "de") not in structure(printed)
    assert ("/P", "und") in structure(printed) or "und" in languages(printed)


def test_three_pages_of_names_from_everywhere():
    printed = render(long_sheet())
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in read(printed).pages]
    assert len(pages) == 3
    assert printed.replaced == ()
    for number, text in enumerate(pages, start=1):
        assert f"Seite {number} von 3" in text and f"Sayfa {number} / 3" in text
    assert "Єва Їжакевич-Ґалаґан" in pages[0] and "Nguyễn Văn Ánh" in pages[0] and "Şükrü Ağaoğlu" in pages[1]


def test_lines_and_paragraphs_stay_as_typed():
    one = [tag for tag, _ in structure(render(sheet(will="Eins zwei drei")))].count("/P")
    three = render(sheet(will="Eins\r\nzwei\n\n\n drei\n"))
    assert [tag for tag, _ in structure(three)].count("/P") == one + 2


def test_signs_of_the_typesetter_are_only_signs():
    typed = r"#let x = 1 $a^2$ *fett* _k_ \ @ref `code` <x> // weg /* */ = Titel [y] {day} {name} ~ #panic() \u{41}"
    fields = {"will": typed, "goal": typed, "person": typed, "review": typed, "contact": (typed,), "version": typed}
    groups = (group_of((GERMAN,), "other", [SheetStep(typed, typed)], name=typed),)
    text = text_of(printed := render(sheet(**fields, groups=groups, resources=(typed,))))
    assert text.count(typed) >= 9
    assert printed.replaced == ()


def test_a_long_word_stays_on_the_paper():
    printed = render(sheet(will="W" * 200, person="N" * 90, contact=("a" * 120,)))
    lines = [line for page in read(printed).pages for line in page.extract_text().split("\n")]
    assert max(len(line) for line in lines if set(line) <= {"W", "\u200b"}) <= 2 * characters.LONGEST_WORD
    assert text_of(printed).replace(" ", "").count("W" * 200) == 1


def test_what_no_font_has_is_a_box_and_is_told():
    printed = render(sheet(will="Küche 😀👨\u200d👩\u200d👧🇩🇪👍🏽 1️⃣ ☀️ ✓ → 中😀"))
    assert printed.replaced == ("😀", "👨\u200d👩\u200d👧", "🇩🇪", "👍🏽", "中")
    assert "Küche □□□□ 1 ☀ ✓ → □□" in text_of(printed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x01c\x1b[0m\x7f", "abc[0m"),
        ("Konto \u202e4321\u202c \u2066x\u2069\ufeff", "Konto 4321 x"),
        ("eins\r\nzwei\rdrei\u2028vier\tfünf", "eins\nzwei\ndrei\nvier fünf"),
        ("Zo\u0308e\u0301", "Zöé"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a" + "\u0323" * 99, "ạ" + "\u0323" * 4),
    ],
    ids=["control", "override", "breaks", "composed", "joiner", "tower"],
)
def test_what_cannot_be_seen_does_no_harm(typed, kept):
    assert characters.readable(typed) == (kept, ())


@pytest.mark.parametrize("typed", ["\ud800", "\ue000", "\U0010ffff", "a\u20dd", "\n\u064b", "ب\u0301\u0591"])
def test_halves_and_strangers_become_boxes(typed):
    kept, replaced = characters.readable(typed)
    assert replaced and characters.REPLACEMENT in kept
    render(sheet(will=typed))


def test_a_careless_wording_prints_all_the_same():
    careless = dataclasses.replace(
        TURKISH,
        language="x-klingon",
        review="{day",
        page="{number} {oops} {",
        until="}",
        title="",
        other="{}",
        rights="😀",
    )
    printed = render(dataclasses.replace(long_sheet(), wordings=(GERMAN, careless)))
    assert printed.replaced == ("😀",)


def test_a_heading_of_nothing_visible_is_still_a_heading():
    nothing = dataclasses.replace(TURKISH, title="\u200b", mine="")
    groups = (
        dataclasses.replace(group_of((GERMAN, nothing), "mine", [SheetStep("Anrufen")]), heading="\u200b \u200f"),
    )
    printed = render(dataclasses.replace(sheet(), wordings=(nothing,), groups=groups, will="\u200b\n\xad"))
    assert "– • Anrufen" in text_of(printed) and TURKISH.will not in text_of(printed)
    assert read(printed).metadata.title == GERMAN.title


typed_text = st.text(
    st.one_of(
        st.characters(), st.sampled_from(sorted(coverage.families())), st.sampled_from("\n\u200d\u0301\u064bب ☃א")
    )
)


@effort(max_examples=60, deadline=None)
@given(typed_text, typed_text, typed_text)
def test_nothing_that_is_typed_makes_the_print_fail(will, step, name):
    groups = (
        Group(name, (SheetStep(step, name),), will),
        group_of((GERMAN, ARABIC), "other", [SheetStep(step)], name=name),
    )
    assert render(sheet(ARABIC, will=will, resources=(step,), groups=groups, person=name, review=step)).pdf


def test_every_character_called_printable_is_in_a_font(tmp_path):
    """Fails when a font or the typst package changes and no longer has what `coverage` says."""
    accents = {sign for sign in coverage.families() if characters.readable(sign)[0] != sign}
    assert len(coverage.families()) > 5000 and len(accents) < 700
    template = tmp_path / "all.typ"
    template.write_text(
        '#set document(title: "x", date: none)\n#set text(font: json(bytes(sys.inputs.fonts)), lang: "de")\n'
        "#for sign in json(bytes(sys.inputs.data)).signs [#box(sign) #box(text(weight: 600, sign)) ]\n"
    )
    assert typeset(template, {"signs": sorted(set(coverage.families()) - accents)})


def test_fonts_are_the_vendored_ones():
    """The table in static/vendor/README.md names every file with its checksum."""
    listed = dict(re.findall(r"\| `([^`]+)` \| [^|]+ \| `([0-9a-f]{64})`", _vendor_table()))
    found = {
        path.relative_to(coverage.FONTS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in coverage.FONTS.rglob("*.*")
    }
    assert found == {name: digest for name, digest in listed.items() if name in found}
    assert sum(path.stat().st_size for path in coverage.FONTS.rglob("*.*")) < 3_000_000


def _vendor_table() -> str:
    return (Path(settings.BASE_DIR) / "static/vendor/README.md").read_text()
