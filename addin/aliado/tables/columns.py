"""The cells of one field become a typed column, and those that could not be understood are told by index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from aliado.formula.texts import Vocabulary
from aliado.formula.values import EXCEL_DAY_ZERO, Column, Kind, State
from aliado.language import fold
from aliado.tables import amounts, cells
from aliado.tables.cells import NotUnderstood, Raw
from aliado.tables.raw import RawColumn, as_numbers, factor
from aliado.tables.schema import FieldType, Formats

_DAY_ZERO: Final = EXCEL_DAY_ZERO.toordinal()
_LARGEST_EXACT: Final = 2**53
_LARGEST_FAST: Final = 10.0**12
"""Amounts up to this keep their cents as floats; larger ones are read digit by digit."""
_NEAR_HALF: Final = 0.49


def read_column(
    values: RawColumn, kind: FieldType, formats: Formats, translations: Mapping[str, str]
) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return a typed column of len(values) and, by index, the cells that could not be understood (unknown in the column)."""
    if kind is FieldType.TEXT:
        return _text_column(values, translations)
    if kind is FieldType.MONEY:
        return _scaled_column(
            values, lambda raw: amounts.read_cents(raw, formats), amounts.MONEY_SCALE, largest=_LARGEST_FAST
        )
    if kind is FieldType.PERCENT:
        return _scaled_column(
            values, lambda raw: amounts.read_percent(raw, formats), amounts.PERCENT_SCALE, largest=1.0
        )
    if kind is FieldType.DATE:
        return _date_column(values, formats)
    if kind is FieldType.BOOL:
        return _bool_column(values)
    return _number_column(values, formats)


def text_column(values: Sequence[str]) -> Column:
    """Return a text column of values as they are; "" is blank."""
    return _text_column(values, {})[0]


def _text_column(values: RawColumn, translations: Mapping[str, str]) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return a text column, every distinct text read once; the column keeps its vocabulary, which rules then use."""
    codes, distinct = _distinct_texts(values)
    folded = {fold(typed): word for typed, word in translations.items()}
    read, failures = _read_texts(distinct, folded)
    states = None
    if failures or not all(read):
        states = np.fromiter((State.VALUE if text else State.BLANK for text in read), dtype=np.uint8, count=len(read))
        states[list(failures)] = State.UNKNOWN
    failed = (
        {index: failures[code] for index, code in enumerate(codes.tolist()) if code in failures} if failures else {}
    )
    state = None if states is None else states[codes]
    words = list(dict.fromkeys(read))
    if len(words) < len(read):
        place = {text: number for number, text in enumerate(words)}
        codes = np.fromiter(map(place.__getitem__, read), dtype=np.intp, count=len(read))[codes]
    known = Vocabulary(codes, words)
    column = Column(Kind.TEXT, np.array(known.words, dtype=object)[known.codes], state)
    column.cache["vocabulary"] = known
    return column, failed


def _distinct_texts(values: RawColumn) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return for each row a code into the distinct texts, and these; "" is a blank cell."""
    codes, distinct = factor(values)
    if set(map(type, distinct)) <= {str}:
        return codes, cast("list[str]", distinct)
    return codes, [
        "" if raw is None else raw if raw.__class__ is str else str(cells.read_text(raw)) for raw in distinct
    ]


def _read_texts(distinct: Sequence[str], folded: Mapping[str, str]) -> tuple[list[str], dict[int, NotUnderstood]]:
    """Return what each distinct cell says, "" where it is blank or not understood, and those not understood by index."""
    together = "".join(distinct)
    if not folded and together.isprintable() and "#" not in together:  # no line breaks, no odd spaces, no errors
        return list(map(str.strip, distinct)), {}
    read: list[str] = []
    failures: dict[int, NotUnderstood] = {}
    for code, raw in enumerate(distinct):
        text = cells.read_text(raw)
        if isinstance(text, NotUnderstood):
            failures[code], text = text, ""
        elif folded:
            text = cells.translate(text, folded)
        read.append(text)
    return read, failures


def _plain_numbers(values: RawColumn, largest: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return the cells as floats, and which of them are plain numbers up to `largest`; the others are 0."""
    numbers = as_numbers(values)
    plain = np.abs(numbers) <= largest
    return np.where(plain, numbers, 0.0), plain


def _scaled_column(
    values: RawColumn, read: Callable[[Raw], int | NotUnderstood | None], scale: int, *, largest: float
) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return exact numbers: plain ones up to `largest` all at once, the other cells one by one."""
    numbers, plain = _plain_numbers(values, largest)
    exact = np.abs(numbers) * 10**scale
    whole = np.rint(exact)
    # Near a half the decimal value that was typed decides, not its binary neighbour: 1.005 is 1.01.
    for index in np.flatnonzero(np.abs(exact - whole) > _NEAR_HALF).tolist():
        typed = Decimal(repr(abs(float(numbers[index])))).scaleb(scale)
        whole[index] = float(typed.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    data = (np.sign(numbers) * whole).astype(np.int64)
    state, failed = _read_others(values, plain, read, data)
    return Column(Kind.NUMBER, data, state, scale), failed


def _read_others(
    values: RawColumn,
    plain: npt.NDArray[np.bool_],
    read: Callable[[Raw], float | NotUnderstood | None],
    data: npt.NDArray[Any],
) -> tuple[npt.NDArray[np.uint8] | None, dict[int, NotUnderstood]]:
    """Put the cells that are no plain numbers into `data`; return the states, and the cells not understood."""
    if plain.all():
        return None, {}
    state = np.zeros(len(values), dtype=np.uint8)
    failed: dict[int, NotUnderstood] = {}
    for index in np.flatnonzero(~plain).tolist():
        raw = values[index]
        number = None if raw is None or raw == "" else read(raw)
        if number is None:
            state[index] = State.BLANK
        elif isinstance(number, NotUnderstood):
            failed[index] = number
            state[index] = State.UNKNOWN
        else:
            data[index] = number
    return state if state.any() else None, failed


def _date_column(values: RawColumn, formats: Formats) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return a date column, every distinct cell read once."""
    codes, distinct = factor(values)
    days = (raw.toordinal() - _DAY_ZERO if raw.__class__ is date else 0 for raw in distinct)
    serials = np.fromiter(days, dtype=np.int64, count=len(distinct))
    plain = serials >= cells.FIRST_SERIAL
    serials[~plain] = 0
    states, failures = _read_others(distinct, plain, lambda raw: cells.read_date(raw, formats), serials)
    failed = {
        index: failures[int(codes[index])]
        for index in (np.flatnonzero(np.isin(codes, list(failures))).tolist() if failures else ())
    }
    marked = None if states is None else states[codes]
    return Column(Kind.DATE, serials[codes], marked), failed


def _bool_column(values: RawColumn) -> tuple[Column, dict[int, NotUnderstood]]:
    data = np.zeros(len(values), dtype=bool)
    state, failed = _read_others(values, np.zeros(len(values), dtype=bool), cells.read_bool, data)
    return Column(Kind.BOOL, data, state), failed


def _number_column(values: RawColumn, formats: Formats) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return numbers as whole numbers where all are, else as floats."""
    numbers, plain = _plain_numbers(values, cells.LARGEST_WHOLE - 1)
    marked, failed = _read_others(values, plain, lambda raw: _as_float(amounts.read_decimal(raw, formats)), numbers)
    if len(numbers) == 0 or (np.all(numbers == np.floor(numbers)) and np.abs(numbers).max() < _LARGEST_EXACT):
        return Column(Kind.NUMBER, numbers.astype(np.int64), marked, 0), failed
    return Column(Kind.NUMBER, numbers, marked), failed


def _as_float(value: Decimal | NotUnderstood | None) -> float | NotUnderstood | None:
    return float(value) if isinstance(value, Decimal) else value
