"""Cells put to the cell reader one by one, on a sheet made for the purpose, and a large sheet's values put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import numpy as np

from aliado.workbook.bulk import Cells
from aliado.workbook.cells import column_letters
from aliado.workbook.digits import Places
from aliado.workbook.grid import NUMBER, Grid
from aliado.workbook.namespaces import MAIN
from aliado.workbook.sheet import CellValue

ACROSS: Final = 64
"""Questions in a row."""
_SAMPLE: Final = 45000.5
"""A number that a date style turns into a date, and a number style leaves alone."""


def _write(questions: Iterable[bytes]) -> bytes:
    """Return the XML of a sheet with one cell for each question: the attributes and the content of a cell."""
    letters = [column_letters(column + 1).encode() for column in range(ACROSS)]
    pieces = [b'<worksheet xmlns="%b"><sheetData>' % MAIN.encode()]
    for place, question in enumerate(questions):
        row, column = divmod(place, ACROSS)
        if not column:
            pieces.append(b'%b<row r="%d">' % (b"</row>" if row else b"", row + 1))
        pieces.append(b'<c r="%b%d"%b</c>' % (letters[column], row + 1, question))
    pieces.append(b"</row></sheetData></worksheet>" if len(pieces) > 1 else b"</sheetData></worksheet>")
    return b"".join(pieces)


def _read(rows: Sequence[Sequence[CellValue]], count: int) -> list[CellValue]:
    """Return the answers, in order; rows: the sheet's cells from A1 on."""
    found = [cell for row in rows for cell in (*row, *[""] * (ACROSS - len(row)))][:count]
    return [*found, *[""] * (count - len(found))]


def _distinct(numbers: Places, usual: int) -> tuple[Places, Places]:
    """Return the distinct numbers in order, and for each number its place among them; quick when all are below `usual`."""
    if not len(numbers) or numbers.max() >= usual:
        found, places = np.unique(numbers, return_inverse=True)
        return found, places
    used = np.zeros(usual, dtype=bool)
    used[numbers] = True
    return np.flatnonzero(used), (np.cumsum(used) - 1)[numbers]


class Puzzle:
    """A large sheet with gaps: what was read at once, and the questions whose answers complete it.

    strings: the workbook's shared strings as far as they are known, see `read_plain_strings`.
    """

    def __init__(self, cells: Cells, strings: Sequence[str | None]) -> None:
        self.cells = cells
        self.styles: list[int] = np.flatnonzero(np.bincount(cells.style[~cells.is_string])).tolist()
        self._strings, self._shown = _distinct(cells.number[cells.is_string].astype(np.int64), len(strings))
        self._texts = [None] * len(self._strings)
        if len(strings) and (self._strings < len(strings)).all():
            self._texts = np.fromiter(strings, dtype=object, count=len(strings))[self._strings].tolist()
        self._dates: dict[int, Any] = {}

    def ask_styles(self) -> bytes:
        """Return the sheet that tells which of the cell styles show dates."""
        return _write(b' s="%d"><v>%b</v>' % (style, str(_SAMPLE).encode()) for style in self.styles)

    def take_dates(self, rows: Sequence[Sequence[CellValue]]) -> None:
        """Take in what the cell reader made of `ask_styles`."""
        for style, answer in zip(self.styles, _read(rows, len(self.styles)), strict=True):
            if answer != _SAMPLE:
                self._dates[style] = np.unique(self.cells.number[self._of_style(style)])

    def _of_style(self, style: int) -> Any:
        return (self.cells.style == style) & ~self.cells.is_string

    def questions(self) -> bytes:
        """Return the sheet that tells the rest: each unknown string that is shown, each date, and every other cell."""
        told = zip(self._strings.tolist(), self._texts, strict=True)
        strings = [b' t="s"><v>%d</v>' % number for number, text in told if text is None]
        dates = [
            b' s="%d"><v>%b</v>' % (style, repr(value).encode())
            for style, values in self._dates.items()
            for value in values.tolist()
        ]
        return _write([*strings, *dates, *(question for _, _, question in self.cells.others)])

    def solve(
        self, rows: Sequence[Sequence[CellValue]], errors: Mapping[tuple[int, int], str]
    ) -> tuple[int, int, Grid]:
        """Return first row, first column and the cells, from what the cell reader made of `questions`.

        errors: what cells with an Excel error say.
        """
        cells, count = self.cells, len(self.cells.row)
        unknown = self._texts.count(None)
        asked = unknown + sum(map(len, self._dates.values())) + len(cells.others)
        answers = iter(_read(rows, asked))
        places = np.full(count, NUMBER, dtype=np.int32)
        begin = 1  # the blank comes first
        places[cells.is_string] = begin + self._shown
        begin += len(self._strings)
        for style, values in self._dates.items():
            mine = self._of_style(style)
            places[mine] = begin + np.searchsorted(values, cells.number[mine])
            begin += len(values)
        others = np.array([(row, column) for row, column, _ in cells.others], dtype=np.int64).reshape(-1, 2)
        pool: list[CellValue] = ["", *(next(answers) if text is None else text for text in self._texts)]
        pool += islice(answers, begin - len(pool))
        told = zip(cells.others, answers, strict=True)
        pool += [errors.get((row, column), answer) for (row, column, _), answer in told]
        values_of = np.fromiter(pool, dtype=object, count=len(pool))
        row_of = np.concatenate([cells.row, others[:, 0]])
        column_of = np.concatenate([cells.column, others[:, 1]])
        if not len(row_of):
            return 1, 1, Grid(np.zeros((0, 0), dtype=np.int32), np.zeros((0, 0)), values_of)
        top, left = int(row_of.min()), int(column_of.min())
        shape = int(column_of.max()) - left + 1, int(row_of.max()) - top + 1
        at = column_of - left, row_of - top
        grid, numbers = np.zeros(shape, dtype=np.int32), np.zeros(shape)
        grid[at] = np.concatenate([places, np.arange(begin, begin + len(others))])
        numbers[at[0][:count], at[1][:count]] = cells.number
        return top, left, Grid(grid, numbers, values_of)
