"""Recurring processes: each step of each period, when it was due, what it waits for, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field

from aliado.formula.texts import vocabulary
from aliado.language import Text, fold, write_date
from aliado.rules.assessment import Evidence, Finding, Severity, StepCheck, StepStatus
from aliado.rules.business_days import add_span, business_days_between
from aliado.rules.due_dates import Period, periods
from aliado.rules.marked import evidence
from aliado.rules.models import Process, Step
from aliado.rules.named_rows import day_of, text_of
from aliado.rules.periods import add_months, period_span, read_period
from aliado.rules.reasons import reason
from aliado.rules.standing import Standing
from aliado.tables.table import Table

if TYPE_CHECKING:
    from aliado.rules.compliance import Compliance

BACK_MONTHS = 12
"""How far back the runs of a process are looked at."""

SOON_DAYS = 5
"""A step is due soon within this many days."""

_OVERDUE = Text("Vencido", "Overdue")
_TOLD = ("task", "owner", "due_date", "done_date", "status")


class _Run(Struct):
    """One period of a process: step id -> row, of several the first that was done."""

    period: Period
    rows: dict[str, int] = field(default_factory=dict)


def check_processes(standing: Standing, rules: Mapping[str, Process], result: Compliance) -> None:
    """Add every step of the processes that the client's tasks speak of, and a finding for each that is too late."""
    table = standing.tables.get("tasks")
    if table is None:
        return
    for rule in rules.values():
        _check_process(rule, table, standing, result)


def _check_process(rule: Process, table: Table, standing: Standing, result: Compliance) -> None:
    found = dict(_rows_of(rule, table))
    first: dict[str, date] = {}
    for name, step in found:
        span = period_span(name)
        if span is not None and span[0] <= standing.as_of:  # rows of later periods change nothing of a past date
            first[step] = min(first.get(step, span[0]), span[0])
    if not first:
        return
    since = max(min(first.values()), add_months(standing.as_of, -BACK_MONTHS))
    for period in periods(rule.every, since, standing.as_of, year_end_month=standing.year_end_month):
        rows = {step.id: found[period.name, step.id] for step in rule.steps if (period.name, step.id) in found}
        tracked = {step for step, begun in first.items() if begun <= period.last}
        _check_run(rule, _Run(period, rows), tracked, table, standing, result)


def _rows_of(rule: Process, table: Table) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield (period, step id) -> row; a step done again keeps the first row that was done."""
    wanted = {fold(word) for word in (rule.id, *rule.title, *rule.names)}
    steps = {fold(word): step.id for step in rule.steps for word in (step.id, *step.title, *step.names)}
    seen: dict[tuple[str, str], int] = {}
    words = vocabulary(table.columns["process"]) if "process" in table.columns else None
    mine: list[int] = []
    if words is not None:
        mine = np.flatnonzero(words.of_words([name in wanted for name in words.names], np.bool_)).tolist()
    for row in mine:
        name = steps.get(fold(text_of(table, "step", row))) or steps.get(fold(text_of(table, "task", row)))
        period = _period(rule, table, row)
        if name is None or period is None:
            continue
        key = period, name
        if key not in seen or (
            day_of(table, "done_date", seen[key]) is None and day_of(table, "done_date", row) is not None
        ):
            seen[key] = row
    yield from seen.items()


def _period(rule: Process, table: Table, row: int) -> str | None:
    """Return the period that a row is about: as it says, else the last one that had ended before its dates."""
    written = read_period(text_of(table, "period", row))
    if period_span(written) is not None:
        return written
    days = [day_of(table, name, row) for name in ("due_date", "start_date", "done_date")]
    day = next((day for day in days if day is not None), None)
    if day is None:
        return None
    ended = list(periods(rule.every, add_months(day, -13), day - timedelta(days=1)))
    return ended[-1].name if ended else None


def _check_run(
    rule: Process, run: _Run, tracked: set[str], table: Table, standing: Standing, result: Compliance
) -> None:
    done: set[str] = set()
    for step in rule.steps:
        if step.id not in tracked:
            done.add(step.id)  # what the client keeps no list of holds nobody up
            continue
        row = run.rows.get(step.id)
        waits = tuple(name for name in step.after if name not in done)
        check = _check_step(rule, step, run, waits, table, standing)
        result.steps.append(check)
        if row is not None:
            result.spoken_for.add(("tasks", int(table.rows[row])))
        if check.status in {"on_time", "late"}:
            done.add(step.id)
        elif check.status == "overdue":
            result.findings += _findings(rule, check, table, standing)


def _check_step(
    rule: Process, step: Step, run: _Run, waits: tuple[str, ...], table: Table, standing: Standing
) -> StepCheck:
    row = run.rows.get(step.id)
    stated = day_of(table, "due_date", row) if row is not None else None
    due = stated or add_span(run.period.last, step.due, standing.holidays)
    done = day_of(table, "done_date", row) if row is not None else None
    said = fold(text_of(table, "status", row)) if row is not None else ""
    owner = step.owner or rule.owner
    titles = {item.id: item.title for item in rule.steps}
    return StepCheck(
        process=rule.id,
        title=rule.title,
        period=run.period.name,
        step=step.id,
        step_title=step.title,
        due=due,
        done=done,
        status=_status(due, done, said, waits, standing.as_of),
        waits_for=tuple(titles[name] for name in waits),
        owner=owner.title if owner else None,
        responsible=text_of(table, "owner", row),
        sheet=table.sheet,
        row=None if row is None else int(table.rows[row]),
    )


def _status(due: date, done: date | None, said: str, waits: tuple[str, ...], as_of: date) -> StepStatus:
    if done is not None:
        return "on_time" if done <= due else "late"
    if said == "hecha":
        return "on_time" if as_of <= due else "late"
    if said == "anulada":
        return "on_time"
    if due < as_of:
        return "blocked" if waits else "overdue"
    return "due_soon" if (due - as_of).days <= SOON_DAYS else "pending"


def _findings(rule: Process, check: StepCheck, table: Table, standing: Standing) -> list[Finding]:
    """Return a finding when a step is later than the process allows: its hold time has passed."""
    late = business_days_between(check.due, standing.as_of, standing.holidays)
    severity = _severity(rule, check.due, standing)
    if severity is None:
        return []
    who = check.responsible or (check.owner.es if check.owner else "")
    by = f" ({who})" if who else ""
    held = _held_up(rule, check, table)
    return [
        Finding(
            rule=rule.id,
            title=rule.title,
            table="tasks",
            sheet=check.sheet,
            row=check.row,
            cell=None if check.row is None else f"{table.cells.get('task', 'A')}{check.row}",
            key=f"{rule.id} {check.period} {check.step}",
            severity=severity,
            message=Text(
                f"{rule.title.es} {check.period}, «{check.step_title.es}»: vencía el {write_date(check.due, 'es')}, "
                f"{late} días hábiles de retraso{by}",
                f"{rule.title.en} {check.period}, “{check.step_title.en}”: was due on {write_date(check.due, 'en')}, "
                f"{late} business days late{by}",
            ),
            values={"period": check.period, "step": check.step, "due_date": check.due.isoformat(), "days": str(late)},
            owner=check.owner,
            label="overdue",
            level=_OVERDUE,
            explanation=reason(rule, standing, standing.as_of),
            source=", ".join(rule.source),
            evidence=held,
        )
    ]


def _severity(rule: Process, due: date, standing: Standing) -> Severity | None:
    """Return how serious a delay is: the process says from which one on; without a word, any is amber."""
    if not rule.late:
        return "amber"
    reached: Severity | None = None
    for severity in ("amber", "red"):
        span = rule.late.get(severity)
        if span is not None and standing.as_of >= add_span(due, span, standing.holidays):
            reached = severity
    return reached


def _held_up(rule: Process, check: StepCheck, table: Table) -> tuple[Evidence, ...]:
    """Return the rows of the same run that wait for this step."""
    waiting = {step.id for step in rule.steps if check.step in step.after}
    rows = [row for (period, name), row in _rows_of(rule, table) if period == check.period and name in waiting]
    return evidence(table, rows, _TOLD, "task")
