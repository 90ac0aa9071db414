"""Totals of whole columns: exact for exact numbers, blanks passed over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aliado.formula.arguments import Values
from aliado.formula.numbers import Data, as_float, exact_column, float_column, largest
from aliado.formula.states import Mask, constant_state, worst_state
from aliado.formula.values import Byte, Column, Kind, State

_SAFE = 2**62


def trouble(values: Values) -> State | None:
    """Return the state that spoils a total: the first error, else an unknown; None when fine."""
    state = values.column.state
    if state is None or worst_state(values.column) < State.UNKNOWN:
        return None
    errors = state[state >= Byte.DIV0]
    if len(errors):
        return State(int(errors[0]))
    if bool((state == Byte.UNKNOWN).any()):
        return State.UNKNOWN
    return None


def known(column: Column) -> Column:
    """Return only the cells that hold a value."""
    if column.state is None or worst_state(column) == State.VALUE:
        return column if column.state is None else Column(column.kind, column.data, None, column.scale)
    mask = column.state == Byte.VALUE
    return Column(column.kind, column.data[mask], None, column.scale)


def total(column: Column) -> Column:
    """Return the sum of a column whose cells all hold numbers; 0 when there are none."""
    if column.scale is None:
        return float_column(np.array([float(as_float(column).sum())]), None)
    data = column.data
    if data.dtype == object or largest(column) * max(len(data), 1) >= _SAFE:
        exact = np.array([sum(int(item) for item in data)], dtype=object)
        return exact_column(exact, None, column.scale)
    return Column(Kind.NUMBER, np.array([int(data.sum())], dtype=np.int64), None, column.scale)


def count_column(counts: Sequence[int] | Data) -> Column:
    """Return whole numbers as a column."""
    return Column(Kind.NUMBER, np.asarray(counts, dtype=np.int64), None, 0)


def grouped_totals(column: Column, chosen: Mask, groups: Data, count: int) -> Column:
    """Return the sum of the chosen cells in each of `count` groups, exact for exact numbers."""
    if column.scale is None:
        return float_column(
            np.bincount(groups[chosen], weights=as_float(column)[chosen], minlength=count).astype(np.float64), None
        )
    data = column.data[chosen]
    if count == 1 and data.dtype != object and largest(column) * max(len(data), 1) < _SAFE:
        return Column(Kind.NUMBER, np.array([int(data.sum())], dtype=np.int64), None, column.scale)
    group = groups[chosen]
    if data.dtype != object and largest(column) * max(len(data), 1) < 2**53:
        # Whole numbers below 2**53 add up exactly in float64, in any order.
        sums = np.bincount(group, weights=data.astype(np.float64), minlength=count)
        return Column(Kind.NUMBER, sums.astype(np.int64), None, column.scale)
    exact = np.zeros(count, dtype=object)
    np.add.at(exact, group, data.astype(object))
    return exact_column(exact, None, column.scale)


def spoiled(kind: Kind, state: State) -> Column:
    """Return one cell that is `state`."""
    return constant_state(kind, state)
