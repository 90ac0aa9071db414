"""One spelling per customer and supplier: José Pérez and JOSE PEREZ are one debtor, in every table and rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aliado.formula.texts import text_column_of, vocabulary
from aliado.tables.table import Table

PARTIES: Final = {"customer": ("customers", "invoices", "receipts"), "supplier": ("suppliers", "bills", "payments")}
"""Field -> the tables it stands in; the first one that spells a name decides how it is written."""


def unify_parties(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Return the tables with each party written one way; names that differ only in case, accents or spaces are one."""
    unified = dict(tables)
    for field, names in PARTIES.items():
        spelling: dict[str, str] = {}
        for name in names:
            table = unified.get(name)
            column = table.columns.get(field) if table is not None else None
            if table is None or column is None:
                continue
            words = vocabulary(column)
            written = [
                spelling.setdefault(name, word) if word else ""
                for word, name in zip(words.words, words.names, strict=True)
            ]
            if written != words.words:
                unified[name] = table.with_columns({field: text_column_of(words.codes, written, column.state)})
    return unified
