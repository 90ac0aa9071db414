"""Domain functions over what the office keeps track of: tasks, filings, documents, deliveries."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np

from aliado.formula.data import Data
from aliado.formula.texts import vocabulary
from aliado.formula.values import Byte
from aliado.language import Text, fold
from aliado.rules import tasks
from aliado.rules.figure import DATE, figure, parameter, until
from aliado.rules.receivables import PLACES, ratio
from aliado.tables.open_items import NEVER
from aliado.tables.table import Table

_FILINGS = parameter("filings", "table", "la tabla de declaraciones", "the table of filings")
_TASKS = parameter("tasks", "table", "la tabla de tareas", "the table of tasks")
_INVOICES = parameter("invoices", "table", "la tabla de facturas", "the table of invoices")
_SHARE = parameter("share", "number", "qué parte: 50% es la mediana", "what share: 50% is the median")
_DOCUMENTS = parameter("documents", "table", "la tabla de documentos", "the table of documents")


def _filed(standing: Any, data: Data) -> Decimal | None:
    from aliado.rules.compliance import check_calendar  # late: a pack that is only read has no use for it

    del data
    compliance = check_calendar(standing)
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
    known = column is not None and (column.state is None or column.state[row] == Byte.VALUE)
    return int(column.data[row]) if column is not None and known else None


def _documents(standing: Any, data: Data) -> Decimal | None:
    from aliado.rules.compliance import document_statuses  # late, as above

    del data
    required = document_statuses(standing)
    valid = sum(status in {"valid", "expiring"} for status in required)
    return ratio(valid, len(required), PLACES) if required else None


def _tasks(standing: Any, data: Data, day: int | None) -> tuple[Table | None, int]:
    return standing.tables.get("tasks"), until(day, data)


def _on_time(standing: Any, data: Data, day: int | None = None) -> Decimal | None:
    table, end = _tasks(standing, data, day)
    return None if table is None else tasks.on_time(table, end)


def _cycle(standing: Any, data: Data, share: Any, day: int | None = None) -> Decimal | None:
    table, end = _tasks(standing, data, day)
    return None if table is None or share is None else tasks.cycle_time(table, end, Decimal(share))


def _backlog(standing: Any, data: Data, share: Any, day: int | None = None) -> Decimal | None:
    table, end = _tasks(standing, data, day)
    return None if table is None or share is None else tasks.backlog_age(table, end, Decimal(share))


def _right(standing: Any, data: Data, day: int | None = None) -> Decimal | None:
    table, end = _tasks(standing, data, day)
    return None if table is None else tasks.first_time_right(table, end)


def _lag(standing: Any, data: Data, share: Any, day: int | None = None) -> Decimal | None:
    invoices, end = standing.tables.get("invoices"), until(day, data)
    if invoices is None or share is None:
        return None
    issued, is_issued = invoices.integers("issue_date")
    given, is_given = invoices.integers("delivery_date")
    delivered = deliveries_by_invoice(standing.tables.get("deliveries"))
    if delivered and "number" in invoices.columns:
        words = vocabulary(invoices.columns["number"])
        found = words.of_words([delivered.get(name, NEVER) for name in words.names], np.int64)
        given, is_given = np.where(is_given, given, found), is_given | (found != NEVER)
    chosen = is_issued & is_given & (issued <= end)
    return tasks.percentile((issued - given)[chosen].tolist(), Decimal(share))


def deliveries_by_invoice(table: Table | None) -> dict[str, int]:
    """Return the last delivery day behind each invoice, by folded number."""
    found: dict[str, int] = {}
    if table is None or "invoice" not in table.columns:
        return found
    for row, number in enumerate(table.columns["invoice"].data.tolist()):
        day = _day(table, "date", row)
        if number and day is not None:
            found[fold(number)] = max(day, found.get(fold(number), day))
    return found


OFFICE = (
    figure(
        "ALIADO_TASKS_ON_TIME",
        "ALIADO_TAREAS_A_TIEMPO",
        (_TASKS, DATE),
        Text(
            "Tareas terminadas en plazo / (terminadas + abiertas y vencidas), de las que tienen vencimiento.",
            "Tasks done by their due date / (done + open and overdue), of those with a due date.",
        ),
        "=ALIADO_TASKS_ON_TIME(tasks; HOY())",
        _on_time,
        items=False,
    ),
    figure(
        "ALIADO_CYCLE_TIME",
        "ALIADO_DURACION",
        (_TASKS, _SHARE, DATE),
        Text(
            "Días de principio a fin de las tareas terminadas: 50% la mediana, 90% lo que casi todas no pasan.",
            "Days from start to end of done tasks: 50% the median, 90% what nearly all do not exceed.",
        ),
        "=ALIADO_CYCLE_TIME(tasks; 50%; HOY())",
        _cycle,
        items=False,
    ),
    figure(
        "ALIADO_BACKLOG_AGE",
        "ALIADO_EDAD_PENDIENTE",
        (_TASKS, _SHARE, DATE),
        Text(
            "Días desde el inicio de las tareas abiertas: 50% la mediana, 90% lo que casi todas no pasan.",
            "Days since the start of open tasks: 50% the median, 90% what nearly all do not exceed.",
        ),
        "=ALIADO_BACKLOG_AGE(tasks; 50%; HOY())",
        _backlog,
        items=False,
    ),
    figure(
        "ALIADO_FIRST_TIME_RIGHT",
        "ALIADO_BIEN_A_LA_PRIMERA",
        (_TASKS, DATE),
        Text(
            "1 − casos con un paso repetido / casos; un caso es el de su columna, o un proceso en un periodo.",
            "1 − cases with a repeated step / cases; a case is that of its column, or a process in a period.",
        ),
        "=ALIADO_FIRST_TIME_RIGHT(tasks; HOY())",
        _right,
        items=False,
    ),
    figure(
        "ALIADO_INVOICING_LAG",
        "ALIADO_RETRASO_FACTURACION",
        (_INVOICES, _SHARE, DATE),
        Text(
            "Días de la entrega a la factura: 50% la mediana, 90% lo que casi todas no pasan.",
            "Days from delivery to invoice: 50% the median, 90% what nearly all do not exceed.",
        ),
        "=ALIADO_INVOICING_LAG(invoices; 50%; HOY())",
        _lag,
        items=False,
    ),
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
"""Functions over tasks, filings and documents."""
