"""The figures as a table for people and as JSON for comparing runs."""

from collections.abc import Sequence
from typing import Any

# The targets of the issue: × the data floor for one user at p50; requests a second for eight users.
READS_PER_SECOND = 100
LONG_TO_ORDINARY = 1.1
BYTES_WITHIN = 0.05
FIRST_VISIT = 60_000
MEMORY = 200_000_000
PLANNER_SECONDS = 3.0
HANDOVER_SECONDS = 5.0
LARGE_TO_MEDIUM = 1.3

HEADS = ("", "Nutzende", "p50 ms", "p95 ms", "je s", "CPU ms", "Abfragen", "Byte", "Boden p50", "× Boden", "Ziel")


def number(value: float | None, places: int = 1) -> str:
    return "" if value is None else f"{value:,.{places}f}".replace(",", " ").replace(".", ",")


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    cells = [HEADS, *(line(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADS))]
    return [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def line(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["title"],
        str(row["users"]),
        number(row["p50_ms"]),
        number(row["p95_ms"]),
        number(row["per_second"], 0),
        number(row["cpu_ms"]),
        number(row.get("statements"), 0),
        number(row["bytes"], 0),
        number(row.get("floor_p50_ms")),
        number(row.get("ratio"), 2),
        row.get("target_text", ""),
    )


def missed(result: dict[str, Any], medium: dict[str, Any] | None = None) -> list[str]:
    """Which targets this run did not reach, one sentence each."""
    sentences = []
    for row in result["pages"]:
        name = f"{row['title']}, {row['users']} Nutzende"
        if row.get("target") and row["ratio"] > row["target"]:
            sentences.append(f"{name}: {number(row['ratio'], 2)} × Boden statt höchstens {number(row['target'])} ×")
        has_rate = row.get("is_read") and row["users"] > 1 and not row.get("most_statements")
        if has_rate and row["per_second"] < READS_PER_SECOND:
            sentences.append(f"{name}: {number(row['per_second'], 0)} je s statt mindestens {READS_PER_SECOND}")
        if (most := row.get("most_statements")) and row["users"] == 1 and row["statements"] > most:
            sentences.append(f"{name}: {row['statements']} Abfragen statt höchstens {most}")
    sentences += long_file(result) + changeable_file(result)
    if (visit := result.get("first_visit")) and visit["without_fonts"] > FIRST_VISIT:
        sentences.append(f"Erster Besuch: {number(visit['without_fonts'], 0)} Byte statt höchstens {FIRST_VISIT}")
    if (memory := result.get("memory_bytes")) and memory > MEMORY:
        sentences.append(f"Speicher: {number(memory / 1e6, 0)} MB statt höchstens {MEMORY // 10**6}")
    if (planner := result.get("planner")) and planner.get("p50_s", PLANNER_SECONDS + 1) > PLANNER_SECONDS:
        found = planner.get("problem") or f"{number(planner['p50_s'], 2)} s"
        sentences.append(f"Erinnerungen planen: {found} statt höchstens {PLANNER_SECONDS} s")
    if (handover := result.get("handover")) and handover.get("p50_s", HANDOVER_SECONDS + 1) > HANDOVER_SECONDS:
        found = handover.get("problem") or f"{number(handover['p50_s'], 2)} s"
        sentences.append(f"Übergabe: {found} statt höchstens {HANDOVER_SECONDS} s")
    if medium:
        sentences += against(result, medium)
    return sentences


def length_of_history(result: dict[str, Any]) -> tuple[float, float] | None:
    """A long file beside an ordinary one: time for one user, and bytes beside the mean of several ordinary ones.

    Texts are as long as people write them: one ordinary file alone says little about bytes.
    """
    rows = {(row["key"], row["users"]): row for row in result["pages"]}
    ordinary, long = rows.get(("file", 1)), rows.get(("long_file", 1))
    if not ordinary or not long:
        return None
    several = max((row for row in result["pages"] if row["key"] == "file"), key=lambda row: row["users"])
    return long["p50_ms"] / ordinary["p50_ms"], long["bytes"] / several["bytes"] - 1


def long_file(result: dict[str, Any]) -> list[str]:
    """A long history costs no more than an ordinary one."""
    found = length_of_history(result)
    if found is None:
        return []
    ratio, more = found
    sentences = []
    if ratio > LONG_TO_ORDINARY:
        sentences.append(f"Fallakte mit langem Verlauf: {number(ratio, 2)} × der gewöhnlichen statt 1,1 ×")
    if abs(more) > BYTES_WITHIN:
        sentences.append(f"Fallakte mit langem Verlauf: Byte weichen um {number(more * 100)} % ab statt um 5 %")
    return sentences


def versions_to_usual(result: dict[str, Any]) -> tuple[float, int, int] | None:
    """A file with many versions and resources beside one with as few as usual: time for one user, and statements."""
    rows = {row["key"]: row for row in result["pages"] if row["users"] == 1}
    usual, changeable = rows.get("usual_file"), rows.get("changeable_file")
    if not usual or not changeable:
        return None
    return changeable["p50_ms"] / usual["p50_ms"], usual["statements"], changeable["statements"]


def changeable_file(result: dict[str, Any]) -> list[str]:
    """Many versions and resources cost no more than few."""
    found = versions_to_usual(result)
    if found is None:
        return []
    ratio, usual, changeable = found
    sentences = []
    if ratio > LONG_TO_ORDINARY:
        sentences.append(f"Fallakte mit vielen Fassungen: {number(ratio, 2)} × der gewöhnlichen statt 1,1 ×")
    if usual != changeable:
        sentences.append(f"Fallakte mit vielen Fassungen: {changeable} Abfragen, die gewöhnliche {usual}")
    return sentences


def against(result: dict[str, Any], medium: dict[str, Any]) -> list[str]:
    """Each figure of a larger office beside that of size M, as far as both were measured."""
    before = {(row["key"], row["users"]): row for row in medium["pages"]}
    sentences = []
    for row in result["pages"]:
        other = before.get((row["key"], row["users"]))
        if other and row["users"] == 1 and (ratio := row["p50_ms"] / other["p50_ms"]) > LARGE_TO_MEDIUM:
            sentences.append(f"{row['title']}: {number(ratio, 2)} × der Größe M statt höchstens 1,3 ×")
    return sentences


def below(result: dict[str, Any]) -> list[str]:
    """What stands under the table."""
    lines = []
    if found := length_of_history(result):
        ratio, more = found
        lines.append(
            f"Langer zu gewöhnlichem Verlauf: {number(ratio, 2)} × Zeit (Ziel 1,1), "
            f"{number(more * 100)} % Byte (Ziel 5)"
        )
    if counted := versions_to_usual(result):
        ratio, usual, changeable = counted
        lines.append(
            f"Viele zu wenigen Fassungen und Ressourcen: {number(ratio, 2)} × Zeit (Ziel 1,1), "
            f"{changeable} zu {usual} Abfragen (Ziel: gleich viele)"
        )
    if visit := result.get("first_visit"):
        parts = ", ".join(f"{kind} {number(size, 0)}" for kind, size in visit["parts"].items())
        lines.append(f"Erster Besuch ohne Schriften: {number(visit['without_fonts'], 0)} Byte (Ziel 60 000): {parts}")
    if memory := result.get("memory_bytes"):
        lines.append(f"Speicher von Webserver und zwei Arbeitern (PSS): {number(memory / 1e6, 0)} MB (Ziel 200)")
    if (planner := result.get("planner")) and "p50_s" in planner:
        lines.append(
            f"Erinnerungen planen, vom Start bis zum Ende des Prozesses: {number(planner['p50_s'], 2)} s, "
            f"{planner['statements']} Abfragen (Ziel 3 s)"
        )
    if (handover := result.get("handover")) and "p50_s" in handover:
        lines.append(
            f"Übergabe von {handover['cases']} Fällen (von {number(handover['office'], 0)} offenen): "
            f"{number(handover['p50_s'], 2)} s, {handover['statements']} Abfragen (Ziel 5 s)"
        )
    return lines
