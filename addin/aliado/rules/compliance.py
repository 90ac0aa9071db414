"""Compliance gaps: documents that are missing or run out, and filings that are due and not made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from aliado.formula.values import Kind, State
from aliado.language import Text, fold, same, write_date
from aliado.rules.assessment import DocumentCheck, DocumentStatus, Filing, FilingStatus, Finding
from aliado.rules.due_dates import Period, due_date, periods
from aliado.rules.flags import in_force, truth
from aliado.rules.models import Document, Duration, Obligation
from aliado.rules.periods import read_period
from aliado.rules.standing import Standing
from aliado.rules.values import at, to_json
from aliado.tables.schema import FieldType
from aliado.tables.table import Table

AHEAD_DAYS = 45
"""How far ahead the calendar looks."""

BACK_MONTHS = 12
"""How far back filings are looked for when the filings table starts earlier, or not at all."""

SOON_DAYS = 10
"""A filing is due soon within its longest reminder, or this many days."""


@dataclass(slots=True)
class Compliance:
    """What is missing, the calendar, and the rows that these rules speak of (so that general flags need not).

    spoken_for: (table, worksheet row).
    """

    findings: list[Finding] = field(default_factory=list)
    calendar: list[Filing] = field(default_factory=list)
    documents: list[DocumentCheck] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    spoken_for: set[tuple[str, int]] = field(default_factory=set)


def check_compliance(standing: Standing) -> Compliance:
    """Return the compliance gaps of a client at the standing's date."""
    result = Compliance()
    _check_documents(standing, result)
    _check_filings(standing, result)
    result.notes += _silent_profile(standing)
    result.calendar.sort(key=lambda item: (item.due, item.obligation, item.period))
    return result


def applies(rule: Document | Obligation, standing: Standing) -> bool:
    """Return whether a rule is for this client, by what its profile says; what it leaves blank says no more than a blank."""
    if rule.for_ is None:
        return True
    profile = standing.tables.get("profile")
    if profile is None or not len(profile):
        return False
    return bool(truth(rule.for_.evaluate(standing.data("profile")), len(profile))[0][0])


def _silent_profile(standing: Standing) -> list[Text]:
    """Return one remark naming the profile's fields that rules ask for and the client's profile does not have."""
    profile = standing.tables.get("profile")
    rules: list[Document | Obligation] = [*standing.pack.documents.values(), *standing.pack.obligations.values()]
    asked: dict[str, list[str]] = {}
    for rule in rules:
        if rule.for_ is None or not in_force(rule, standing.as_of):
            continue
        for owner, name in sorted(rule.for_.uses):
            column = profile.columns.get(name) if profile is not None and len(profile) else None
            blank = column is None or isinstance(column.value(0), State)
            if owner == "profile" and blank and standing.pack.tables["profile"].fields[name].type is not FieldType.BOOL:
                asked.setdefault(name, []).append(rule.id)
    if not asked:
        return []
    fields = standing.pack.tables["profile"].fields
    titles = [fields[name].title or same(name) for name in asked]
    ids = ", ".join(dict.fromkeys(rule for rules_of in asked.values() for rule in rules_of))
    return [
        Text(
            f"La ficha del cliente no dice {', '.join(title.es for title in titles)}: según lo que diga, podrían corresponderle {ids}.",
            f"The client profile does not say {', '.join(title.en for title in titles)}: depending on it, {ids} might apply.",
        )
    ]


# ---------------------------------------------------------------- documents


def _check_documents(standing: Standing, result: Compliance) -> None:
    rules = [rule for rule in standing.pack.documents.values() if in_force(rule, standing.as_of)]
    table = standing.tables.get("documents")
    if not rules:
        return
    if table is None:
        result.notes.append(
            Text(
                f"El libro no tiene tabla de documentos: no se comprueban los exigidos ({len(rules)}).",
                f"The workbook has no documents table: the {len(rules)} required ones are not checked.",
            )
        )
        return
    for rule in rules:
        if applies(rule, standing):
            _check_document(rule, table, standing, result)


def _check_document(rule: Document, table: Table, standing: Standing, result: Compliance) -> None:
    rows = _rows_named(rule, table, "document")
    if not rows:
        message = Text(f"Falta el documento: {rule.title.es}", f"Document missing: {rule.title.en}")
        result.documents.append(_document_check(rule, table, None, None, "missing"))
        result.findings.append(_document_finding(rule, table, None, None, message, "missing"))
        return
    for row in rows:
        result.spoken_for.add(("documents", int(table.rows[row])))
    ends = {row: _expiry(rule, table, row) for row in rows}
    row = max(rows, key=lambda index: (ends[index] or date.min, index))
    expiry = ends[row]
    left = (expiry - standing.as_of).days if expiry is not None else None
    result.documents.append(_document_check(rule, table, row, expiry, _document_status(rule, left)))
    if expiry is None or left is None:
        if rule.expires.after is not None or rule.expires.field is not None:
            message = Text(
                f"{rule.title.es}: sin fecha, no se sabe si sigue vigente",
                f"{rule.title.en}: no date, so it is not known whether it is still valid",
            )
            result.findings.append(_document_finding(rule, table, row, None, message, "undated"))
        return
    if left < 0:
        message = Text(
            f"{rule.title.es}: caducó el {write_date(expiry, 'es')}",
            f"{rule.title.en}: expired on {write_date(expiry, 'en')}",
        )
        result.findings.append(_document_finding(rule, table, row, expiry, message, "expired"))
    elif left <= max(rule.remind, default=0):
        message = Text(
            f"{rule.title.es}: caduca el {write_date(expiry, 'es')}, en {left} días",
            f"{rule.title.en}: expires on {write_date(expiry, 'en')}, in {left} days",
        )
        result.findings.append(_document_finding(rule, table, row, expiry, message, "expiring"))


def _document_status(rule: Document, left: int | None) -> DocumentStatus:
    """Return how a document stands that is there; left: days until it runs out, None when no date says so."""
    if left is None:
        return "undated" if rule.expires.after is not None or rule.expires.field is not None else "valid"
    if left < 0:
        return "expired"
    return "expiring" if left <= max(rule.remind, default=0) else "valid"


def _document_check(
    rule: Document, table: Table, row: int | None, expiry: date | None, status: DocumentStatus
) -> DocumentCheck:
    return DocumentCheck(
        document=rule.id,
        title=rule.title,
        status=status,
        expiry=expiry,
        owner=rule.owner.title if rule.owner else None,
        sheet=table.sheet,
        row=None if row is None else int(table.rows[row]),
        source=", ".join(rule.source),
    )


def _document_finding(
    rule: Document, table: Table, row: int | None, expiry: date | None, message: Text, label: str
) -> Finding:
    number = None if row is None else int(table.rows[row])
    severity = {"expiring": "amber", "undated": "amber"}.get(label, rule.severity)
    return Finding(
        rule=rule.id,
        title=rule.title,
        table="documents",
        sheet=table.sheet,
        row=number,
        cell=None if number is None else f"{table.cells.get('document', 'A')}{number}",
        key=rule.id,
        severity=severity if severity in {"info", "amber", "red"} else rule.severity,  # type: ignore[arg-type]
        message=message,
        values={"status": label, **({"expiry_date": expiry.isoformat()} if expiry else {})},
        owner=rule.owner.title if rule.owner else None,
        label=label,
        level=_LABELS[label],
        source=", ".join(rule.source),
    )


_LABELS = {
    "missing": Text("Falta", "Missing"),
    "expired": Text("Caducado", "Expired"),
    "expiring": Text("Por caducar", "Expiring"),
    "undated": Text("Sin fecha", "No date"),
    "overdue": Text("Vencida", "Overdue"),
}


def _expiry(rule: Document, table: Table, row: int) -> date | None:
    """Return when a document runs out: the date it states, else its issue date plus the time it is good for."""
    stated = _day(table, rule.expires.field or "expiry_date", row)
    if stated is not None or rule.expires.after is None:
        return stated
    issued = _day(table, "issue_date", row)
    return None if issued is None else _add(issued, rule.expires.after)


def _add(day: date, span: Duration) -> date:
    if span.unit in {"months", "years"}:
        index = day.year * 12 + day.month - 1 + span.length * (12 if span.unit == "years" else 1)
        year, month = index // 12, index % 12 + 1
        for number in range(day.day, 27, -1):
            try:
                return date(year, month, number)
            except ValueError:
                continue
        return date(year, month, day.day)
    return day + timedelta(days=span.length * (7 if span.unit == "weeks" else 1))


def _day(table: Table, name: str, row: int) -> date | None:
    column = table.columns.get(name)
    value = at(column, row) if column is not None and column.kind is Kind.DATE else None
    return value if isinstance(value, date) else None


def _rows_named(rule: Document | Obligation, table: Table, name: str) -> list[int]:
    """Return the rows whose name is the rule's id, title or one of its names; a longer text may begin with it."""
    column = table.columns.get(name)
    if column is None:
        return []
    wanted = {fold(word) for word in (rule.id, *rule.title, *rule.names) if word}
    found = []
    for index, text in enumerate(column.data.tolist()):
        given = fold(text) if text else ""
        if given in wanted or any(given.startswith((word + " ", word + ":", word + ",")) for word in wanted):
            found.append(index)
    return found


# ---------------------------------------------------------------- filings


def _check_filings(standing: Standing, result: Compliance) -> None:
    table = standing.tables.get("filings")
    rules = [rule for rule in standing.pack.obligations.values() if in_force(rule, standing.as_of)]
    if rules and table is None:
        result.notes.append(
            Text(
                "El libro no tiene tabla de declaraciones: el calendario dice cuándo vencen, no si se presentaron.",
                "The workbook has no filings table: the calendar says when they fall due, not whether they were filed.",
            )
        )
    for rule in rules:
        if applies(rule, standing):
            _check_obligation(rule, table, standing, result)


def _check_obligation(rule: Obligation, table: Table | None, standing: Standing, result: Compliance) -> None:
    filed = _filed_rows(rule, table) if table is not None else {}
    kept = table is not None and len(table) > 0
    end_month = year_end_month(standing)
    reach = standing.as_of + timedelta(days=AHEAD_DAYS)
    for period in periods(rule.every, _first_day(standing, table, filed), reach, year_end_month=end_month):
        due = due_date(rule, period, standing.profile.tax_id, standing.holidays)
        row = filed.get(period.name)
        if due is None:
            result.notes.append(_undated_period(rule, period))
            continue
        if due > reach or not rule.valid.includes(period.last):
            continue
        when = _day(table, "filed_date", row) if table is not None and row is not None else None
        status = _status(rule, due, when, standing.as_of, known=kept)
        entry = _filing(rule, period, due, when, status, table, row)
        result.calendar.append(entry)
        if table is not None and row is not None:
            result.spoken_for.add(("filings", int(table.rows[row])))
        if status == "overdue":
            result.findings.append(_filing_finding(rule, entry, table, standing))


def _filed_rows(rule: Obligation, table: Table) -> dict[str, int]:
    """Return period -> row of the filings of one obligation; of several for one period, the first that was filed."""
    periods_column = table.columns.get("period")
    rows: dict[str, int] = {}
    for row in _rows_named(rule, table, "obligation"):
        name = read_period(to_json(at(periods_column, row))) if periods_column is not None else ""
        if name not in rows or (
            _day(table, "filed_date", rows[name]) is None and _day(table, "filed_date", row) is not None
        ):
            rows[name] = row
    return rows


def _first_day(standing: Standing, table: Table | None, filed: Mapping[str, int]) -> date:
    """Return the day since when filings of an obligation are looked for: a year back, never before the client's start.

    Where the filings table says when its filings begin, from then on: the first period of the obligation in it, or,
    for one that is not in it at all, the end of the earliest period of any. An empty table says nothing.
    """
    index = standing.as_of.year * 12 + standing.as_of.month - 1 - BACK_MONTHS
    known = [date(index // 12, index % 12 + 1, 1)]
    profile = standing.tables.get("profile")
    start = _day(profile, "start_date", 0) if profile is not None and len(profile) else None
    if start is not None:
        known.append(start)
    own = [day for name in filed if (day := _period_start(name)) is not None]
    column = table.columns.get("period") if table is not None else None
    if own:
        known.append(min(own))
    elif column is not None and len(column):
        ends = [day for text in column.data.tolist() if (day := _period_end(read_period(text))) is not None]
        known += [min(ends)] if ends else []
    return max(known)


def _period_end(name: str) -> date | None:
    """Return the last day of a canonical period, None for another text."""
    first = _period_start(name)
    if first is None:
        return None
    part = name.partition("-")[2]
    length = 12 if not part else 1 if part.isdigit() else {"B": 2, "Q": 3, "C": 4, "H": 6}[part[0]]
    index = first.year * 12 + first.month - 1 + length
    return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)


def _period_start(name: str) -> date | None:
    """Return the first day of a canonical period, None for another text."""
    year, _, part = name.partition("-")
    if not (len(year) == 4 and year.isdigit()):
        return None
    if not part:
        return date(int(year), 1, 1)
    if part.isdigit() and 1 <= int(part) <= 12:
        return date(int(year), int(part), 1)
    length = {"B": 2, "Q": 3, "C": 4, "H": 6}.get(part[:1])
    if length and part[1:].isdigit() and 1 <= int(part[1:]) <= 12 // length:
        return date(int(year), (int(part[1:]) - 1) * length + 1, 1)
    return None


def _status(rule: Obligation, due: date, filed: date | None, as_of: date, *, known: bool) -> FilingStatus:
    if filed is not None:
        return "filed_on_time" if filed <= due else "filed_late"
    if due < as_of:
        return "overdue" if known else "unknown"
    return "due_soon" if (due - as_of).days <= max(rule.remind, default=SOON_DAYS) else "pending"


def _filing(
    rule: Obligation,
    period: Period,
    due: date,
    filed: date | None,
    status: FilingStatus,
    table: Table | None,
    row: int | None,
) -> Filing:
    return Filing(
        obligation=rule.id,
        title=rule.title,
        period=period.name,
        due=due,
        status=status,
        filed=filed,
        severity=rule.severity,
        owner=rule.owner.title if rule.owner else None,
        sheet=table.sheet if table is not None else None,
        row=int(table.rows[row]) if table is not None and row is not None else None,
        source=", ".join(rule.source),
        verified=not rule.unverified,
    )


def _filing_finding(rule: Obligation, entry: Filing, table: Table | None, standing: Standing) -> Finding:
    days = (standing.as_of - entry.due).days
    doubt = Text(" (plazo sin verificar)", " (deadline not verified)") if rule.unverified else same("")
    return Finding(
        rule=rule.id,
        title=rule.title,
        table="filings",
        sheet=entry.sheet,
        row=entry.row,
        cell=f"{table.cells.get('obligation', 'A')}{entry.row}" if table is not None and entry.row else None,
        key=f"{rule.id} {entry.period}",
        severity=rule.severity,
        message=Text(
            f"{rule.title.es} {entry.period}: venció el {write_date(entry.due, 'es')} y no consta presentada{doubt.es}",
            f"{rule.title.en} {entry.period}: was due on {write_date(entry.due, 'en')} and is not filed{doubt.en}",
        ),
        values={"period": entry.period, "due_date": entry.due.isoformat(), "days_overdue": str(days)},
        owner=entry.owner,
        label="overdue",
        level=_LABELS["overdue"],
        source=entry.source,
    )


def _undated_period(rule: Obligation, period: Period) -> Text:
    return Text(
        f"{rule.id} {period.name}: no se sabe el vencimiento (falta la tabla de ese año o el número de identificación).",
        f"{rule.id} {period.name}: the due date is not known (that year's table or the tax id is missing).",
    )


def year_end_month(standing: Standing) -> int:
    """Return the month in which the client's fiscal year ends; 12 where the profile does not say."""
    table = standing.tables.get("profile")
    column = table.columns.get("year_end_month") if table is not None and len(table) else None
    value = column.value(0) if column is not None else State.BLANK
    number = int(value) if not isinstance(value, (State, str, date)) else 12
    return number if 1 <= number <= 12 else 12
