"""Where a text stands in another, and whether two are the same to the letter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, parameter
from aliado.formula.functions.text_rows import rows_of, wide_state
from aliado.formula.states import spread, with_state
from aliado.formula.texts import find_piece, search_pieces, vocabulary
from aliado.formula.values import Column, Kind, State
from aliado.language import Text


def _find(_data: Data, wanted: Column, text: Column, start: Column | None = None) -> Column:
    return _positions(wanted, text, start, lambda piece, word, at: word.find(piece, at))


def _search(_data: Data, wanted: Column, text: Column, start: Column | None = None) -> Column:
    return _positions(wanted, text, start, lambda piece, word, at: _search_from(piece, word.casefold(), at))


def _search_from(pattern: str, word: str, start: int) -> int:
    """Return where a pattern with wildcards first fits inside a word, from `start`, or -1."""
    pieces = search_pieces(pattern)
    while pieces and not pieces[-1]:
        pieces.pop()
    while pieces and not pieces[0]:
        pieces.pop(0)
        if not pieces:
            return start if start <= len(word) else -1
        return start if find_piece(word, pieces[0], start, len(word)) >= 0 else -1
    if not pieces:
        return start if start <= len(word) else -1
    first = find_piece(word, pieces[0], start, len(word))
    at = first
    for piece, before in zip(pieces[1:], pieces, strict=False):
        if at < 0:
            return -1
        at = find_piece(word, piece, at + len(before), len(word))
    return first if at >= 0 else -1


def _positions(wanted: Column, text: Column, start: Column | None, search: Callable[[str, str, int], int]) -> Column:
    """Return the place (from 1) of each wanted text; #VALUE! where it is not found."""
    columns = (wanted, text) if start is None else (wanted, text, start)
    state = spread(*columns)
    if start is None and len(wanted) == 1 and len(text) > 1:
        known = vocabulary(text)
        piece = str(wanted.data[0])
        found = np.array([search(piece, word, 0) for word in known.words], dtype=np.int64)[known.codes] + 1
    else:
        places = []
        for piece, word, *first in rows_of(*columns):
            at = first[0] if first else 1
            places.append(search(piece, word, at - 1) + 1 if 1 <= at <= len(word) + 1 else 0)
        found = np.array(places, dtype=np.int64)
    return Column(Kind.NUMBER, found, with_state(wide_state(state, len(found)), found < 1, State.VALUE_ERROR), 0)


def _exact(_data: Data, left: Column, right: Column) -> Column:
    return Column(Kind.BOOL, np.asarray(left.data == right.data, dtype=np.bool_), spread(left, right))


_TEXT = parameter("text", "text", "texto", "text")
_FROM = parameter("start", "number", "desde qué posición", "from which position", optional=True)
_WANTED = parameter("wanted", "text", "texto que se busca", "text to look for")

FUNCTIONS = (
    FunctionSpec(
        "FIND",
        ("ENCONTRAR",),
        "text",
        (_WANTED, _TEXT, _FROM),
        Kind.NUMBER,
        Text("Dónde está un texto, con mayúsculas.", "Where a text is, case counts."),
        ('=ENCONTRAR("-"; [@Factura])',),
        _find,
    ),
    FunctionSpec(
        "SEARCH",
        ("HALLAR",),
        "text",
        (_WANTED, _TEXT, _FROM),
        Kind.NUMBER,
        Text("Dónde está un texto; admite * y ?.", "Where a text is; takes * and ?."),
        ('=ESNUMERO(HALLAR("anticipo"; [@Factura]))',),
        _search,
    ),
    FunctionSpec(
        "EXACT",
        ("IGUAL",),
        "text",
        (parameter("left", "text", "texto", "text"), parameter("right", "text", "otro texto", "another text")),
        Kind.BOOL,
        Text("Iguales también en mayúsculas.", "Equal in case too."),
        ("=IGUAL([@Serie]; MAYUSC([@Serie]))",),
        _exact,
    ),
)
