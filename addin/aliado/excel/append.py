"""Rows put below a table or a plain range of an open workbook: the same cells that `workbook.append` gives a saved one.

One thing is out of reach here: the formula of a calculated column whose last cell holds something else. Excel fills such
a column by itself when its table grows; LibreOffice does not know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from aliado.errors import WorkbookRefused
from aliado.excel.cells import read_range
from aliado.language import Text
from aliado.workbook.append import FORMULA, FULL, NOT_FREE, PROTECTED, TOTALS, Place, move_formula
from aliado.workbook.cells import LAST_ROW, write_cell
from aliado.workbook.sheet import Sheet, Written
from aliado.workbook.styles import is_date_code

Undo = list[Callable[[], None]]

_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "'")
"""What a typed text begins with that Excel takes for a formula, or for the sign of a text; the sign goes before it."""


def append_live(book: Any, read: Sheet, place: Place, rows: Sequence[Mapping[int, Written]]) -> None:
    """Add rows to an open workbook; on any failure the cells and the table are as they were, and it is raised.

    read: the sheet as it was read. rows: as of `workbook.append.append_rows`, which also says what is refused.
    """
    if not rows:
        return
    end = place.first + len(rows) - 1
    _check(read, place, end, len(rows))
    sheet = book.sheets[place.sheet]
    area = sheet.range((place.first, place.left), (end, place.right))
    formulas = _read_formulas(_model(sheet, place), place)
    _check_free(area, place, set(formulas), len(rows))
    undo: Undo = []
    try:
        _append(sheet, place, rows, formulas, undo)
    except BaseException:
        for step in reversed(undo):
            with suppress(Exception):  # the other steps back are still worth taking
                step()
        raise


def _check(read: Sheet, place: Place, end: int, count: int) -> None:
    """Raise when the rows cannot go there whatever the cells hold."""
    if end > LAST_ROW:
        raise WorkbookRefused(FULL.format(sheet=place.sheet, count=count))
    if read.protected:
        raise WorkbookRefused(PROTECTED.format(sheet=place.sheet))
    for table in read.tables:
        if table.name == place.table:
            if table.totals_rows:
                raise WorkbookRefused(TOTALS.format(table=table.name, sheet=place.sheet))
        elif (
            table.first_row <= end
            and table.last_row >= place.first
            and table.first_column <= place.right
            and table.last_column >= place.left
        ):
            cell = write_cell(max(table.first_row, place.first), table.first_column)
            raise WorkbookRefused(NOT_FREE.format(sheet=place.sheet, cell=cell, count=count))


def _check_free(area: Any, place: Place, filled: set[int], count: int) -> None:
    """Raise when a cell that is to be written holds something; a formula in a column of formulas stays there."""
    for row, (values, formulas) in enumerate(zip(read_range(area), _grid(area.formula), strict=True), place.first):
        for column, (value, formula) in enumerate(zip(values, formulas, strict=True), place.left):
            kept = column in filled and _is_formula(formula, value)
            if (value not in (None, "") or _is_formula(formula, value)) and not kept:
                cell = write_cell(row, column)
                raise WorkbookRefused(NOT_FREE.format(sheet=place.sheet, cell=cell, count=count))


def _model(sheet: Any, place: Place) -> Any:
    """Return the row whose formats and formulas are taken over: the last that holds data, else the first new one."""
    row = place.above or place.first
    return sheet.range((row, place.left), (row, place.right))


def _read_formulas(model: Any, place: Place) -> dict[int, str]:
    """Return column -> the formula of the model row, without its equals sign; raise for one that cannot be copied."""
    found: dict[int, str] = {}
    (values,), (formulas,) = read_range(model), _grid(model.formula)
    for place_in_row, (value, formula) in enumerate(zip(values, formulas, strict=True)):
        if not _is_formula(formula, value):
            continue
        cell = model(1, place_in_row + 1)
        if cell.has_array or getattr(cell.api, "HasSpill", False) is True:
            named = write_cell(model.row, place.left + place_in_row)
            raise WorkbookRefused(FORMULA.format(sheet=place.sheet, cell=named))
        found[place.left + place_in_row] = formula[1:]
    return found


def _is_formula(text: Any, value: Any) -> bool:
    """Return whether a cell holds a formula: a text that begins with "=" reads as one, and shows as itself."""
    return isinstance(text, str) and len(text) > 1 and text.startswith("=") and text != value


def _append(
    sheet: Any, place: Place, rows: Sequence[Mapping[int, Written]], formulas: Mapping[int, str], undo: Undo
) -> None:
    end = place.first + len(rows) - 1
    _grow_table(sheet, place, end, undo)
    area = sheet.range((place.first, place.left), (end, place.right))
    there = _grid(area.formula)
    values = read_range(area)
    model = _model(sheet, place)
    grown = sheet.range((model.row, place.left), (end, place.right))
    if end > model.row:
        model.autofill(grown, "fill_formats")
    columns = range(place.left, place.right + 1)
    given = {  # by Excel itself, which fills calculated columns when a table grows
        column
        for index, column in enumerate(columns)
        if all(_is_formula(line[index], row[index]) for line, row in zip(there, values, strict=True))
    }
    as_text = _dates_as_text(model, place, rows)
    for left, right in _runs([column for column in columns if column not in formulas and column not in given]):
        block = sheet.range((place.first, left), (end, right))
        cells = [[_cell(row.get(column), column in as_text) for column in range(left, right + 1)] for row in rows]
        undo.append(lambda block=block, cells=cells: _blank(block, cells))  # type: ignore[misc]
        _write(block, cells)
    for column, formula in formulas.items():
        if column not in given:
            _fill(sheet, place, column, formula, [line[column - place.left] for line in there], undo)
    if end > model.row:  # a text that was taken for a date has left the date's format behind
        model.autofill(grown, "fill_formats")


def _grow_table(sheet: Any, place: Place, end: int, undo: Undo) -> None:
    """Have the table reach down to a row."""
    table = next((each for each in sheet.tables if each.name == place.table), None)
    if table is None:
        return
    before = table.range
    top, left = before.row, before.column
    height, width = before.shape
    if top + height - 1 < end:
        undo.append(lambda: table.resize(before))
        table.resize(sheet.range((top, left), (end, left + width - 1)))


def _fill(sheet: Any, place: Place, column: int, formula: str, there: Sequence[Any], undo: Undo) -> None:
    """Fill a column of the new rows with its formula, where it has none yet."""
    cells = sheet.range((place.first, column), (place.first + len(there) - 1, column))
    before = [[text if isinstance(text, str) else ""] for text in there]
    moved = [
        [text or "=" + move_formula(formula, place.above or place.first, row, column)]
        for row, (text,) in enumerate(before, place.first)
    ]
    if moved != before:
        undo.append(lambda: setattr(cells, "formula", before))
        cells.formula = moved


def _dates_as_text(model: Any, place: Place, rows: Sequence[Mapping[int, Written]]) -> set[int]:
    """Return the columns that get dates but do not show them as dates: there they are texts."""
    dated = {column for row in rows for column, value in row.items() if isinstance(value, date)}
    return {column for column in dated if not is_date_code(str(model(1, column - place.left + 1).number_format or ""))}


def _cell(value: Written, as_text: bool) -> Any:
    """Return a value as xlwings takes it to Excel."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat() if as_text else datetime.combine(value, time())
    return float(value) if isinstance(value, Decimal) else value


def _write(block: Any, cells: list[list[Any]]) -> None:
    """Write cells in one go, and those texts again that came back as something else.

    Excel reads what it is given as if it were typed: 0042 becomes 42. Such a text is written anew with the sign of a
    text before it; what could be a formula has the sign from the start, but where the cell's format keeps the sign.
    """
    marked = [[isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS) for cell in row] for row in cells]
    for _ in range(3):
        block.value = [
            [f"'{cell}" if mark else cell for cell, mark in zip(row, marks, strict=True)]
            for row, marks in zip(cells, marked, strict=True)
        ]
        wrong = list(_misread(block, cells))
        if not wrong:
            return
        for row, column, found in wrong:
            marked[row][column] = found != f"'{cells[row][column]}"
    row, column, _ = wrong[0]
    place = f"{block.sheet.name}!{write_cell(block.row + row, block.column + column)}"
    raise WorkbookRefused(_NOT_KEPT.format(place=place, found=cells[row][column]))


def _misread(block: Any, cells: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int, Any]]:
    """Yield the places of texts that do not read as what was written, and what they read as."""
    if not any(isinstance(cell, str) for row in cells for cell in row):
        return
    for row, (wanted, found) in enumerate(zip(cells, read_range(block), strict=True)):
        for column, (text, cell) in enumerate(zip(wanted, found, strict=True)):
            if isinstance(text, str) and (not isinstance(cell, str) or _lines(cell) != _lines(text)):
                yield row, column, cell


def _lines(text: str) -> list[str]:
    return text.splitlines()


def _blank(block: Any, cells: Sequence[Sequence[Any]]) -> None:
    block.value = [[None] * len(row) for row in cells]


def _runs(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of columns that stand side by side."""
    start = None
    for position, column in enumerate(columns):
        if start is None:
            start = column
        if position + 1 == len(columns) or columns[position + 1] != column + 1:
            yield start, column
            start = None


def _grid(cells: Any) -> list[list[Any]]:
    """Return what xlwings gives for the formulas of some cells as rows."""
    rows = cells if isinstance(cells, (list, tuple)) else [[cells]]
    return [list(row) if isinstance(row, (list, tuple)) else [row] for row in rows]


_NOT_KEPT = Text(
    "{place}: «{found}» no se puede escribir como texto; no se ha añadido nada. Ponga esa celda del fichero de otra forma y repita.",
    "{place}: “{found}” cannot be written as text; nothing was added. Put that cell of the file in another way and repeat.",
)
