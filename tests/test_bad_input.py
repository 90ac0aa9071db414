"""Bad input gets one clear message, and nothing is lost; odd but ordinary input is refreshed."""

from __future__ import annotations

import errno
import os
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from aliado.batch import refresh as engine
from aliado.batch.outcome import Job, Options, Outcome, exit_code
from aliado.batch.refresh import refresh
from aliado.workbook import files

AS_OF = date(2026, 10, 31)
DAY = date(2026, 9, 1)
HEADINGS = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total")


def workbook(path: Path, *rows, headings=HEADINGS, sheet="Facturas", touch=None) -> Path:
    """Write a small client workbook; `touch` may do more with the book and sheet."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate((headings, *(rows or (("F-1", "Alfa", DAY, DAY, 100.0),)))):
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(number, column, value, day)
            else:
                page.write(number, column, value)
    if touch:
        touch(book, page)
    book.close()
    return path


def run(path: Path, **options) -> Outcome:
    """Refresh in place; a workbook that is not refreshed must be as it was."""
    before = path.read_bytes() if path.is_file() else None
    outcome = refresh(Job(path, path), Options(AS_OF, **options))
    if not outcome.done:
        assert outcome.reason
        assert outcome.reason.es
        assert outcome.reason.en
        assert outcome.reason.es != outcome.reason.en
        assert exit_code([outcome]) == 2
        assert before is None or path.read_bytes() == before
        assert not list(path.parent.glob("*aliado-tmp*"))
    return outcome


def without(path: Path, drop: str) -> None:
    """Rewrite a package without one part."""
    kept = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename != drop:
                new.writestr(item, old.read(item))
    path.write_bytes(kept.getvalue())


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Factura;Cliente\n", ("xlsx",)),
        (b"", ("",)),
        (OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"), ("contraseña", "password")),
        (OLE + b"\0" * 504 + "Workbook".encode("utf-16-le"), (".xls",)),
        (b"%PDF-1.7 ...", ("",)),
    ],
    ids=["csv", "empty", "encrypted", "xls", "pdf"],
)
def test_what_is_no_open_workbook_is_refused(tmp_path, content, words):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    outcome = run(path)
    assert outcome.status == "refused"
    assert any(word in outcome.reason.es + outcome.reason.en for word in words)


def test_a_truncated_workbook_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:-300])
    assert run(path).status == "refused"


def test_a_binary_workbook_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "a.xlsb"
    source = BytesIO()
    with zipfile.ZipFile(source, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        package.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        package.writestr("xl/workbook.bin", b"\0")
    path.write_bytes(source.getvalue())
    outcome = run(path)
    assert outcome.status == "refused"
    assert "xlsb" in outcome.reason.es.lower()


def test_a_package_without_its_workbook_part_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    without(path, "xl/workbook.xml")
    assert run(path).status == "refused"


def test_a_protected_structure_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    rewritten = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "xl/workbook.xml":
                data = data.replace(b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>')
            new.writestr(item, data)
    path.write_bytes(rewritten.getvalue())
    outcome = run(path)
    assert outcome.status == "refused"
    assert "estructura" in outcome.reason.es


def test_no_recognisable_table_is_refused_with_what_would_be_one(tmp_path):
    outcome = run(workbook(tmp_path / "a.xlsx", (1, 2, 3, 4, 5), headings=("a", "b", "c", "d", "e"), sheet="Hoja1"))
    assert outcome.status == "refused"
    assert "Hoja1" in outcome.reason.es


def test_two_columns_for_one_field_are_refused(tmp_path):
    outcome = run(
        workbook(
            tmp_path / "a.xlsx",
            ("F-1", "Alfa", DAY, 1.0, 2.0),
            headings=("Factura", "Cliente", "Fecha", "Total", "Total factura"),
        )
    )
    assert outcome.status == "refused"
    assert "D1" in outcome.reason.es
    assert "E1" in outcome.reason.es


def test_a_formula_without_a_saved_result_is_refused_with_the_cure(tmp_path):
    path = tmp_path / "a.xlsx"
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Facturas"
    book.active.append(HEADINGS)
    book.active.append(("F-1", "Alfa", DAY, DAY, "=50+50"))
    book.save(path)
    outcome = run(path)
    assert outcome.status == "refused"
    assert "Facturas!E2" in outcome.reason.es
    assert "--recalculate" in outcome.reason.es


@pytest.mark.live
def test_recalculate_takes_the_result_from_libreoffice_and_leaves_the_formula_cell_alone(tmp_path):
    import openpyxl

    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Facturas"
    book.active.append(HEADINGS)
    book.active.append(("F-1", "Alfa", DAY, DAY, "=50+50"))
    book.save(path)
    with zipfile.ZipFile(path) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    outcome = run(path, recalculate=True)
    assert outcome.status == "refreshed"
    assert outcome.record["ageing"]["outstanding"] == "100.00"
    with zipfile.ZipFile(path) as package:
        assert package.read("xl/worksheets/sheet1.xml") == sheet


def test_a_folder_that_cannot_be_written_leaves_the_workbook_as_it_was(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    outcome = run(path)
    assert outcome.status == "failed"


def test_a_full_disk_leaves_the_workbook_as_it_was(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx")

    def fill(descriptor: int) -> None:  # noqa: ARG001
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fill)
    outcome = run(path)
    assert outcome.status == "failed"
    assert "espacio" in outcome.reason.es


def test_a_fault_of_our_own_is_told_without_a_traceback(tmp_path, monkeypatch, capsys):
    path = workbook(tmp_path / "a.xlsx")

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(engine, "render_parts", fail)
    outcome = run(path)
    assert outcome.status == "failed"
    assert "ZeroDivisionError: boom" in outcome.reason.es
    assert "Traceback" not in capsys.readouterr().err


def test_an_empty_table_is_ordinary(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Facturas").write_row(0, 0, HEADINGS)
    book.close()
    outcome = run(path)
    assert outcome.status == "refreshed"
    assert outcome.record["ageing"]["outstanding"] == "0.00"
    assert any("vacía" in note.es for note in outcome.notes)


def test_a_million_blank_formatted_rows_are_ordinary(tmp_path):
    def stretch(book, page):
        page.write_blank(1_048_575, 0, None, book.add_format({"bold": True}))

    outcome = run(workbook(tmp_path / "a.xlsx", touch=stretch))
    assert outcome.status == "refreshed"
    assert outcome.record["ageing"]["outstanding"] == "100.00"


def test_a_protected_sheet_is_ordinary_and_noted(tmp_path):
    outcome = run(workbook(tmp_path / "a.xlsx", touch=lambda book, page: page.protect("clave")))  # noqa: ARG005
    assert outcome.status == "refreshed"
    assert any("protegida" in note.es for note in outcome.notes)


def test_hostile_text_stays_text(tmp_path):
    hostile = '=HYPERLINK("http://x","y")'

    def write(book, page):  # noqa: ARG001
        page.write_string(1, 1, hostile)

    path = workbook(tmp_path / "a.xlsx", ("F-1", "x", date(2026, 1, 1), date(2026, 2, 1), 100.0), touch=write)
    assert run(path).status == "refreshed"
    with zipfile.ZipFile(path) as package:
        ours = [
            package.read(name)
            for name in package.namelist()
            if name.startswith("xl/worksheets/") and not name.endswith("sheet1.xml")
        ]
    assert ours
    assert not any(b"<f>HYPERLINK(&quot;http" in xml or b'<f>HYPERLINK("http' in xml for xml in ours)
