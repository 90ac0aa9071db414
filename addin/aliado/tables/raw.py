"""Raw cells of one column, as a plain sequence or as a large sheet keeps them: distinct values, numbers, blanks, chosen rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from aliado.tables.cells import LARGEST_WHOLE, Raw

_EMPTY = (None, "")
RawColumn = Sequence[Raw]
"""Cells top down. Of a column that is `Factored` what follows reads arrays and no cells."""


class Factored(Protocol):
    """A column of a large sheet (workbook.grid.GridColumn): arrays, of which cells are made only when asked for."""

    def factored(self) -> tuple[npt.NDArray[np.intp], Sequence[Raw]]:
        """Return for each row a code into the distinct cells, and these."""

    def blank_rows(self) -> npt.NDArray[np.int64]:
        """Return the rows whose cell is blank."""

    def as_numbers(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return the numbers, and which cells are numbers."""

    def take(self, rows: npt.NDArray[np.int64]) -> Sequence[Raw]:
        """Return the cells of the chosen rows."""


def factor(values: RawColumn) -> tuple[npt.NDArray[np.intp], list[Raw]]:
    """Return for each row a code into the distinct cells, and these: 1, 1.0 and True are three. Equal texts may stand there twice."""
    grid = _grid(values)
    if grid is not None:
        codes, cells = grid.factored()
        return codes, [*cells]
    types = set(map(type, values))
    one = len(types - {type(None)}) <= 1
    keys: Sequence[Any] = values if one else list(zip(map(type, values), values, strict=True))
    place = {key: code for code, key in enumerate(dict.fromkeys(keys))}
    codes = np.fromiter(map(place.__getitem__, keys), dtype=np.intp, count=len(values))
    return codes, list(place) if one else [raw for _, raw in place]


def as_numbers(values: RawColumn) -> npt.NDArray[np.float64]:
    """Return the cells as floats, NaN where a cell holds no number that Excel could hold."""
    grid = _grid(values)
    if grid is not None:
        numbers, is_number = grid.as_numbers()
        return numbers if is_number.all() else np.where(is_number, numbers, np.nan)
    if set(map(type, values)) <= {float}:
        return np.array(values, dtype=np.float64)
    most = LARGEST_WHOLE
    plain = (
        raw if raw.__class__ is float or (raw.__class__ is int and -most < raw < most) else np.nan for raw in values
    )
    return np.fromiter(plain, dtype=np.float64, count=len(values))


def blank_rows(values: RawColumn) -> npt.NDArray[np.int64]:
    """Return the rows whose cell is blank: nothing, or only spaces."""
    grid = _grid(values)
    if grid is not None:
        return grid.blank_rows()
    return np.array([row for row, cell in enumerate(values) if is_blank(cell)], dtype=np.int64)


def filled_cells(values: RawColumn) -> list[tuple[int, Raw]]:
    """Return row and content of the cells that are not empty; one that holds spaces is not."""
    grid = _grid(values)
    if grid is None:
        return [(row, cell) for row, cell in enumerate(values) if cell not in _EMPTY]
    codes, distinct = grid.factored()
    filled = np.fromiter((cell not in _EMPTY for cell in distinct), dtype=bool, count=len(distinct))
    rows = np.flatnonzero(filled[codes])
    return [(row, distinct[code]) for row, code in zip(rows.tolist(), codes[rows].tolist(), strict=True)]


def is_blank(cell: Raw) -> bool:
    """Return whether a cell holds nothing, or only spaces."""
    return cell is None or (cell.__class__ is str and (not cell or str(cell).isspace()))


def take(values: RawColumn, rows: npt.NDArray[np.int64]) -> RawColumn:
    """Return the cells of the chosen rows."""
    grid = _grid(values)
    return grid.take(rows) if grid is not None else [values[row] for row in rows.tolist()]


def hold_text(values: RawColumn) -> bool:
    """Return whether some cell may hold a text."""
    grid = _grid(values)
    return not grid.as_numbers()[1].all() if grid is not None else str in set(map(type, values))


def _grid(values: Any) -> Factored | None:
    return values if hasattr(values, "factored") else None
