"""Cells put to the cell reader one by one, on a sheet made for the purpose, and a large sheet's values put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from aliado.workbook.bulk import Cells
from aliado.workbook.cells import column_letters
from aliado.workbook.digits import Places
from aliado.workbook.dress import SHARED, WRITTEN
from aliado.workbook.grid import NUMBER, Grid, Pool
from aliado.workbook.namespaces import MAIN
from aliado.workbook.plain_strings import read_plain_strings, write_strings
from aliado.workbook.sheet import CellValue

ACROSS: Final = 64
"""Questions in a row."""
_SAMPLE: Final = 45000.5
"""A number that a date style turns into a date, and a number style leaves alone."""
_DAY: Final = 45000
_FIRST_DAY: Final = 61
"""1 March 1900, from when on numbers and days go together."""
_LAST_DAY: Final = 2_900_000
_NUMBERS_STRING = rb"[^>]*\st\s*=\s*[\"']s[\"']"
_COUNTED: Final = 100_000
"""Whole numbers below this are told apart by counting."""


def write_questions(questions: Iterable[bytes]) -> bytes:
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


def read_answers(rows: Sequence[Sequence[CellValue]]) -> Iterator[CellValue]:
    """Yield the answers in order, blank ones for ever after the last; rows: the sheet's cells from A1 on."""
    for row in rows:
        yield from row
        yield from [""] * (ACROSS - len(row))
    while True:
        yield ""


def ask_styles(styles: Iterable[int]) -> bytes:
    """Return the sheet that tells which of some cell styles show dates, and which days."""
    return write_questions(
        b' s="%d"><v>%b</v>' % (style, str(number).encode()) for style in styles for number in (_SAMPLE, _DAY)
    )


def read_date_styles(styles: Iterable[int], rows: Sequence[Sequence[CellValue]]) -> dict[int, int | None]:
    """Return the styles that show dates, from what the cell reader made of `ask_styles`.

    To each, what makes a whole number an ordinal day; None where whole numbers are no days (durations, times of day).
    """
    answers = read_answers(rows)
    found: dict[int, int | None] = {}
    for style, sample, day in zip(styles, answers, answers, strict=False):
        if sample != _SAMPLE:
            found[style] = day.toordinal() - _DAY if type(day) is date else None
    return found


def _to_days(numbers: npt.NDArray[np.float64], shift: int | None) -> list[CellValue]:
    """Return the day of each number, None for those that only the cell reader knows; shift: as in `read_date_styles`."""
    if shift is None:
        return [None] * len(numbers)
    plain = (numbers >= _FIRST_DAY) & (numbers < _LAST_DAY) & (numbers == np.floor(numbers))
    days = np.where(plain, numbers, 0).astype(np.int64) + shift
    return [date.fromordinal(day) if good else None for day, good in zip(days.tolist(), plain.tolist(), strict=True)]


class Strings:
    """The shared strings of a workbook: plain ones are known as texts, of the others it is kept which were asked for.

    xml: the list. shorten: whether the cell reader gets a list of those alone that were asked for; not where a question of
    another kind speaks of a string by its number.
    """

    def __init__(self, xml: bytes) -> None:
        plain = read_plain_strings(xml)
        self.shorten = plain is not None
        self._xml = xml
        self._texts = np.array([] if plain is None else plain.texts, dtype=object)
        self._unknown = np.zeros(len(self._texts), dtype=bool)
        self._unknown[[] if plain is None else plain.unknown] = True
        self._asked: list[int] = []

    def choose(self, numbers: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.object_], Places, list[int], Places]:
        """Return the distinct texts among `numbers`, for each number its place among them, and what of them is to ask: numbers and places."""
        distinct, codes = _distinct(numbers, len(self._texts))
        strings = distinct.astype(np.int64)
        within = strings < len(self._texts)
        texts = np.full(len(strings), "", dtype=object)
        texts[within] = self._texts[strings[within]]
        to_ask = ~within
        to_ask[within] = self._unknown[strings[within]]
        places = np.flatnonzero(to_ask)
        return texts, codes, strings[places].tolist(), places

    def ask(self, number: int) -> bytes:
        """Return the question for a string."""
        if self.shorten and number < len(self._texts):
            self._asked.append(number)
            number = len(self._asked) - 1
        return b' t="s"><v>%d</v>' % number

    def write(self) -> bytes:
        """Return the list that the questions speak of."""
        return write_strings(self._xml, self._asked) if self.shorten else self._xml


def _distinct(numbers: npt.NDArray[np.float64], usual: int) -> tuple[npt.NDArray[np.float64], Places]:
    """Return the distinct numbers in order, and for each its place among them; quick for many whole numbers from 0 to below `usual`."""
    if len(numbers) > usual // 16 and numbers.min() >= 0 and numbers.max() < usual:
        whole = numbers.astype(np.int64)
        if (whole == numbers).all():
            used = np.zeros(usual, dtype=bool)
            used[whole] = True
            return np.flatnonzero(used).astype(np.float64), (np.cumsum(used) - 1)[whole]
    found, places = np.unique(numbers, return_inverse=True)
    return found, places


class Puzzle:
    """A large sheet with gaps: what was read at once, and the questions whose answers complete it."""

    def __init__(self, cells: Cells, strings: Strings) -> None:
        self.cells = cells
        self.styles: list[int] = np.flatnonzero(np.bincount(cells.style - WRITTEN)[-WRITTEN:]).tolist()
        self._strings = strings
        self._shown = np.flatnonzero(cells.style == SHARED)
        self._texts, self._text_of, self._unknown, self._gaps = strings.choose(cells.number[self._shown])
        strings.shorten &= not any(re.match(_NUMBERS_STRING, question) for _, _, question in cells.others)
        self._dates: list[tuple[Places, list[CellValue], Places]] = []
        """The cells of a style, the distinct days (None where unknown), and for each cell the place of its day."""

    def ask(self, date_styles: Mapping[int, int | None]) -> bytes:
        """Return the sheet that tells the rest: each unknown string that is shown, each odd date, and every other cell.

        date_styles: as `read_date_styles` returns them.
        """
        questions = [self._strings.ask(number) for number in self._unknown]
        for style in [style for style in self.styles if style in date_styles]:
            mine = np.flatnonzero(self.cells.style == style)
            numbers, codes = _distinct(self.cells.number[mine], _COUNTED)
            days = _to_days(numbers, date_styles[style])
            self._dates.append((mine, days, codes))
            if None in days:
                odd = [number for number, day in zip(numbers.tolist(), days, strict=True) if day is None]
                questions += [b' s="%d"><v>%b</v>' % (style, repr(number).encode()) for number in odd]
        return write_questions([*questions, *(question for _, _, question in self.cells.others)])

    def solve(
        self, rows: Sequence[Sequence[CellValue]], errors: Mapping[tuple[int, int], str]
    ) -> tuple[int, int, Grid]:
        """Return first row, first column and the cells, from what the cell reader made of `ask`.

        errors: what cells with an Excel error say.
        """
        cells, others, answers = self.cells, self.cells.others, read_answers(rows)
        pool: list[CellValue] = [""]  # the blank comes first
        places = np.full(len(cells.row), NUMBER, dtype=np.int32)
        places[self._shown] = self._text_of + len(pool)
        texts = self._texts
        texts[self._gaps] = list(islice(answers, len(self._gaps)))
        pool += texts.tolist()
        if cells.texts:
            written = np.flatnonzero(cells.style == WRITTEN)
            places[written] = cells.number[written].astype(np.int32) + len(pool)
            pool += cells.texts
        for mine, days, codes in self._dates:
            places[mine] = codes + len(pool)
            pool += [next(answers) if day is None else day for day in days] if None in days else days
        begin = len(pool)
        pool += [errors.get((row, column), answer) for (row, column, _), answer in zip(others, answers, strict=False)]
        unsure = np.concatenate([[0], 1 + self._gaps, np.arange(begin, len(pool))])
        values_of = Pool(np.fromiter(pool, dtype=object, count=len(pool)), unsure)
        row_of = np.concatenate([cells.row, np.array([row for row, _, _ in others], dtype=np.int32)])
        column_of = np.concatenate([cells.column, np.array([column for _, column, _ in others], dtype=np.int32)])
        if not len(row_of):
            return 1, 1, Grid(np.zeros((0, 0), dtype=np.int32), np.zeros((0, 0)), values_of)
        top, left = int(row_of.min()), int(column_of.min())
        shape = int(column_of.max()) - left + 1, int(row_of.max()) - top + 1
        at = (column_of - left) * np.int64(shape[1]) + (row_of - top)
        grid, numbers = np.zeros(shape, dtype=np.int32), np.zeros(shape)
        grid.ravel()[at] = np.concatenate([places, np.arange(begin, begin + len(others), dtype=np.int32)])
        numbers.ravel()[at[: len(cells.row)]] = cells.number
        return top, left, Grid(grid, numbers, values_of)
