"""How blanks, unknowns and errors spread from operands to results."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from aliado.formula.values import Byte, Column, Kind, State

States = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

_AS_OPERAND = {kind: np.uint8(State.VALUE if kind in (Kind.TEXT, Kind.BOOL) else State.UNKNOWN) for kind in Kind}
"""What a blank counts as: a blank text is "", a blank truth is FALSE, a blank amount or date is unknown."""
_AS_BYTE = {state: np.uint8(state) for state in State}


def operand_state(column: Column) -> States | None:
    """Return the state of a column as an operand: a blank amount or date is unknown, a blank text is ""."""
    if column.state is None:
        return None
    cached = column.cache.get("operand_state", False)
    if cached is False:
        states = np.where(column.state == Byte.BLANK, _AS_OPERAND[column.kind], column.state)
        cached = states if states.any() else None
        column.cache["operand_state"] = cached
    states_or_none: States | None = cached
    return states_or_none


def merge_states(*states: States | None) -> States | None:
    """Return the state of a result: the first error from the left, else unknown if any operand is."""
    result: States | None = None
    for state in states:
        if state is None:
            continue
        if result is None:
            result = state
        else:
            worst = np.maximum(result, state)
            if worst.max(initial=0) >= Byte.DIV0:
                worst = np.where(result >= Byte.DIV0, result, np.where(state >= Byte.DIV0, state, worst))
            result = worst
    return result


def spread(*columns: Column) -> States | None:
    """Return the state of a result computed from `columns`."""
    return merge_states(*[operand_state(column) for column in columns])


def with_state(state: States | None, where: Mask, new: State) -> States | None:
    """Return `state` with `new` set where the mask holds and nothing was wrong yet."""
    if not where.any():
        return state
    if state is None:
        return np.where(where, np.uint8(new), Byte.VALUE)
    return np.where(where & (state == Byte.VALUE), np.uint8(new), state)


def settled(column: Column) -> Column:
    """Return the column with as many states as values."""
    state = column.state
    if state is None or len(state) == len(column.data):
        return column
    length = len(state) if len(column.data) == 1 else len(column.data)
    data = np.broadcast_to(column.data, length)
    return Column(column.kind, data, np.broadcast_to(state, length), column.scale)


def worst_state(column: Column) -> int:
    """Return the highest state among the cells of a column, 0 where all hold a value."""
    if column.state is None:
        return 0
    found: int | None = column.cache.get("worst")
    if found is None:
        found = column.cache["worst"] = int(column.state.max(initial=0))
    return found


def has_value(column: Column) -> Mask | None:
    """Return where a column holds a value, or None when it does everywhere."""
    if column.state is None:
        return None
    mask: Mask = column.state == Byte.VALUE
    return mask


def constant_state(kind: Kind, state: State, length: int = 1) -> Column:
    """Return a column of `length` cells that all are `state`."""
    if length == 1:
        return _single_state(kind, state)
    return _all_states(kind, state, length)


@lru_cache(maxsize=64)
def _single_state(kind: Kind, state: State) -> Column:
    column = _all_states(kind, state, 1)
    column.data.setflags(write=False)  # one for all who ask
    return column


def _all_states(kind: Kind, state: State, length: int) -> Column:
    empty = {Kind.TEXT: (object, ""), Kind.BOOL: (np.bool_, False)}.get(kind, (np.int64, 0))
    data: npt.NDArray[Any] = np.full(length, empty[1], dtype=empty[0])
    scale = 0 if kind is Kind.NUMBER else None
    return Column(kind, data, np.full(length, _AS_BYTE[state], dtype=np.uint8), scale)
