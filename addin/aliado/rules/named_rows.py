"""Rows of a client's table that speak of a rule, and what they say."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np

from aliado.formula.texts import vocabulary
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
    words = vocabulary(column)
    meant = words.of_words([bool(word) and _means(word, wanted) for word in words.names], np.bool_)
    return [int(row) for row in np.flatnonzero(meant)]


def named(rule: Document | Obligation, text: str) -> bool:
    """Return whether a text is the rule's id, title or one of its names, or begins with it."""
    return _means(fold(text), _words(rule))


@lru_cache(maxsize=1024)
def _words(rule: Document | Obligation) -> frozenset[str]:
    return frozenset(fold(word) for word in (rule.id, *rule.title, *rule.names) if word)


def _means(given: str, wanted: frozenset[str]) -> bool:
    return given in wanted or given.startswith(_beginnings(wanted))


@lru_cache(maxsize=1024)
def _beginnings(wanted: frozenset[str]) -> tuple[str, ...]:
    return tuple(word + mark for word in sorted(wanted) for mark in (" ", ":", ","))


def day_of(table: Table, name: str, row: int) -> date | None:
    """Return the date in a field of a row, None where there is none."""
    column = table.columns.get(name)
    value = at(column, row) if column is not None and column.kind is Kind.DATE else None
    return value if isinstance(value, date) else None


def text_of(table: Table, name: str, row: int | None) -> str:
    """Return the text in a field of a row, "" where there is none."""
    column = table.columns.get(name)
    return "" if column is None or row is None else str(column.data[row]).strip()
