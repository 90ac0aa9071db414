"""Ranges as custom functions get them: cells as the same Python values that the file reader gives, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec import Struct

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


class Block(Struct, frozen=True):
    """A range: its cells, and where its first cell stands (1-based).

    serials: its dates are serial numbers, as in an array that a formula computed: no formats come with it.
    """

    rows: Rows
    row: int = 1
    column: int = 1
    serials: bool = False

    def without_blank_end(self) -> Block:
        """Return the range without the blank rows at its end; its first row always stays."""
        last = len(self.rows)
        while last > 1 and _blank(self.rows[last - 1]):
            last -= 1
        return self if last == len(self.rows) else Block(self.rows[:last], self.row, self.column, self.serials)


def read_block(given: Any, *, whole: bool = False) -> Block:
    """Return a range, without the blank rows at its end unless the whole of it is wanted.

    given: a `Block`, which is taken as it is, rows of cells, one row, or one cell.
    """
    if isinstance(given, Block):
        return given
    if not isinstance(given, (list, tuple)):
        return Block([[clean(given)]])
    if not given or not isinstance(given[0], (list, tuple)):
        given = [given]
    block = Block([[clean(cell) for cell in row] for row in given], serials=True)
    return block if whole else block.without_blank_end()


def clean(cell: Any) -> Raw:
    """Return one cell as the file reader would: errors as text, blank as None, dates without a time zone."""
    kind = type(cell)
    if kind is float or (kind is datetime and cell.tzinfo is None):  # most cells; the rest takes longer
        return cell  # type: ignore[no-any-return]
    if cell is None or isinstance(cell, (float, str, bool)):
        return None if cell == "" else cell
    if isinstance(cell, int):
        return _ERRORS.get(cell - _ERROR_BASE, cell)
    if isinstance(cell, datetime):
        return datetime(*cell.timetuple()[:6], cell.microsecond)  # noqa: DTZ001 -- Excel knows no time zones
    return cell  # type: ignore[no-any-return]


def read_day(value: Any) -> date | None:
    """Return the date that a cell or a formula such as TODAY() gives: a date, a serial number, or text as yyyy-mm-dd."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return from_serial(int(value)) if 60 < value <= _LAST_DAY else None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    return None


_LAST_DAY = (date(9999, 12, 31) - EXCEL_DAY_ZERO).days


def _blank(row: Iterable[Raw]) -> bool:
    return all(cell is None or cell == "" for cell in row)
