"""Columns of text: one vocabulary per column, comparisons without case, Excel's wildcards, numbers written as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from aliado.formula.numbers import order_mask
from aliado.formula.states import States, with_state
from aliado.formula.values import Column, Kind, Rows, State
from aliado.language import fold

Codes = npt.NDArray[np.intp]
MAX_TEXT = 32767
"""Most characters of one text, as in a cell."""
MAX_TOTAL = 50_000_000
"""Most characters that one part of a formula may write over all rows."""


class Vocabulary(Struct, frozen=True):
    """A text column as codes into its distinct words.

    by_word: what was worked out once about the words, shared by all rows taken. cache: about the rows.
    """

    codes: Codes
    words: list[str]
    by_word: dict[str, Any] = field(default_factory=dict)
    cache: dict[str, Any] = field(default_factory=dict)

    def take(self, rows: Rows | npt.NDArray[np.bool_]) -> Vocabulary:
        """Return the same words for the chosen rows (some may then be unused)."""
        return Vocabulary(self.codes[rows], self.words, self.by_word)

    def blanked(self, rows: npt.NDArray[np.bool_]) -> Vocabulary:
        """Return the words of the rows with some of them blank; "" comes last where it was not among the words."""
        told: tuple[int, list[str], dict[str, Any]] | None = self.by_word.get("blanked")
        if told is None:
            among = "" in self.words
            told = (
                (self.words.index(""), self.words, self.by_word) if among else (len(self.words), [*self.words, ""], {})
            )
            self.by_word["blanked"] = told
        place, words, by_word = told
        return Vocabulary(np.where(rows, place, self.codes), words, by_word)

    @property
    def folded(self) -> list[str]:
        """The words without case, in the order of `words`."""
        found: list[str] | None = self.by_word.get("folded")
        if found is None:
            found = [word.casefold() for word in self.words]
            self.by_word["folded"] = found
        return found

    @property
    def index(self) -> dict[str, int]:
        """A number for each folded word; words that differ only in case share it."""
        found: dict[str, int] | None = self.by_word.get("index")
        if found is None:
            found = {}
            for word in self.folded:
                found.setdefault(word, len(found))
            self.by_word["index"] = found
        return found

    @property
    def ids(self) -> Codes:
        """For each row the number of its folded word in `index`."""
        found: Codes | None = self.cache.get("ids")
        if found is None:
            index = self.index
            found = np.array([index[word] for word in self.folded], dtype=np.intp)[self.codes]
            self.cache["ids"] = found
        return found

    @property
    def names(self) -> list[str]:
        """The words as names are compared, without accents, case or extra spaces, in the order of `words`."""
        found: list[str] | None = self.by_word.get("names")
        if found is None:
            found = self.by_word["names"] = _fold_all(self.words)
        return found

    def of_words(self, values: Sequence[Any], dtype: npt.DTypeLike = object) -> npt.NDArray[Any]:
        """Return, for each row, the value of its word; values: one for each of `words`."""
        return np.fromiter(values, dtype=dtype, count=len(values))[self.codes]


def _fold_all(words: Sequence[str]) -> list[str]:
    """Return every word folded; plain ones all at once, which only differ from what they fold to by their capitals."""
    together = "\n".join(words)
    if together.isascii() and not _uneven(together):
        folded = together.lower().split("\n")
        if len(folded) == len(words):
            return folded
    return [fold(word) for word in words]


_UNEVEN = ("  ", " \n", "\n ", "\t", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f")


def _uneven(lines: str) -> bool:
    """Return whether a line has spaces at its ends, several at once, or any other than plain ones."""
    return lines.startswith(" ") or lines.endswith(" ") or any(mark in lines for mark in _UNEVEN)


def vocabulary(column: Column) -> Vocabulary:
    """Return the vocabulary of a text column, worked out once per column."""
    found: Vocabulary | None = column.cache.get("vocabulary")
    if found is None:
        texts = column.data.tolist()
        words = list(dict.fromkeys(texts))
        index = {word: code for code, word in enumerate(words)}
        codes = np.fromiter(map(index.__getitem__, texts), dtype=np.intp, count=len(texts))
        found = Vocabulary(codes, words)
        column.cache["vocabulary"] = found
    return found


def text_column(texts: Sequence[str], state: States | None = None) -> Column:
    """Return texts as a column."""
    data = np.empty(len(texts), dtype=object)
    data[:] = texts
    return Column(Kind.TEXT, data, state)


def texts_from(words: Iterable[str | None], count: int, state: States | None, codes: Codes | None = None) -> Column:
    """Return `count` computed words as a column, or as the words that `codes` point at.

    None, a text longer than a cell holds and whatever passes `MAX_TOTAL` characters in all become #VALUE!.
    """
    table = np.full(count, "", dtype=object)
    wrong = np.zeros(count, dtype=np.bool_)
    characters = 0
    for place, word in enumerate(words):
        if word is None or len(word) > MAX_TEXT:
            wrong[place] = True
            continue
        characters += len(word)
        if characters > MAX_TOTAL:
            wrong[place:] = True
            break
        table[place] = word
    if codes is not None:
        table, wrong = table[codes], wrong[codes]
    if state is not None and len(state) != len(table):
        state = np.broadcast_to(state, len(table))
    return Column(Kind.TEXT, table, with_state(state, wrong, State.VALUE_ERROR))


def mapped_texts(column: Column, change: Callable[[str], str | None], state: States | None) -> Column:
    """Return a text column with every distinct word changed once."""
    known = vocabulary(column)
    return texts_from(map(change, known.words), len(known.words), state, known.codes)


def text_column_of(codes: Codes, words: list[str], state: States | None) -> Column:
    """Return the column whose rows are `words[code]`."""
    table = np.empty(len(words), dtype=object)
    table[:] = words
    column = Column(Kind.TEXT, table[codes] if len(words) else np.empty(0, dtype=object), state)
    if len(set(words)) == len(words):
        column.cache["vocabulary"] = Vocabulary(codes, words)
    return column


def word_mask(column: Column, holds: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    """Return where the folded word of a text column satisfies `holds`, asked once per distinct word."""
    known = vocabulary(column)
    answers = np.fromiter(map(holds, known.folded), dtype=np.bool_, count=len(known.words))
    return answers[known.codes] if len(known.words) else np.zeros(0, dtype=np.bool_)


def compare_texts(operator: str, left: Column, right: Column) -> npt.NDArray[np.bool_]:
    """Return where `left operator right` holds, without case."""
    if len(right.data) == 1:
        return _compare_with(operator, left, str(right.data[0]))
    if len(left.data) == 1:
        turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(operator, operator)
        return _compare_with(turned, right, str(left.data[0]))
    first, second = vocabulary(left), vocabulary(right)
    distinct = {*first.folded, *second.folded}
    if operator in ("=", "<>"):
        rank = {word: position for position, word in enumerate(distinct)}
    else:
        rank = {word: position for position, word in enumerate(sorted(distinct, key=sort_key))}
    one = np.array([rank[word] for word in first.folded], dtype=np.intp)
    two = np.array([rank[word] for word in second.folded], dtype=np.intp)
    return order_mask(operator, one[first.codes], two[second.codes])


def _compare_with(operator: str, column: Column, text: str) -> npt.NDArray[np.bool_]:
    wanted = text.casefold()
    if operator == "=":
        return word_mask(column, wanted.__eq__)
    if operator == "<>":
        return word_mask(column, wanted.__ne__)
    key = sort_key(wanted)
    return word_mask(column, lambda word: bool(order_mask(operator, _sign(sort_key(word), key), 0)))


def _sign(left: tuple[str, str], right: tuple[str, str]) -> int:
    return (left > right) - (left < right)


def sort_key(word: str) -> tuple[str, str]:
    """Return the key that orders words as a spreadsheet does: marks, digits, letters; accents after the plain letter."""
    lower = word.casefold()
    plain = lower if lower.isascii() else fold(lower)
    return "".join(map(_ranked, plain)), lower


def _ranked(char: str) -> str:
    return f"{'2' if char.isalpha() else '1' if char.isdigit() else '0'}{char}"


def write_numbers(column: Column, *, decimal_comma: bool) -> Column:
    """Return numbers, dates (as serials) or truths written as text, as `&` does in a cell."""
    values, codes = np.unique(column.data, return_inverse=True)
    if column.kind is Kind.BOOL:
        words = [truth_text(bool(value), spanish=decimal_comma) for value in values]
    elif column.scale is None and column.kind is Kind.NUMBER:
        words = [float_text(float(value)) for value in values]
    else:
        words = [format(Decimal(int(value)).scaleb(-(column.scale or 0)).normalize() + 0, "f") for value in values]
    if decimal_comma and column.kind is Kind.NUMBER:
        words = [word.replace(".", ",") for word in words]
    return text_column_of(codes.astype(np.intp), words, None)


def truth_text(value: bool, *, spanish: bool) -> str:
    """Return TRUE or FALSE, VERDADERO or FALSO."""
    if spanish:
        return "VERDADERO" if value else "FALSO"
    return "TRUE" if value else "FALSE"


def float_text(value: float) -> str:
    """Return a float in at most 15 significant digits, as a General cell shows it."""
    text = f"{value:.15g}"
    if "e" not in text:
        return "0" if text == "-0" else text
    exact = Decimal(text)
    if -10 < exact.adjusted() < 21:
        return format(exact, "f")
    digits, _, exponent = text.partition("e")
    sign, size = exponent[0], exponent[1:]
    return f"{digits}E{sign}{size.rjust(2, '0')}"


def read_number(text: str) -> Decimal | None:
    """Return the number that a text holds (decimal point or comma, %, no thousands), or None."""
    plain = text.strip()
    hundredths = plain.endswith("%")
    if hundredths:
        plain = plain[:-1].rstrip()
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not plain or len(plain) > 40 or not set(plain) <= set("0123456789+-.eE"):
        return None
    try:
        value = Decimal(plain)
    except ArithmeticError:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return None
    return value / 100 if hundredths else value


def has_wildcards(pattern: str) -> bool:
    """Return whether a pattern uses Excel's * ? or ~."""
    return "*" in pattern or "?" in pattern or "~" in pattern


def wildcard_matcher(pattern: str) -> Callable[[str], bool]:
    """Return a test of a whole folded word against Excel's * (any run), ? (one character) and ~ (the next as it is).

    Runs in time proportional to word times pattern: each piece between stars is found at its first place.
    """
    pieces = _pieces(pattern.casefold())
    first, last = pieces[0], pieces[-1]
    middle = pieces[1:-1]

    def matches(word: str) -> bool:
        if len(pieces) == 1:
            return len(word) == len(first) and _fits(word, 0, first)
        if len(word) < len(first) + len(last) or not _fits(word, 0, first):
            return False
        at, stop = len(first), len(word) - len(last)
        for piece in middle:
            at = find_piece(word, piece, at, stop)
            if at < 0:
                return False
            at += len(piece)
        return _fits(word, stop, last)

    return matches


Piece = list[str | None]
"""Characters in a row; None is any one character."""


def _pieces(pattern: str) -> list[Piece]:
    pieces: list[Piece] = [[]]
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "~" and pattern[index + 1 : index + 2] in {"*", "?", "~"}:
            index += 1
            pieces[-1].append(pattern[index])
        elif char == "*":
            pieces.append([])
        else:
            pieces[-1].append(None if char == "?" else char)
        index += 1
    return pieces


def search_pieces(pattern: str) -> list[Piece]:
    """Return the pieces between the stars of a folded pattern."""
    return _pieces(pattern.casefold())


def find_piece(word: str, piece: Piece, start: int, stop: int) -> int:
    """Return the first place at or after `start` where `piece` fits before `stop`, or -1."""
    if None not in piece:
        return word.find("".join(char for char in piece if char is not None), start, stop)
    for at in range(start, stop - len(piece) + 1):
        if _fits(word, at, piece):
            return at
    return -1


def _fits(word: str, at: int, piece: Piece) -> bool:
    return all(char is None or word[at + offset] == char for offset, char in enumerate(piece))
