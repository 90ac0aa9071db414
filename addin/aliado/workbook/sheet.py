"""What the reader hands out: a sheet's cells as Python values, and the Excel tables on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter

from msgspec import Struct

CellValue = None | bool | int | float | str | date | datetime | time | timedelta
"""What a cell holds. An Excel error arrives as its text, for example "#N/A"; a blank cell as None or ""."""

Written = CellValue | Decimal
"""What may be written into a cell: exact amounts too."""


def column_of(rows: Sequence[Sequence[CellValue]], index: int) -> Sequence[CellValue]:
    """Return one column (0-based) of rows, top down; None where a row is too short."""
    by_column = getattr(rows, "column", None)  # a large sheet keeps its cells by column
    if by_column is not None:
        found: Sequence[CellValue] = by_column(index)
        return found
    if index >= 0 and min(map(len, rows), default=0) > index:
        return list(map(itemgetter(index), rows))
    return [row[index] if 0 <= index < len(row) else None for row in rows]


class ExcelTable(Struct, frozen=True):
    """An Excel table (ListObject): its name and the range of header, data and totals, 1-based and inclusive."""

    name: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int
    header_rows: int = 1
    totals_rows: int = 0


class Sheet(Struct, frozen=True):
    """One worksheet. rows[i][j] is the cell in row first_row + i, column first_column + j (1-based).

    uncached: (row, column), 1-based, of formula cells that hold no value because the program that
    saved the file did not calculate them. role: set on sheets that an earlier refresh put there
    ("panel", "alerts", ...), None on the client's own. calls: its formulas may call functions of ours.
    serials: dates are serial numbers, as the cells came without formats.
    """

    name: str
    first_row: int
    first_column: int
    rows: Sequence[Sequence[CellValue]]
    tables: Sequence[ExcelTable] = ()
    uncached: frozenset[tuple[int, int]] = frozenset()
    hidden: bool = False
    protected: bool = False
    role: str | None = None
    calls: bool = False
    serials: bool = False
