"""A workbook as its parts, which nobody has packed into a file: how our own sheets come to be laid into a client's."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Final

from msgspec import Struct

STYLES_PART: Final = "xl/styles.xml"

WriteCells = Callable[[Callable[[int], int]], bytes]
"""Gives a sheet's <sheetData>, without a prefix and with its text inline, each number of a cell format replaced."""


class LooseStyles(Struct, frozen=True):
    """The formats of a workbook, by number.

    cells, dxfs: what tells each format of cells, and each differential one, from all others that there may be. write:
    gives the stylesheet with those of them that are asked for; the first of cells must be among them, and first.
    """

    cells: Sequence[Hashable]
    dxfs: Sequence[Hashable]
    write: Callable[[Sequence[int], Sequence[int]], bytes]


class LooseWorkbook(Struct, frozen=True):
    """A workbook of our own.

    parts: name -> content, in order; the stylesheet is empty, and sheets have an empty <sheetData/>. cells: sheet part
    -> what gives its cells.
    """

    parts: Mapping[str, bytes]
    cells: Mapping[str, WriteCells]
    styles: LooseStyles

    def whole(self, name: str) -> bytes:
        """Return a part as it is in a file."""
        if name == STYLES_PART:
            return self.styles.write(range(len(self.styles.cells)), range(len(self.styles.dxfs)))
        content = self.parts[name]
        return content.replace(b"<sheetData/>", self.cells[name](int), 1) if name in self.cells else content
