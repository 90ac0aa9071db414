"""Custom functions over 10,000 invoices: array formulas beside one per row, many cells over one table, and the batch.

Python's side alone: what Excel and COM add per call comes on top of each of the calls counted here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from aliado.batch.own_cells import set_own_cells
from aliado.cells.question import _KEPT
from aliado.excel import functions
from aliado.workbook.package import Package, read_package
from aliado.workbook.reader import read_sheets

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


def workbook(formulas: dict[str, str]) -> Package:
    """Return a workbook with the invoices in a table, and formulas on a sheet of their own."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    head, *rows = invoices()
    columns = [{"header": name} for name in head]
    sheet = book.add_worksheet("Facturas")
    sheet.add_table(0, 0, len(rows), len(head) - 1, {"name": "Facturas", "data": rows, "columns": columns})
    own = book.add_worksheet("Cifras")
    for cell, formula in formulas.items():
        own.write_formula(cell, formula, None, 1)
    book.close()
    return read_package(buffer.getvalue())


def batch(formulas: dict[str, str]) -> float:
    """Return the seconds that the batch takes to set the cells that hold these formulas."""
    package = workbook(formulas)
    sheets = read_sheets(package)
    return measure(lambda: set_own_cells(package, sheets, AS_OF.date()))


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
    kpi_cell = '=ALIADO_KPI("AR-DSO",Facturas[#All],TODAY())'
    days = {f"A{row}": f"=ALIADO_DAYS_LATE(Facturas!D{row + 1},,TODAY())" for row in range(1, ROWS + 1)}
    results += [
        ("the batch: no cell of ours", 0, batch({"A1": "=1+1"})),
        ("the batch: 20 cells with ALIADO_KPI", 20, batch({f"A{row}": kpi_cell for row in range(1, 21)})),
        ("the batch: a cell with ALIADO_DAYS_LATE per row", ROWS, batch(days)),
    ]
    print(f"{'':48}{'calls':>8}{'seconds':>10}")
    for name, calls, seconds in results:
        print(f"{name:48}{calls:8}{seconds:10.3f}")


if __name__ == "__main__":
    main()
