"""The formulas of a sheet that call a function of ours, and the cells that their stored results fill."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from aliado.workbook.cells import read_cell, read_range_or_nothing, write_cell
from aliado.workbook.markup import plain_markup, unescape
from aliado.workbook.scan import is_regular

_CALLS = (b"ALIADO_", b"aliado_", b"Aliado_")
"""How formulas write the beginning of our functions' names; Excel itself writes the first."""


class OwnFormula(Struct, frozen=True):
    """A formula that calls a function of ours. row, column: its cell's, 1-based. text: without "=", in file form.

    area: (top, left, bottom, right) of the cells that its stored result fills; array: it may fill several.
    """

    row: int
    column: int
    text: str
    area: tuple[int, int, int, int]
    array: bool = False

    @property
    def cell(self) -> str:
        """The reference of its cell."""
        return write_cell(self.row, self.column)


def calls_us(xml: bytes) -> bool:
    """Return whether a sheet's XML speaks of our functions at all; one character is searched for much faster than a word."""
    return b"_" in xml and any(word in xml for word in _CALLS)


def find_own_formulas(xml: bytes, prefix: bytes) -> list[OwnFormula]:
    """Return the formulas of a sheet that call a function of ours, in the order of the file.

    prefix: what the sheet's elements begin with ("x:"). A sheet whose cells do not begin with their references gives none.
    """
    if not calls_us(xml):
        return []
    if not is_regular(xml):
        xml = plain_markup(xml)
    return list(_find(xml, prefix)) if is_regular(xml) else []


def find_formulas(xml: bytes, prefix: bytes, word: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield (row, column, text) of the formulas of a plainly written sheet whose text holds a word; filled-down ones once."""
    pattern = re.compile(b"<" + prefix + rb"f\b[^>]*>([^<]*" + re.escape(word) + rb"[^<]*)</")
    for found in pattern.finditer(xml):
        yield (*_place(xml, prefix, found.start()), unescape(found[1].decode("utf-8", "replace")))


def _find(xml: bytes, prefix: bytes) -> Iterator[OwnFormula]:
    formula = re.compile(
        b"<" + prefix + rb"f\b([^>]*?)(?:/>|>([^<]*)</" + prefix + rb"f\s*>)"
    )  # a shared formula's text stands in its first cell alone
    shared: dict[bytes, tuple[str, int, int]] = {}
    for found in formula.finditer(xml):
        attributes, text = found[1], found[2] or b""
        ours = calls_us(text)
        group = _SHARED.search(attributes) if b"shared" in attributes else None
        number = group[1] if group else b""
        if not ours and number not in shared:
            continue
        row, column = _place(xml, prefix, found.start())
        if not row:
            continue
        if ours:
            written = unescape(text.decode("utf-8", "replace"))
            if group:
                shared[number] = (written, row, column)
        else:
            written = _translate(*shared[number], row, column)
        array = _ARRAY.search(attributes)
        area = read_range_or_nothing(array[1].decode()) if array else (row, column, row, column)
        yield OwnFormula(row, column, written, area, array is not None)


_SHARED = re.compile(rb"\bsi=[\"'](\d+)[\"']")
_ARRAY = re.compile(rb"(?=[^>]*\bt=[\"']array[\"'])[^>]*\bref=[\"']([A-Z0-9:]+)[\"']")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]+[0-9]+)[\"']")


def _place(xml: bytes, prefix: bytes, before: int) -> tuple[int, int]:
    start = xml.rfind(b"<" + prefix + b"c ", 0, before)
    found = _REFERENCE.search(xml, start, before)
    return read_cell(found[1].decode()) if found else (0, 0)


def _translate(text: str, row: int, column: int, to_row: int, to_column: int) -> str:
    """Return a formula as it reads when filled from one cell to another."""
    from openpyxl.formula.translate import Translator  # late: for sheets with such formulas only

    moved: str = Translator("=" + text, write_cell(row, column)).translate_formula(write_cell(to_row, to_column))
    return moved[1:]
