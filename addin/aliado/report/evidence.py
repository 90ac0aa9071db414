"""A client's row told in a line: the fields that say what it is, under their own titles."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from aliado.language import same
from aliado.report.page import Page
from aliado.rules.assessment import Assessment, Evidence
from aliado.rules.values import write_value
from aliado.tables.schema import FieldType


def say_evidence(page: Page, evidence: Evidence, assessment: Assessment) -> str:
    """Return the fields of a row with their titles: Factura A-12 · Saldo 1.234,56."""
    table = assessment.tables.get(evidence.table)
    told = []
    for name, text in evidence.values.items():
        field = table.spec.fields.get(name) if table is not None else None
        title = page.say((field.title if field else None) or same(name))
        value = _read(text, field.type) if field else text
        if value is not None and value != "":
            told.append(f"{title} {write_value(value, field.type if field else None, page.locale)}")
    return " · ".join(told)


def _read(text: str, kind: FieldType) -> str | Decimal | date:
    """Return a value from the text that a finding holds, the text itself where it is none."""
    try:
        if kind is FieldType.DATE:
            return date.fromisoformat(text)
        if kind in (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT):
            return Decimal(text)
    except (ValueError, InvalidOperation):
        pass
    return text
