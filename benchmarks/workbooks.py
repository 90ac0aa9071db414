"""Client workbooks of any length for the benchmarks: invoices, bank, tasks, documents and a chart.

Run: python workbooks.py WORKBOOK ROWS YYYY-MM-DD
"""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

INVOICES = ("Factura", "Serie", "Fecha", "Cliente", "Base imponible", "% IVA", "IVA", "Total", "Vencimiento",
            "Fecha de cobro", "Estado", "Aliado")  # fmt: skip
Receipt = tuple[date, int, str, float]
BANK = ("Fecha", "Concepto", "Importe", "Saldo", "Referencia")
TASKS = ("Tarea", "Responsable", "Inicio", "Vence", "Terminada", "Estado")
DOCUMENTS = ("Documento", "Emitido", "Caduca", "Estado")


def write_workbook(path: Path, rows: int, as_of: date) -> None:
    """Write a workbook of `rows` invoices, one formula in each with its value cached, and up to rows / 2 bank movements."""
    random = Random(rows)  # noqa: S311 - chance, not secrecy
    workbook = xlsxwriter.Workbook(str(path), {"in_memory": True})
    workbook.set_properties({"created": datetime.combine(as_of, time())})
    styles = {
        "date": workbook.add_format({"num_format": "dd/mm/yyyy"}),
        "money": workbook.add_format({"num_format": "#,##0.00"}),
        "percent": workbook.add_format({"num_format": "0%"}),
        "header": workbook.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "white"}),
    }
    _write_profile(workbook)
    receipts = _write_invoices(workbook, styles, random, as_of, rows)
    _write_bank(workbook, styles, random, as_of, receipts[-rows // 2 :])
    _write_tasks(workbook, styles, random, as_of)
    _write_documents(workbook, styles, random, as_of)
    _write_chart(workbook, rows)
    workbook.close()


def _write_profile(workbook: Any) -> None:
    sheet = workbook.add_worksheet("Ficha")
    sheet.write_row(0, 0, ("Razón social", "NIF", "País", "Moneda", "Idioma"))
    sheet.write_row(1, 0, ("Cliente de prueba, S.L.", "B50772016", "ES", "EUR", "es"))


def _write_invoices(workbook: Any, styles: dict[str, Any], random: Random, as_of: date, rows: int) -> list[Receipt]:
    """Write the invoices and return what was collected: day, customer, invoice, amount."""
    sheet = workbook.add_worksheet("Facturas")
    sheet.write_row(0, 0, INVOICES, styles["header"])
    receipts = []
    for row in range(1, rows + 1):
        issued = as_of - timedelta(days=420 * (rows - row) // rows)
        due = issued + timedelta(days=random.choice((30, 45, 60)))
        paid = due + timedelta(days=round(random.gauss(8, 14)))
        base = round(random.lognormvariate(6.8, 0.7), 2)
        tax = round(base * 0.21 + 1e-9, 2)
        customer = random.randint(1, max(20, rows // 50))
        settled = issued <= paid <= as_of
        sheet.write_string(row, 0, f"A-{row:06d}")
        sheet.write_string(row, 1, "A")
        sheet.write_datetime(row, 2, issued, styles["date"])
        sheet.write_string(row, 3, f"Cliente {customer:04d}, S.L.")
        sheet.write_number(row, 4, base, styles["money"])
        sheet.write_number(row, 5, 0.21, styles["percent"])
        sheet.write_number(row, 6, tax, styles["money"])
        sheet.write_formula(row, 7, f"=E{row + 1}+G{row + 1}", styles["money"], round(base + tax, 2))
        sheet.write_datetime(row, 8, due, styles["date"])
        if settled:
            sheet.write_datetime(row, 9, paid, styles["date"])
        sheet.write_string(row, 10, "Cobrada" if settled else "Pendiente")
        if settled:
            receipts.append((paid, customer, f"A-{row:06d}", round(base + tax, 2)))
    sheet.freeze_panes(1, 0)
    sheet.conditional_format(1, 10, rows, 10, {"type": "cell", "criteria": "==", "value": '"Pendiente"',
                                              "format": styles["header"]})  # fmt: skip
    return receipts


def _write_bank(workbook: Any, styles: dict[str, Any], random: Random, as_of: date, receipts: list[Receipt]) -> None:
    """Write a statement: the receipts of invoices, and one movement in twenty that belongs to none."""
    sheet = workbook.add_worksheet("Bancos")
    sheet.write_row(0, 0, BANK, styles["header"])
    balance = 25_000.0
    for row, (day, customer, number, total) in enumerate(sorted(receipts), 1):
        strange = row % 20 == 0
        amount = round(-abs(random.gauss(120, 900)), 2) if strange else total
        balance = round(balance + amount, 2)
        sheet.write_datetime(row, 0, min(day, as_of), styles["date"])
        sheet.write_string(row, 1, "Recibo" if strange else f"Transferencia Cliente {customer:04d}, S.L.")
        sheet.write_number(row, 2, amount, styles["money"])
        sheet.write_number(row, 3, balance, styles["money"])
        sheet.write_string(row, 4, f"REF{row:07d}" if strange else number)


def _write_tasks(workbook: Any, styles: dict[str, Any], random: Random, as_of: date) -> None:
    sheet = workbook.add_worksheet("Tareas")
    sheet.write_row(0, 0, TASKS, styles["header"])
    for row in range(1, 121):
        start = as_of - timedelta(days=3 * (120 - row) + 5)
        done = start + timedelta(days=random.randint(1, 15))
        sheet.write_string(row, 0, f"Cierre {row:03d}")
        sheet.write_string(row, 1, random.choice(("Marta", "Lucía")))
        sheet.write_datetime(row, 2, start, styles["date"])
        sheet.write_datetime(row, 3, start + timedelta(days=10), styles["date"])
        if done <= as_of:
            sheet.write_datetime(row, 4, done, styles["date"])
        sheet.write_string(row, 5, "Hecha" if done <= as_of else "En curso")


def _write_documents(workbook: Any, styles: dict[str, Any], random: Random, as_of: date) -> None:
    sheet = workbook.add_worksheet("Documentos")
    sheet.write_row(0, 0, DOCUMENTS, styles["header"])
    for row in range(1, 31):
        sheet.write_string(row, 0, f"Documento {row:02d}")
        sheet.write_datetime(row, 1, as_of - timedelta(days=200), styles["date"])
        sheet.write_datetime(row, 2, as_of + timedelta(days=random.randint(-60, 300)), styles["date"])
        sheet.write_string(row, 3, "Vigente")


def _write_chart(workbook: Any, rows: int) -> None:
    sheet = workbook.add_worksheet("Resumen")
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": f"=Facturas!$E$2:$E${min(rows, 60) + 1}"})
    sheet.insert_chart("B2", chart)


if __name__ == "__main__":
    write_workbook(Path(sys.argv[1]), int(sys.argv[2]), date.fromisoformat(sys.argv[3]))
