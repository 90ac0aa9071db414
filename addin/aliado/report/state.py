"""What our own sheets held before a refresh: recorded runs, the life of every alert, people's notes.

State travels with the workbook and is read from it alone. A refresh is a run, and recorded, when its date was recorded
before (it takes the place of that run) or is later than all. Any other earlier date is a look back: it shows what it
shows and records nothing, so going back and forth leaves no trace. What people wrote is kept in either case.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from msgspec import Struct, field

from aliado.language import Text
from aliado.report import history_table
from aliado.report.alert_log import AlertId, Event, Log, closed_long_ago, first_seen, identify, record, to_event
from aliado.report.memo import Memo
from aliado.report.notes import Note, add_note, read_notes
from aliado.rules.assessment import Assessment, Finding, Past
from aliado.workbook.sheet import Sheet

MONTHS: Final = 5
"""Month ends before as_of whose figures are computed again when no run recorded them."""
KEPT_DAYS: Final = 800
"""How long the log remembers a closed alert; notes are kept for good."""
CHUNK: Final = 30_000
"""Characters of the log in one cell; Excel holds 32,767."""

STATE_ROLES: Final = ("alerts", "changes", "history")
"""Our sheets that hold state; the others need not be read."""

_MARK: Final = "aliado.log"


class State(Struct, frozen=True):
    """What an earlier refresh left. runs: oldest first. subjects: rule -> its title when it last spoke."""

    runs: tuple[Past, ...] = ()
    log: Log = field(default_factory=dict)
    subjects: Mapping[str, Text] = field(default_factory=dict)
    notes: Mapping[AlertId, Note] = field(default_factory=dict)

    def records(self, as_of: date) -> bool:
        """Return whether a refresh at `as_of` is a run (else it is a look back)."""
        dates = [run.as_of for run in self.runs]
        return not dates or as_of in dates or as_of > max(dates)

    def previous(self, as_of: date) -> Past | None:
        """Return the latest run of an earlier date."""
        return next((run for run in reversed(self.runs) if run.as_of < as_of), None)

    def first_seen(self, findings: Sequence[Finding], as_of: date) -> list[date]:
        """Return since when each finding has stood without a break, by the runs before; `as_of` for a new one."""
        if not self.log:
            return [as_of] * len(findings)
        return [first_seen(self.log.get(alert, ()), as_of) for alert in identify(findings)]

    def missing(self, as_of: date) -> list[date]:
        """Return the month ends before `as_of` that no run recorded."""
        dates = {run.as_of for run in self.runs}
        return [day for day in month_ends(as_of, MONTHS) if day not in dates]

    def after(self, assessment: Assessment, ids: Sequence[AlertId] | None = None) -> State:
        """Return the state that a refresh leaves; its notes are still all of them. ids: of its findings, where known."""
        as_of = assessment.as_of
        if not self.records(as_of):
            return self
        ids = identify(assessment.findings) if ids is None else ids
        now = {alert: to_event(finding, as_of) for alert, finding in zip(ids, assessment.findings, strict=True)}
        following = next((run.as_of for run in self.runs if run.as_of > as_of), None)
        log = record(self.log, as_of, now, following)
        last = max([as_of, *(run.as_of for run in self.runs)])
        kept = {alert: events for alert, events in log.items() if not closed_long_ago(events, last, KEPT_DAYS)}
        subjects = {**self.subjects, **{finding.rule: finding.title for finding in assessment.findings}}
        spoken = {alert.rule for alert in kept}
        runs = [run for run in self.runs if run.as_of != as_of] + [to_past(assessment)]
        return State(
            tuple(sorted(runs, key=lambda run: run.as_of)),
            kept,
            {rule: title for rule, title in subjects.items() if rule in spoken},
            self.notes,
        )


def to_past(assessment: Assessment) -> Past:
    """Return an assessment's figures, as a run records them."""
    kpis = {kpi.id: kpi.value for kpi in assessment.kpis}
    return Past(assessment.as_of, kpis, tuple(history_table.without_customers(each) for each in assessment.ageing))


def read_state(sheets: Iterable[Sheet]) -> State:
    """Return the state that our own sheets among `sheets` hold; empty when there are none."""
    own = {sheet.role: sheet for sheet in sheets if sheet.role is not None}
    notes: dict[AlertId, Note] = {}
    for role in STATE_ROLES[:2]:
        if role in own:
            for alert, note in read_notes(own[role]).items():
                add_note(notes, alert, note)
    if "history" not in own:
        return State(notes=notes)
    log, subjects = _read_log(own["history"])
    return State(history_table.read_runs(own["history"]), log, subjects, notes)


def write_log(state: State) -> list[str]:
    """Return the log as texts that each fit a cell."""
    days = Memo(date.isoformat)
    subjects = [[rule, *title] for rule, title in sorted(state.subjects.items())]
    alerts = [
        [*alert, [(days[event.as_of], *_facts(event)) for event in state.log[alert]]] for alert in sorted(state.log)
    ]
    if not alerts:
        return []
    # Excel reads _x0041_ in a cell as an escape; JSON has one of its own.
    text = json.dumps({"subjects": subjects, "alerts": alerts}, separators=(",", ":")).replace("_x", "\\u005fx")
    pieces = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    return [f"{_MARK} {number}/{len(pieces)} {piece}" for number, piece in enumerate(pieces, 1)]


def month_ends(before: date, count: int) -> list[date]:
    """Return the last days of the `count` months before the one that `before` lies in, oldest first."""
    ends = []
    day = before
    for _ in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends[::-1]


def _facts(event: Event) -> tuple[str, ...]:
    return () if event.severity is None else (event.severity, event.label, event.amount, event.value)


def _read_log(sheet: Sheet) -> tuple[Log, dict[str, Text]]:
    """Return the log on a sheet, empty when it is not there whole."""
    pieces: dict[int, str] = {}
    count = 0
    for cell in _log_cells(sheet.rows):
        place, _, piece = cell.removeprefix(f"{_MARK} ").partition(" ")
        number, _, whole = place.partition("/")
        if number.isascii() and number.isdigit() and whole.isascii() and whole.isdigit():
            pieces[int(number)] = piece
            count = int(whole)
    try:
        found = json.loads("".join(pieces[number] for number in range(1, count + 1)))
        log = {
            AlertId(str(rule), str(table), str(key), int(number)): tuple(_event(event) for event in events)
            for rule, table, key, number, events in found["alerts"]
        }
        return log, {str(rule): Text(str(es), str(en)) for rule, es, en in found["subjects"]}
    except (KeyError, ValueError, TypeError):
        return {}, {}


def _event(fields: Sequence[Any]) -> Event:
    day, *facts = fields
    return Event(date.fromisoformat(day), *(facts or [None]))


def _log_cells(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and cell.startswith(_MARK):
                yield cell
