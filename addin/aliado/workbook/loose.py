"""A workbook as its parts, which nobody has packed into a file: how our own sheets come to be laid into a client's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

WriteCells = Callable[[Callable[[int], int]], bytes]
"""Gives a sheet's <sheetData>, without a prefix and with its text inline, each number of a cell format replaced."""


class LooseWorkbook(Struct, frozen=True):
    """parts: name -> content, in order. cells: sheet part -> what gives its cells; the part itself has an empty <sheetData/>."""

    parts: Mapping[str, bytes]
    cells: Mapping[str, WriteCells]

    def whole(self, name: str) -> bytes:
        """Return a part as it is in a file, a sheet with its cells."""
        content = self.parts[name]
        return content.replace(b"<sheetData/>", self.cells[name](int), 1) if name in self.cells else content
