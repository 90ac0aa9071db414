"""What takes back rows that were put into an open workbook, when a later step has failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aliado.excel.cells import read_range
from aliado.workbook.append import Place
from aliado.workbook.cells import LAST_ROW

Undo = list[Callable[[], None]]
"""Steps back, in the order of the steps that they take back."""


def take_back(undo: Undo) -> bool:
    """Take all steps back, the last first; return whether one could not be taken back."""
    stuck = False
    for step in reversed(undo):
        try:
            step()
        except Exception:  # noqa: BLE001 -- the other steps back are still worth taking
            stuck = True
    return stuck


def empty_again(sheet: Any, place: Place, there: Sequence[Sequence[Any]]) -> Undo:
    """Return the steps that have the new rows' cells hold again what they held: nothing, or in some columns formulas."""
    before = [[text if isinstance(text, str) else "" for text in line] for line in there]
    held = {
        column for column in range(place.left, place.right + 1) if any(line[column - place.left] for line in before)
    }
    end = place.first + len(there) - 1
    undo: Undo = []
    for left, right in runs([column for column in range(place.left, place.right + 1) if column not in held]):
        block = sheet.range((place.first, left), (end, right))
        undo.append(lambda block=block: _blank(block))  # type: ignore[misc]
    for column in sorted(held):
        cells = sheet.range((place.first, column), (end, column))
        formulas = [[line[column - place.left]] for line in before]
        undo.append(lambda cells=cells, formulas=formulas: _put_back(cells, formulas))  # type: ignore[misc]
    return undo


def _blank(block: Any) -> None:
    height, width = block.shape
    block.value = [[None] * width for _ in range(height)]


def _put_back(cells: Any, formulas: list[list[str]]) -> None:
    if [[text or ""] for (text,) in grid(cells.formula)] != formulas:
        cells.formula = formulas


def unformat(sheet: Any, place: Place, first: int, end: int) -> None:
    """Give rows that were formatted the format of the row beneath them, if that one is blank; see `append.append_live`."""
    if first > end or end >= LAST_ROW:
        return
    beneath = sheet.range((end + 1, place.left), (end + 1, place.right))
    if all(cell in (None, "") for line in (*read_range(beneath), *grid(beneath.formula)) for cell in line):
        beneath.autofill(sheet.range((first, place.left), (end + 1, place.right)), "fill_formats")


def runs(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of columns that stand side by side."""
    start = None
    for position, column in enumerate(columns):
        if start is None:
            start = column
        if position + 1 == len(columns) or columns[position + 1] != column + 1:
            yield start, column
            start = None


def grid(cells: Any) -> list[list[Any]]:
    """Return what xlwings gives for the formulas of some cells as rows."""
    rows = cells if isinstance(cells, (list, tuple)) else [[cells]]
    return [list(row) if isinstance(row, (list, tuple)) else [row] for row in rows]
