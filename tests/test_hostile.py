"""Files made to harm, through `refresh` from end to end: refused or bounded, in words, with nothing touched."""

import io
import struct
import zipfile
import zlib
from datetime import date

import pytest
import xlsxwriter

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh
from builders import open_workbook

AS_OF = date(2026, 10, 31)
SHEET = "xl/worksheets/sheet1.xml"


def invoices(*, customer="Alfa", number="F-1"):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Facturas")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Aliado"))
    for row in (1, 2):
        sheet.write_row(row, 0, (number, customer))
        sheet.write_datetime(row, 2, date(2026, 1, 1), day)
        sheet.write_datetime(row, 3, date(2026, 2, 1), day)
        sheet.write(row, 4, 100)
    book.close()
    return stream.getvalue()


def rebuilt(data, change):
    """Return the package with its parts passed through `change` (name, content) -> iterable of (name, content)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            for part, content in change(name, old.read(name)):
                new.writestr(part, content)
    return stream.getvalue()


def in_sheet(old, new):
    return lambda name, content: [(name, content.replace(old, new, 1) if name == SHEET else content)]


def run(tmp_path, data):
    path = tmp_path / "cliente.xlsx"
    path.write_bytes(data)
    outcome = refresh(Job(path, path), Options(AS_OF))
    if not outcome.done:
        assert path.read_bytes() == data
        assert outcome.reason.es
        assert "Fallo interno" not in outcome.reason.es
    assert [item.name for item in tmp_path.iterdir()] == ["cliente.xlsx"]
    return outcome


DOCTYPE = b'<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
def test_entities_and_document_types_are_refused_in_every_part_that_is_read(tmp_path, part):
    def change(name, content):
        head, found, tail = content.partition(b"?>")
        return [(name, head + found + DOCTYPE + tail if name == part else content)]

    assert run(tmp_path, rebuilt(invoices(), change)).status == "refused"


@pytest.mark.parametrize("name", ["../../evil.xml", "xl/../../evil.xml", "..\\evil.xml", "/../evil.xml"])
def test_part_names_that_leave_the_package_are_refused(tmp_path, name):
    def change(part, content):
        return [(part, content)] + ([(name, b"<a/>")] if part == SHEET else [])

    assert run(tmp_path, rebuilt(invoices(), change)).status == "refused"
    assert not (tmp_path.parent / "evil.xml").exists()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = b"\0" * (200 << 20)
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    assert len(engine.compress(bomb) + engine.flush()) * 300 < len(bomb)
    data = rebuilt(
        invoices(), lambda name, content: [(name, content)] + ([("xl/media/b.bin", bomb)] if name == SHEET else [])
    )
    outcome = run(tmp_path, data)
    assert outcome.status == "refused"
    assert "memoria" in outcome.reason.es


def test_a_directory_that_lies_about_a_size_is_refused(tmp_path):
    data = bytearray(invoices())
    at = data.rfind(b"PK\1\2")
    struct.pack_into("<L", data, at + 24, 3 << 30)
    assert run(tmp_path, bytes(data)).status == "refused"


def test_thousands_of_parts_are_kept_and_too_many_refused(tmp_path):
    def with_parts(count):
        return rebuilt(
            invoices(), lambda n, c: [(n, c)] + [(f"customXml/i{i}.xml", b"<a/>") for i in range(count) if n == SHEET]
        )

    assert run(tmp_path, with_parts(2_000)).done
    outcome = run(tmp_path, with_parts(20_001))
    assert outcome.status == "refused"
    assert "20000" in outcome.reason.es


def test_xml_nested_a_hundred_thousand_deep_is_refused(tmp_path):
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    for part in ("xl/workbook.xml", "xl/styles.xml"):
        change = lambda n, c, part=part: [(n, c.replace(b"</", deep + b"</", 1) if n == part else c)]  # noqa: E731
        assert run(tmp_path, rebuilt(invoices(), change)).status == "refused"


def test_a_sheet_that_spans_millions_of_cells_is_read_without_them(tmp_path):
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    outcome = run(tmp_path, rebuilt(invoices(), in_sheet(b"</sheetData>", far)))
    assert outcome.status in {"refreshed", "refused"}


def test_seventeen_million_written_cells_are_refused_or_bounded(tmp_path, monkeypatch):
    monkeypatch.setenv("ALIADO_LIMITS", "cells=20000")
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c><c r="Z%d"><v>1</v></c></row>' % (r, r, r) for r in range(4, 60_004)
    )
    outcome = run(tmp_path, rebuilt(invoices(), in_sheet(b"</sheetData>", rows + b"</sheetData>")))
    assert outcome.status == "refused"
    assert "Facturas" in outcome.reason.es


def test_more_findings_than_anyone_can_read_are_refused_by_the_name_of_their_rules(tmp_path, monkeypatch):
    monkeypatch.setattr("aliado.rules.flags.MOST_FINDINGS", 3)
    outcome = run(tmp_path, invoices())
    assert outcome.status == "refused"
    assert "AR-001 2" in outcome.reason.es


def test_a_column_of_something_else_is_refused_by_its_name_instead_of_rejected_cell_by_cell(tmp_path, monkeypatch):
    monkeypatch.setattr("aliado.tables.reader.MOST_REJECTED", 1)
    change = lambda n, c: [(n, c.replace(b' s="1"', b"") if n == SHEET else c)]  # noqa: E731
    outcome = run(tmp_path, rebuilt(invoices(), change))
    assert outcome.status == "refused"
    assert "Facturas!C2: la columna «Fecha» tiene 2 celdas" in outcome.reason.es


@pytest.mark.parametrize(
    "start",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1)",
        '=HYPERLINK("http://x","y")',
        "http://evil.example/a",
        "\t=1",
        "internal:Facturas!A1",
    ],
)
def test_text_that_looks_like_a_formula_or_a_link_stays_text_on_our_sheets(tmp_path, start):
    outcome = run(tmp_path, invoices(customer=start, number=f"{start} 1"))
    assert outcome.done
    book = open_workbook(tmp_path / "cliente.xlsx")
    ours = [sheet for sheet in book if sheet.title != "Facturas"]
    for sheet in ours:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and start.strip() in cell.value:
                    assert cell.data_type != "f" or "&" in cell.value, cell.coordinate
                assert cell.hyperlink is None or cell.hyperlink.target is None, cell.coordinate
    assert any(start.strip() in str(c.value) for sheet in ours for row in sheet.iter_rows() for c in row)


def test_what_is_no_workbook_is_refused_in_words(tmp_path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    for data in (b"PK", b"\0" * 100, ole, b"%PDF-1.7", invoices()[:-30], invoices()[:5000]):
        assert run(tmp_path, data).status == "refused"
