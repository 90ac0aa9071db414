"""Which rows of a column each criterion chooses: constants by one mask, values that change by row through hashing.

Work grows with rows of both tables, not with their product. Only criteria that cannot be hashed (wildcards or
operators that change from row to row) are tried one distinct criterion at a time, up to `MAX_TRIED` cells.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from aliado.formula.arguments import Criterion
from aliado.formula.criteria import BLANK, FILLED, constant_of, meets, parse_criterion, split_operator
from aliado.formula.kinds import aligned, rebuilt, serial_numbers
from aliado.formula.numbers import Data, as_float
from aliado.formula.rounding import decimal_digits
from aliado.formula.states import Mask, States, merge_states, operand_state
from aliado.formula.texts import has_wildcards, vocabulary
from aliado.formula.totals import count_column, grouped_totals, total
from aliado.formula.values import Byte, Column, Kind, State

MAX_TRIED = 300_000_000
"""Cells looked at, at most, for criteria that cannot be hashed; rows beyond are unknown."""

Codes = npt.NDArray[np.intp]


class _Ordered(Struct):
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
    ordered: _Ordered | None = None
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


def select(conditions: list[tuple[Column, Criterion]]) -> Selection:
    """Return the rows that meet all conditions, for every row that the criteria change by."""
    length = len(conditions[0][0])
    met: Mask | None = None
    state: States | None = None
    varying: list[tuple[Column, Criterion]] = []
    for column, criterion in conditions:
        if len(criterion.column) == 1:
            own = None if criterion.operator in (BLANK, FILLED) else operand_state(criterion.column)
            state = merge_states(state, own)
            mask = _meets_at(column, criterion, 0)
            met = mask if met is None else met & mask
        else:
            state = merge_states(state, operand_state(criterion.column))
            varying.append((column, criterion))
    mask = np.ones(length, dtype=np.bool_) if met is None else met
    if not varying:
        groups = np.zeros(length, dtype=np.intp)
        return Selection(mask, groups, 1, np.zeros(1, dtype=np.intp), state)
    return _select_varying(mask, state, varying)


def _select_varying(mask: Mask, state: States | None, varying: list[tuple[Column, Criterion]]) -> Selection:
    queries = len(varying[0][1].column)
    groups, slots = np.zeros(len(mask), dtype=np.intp), np.zeros(queries, dtype=np.intp)
    count = 1
    odd_rows = np.zeros(queries, dtype=np.bool_)
    ordered: _Ordered | None = None
    base = mask.copy()
    for column, criterion in varying:
        hashed = _hashable(criterion)
        valid = _comparable(column)
        if criterion.operator in ("<", "<=", ">", ">=") and ordered is None:
            mask = mask & valid
            ordered = _bound(column, criterion, mask)
            continue
        if hashed is None:
            odd_rows[:] = True
            continue
        odd_rows |= ~hashed
        mask = mask & valid
        cells, wanted, distinct = _joint_codes(column, criterion.column)
        groups, slots, count = _combined(groups, slots, count, cells, wanted, distinct)
    if not odd_rows.any():
        return Selection(mask, groups, count, slots, state, ordered)
    odd, odd_slots = _tried(base, varying, odd_rows)
    if ordered is not None:
        odd, odd_slots = _tried(base, varying, np.ones(queries, dtype=np.bool_))
    return Selection(mask, groups, count, slots, state, None, odd, odd_slots)


def _ordered_places(keys: Codes, count: int) -> tuple[Codes, Callable[[Codes], Codes]]:
    """Return the order of cells by key, and a function giving the place of the first cell at or after a key."""
    order = np.argsort(keys, kind="stable")
    if count <= 64 * len(keys) + 1000:
        first = np.zeros(count + 1, dtype=np.intp)
        np.cumsum(np.bincount(keys, minlength=count), out=first[1:])
        return order, lambda wanted: first[wanted]
    ordered = keys[order]
    return order, lambda wanted: np.searchsorted(ordered, wanted)


def _hashable(criterion: Criterion) -> Mask | None:
    """Return which queries are plain equality, or None when none can be told so."""
    if criterion.operator == "=":
        return np.ones(len(criterion.column), dtype=np.bool_)
    if criterion.operator is not None or criterion.of is not Kind.TEXT:
        return None
    words = vocabulary(criterion.column)
    plain: Mask | None = words.by_word.get("plain")
    if plain is None:
        plain = np.fromiter(map(_is_plain, words.words), dtype=np.bool_, count=len(words.words))
        words.by_word["plain"] = plain
    return np.ones(len(words.codes), dtype=np.bool_) if plain.all() else plain[words.codes]


def _is_plain(word: str) -> bool:
    """Return whether a criterion's text is nothing but a value to equal."""
    return word[:1] not in "<>=" and not has_wildcards(word) if word else True


def _comparable(column: Column) -> Mask:
    """Return the cells that can equal something: values, and blanks of text."""
    if column.state is None:
        return np.ones(len(column), dtype=np.bool_)
    mask: Mask = column.state <= (Byte.BLANK if column.kind is Kind.TEXT else Byte.VALUE)
    return mask


def _joint_codes(column: Column, queries: Column) -> tuple[Codes, Codes, int]:
    """Return codes of cells and queries that are equal where the values are; -1 for a query that no cell equals."""
    if column.kind is Kind.TEXT:
        cells = vocabulary(column)
        if column.data is queries.data:
            return cells.ids, cells.ids, max(len(cells.index), 1)
        asked, index = vocabulary(queries), cells.index
        wanted = np.array([index.get(word, -1) for word in asked.folded], dtype=np.intp)[asked.codes]
        return cells.ids, wanted, max(len(index), 1)
    values, places = _comparable_numbers(column, queries)
    distinct, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.intp), _places_of(places, distinct), max(len(distinct), 1)


def _comparable_numbers(column: Column, queries: Column) -> tuple[Data, Data]:
    (cells, asked), scale = aligned([serial_numbers(column), serial_numbers(queries)])
    if scale is None:
        return _snapped(cells), _snapped(asked)
    return cells, asked


def _snapped(values: Data) -> Data:
    mantissa, exponent = decimal_digits(values.astype(np.float64))
    with np.errstate(all="ignore"):
        snapped: Data = mantissa * 10.0 ** exponent.astype(np.float64)
    return snapped


def _places_of(asked: Data, distinct: Data) -> Codes:
    if len(distinct) == 0:
        return np.full(len(asked), -1, dtype=np.intp)
    place = np.minimum(np.searchsorted(distinct, asked), len(distinct) - 1)
    return np.where(distinct[place] == asked, place, -1).astype(np.intp)


def _combined(
    groups: Codes, slots: Codes, count: int, cells: Codes, wanted: Codes, distinct: int
) -> tuple[Codes, Codes, int]:
    """Return groups by one more criterion, numbered anew when there would be far more numbers than cells."""
    if count == 1:
        return cells, np.where(slots < 0, -1, wanted), distinct
    groups = groups * distinct + cells
    slots = np.where((slots < 0) | (wanted < 0), -1, slots * distinct + wanted)
    count *= distinct
    if count > 4 * (len(groups) + len(slots)) + 1000:
        known, groups = np.unique(groups, return_inverse=True)
        found = _places_of(slots, known)
        return groups.astype(np.intp), np.where(slots < 0, -1, found), max(len(known), 1)
    return groups, slots, count


def _bound(column: Column, criterion: Criterion, mask: Mask) -> _Ordered:
    values, asked = _comparable_numbers(column, criterion.column)
    distinct, ranks = np.unique(values, return_inverse=True)
    left = np.searchsorted(distinct, asked, side="left")
    right = np.searchsorted(distinct, asked, side="right")
    # Cells that are not chosen go past every bound.
    ranks = np.where(mask, ranks, len(distinct)).astype(np.intp)
    return _Ordered(criterion.operator or "=", ranks, len(distinct), left.astype(np.intp), right.astype(np.intp))


def _tried(base: Mask, varying: list[tuple[Column, Criterion]], odd_rows: Mask) -> tuple[list[Mask], Codes]:
    """Return the cells chosen by each distinct query that cannot be hashed, and which of them each query takes."""
    rows = np.flatnonzero(odd_rows)
    key = np.zeros(len(rows), dtype=np.int64)
    for _, criterion in varying:
        _, codes = np.unique(_query_codes(criterion.column)[rows], return_inverse=True)
        key = key * (int(codes.max(initial=0)) + 1) + codes
        _, key = np.unique(key, return_inverse=True)
    distinct, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    words = sum(len(vocabulary(column).words) for column, _ in varying if column.kind is Kind.TEXT)
    most = max(1, MAX_TRIED // max(len(base) + 100 * words, 1))
    masks = []
    for row in rows[first[:most]]:
        mask = base
        for column, criterion in varying:
            mask = mask & _meets_at(column, criterion, int(row))
        masks.append(mask)
    slots = np.full(len(odd_rows), -1, dtype=np.intp)
    slots[rows] = np.where(inverse < min(most, len(distinct)), inverse, -2)
    return masks, slots


def _query_codes(column: Column) -> Codes:
    if column.kind is Kind.TEXT:
        return vocabulary(column).codes
    _, codes = np.unique(column.data, return_inverse=True)
    return codes.astype(np.intp)


def _meets_at(column: Column, criterion: Criterion, row: int) -> Mask:
    """Return the cells that meet a criterion as it stands in one row."""
    value = Column(criterion.column.kind, criterion.column.data[row : row + 1], None, criterion.column.scale)
    if criterion.operator in (BLANK, FILLED):
        return meets(column, criterion.operator, None)
    if criterion.operator is not None:
        return meets(column, criterion.operator, value)
    text = str(value.data[0])
    parsed = parse_criterion(text, criterion.of)
    if parsed is not None:
        operator, wanted = parsed
        return meets(column, operator, None if wanted is None else constant_of(criterion.of, wanted))
    differs = split_operator(text)[0] == "<>"
    return np.full(len(column), differs, dtype=np.bool_) & (
        True if column.state is None else column.state <= Byte.BLANK
    )


def _zero() -> Column:
    return count_column([0])
