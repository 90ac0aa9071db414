"""The column headed "Aliado": filled in by a refresh, cell by cell, and nothing else of the sheet touched."""

from datetime import date

import pytest
import xlsxwriter

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh
from aliado.workbook.package import read_package
from aliado.workbook.verify import compare
from builders import open_workbook

AS_OF = date(2026, 10, 31)
ROWS = (
    ("F-1", "Alfa", date(2026, 6, 1), date(2026, 6, 30), 100.0),
    ("F-2", "Beta", date(2026, 8, 1), date(2026, 11, 30), 50.0),
    ("F-3", "Gama", date(2026, 9, 1), date(2026, 9, 20), 70.0),
    ("F-3", "Gama", date(2026, 9, 1), date(2026, 9, 20), 70.0),
)
HEADINGS = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Aliado", "Notas")


def write_book(path, *, table=False, headings=HEADINGS, fill=None):
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Facturas")
    day, status = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"italic": 1, "font_color": "red"})
    sheet.write_row(0, 0, headings)
    for number, row in enumerate(ROWS, 1):
        sheet.write_row(number, 0, row[:2])
        sheet.write_datetime(number, 2, row[2], day)
        sheet.write_datetime(number, 3, row[3], day)
        sheet.write(number, 4, row[4])
        if number != 2:
            sheet.write_blank(number, 5, None, status)
        sheet.write(number, 6, f"nota {number}")
    if table:
        sheet.add_table(0, 0, len(ROWS), 6, {"name": "tblFacturas", "columns": [{"header": h} for h in headings]})
    sheet.write(20, 0, "=SUM(E2:E5)", None, 290)
    if fill:
        fill(sheet)
    book.close()
    return path


def done(path, target=None, as_of=AS_OF, **options):
    outcome = refresh(Job(path, target or path), Options(as_of, **options))
    assert outcome.done, outcome.reason
    return outcome


def status(path):
    sheet = open_workbook(path)["Facturas"]
    return [sheet.cell(row, 6).value for row in range(2, 6)]


def said(outcome):
    return [note.es for note in outcome.notes if "Aliado" in note.es and "olumna" in note.es]


@pytest.mark.parametrize("table", [False, True], ids=["plain", "excel table"])
def test_each_row_gets_its_worst_alert_and_the_others_stay_blank(tmp_path, table):
    path = write_book(tmp_path / "c.xlsx", table=table)
    before = path.read_bytes()
    outcome = done(path)
    first, second, third, fourth = status(path)
    assert first.startswith("▲ ")
    assert second is None
    assert third == fourth == "▲ Factura duplicada"
    assert any("3 filas con aviso" in note for note in said(outcome))
    sheet = open_workbook(path)["Facturas"]
    assert sheet["F2"].font.italic
    assert [sheet.cell(row, 7).value for row in range(2, 6)] == [f"nota {row}" for row in range(1, 5)]
    patched = [c for c in compare(before, path.read_bytes()) if c.change not in ("identical", "ours", "appended")]
    assert [(c.sheet, c.patched, {cell.cell for cell in c.cells}) for c in patched] == [
        ("Facturas", True, {"F2", "F4", "F5"})
    ]
    audit = open_workbook(path)["Auditoría"]
    assert any("Columna «Aliado»" in str(cell.value) for row in audit.iter_rows() for cell in row)


def test_twice_is_once_and_another_date_or_language_leaves_no_trace(tmp_path):
    path = write_book(tmp_path / "c.xlsx")
    done(path)
    once = path.read_bytes()
    assert done(path).status == "unchanged"
    done(path, language="en")
    assert "▲ Duplicate invoice" in status(path)
    done(path)
    assert path.read_bytes() == once


def test_an_alert_that_is_gone_leaves_a_blank(tmp_path):
    path = write_book(tmp_path / "c.xlsx")
    done(path, as_of=date(2026, 12, 31))
    assert status(path)[1].endswith(("Primera carta", "Factura vencida"))
    done(path, as_of=AS_OF)
    assert status(path)[1] is None


def test_a_column_of_the_clients_own_that_happens_to_be_called_so_is_left_alone(tmp_path):
    path = write_book(tmp_path / "c.xlsx", fill=lambda sheet: sheet.write("F3", "Socios del Sur, S.A."))
    before = path.read_bytes()
    outcome = done(path)
    assert status(path) == [None, "Socios del Sur, S.A.", None, None]
    assert any("F3" in note and "Socios del Sur" in note for note in said(outcome))
    assert all(c.change != "changed" for c in compare(before, path.read_bytes()))


def test_a_formula_in_the_way_keeps_the_column_as_it_is_and_the_refresh_goes_on(tmp_path):
    path = write_book(tmp_path / "c.xlsx", fill=lambda sheet: sheet.write_formula("F2", '="▲ "&"mío"', None, "▲ mío"))
    outcome = done(path)
    assert any("fórmula" in note for note in said(outcome))
    assert status(path)[2:] == [None, None]


def test_without_the_heading_nothing_is_written(tmp_path):
    path = write_book(tmp_path / "c.xlsx", headings=(*HEADINGS[:5], "Estado interno", "Notas"))
    before = path.read_bytes()
    outcome = done(path)
    assert said(outcome) == []
    package, after = read_package(before), read_package(path.read_bytes())
    assert package.read("xl/worksheets/sheet1.xml") == after.read("xl/worksheets/sheet1.xml")


def test_a_dry_run_writes_nothing(tmp_path):
    path = write_book(tmp_path / "c.xlsx")
    before = path.read_bytes()
    done(path, dry_run=True)
    assert path.read_bytes() == before
