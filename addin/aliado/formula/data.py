"""What a formula computes on: the columns of the tables, the parameters in force and the date of the work."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from aliado.formula.kept import kept_property
from aliado.formula.numbers import float_column
from aliado.formula.states import constant_state
from aliado.formula.values import Column, Kind, State


def no_holidays(year: int) -> frozenset[date]:  # noqa: ARG001 - the shape of every calendar
    """Return no holidays: a calendar of weekends only."""
    return frozenset()


class Data(Struct, frozen=True, dict=True):
    """Columns by table and field; a field that is absent reads as blanks.

    lengths: rows of each table. table: the table whose rows `[@Col]` means.
    parameters: name -> one value, or one per row of `table` (dated parameters read at each row's date).
    today: what TODAY() means, the date of the work and never the clock. holidays: year -> its non-working days.
    domain: whatever the domain functions of higher rooms need.
    """

    tables: Mapping[str, Mapping[str, Column]]
    lengths: Mapping[str, int]
    table: str | None
    parameters: Mapping[str, Column]
    today: date
    holidays: Callable[[int], frozenset[date]] = no_holidays
    domain: object = None

    @kept_property
    def memo(self) -> dict[Hashable, Any]:
        """Results shared between formulas on this data; other data starts with none."""
        return {}

    def for_domain(self, domain: object) -> Data:
        """Return the same data, with the same memo, for domain functions that need `domain`."""
        data = replace(self, domain=domain)
        data.__dict__["memo"] = self.memo
        return data

    @property
    def rows(self) -> int:
        """Rows of the table in hand; 1 where there is none."""
        return 1 if self.table is None else self.lengths.get(self.table, 0)

    def field(self, table: str, name: str, kind: Kind, *, single: bool = False) -> Column:
        """Return a column of a table: unknowns where it holds another kind; blanks, or a `single` one, where it is absent."""
        length = self.lengths.get(table, 0)
        column = self.tables.get(table, {}).get(name)
        if column is None:
            return constant_state(kind, State.BLANK, 1 if single else length)
        return _as_expected(column, kind, length)

    def parameter(self, name: str, kind: Kind) -> Column:
        """Return a parameter: unknown where it is not given."""
        column = self.parameters.get(name)
        if column is None:
            return constant_state(kind, State.UNKNOWN)
        return _as_expected(column, kind, len(column))


def _as_expected(column: Column, kind: Kind, length: int) -> Column:
    if column.kind is not kind or len(column) != length:
        return constant_state(kind, State.UNKNOWN, length)
    if column.kind is Kind.NUMBER and column.scale is None and not np.isfinite(column.data).all():
        return float_column(column.data.astype(np.float64), column.state)
    return column
