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
from aliado.workbook.namespaces import STRICT
from aliado.workbook.package import read_package
from aliado.workbook.rewrite import _set_aside, read_head
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


def refreshed_and_coloured() -> bytes:
    """Return a client's file with our sheets from before, whose tabs somebody has painted and whose code names VBA knows."""
    package = read_package(plain())
    names = plan_names(package, plan_sheets(samples.typical(), "es"))
    donor = render_parts(samples.working(), language="es", names=names, version="1")
    package = read_package(transplant(package, donor, names))
    sheets = {part: package.read(part) for part in package.names if part.startswith("xl/worksheets/sheet")}
    painted = re.compile(rb"<sheetPr>(.*?)<tabColor [^>]*/>")
    changes = {
        part: painted.sub(rb'<sheetPr codeName="Hoja9">\1<tabColor theme="5"/>', xml) for part, xml in sheets.items()
    }
    assert sum(xml != sheets[part] for part, xml in changes.items()) == len(names)
    return package.with_parts(changes).to_bytes()


def strict() -> bytes:
    package = read_package(plain())
    parts = {part: package.read(part) for part in package.names}
    for old, new in STRICT.items():
        parts = {part: xml.replace(old.encode() + b'"', new.encode() + b'"') for part, xml in parts.items()}
    return package.with_parts(parts).to_bytes()


CLIENTS = [plain, from_1904, with_our_table_name, with_prefixed_styles, refreshed_and_coloured, strict]


@pytest.mark.parametrize("client", CLIENTS)
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


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b'<?xml version="1.0"?>\n<!-- <a><sheetData/> -->',
        b'<?xml version="1.0" encoding="UTF-8"?>\r\n',
    ],
)
@pytest.mark.parametrize("cells", [b"<x:sheetData/>", b"<x:sheetData><x:row/></x:sheetData>", b""])
def test_the_head_of_a_sheet_is_read_whatever_stands_around_it(before, cells):
    opening = b'<x:worksheet xmlns:x="urn:x"><x:sheetPr codeName="H"><x:tabColor theme="1"/></x:sheetPr>'
    root = read_head(before + opening + cells + b"<x:mergeCells/></x:worksheet>")
    properties = root.find("sheetPr")
    assert properties.attributes == {"codeName": "H"}
    assert properties.find("tabColor").attributes == {"theme": "1"}


def test_they_leave_memory_as_soon_as_nobody_needs_them():
    gc.disable()  # what points in circles would wait for the garbage collector
    try:
        loose = render_parts(samples.working(), language="es", names={}, version="1")
        sheets = [weakref.ref(write.__self__) for write in loose.cells.values()]
        del loose
        assert [sheet() for sheet in sheets] == [None] * len(sheets)
    finally:
        gc.enable()
