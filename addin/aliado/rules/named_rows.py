"""Rows of a client's table that speak of a rule, and what they say."""

from __future__ import annotations

from datetime import date

from aliado.formula.values import Kind
from aliado.language import fold
from aliado.rules.models import Document, Obligation
from aliado.rules.values import at
from aliado.tables.table import Table


def rows_named(rule: Document | Obligation, table: Table, name: str) -> list[int]:
    """Return the rows whose name is the rule's id, title or one of its names; a longer text may begin with it."""
    column = table.columns.get(name)
    if column is None:
        return []
    wanted = _words(rule)
    return [index for index, text in enumerate(column.data.tolist()) if text and _means(fold(text), wanted)]


def named(rule: Document | Obligation, text: str) -> bool:
    """Return whether a text is the rule's id, title or one of its names, or begins with it."""
    return _means(fold(text), _words(rule))


def _words(rule: Document | Obligation) -> frozenset[str]:
    return frozenset(fold(word) for word in (rule.id, *rule.title, *rule.names) if word)


def _means(given: str, wanted: frozenset[str]) -> bool:
    return given in wanted or any(given.startswith((word + " ", word + ":", word + ",")) for word in wanted)


def day_of(table: Table, name: str, row: int) -> date | None:
    """Return the date in a field of a row, None where there is none."""
    column = table.columns.get(name)
    value = at(column, row) if column is not None and column.kind is Kind.DATE else None
    return value if isinstance(value, date) else None


def text_of(table: Table, name: str, row: int | None) -> str:
    """Return the text in a field of a row, "" where there is none."""
    column = table.columns.get(name)
    return "" if column is None or row is None else str(column.data[row]).strip()
