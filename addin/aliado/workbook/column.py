"""Texts down one column of a sheet, set in a single pass over its XML: for tables of a hundred thousand rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from aliado.workbook.cells import column_letters, read_column
from aliado.workbook.cellxml import read_value, write_value

if TYPE_CHECKING:
    from aliado.workbook.layout import Layout

_SPANS = re.compile(rb"\sspans=(?:\"([0-9]+):([0-9]+)\"|'[^']*')")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class ColumnEdit(Struct, frozen=True):
    """A sheet's XML with a column set. changed: rows that hold something else now; added: those that had no such cell."""

    xml: bytes
    changed: list[int]
    added: list[int]


def set_column(
    xml: bytes,
    prefix: bytes,
    column: int,
    values: Mapping[int, str | None],
    strings: Callable[[], Sequence[str]],
    default_style: str | None,
    layout: Layout | None = None,
) -> ColumnEdit | None:
    """Return the sheet with texts set (None empties a cell), or None when it is not written plainly enough for this.

    xml: a sheet that `is_regular`. values: row -> text. strings: gives the shared strings, if they are needed.
    default_style: the column's, for new cells in rows without a format of their own. layout: of the sheet, where known.
    """
    column_edit = _Column(xml, prefix, column, strings, default_style)
    try:
        return column_edit.run(values, layout)
    except (_Unclear, ValueError):
        return None


class _Unclear(Exception):
    """What was found is not the row or cell that it should be."""


class _Column:
    def __init__(
        self,
        xml: bytes,
        prefix: bytes,
        column: int,
        strings: Callable[[], Sequence[str]],
        default_style: str | None,
    ) -> None:
        self.xml = xml
        self.prefix = prefix
        self.column = column
        self.letters = column_letters(column).encode()
        self.opening = b"<" + prefix + b'c r="'
        self.strings = strings
        self.default_style = default_style
        self.present: dict[bytes, tuple[str, str | None] | None] = {}
        """What stands after a cell's reference -> its style and text, None when it must not be written over."""
        self.left: dict[bytes, bool] = {}
        self.written: dict[tuple[str, str | None], bytes] = {}
        self.dressed: dict[bytes, tuple[bytes, str]] = {}
        """What stands after a row's number -> the same without a hint that a new cell makes untrue, and the cell's style."""

    def run(self, values: Mapping[int, str | None], layout: Layout | None) -> ColumnEdit | None:
        xml, prefix, letters = self.xml, self.prefix, self.letters
        if layout is None and 0 <= xml.find(b"<" + prefix + b"extLst") < xml.rfind(b"</" + prefix + b"sheetData>"):
            return None  # rows that end with something else than cells
        view = memoryview(xml)
        pieces: list[bytes | memoryview] = []
        changed: list[int] = []
        added: list[int] = []
        position = end = 0
        closing, cell = b"</" + prefix + b"row>", self.opening
        rows = sorted(values)
        tags = layout.find_rows(xml, rows) if layout else None
        for number, row in enumerate(rows):
            value = values[row]
            opening = b'<%brow r="%d"' % (prefix, row)
            tag = tags[number] if tags else xml.find(opening, end)
            if tag < end or not xml.startswith(opening, tag):
                return None
            start = xml.index(b">", tag) + 1
            attributes = xml[tag + len(opening) : start - 1]
            if attributes.endswith(b"/"):
                return None
            end = xml.find(closing, start)
            if end < 0:
                return None
            name = letters + b'%d"' % row
            found, place = self.locate(start, end, name)
            if found < 0:
                if value is not None:
                    if attributes not in self.dressed:
                        self.dressed[attributes] = self.read_row(attributes)
                    head, style = self.dressed[attributes]
                    pieces += (view[position:tag], opening, head, view[start - 1 : place])
                    pieces += (cell, name, self.cell_tail(style, value))
                    position = place
                    changed.append(row)
                    added.append(row)
                continue
            after = found + len(cell) + len(name)
            stop = self.cell_end(after, end)
            tail = xml[after:stop]
            held = self.present.get(tail, _UNKNOWN)
            if held is _UNKNOWN:
                held = self.present[tail] = self.read_tail(tail)
            if held is None:
                return None
            if held[1] == value:
                continue
            pieces += (view[position:found], cell, name, self.cell_tail(held[0], value))
            position = stop
            changed.append(row)
        pieces.append(view[position:])
        return ColumnEdit(b"".join(pieces), changed, added)

    def is_left(self, place: int, name: bytes) -> bool:
        """Return whether the cell whose reference begins at `place` stands to the left of the column."""
        middle = self.xml.index(b'"', place) - len(name) + len(self.letters) + 1
        if not self.xml.startswith(name[len(self.letters) :], middle):
            raise _Unclear
        letters = self.xml[place:middle]
        if letters not in self.left:
            self.left[letters] = read_column(letters.decode()) < self.column
        return self.left[letters]

    def locate(self, start: int, end: int, name: bytes) -> tuple[int, int]:
        """Return where a row's cell stands (-1 when it is not there), and where it would go."""
        last = self.xml.rfind(self.opening, start, end)
        if self.xml.find(b"<" + self.prefix + b"row", max(last, start), end) >= 0:
            raise _Unclear  # its end tag has blanks: what was found is the end of another row
        if last < 0:
            return -1, end
        if self.xml.startswith(name, last + len(self.opening)):
            return last, last
        if self.is_left(last + len(self.opening), name):
            return -1, end
        return self.find_among(start, end)

    def find_among(self, start: int, end: int) -> tuple[int, int]:
        """Return where the cell stands (-1 when it is not there), and where it would go."""
        for cell in re.finditer(b"<" + self.prefix + rb'c r="([A-Z]+)', self.xml[start:end]):
            column = read_column(cell[1].decode())
            if column == self.column:
                return start + cell.start(), start
            if column > self.column:
                return -1, start + cell.start()
        raise _Unclear

    def cell_end(self, after: int, end: int) -> int:
        inner = self.xml.index(b">", after) + 1
        if self.xml[inner - 2 : inner] == b"/>":
            return inner
        closing = b"</" + self.prefix + b"c>"
        return self.xml.index(closing, inner, end) + len(closing)

    def read_tail(self, tail: bytes) -> tuple[str, str | None] | None:
        """Return the style and text of a present cell, None when it holds a formula or linked data."""
        head = tail[: tail.index(b">")]
        given = {key.decode(): (one or two).decode() for key, one, two in _ATTRIBUTE.findall(head)}
        unclear = set(given) - {"s", "t"} or any(b"<" + self.prefix + name in tail for name in (b"f", b"c "))
        if unclear:
            return None
        kind = given.get("t", "n")
        value = read_value(b"<c " + tail, self.prefix, kind, self.strings() if kind == "s" else ())
        if value is not None and not isinstance(value, str):
            value = f"\0{value}"  # a number is no text of ours: it is written over
        return given.get("s", "0"), value or None

    def read_row(self, attributes: bytes) -> tuple[bytes, str]:
        """Return a row's attributes without the hint that a new cell makes untrue, and the style of a new cell in it."""
        style = self.default_style
        if b"customFormat" in attributes:
            given = {key: one or two for key, one, two in _ATTRIBUTE.findall(attributes)}
            if given.get(b"customFormat") in (b"1", b"true"):
                style = given.get(b"s", b"0").decode()
        return without_spans(attributes, self.column), style or "0"

    def cell_tail(self, style: str, text: str | None) -> bytes:
        """Return what comes after the reference of a cell."""
        key = style, text
        if key not in self.written:
            attributes = {"s": style} if style != "0" else {}
            whole = write_value("A1", attributes, text, b"", self.prefix, from_1904=False)
            self.written[key] = whole[len(b"<" + self.prefix + b'c r="A1"') :]
        return self.written[key]


def without_spans(tag: bytes, column: int) -> bytes:
    """Return a row's start tag (or its attributes) without its hint about the first and last cell, where a new cell makes it untrue."""
    spans = _SPANS.search(tag)
    if spans is None or (spans[2] and int(spans[1]) <= column <= int(spans[2])):
        return tag
    return tag[: spans.start()] + tag[spans.end() :]


_UNKNOWN = ("", "")
