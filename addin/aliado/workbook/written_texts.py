"""Texts that stand in the cells of a large sheet themselves: results of formulas (t="str") and inline strings, each one read once."""

from __future__ import annotations

from itertools import count

import numpy as np
import numpy.typing as npt

from aliado.workbook.digits import MASKS, Mask, Places, Words
from aliado.workbook.plain_strings import read_plain

_INLINE, _VALUE = b"<is><t>", b"<v>"


def is_inline(words: Words, start: Places, end: Places) -> Mask:
    """Return where <is><t> and </t></is></c> stand, with nothing but text between."""
    begun: Mask = words[start] & MASKS[len(_INLINE)] == word_of(_INLINE)
    ended: Mask = (words[end] == word_of(b"</t></is")) & (words[end + 5] == word_of(b"/is></c>"))
    return begun & ended


def is_value(words: Words, start: Places, end: Places) -> Mask:
    """Return where <v> and </v></c> stand."""
    begun: Mask = words[start] & MASKS[len(_VALUE)] == word_of(_VALUE)
    ended: Mask = words[end] == word_of(b"</v></c>")
    return begun & ended


def word_of(text: bytes) -> np.uint64:
    """Return up to eight characters as a word has them."""
    return np.uint64(int.from_bytes(text, "little"))


class WrittenTexts:
    """The distinct texts of a sheet's cells that say what they say as they stand there."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._known: dict[bytes, int] = {}

    def read(self, xml: bytes, start: Places, end: Places, tag: int) -> npt.NDArray[np.int64]:
        """Return which of `texts` each one is, -1 where only the cell reader knows what it says; tag: how long their start tags are."""
        spans = zip((start + tag).tolist(), end.tolist(), strict=True)
        texts = [xml[one:other] for one, other in spans]
        self._learn([text for text in dict.fromkeys(texts) if text not in self._known])
        return np.fromiter(map(self._known.__getitem__, texts), dtype=np.int64, count=len(texts))

    def _learn(self, texts: list[bytes]) -> None:
        try:
            said = read_plain(b"\0".join(texts).decode().split("\0"))
        except UnicodeDecodeError:
            said = []
        if len(said) != len(texts):
            said = [""] * len(texts)
        codes = count(len(self.texts))
        self._known.update(zip(texts, [next(codes) if plain else -1 for plain in said], strict=True))
        self.texts += filter(None, said)
