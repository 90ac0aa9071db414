"""Who has how much to do: open and overdue tasks by owner, on a date."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from aliado.formula.values import State, to_serial
from aliado.language import fold
from aliado.tables.as_of import stand_at
from aliado.tables.table import Table

CLOSED = frozenset({"hecha", "anulada"})
"""Statuses of tasks that nobody has to do any more."""


class Workload(Struct, frozen=True):
    """The open tasks of one owner ("" = nobody's). due_soon: due from the date on, within the days asked for."""

    owner: str
    open: int
    overdue: int
    due_soon: int
    next_due: date | None


def count_tasks(tasks: Table, as_of: date, soon: int = 7) -> tuple[Workload, ...]:
    """Return the workload of each owner on a date, the most overdue first, then the most open."""
    table = stand_at(tasks, to_serial(as_of))
    owners: dict[str, str] = {}
    open_tasks: dict[str, list[date | None]] = {}
    for row in range(len(table)):
        if _value(table, "done_date", row) is not None or fold(str(_value(table, "status", row) or "")) in CLOSED:
            continue
        name = str(_value(table, "owner", row) or "").strip()
        due = _value(table, "due_date", row)
        owners.setdefault(fold(name), name)
        open_tasks.setdefault(fold(name), []).append(due if isinstance(due, date) else None)
    found = [_workload(owners[key], days, as_of, soon) for key, days in open_tasks.items()]
    return tuple(sorted(found, key=lambda each: (-each.overdue, -each.open, not each.owner, each.owner)))


def _workload(owner: str, days: list[date | None], as_of: date, soon: int) -> Workload:
    known = sorted(day for day in days if day is not None)
    ahead = [day for day in known if day >= as_of]
    return Workload(
        owner=owner,
        open=len(days),
        overdue=len(known) - len(ahead),
        due_soon=sum((day - as_of).days <= soon for day in ahead),
        next_due=ahead[0] if ahead else None,
    )


def _value(table: Table, name: str, row: int) -> object:
    column = table.columns.get(name)
    value = column.value(row) if column is not None else State.BLANK
    return None if isinstance(value, State) else value
