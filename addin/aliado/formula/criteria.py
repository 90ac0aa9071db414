"""Criteria as in SUMIFS: "<5", "A*", "" and plain values, against columns of any kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from aliado.formula.numbers import compare, number_column
from aliado.formula.states import has_value
from aliado.formula.texts import compare_texts, has_wildcards, read_number, text_column, wildcard_matcher, word_mask
from aliado.formula.values import Byte, Column, Kind, to_serial

OPERATORS = ("<>", "<=", ">=", "=", "<", ">")
BLANK, FILLED = "is_blank", "is_filled"
"""Operators of the criteria "" (or "=") and "<>"."""

_TRUTH = {"true": True, "verdadero": True, "false": False, "falso": False}

Value = Decimal | int | str | bool | None
Mask = npt.NDArray[np.bool_]


def split_operator(text: str) -> tuple[str, str]:
    """Return a criterion's operator ("=" when none is written) and the rest of its text."""
    for operator in OPERATORS:
        if text.startswith(operator):
            return operator, text[len(operator) :]
    return "=", text


def parse_criterion(text: str, of: Kind) -> tuple[str, Value] | None:
    """Return (operator, value) of a criterion for cells of kind `of`, or None where it is not understood."""
    operator, rest = split_operator(text)
    if rest == "" and operator in ("=", "<>"):
        return (BLANK if operator == "=" else FILLED), None
    if of is Kind.TEXT:
        return operator, rest
    value = _read_value(rest.strip(), of)
    return None if value is None else (operator, value)


def _read_value(text: str, of: Kind) -> Value:
    if of is Kind.BOOL:
        return _TRUTH.get(text.casefold())
    if of is Kind.DATE and (day := _read_iso_date(text)) is not None:
        return to_serial(day)
    number = read_number(text)
    if number is None or of is not Kind.DATE:
        return number
    return int(number) if abs(number) < 10**8 else None


def _read_iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def constant_of(kind: Kind, value: Value) -> Column:
    """Return the value of a criterion as a column of one."""
    if kind is Kind.TEXT:
        return text_column([str(value)])
    if kind is Kind.BOOL:
        return Column(kind, np.array([bool(value)]))
    if kind is Kind.DATE:
        return Column(kind, np.array([int(value or 0)], dtype=np.int64))
    return number_column(value if isinstance(value, Decimal) else Decimal(value or 0))


def meets(column: Column, operator: str, value: Column | None) -> Mask:
    """Return which cells of `column` meet one criterion; `value` is None for the blank tests.

    As in Excel, a blank cell meets only "" and "<>something"; a cell that holds no value meets nothing else.
    """
    valued = has_value(column)
    if column.kind is Kind.TEXT and valued is not None:
        valued = valued | _blank(column)
    if operator in (BLANK, FILLED) or value is None:
        empty = (
            word_mask(column, "".__eq__) & (valued if valued is not None else True)
            if column.kind is Kind.TEXT
            else _blank(column)
        )
        if operator == BLANK:
            return empty
        return ~empty if valued is None else ~empty & valued
    if column.kind is Kind.TEXT:
        met = _meets_text(column, operator, str(value.data[0]))
        if operator not in ("=", "<>"):
            met &= ~_blank(column)
    elif column.kind is Kind.BOOL:
        met = compare(operator, _truths(column), _truths(value))
    else:
        met = compare(operator, _plain(column), _plain(value))
    if valued is not None:
        met &= valued
    return met | _blank(column) if operator == "<>" else met


def _blank(column: Column) -> Mask:
    if column.state is None:
        return np.zeros(len(column), dtype=np.bool_)
    blank: Mask = column.state == Byte.BLANK
    return blank


def _meets_text(column: Column, operator: str, text: str) -> Mask:
    if operator in ("=", "<>"):
        if has_wildcards(text):
            matches: Callable[[str], bool] = wildcard_matcher(text)
            found = word_mask(column, matches)
            return found if operator == "=" else ~found
    elif read_number(text) is not None:
        # "<10" asks for numbers, and a text is none.
        return np.zeros(len(column), dtype=np.bool_)
    return compare_texts(operator, column, text_column([text]))


def _plain(column: Column) -> Column:
    return column if column.kind is Kind.NUMBER else Column(Kind.NUMBER, column.data, None, 0)


def _truths(column: Column) -> Column:
    return Column(Kind.NUMBER, column.data.astype(np.int64), None, 0)
