"""The client's column headed "Aliado", filled in by Excel in one write, as the batch fills it in the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from aliado.language import Language, Text
from aliado.report.status_column import read_status_column
from aliado.rules.assessment import Assessment
from aliado.workbook.sheet import Sheet


class LiveColumn(Struct, frozen=True):
    """The column as it should be. note: for the audit. area: the cells from the first to the last that change."""

    note: Text
    area: Any = None
    before: list[list[Any]] = field(default_factory=list)
    after: list[list[Any]] = field(default_factory=list)

    def write(self) -> Callable[[], None]:
        """Write the column; return what writes it back."""
        if self.area is None:
            return _nothing
        self.area.value = self.after
        return lambda: setattr(self.area, "value", self.before)


def plan_live_column(
    book: Any, assessment: Assessment, sheets: list[Sheet] | tuple[Sheet, ...], language: Language
) -> LiveColumn | None:
    """Return what the column is to hold in an open workbook, None when the client has no such column."""
    column = read_status_column(assessment, sheets, language)
    if column is None:
        return None
    if not column.changes:
        return LiveColumn(column.note)
    first, last = min(column.changes), max(column.changes)
    area = book.sheets[column.sheet].range((first, column.column), (last, column.column))
    formulas = area.formula
    cells = formulas if isinstance(formulas, (list, tuple)) else [[formulas]]
    texts = [cell for row in cells for cell in (row if isinstance(row, (list, tuple)) else [row])]
    if any(isinstance(text, str) and text.startswith("=") for text in texts):
        return LiveColumn(column.refused(_FORMULA))
    before = area.options(ndim=2).value
    after = [[column.changes.get(first + offset, row[0])] for offset, row in enumerate(before)]
    return LiveColumn(column.note, area, before, after)


def _nothing() -> None:
    """Nothing was written, so nothing is written back."""


_FORMULA = Text("La columna lleva fórmulas.", "The column holds formulas.")
