"""Columns of texts and whole numbers taken row by row, for functions that have no quicker way."""

from __future__ import annotations

from typing import Any

import numpy as np

from aliado.formula.numbers import as_float
from aliado.formula.states import States
from aliado.formula.texts import MAX_TEXT
from aliado.formula.values import Column, Kind

MOST = 10 * MAX_TEXT
"""A count of characters beyond this says no more than this."""


def rows_of(*columns: Column) -> list[tuple[Any, ...]]:
    """Return the rows of some columns, a single value standing for every row."""
    length = max((len(column) for column in columns), default=1)
    if any(len(column) == 0 for column in columns):
        return []
    lists = [plain_values(column) if len(column) == length else plain_values(column) * length for column in columns]
    return list(zip(*lists, strict=True))


def plain_values(column: Column) -> list[Any]:
    """Return the texts of a column, or its numbers cut to whole ones."""
    if column.kind is Kind.TEXT:
        texts: list[Any] = column.data.tolist()
        return texts
    whole = np.clip(np.trunc(as_float(column)), -MOST, MOST)
    numbers: list[Any] = whole.astype(np.int64).tolist()
    return numbers


def wide_state(state: States | None, length: int) -> States | None:
    """Return states as one per row."""
    return state if state is None or len(state) == length else np.broadcast_to(state, length)
