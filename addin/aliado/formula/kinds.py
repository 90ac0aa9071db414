"""Kinds in words, what they have in common, and columns turned from one kind into another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from aliado.formula.numbers import Data, as_float, exact_column, float_column, rescaled
from aliado.formula.rounding import round_to
from aliado.formula.states import States, constant_state, operand_state, with_state
from aliado.formula.texts import write_numbers
from aliado.formula.values import Byte, Column, Kind, State
from aliado.language import Text

LAST_DAY = 2958465
"""Serial of 31 December 9999, the last date of Excel."""

KIND_WORDS = {
    Kind.NUMBER: Text("un número", "a number"),
    Kind.DATE: Text("una fecha", "a date"),
    Kind.TEXT: Text("un texto", "a text"),
    Kind.BOOL: Text("verdadero o falso", "true or false"),
}

KIND_PLURALS = {
    Kind.NUMBER: Text("números", "numbers"),
    Kind.DATE: Text("fechas", "dates"),
    Kind.TEXT: Text("textos", "texts"),
    Kind.BOOL: Text("verdadero o falso", "true or false"),
}


def common_kind(kinds: Iterable[Kind]) -> Kind | None:
    """Return the kind that values of these kinds can share: dates with numbers are dates; None = none."""
    distinct = set(kinds)
    if len(distinct) == 1:
        return distinct.pop()
    if distinct == {Kind.DATE, Kind.NUMBER}:
        return Kind.DATE
    return None


def converted(column: Column, kind: Kind, *, decimal_comma: bool) -> Column:
    """Return a column as another kind; what cannot be one becomes #VALUE! or #NUM!."""
    if column.kind is kind:
        return column
    if kind is Kind.TEXT:
        return _as_text(column, decimal_comma=decimal_comma)
    state = _kept_blanks(column, kind)
    if column.kind is Kind.TEXT:
        return constant_state(kind, State.VALUE_ERROR, len(column))
    if kind is Kind.NUMBER:
        return Column(kind, column.data.astype(np.int64), state, 0)
    if kind is Kind.BOOL:
        return Column(kind, column.data != 0, state)
    return date_column(_whole_days(column), state)


def date_column(serials: Data, state: States | None) -> Column:
    """Return serial days as dates; #NUM! outside Excel's calendar."""
    outside = np.asarray((serials < 0) | (serials > LAST_DAY), dtype=np.bool_)
    if outside.any():
        state = with_state(state, outside, State.NUM)
        serials = np.where(outside, 0, serials)
    return Column(Kind.DATE, serials.astype(np.int64), state)


def serial_numbers(column: Column) -> Column:
    """Return dates or truths as whole numbers, blanks staying blank; numbers as they are."""
    if column.kind is Kind.NUMBER:
        return column
    return Column(Kind.NUMBER, column.data.astype(np.int64), _kept_blanks(column, Kind.NUMBER), 0)


def aligned(columns: Sequence[Column]) -> tuple[list[Data], int | None]:
    """Return the data of columns of one kind in one type, with their common scale (numbers only)."""
    if not columns or columns[0].kind is not Kind.NUMBER:
        return [column.data for column in columns], None
    scales = [column.scale for column in columns if column.scale is not None]
    if len(scales) < len(columns):
        return [as_float(column) for column in columns], None
    scale = max(scales)
    return [rescaled(column, scale) for column in columns], scale


def rebuilt(kind: Kind, data: Data, state: States | None, scale: int | None) -> Column:
    """Return a column of `kind` from data as `aligned` gave it."""
    if kind is Kind.NUMBER:
        return float_column(data, state) if scale is None else exact_column(data, state, scale)
    return Column(kind, data, state)


def _whole_days(column: Column) -> Data:
    if column.kind is Kind.BOOL:
        return column.data.astype(np.int64)
    whole = round_to(column, 0, "floor")
    numbers: Data = as_float(whole) if whole.scale is None else whole.data
    days: Data = np.clip(numbers, -1, LAST_DAY + 1).astype(np.int64)
    return days


def _kept_blanks(column: Column, kind: Kind) -> States | None:
    if column.kind is Kind.BOOL or kind is Kind.BOOL:
        return operand_state(column)
    return column.state


def _as_text(column: Column, *, decimal_comma: bool) -> Column:
    text = write_numbers(column, decimal_comma=decimal_comma)
    if column.state is None:
        return text
    data = np.where(column.state == Byte.VALUE, text.data, "")
    return Column(Kind.TEXT, data, column.state)
