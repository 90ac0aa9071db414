"""Filings: each period of each obligation that is this client's, when it falls due, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from aliado.language import Text, write_date
from aliado.rules.assessment import Filing, FilingStatus, Finding, Unscheduled
from aliado.rules.due_dates import Period, dated_by, due_date, instalments, periods
from aliado.rules.models import Due, Obligation
from aliado.rules.named_rows import day_of, named, rows_named, text_of
from aliado.rules.periods import add_months, period_span, read_period
from aliado.rules.reasons import reason
from aliado.rules.standing import Standing
from aliado.rules.values import at, to_json
from aliado.tables.table import Table

if TYPE_CHECKING:
    from aliado.rules.compliance import Compliance

AHEAD_DAYS = 95
"""How far ahead the calendar looks: the month of the date and the two after it."""

BACK_MONTHS = 12
"""How far back due dates are looked for when the filings table starts earlier, or not at all."""

SOON_DAYS = 10
"""A filing is due soon within its longest reminder, or this many days."""

LONGEST_WAIT = 24
"""Months from a period's end to its due date, at most: what a rule may say."""

_OVERDUE = Text("Vencida", "Overdue")
_UNSURE = Text("Sin verificar", "Unverified")


def check_filings(rules: Sequence[tuple[Obligation, bool]], standing: Standing, result: Compliance) -> None:
    """Add the calendar of the obligations; each comes with whether it is for this client."""
    table = standing.tables.get("filings")
    if table is None and any(rule.valid.includes(standing.as_of) for rule, _ in rules):
        result.notes.append(
            Text(
                "El libro no tiene tabla de declaraciones: el calendario dice cuándo vencen, no si se presentaron.",
                "The workbook has no filings table: the calendar says when they fall due, not whether they were filed.",
            )
        )
    for rule, mine in rules:
        if mine:
            _check_obligation(rule, table, standing, result)
        elif rule.valid.includes(standing.as_of):
            reason = Text("No corresponde según la ficha del cliente", "Not for this client, by its profile")
            result.unscheduled.append(_unscheduled(rule, "", "not_applicable", reason, None, standing))


def _check_obligation(rule: Obligation, table: Table | None, standing: Standing, result: Compliance) -> None:
    filed = _filed_rows(rule, table) if table is not None else {}
    begin, earliest = _first_days(standing, table, filed)
    reach = standing.as_of + timedelta(days=AHEAD_DAYS)
    unknown: list[str] = []
    for period in _candidates(rule, begin, earliest, reach, standing):
        row = filed.get(period.name)
        when = day_of(table, "filed_date", row) if table is not None and row is not None else None
        due = due_date(rule, period, standing.profile.tax_id, standing.holidays)
        stated = day_of(table, "due_date", row) if due is None and table is not None and row is not None else None
        if table is not None and row is not None and (due is not None or stated is not None):
            result.spoken_for.add(("filings", int(table.rows[row])))
        span = period_span(period.name)
        if span is not None and span[0] > standing.as_of:  # the row of a period that has yet to begin was not there
            row = when = None
        if due is None and stated is None:
            if earliest <= period.last <= standing.as_of:
                unknown.append(period.name)
                reason = _why_unknown(rule, period, standing)
                result.unscheduled.append(_unscheduled(rule, period.name, "unknown", reason, when, standing))
            continue
        day = due or stated
        if day is None or not earliest <= day <= reach:
            continue
        sources = _sources(rule, period) if due is not None else rule.source
        sure = due is not None and not rule.unverified and standing.pack.seen(sources)
        entry = _filing(rule, period, day, when, table, row, standing, sources=sources, sure=sure)
        result.calendar.append(entry)
        if entry.status == "overdue" or (entry.status == "unknown" and _kept(table) and day < standing.as_of):
            result.findings.append(_finding(rule, entry, table, standing))
    if unknown:
        result.notes.append(_undated(rule, unknown))


def _sources(rule: Obligation, period: Period) -> tuple[str, ...]:
    """Return what says when a period falls due: its extension, its row of a yearly table, or else the rule's sources."""
    dated = dated_by(rule, period)
    return dated.source if dated is not None and dated.source else rule.source


def _candidates(rule: Obligation, begin: date, earliest: date, reach: date, standing: Standing) -> Iterator[Period]:
    """Yield the periods that may fall due between `earliest` and `reach`; none that ended before `begin`."""
    since = max(begin, add_months(earliest, -LONGEST_WAIT))
    until = add_months(reach, 12) if _before_its_end(rule.due) else reach
    for whole in periods(rule.every, since, until, year_end_month=standing.year_end_month):
        if rule.valid.includes(whole.last):
            yield from instalments(rule.due, whole)


def _before_its_end(due: Due) -> bool:
    """Return whether a period may fall due before it ends."""
    parts = [due, *due.by_period.values()]
    return any((part.on and not part.year_offset) or part.months_after < 0 or part.table is not None for part in parts)


def _filed_rows(rule: Obligation, table: Table) -> dict[str, int]:
    """Return period -> row of the filings of one obligation; of several for one period, the first that was filed."""
    rows: dict[str, int] = {}
    for row, name in _periods_named(rule, table):
        if name not in rows or (
            day_of(table, "filed_date", rows[name]) is None and day_of(table, "filed_date", row) is not None
        ):
            rows[name] = row
    return rows


def _periods_named(rule: Obligation, table: Table) -> Iterator[tuple[int, str]]:
    """Yield (row, period) of the filings of one obligation.

    An instalment may be told by the obligation ("202 1P", 2026) or by the period ("202", 1P 2026); a rule about one
    instalment only is found either way.
    """
    column = table.columns.get("period")
    periods_said = [read_period(to_json(at(column, row))) if column is not None else "" for row in range(len(table))]
    mine = rows_named(rule, table, "obligation")
    yield from ((row, periods_said[row]) for row in mine)
    if len(rule.due.on) == 1:
        for row, said in enumerate(periods_said):
            year, dash, part = said.rpartition("-P")
            if dash and named(rule, f"{text_of(table, 'obligation', row)} {part}P"):
                yield row, year


def _first_days(standing: Standing, table: Table | None, filed: Mapping[str, int]) -> tuple[date, date]:
    """Return since when periods are looked for (by their end), and since when due dates are: a year back.

    Periods begin with the client's activity and, where the filings table says when its filings begin, from then on:
    the first period of the obligation in it, or, for one that is not in it at all, the end of the earliest period of
    any. An empty table says nothing.
    """
    earliest = add_months(standing.as_of, -BACK_MONTHS).replace(day=1)
    known = [date(1900, 1, 1)]
    profile = standing.tables.get("profile")
    start = day_of(profile, "start_date", 0) if profile is not None and len(profile) else None
    if start is not None:
        known.append(start)
    spans = (period_span(name.partition("-P")[0]) for name in filed)
    own = [
        span[0] for span in spans if span is not None and span[0] <= standing.as_of
    ]  # later rows change no past date
    column = table.columns.get("period") if table is not None else None
    if own:
        known.append(min(own))
    elif column is not None and len(column):
        ends = [span[1] for text in column.data.tolist() if (span := period_span(read_period(text))) is not None]
        known += [min(ends)] if ends else []
    else:
        known.append(earliest)
    return max(known), earliest


def _kept(table: Table | None) -> bool:
    """Return whether the client keeps a list of filings: without one nothing is known of what was filed."""
    return table is not None and len(table) > 0


def _status(rule: Obligation, due: date, filed: date | None, as_of: date, *, kept: bool, sure: bool) -> FilingStatus:
    if filed is not None:
        return "filed_on_time" if filed <= due else "filed_late"
    if due < as_of:
        return "overdue" if kept and sure else "unknown"
    return "due_soon" if (due - as_of).days <= max(rule.remind, default=SOON_DAYS) else "pending"


def _filing(
    rule: Obligation,
    period: Period,
    due: date,
    filed: date | None,
    table: Table | None,
    row: int | None,
    standing: Standing,
    *,
    sources: tuple[str, ...],
    sure: bool,
) -> Filing:
    responsible = text_of(table, "owner", row) if table is not None else ""
    return Filing(
        obligation=rule.id,
        title=rule.title,
        period=period.name,
        due=due,
        status=_status(rule, due, filed, standing.as_of, kept=_kept(table), sure=sure),
        filed=filed,
        severity=rule.severity,
        owner=rule.owner.title if rule.owner else None,
        sheet=table.sheet if table is not None else None,
        row=int(table.rows[row]) if table is not None and row is not None else None,
        source=", ".join(sources),
        verified=sure,
        responsible=responsible or standing.profile.responsible,
        evidence=rule.evidence,
        shown=text_of(table, "evidence", row) or text_of(table, "reference", row) if table is not None else "",
        checked=standing.pack.looked_at(sources),
        confidence=rule.confidence,
        days=(due - standing.as_of).days,
        note=rule.note,
    )


def _finding(rule: Obligation, entry: Filing, table: Table | None, standing: Standing) -> Finding:
    days = (standing.as_of - entry.due).days
    es, en = write_date(entry.due, "es"), write_date(entry.due, "en")
    if entry.status == "overdue":
        said = Text(
            f"{rule.title.es} {entry.period}: venció el {es} y no consta presentada",
            f"{rule.title.en} {entry.period}: was due on {en} and is not filed",
        )
    else:
        said = Text(
            f"{rule.title.es} {entry.period}: no consta presentada y habría vencido el {es} (plazo sin verificar)",
            f"{rule.title.en} {entry.period}: is not filed and would have been due on {en} (deadline not verified)",
        )
        if rule.note is not None:
            said = Text(f"{said.es}. {rule.note.es}", f"{said.en}. {rule.note.en}")
    sure = entry.status == "overdue"
    return Finding(
        rule=rule.id,
        title=rule.title,
        table="filings",
        sheet=entry.sheet,
        row=entry.row,
        cell=f"{table.cells.get('obligation', 'A')}{entry.row}" if table is not None and entry.row else None,
        key=f"{rule.id} {entry.period}",
        severity=rule.severity if sure or rule.severity == "info" else "amber",
        message=said,
        values={"period": entry.period, "due_date": entry.due.isoformat(), "days_overdue": str(days)},
        owner=entry.owner,
        label="overdue" if sure else "unverified",
        level=_OVERDUE if sure else _UNSURE,
        explanation=reason(rule, standing, standing.as_of),
        source=entry.source,
        verified=entry.verified,
    )


def _unscheduled(
    rule: Obligation, period: str, status: str, reason: Text, filed: date | None, standing: Standing
) -> Unscheduled:
    return Unscheduled(
        obligation=rule.id,
        title=rule.title,
        period=period,
        status=status,  # type: ignore[arg-type]
        reason=reason,
        filed=filed,
        owner=rule.owner.title if rule.owner else None,
        source=", ".join(rule.source),
        checked=standing.pack.checked(rule),
        verified=standing.pack.verified(rule),
        note=rule.note,
    )


def _why_unknown(rule: Obligation, period: Period, standing: Standing) -> Text:
    due = rule.due.by_period.get(period.number, rule.due)
    if due.table is not None and period.name not in due.table:
        return Text(
            f"falta la tabla de {period.year} en las reglas de {standing.pack.name}",
            f"the table of {period.year} is missing from the rules of {standing.pack.name}",
        )
    return Text(
        "la ficha no da una identificación fiscal con el dígito que decide",
        "the profile gives no tax id with the digit that decides",
    )


def _undated(rule: Obligation, unknown: Sequence[str]) -> Text:
    span = unknown[0] if len(unknown) == 1 else f"{unknown[0]} … {unknown[-1]}"
    years = {name[:4] for name in unknown}
    tables = rule.due.table
    if tables is not None and not any(name in tables for name in unknown):
        listed = ", ".join(sorted(years))
        reason = Text(f"falta la tabla de {listed}", f"the table of {listed} is missing")
    else:
        reason = Text("falta el número de identificación", "the tax id is missing")
    return Text(
        f"{rule.id} {span}: no se sabe el vencimiento ({reason.es}).",
        f"{rule.id} {span}: the due date is not known ({reason.en}).",
    )
