"""What a live range holds, as the same Python values that the file reader gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aliado.formula.values import EXCEL_DAY_ZERO, from_serial
from aliado.tables.cells import Raw

Rows = list[list[Raw]]

_ERROR_BASE = -2146828288
"""COM hands over an error cell as this plus Excel's own number of the error (xlErrNA = 2042)."""

_ERRORS = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
WHOLE_COLUMN = 60_000
"""A range of this many rows is taken for whole columns and cut to the used part of its sheet."""


@dataclass(frozen=True, slots=True)
class Block:
    """A range: its cells, and where its first cell stands (1-based)."""

    rows: Rows
    row: int = 1
    column: int = 1


def read_block(given: Any, *, whole: bool = False) -> Block:
    """Return a range, without the blank rows at its end unless the whole of it is wanted.

    given: as a host or a plain call hands it over: an xlwings range, rows of cells, one row, or one cell.
    """
    if isinstance(given, Block):
        return given
    if hasattr(given, "sheet") and hasattr(given, "options"):
        area = _used_part(given)
        cells = read_range(area)
        return Block(cells if whole else _without_blank_end(cells), area.row, area.column)
    if not isinstance(given, (list, tuple)):
        return Block([[clean(given)]])
    if not given or not isinstance(given[0], (list, tuple)):
        given = [given]
    cells = [[clean(cell) for cell in row] for row in given]
    return Block(cells if whole else _without_blank_end(cells))


def read_range(area: Any) -> Rows:
    """Return the cells of an xlwings range, in one round trip (two where Excel would round amounts).

    Excel hands over cells in a currency format as decimals cut to four places; the exact number is asked for then.
    """
    values = area.options(ndim=2, err_to_str=True).value
    if any(isinstance(cell, Decimal) for row in values for cell in row):
        exact = _exact(area)
        if exact is not None:
            values = [
                [other if isinstance(cell, Decimal) else cell for cell, other in zip(row, others, strict=True)]
                for row, others in zip(values, exact, strict=True)
            ]
    return [[clean(cell) for cell in row] for row in values]


def clean(cell: Any) -> Raw:
    """Return one cell as the file reader would: errors as text, blank as None, dates without a time zone."""
    if cell is None or isinstance(cell, (float, str, bool)):
        return None if cell == "" else cell
    if isinstance(cell, int):
        return _ERRORS.get(cell - _ERROR_BASE, cell)
    if isinstance(cell, datetime):
        return datetime(*cell.timetuple()[:6], cell.microsecond)  # noqa: DTZ001 -- Excel knows no time zones
    return cell  # type: ignore[no-any-return]


def read_day(value: Any, *, from_1904: bool = False) -> date | None:
    """Return the date that a cell or a formula such as TODAY() gives: a date, a serial number, or text as yyyy-mm-dd."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        day = int(value) + (1462 if from_1904 else 0)
        return from_serial(day) if 60 < day <= _LAST_DAY else None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    return None


_LAST_DAY = (date(9999, 12, 31) - EXCEL_DAY_ZERO).days


def _used_part(area: Any) -> Any:
    """Return a range of whole columns cut to the rows that its sheet uses."""
    rows, columns = area.shape
    if rows < WHOLE_COLUMN:
        return area
    last = area.sheet.used_range.last_cell.row
    bottom = max(area.row, min(area.row + rows - 1, last))
    return area.sheet.range((area.row, area.column), (bottom, area.column + columns - 1))


def _exact(area: Any) -> Sequence[Sequence[Any]] | None:
    """Return the cells as plain numbers (Value2), None where the program has no such thing."""
    try:
        values = area.api.Value2
    except AttributeError:
        return None
    return values if isinstance(values, (list, tuple)) else [[values]]


def _without_blank_end(rows: Rows) -> Rows:
    last = len(rows)
    while last > 1 and _blank(rows[last - 1]):
        last -= 1
    return rows[:last]


def _blank(row: Iterable[Raw]) -> bool:
    return all(cell is None or cell == "" for cell in row)
