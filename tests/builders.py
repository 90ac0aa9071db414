"""Small tables and sheets for tests, written the way a person would type them."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings

import openpyxl

from aliado.language import Text
from aliado.tables.gather import Gathered, gather
from aliado.tables.reader import read_table
from aliado.tables.recognition import recognise
from aliado.tables.schema import Field, FieldType, Formats, TableSpec
from aliado.tables.table import Table
from aliado.workbook.sheet import ExcelTable, Sheet

INVOICE_FIELDS = {
    "number": Field("number", FieldType.TEXT, required=True, names=("Factura", "Invoice No.")),
    "customer": Field("customer", FieldType.TEXT, required=True, names=("Cliente", "Customer")),
    "issue_date": Field("issue_date", FieldType.DATE, required=True, names=("Fecha", "Invoice date")),
    "due_date": Field("due_date", FieldType.DATE, names=("Vencimiento", "Due date")),
    "total": Field("total", FieldType.MONEY, required=True, names=("Total", "Gross")),
    "balance": Field("balance", FieldType.MONEY, names=("Saldo", "Balance")),
    "paid_date": Field("paid_date", FieldType.DATE, names=("Fecha de cobro", "Paid on")),
    "currency": Field("currency", FieldType.TEXT, names=("Moneda", "Currency")),
    "status": Field("status", FieldType.TEXT, names=("Estado", "Status")),
    "doc_type": Field("doc_type", FieldType.TEXT, names=("Tipo", "Type")),
}
INVOICES = TableSpec("invoices", Text("Facturas", "Invoices"), "number", INVOICE_FIELDS, names=("Facturas", "Invoices"))

RECEIPT_FIELDS = {
    "invoice": Field("invoice", FieldType.TEXT, required=True, names=("Factura", "Invoice")),
    "date": Field("date", FieldType.DATE, required=True, names=("Fecha", "Date")),
    "amount": Field("amount", FieldType.MONEY, required=True, names=("Importe", "Amount")),
    "currency": Field("currency", FieldType.TEXT, names=("Moneda", "Currency")),
}
RECEIPTS = TableSpec("receipts", Text("Cobros", "Receipts"), "invoice", RECEIPT_FIELDS, names=("Cobros", "Receipts"))

PROFILE_FIELDS = {
    "name": Field("name", FieldType.TEXT, names=("Nombre", "Name")),
    "tax_id": Field("tax_id", FieldType.TEXT, names=("RUC", "NIF")),
    "country": Field("country", FieldType.TEXT, names=("País", "Country")),
    "currency": Field("currency", FieldType.TEXT, names=("Moneda", "Currency")),
    "control_total": Field("control_total", FieldType.MONEY, names=("Total de control", "Control total")),
}
PROFILE = TableSpec("profile", Text("Ficha", "Profile"), "tax_id", PROFILE_FIELDS, names=("Ficha", "Profile"))

SPECS = {"profile": PROFILE, "invoices": INVOICES, "receipts": RECEIPTS}


def sheet(name, *rows, first_row=1, first_column=1, tables=(), **more):
    """Return a worksheet whose cells are `rows`."""
    return Sheet(name, first_row, first_column, [list(row) for row in rows], tables=tables, **more)


def excel_table(name, first_row, first_column, last_row, last_column, **more):
    """Return an Excel table on a range."""
    return ExcelTable(name, first_row, first_column, last_row, last_column, **more)


def read(worksheet, spec, formats=None):
    """Return the one table of `spec` on a worksheet, with its rejections."""
    if formats is not None:
        spec = TableSpec(spec.name, spec.title, spec.key, spec.fields, spec.names, formats=formats)
    return read_table(recognise([worksheet], {spec.name: spec}).matches[spec.name])


def invoices(*rows, headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total")) -> Table:
    """Return an invoices table; each row holds the values under `headings`."""
    return read(sheet("Facturas", headings, *rows), INVOICES).table


def receipts(*rows, headings=("Factura", "Fecha", "Importe")) -> Table:
    """Return a receipts table."""
    return read(sheet("Cobros", headings, *rows), RECEIPTS).table


def gathered(*sheets) -> Gathered:
    """Return the tables on some sheets."""
    return gather(sheets, SPECS)


__all__ = [
    "INVOICES",
    "PROFILE",
    "RECEIPTS",
    "SPECS",
    "Formats",
    "excel_table",
    "gathered",
    "invoices",
    "read",
    "receipts",
    "sheet",
]


def open_workbook(path):
    """Return a workbook as openpyxl reads it; what it says it would drop on saving does not matter for reading."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def said_by_processes(script, times):
    """Return the words that a script prints, in so many new processes one after the other."""
    command = [sys.executable, "-c", script]
    return [
        subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ)).stdout.split()
        for _ in range(times)
    ]
