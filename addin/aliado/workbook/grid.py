"""A large sheet's cells by column: numbers as arrays, every other value once; a row exists only while it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, overload

import numpy as np
import numpy.typing as npt

from aliado.workbook.sheet import CellValue

NUMBER: Final = -1
"""Stands in `places` for a cell that holds a number."""


class Grid(Sequence[Sequence[CellValue]]):
    """Rows of one width. places, numbers: columns x rows; a place leads into `pool`, whose first value is the blank."""

    def __init__(
        self, places: npt.NDArray[np.int32], numbers: npt.NDArray[np.float64], pool: npt.NDArray[np.object_]
    ) -> None:
        self._places = places
        self._numbers = numbers
        self._pool = pool

    def column(self, index: int) -> list[CellValue]:
        """Return the cells of one column (0-based), top down; None for a column beyond the last."""
        if not 0 <= index < self.width:
            return [None] * len(self)
        places, numbers = self._places[index], self._numbers[index]
        is_number = places == NUMBER
        cells = numbers if is_number.all() else self._pool[places]
        if cells is not numbers:
            cells[is_number] = numbers[is_number]
        found: list[CellValue] = cells.tolist()
        return found

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self._places)

    def __len__(self) -> int:
        return int(self._places.shape[1])

    def _row(self, row: int) -> list[CellValue]:
        places, numbers = self._places[:, row].tolist(), self._numbers[:, row].tolist()
        pool = self._pool
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
