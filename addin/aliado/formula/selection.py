"""What the cells that criteria chose add up to: totals, counts and extremes, one for each query."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from aliado.formula.kinds import aligned, rebuilt
from aliado.formula.numbers import Data, as_float
from aliado.formula.states import Mask, States, merge_states
from aliado.formula.totals import count_column, grouped_totals, total
from aliado.formula.values import Byte, Column, Kind, State

Codes = npt.NDArray[np.intp]


class Bound(Struct):
    """A bound that changes by row: each cell's rank among the distinct values, each query's place among them."""

    operator: str
    ranks: Codes
    count: int
    left: Codes
    right: Codes


class Selection(Struct):
    """Rows chosen by criteria. mask: cells that meet the constant ones; groups, slots: group of each cell and query.

    odd: masks tried one by one; odd_slots: which of them a query takes, -1 = none of them, -2 = past the limit.
    state: queries that hold no value.
    """

    mask: Mask
    groups: Codes
    count: int
    slots: Codes
    state: States | None
    ordered: Bound | None = None
    odd: list[Mask] = field(default_factory=list)
    odd_slots: Codes | None = None

    def totals(self, column: Column) -> Column:
        """Return the sum of the chosen cells for each query."""
        chosen, valued = self._valued(column)
        if self.ordered is not None:
            result = self._range_totals(column, valued)
        else:
            hashed = grouped_totals(column, valued, self.groups, self.count)
            odd = [total(column.take(mask & valued_all)) for mask, valued_all in self._odd_masks(column)]
            result = self._taken(hashed, odd, _zero())
        return self._with_states(result, column, chosen)

    def counts(self, column: Column | None) -> Column:
        """Return how many cells are chosen for each query; of `column`, those that hold a value."""
        if self.count == 1 and self.ordered is None and not self.odd:
            chosen, valued = (self.mask, self.mask) if column is None else self._valued(column)
            counted = count_column([int(np.count_nonzero(valued))])
            return self._with_states(self._taken(counted, [], _zero()), counted if column is None else column, chosen)
        if column is None:
            column = count_column(np.ones(len(self.mask), dtype=np.int64))
        ones = Column(Kind.NUMBER, np.ones(len(column), dtype=np.int64), column.state, 0)
        return self.totals(ones)

    def extremes(self, column: Column, operator: str) -> Column:
        """Return the greatest (">") or least ("<") chosen cell for each query; blank where none is chosen."""
        chosen, valued = self._valued(column)
        values, ranks = np.unique(column.data, return_inverse=True)
        ranks = ranks if operator == ">" else len(values) - 1 - ranks
        if self.ordered is not None:
            best = self._range_best(ranks, valued)
        else:
            hashed = np.full(self.count, -1, dtype=np.intp)
            np.maximum.at(hashed, self.groups[valued], ranks[valued])
            odd = [int(ranks[mask & own].max(initial=-1)) for mask, own in self._odd_masks(column)]
            best = self._taken(count_column(hashed), [count_column([rank]) for rank in odd], count_column([-1])).data
        found = best >= 0
        place = np.where(found, best, 0)
        place = place if operator == ">" else np.maximum(len(values) - 1 - place, 0)
        data = values[place] if len(values) else np.zeros(len(best), dtype=column.data.dtype)
        state = np.where(found, Byte.VALUE, Byte.BLANK)
        result = Column(column.kind, data, state if state.any() else None, column.scale)
        return self._with_states(result, column, chosen)

    def _valued(self, column: Column) -> tuple[Mask, Mask]:
        if column.state is None:
            return self.mask, self.mask
        return self.mask, self.mask & (column.state == Byte.VALUE)

    def _odd_masks(self, column: Column) -> list[tuple[Mask, Mask]]:
        everything = np.ones(len(column), dtype=np.bool_) if column.state is None else column.state == Byte.VALUE
        return [(mask, everything) for mask in self.odd]

    def _taken(self, hashed: Column, odd: list[Column], none: Column) -> Column:
        """Return for each query its group's result, its odd result, or `none`."""
        if not odd and self.odd_slots is None and not (self.slots < 0).any():
            return Column(hashed.kind, hashed.data[self.slots], None, hashed.scale)
        data, scale = aligned([hashed, *odd, none])
        pool = np.concatenate(data)
        place = np.where(self.slots < 0, len(pool) - 1, self.slots)
        if self.odd_slots is not None:
            place = np.where(self.odd_slots >= 0, self.count + self.odd_slots, place)
        return rebuilt(hashed.kind, pool[place], None, scale)

    def _with_states(self, result: Column, column: Column, chosen: Mask) -> Column:
        """Return `result` with unknown queries, and with the errors and unknowns among the cells chosen for each."""
        state = merge_states(self.state, self._spoiled(column, chosen))
        if self.odd_slots is not None and bool((self.odd_slots == -2).any()):
            past = np.where(self.odd_slots == -2, Byte.UNKNOWN, Byte.VALUE)
            state = merge_states(state, past)
        if state is None or not state.any():
            return result
        own = result.state
        merged = state if own is None else np.where(state != Byte.VALUE, state, own)
        return Column(result.kind, result.data, merged, result.scale)

    def _spoiled(self, column: Column, chosen: Mask) -> States | None:
        if column.state is None:
            return None
        bad = np.flatnonzero(column.state >= Byte.UNKNOWN)
        if len(bad) == 0:
            return None
        worst = column.state[bad]
        hashed = np.zeros(self.count + len(self.odd) + 1, dtype=np.uint8)
        if self.ordered is not None:
            low, high, order = self._bounds()
            spoiled = np.zeros(len(self.slots), dtype=np.uint8)
            for one in (State.UNKNOWN, *(error for error in State if error >= State.DIV0)):
                hits = chosen & (column.state == one)
                running = np.concatenate([[0], np.cumsum(hits[order])])
                spoiled = np.where((running[high] > running[low]) & (self.slots >= 0), np.uint8(one), spoiled)
            return spoiled
        for row, state in zip(bad[::-1], worst[::-1], strict=True):
            if chosen[row] and (state >= Byte.DIV0 or hashed[self.groups[row]] < Byte.DIV0):
                hashed[self.groups[row]] = state
            for index, mask in enumerate(self.odd):
                slot = self.count + index
                if mask[row] and (state >= Byte.DIV0 or hashed[slot] < Byte.DIV0):
                    hashed[slot] = state
        place = np.where(self.slots < 0, len(hashed) - 1, self.slots)
        if self.odd_slots is not None:
            place = np.where(self.odd_slots >= 0, self.count + self.odd_slots, place)
        return hashed[place]

    # ------------------------------------------------------------------ a bound that changes by row

    def _bounds(self) -> tuple[Codes, Codes, Codes]:
        """Return (first, past the last) place of each query among the cells ordered by group and rank, and that order."""
        bound = self.ordered
        if bound is None:
            raise TypeError
        step = bound.count + 1
        order, starts = _ordered_places(self.groups * step + bound.ranks, self.count * step)
        low_rank, high_rank = {
            "<": (0, bound.left),
            "<=": (0, bound.right),
            ">": (bound.right, bound.count),
            ">=": (bound.left, bound.count),
        }[bound.operator]
        start = np.maximum(self.slots, 0) * step
        low, high = starts(start + low_rank), starts(start + high_rank)
        return low, np.where(self.slots < 0, low, np.maximum(high, low)), order

    def _range_totals(self, column: Column, valued: Mask) -> Column:
        low, high, order = self._bounds()
        if column.scale is None:
            amounts: Data = np.where(valued, as_float(column), 0.0)[order]
        else:
            data = column.data
            wide = data.dtype == object or float(np.abs(data.astype(np.float64)).sum()) >= 2.0**62
            amounts = np.where(valued, data.astype(object) if wide else data, 0)[order]
        running = np.concatenate([np.zeros(1, dtype=amounts.dtype), np.cumsum(amounts)])
        return rebuilt(Kind.NUMBER, running[high] - running[low], None, column.scale)

    def _range_best(self, ranks: Codes, valued: Mask) -> Codes:
        """Return the best rank of each query's cells: they start or end with their group, so a running best is enough."""
        low, high, order = self._bounds()
        group, rank = self.groups[order], np.where(valued, ranks, -1)[order] + 1
        step = int(rank.max(initial=0)) + 1
        if self.ordered is not None and self.ordered.operator in ("<", "<="):
            running = np.maximum.accumulate(group * step + rank) if len(rank) else rank
            place = np.maximum(high - 1, 0)
        else:
            turned = (self.count - group) * step + rank
            running = np.maximum.accumulate(turned[::-1])[::-1] if len(rank) else rank
            place = np.minimum(low, max(len(rank) - 1, 0))
        if len(rank) == 0:
            return np.full(len(self.slots), -1, dtype=np.intp)
        return np.where(high > low, running[place] % step - 1, -1)


def _ordered_places(keys: Codes, count: int) -> tuple[Codes, Callable[[Codes], Codes]]:
    """Return the order of cells by key, and a function giving the place of the first cell at or after a key."""
    order = np.argsort(keys, kind="stable")
    if count <= 64 * len(keys) + 1000:
        first = np.zeros(count + 1, dtype=np.intp)
        np.cumsum(np.bincount(keys, minlength=count), out=first[1:])
        return order, lambda wanted: first[wanted]
    ordered = keys[order]
    return order, lambda wanted: np.searchsorted(ordered, wanted)


def _zero() -> Column:
    return count_column([0])
