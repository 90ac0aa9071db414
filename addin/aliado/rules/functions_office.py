"""Domain functions over what the office keeps track of: filings and documents."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from aliado.formula.data import Data
from aliado.formula.values import State
from aliado.language import Text
from aliado.rules.figure import figure, parameter
from aliado.rules.receivables import PLACES, ratio
from aliado.tables.table import Table

_FILINGS = parameter("filings", "table", "la tabla de declaraciones", "the table of filings")
_DOCUMENTS = parameter("documents", "table", "la tabla de documentos", "the table of documents")


def _filed(standing: Any, data: Data) -> Decimal | None:
    del data
    compliance = standing.compliance
    counted = Counter(entry.status for entry in compliance.calendar)
    on_time, late, overdue = counted["filed_on_time"], counted["filed_late"], counted["overdue"]
    table = standing.tables.get("filings")
    if table is not None:
        for row in range(len(table)):
            if ("filings", int(table.rows[row])) not in compliance.spoken_for:
                due, filed = _day(table, "due_date", row), _day(table, "filed_date", row)
                if due is not None and filed is not None:
                    on_time, late = on_time + (filed <= due), late + (filed > due)
                elif due is not None and due < standing.day:
                    overdue += 1
    whole = on_time + late + overdue
    return ratio(on_time, whole, PLACES) if whole else None


def _day(table: Table, name: str, row: int) -> int | None:
    column = table.columns.get(name)
    known = column is not None and (column.state is None or column.state[row] == State.VALUE)
    return int(column.data[row]) if column is not None and known else None


def _documents(standing: Any, data: Data) -> Decimal | None:
    del data
    required = standing.compliance.documents
    valid = sum(item.status in {"valid", "expiring"} for item in required)
    return ratio(valid, len(required), PLACES) if required else None


OFFICE = (
    figure(
        "ALIADO_FILED",
        "ALIADO_PRESENTADAS",
        (_FILINGS,),
        Text(
            "Declaraciones presentadas a tiempo / (presentadas + vencidas sin presentar), de las que se sabe el plazo.",
            "Filings made on time / (made + overdue), of those whose deadline is known.",
        ),
        "=ALIADO_FILED(filings)",
        _filed,
        items=False,
    ),
    figure(
        "ALIADO_DOCUMENTS",
        "ALIADO_DOCUMENTOS",
        (_DOCUMENTS,),
        Text(
            "Documentos exigidos y vigentes / documentos exigidos a este cliente; uno caducado cuenta como falta.",
            "Required documents that are valid / documents required of this client; an expired one counts as missing.",
        ),
        "=ALIADO_DOCUMENTS(documents)",
        _documents,
        items=False,
    ),
)
"""Functions over filings and documents."""
