"""Where a large sheet's rows and formulas stand in its XML, noted while it was read, so that nobody searches it again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from aliado.workbook.digits import Places, find_byte, read_digits, words_of

ROW = b'<row r="'


class Layout(Struct, frozen=True):
    """Places in the XML of a sheet that has rows, with nothing but cells in them, and cells.

    start, stop: where the cells begin and end. rows: where each row begins. formulas, ends: where the tag of each formula of
    a cell begins, and where its text has ended.
    """

    start: int
    stop: int
    rows: Places
    formulas: Places
    ends: Places

    def find_rows(self, xml: bytes, numbers: Sequence[int]) -> list[int]:
        """Return where rows begin, -1 for those that are not there or not written like most."""
        missing = [-1] * len(numbers)
        words = words_of(xml)
        if not len(self.rows) or (words[self.rows] != np.uint64(int.from_bytes(ROW, "little"))).any():
            return missing
        digits = words[self.rows + len(ROW)]
        present, good = read_digits(digits, np.maximum(find_byte(digits, ord('"')), 1))
        if not good.all() or (np.diff(present) <= 0).any():
            return missing
        wanted = np.array(numbers, dtype=np.int64)
        place = np.minimum(np.searchsorted(present, wanted), len(present) - 1)
        found: list[int] = np.where(present[place] == wanted, self.rows[place], -1).tolist()
        return found

    def read_formulas(self, xml: bytes) -> bytes:
        """Return the formulas of cells alone, each with its start tag and the "<" that follows its text."""
        sizes = self.ends - self.formulas + 1
        before = np.cumsum(sizes) - sizes
        places = np.arange(int(sizes.sum())) + np.repeat(self.formulas - before, sizes)
        found: bytes = np.frombuffer(xml, dtype=np.uint8)[places].tobytes()
        return found
