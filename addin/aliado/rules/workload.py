"""Who has how much to do: open and overdue tasks by owner on a date, and whom each process hangs on."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from msgspec import Struct

from aliado.formula.values import Kind, State, from_serial, to_serial
from aliado.language import fold
from aliado.rules.named_rows import day_of, text_of
from aliado.rules.periods import add_months, period_span, read_period
from aliado.tables.as_of import stand_at
from aliado.tables.table import Table

CLOSED = frozenset({"hecha", "anulada"})
"""Statuses of tasks that nobody has to do any more."""

FEWEST_TASKS = 3
"""Tasks of a process from which its hanging on one person is told."""

MONTHS_BACK = 12
"""How far back the tasks of a process are looked at."""


class Workload(Struct, frozen=True):
    """The open tasks of one owner ("" = nobody's). due_soon: due from the date on, within the days asked for."""

    owner: str
    open: int
    overdue: int
    due_soon: int
    next_due: date | None


class Hands(Struct, frozen=True):
    """Who carried a process over the last months. most: who has most of its tasks, share: how many of them.

    sheet, row: the latest of its tasks.
    """

    process: str
    tasks: int
    people: int
    most: str
    share: Decimal
    sheet: str
    row: int


def count_tasks(tasks: Table, as_of: date, soon: int = 7) -> tuple[Workload, ...]:
    """Return the workload of each owner on a date, the most overdue first, then the most open."""
    key = (count_tasks, as_of, soon)
    if key not in tasks.memo:
        tasks.memo[key] = _count_tasks(tasks, as_of, soon)
    found: tuple[Workload, ...] = tasks.memo[key]
    return found


def _count_tasks(tasks: Table, as_of: date, soon: int) -> tuple[Workload, ...]:
    table = stand_at(tasks, to_serial(as_of))
    owners: dict[str, str] = {}
    open_tasks: dict[str, list[date | None]] = {}
    columns = (_values(table, name) for name in ("done_date", "status", "owner", "due_date"))
    for done, status, owner, due in zip(*columns, strict=True):
        if done is not None or fold(str(status or "")) in CLOSED:
            continue
        name = str(owner or "").strip()
        key = fold(name)
        owners.setdefault(key, name)
        open_tasks.setdefault(key, []).append(due if isinstance(due, date) else None)
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


def _values(table: Table, name: str) -> list[object]:
    """Return the texts or dates of a column, None where there is none."""
    column = table.columns.get(name)
    if column is None:
        return [None] * len(table)
    there = [True] * len(table) if column.state is None else (column.state == State.VALUE).tolist()
    read = from_serial if column.kind is Kind.DATE else str
    return [read(value) if held else None for value, held in zip(column.data.tolist(), there, strict=True)]


def people_by_process(tasks: Table, as_of: date) -> tuple[Hands, ...]:
    """Return who carries each process, those that hang on the fewest people first."""
    found = []
    for rows in recent_by_process(tasks, as_of).values():
        names: dict[str, str] = {}
        for row in rows:
            names.setdefault(fold(text_of(tasks, "owner", row)), text_of(tasks, "owner", row))
        counted = Counter(fold(text_of(tasks, "owner", row)) for row in rows)
        (first, most), last = counted.most_common(1)[0], rows[-1]
        found.append(
            Hands(
                process=text_of(tasks, "process", last),
                tasks=len(rows),
                people=len(counted),
                most=names[first],
                share=Decimal(most) / len(rows),
                sheet=tasks.sheet,
                row=int(tasks.rows[last]),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.people, -each.tasks, each.process)))


def recent_by_process(tasks: Table, as_of: date) -> dict[str, list[int]]:
    """Return the rows (indices) of each process, by its folded name, that have an owner and are of the last months."""
    groups: dict[str, list[int]] = defaultdict(list)
    if "owner" not in tasks.columns or "process" not in tasks.columns:
        return groups
    since = add_months(as_of, -MONTHS_BACK)
    for row, name in enumerate(tasks.columns["process"].data.tolist()):
        days = [day for field in ("due_date", "done_date", "start_date") if (day := day_of(tasks, field, row))]
        if (
            name
            and text_of(tasks, "owner", row)
            and (not days or max(days) >= since)
            and not begins_later(tasks, row, as_of)
        ):
            groups[fold(name)].append(row)
    return groups


def begins_later(tasks: Table, row: int, as_of: date) -> bool:
    """Return whether a task is not for now: it starts, or its period does, after the date."""
    span = period_span(read_period(text_of(tasks, "period", row)))
    begin = day_of(tasks, "start_date", row) or (span[0] if span is not None else None)
    return begin is not None and begin > as_of
