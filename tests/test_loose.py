"""Our sheets as loose parts: laid into a client's workbook they are what the same sheets are out of a file."""

from __future__ import annotations

import gc
import re
import weakref
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table

import report_samples as samples
from aliado.report.alerts import TABLE
from aliado.report.donor import plan_sheets, render, render_parts
from aliado.workbook.package import read_package
from aliado.workbook.rewrite import _set_aside
from aliado.workbook.transplant import plan_names, transplant


def plain() -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Facturas")
        sheet.write("A1", "Factura", book.add_format({"bold": 1, "font_name": "Calibri", "font_size": 11}))
    return stream.getvalue()


def from_1904() -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": True}) as book:
        book.add_worksheet("Facturas").write("A1", "Factura")
    return stream.getvalue()


def with_our_table_name() -> bytes:
    book, stream = openpyxl.load_workbook(BytesIO(plain())), BytesIO()
    book.active["A2"] = "F-1"
    book.active.add_table(Table(displayName=TABLE, ref="A1:A2"))
    book.save(stream)
    return stream.getvalue()


def with_prefixed_styles() -> bytes:
    package = read_package(plain())
    xml = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", package.read("xl/styles.xml")).replace(b" xmlns=", b" xmlns:x=")
    return package.with_parts({"xl/styles.xml": xml}).to_bytes()


@pytest.mark.parametrize("client", [plain, from_1904, with_our_table_name, with_prefixed_styles])
def test_they_give_the_same_workbook_as_a_file_of_them(client):
    assessment = samples.typical()
    package = read_package(client())
    names = plan_names(package, plan_sheets(assessment, "es"))
    asked = {"language": "es", "names": names, "version": "1"}
    assert transplant(package, render_parts(assessment, **asked), names) == transplant(
        package, render(assessment, **asked), names
    )


@pytest.mark.parametrize(
    "opening", [b"<hyperlinks>", b'<hyperlinks count="1">', b"<mergeCells>", b'<x14:sparklineGroups xmlns:xm="urn:x">']
)
def test_long_lists_of_a_sheet_are_set_aside_whole(opening):
    name = opening[1:-1].partition(b" ")[0]
    whole = opening + b'<x ref="A1"/>' * 3 + b"</" + name + b">"
    short = opening[:-1] + b"/>"
    assert _set_aside(b"<worksheet><sheetData/>" + whole + b"<drawing/></worksheet>") == (
        b"<worksheet><sheetData/>" + short + b"<drawing/></worksheet>",
        {short: whole},
    )


@pytest.mark.parametrize(
    "sheet",
    [
        b"<worksheet><hyperlinks/><mergeCells count='0' /></worksheet>",
        b"<worksheet><!-- <hyperlinks><x/></hyperlinks> --></worksheet>",
        b"<worksheet><hyperlinks/><hyperlinks><x/></hyperlinks></worksheet>",
    ],
)
def test_lists_that_are_empty_or_cannot_be_told_apart_stay(sheet):
    assert _set_aside(sheet) == (sheet, {})


def test_they_leave_memory_as_soon_as_nobody_needs_them():
    gc.disable()  # what points in circles would wait for the garbage collector
    try:
        loose = render_parts(samples.working(), language="es", names={}, version="1")
        sheets = [weakref.ref(write.__self__) for write in loose.cells.values()]
        del loose
        assert [sheet() for sheet in sheets] == [None] * len(sheets)
    finally:
        gc.enable()
