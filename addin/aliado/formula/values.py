"""Columns of values: what formulas compute on.

One kind per column; numbers are exact decimals (integers with a fixed number of decimal places)
wherever they can be, so that money stays exact to the cent. Every cell has a state: a value, blank,
unknown (there was something, but it could not be understood, or it follows from an unknown), or
one of Excel's errors.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from aliado.formula.kept import kept_property

Rows = npt.NDArray[np.intp] | slice
"""Rows to take: their indices, or a stretch of them."""
EXCEL_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's 1900 date system (right from 1 March 1900 on)."""


class Kind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    BOOL = "bool"


class State(IntEnum):
    """What one cell of a column is."""

    VALUE = 0
    BLANK = 1
    UNKNOWN = 2
    DIV0 = 3
    NA = 4
    VALUE_ERROR = 5
    NUM = 6


class Byte:
    """The states as arrays hold them: with a member of an enumeration numpy takes ten times as long to compare."""

    VALUE: Final = np.uint8(State.VALUE)
    BLANK: Final = np.uint8(State.BLANK)
    UNKNOWN: Final = np.uint8(State.UNKNOWN)
    DIV0: Final = np.uint8(State.DIV0)
    NA: Final = np.uint8(State.NA)
    NUM: Final = np.uint8(State.NUM)


ERROR_TEXT = {State.DIV0: "#DIV/0!", State.NA: "#N/A", State.VALUE_ERROR: "#VALUE!", State.NUM: "#NUM!"}


class Column(Struct, frozen=True, dict=True):
    """n values of one kind (n = 1 stands for a single value that broadcasts).

    kind NUMBER: data is int64 holding value x 10**scale, or (scale None) float64;
    very large exact numbers may use object dtype holding Python ints.
    kind DATE: int64 Excel serial days (1900 system). kind TEXT: object array of str, "" where blank.
    kind BOOL: bool array.
    state: uint8 array of `State`, or None when every cell is VALUE. Data under a state other than
    VALUE is meaningless (0, "" or False).
    """

    kind: Kind
    data: npt.NDArray[Any]
    state: npt.NDArray[np.uint8] | None = None
    scale: int | None = None

    @kept_property
    def cache(self) -> dict[str, Any]:
        """What formulas worked out about the column once (vocabulary, largest magnitude); never part of its value."""
        return {}

    def __len__(self) -> int:
        return len(self.data)

    def value(self, index: int) -> Decimal | float | date | str | bool | State:
        """Return one cell as a Python value, or its state when it holds none."""
        if self.state is not None and self.state[index] != Byte.VALUE:
            return State(int(self.state[index]))
        item = self.data[index]
        if self.kind is Kind.NUMBER:
            if self.scale is None:
                return float(item)
            return Decimal(int(item)).scaleb(-self.scale)
        if self.kind is Kind.DATE:
            return from_serial(int(item))
        if self.kind is Kind.BOOL:
            return bool(item)
        return str(item)

    def take(self, rows: Rows | npt.NDArray[np.bool_]) -> Column:
        """Return the chosen rows (indices, a stretch or a mask); a single value stays as it is."""
        if len(self.data) == 1 and not isinstance(rows, slice) and rows.dtype == np.bool_ and len(rows) != 1:
            return self
        state = None if self.state is None else self.state[rows]
        taken = Column(self.kind, self.data[rows], state, self.scale)
        if self.kind is Kind.TEXT and (words := self.cache.get("vocabulary")) is not None:
            taken.cache["vocabulary"] = words.take(rows)
        return taken


def together(rows: npt.NDArray[np.intp]) -> Rows:
    """Return ascending row indices as one stretch where they are: what is taken by it is looked at, not copied."""
    if len(rows) and int(rows[-1]) - int(rows[0]) == len(rows) - 1:
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def to_serial(day: date) -> int:
    """Return the Excel serial day of a date (1900 system)."""
    return (day - EXCEL_DAY_ZERO).days


@lru_cache(maxsize=8192)
def from_serial(serial: int) -> date:
    """Return the date of an Excel serial day (1900 system, from 1 March 1900)."""
    return EXCEL_DAY_ZERO + timedelta(days=serial)


def round_half_up(value: Decimal, places: int = 2) -> Decimal:
    """Return `value` rounded to `places` decimals, halves away from zero, as Excel's ROUND does."""
    return value.quantize(_step(places), rounding=ROUND_HALF_UP)


@lru_cache(maxsize=64)
def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def distinct(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the distinct numbers in order, as np.unique does, which imports numpy.ma for it."""
    ordered = np.sort(numbers)
    new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]
