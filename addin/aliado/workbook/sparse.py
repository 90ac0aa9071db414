"""Sheets with a stray cell far from the rest: read without the millions of blanks between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import overload

from aliado.workbook.cells import column_letters, read_column
from aliado.workbook.sheet import CellValue


class SparseRows(Sequence[Sequence[CellValue]]):
    """Rows of which most are blank: only those that hold something exist, the others are one and the same blank row."""

    def __init__(self, rows: dict[int, list[CellValue]], count: int, width: int) -> None:
        self._rows = rows
        self._count = count
        self._blank: tuple[CellValue, ...] = ("",) * width

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Sequence[CellValue]]:
        rows, blank = self._rows, self._blank
        return (rows.get(index, blank) for index in range(self._count))

    @overload
    def __getitem__(self, index: int) -> Sequence[CellValue]: ...

    @overload
    def __getitem__(self, index: slice) -> list[Sequence[CellValue]]: ...

    def __getitem__(self, index: int | slice) -> Sequence[CellValue] | list[Sequence[CellValue]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._count))]
        place = index + self._count if index < 0 else index
        if not 0 <= place < self._count:
            raise IndexError(index)
        return self._rows.get(place, self._blank)


class Compacted:
    """A sheet's XML with its blank rows and columns closed up, and the way back to the true places."""

    def __init__(self, xml: bytes, prefix: bytes) -> None:
        blank = re.compile(b"<" + prefix + rb"c(?:\s[^>]*)?/>|<" + prefix + rb"c(?:\s[^>]*)?></" + prefix + rb"c>")
        xml = blank.sub(b"", xml)
        cell = re.compile(b"(<" + prefix + rb'c r=")([A-Z]+)([0-9]+)(?=")')
        found = {(column, row) for _, column, row in cell.findall(xml)}
        self.rows = sorted({int(row) for _, row in found})
        self.columns = sorted({read_column(column.decode()) for column, _ in found})
        rows = {str(row).encode(): b"%d" % place for place, row in enumerate(self.rows, 1)}
        columns = {
            column_letters(column).encode(): column_letters(place).encode()
            for place, column in enumerate(self.columns, 1)
        }
        xml = cell.sub(lambda m: m[1] + columns[m[2]] + rows[m[3]], xml)
        row = re.compile(b"<" + prefix + rb'row( r="([0-9]+)")?([^>]*?)(/?)>')
        self.xml = row.sub(
            lambda m: b"<" + prefix + b"row" + (b' r="%b"' % rows[m[2]] if m[2] in rows else b"") + m[4] + b">", xml
        )

    def spread(self, top: int, left: int, rows: list[list[CellValue]]) -> tuple[int, int, SparseRows]:
        """Return (first row, first column, rows) in true places for what was read from the compacted sheet."""
        if not rows:
            return top, left, SparseRows({}, 0, 0)
        first, last = self.rows[top - 1], self.rows[top - 2 + len(rows)]
        start, stop = self.columns[left - 1], self.columns[left - 2 + len(rows[0])]
        width = stop - start + 1
        places = [column - start for column in self.columns[left - 1 : left - 1 + len(rows[0])]]
        spread: dict[int, list[CellValue]] = {}
        for number, row in enumerate(rows, top - 1):
            full: list[CellValue] = [""] * width
            for place, value in zip(places, row, strict=True):
                full[place] = value
            spread[self.rows[number] - first] = full
        return first, start, SparseRows(spread, last - first + 1, width)

    def area(self) -> int:
        """Return how many cells there are from the first that holds something to the last, blanks included."""
        if not self.rows:
            return 0
        return (self.rows[-1] - self.rows[0] + 1) * (self.columns[-1] - self.columns[0] + 1)

    def size(self) -> int:
        """Return how many cells the rows that hold something span."""
        return len(self.rows) * (self.columns[-1] - self.columns[0] + 1) if self.rows else 0
