"""An assessment beside what came before it: notes, first-seen dates, changes, and the figures of other dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import Struct

from aliado.report.alert_log import ORDER, AlertId, Change, compare, first_seen, identify
from aliado.report.history_table import HistoryRow
from aliado.report.notes import Note, take_note
from aliado.report.state import State, to_past, write_log
from aliado.rules.assessment import Assessment, Finding, Past

MONTHS_SHOWN: Final = 13
"""Months side by side: a year and the one before it."""


class Alert(Struct, frozen=True):
    """A finding with its identity, the as_of on which it was first seen, and the note that somebody wrote beside it."""

    finding: Finding
    id: AlertId
    first_seen: date
    note: Note | None


class Timeline(Struct, frozen=True):
    """alerts: worst first. since: the run that `changes` compares with. kept: notes whose alert does not stand now.

    rows: figures by date, newest first. months: the last date of each month up to as_of, oldest first, as_of itself last.
    log: the state to keep, in texts that each fit a cell.
    """

    alerts: tuple[Alert, ...]
    changes: tuple[Change, ...]
    since: Past | None
    kept: Mapping[AlertId, Note]
    rows: tuple[HistoryRow, ...]
    months: tuple[Past, ...]
    log: tuple[str, ...]
    state: State

    @property
    def period_before(self) -> Past | None:
        """The figures of the period before, None when there are none."""
        return self.months[-2] if len(self.months) > 1 else None


def read_timeline(assessment: Assessment, state: State) -> Timeline:
    """Return how an assessment stands among what came before it."""
    as_of = assessment.as_of
    ids = identify(assessment.findings)
    after = state.after(assessment, ids)
    since = state.previous(as_of)
    notes = dict(state.notes)
    alerts = sorted(
        (
            Alert(finding, alert, first_seen(state.log.get(alert, ()), as_of), take_note(notes, alert))
            for finding, alert in zip(assessment.findings, ids, strict=True)
        ),
        key=lambda each: (ORDER[each.finding.severity], each.finding.rule, each.finding.key, each.id.number),
    )
    rows = _rows(assessment, after)
    return Timeline(
        alerts=tuple(alerts),
        changes=tuple(compare(state.log, as_of, ids, assessment.findings)) if since is not None else (),
        since=since,
        kept={alert: notes[alert] for alert in sorted(notes)},
        rows=rows,
        months=_months(rows, as_of),
        log=tuple(write_log(after)),
        state=after,
    )


def change_of(now: Decimal | None, then: Past | None, kpi: str) -> Decimal | None:
    """Return how much an indicator has changed since other figures, None where either is not known."""
    before = None if then is None else then.kpis.get(kpi)
    return None if now is None or before is None else now - before


def figures_of(timeline: Timeline, kpi: str) -> list[Decimal]:
    """Return what an indicator was in the months in which it is known, oldest first."""
    return [value for past in timeline.months if (value := past.kpis.get(kpi)) is not None]


def _rows(assessment: Assessment, after: State) -> tuple[HistoryRow, ...]:
    rows = {past.as_of: HistoryRow("recomputed", past) for past in assessment.past}
    rows.update({run.as_of: HistoryRow("run", run) for run in after.runs})
    rows.setdefault(assessment.as_of, HistoryRow("look_back", to_past(assessment)))
    return tuple(rows[day] for day in sorted(rows, reverse=True))


def _months(rows: tuple[HistoryRow, ...], as_of: date) -> tuple[Past, ...]:
    last: dict[tuple[int, int], Past] = {}
    for row in rows:
        day = row.figures.as_of
        if day <= as_of:
            last.setdefault((day.year, day.month), row.figures)
    return tuple(last[month] for month in sorted(last)[-MONTHS_SHOWN:])
