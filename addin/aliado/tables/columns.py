"""The cells of one field become a typed column, and those that could not be understood are told by index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from aliado.formula.texts import Vocabulary
from aliado.formula.values import Column, Kind, State, to_serial
from aliado.language import fold
from aliado.tables import amounts, cells
from aliado.tables.cells import NotUnderstood, Raw
from aliado.tables.schema import FieldType, Formats

_LARGEST_EXACT: Final = 2**53
_LARGEST_FAST: Final = 10.0**12
"""Amounts up to this keep their cents as floats; larger ones are read digit by digit."""
_NEAR_HALF: Final = 0.49


def read_column(
    values: Sequence[Raw], kind: FieldType, formats: Formats, translations: Mapping[str, str]
) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return a typed column of len(values) and, by index, the cells that could not be understood (unknown in the column)."""
    if kind is FieldType.TEXT:
        return _text_column(values, translations)
    if kind is FieldType.MONEY:
        fast = _scaled_floats(values, amounts.MONEY_SCALE, _LARGEST_FAST)
        if fast is not None:
            return fast, {}
        return _scaled_column(values, lambda raw: amounts.read_cents(raw, formats), amounts.MONEY_SCALE)
    if kind is FieldType.PERCENT:
        fast = _scaled_floats(values, amounts.PERCENT_SCALE, 1.0)
        if fast is not None:
            return fast, {}
        return _scaled_column(values, lambda raw: amounts.read_percent(raw, formats), amounts.PERCENT_SCALE)
    if kind is FieldType.DATE:
        return _date_column(values, formats)
    if kind is FieldType.BOOL:
        return _bool_column(values)
    return _number_column(values, formats)


def text_column(values: Sequence[str]) -> Column:
    """Return a text column of values as they are; "" is blank."""
    return _text_column(values, {})[0]


def _text_column(values: Sequence[Raw], translations: Mapping[str, str]) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return a text column, every distinct text read once; the column keeps its vocabulary, which rules then use."""
    texts = [raw if raw is None or raw.__class__ is str else str(cells.read_text(raw)) for raw in values]
    place = {raw: code for code, raw in enumerate(dict.fromkeys(texts))}
    codes = np.fromiter(map(place.__getitem__, texts), dtype=np.intp, count=len(texts))
    folded = {fold(typed): word for typed, word in translations.items()}
    words: dict[str, int] = {}
    word_of: list[int] = []
    states = np.zeros(len(place), dtype=np.uint8)
    failures: dict[int, NotUnderstood] = {}
    for code, raw in enumerate(place):
        text = cells.read_text(raw)
        if isinstance(text, NotUnderstood):
            failures[code], states[code], text = text, State.UNKNOWN, ""
        elif folded:
            text = cells.translate(text, folded)
        if not text and code not in failures:
            states[code] = State.BLANK
        word_of.append(words.setdefault(text, len(words)))
    failed = (
        {index: failures[code] for index, code in enumerate(codes.tolist()) if code in failures} if failures else {}
    )
    state = states[codes] if states.any() else None
    known = Vocabulary(np.array(word_of, dtype=np.intp)[codes], list(words))
    column = Column(Kind.TEXT, np.array(known.words, dtype=object)[known.codes], state)
    column.cache["vocabulary"] = known
    return column, failed


def _scaled_floats(values: Sequence[Raw], scale: int, largest: float) -> Column | None:
    """Return an exact column when every cell is blank or a plain number up to `largest` (the common case), else None."""
    classes = set(map(type, values))
    if not classes <= {float, int, type(None)}:
        return None
    state: npt.NDArray[np.uint8] | None = None
    if type(None) in classes:
        state = np.fromiter((value is None for value in values), dtype=np.uint8, count=len(values))
        state *= np.uint8(State.BLANK)
        values = [0.0 if value is None else value for value in values]
    numbers = np.array(values, dtype=np.float64)
    magnitude = np.abs(numbers)
    if len(numbers) and not magnitude.max() <= largest:
        return None
    exact = magnitude * 10**scale
    whole = np.rint(exact)
    # Near a half the decimal value that was typed decides, not its binary neighbour: 1.005 is 1.01.
    for index in np.flatnonzero(np.abs(exact - whole) > _NEAR_HALF).tolist():
        typed = Decimal(repr(float(magnitude[index]))).scaleb(scale)
        whole[index] = float(typed.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Column(Kind.NUMBER, (np.sign(numbers) * whole).astype(np.int64), state, scale)


def _scaled_column(
    values: Sequence[Raw], read: Callable[[Raw], int | NotUnderstood | None], scale: int
) -> tuple[Column, dict[int, NotUnderstood]]:
    data = np.zeros(len(values), dtype=np.int64)
    state = np.zeros(len(values), dtype=np.uint8)
    failed: dict[int, NotUnderstood] = {}
    for index, raw in enumerate(values):
        number = read(raw)
        if number is None:
            state[index] = State.BLANK
        elif isinstance(number, NotUnderstood):
            failed[index] = number
            state[index] = State.UNKNOWN
        else:
            data[index] = number
    return Column(Kind.NUMBER, data, state if state.any() else None, scale), failed


def _date_column(values: Sequence[Raw], formats: Formats) -> tuple[Column, dict[int, NotUnderstood]]:
    known: dict[date, int] = {}

    def read(raw: Raw) -> int | NotUnderstood | None:
        if raw.__class__ is date:
            serial = known.get(raw)
            if serial is None and raw >= cells.FIRST_DAY:
                known[raw] = serial = to_serial(raw)
            return serial if serial is not None else cells.read_date(raw, formats)
        return cells.read_date(raw.date() if isinstance(raw, datetime) else raw, formats)

    column, failed = _scaled_column(values, read, 0)
    return replace(column, kind=Kind.DATE, scale=None), failed


def _bool_column(values: Sequence[Raw]) -> tuple[Column, dict[int, NotUnderstood]]:
    column, failed = _scaled_column(values, lambda raw: None if (answer := cells.read_bool(raw)) is None else answer, 0)
    return Column(Kind.BOOL, column.data.astype(bool), column.state), failed


def _number_column(values: Sequence[Raw], formats: Formats) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return numbers as whole numbers where all are, else as floats."""
    failed: dict[int, NotUnderstood] = {}
    state = np.zeros(len(values), dtype=np.uint8)
    numbers = np.zeros(len(values), dtype=np.float64)
    for index, raw in enumerate(values):
        value = amounts.read_decimal(raw, formats)
        if value is None:
            state[index] = State.BLANK
        elif isinstance(value, NotUnderstood):
            failed[index] = value
            state[index] = State.UNKNOWN
        else:
            numbers[index] = float(value)
    marked = state if state.any() else None
    if len(numbers) == 0 or (np.all(numbers == np.floor(numbers)) and np.abs(numbers).max() < _LARGEST_EXACT):
        return Column(Kind.NUMBER, numbers.astype(np.int64), marked, 0), failed
    return Column(Kind.NUMBER, numbers, marked), failed
