"""Custom functions over 10,000 invoices: one array formula beside one formula per row, and many cells over one table.

Python's side alone: what Excel and COM add per call comes on top of each of the calls counted here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from aliado.cells.question import _KEPT
from aliado.excel import functions

ROWS = 10_000
AS_OF = datetime(2026, 11, 30)  # noqa: DTZ001 -- as Excel: no zone


def invoices() -> list[list[Any]]:
    """Return a table of invoices as Excel hands it over."""
    rows: list[list[Any]] = [["Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Saldo"]]
    for number in range(ROWS):
        issued = AS_OF - timedelta(days=number * 7919 % 720)
        total = float(100 + number * 31 % 9000)
        balance = total if number % 3 else 0.0
        rows.append([f"F-{number:05}", f"Cliente {number % 250}", issued, issued + timedelta(days=30), total, balance])
    return rows


def measure(work: Callable[[], object]) -> float:
    """Return seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print a table."""
    table = invoices()
    due = [[row[3]] for row in table[1:]]
    call: Any = functions.ALIADO_DAYS_LATE
    kpi: Any = functions.ALIADO_KPI
    results = [
        ("ALIADO_DAYS_LATE, one formula per row", ROWS, measure(lambda: [call(cell[0], None, AS_OF) for cell in due])),
        ("ALIADO_DAYS_LATE, one array formula", 1, measure(lambda: call(due, None, AS_OF))),
        ("ALIADO_AGEING, one array formula", 1, measure(lambda: functions.ALIADO_AGEING(table, AS_OF))),
        ("ALIADO_OVERDUE, one array formula", 1, measure(lambda: functions.ALIADO_OVERDUE(table, AS_OF))),
    ]
    _KEPT.clear()
    results.append(("ALIADO_KPI, the first cell", 1, measure(lambda: kpi("AR-DSO", table, AS_OF))))
    results.append(
        (
            "ALIADO_KPI, 20 more cells over the same table",
            20,
            measure(lambda: [kpi("AR-CEI", table, AS_OF) for _ in range(20)]),
        )
    )
    print(f"{'':48}{'calls':>8}{'seconds':>10}")
    for name, calls, seconds in results:
        print(f"{name:48}{calls:8}{seconds:10.3f}")


if __name__ == "__main__":
    main()
