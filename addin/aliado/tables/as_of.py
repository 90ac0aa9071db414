"""The tables as they stood on a date: what had not happened yet is not there.

A row that came to exist later is left out; an event that came later (paid, filed, done) is blank.
Undated columns (status, balance) can only be shown as they are today.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from aliado.formula.values import Column, State
from aliado.tables.table import Table

BIRTH: Final = {
    "invoices": "issue_date",
    "bills": "issue_date",
    "receipts": "date",
    "payments": "date",
    "bank": "date",
    "documents": "issue_date",
}
"""The field that says since when a row exists."""

EVENTS: Final = {
    "invoices": ("paid_date",),
    "bills": ("paid_date",),
    "filings": ("filed_date",),
    "tasks": ("done_date",),
}
"""Fields that say when something happened to a row."""


def stand_at(tables: Mapping[str, Table], day: int) -> dict[str, Table]:
    """Return the tables as of `day` (Excel serial, inclusive)."""
    return {name: _stand(name, table, day) for name, table in tables.items()}


def _stand(name: str, table: Table, day: int) -> Table:
    later = {field: _blank_after(table.columns[field], day) for field in EVENTS.get(name, ()) if field in table.columns}
    if later:
        table = table.with_columns(later)
    born = table.columns.get(BIRTH.get(name, ""))
    if born is None:
        return table
    future = np.asarray(born.data > day, dtype=bool)
    if born.state is not None:
        future &= born.state == State.VALUE
    return table.take(~future) if future.any() else table


def _blank_after(column: Column, day: int) -> Column:
    future = np.asarray(column.data > day, dtype=bool)
    if not future.any():
        return column
    state = np.zeros(len(column), dtype=np.uint8) if column.state is None else column.state.copy()
    state[future & (state == State.VALUE)] = State.BLANK
    return Column(column.kind, np.where(future, 0, column.data), state, column.scale)
