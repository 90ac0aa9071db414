"""The cells of a large sheet read from its XML many at a time: where they are, plain numbers, and what is left to ask.

Only what every program writes alike is read here: numbers, and which shared string a cell shows. All else (dates, texts in
the cell, truths, errors) is left to the cell reader as questions; a sheet written in any other way is left to it whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from aliado.workbook.digits import WIDTH, Mask, Places, Words, find_byte, read_decimals, read_digits, words_of

CHUNK: Final = 2_000_000
"""Bytes looked at together: few enough to stay near the processor."""
_MOST_OTHERS: Final = 50_000
"""Cells left over as questions that are always put up with; more of them only while most cells are not."""
_ATTRIBUTES = re.compile(rb'(?: s="(\d{1,5})")?(?: t="(\w+)")?')
_LONGEST_ATTRIBUTES: Final = 3 * WIDTH
_MASKS: Final = np.array([(1 << (8 * size)) - 1 for size in range(WIDTH + 1)], dtype=np.uint64)
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_STRANGE = re.compile(rb"[^0-9.+\-eE]")


class Unusual(Exception):
    """The sheet is written in a way that only the cell reader knows."""


class Cells(Struct, frozen=True):
    """What a sheet's cells hold, in the order of the file. row, column: 1-based.

    numbers: their value is `number`, under the cell style `style`. strings: `number` says which shared string.
    others: the attributes and content of a cell's XML, as questions for the cell reader.
    count: how many cells are written, blank ones included. formulas: whether there are any.
    valueless: cells with a formula and without its value (those of `others` apart).
    """

    row: npt.NDArray[np.int32]
    column: npt.NDArray[np.int32]
    style: npt.NDArray[np.int32]
    number: npt.NDArray[np.float64]
    is_string: Mask
    others: list[tuple[int, int, bytes]]
    count: int
    formulas: bool
    valueless: list[tuple[int, int]]


def read_cells(xml: bytes, start: int, stop: int) -> Cells:
    """Return the cells between two places of a regular sheet without prefix; raises Unusual."""
    reader = _Reader(xml)
    parts = [reader.read(begin, end) for begin, end in _chunks(xml, start, stop)]
    if not parts:
        raise Unusual
    row, column, style, number, is_string = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Cells(row, column, style, number, is_string, reader.others, reader.count, reader.formulas, reader.valueless)


def _chunks(xml: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield spans that end with a row."""
    begin = start
    while begin < stop:
        end = xml.rfind(b"</row>", begin, begin + CHUNK) if stop - begin > CHUNK else stop
        if end <= begin:
            raise Unusual
        yield begin, end
        begin = end


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))


class _Reader:
    """Reads a sheet in pieces; it remembers how cells are dressed, which few different attributes say."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.bytes = np.frombuffer(xml, dtype=np.uint8)
        self.words: Words = words_of(xml)
        self.others: list[tuple[int, int, bytes]] = []
        self.known: dict[bytes, int] = {}
        self.styles: list[int] = []
        self.types: list[bytes] = []
        self.count = 0
        self.formulas = False
        self.valueless: list[tuple[int, int]] = []

    def read(self, begin: int, end: int) -> tuple[npt.NDArray[np.generic], ...]:
        """Return row, column, style, number and is_string of the cells that hold a number or a shared string."""
        opening = np.flatnonzero(self.bytes[begin:end] == ord("<")) + begin
        closing = np.flatnonzero(self.bytes[begin:end] == ord(">")) + begin
        if len(opening) != len(closing) or not ((opening < closing).all() and (closing[:-1] < opening[1:]).all()):
            raise Unusual
        words = self.words[opening]
        is_tag = words & _MASKS[6] == _word(b'<c r="')
        tags = np.flatnonzero(is_tag)
        cell_of = np.cumsum(is_tag, dtype=np.int32) - 1
        if int((words & _MASKS[2] == _word(b"<c")).sum()) != len(tags):
            raise Unusual
        values = np.flatnonzero(words & _MASKS[3] == _word(b"<v>"))
        if (words & _MASKS[3] == _word(b"<v ")).any() or (words & _MASKS[3] == _word(b"<v/")).any():
            raise Unusual
        owner = cell_of[values]
        if len(values) and (owner[0] < 0 or (np.diff(owner) <= 0).any() or values[-1] + 1 >= len(opening)):
            raise Unusual
        row, column, after = self._places(opening[tags])
        dress = self._dress(after, closing[tags])
        types = np.array([{b"": 0, b"n": 0, b"s": 1, b"/": 3}.get(name, 2) for name in self.types], dtype=np.int8)
        kind = types[dress]
        odd = np.flatnonzero(kind == 2)
        if len(odd) + len(self.others) > max(_MOST_OTHERS, (len(tags) + self.count) // 2):
            raise Unusual  # the cell reader is quicker with the whole sheet
        self._ask(odd, row, column, after)
        self.count += len(tags)
        self._note_formulas(words, cell_of, owner, kind, row, column)
        plain = kind[owner] < 2
        values, owner = values[plain], owner[plain]
        if (words[values + 1] & _MASKS[4] != _word(b"</v>")).any():
            raise Unusual
        is_string = kind[owner] == 1
        number = self._numbers(closing[values] + 1, opening[values + 1], is_string)
        style = np.array(self.styles, dtype=np.int32)[dress[owner]] if len(owner) else np.zeros(0, dtype=np.int32)
        return row[owner], column[owner], style, number, is_string

    def _note_formulas(
        self,
        words: Words,
        cell_of: npt.NDArray[np.int32],
        owner: npt.NDArray[np.int32],
        kind: npt.NDArray[np.int8],
        row: npt.NDArray[np.int32],
        column: npt.NDArray[np.int32],
    ) -> None:
        """Note the plain cells that hold a formula and no value."""
        formulas = np.flatnonzero(words & _MASKS[2] == _word(b"<f"))
        if not len(formulas):
            return
        self.formulas = True
        bare = np.zeros(len(row), dtype=bool)
        bare[cell_of[formulas]] = True
        bare[owner] = False
        bare &= kind < 2
        self.valueless += zip(row[bare].tolist(), column[bare].tolist(), strict=True)

    def _places(self, tags: Places) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Places]:
        """Return row, column, and where the attributes after the reference begin."""
        at = tags + len(b'<c r="')
        column = np.zeros(len(tags), dtype=np.int32)
        letters = np.zeros(len(tags), dtype=np.int64)
        more = np.ones(len(tags), dtype=bool)
        for place in range(3):
            code = self.bytes[at + place]
            more &= (code >= ord("A")) & (code <= ord("Z"))
            column = np.where(more, column * 26 + code - (ord("A") - 1), column)
            letters += more
        begin = at + letters
        size = find_byte(self.words[begin], ord('"'))
        row, good = read_digits(self.words[begin], np.clip(size, 1, WIDTH - 1))
        after = begin + size
        if not (good.all() and letters.all() and size.all() and (size < WIDTH).all()):
            raise Unusual
        return row.astype(np.int32), column, after + 1

    def _dress(self, begin: Places, end: Places) -> Places:
        """Return for each cell a number for its attributes (style and type), each way of writing them read once."""
        size = end - begin
        if size.max(initial=0) > _LONGEST_ATTRIBUTES:
            raise Unusual
        words = [self.words[begin + WIDTH * part] & _MASKS[np.clip(size - WIDTH * part, 0, WIDTH)] for part in range(3)]
        mixed = ((words[0] * _ODD ^ words[1]) * _ODD ^ words[2]) * _ODD
        _, first, alike = np.unique(mixed, return_index=True, return_inverse=True)
        for word in words:
            if (word != word[first][alike]).any():
                raise Unusual
        numbers = [self._learn(int(begin[cell]), int(end[cell])) for cell in first.tolist()]
        return np.array(numbers, dtype=np.int64)[alike]

    def _learn(self, begin: int, end: int) -> int:
        text = self.xml[begin:end]
        found = self.known.get(text)
        if found is None:
            match = _ATTRIBUTES.fullmatch(text)
            found = self.known[text] = len(self.styles)
            self.styles.append(int(match[1] or 0) if match else 0)
            self.types.append(b"/" if text.endswith(b"/") else (match[2] or b"") if match else b"?")
        return found

    def _ask(self, cells: Places, row: npt.NDArray[np.int32], column: npt.NDArray[np.int32], after: Places) -> None:
        for cell in cells.tolist():
            begin = int(after[cell])
            end = self.xml.find(b"</c>", begin)
            if end < 0:
                raise Unusual
            self.others.append((int(row[cell]), int(column[cell]), self.xml[begin:end]))

    def _numbers(self, begin: Places, end: Places, is_string: Mask) -> npt.NDArray[np.float64]:
        size = end - begin
        number = np.zeros(len(begin), dtype=np.float64)
        short = (size >= 1) & (size <= WIDTH)
        places = np.flatnonzero(short)
        whole, good = read_digits(self.words[begin[places]], size[places])
        number[places[good]] = whole[good]
        left = ~short
        left[places[~good]] = True
        if (left & is_string).any():
            raise Unusual
        rest = np.flatnonzero(left)
        decimals, good = read_decimals(self.words, begin[rest], size[rest])
        number[rest[good]] = decimals[good]
        odd = rest[~good]
        if len(odd):
            texts = [self.xml[one:other] for one, other in zip(begin[odd].tolist(), end[odd].tolist(), strict=True)]
            if not all(texts) or _STRANGE.search(b"".join(texts)):
                raise Unusual
            try:
                number[odd] = np.array(texts).astype(np.float64)
            except ValueError as error:
                raise Unusual from error
        return number
