"""The tables as they stood on a date: what had not happened yet is not there.

A row that came to exist later is left out; an event that came later (paid, filed, done) is blank.
Undated columns (a status without its date, a balance) can only be shown as they are today.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from aliado.formula.texts import vocabulary
from aliado.formula.values import Byte, Column, Kind
from aliado.tables.table import Table

BIRTH: Final = {
    "invoices": "issue_date",
    "bills": "issue_date",
    "receipts": "date",
    "payments": "date",
    "bank": "date",
    "documents": "issue_date",
    "notices": "sent",
    "deliveries": "date",
    "stock": "date",
}
"""The field that says since when a row exists."""

EVENTS: Final = {
    "invoices": ("paid_date", "last_notice_date"),
    "bills": ("paid_date",),
    "filings": ("filed_date",),
    "tasks": ("done_date",),
}
"""Fields that say when something happened to a row."""


STATUS_OF: Final = {
    ("invoices", "paid_date"): "status",
    ("bills", "paid_date"): "status",
    ("tasks", "done_date"): "status",
    ("invoices", "last_notice_date"): "last_notice",
}
"""The column that speaks of an event: where that is still to come, it is blank too."""


def exist_by(table: Table, day: int) -> npt.NDArray[np.bool_]:
    """Return which rows exist on `day` (Excel serial, inclusive); a row without a date always does."""
    born = table.columns.get(BIRTH.get(table.spec.name, ""))
    if born is None:
        return np.ones(len(table), dtype=bool)
    there: npt.NDArray[np.bool_] = born.data <= day
    return there if born.state is None else there | (born.state != Byte.VALUE)


def blank_later(table: Table, day: int) -> Table:
    """Return the table with every event after `day` blank, and with it the status that tells of it."""
    name = table.spec.name
    changed: dict[str, Column] = {}
    for field in EVENTS.get(name, ()):
        column = table.columns.get(field)
        if column is None:
            continue
        later = _later(column, day)
        if later.any():
            changed[field] = _blank(column, later)
            telling = STATUS_OF.get((name, field), "")
            if telling in table.columns:
                changed[telling] = _blank(table.columns[telling], later)
    return table.with_columns(changed) if changed else table


def stand_at(table: Table, day: int, there: npt.NDArray[np.bool_] | None = None) -> Table:
    """Return a table as it stood on `day`. there: which rows exist then, where that is known."""
    there = exist_by(table, day) if there is None else there
    return blank_later(table if there.all() else table.take(there), day)


def _later(column: Column, day: int) -> npt.NDArray[np.bool_]:
    later: npt.NDArray[np.bool_] = column.data > day
    return later if column.state is None else later & (column.state == Byte.VALUE)


def _blank(column: Column, rows: npt.NDArray[np.bool_]) -> Column:
    state = np.zeros(len(column), dtype=np.uint8) if column.state is None else column.state.copy()
    state[rows] = Byte.BLANK
    data = column.data.copy()
    data[rows] = "" if column.kind is Kind.TEXT else 0
    blanked = Column(column.kind, data, state, column.scale)
    if column.kind is Kind.TEXT:
        blanked.cache["vocabulary"] = vocabulary(column).blanked(rows)
    return blanked
