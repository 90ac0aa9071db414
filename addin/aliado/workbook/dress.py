"""How cells are dressed: what their tags say after the reference (style and type), each way of saying it read once."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt

from aliado.workbook.digits import MASKS, WIDTH, Places, Words

NUMBER: Final = 0
STRING: Final = 1
RESULT: Final = 2
"""A text as a formula's result."""
INLINE: Final = 3
"""A text of its own."""
OTHER: Final = 4
"""A type, or a way of writing, that only the cell reader knows."""
BLANK: Final = 5
"""A cell that ends with its tag."""

_LONGEST: Final = 3 * WIDTH
_STYLE, _TYPE, _END = rb' s="(?P<style>\d{1,5})"', rb' t="(?P<type>\w+)"', rb"(?P<end>/?)>"
_TAG_ENDS = (
    b"(?:" + _STYLE + b")?(?:" + _TYPE + b")?" + _END,
    _TYPE + _STYLE + _END,  # as Numbers writes it
)
_ATTRIBUTES = rb"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?>"
_KINDS: Final = {None: NUMBER, b"n": NUMBER, b"s": STRING, b"str": RESULT, b"inlineStr": INLINE}
SHARED: Final = -1
WRITTEN: Final = -2
"""Instead of a style, which nobody asks for: that of cells with a shared string, and with a text of their own."""
_STYLES: Final = {STRING: SHARED, RESULT: WRITTEN, INLINE: WRITTEN}
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)

Dress = tuple[npt.NDArray[np.int8], npt.NDArray[np.int32]]
"""Kind and style of each cell."""


class Unusual(Exception):
    """The sheet is written in a way that only the cell reader knows."""


class Dresses:
    """What cells of one sheet are dressed in. A text has a slot, by a hash of its bytes, that holds it and what it means."""

    def __init__(self, bits: int) -> None:
        """bits: texts of one word have 2 ** bits slots, longer ones as many of their own."""
        self._bits = bits
        slots = 2 << bits
        self._texts = [np.zeros(slots, dtype=np.uint64) for _ in range(0, _LONGEST, WIDTH)]
        self._kinds = np.zeros(slots, dtype=np.int8)
        self._styles = np.zeros(slots, dtype=np.int32)
        self._known: dict[bytes, tuple[int, int]] = {}

    def read(self, words: Words, begin: Places, size: Places) -> Dress:
        """Return the dress of cells whose tags go on at `begin` for `size` bytes, ">" included; raises Unusual."""
        if size.min(initial=1) < 1 or size.max(initial=1) > _LONGEST:
            raise Unusual
        first = words[begin] & MASKS[np.minimum(size, WIDTH)]
        long = np.flatnonzero(size > WIDTH)
        rest = [
            words[begin[long] + place] & MASKS[np.clip(size[long] - place, 0, WIDTH)]
            for place in range(WIDTH, _LONGEST, WIDTH)
        ]
        mixed = first * _ODD
        for word in rest:
            mixed[long] = (mixed[long] ^ word) * _ODD
        slot = (mixed >> np.uint64(64 - self._bits)).view(np.int64)
        slot[long] += 1 << self._bits
        strange = self._strangers(slot, first, long, rest)
        if len(strange):
            _, new = np.unique(slot[strange], return_index=True)
            for cell in strange[new].tolist():
                self._learn(int(slot[cell]), _text(words, begin[cell], size[cell]))
            strange = self._strangers(slot, first, long, rest)
        kinds, styles = self._kinds[slot], self._styles[slot]
        for cell in strange.tolist():  # another text holds its slot
            kinds[cell], styles[cell] = self._read(_text(words, begin[cell], size[cell]))
        return kinds, styles

    def _strangers(self, slot: Places, first: Words, long: Places, rest: list[Words]) -> Places:
        """Return the cells whose slot does not hold their text."""
        same = self._texts[0][slot] == first
        for texts, word in zip(self._texts[1:], rest, strict=True):
            same[long] &= texts[slot[long]] == word
        return np.flatnonzero(~same)

    def _learn(self, slot: int, text: bytes) -> None:
        """Let a text have a slot that is free."""
        if self._texts[0][slot]:
            return
        self._kinds[slot], self._styles[slot] = self._read(text)
        for place, texts in enumerate(self._texts):
            texts[slot] = int.from_bytes(text[place * WIDTH : (place + 1) * WIDTH], "little")

    def _read(self, text: bytes) -> tuple[int, int]:
        if text not in self._known:
            match = next(filter(None, (re.fullmatch(pattern, text) for pattern in _TAG_ENDS)), None)
            if match is None and not re.fullmatch(_ATTRIBUTES, text):
                raise Unusual  # or something stands between this tag and the next
            if match is None or (match["type"] and match["end"]):
                self._known[text] = (BLANK if text.endswith(b"/>") else OTHER), 0
            else:
                kind = BLANK if match["end"] else _KINDS.get(match["type"], OTHER)
                self._known[text] = kind, _STYLES.get(kind, int(match["style"] or 0))
        return self._known[text]


def _text(words: Words, begin: int, size: int) -> bytes:
    return b"".join(int(words[begin + place]).to_bytes(WIDTH, "little") for place in range(0, _LONGEST, WIDTH))[:size]
