"""What one line would do, whatever the file is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework.enums import LineOutcome
from casework.exchange.cells import is_unstorable, one_line, starts_a_formula
from casework.exchange.columns import Column
from casework.exchange.files import Table
from jobcenter.platform.words import says


@dataclass(slots=True)
class Judged:
    """One line with what was found. `values` hold personal data and are kept in memory alone."""

    number: int
    outcome: LineOutcome = LineOutcome.SAME
    code: str = ""
    column: str = ""
    external_ref: str = ""
    changes: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    standing: Any = None

    def refuse(self, code: str, column: str = "") -> None:
        """The first reason stays; the line takes no part in anything."""
        if self.outcome != LineOutcome.REFUSED:
            self.outcome, self.code, self.column = LineOutcome.REFUSED, code, column

    def note(self, code: str, column: str = "") -> None:
        """Something to know about a line that is taken in; the first note stays."""
        if not self.code:
            self.code, self.column = code, column

    @property
    def is_refused(self) -> bool:
        return self.outcome == LineOutcome.REFUSED

    def facts(self) -> tuple[Any, ...]:
        """What the report keeps of it: no text of the line."""
        return (self.number, self.outcome.value, self.code, self.column, self.external_ref, tuple(self.changes))


def read_lines(table: Table, mapping: Mapping[str, int], columns: Sequence[Column]) -> Iterator[Judged]:
    """Each line with the text of its mapped columns; refused where a cell cannot be taken at all."""
    wanted = [(column, mapping[column.key]) for column in columns if column.key in mapping]
    for number, cells in table.rows:
        line = Judged(number)
        if any(cell.strip() for cell in cells[len(table.headers) :]):
            line.refuse("too_many_cells")
        for column, index in wanted:
            text = one_line(cells[index]) if index < len(cells) else ""
            text = text if says(text) or is_unstorable(text) else ""  # what shows nothing is an empty cell
            if is_unstorable(text):
                line.refuse("unstorable", column.key)
            elif len(text) > column.most:
                line.refuse("too_long", column.key)
            elif column.needed and not text:
                line.refuse("missing_cell", column.key)
            line.values[column.key] = text
        yield line


def note_formulas(line: Judged, keys: Sequence[str]) -> None:
    """Whatever looks like a formula is text here, and somebody should have looked at it."""
    for key in keys:
        if starts_a_formula(line.values.get(key) or ""):
            line.note("formula", key)
