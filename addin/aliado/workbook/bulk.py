"""The cells of a large sheet read from its XML many at a time: where they are, plain numbers, and what is left to ask.

Only what every program writes alike is read here: numbers, texts, and which shared string a cell shows. All else (dates,
odd texts, truths, errors) is left to the cell reader as questions; a sheet written in any other way is left to it whole. So is
a damaged one: every tag must belong to a row or a cell of the usual form, or lie inside a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from aliado.workbook.cells import LAST_COLUMN, LAST_ROW
from aliado.workbook.digits import MASKS, WIDTH, Mask, Places, Words, find_byte, read_decimals, read_digits, words_of
from aliado.workbook.dress import BLANK, INLINE, OTHER, RESULT, STRING, Dresses, Unusual
from aliado.workbook.layout import Layout
from aliado.workbook.written_texts import WrittenTexts, is_inline, is_value, word_of

CHUNK: Final = 2_000_000
"""Bytes looked at together: few enough to stay near the processor."""
_MOST_OTHERS: Final = 50_000
"""Cells left over as questions that are always put up with; more of them only while most cells are not."""
# As texts, compiled when they are needed first: most sheets do without.
_USUAL = rb"[^<>]*>(?:<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>))?(?:<v>[^<]*</v>)?"
_TAG = rb"<(/?)([^\s<>/]+)[^<>]*?(/?)>"
_STRANGE = rb"[^0-9.+\-eE]"


class Cells(Struct, frozen=True):
    """What a sheet's cells hold, in the order of the file. row, column: 1-based.

    number: a cell's value, under the cell style `style`; where that is SHARED it says which shared string the cell shows,
    where it is WRITTEN which of `texts`.
    others: the attributes and content of a cell's XML, as questions for the cell reader.
    count: how many cells are written, blank ones included. layout: where rows and formulas stand.
    valueless: cells with a formula and without its value (those of `others` apart).
    """

    row: npt.NDArray[np.int32]
    column: npt.NDArray[np.int32]
    style: npt.NDArray[np.int32]
    number: npt.NDArray[np.float64]
    others: list[tuple[int, int, bytes]]
    count: int
    layout: Layout
    valueless: list[tuple[int, int]]
    texts: list[str]


def read_cells(xml: bytes, start: int, stop: int) -> Cells:
    """Return the cells between two places (none where they are the same) of a sheet without prefix; raises Unusual."""
    reader = _Reader(xml)
    try:
        parts = [reader.read(begin, end, last=end == stop) for begin, end in _chunks(xml, start, stop)]
    except IndexError as error:  # it breaks off within a tag
        raise Unusual from error
    if not parts:
        parts = [tuple(np.zeros(0, dtype=kind) for kind in (np.int32, np.int32, np.int32, np.float64))]
    row, column, style, number = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    layout, texts = reader.layout(start, stop), reader.texts.texts
    return Cells(row, column, style, number, reader.others, reader.count, layout, reader.valueless, texts)


def _chunks(xml: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield spans that end with a row."""
    begin = start
    while begin < stop:
        end = xml.rfind(b"</row>", begin, begin + CHUNK) if stop - begin > CHUNK else stop
        if end <= begin:
            raise Unusual
        yield begin, end
        begin = end


class _Reader:
    """Reads a sheet in pieces, and remembers what is to be known of it as a whole.

    A tag is known by its number among the tags of the piece: opening[tag] is where it begins, code[tag] the character after
    its "<". A cell of the usual form is <c><v></v></c>, with <f></f> or <f/> before the value, without either, or <c/>, or
    <c><is><t></t></is></c>.
    """

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.bytes = np.frombuffer(xml, dtype=np.uint8)
        self.words: Words = words_of(xml)
        self.dresses = Dresses(10 if len(xml) < CHUNK else 15)
        self.others: list[tuple[int, int, bytes]] = []
        self.count = 0
        self.rows: list[Places] = []
        self.formulas: list[Places] = []
        self.ends: list[Places] = []
        self.valueless: list[tuple[int, int]] = []
        self.last_place = 0
        self.texts = WrittenTexts()

    def read(self, begin: int, end: int, *, last: bool) -> tuple[npt.NDArray[np.generic], ...]:
        """Return row, column, style and number (as in `Cells`) of the cells that could be read.

        The piece begins with <sheetData> or </row> and ends before a </row> or </sheetData>.
        """
        words = self.words[begin:]
        opening = np.flatnonzero(self.bytes[begin : end + 1] == ord("<"))  # the last belongs to what follows
        code = self.bytes[begin + 1 :][opening]
        cells = np.flatnonzero(code[:-1] == ord("c"))
        start, following = opening[cells], opening[cells + 1]
        row, column, after = self._places(words, start)
        kind, style = self.dresses.read(words, after, following - after)
        self._check_order(row, column)
        self.count += len(cells)
        first = cells + 1
        formulas, tags = self._pass_formulas(begin, opening, code, first, kind)
        valued = code[first] == ord("v")
        written, texts = self._texts(begin, opening, first, kind, valued)
        asked = np.flatnonzero(kind == OTHER)
        if len(asked) + len(self.others) > max(_MOST_OTHERS, self.count // 2):
            raise Unusual  # the cell reader is quicker with the whole sheet
        inside = self._ask(asked, row, column, after + begin) + 5 * int((kind == INLINE).sum())
        plain = kind < INLINE
        valued &= plain
        empty = np.flatnonzero(plain & ~valued)
        if (words[opening[first[empty]]] & MASKS[4] != word_of(b"</c>")).any():
            raise Unusual
        inside += int(tags[plain[formulas]].sum())
        without = formulas[plain[formulas] & ~valued[formulas]]
        self.valueless += zip(row[without].tolist(), column[without].tolist(), strict=True)
        held = np.flatnonzero(valued & (kind < RESULT))
        usual = len(cells) + len(empty) + 3 * int(valued.sum()) + self._count_rows(begin, opening, code, last=last)
        if usual + inside != len(opening) - 1:
            raise Unusual
        values = first[held]
        number = self._numbers(begin, opening[values], opening[values + 1], kind[held] == STRING)
        if len(written):
            held, number = np.concatenate([held, written]), np.concatenate([number, texts])
        return row[held].astype(np.int32), column[held].astype(np.int32), style[held], number

    def _pass_formulas(
        self, begin: int, opening: Places, code: npt.NDArray[np.uint8], first: Places, kind: npt.NDArray[np.int8]
    ) -> tuple[Places, Places]:
        """Return the cells with a formula and how many tags it has; `first`, the first tag in each cell, moves on past it."""
        everywhere = np.flatnonzero(code[:-1] == ord("f"))
        self.formulas.append(opening[everywhere] + begin)
        self.ends.append(opening[everywhere + 1] + begin)
        cells = np.flatnonzero((code[first] == ord("f")) & (kind < BLANK))
        closed = self.words[begin:][opening[first[cells] + 1]] & MASKS[4] == word_of(b"</f>")
        first[cells] += 1 + closed
        if (self.bytes[begin - 2 :][opening[first[cells[~closed]]]] != ord("/")).any():
            raise Unusual
        return cells, 1 + closed.astype(np.int64)

    def _texts(
        self, begin: int, opening: Places, first: Places, kind: npt.NDArray[np.int8], valued: Mask
    ) -> tuple[Places, npt.NDArray[np.int64]]:
        """Return the cells with texts of their own that can be read, and which texts; the others' kind becomes OTHER."""
        words = self.words[begin:]
        found, codes = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for wanted, usual, before, tag in ((RESULT, is_value, 0, len(b"<v>")), (INLINE, is_inline, 1, len(b"<is><t>"))):
            cells = np.flatnonzero(kind == wanted)
            if not len(cells):
                continue
            kind[cells] = OTHER
            ends = np.minimum(first[cells] + 1 + before, len(opening) - 1)
            start, end = opening[first[cells]], opening[ends]
            good = usual(words, start, end) & (valued[cells] | (wanted == INLINE))
            cells, start, end = cells[good], start[good] + begin, end[good] + begin
            texts = self.texts.read(self.xml, start, end, tag)
            kind[cells[texts >= 0]] = wanted
            found.append(cells[texts >= 0])
            codes.append(texts[texts >= 0])
        return np.concatenate(found), np.concatenate(codes)

    def _places(self, words: Words, start: Places) -> tuple[Places, Places, Places]:
        """Return row and column of the cells that begin at `start`, and where their tags go on after the reference."""
        head = words[start + 1]
        if (head & MASKS[5] != word_of(b'c r="')).any():
            raise Unusual
        column = _letter(head >> np.uint64(40))
        begin = start + len(b'<c r="A')
        wide = np.arange(len(start))
        for place in (np.uint64(48), np.uint64(56)):
            letter = _letter(head[wide] >> place)
            more = letter > 0
            wide = wide[more]
            column[wide] = column[wide] * 26 + letter[more]
            begin[wide] += 1
        digits = words[begin]
        size = find_byte(digits, ord('"'))
        if not (column.all() and size.all() and (size < WIDTH).all()):
            raise Unusual
        digits &= MASKS[size]
        new = np.flatnonzero(np.diff(digits, prepend=np.uint64(0)))  # a row's number is read once
        number, good = read_digits(digits[new], size[new])
        if (
            not good.all()
            or number.min(initial=1) < 1
            or number.max(initial=1) > LAST_ROW
            or column.max(initial=1) > LAST_COLUMN
        ):
            raise Unusual
        return np.repeat(number, np.diff(new, append=len(start))), column, begin + size + 1

    def _check_order(self, row: Places, column: Places) -> None:
        """Raise Unusual where a cell is written twice, or pieces of the sheet are not in order."""
        if not len(row):
            return
        place = (row << 14) | column
        if place[0] <= self.last_place or (np.diff(place) <= 0).any():
            place = np.unique(place)
            if place[0] <= self.last_place or len(place) < len(row):
                raise Unusual
        self.last_place = int(place[-1])

    def _ask(self, cells: Places, row: Places, column: Places, after: Places) -> int:
        """Put cells among the questions; return how many tags belong to them besides their own."""
        tags = 0
        for cell in cells.tolist():
            begin = int(after[cell])
            end = self.xml.find(b"</c>", begin)
            if end < 0:
                raise Unusual
            question = self.xml[begin:end]
            if not _is_whole(question):
                raise Unusual
            tags += question.count(b"<") + 1
            self.others.append((int(row[cell]), int(column[cell]), question))
        return tags

    def _count_rows(self, begin: int, opening: Places, code: npt.NDArray[np.uint8], *, last: bool) -> int:
        """Return how many tags are those of rows, with the one that the piece begins with; raises Unusual."""
        words, count = self.words[begin:], len(opening) - 1
        rows = np.flatnonzero(code[:-1] == ord("r"))
        head = words[opening[rows]] & MASKS[5]
        rows = rows[(head == word_of(b"<row ")) | (head == word_of(b"<row>"))]
        if not len(rows):
            return 1
        bare = self.bytes[begin - 2 :][opening[rows + 1]] == ord("/")
        end = self.bytes[begin - 1 :][opening[rows + 1]]  # of its tag, or blanks after it
        before = np.append(rows[1:], count) - 1  # the tag before the next row, or the last one
        ended = words[opening[before]] & MASKS[6] == word_of(b"</row>")
        good = np.where(bare, before == rows, ended)
        if not last:
            good[-1] = not bare[-1]  # its end follows
        if rows[0] != 1 or not good.all() or not ((end == ord(">")) | (end <= ord(" "))).all():
            raise Unusual
        self.rows.append(opening[rows] + begin)
        return 1 + len(rows) + int((~bare).sum()) - (not last)

    def layout(self, start: int, stop: int) -> Layout:
        """Return where the rows and formulas stand that were read between two places."""
        none = [np.zeros(0, dtype=np.int64)]
        return Layout(
            start, stop, *(np.concatenate(places or none) for places in (self.rows, self.formulas, self.ends))
        )

    def _numbers(self, begin: int, start: Places, end: Places, is_string: Mask) -> npt.NDArray[np.float64]:
        """Return what stands in values, which begin and end with their tags; raises Unusual."""
        words = self.words[begin:]
        head = words[start + 2]
        if (head & MASKS[1] != ord(">")).any() or (words[end] != word_of(b"</v></c>")).any():
            raise Unusual
        start, size = start + len(b"<v>"), end - start - len(b"<v>")
        whole, good = read_digits(head >> np.uint64(8), np.clip(size, 1, WIDTH - 1))
        good &= (size >= 1) & (size < WIDTH)
        if not good[is_string].all():
            raise Unusual
        number = whole.astype(np.float64)
        rest = np.flatnonzero(~good)
        decimals, good = read_decimals(words, start[rest], size[rest])
        number[rest] = decimals
        odd = rest[~good]
        if len(odd):
            spans = zip((start[odd] + begin).tolist(), (end[odd] + begin).tolist(), strict=True)
            texts = [self.xml[one:other] for one, other in spans]
            if not all(texts) or re.search(_STRANGE, b"".join(texts)):
                raise Unusual
            try:
                number[odd] = np.fromiter(map(float, texts), dtype=np.float64, count=len(texts))
            except ValueError as error:
                raise Unusual from error
        return number


def _is_whole(question: bytes) -> bool:
    """Return whether the content of a cell, after what is left of its tag, ends every element that it begins."""
    if re.fullmatch(_USUAL, question):
        return True
    begun: list[bytes] = []
    for end, name, empty in re.findall(_TAG, question):
        if end and not (begun and begun.pop() == name):
            return False
        if not end and not empty:
            begun.append(name)
    return not begun


def _letter(code: Words) -> Places:
    """Return the place in the alphabet of the character in the lowest byte of each word, 0 when it is no capital letter."""
    letter: Places = (code & MASKS[1]).view(np.int64) - (ord("A") - 1)
    letter[(letter < 1) | (letter > 26)] = 0
    return letter
