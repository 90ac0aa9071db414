"""Which rows a rule marks: its formulas over whole columns, before a word is said of any row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_FLOOR
from fnmatch import fnmatchcase
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aliado.formula.data import Data
from aliado.formula.values import Byte, Column, Kind
from aliado.rules.models import Flag, Level, Rule
from aliado.rules.standing import Standing, currencies_of

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


class Marks(NamedTuple):
    """The rows that a flag marks, and those that it could not decide (indices, in order).

    value: what a flag with levels compares; reached: for each of `rows`, the index of its level in `flag.levels`.
    """

    rows: Rows
    undecided: Rows
    value: Column | None = None
    reached: Rows | None = None


_NO_ROWS: Rows = np.zeros(0, dtype=np.intp)
NOTHING = Marks(_NO_ROWS, _NO_ROWS)


def in_force(rule: Rule, as_of: date) -> bool:
    """Return whether a rule counts at `as_of`: within its dates and not switched off."""
    return rule.valid.includes(as_of) and not (rule.off is not None and rule.off.holds(as_of))


def by_currency(standing: Standing, name: str) -> Iterator[Standing]:
    """Yield the standing, once per currency of the table where there are several: amounts never mix."""
    own = standing.profile.currency
    codes = currencies_of(standing.tables[name], own)
    if len(codes) > 1:
        for code in sorted(codes, key=lambda code: (code != own, code)):
            yield standing.in_currency(code)
    elif name in {"customers", "suppliers", "profile"}:
        yield standing.in_currency(own)
    else:
        yield standing


def mark(flag: Flag, standing: Standing) -> Marks:
    """Return the rows that a flag with `when` or `value` marks."""
    count = len(standing.tables[flag.table])
    if not count:
        return NOTHING
    data = standing.data(flag.table, flag.params_at)
    heard = silenced(flag.id, flag.table, standing, data)
    audible = None if heard is None else ~heard
    wanted, unsure = (None, None) if flag.for_ is None else _truth(flag.for_.evaluate(data), count)
    if flag.when is not None:
        holds, unknown = _truth(flag.when.evaluate(data), count)
        rows = np.flatnonzero(_both(holds, wanted, audible))
        return Marks(rows, _undecided(holds, unknown, wanted, unsure, audible))
    if flag.value is None:
        return NOTHING
    value = flag.value.evaluate(data)
    chosen = _both(np.ones(count, dtype=np.bool_), wanted, audible)
    known = chosen if value.state is None else chosen & (value.state == Byte.VALUE)
    maybe = chosen & ~known if unsure is None else (chosen & ~known) | _both(unsure, audible)
    reached = reached_levels(value, flag.levels)
    rows = np.flatnonzero(known & (reached >= 0))
    return Marks(rows, np.flatnonzero(maybe), value, np.broadcast_to(reached, (count,))[rows])


def mark_rows(flag: Flag, standing: Standing) -> Rows:
    """Return the indices of the rows that a flag with `when` or `value` marks, in order."""
    return mark(flag, standing).rows


def wanted_rows(flag: Flag, standing: Standing) -> Mask:
    """Return the rows that a flag is about and that no exception silences."""
    count = len(standing.tables[flag.table])
    data = standing.data(flag.table, flag.params_at)
    heard = silenced(flag.id, flag.table, standing, data)
    wanted = np.ones(count, dtype=np.bool_) if flag.for_ is None else _truth(flag.for_.evaluate(data), count)[0]
    return wanted if heard is None else wanted & ~heard


def reached_levels(value: Column, levels: tuple[Level, ...]) -> Rows:
    """Return, for each value, the index of the highest level whose edge it is over; -1 where it is over none."""
    reached = np.full(len(value), -1, dtype=np.intp)
    if value.kind is not Kind.NUMBER:
        return reached
    for index, level in sorted(enumerate(levels), key=lambda item: item[1].over):
        if value.scale is None:
            over = value.data > float(level.over)
        else:  # whole numbers: greater than the edge is greater than its floor
            over = value.data > int(level.over.scaleb(value.scale).to_integral_value(ROUND_FLOOR))
        reached[over.astype(np.bool_)] = index
    return reached


def truth(column: Column, count: int) -> tuple[Mask, Mask]:
    """Return where a condition holds and where it cannot be decided."""
    holds, unknown = _truth(column, count)
    return holds, np.zeros(count, dtype=np.bool_) if unknown is None else unknown


def _truth(column: Column, count: int) -> tuple[Mask, Mask | None]:
    """Return where a condition holds, and where it is unknown (None: nowhere)."""
    holds: Mask = _stretched(column.data.astype(np.bool_, copy=False), count)
    if column.state is None:
        return holds, None
    known = _stretched(column.state == Byte.VALUE, count)
    return holds & known, ~known


def _stretched(mask: Mask, count: int) -> Mask:
    return mask if len(mask) == count else np.broadcast_to(mask, (count,))


def _both(first: Mask, *others: Mask | None) -> Mask:
    for other in others:
        if other is not None:
            first = first & other
    return first


def _undecided(
    holds: Mask, unknown: Mask | None, wanted: Mask | None, unsure: Mask | None, audible: Mask | None
) -> Rows:
    """Return the rows that neither fire nor clearly keep quiet: what is unknown could still make them fire."""
    undecided = None if unknown is None else _both(unknown, wanted)
    if unsure is not None:
        maybe = unsure & (holds if unknown is None else holds | unknown)
        undecided = maybe if undecided is None else undecided | maybe
    return _NO_ROWS if undecided is None else np.flatnonzero(_both(undecided, audible))


def silenced(rule: str, table: str, standing: Standing, data: Data) -> Mask | None:
    """Return the rows that exceptions in force keep from this rule; None when there is no such exception."""
    rows: Mask | None = None
    for exception in standing.pack.exceptions.values():
        if (
            exception.table == table
            and exception.holds(standing.as_of)
            and any(fnmatchcase(rule, pattern) for pattern in exception.rules)
        ):
            found = _truth(exception.when.evaluate(data), len(standing.tables[table]))[0]
            rows = found if rows is None else rows | found
    return rows
