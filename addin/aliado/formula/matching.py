"""Which rows of a column each criterion chooses: constants by one mask, values that change by row through hashing.

Work grows with rows of both tables, not with their product. Only criteria that cannot be hashed (wildcards or
operators that change from row to row) are tried one distinct criterion at a time, up to `MAX_TRIED` cells.
"""

from __future__ import annotations

import numpy as np

from aliado.formula.arguments import Criterion
from aliado.formula.criteria import BLANK, FILLED, constant_of, meets, parse_criterion, split_operator
from aliado.formula.kinds import aligned, serial_numbers
from aliado.formula.numbers import Data
from aliado.formula.rounding import decimal_digits
from aliado.formula.selection import Bound, Codes, Selection
from aliado.formula.states import Mask, States, merge_states, operand_state
from aliado.formula.texts import has_wildcards, vocabulary
from aliado.formula.values import Byte, Column, Kind

MAX_TRIED = 300_000_000
"""Cells looked at, at most, for criteria that cannot be hashed; rows beyond are unknown."""


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
    ordered: Bound | None = None
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


def _bound(column: Column, criterion: Criterion, mask: Mask) -> Bound:
    values, asked = _comparable_numbers(column, criterion.column)
    distinct, ranks = np.unique(values, return_inverse=True)
    left = np.searchsorted(distinct, asked, side="left")
    right = np.searchsorted(distinct, asked, side="right")
    # Cells that are not chosen go past every bound.
    ranks = np.where(mask, ranks, len(distinct)).astype(np.intp)
    return Bound(criterion.operator or "=", ranks, len(distinct), left.astype(np.intp), right.astype(np.intp))


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
