"""The ledger of the ASVS is whole and true: every requirement has a line, and whatever a line names is there."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks.registry import registry

BASE_DIR = Path(settings.BASE_DIR)
LEDGER = BASE_DIR / "docs" / "asvs.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
KINDS = {"Test", "Konfiguration", "Dokument", "Betrieb", "Durchsicht", "entfällt", "offen: Anmeldung"}
# How many requirements of levels 1 and 2 each chapter of the standard has, and how many sections' worth of numbers.
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13}
CHAPTERS |= {16: 16, 17: 7}
FIRST_LEVEL = 70
FEWEST_AUTOMATED = 150

Row = tuple[str, str, str, str, str]


def rows() -> list[Row]:
    return [match.groups() for match in ROW.finditer(LEDGER.read_text())]  # type: ignore[misc]


def test_all_253_requirements_have_a_line_that_says_something():
    found = rows()

    assert len(found) == 253 == sum(CHAPTERS.values())
    assert len({number for number, *_ in found}) == 253
    assert Counter(int(number.split(".")[0]) for number, *_ in found) == CHAPTERS
    assert sum(level == "1" for _, level, *_ in found) == FIRST_LEVEL
    assert [row for row in found if not all(cell.strip(" .–-") for cell in row)] == []
    assert {kind for *_, kind, _ in found} <= KINDS
    assert len({text for _, _, text, _, _ in found}) == 253, "two lines say the same"


def test_no_line_was_lost_by_its_form():
    """A line that the pattern does not read would be missing without a word."""
    lines = [line for line in LEDGER.read_text().splitlines() if re.match(r"\| \d+\.", line)]

    assert len(lines) == len(rows())


def test_most_lines_are_looked_after_by_a_machine():
    automated = [row for row in rows() if row[3] in ("Test", "Konfiguration")]

    assert len(automated) >= FEWEST_AUTOMATED
    # A test, or a check of a deployment, or a file that tests/hardening/test_server.py reads.
    without = [row for row in automated if not re.search(r"`tests/[^`]+`|`fallarbeit\.E\d+`", row[4])]
    assert without == []


def test_what_is_open_says_so_in_both_cells():
    assert [row for row in rows() if (row[3] == "offen: Anmeldung") != ("offen: Anmeldung" in row[4])] == []


def named() -> list[tuple[str, str]]:
    return [(number, name) for number, *_, where in rows() for name in re.findall(r"`([^`]+)`", where)]


def test_every_line_names_something():
    assert {number for number, _ in named()} == {row[0] for row in rows()}


@pytest.mark.parametrize("name", sorted({name for _, name in named()}))
def test_whatever_is_named_is_there(name: str):
    if name == "offen: Anmeldung":
        return
    if name.startswith("fallarbeit.E"):
        assert name in check_ids()
    elif name.startswith("make "):
        assert re.search(rf"^{name.removeprefix('make ')}:", (BASE_DIR / "Makefile").read_text(), re.MULTILINE)
    else:
        path, _, test = name.partition("::")
        text = (BASE_DIR / path).read_text()
        if path.startswith("tests/"):
            assert re.search(r"^(?:async )?def test_", text, re.MULTILINE), f"{path} has no test"
        if test:
            assert re.search(rf"^def {test}\(", text, re.MULTILINE), f"{path} has no {test}"


def check_ids() -> set[str]:
    source = (BASE_DIR / "jobcenter/platform/checks.py").read_text()
    numbers = {f"fallarbeit.E{int(number):03d}" for number in re.findall(r"^@deployed\((\d+)\)", source, re.MULTILINE)}
    ours = [check for check in registry.deployment_checks if check.__module__ == "jobcenter.platform.checks"]
    assert len(ours) == len(numbers)
    return numbers
