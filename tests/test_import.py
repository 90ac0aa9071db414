"""`aliado import`: rows of CSV files go into the client's table, each once, and the rest of the workbook stays as it was."""

from __future__ import annotations

import shutil
from datetime import date
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from aliado.commands.import_ import import_
from aliado.errors import WorkbookRefused
from aliado.intake.known import Known
from aliado.intake.new_client import write_new_client
from aliado.rules.choose import choose_pack
from aliado.workbook.append import Place, append_rows
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets
from aliado.workbook.verify import compare
from workbook_corpus import CORPUS

HEADINGS = ("Factura", "Cliente", "Fecha", "Total")
CSV = "Nº Factura;Cliente;F. emisión;Total factura\nF-3;Gama;15/11/2026;1.234,50\nF-4;=1+1;28/11/2026;10\n"


def write_client(
    path, *, table=True, totals=False, protect=False, below=None, formula=None, headings=HEADINGS, dates=True
):
    """Write a client's workbook with two invoices from A3 on, a chart, and a second sheet that adds them up."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Facturas")
    day = book.add_format({"num_format": "dd/mm/yyyy", "bg_color": "#EEEEEE"})
    rows = [["F-1", "Alfa", date(2026, 10, 1), 100.0], ["F-2", "Beta", date(2026, 10, 2), 200.0]]
    columns = [{"header": heading} for heading in headings]
    if formula:
        columns.append({"header": "IVA", "formula": formula})
    sheet.write("A1", "Empresa S.A.")
    if table:
        last = 4 + totals
        sheet.add_table(2, 0, last, len(columns) - 1, {"name": "tblFacturas", "columns": columns, "total_row": totals})
    else:
        sheet.write_row(2, 0, headings)
        if totals:
            sheet.write_row(5, 0, ("Total", "", "", 300.0))
    for number, row in enumerate(rows, 3):
        sheet.write_row(number, 0, (row[0], row[1]))
        if dates:
            sheet.write_datetime(number, 2, row[2], day)
        else:
            sheet.write_string(number, 2, row[2].strftime("%d/%m/%Y"))
        sheet.write_number(number, 3, row[3])
    if below:
        sheet.write(below, "mío")
    if protect:
        sheet.protect()
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Facturas!$D$4:$D$5"})
    book.add_worksheet("Otra").insert_chart("B2", chart)
    book.close()
    return path


@pytest.fixture
def client(tmp_path):
    return write_client(tmp_path / "acme.xlsx")


def run(*arguments, code=0):
    result = CliRunner().invoke(import_, [str(each) for each in arguments])
    assert result.exit_code == code, result.output
    return result.output


def csv_file(folder, text=CSV, name="facturas.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def grid(path, sheet="Facturas"):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()


def test_rows_go_below_the_table_typed_and_under_the_formats_above(client, tmp_path):
    told = run(csv_file(tmp_path), client, "--lang", "en")
    assert "utf-8" in told
    assert "“;”" in told
    assert "dd/mm/yyyy" in told
    assert "new rows: 2 (Facturas!6:7)" in told
    assert grid(client)[-2:] == [
        ["F-3", "Gama", date(2026, 11, 15), 1234.5],
        ["F-4", "=1+1", date(2026, 11, 28), 10.0],
    ]
    sheet = openpyxl.load_workbook(client)["Facturas"]
    assert sheet.tables["tblFacturas"].ref == "A3:D7"
    assert sheet.tables["tblFacturas"].autoFilter.ref == "A3:D7"
    assert sheet["C6"].number_format == "dd/mm/yyyy"
    assert sheet["C6"].fill.fgColor.rgb == sheet["C5"].fill.fgColor.rgb
    assert sheet["B7"].data_type == "s", "what looks like a formula stays text"
    assert sheet.dimensions == "A1:D7"


def test_every_other_part_stays_byte_for_byte_and_verify_says_what_happened(client, tmp_path):
    before = client.read_bytes()
    run(csv_file(tmp_path), client)
    changes = {item.part: item for item in compare(before, client.read_bytes()) if item.change != "identical"}
    assert set(changes) == {"xl/worksheets/sheet1.xml", "xl/tables/table1.xml"}
    assert all(item.harmless for item in changes.values())
    assert changes["xl/worksheets/sheet1.xml"].filled
    assert [cell.cell for cell in changes["xl/worksheets/sheet1.xml"].cells][:2] == ["A6", "B6"]
    assert changes["xl/tables/table1.xml"].detail == "A3:D5 -> A3:D7"


def test_verify_still_calls_a_changed_or_emptied_cell_lost(client):
    before = client.read_bytes()
    package = read_package(before)
    part = "xl/worksheets/sheet1.xml"
    for old, new in ((b"<v>100</v>", b"<v>101</v>"), (b"<v>100</v>", b"")):
        after = package.with_parts({part: package.read(part).replace(old, new)}).to_bytes()
        (change,) = [item for item in compare(before, after) if item.part == part]
        assert not change.harmless
    table = "xl/tables/table1.xml"
    shorter = package.with_parts({table: package.read(table).replace(b"A3:D5", b"A3:D4")}).to_bytes()
    assert [item.part for item in compare(before, shorter) if not item.harmless] == [table]


def test_importing_twice_is_importing_once(client, tmp_path):
    file = csv_file(tmp_path)
    run(file, client)
    once = client.read_bytes()
    assert "already there: 2 (lines 2, 3)" in run(file, client, "--lang", "en")
    assert client.read_bytes() == once


def test_nothing_is_written_while_a_cell_is_not_understood(client, tmp_path):
    before = client.read_bytes()
    file = csv_file(tmp_path, CSV + "F-5;Delta;31/11/2026;abc\nF-6;;30/11/2026;5\n")
    told = run(file, client, "--lang", "en", code=2)
    assert "line 4, F. emisión: “31/11/2026”" in told
    assert "line 4, Total factura: “abc”; expected an amount" in told
    assert "line 5, Cliente: “”; expected a value" in told
    assert client.read_bytes() == before
    run(file, client, "--partial", "--backup", tmp_path / "copies", code=1)
    assert [row[0] for row in grid(client)[-2:]] == ["F-3", "F-4"]
    assert (tmp_path / "copies" / "acme.xlsx").read_bytes() == before


def test_a_dry_run_writes_nothing_and_out_leaves_the_original(client, tmp_path):
    before = client.read_bytes()
    run(csv_file(tmp_path), client, "--dry-run")
    run(csv_file(tmp_path), client, "--out", tmp_path / "out.xlsx")
    assert client.read_bytes() == before
    assert grid(tmp_path / "out.xlsx")[-1][0] == "F-4"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"totals": True}, "fila de totales"),
        ({"protect": True}, "protegida"),
        ({"below": "B7"}, "Facturas!B7"),
        ({"table": False, "totals": True}, "parece un total"),
        ({"formula": "=D3*0.15"}, "no se puede copiar"),
    ],
)
def test_what_cannot_grow_safely_is_refused_with_the_way_out(settings, told, tmp_path):
    client = write_client(tmp_path / "acme.xlsx", **settings)
    if "formula" in settings:  # relative, and the cells above do not hold it
        package = read_package(client.read_bytes())
        part = "xl/worksheets/sheet1.xml"
        xml = package.read(part)
        client.write_bytes(package.with_parts({part: xml.replace(b"<f>D3*0.15</f>", b"")}).to_bytes())
    before = client.read_bytes()
    assert told in run(csv_file(tmp_path), client, code=2)
    assert client.read_bytes() == before


def test_a_calculated_column_gets_its_formula_and_excel_is_asked_to_calculate(tmp_path):
    client = write_client(tmp_path / "acme.xlsx", formula="=[@Total]*0.15")
    run(csv_file(tmp_path), client)
    sheet = openpyxl.load_workbook(client)["Facturas"]
    assert sheet["E7"].value == sheet["E4"].value
    assert "Total" in sheet["E7"].value
    assert b'fullCalcOnLoad="1"' in read_package(client.read_bytes()).read("xl/workbook.xml")


def test_a_plain_range_grows_too_and_its_formulas_go_down(tmp_path):
    client = write_client(tmp_path / "acme.xlsx", table=False, headings=(*HEADINGS, "Doble"))
    package = read_package(client.read_bytes())
    part = "xl/worksheets/sheet1.xml"
    xml = package.read(part)
    for row in (4, 5):
        cell = b'<c r="E%d"><f>D%d*2</f><v>1</v></c></row>' % (row, row)
        head, tail = xml.split(b'<row r="%d"' % row)
        xml = head + b'<row r="%d"' % row + tail.replace(b"</row>", cell, 1)
    client.write_bytes(package.with_parts({part: xml}).to_bytes())
    run(csv_file(tmp_path), client)
    sheet = openpyxl.load_workbook(client)["Facturas"]
    assert [sheet["E7"].value, sheet["D6"].value] == ["=D7*2", 1234.5]


def test_a_blank_row_of_an_empty_table_is_filled_first(tmp_path):
    client = tmp_path / "new.xlsx"
    client.write_bytes(write_new_client(choose_pack([], given="ec"), "en", date(2026, 11, 30), Known()))
    run(csv_file(tmp_path), client, "--table", "invoices")
    sheet = openpyxl.load_workbook(client)["Invoices"]
    assert sheet.tables["Invoices"].ref.startswith("A1:")
    assert sheet.tables["Invoices"].ref.endswith("3")
    assert [cell.value for cell in sheet["A"]] == ["Invoice", "F-3", "F-4"]
    assert sheet["C2"].is_date


def test_a_date_below_dates_typed_as_text_is_text_that_says_the_same(tmp_path):
    client = write_client(tmp_path / "acme.xlsx", dates=False)
    run(csv_file(tmp_path), client)
    assert grid(client)[-1][2] == "2026-11-28"


def test_own_columns_are_filled_and_headings_without_a_place_are_told(tmp_path):
    client = write_client(tmp_path / "acme.xlsx", headings=("Factura", "Zona", "Fecha", "Total"))
    package = read_package(client.read_bytes())  # Cliente is in column E here
    text = "Factura;Cliente;Fecha;Total;Zona\nF-9;Gama;2026-11-15;5;Norte\n"
    assert "Cliente" in run(csv_file(tmp_path, text), client, code=2)
    assert package.to_bytes() == client.read_bytes()
    client = write_client(tmp_path / "b.xlsx", headings=("Factura", "Cliente", "Fecha", "Total"))
    told = run(csv_file(tmp_path, text), client)
    assert "no se importan: Zona" in told


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_files_of_every_encoding_go_in(client, tmp_path, encoding):
    run(csv_file(tmp_path, CSV.replace("Gama", "Peña"), encoding=encoding), client)
    assert grid(client)[-2][1] == "Peña"


def test_month_first_dates_are_seen_or_told(client, tmp_path):
    text = "Factura,Cliente,Fecha,Total\nF-3,Gama,11/15/2026,1234.50\nF-4,Delta,11/02/2026,10\n"
    assert "mm/dd/aaaa" in run(csv_file(tmp_path, text), client)
    assert grid(client)[-1][2] == date(2026, 11, 2)
    again = "Factura,Cliente,Fecha,Total\nF-7,Gama,03/04/2026,1\n"
    run(csv_file(tmp_path, again), client, "--dates", "mdy")
    assert grid(client)[-1][2] == date(2026, 3, 4)


def test_several_files_go_in_one_after_the_other(client, tmp_path):
    second = csv_file(tmp_path, CSV.replace("F-3", "F-5"), "mas.csv")
    told = run(csv_file(tmp_path), second, client)
    assert "Escrito" in told
    assert [row[0] for row in grid(client)[-3:]] == ["F-3", "F-4", "F-5"]


def test_a_file_of_no_known_table_and_a_workbook_that_is_none_are_refused(client, tmp_path):
    assert "--table" in run(csv_file(tmp_path, "a;b;c\n1;2;3\n"), client, code=2)
    assert "no tiene la tabla" in run(csv_file(tmp_path), client, "--table", "bank", code=2)
    run(csv_file(tmp_path), csv_file(tmp_path, name="otra.csv"), code=2)
    assert "not known" in run(csv_file(tmp_path), client, "--encoding", "latin-99", code=2)


@pytest.mark.slow
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_on_workbooks_of_other_programs_a_row_goes_in_without_loss_or_is_refused(path):
    data = path.read_bytes()
    try:
        package = read_package(data)
        sheets = read_sheets(package)
    except WorkbookRefused:
        return
    for sheet in sheets:
        for table in sheet.tables:
            place = Place(
                sheet.name, table.name, table.first_column, table.last_column, table.last_row + 1, table.last_row
            )
            try:
                grown = append_rows(package, place, [dict.fromkeys(range(place.left, place.right + 1), "Ñ <&> nuevo")])
            except WorkbookRefused:
                continue
            after = grown.to_bytes()
            changes = [item for item in compare(data, after) if item.change != "identical"]
            assert all(item.harmless for item in changes), changes
            again = next(each for each in read_sheets(read_package(after)) if each.name == sheet.name)
            assert again.rows[place.first - again.first_row][table.first_column - again.first_column] == "Ñ <&> nuevo"
            assert next(each for each in again.tables if each.name == table.name).last_row == place.first


@pytest.mark.live
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_result_and_calculates_the_column(tmp_path):
    from aliado.workbook.recalculate import recalculate

    client = write_client(tmp_path / "acme.xlsx", formula="=tblFacturas[[#This Row],[Total]]*0.15")
    run(csv_file(tmp_path), client)
    book = openpyxl.load_workbook(BytesIO(recalculate(client.read_bytes())), data_only=True)
    assert [row[3:5] for row in book["Facturas"].iter_rows(min_row=6, max_row=7, values_only=True)] == [
        (1234.5, pytest.approx(185.175)),
        (10, pytest.approx(1.5)),
    ]
