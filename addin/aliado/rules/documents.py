"""Documents that a client must have: missing, expired, to be renewed, or with nothing to show for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from aliado.language import Text, same, write_date
from aliado.rules.assessment import DocumentCheck, DocumentStatus, Finding, Severity
from aliado.rules.business_days import add_span
from aliado.rules.doubt import UNVERIFIED
from aliado.rules.models import Document
from aliado.rules.named_rows import day_of, rows_named, text_of
from aliado.rules.reasons import reason
from aliado.rules.standing import Standing
from aliado.tables.table import Table

if TYPE_CHECKING:
    from aliado.rules.compliance import Compliance

LABELS = {
    "missing": Text("Falta", "Missing"),
    "expired": Text("Caducado", "Expired"),
    "expiring": Text("Por caducar", "Expiring"),
    "undated": Text("Sin fecha", "No date"),
}


class Held(NamedTuple):
    """How a required document stands. rows: all that speak of it; row: of them the one that counts; begin: of its renewal."""

    rows: list[int]
    row: int | None
    expiry: date | None
    begin: date | None
    status: DocumentStatus


def look_up(rule: Document, table: Table, standing: Standing) -> Held:
    """Return how a required document stands, by the client's documents table."""
    rows = rows_named(rule, table, "document")
    ends = {row: _expiry(rule, table, row, standing) for row in rows}
    row = max(rows, key=lambda index: (ends[index] or date.min, index), default=None)
    expiry = ends[row] if row is not None else None
    begin = _renewal(rule, expiry, standing)
    return Held(rows, row, expiry, begin, "missing" if row is None else _status(rule, expiry, begin, standing))


def check_documents(rules: Sequence[Document], wanted: int, standing: Standing, result: Compliance) -> None:
    """Add how each required document stands; wanted: how many the rules ask of anybody."""
    table = standing.tables.get("documents")
    if not wanted:
        return
    if table is None:
        result.notes.append(
            Text(
                f"El libro no tiene tabla de documentos: no se comprueban los exigidos ({wanted}).",
                f"The workbook has no documents table: the {wanted} required ones are not checked.",
            )
        )
        return
    for rule in rules:
        _check_document(rule, table, standing, result)


def _check_document(rule: Document, table: Table, standing: Standing, result: Compliance) -> None:
    rows, row, expiry, begin, status = look_up(rule, table, standing)
    result.spoken_for.update(("documents", int(table.rows[row])) for row in rows)
    result.documents.append(
        DocumentCheck(
            document=rule.id,
            title=rule.title,
            status=status,
            expiry=expiry,
            owner=rule.owner.title if rule.owner else None,
            sheet=table.sheet,
            row=None if row is None else int(table.rows[row]),
            source=", ".join(rule.source),
            evidence=rule.evidence,
            checked=standing.pack.checked(rule),
            verified=standing.pack.verified(rule),
            responsible=text_of(table, "owner", row) or standing.profile.responsible,
            renew_from=begin,
        )
    )
    if status != "valid":
        result.findings.append(_finding(rule, table, row, expiry, begin, status, standing))


def _expiry(rule: Document, table: Table, row: int, standing: Standing) -> date | None:
    """Return when a document runs out: the date it states, else its issue date plus the time it is good for."""
    stated = day_of(table, rule.expires.field or "expiry_date", row)
    if stated is not None or rule.expires.after is None:
        return stated
    issued = day_of(table, "issue_date", row)
    return None if issued is None else add_span(issued, rule.expires.after, standing.holidays)


def _renewal(rule: Document, expiry: date | None, standing: Standing) -> date | None:
    """Return by when the renewal must begin, so that it is there in time; None where the rule names no lead time."""
    return None if expiry is None or rule.renew is None else add_span(expiry, rule.renew, standing.holidays, -1)


def _status(rule: Document, expiry: date | None, begin: date | None, standing: Standing) -> DocumentStatus:
    """Return how a document stands that is there."""
    if expiry is None:
        return "undated" if rule.expires.after is not None or rule.expires.field is not None else "valid"
    left = (expiry - standing.as_of).days
    if left < 0:
        return "expired"
    soon = left <= max(rule.remind, default=0) or (begin is not None and begin <= standing.as_of)
    return "expiring" if soon else "valid"


def _message(rule: Document, status: str, expiry: date | None, begin: date | None, standing: Standing) -> Text:
    title = rule.title
    if status == "missing" or expiry is None:
        if status == "missing":
            return Text(f"Falta el documento: {title.es}", f"Document missing: {title.en}")
        return Text(
            f"{title.es}: sin fecha, no se sabe si sigue vigente",
            f"{title.en}: no date, so it is not known whether it is still valid",
        )
    es, en = write_date(expiry, "es"), write_date(expiry, "en")
    if status == "expired":
        return Text(f"{title.es}: caducó el {es}", f"{title.en}: expired on {en}")
    left = (expiry - standing.as_of).days
    late = begin is not None and begin < standing.as_of
    start = (
        same("")
        if begin is None
        else Text(
            f"; {'había que' if late else 'hay que'} empezar a renovarlo el {write_date(begin, 'es')}",
            f"; its renewal {'was' if late else 'is'} to begin on {write_date(begin, 'en')}",
        )
    )
    return Text(
        f"{title.es}: caduca el {es}, en {left} días{start.es}",
        f"{title.en}: expires on {en}, in {left} days{start.en}",
    )


def _finding(
    rule: Document,
    table: Table,
    row: int | None,
    expiry: date | None,
    begin: date | None,
    status: str,
    standing: Standing,
) -> Finding:
    number = None if row is None else int(table.rows[row])
    severity: Severity = "amber" if status in {"expiring", "undated"} else rule.severity
    doubt = UNVERIFIED if not standing.pack.verified(rule) else same("")
    message = _message(rule, status, expiry, begin, standing)
    return Finding(
        rule=rule.id,
        title=rule.title,
        table="documents",
        sheet=table.sheet,
        row=number,
        cell=None if number is None else f"{table.cells.get('document', 'A')}{number}",
        key=rule.id,
        severity=severity,
        message=Text(message.es + doubt.es, message.en + doubt.en),
        values={"status": status, **({"expiry_date": expiry.isoformat()} if expiry else {})},
        owner=rule.owner.title if rule.owner else None,
        label=status,
        level=LABELS[status],
        explanation=reason(rule, standing, standing.as_of),
        source=", ".join(rule.source),
        verified=standing.pack.verified(rule),
    )
