"""A large sheet's cells by column: numbers as arrays, every other value once; a row exists only while it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, overload

import numpy as np
import numpy.typing as npt

from aliado.workbook.sheet import CellValue

NUMBER: Final = -1
"""Stands in `places` for a cell that holds a number."""


class Pool:
    """The values of a large sheet that are no plain numbers. unsure: the places of those that may be blank."""

    def __init__(self, values: npt.NDArray[np.object_], unsure: npt.NDArray[np.int64]) -> None:
        self.values = values
        self._unsure = unsure

    @cached_property
    def blank(self) -> npt.NDArray[np.bool_]:
        """Which of the values are nothing, or only spaces."""
        blank = np.zeros(len(self.values), dtype=bool)
        cells = self.values[self._unsure].tolist()
        blank[self._unsure] = [cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells]
        return blank


class GridColumn(Sequence[CellValue]):
    """One column of a large sheet, top down. places, numbers: one a row; a place leads into `pool`."""

    def __init__(self, places: npt.NDArray[np.int32], numbers: npt.NDArray[np.float64], pool: Pool) -> None:
        self._places = places
        self._numbers = numbers
        self._pool = pool
        self._is_number = places == NUMBER
        self._cells: list[CellValue] | None = None

    def take(self, rows: npt.NDArray[np.int64]) -> GridColumn:
        """Return the cells of the chosen rows."""
        return GridColumn(self._places[rows], self._numbers[rows], self._pool)

    def factored(self) -> tuple[npt.NDArray[np.intp], list[CellValue]]:
        """Return for each row a code into the distinct cells, and these. Equal texts may stand there twice."""
        others = self._places[~self._is_number]
        used = np.zeros(len(self._pool.values), dtype=bool)
        used[others] = True
        distinct = self._pool.values[used].tolist()
        code_of = np.cumsum(used) - 1
        if len(others) == len(self._places):
            return code_of[others], distinct
        codes = np.empty(len(self._places), dtype=np.intp)
        codes[~self._is_number] = code_of[others]
        numbers, which = np.unique(self._numbers[self._is_number], return_inverse=True)
        codes[self._is_number] = len(distinct) + which
        return codes, distinct + numbers.tolist()

    def blank_rows(self) -> npt.NDArray[np.int64]:
        """Return the rows whose cell is blank: nothing, or only spaces."""
        return np.flatnonzero(self._pool.blank[self._places] & ~self._is_number)

    def as_numbers(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return the numbers, and which cells are numbers."""
        return self._numbers, self._is_number

    def tolist(self) -> list[CellValue]:
        """Return the cells as Python values."""
        if self._cells is None:
            cells = self._numbers if self._is_number.all() else self._pool.values[self._places]
            if cells is not self._numbers:
                cells[self._is_number] = self._numbers[self._is_number]
            self._cells = cells.tolist()
        return self._cells

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[CellValue]:
        return iter(self.tolist())

    @overload
    def __getitem__(self, index: int) -> CellValue: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[CellValue]: ...

    def __getitem__(self, index: int | slice) -> CellValue | Sequence[CellValue]:
        if isinstance(index, slice):
            return GridColumn(self._places[index], self._numbers[index], self._pool)
        place = int(self._places[index])
        cell: CellValue = float(self._numbers[index]) if place == NUMBER else self._pool.values[place]
        return cell


class Grid(Sequence[Sequence[CellValue]]):
    """Rows of one width. places, numbers: columns x rows; a place leads into `pool`."""

    def __init__(self, places: npt.NDArray[np.int32], numbers: npt.NDArray[np.float64], pool: Pool) -> None:
        self._places = places
        self._numbers = numbers
        self._pool = pool

    def column(self, index: int) -> Sequence[CellValue]:
        """Return the cells of one column (0-based), top down; None for a column beyond the last."""
        if not 0 <= index < self.width:
            return [None] * len(self)
        return GridColumn(self._places[index], self._numbers[index], self._pool)

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self._places)

    def __len__(self) -> int:
        return int(self._places.shape[1])

    def _row(self, row: int) -> list[CellValue]:
        places, numbers = self._places[:, row].tolist(), self._numbers[:, row].tolist()
        pool = self._pool.values
        return [number if place == NUMBER else pool[place] for place, number in zip(places, numbers, strict=True)]

    def __iter__(self) -> Iterator[Sequence[CellValue]]:
        return iter(zip(*(self.column(index) for index in range(self.width)), strict=True))

    @overload
    def __getitem__(self, index: int) -> list[CellValue]: ...

    @overload
    def __getitem__(self, index: slice) -> Grid: ...

    def __getitem__(self, index: int | slice) -> list[CellValue] | Grid:
        if isinstance(index, slice):
            return Grid(self._places[:, index], self._numbers[:, index], self._pool)
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._row(index)
