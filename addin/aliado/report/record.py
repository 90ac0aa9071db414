"""An assessment as plain data for JSON: amounts as decimal strings, dates as ISO text.

The shape is published as `workbook/refresh.schema.json`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aliado.language import Language
from aliado.rules.assessment import BANDS, Ageing, Assessment, Filing, Finding, Kpi, Tie
from aliado.tables.table import Rejection

Record = dict[str, Any]


def to_record(assessment: Assessment, language: Language) -> Record:
    """Return what `aliado refresh --json` says of one workbook, without its path, status and reason."""
    own = assessment.ageing[0] if assessment.ageing else None
    return {
        "client": assessment.profile.name,
        "currency": assessment.profile.currency,
        "kpis": {kpi.id: _kpi(kpi, language) for kpi in assessment.kpis},
        "ageing": _ageing(own) if own else {},
        "other_currencies": {item.currency: _ageing(item) for item in assessment.ageing[1:]},
        "flags": [_finding(item) for item in assessment.findings],
        "calendar": [_filing(item) for item in assessment.calendar],
        "rejected": [_rejection(item, language) for item in assessment.rejections],
        "ties": [_tie(item, language) for item in assessment.ties],
        "notes": [note.to(language) for note in assessment.notes],
    }


def empty_record() -> Record:
    """Return the record of a workbook that could not be assessed."""
    return {
        "client": "",
        "currency": "",
        "kpis": {},
        "ageing": {},
        "other_currencies": {},
        "flags": [],
        "calendar": [],
        "rejected": [],
        "ties": [],
        "notes": [],
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _kpi(kpi: Kpi, language: Language) -> Record:
    record = {
        "value": _decimal(kpi.value),
        "unit": kpi.unit,
        "status": kpi.status,
        "target": _decimal(kpi.target),
        "method": kpi.method.to(language),
    }
    if kpi.reason:
        record["reason"] = kpi.reason.to(language)
    return record


def _ageing(ageing: Ageing) -> Record:
    record = {band: f"{amount:.2f}" for band, amount in zip(BANDS, ageing.bands, strict=True)}
    return {**record, "outstanding": f"{ageing.outstanding:.2f}"}


def _finding(finding: Finding) -> Record:
    return {
        "rule": finding.rule,
        "table": finding.table,
        "sheet": finding.sheet,
        "row": finding.row,
        "key": finding.key,
        "severity": finding.severity,
        "message": finding.message._asdict(),
        "values": dict(finding.values),
        **({"label": finding.label} if finding.label else {}),
    }


def _filing(filing: Filing) -> Record:
    return {
        "obligation": filing.obligation,
        "period": filing.period,
        "due": filing.due.isoformat(),
        "status": filing.status,
    }


def _rejection(rejection: Rejection, language: Language) -> Record:
    return {
        "sheet": rejection.sheet,
        "cell": rejection.cell,
        "found": rejection.found,
        "expected": rejection.expected.to(language),
        "row_used": rejection.row_used,
    }


def _tie(tie: Tie, language: Language) -> Record:
    return {
        "name": tie.name.to(language),
        "left": _decimal(tie.left),
        "right": _decimal(tie.right),
        "ok": tie.ok,
    }
