"""One column put together from several, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from aliado.formula.kinds import aligned, rebuilt
from aliado.formula.states import constant_state
from aliado.formula.values import Byte, Column, State


def choose(position: npt.NDArray[np.intp], options: Sequence[Column]) -> Column:
    """Return for each cell the option at `position`, with its state; -1 means unknown. Options share one kind."""
    kind = options[0].kind
    states = [option.state for option in options]
    unknown = bool((position < 0).any())
    length = np.broadcast_shapes(position.shape, *(option.data.shape for option in options))[0]
    if len(position) == 1 and not unknown:
        return stretched(options[int(position[0])], length)
    data, scale = aligned(options)
    if len(options) == 2 and all(one is None for one in states) and not unknown:
        return rebuilt(kind, np.where(position == 1, data[1], data[0]), None, scale)
    chosen = np.broadcast_to(data[0], length).copy()
    state = None
    if unknown or any(one is not None for one in states):
        state = np.zeros(length, dtype=np.uint8)
        state[:] = 0 if states[0] is None else states[0]
    where = np.broadcast_to(position, length)
    if chosen.dtype != object and any(one.dtype == object for one in data):
        chosen = chosen.astype(object)
    for index in range(1, len(options)):
        mask = where == index
        np.copyto(chosen, data[index], where=mask)
        if state is not None:
            own = states[index]
            np.copyto(state, np.uint8(0) if own is None else own, where=mask)
    if state is not None and unknown:
        state[where < 0] = Byte.UNKNOWN
    return rebuilt(kind, chosen, state, scale)


def stretched(column: Column, length: int) -> Column:
    """Return a single value repeated over `length` rows; a column of rows as it is."""
    if len(column) == length or len(column) != 1:
        return column
    state = None if column.state is None else np.broadcast_to(column.state, length)
    return Column(column.kind, np.broadcast_to(column.data, length), state, column.scale)


def overlaid(column: Column, where: npt.NDArray[np.bool_], instead: Column) -> Column:
    """Return `column` with `instead` where the mask holds."""
    return choose(where.astype(np.intp), [column, instead])


def blank_like(column: Column) -> Column:
    """Return one blank of the same kind."""
    return constant_state(column.kind, State.BLANK)
