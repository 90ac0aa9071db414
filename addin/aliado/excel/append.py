"""Rows put below a table or a plain range of an open workbook: the same cells that `workbook.append` gives a saved one.

One thing is out of reach here: the formula of a calculated column whose last cell holds something else. Excel fills such
a column by itself when its table grows; LibreOffice does not know it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from aliado.errors import AliadoError, WorkbookRefused
from aliado.excel.cells import read_range
from aliado.excel.undo import Undo, empty_again, grid, runs, take_back, unformat
from aliado.language import Text
from aliado.workbook.append import FORMULA, FULL, NOT_FREE, PROTECTED, TOTALS, Place, move_formula
from aliado.workbook.cells import LAST_ROW, write_cell
from aliado.workbook.sheet import Sheet, Written
from aliado.workbook.styles import is_date_code

_SIGNS: Final = ("=", "+", "-", "@", "'", "#")
"""What a typed text begins with that Excel takes for a formula, for the sign of a text, or for an error such as #N/A.

The sign of a text goes before it from the start: an error reads like its text, so that it is not seen afterwards.
"""


def append_live(book: Any, read: Sheet, place: Place, rows: Sequence[Mapping[int, Written]]) -> None:
    """Add rows to an open workbook; on any failure all cells hold what they held, the table is as it was, and it is raised.

    Formats cannot be kept aside: after a failure the rows below the table, or below the plain range, get the format of the
    row beneath them where that one is blank, and else keep the format that they were to have. Raises AliadoError, which
    also says when a step could not be taken back.
    read: the sheet as it was read. rows: as of `workbook.append.append_rows`, which also says what is refused.
    """
    if not rows:
        return
    end = place.first + len(rows) - 1
    _check(read, place, end, len(rows))
    sheet = book.sheets[place.sheet]
    area = sheet.range((place.first, place.left), (end, place.right))
    formulas = _read_formulas(_model(sheet, place), place)
    there = _check_free(area, place, set(formulas), len(rows))
    undo = empty_again(sheet, place, there)
    try:
        _append(sheet, place, rows, formulas, undo)
    except BaseException as error:
        stuck = take_back(undo)
        if not isinstance(error, Exception) or (isinstance(error, AliadoError) and not stuck):
            raise
        what = f"{type(error).__name__}: {error}"[:300]
        said = _STUCK if stuck else _UNDONE
        raise AliadoError(said.format(sheet=place.sheet, first=place.first, last=end, what=what)) from error


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


def _check_free(area: Any, place: Place, filled: set[int], count: int) -> list[list[Any]]:
    """Return the formulas of the cells to be written; raise when one holds something else, or not in a column of formulas."""
    there = grid(area.formula)
    for row, (values, formulas) in enumerate(zip(read_range(area), there, strict=True), place.first):
        for column, (value, formula) in enumerate(zip(values, formulas, strict=True), place.left):
            kept = column in filled and _is_formula(formula, value)
            if (value not in (None, "") or _is_formula(formula, value)) and not kept:
                cell = write_cell(row, column)
                raise WorkbookRefused(NOT_FREE.format(sheet=place.sheet, cell=cell, count=count))
    return there


def _model(sheet: Any, place: Place) -> Any:
    """Return the row whose formats and formulas are taken over: the last that holds data, else the first new one."""
    row = place.above or place.first
    return sheet.range((row, place.left), (row, place.right))


def _read_formulas(model: Any, place: Place) -> dict[int, str]:
    """Return column -> the formula of the model row, without its equals sign; raise for one that cannot be copied."""
    found: dict[int, str] = {}
    (values,), (formulas,) = read_range(model), grid(model.formula)
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
    last = _grow_table(sheet, place, end, undo)
    area = sheet.range((place.first, place.left), (end, place.right))
    there = grid(area.formula)
    values = read_range(area)
    model = _model(sheet, place)
    grown = sheet.range((model.row, place.left), (end, place.right))
    if end > model.row:
        first = max(model.row, last) + 1
        undo.insert(0, lambda: unformat(sheet, place, first, end))  # at the end: the cells beneath tell the format
        model.autofill(grown, "fill_formats")
    columns = range(place.left, place.right + 1)
    given = {  # by Excel itself, which fills calculated columns when a table grows
        column
        for index, column in enumerate(columns)
        if all(_is_formula(line[index], row[index]) for line, row in zip(there, values, strict=True))
    }
    as_text = _dates_as_text(model, place, rows)
    for left, right in runs([column for column in columns if column not in formulas and column not in given]):
        block = sheet.range((place.first, left), (end, right))
        cells = [[_cell(row.get(column), column in as_text) for column in range(left, right + 1)] for row in rows]
        _write(block, cells)
    for column, formula in formulas.items():
        if column not in given:
            _fill(sheet, place, column, formula, [line[column - place.left] for line in there])
    if end > model.row:  # a text that was taken for a date has left the date's format behind
        model.autofill(grown, "fill_formats")


def _grow_table(sheet: Any, place: Place, end: int, undo: Undo) -> int:
    """Have the table reach down to a row; return the last row that it had, 0 where there is no table."""
    table = next((each for each in sheet.tables if each.name == place.table), None)
    if table is None:
        return 0
    before = table.range
    top, left = before.row, before.column
    height, width = before.shape
    last: int = top + height - 1
    if last < end:
        undo.append(lambda: table.resize(before))
        table.resize(sheet.range((top, left), (end, left + width - 1)))
    return last


def _fill(sheet: Any, place: Place, column: int, formula: str, there: Sequence[Any]) -> None:
    """Fill a column of the new rows with its formula, where it has none yet."""
    cells = sheet.range((place.first, column), (place.first + len(there) - 1, column))
    before = [[text if isinstance(text, str) else ""] for text in there]
    moved = [
        [text or "=" + move_formula(formula, place.above or place.first, row, column)]
        for row, (text,) in enumerate(before, place.first)
    ]
    if moved != before:
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
    marked = [[isinstance(cell, str) and cell.startswith(_SIGNS) for cell in row] for row in cells]
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


_NOT_KEPT = Text(
    "{place}: «{found}» no se puede escribir como texto; no se ha añadido nada. Ponga esa celda del fichero de otra forma y repita.",
    "{place}: “{found}” cannot be written as text; nothing was added. Put that cell of the file in another way and repeat.",
)
_UNDONE = Text(
    "Algo ha fallado y no se ha añadido nada ({what}): las celdas y la tabla de «{sheet}» están como estaban; las filas {first} a {last}, vacías, pueden haber cambiado de formato. Repita; si sigue, ejecute «aliado addin doctor».",
    "Something failed and nothing was added ({what}): the cells and the table of “{sheet}” are as they were; the format of the blank rows {first} to {last} may have changed. Repeat; if it persists, run “aliado addin doctor”.",
)
_STUCK = Text(
    "Algo ha fallado ({what}) y no todo se ha podido deshacer: en «{sheet}» revise las filas {first} a {last} y hasta dónde llega la tabla, o cierre el libro sin guardar.",
    "Something failed ({what}) and not all could be taken back: on “{sheet}” look at the rows {first} to {last} and how far the table reaches, or close the workbook without saving.",
)
