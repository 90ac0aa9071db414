"""Ranges of an open workbook, as the same Python values that the file reader gives."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from aliado.cells.block import Block, Rows, clean, read_block

WHOLE_COLUMN = 60_000
"""A range of this many rows is taken for whole columns and cut to the used part of its sheet."""


def read_argument(given: Any) -> Block:
    """Return an argument that a cell's formula hands over: an xlwings range, or an array that it computed.

    Whole columns are cut to what is used, and blank rows at the end are left out.
    """
    if not (hasattr(given, "sheet") and hasattr(given, "options")):
        return read_block(given)
    area = _used_part(given)
    return Block(read_range(area), area.row, area.column).without_blank_end()


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
