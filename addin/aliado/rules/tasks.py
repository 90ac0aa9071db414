"""How a team's tasks go: on time, how long they take, how old the open ones are, how often work is done again.

Every function takes the tasks, and the day (Excel serial) to look at them from; days are calendar days.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from aliado.formula.texts import vocabulary
from aliado.formula.values import round_half_up
from aliado.rules.receivables import PLACES, ratio
from aliado.tables.as_of import blank_later
from aliado.tables.open_items import ALWAYS, NEVER
from aliado.tables.table import Table

Days = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DONE, DROPPED = "hecha", "anulada"


class Tasks:
    """The tasks that had begun, or were to be done, by `day`; a day not known is NEVER (done, due) or ALWAYS (start).

    done: also those with a status that says so but no date. open: neither done nor dropped.
    """

    def __init__(self, table: Table, day: int) -> None:
        seen = blank_later(table, day)
        start, started = seen.integers("start_date")
        later = started & (start > day)
        if later.any():
            seen, start, started = seen.take(~later), start[~later], started[~later]
        self.table = seen
        done, finished = seen.integers("done_date")
        due, has_due = seen.integers("due_date")
        status = _folded(seen, "status")
        self.start, self.done_day, self.due = (
            np.where(started, start, ALWAYS),
            np.where(finished, done, NEVER),
            np.where(has_due, due, NEVER),
        )
        self.done: Mask = finished | (status == DONE)
        self.open: Mask = ~self.done & (status != DROPPED)


def tasks_at(table: Table, day: int) -> Tasks:
    """Return the tasks by `day`, read once per table and day."""
    found: Tasks | None = table.memo.get(("tasks", day))
    if found is None:
        found = table.memo["tasks", day] = Tasks(table, day)
    return found


def _folded(table: Table, name: str) -> npt.NDArray[np.object_]:
    column = table.columns.get(name)
    if column is None:
        return np.full(len(table), "", dtype=object)
    words = vocabulary(column)
    return words.of_words(words.names)


def on_time(table: Table, day: int) -> Decimal | None:
    """Return done by their due date / (done + open and overdue), of the tasks with a due date (OPS-ONTIME).

    A task said to be done without saying when counts as done, not as on time.
    """
    tasks = tasks_at(table, day)
    dated = tasks.due != NEVER
    done = dated & tasks.done
    good = int(np.count_nonzero(done & (tasks.done_day <= tasks.due)))
    whole = int(np.count_nonzero(done)) + int(np.count_nonzero(dated & tasks.open & (tasks.due < day)))
    return ratio(good, whole, PLACES) if whole else None


def cycle_time(table: Table, day: int, share: Decimal) -> Decimal | None:
    """Return the days from start to end of done tasks: the value that `share` of them do not exceed (OPS-CYCLE)."""
    tasks = tasks_at(table, day)
    known = (tasks.done_day != NEVER) & (tasks.start != ALWAYS)
    return percentile((tasks.done_day - tasks.start)[known].tolist(), share)


def backlog_age(table: Table, day: int, share: Decimal) -> Decimal | None:
    """Return the days since the start of open tasks: the value that `share` of them do not exceed (OPS-BACKLOG)."""
    tasks = tasks_at(table, day)
    known = tasks.open & (tasks.start != ALWAYS)
    return percentile((day - tasks.start)[known].tolist(), share)


def first_time_right(table: Table, day: int) -> Decimal | None:
    """Return 1 - cases with a repeated step / cases (OPS-FTR).

    A case is what the case column says, else the run of a process in a period; a step is the step column, else the task.
    """
    tasks = tasks_at(table, day).table
    cases, processes, periods = (_folded(tasks, name) for name in ("case", "process", "period"))
    steps, names = _folded(tasks, "step"), _folded(tasks, "task")
    done: dict[Hashable, set[str]] = {}
    again: set[Hashable] = set()
    told = zip(*(each.tolist() for each in (cases, processes, periods, steps, names)), strict=True)
    for case, process, period, step, name in told:
        key: Hashable = case or ((process, period) if process and period else None)
        if key:
            steps_of = done.setdefault(key, set())
            if (step or name) in steps_of:
                again.add(key)
            steps_of.add(step or name)
    return ratio(len(done) - len(again), len(done), PLACES) if done else None


def percentile(values: Sequence[int | Decimal], share: Decimal) -> Decimal | None:
    """Return the value below which `share` of the values lie, between neighbours in proportion, as PERCENTILE.INC does."""
    if not values or not 0 <= share <= 1:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    low, high = Decimal(ordered[below]), Decimal(ordered[min(below + 1, len(ordered) - 1)])
    return round_half_up(low + (high - low) * (place - below), PLACES)
