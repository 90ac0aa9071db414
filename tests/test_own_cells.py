"""Cells of the client's that call our functions get today's results from the batch, or keep theirs and it is said."""

from __future__ import annotations

import re
import warnings
from datetime import date
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from aliado.batch.outcome import Job, Options
from aliado.batch.own_cells import set_own_cells
from aliado.batch.refresh import assess_package, refresh
from aliado.batch.samples import write_samples
from aliado.commands.verify import verify
from aliado.excel.template_data import AS_OF
from aliado.resources import workbook_folder
from aliado.workbook.book import read_book
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets
from aliado.workbook.results import find_own_formulas
from aliado.workbook.verify import compare_packages

LATER = date(2026, 12, 31)
HEADINGS = ["Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Saldo"]
ROWS = [
    ["F-1", "Alba", date(2026, 9, 1), date(2026, 10, 1), 100.0, 100.0],
    ["F-2", "Beto", date(2026, 11, 1), date(2026, 12, 1), 50.5, 50.5],
    ["F-3", "Alba", date(2026, 8, 1), date(2026, 8, 31), 10.0, 10.0],
]


def client(formulas, arrays=()):
    """Return a workbook with a table of invoices and, on the sheet Notas, formulas that hold an old value, 1."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Facturas")
    columns = [{"header": heading} for heading in HEADINGS]
    sheet.add_table(0, 0, len(ROWS), len(HEADINGS) - 1, {"name": "Facturas", "data": ROWS, "columns": columns})
    notes = book.add_worksheet("Notas")
    for cell, formula in formulas.items():
        notes.write_formula(cell, formula, None, 1)
    for area, formula, values in arrays:
        notes.write_dynamic_array_formula(area, formula, None, values)
    book.close()
    return read_package(buffer.getvalue())


def cells(package, sheet="Notas"):
    """Return reference -> value of a sheet, as openpyxl reads the stored values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = openpyxl.load_workbook(BytesIO(package.to_bytes()), data_only=True)[sheet]
    return {cell.coordinate: cell.value for row in found.iter_rows() for cell in row if cell.value is not None}


def computed(formulas, as_of=AS_OF, arrays=()):
    package = client(formulas, arrays)
    after, remarks = set_own_cells(package, read_sheets(package), as_of)
    return cells(after), remarks


def one(formula, **more):
    """Return what a formula's cell holds after the batch."""
    found, remarks = computed({"B2": formula}, **more)
    assert not remarks, remarks
    return found.get("B2")


KPI = 'ALIADO_KPI("AR-OVERDUE",Facturas[#All],TODAY())'


def test_a_call_of_ours_gets_the_value_of_the_day():
    assert one(f"={KPI}") == pytest.approx(110 / 160.5, abs=1e-6)
    assert one(f"={KPI}", as_of=LATER) == 1
    assert one('=ALIADO_INDICADOR("AR-OVERDUE",Facturas!A1:F4,DATE(2026,12,31))') == 1


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (f"=ROUND({KPI}*100,1)", 68.5),
        (f'="Vencido: "&TEXT({KPI},"0%")', "Vencido: 69%"),
        (f'=IFERROR({KPI},"-")', pytest.approx(110 / 160.5, abs=1e-6)),
        ('=IFERROR(ALIADO_KPI("AR-NADA",Facturas[#All],TODAY()),"no hay")', "no hay"),
        (f'=IF({KPI}>50%,"alto","bajo")', "alto"),
        ('=ALIADO_KPI("AR-NADA",Facturas[#All],TODAY())', "#VALUE!"),
        ('=ALIADO_KPI("AR-NADA",Facturas[#All],TODAY())+1', "#VALUE!"),
        ("=ALIADO_DAYS_LATE(Facturas!D2,,TODAY())", 60),
        ("=ALIADO_DAYS_LATE(Facturas!D2,,TODAY()-30)+ALIADO_DAYS_LATE(Facturas!D4,,TODAY())", 121),
        ("=ALIADO_WORKDAY(Facturas!D2,1)-Facturas!D2", 1),
        ('=ALIADO_TAXID("1790012344001","EC")', True),
        ("=ALIADO_AGEING(Facturas[#All],TODAY())", "Cliente"),
    ],
)  # fmt: skip
def test_what_stands_around_the_call_is_computed_too(formula, value):
    assert one(formula) == value


def test_cells_follow_one_another_whatever_their_order():
    found, _ = computed({"A1": "=ALIADO_DAYS_LATE(B1,,TODAY())", "B1": "=ALIADO_WORKDAY(Facturas!D2,0)"})
    assert found["A1"] == 60


def test_a_cut_off_date_that_follows_the_calendar_means_the_date_of_the_work():
    formulas = {"A1": "=TODAY()", "A2": "=EOMONTH(A1,-1)", "B2": '=ALIADO_KPI("AR-OVERDUE",Facturas[#All],A1)'}
    found, remarks = computed(formulas, as_of=LATER)
    assert found["B2"] == 1
    assert (found["A1"], found["A2"]) == (1, 1), "they are no cells of ours"
    assert not remarks


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=ALIADO_AGEING(OFFSET(Facturas[#All],0,0),TODAY())", "OFFSET"),
        ("=SUM(ALIADO_AGEING(Facturas[#All],TODAY()))", "table of results"),
        ("=ALIADO_DAYS_LATE([1]Hoja!A1,,TODAY())", "[1]Hoja!A1"),
        ("=ALIADO_DAYS_LATE(Otra!A1,,TODAY())", "no sheet “Otra”"),
        ("=ALIADO_DAYS_LATE(Nada[Total],,TODAY())", "no table “Nada”"),
        ("=ALIADO_KPI()", "kpi is missing"),
        ("=ALIADO_DAYS_LATE(1,2,3,4)", "3 arguments at most"),
        ("=ALIADO_DAYS_LATE(B2,,TODAY())", "own result"),
        ("=ALIADO_DAYS_LATE({1,2},,TODAY())", "{1,2}"),
    ],
)
def test_what_is_not_followed_keeps_its_value_and_is_told(formula, reason):
    found, [remark] = computed({"B2": formula})
    assert found["B2"] == 1
    assert remark.en.startswith("Notas!B2: keeps the value that it had")
    assert reason in remark.en


def test_many_cells_left_for_one_reason_are_one_remark():
    _, [remark] = computed({f"B{row}": "=ALIADO_DAYS_LATE(Otra!A1,,TODAY())" for row in range(2, 40)})
    assert remark.es.startswith("Notas!B2, B3, B4, B5, B6 y 33 más: conserva el valor que tenía")


OVERDUE = "=ALIADO_OVERDUE(Facturas[#All],TODAY())"


def test_a_result_of_several_cells_is_laid_into_the_cells_that_it_fills():
    found, remarks = computed({}, arrays=[("B2:G4", OVERDUE, 1)])
    assert not remarks
    assert [found[f"{column}3"] for column in "BCE"] == ["F-3", "Alba", 91]
    assert [found[f"{column}4"] for column in "BCE"] == ["F-1", "Alba", 60]


def test_a_smaller_result_leaves_no_old_figures_beside_it():
    package = client({}, [("B2:G5", OVERDUE, 1)])
    december, _ = set_own_cells(package, read_sheets(package), LATER)
    october, remarks = set_own_cells(december, read_sheets(december), date(2026, 9, 15))
    assert not remarks
    assert cells(december)["B5"] == "F-2"
    assert {row for row in range(2, 6) if f"B{row}" in cells(october)} == {2, 3}
    assert set_own_cells(october, read_sheets(october), date(2026, 9, 15))[0] is october


def test_a_larger_result_keeps_the_old_one_and_is_told():
    found, [remark] = computed({}, arrays=[("B2:G3", OVERDUE, 1)], as_of=LATER)
    assert found["B2"] == 1
    assert "result is 4 × 6 and the formula fills 2 × 6" in remark.en


def with_shared_formulas():
    """Return a workbook with a column of days late, filled down as Excel stores it: the text in the first cell alone."""
    formula = "ALIADO_DAYS_LATE(Facturas!D2,,TODAY())"
    package = client({f"B{row}": f"={formula}" for row in (2, 3, 4)})
    [part] = [name for name in package.names if b"ALIADO_" in package.read(name)]
    xml = package.read(part)
    stored = f"<f>{formula}</f>".encode()
    first = xml.replace(stored, f'<f t="shared" ref="B2:B4" si="0">{formula}</f>'.encode(), 1)
    return package.with_parts({part: first.replace(stored, b'<f t="shared" si="0"/>')}), part


def test_formulas_filled_down_are_computed_row_by_row():
    package, part = with_shared_formulas()
    after, remarks = set_own_cells(package, read_sheets(package), AS_OF)
    assert not remarks
    assert [cells(after)[f"B{row}"] for row in (2, 3, 4)] == [60, 0, 91]
    formulas = re.findall(rb"<f[^>]*>(?:[^<]*</f>)?", after.read(part))
    assert formulas == re.findall(rb"<f[^>]*>(?:[^<]*</f>)?", package.read(part))
    assert [item.text for item in find_own_formulas(after.read(part), b"")][
        2
    ] == "ALIADO_DAYS_LATE(Facturas!D4,,TODAY())"


def test_a_row_of_a_table_is_known_by_its_column():
    package = client({"B3": "=ALIADO_DAYS_LATE(1,2)"})
    [part] = [name for name in package.names if b"ALIADO_" in package.read(name)]
    xml = package.read("xl/worksheets/sheet1.xml")
    formula = b"ALIADO_DAYS_LATE(Facturas[[#This Row],[Vencimiento]],,TODAY())"
    filled = re.sub(rb'<c r="F2"[^>]*><v>100</v></c>', b'<c r="F2"><f>' + formula + b"</f><v>100</v></c>", xml)
    assert filled != xml
    package = package.with_parts({"xl/worksheets/sheet1.xml": filled, part: package.read(part)})
    after, _ = set_own_cells(package, read_sheets(package), AS_OF)
    assert cells(after, "Facturas")["F2"] == 60


def test_a_workbook_without_our_functions_is_not_looked_into():
    package = client({"B2": "=1+1"})
    assert not any(sheet.calls for sheet in read_sheets(package))
    assert set_own_cells(package, read_sheets(package), AS_OF) == (package, ())


def test_only_values_change_and_verify_lists_them(tmp_path):
    package = client({"B2": f"={KPI}", "C9": "=1+1"}, [("B4:G7", OVERDUE, 1)])
    after, _ = set_own_cells(package, read_sheets(package), LATER)
    [change] = [item for item in compare_packages(package, after) if item.change != "identical"]
    assert change.patched
    assert change.harmless
    assert (
        {"B4", "C4", "B5", "B7"}
        <= {cell.cell for cell in change.cells}
        <= {"B2", *(f"{c}{r}" for c in "BCDEFG" for r in range(4, 8))}
    )
    before, result = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    before.write_bytes(package.to_bytes())
    result.write_bytes(after.to_bytes())
    told = CliRunner().invoke(verify, [str(before), str(result)])
    assert told.exit_code == 0, told.output
    assert "B2: 1.0 -> 1.0" not in told.output
    assert "resultados de fórmulas ALIADO_" in told.output


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<f>1+1</f><v>1</v>", b"<f>1+1</f><v>2</v>"),
        (b"TODAY()),0", b"TODAY()),9"),
        (b'<c r="B2"', b'<c r="B2" s="1"'),
    ],
    ids=["another formula's value", "a formula of ours", "a format"],
)
def test_verify_takes_nothing_else_for_a_result(old, new):
    package = client({"B2": f"=IFERROR({KPI},0)", "C9": "=1+1"})
    [part] = [name for name in package.names if b"ALIADO_" in package.read(name)]
    xml = package.read(part)
    assert old.split(b",")[0] in xml
    changed = package.with_parts(
        {part: xml.replace(old, new) if old in xml else xml.replace(b"TODAY())", b"TODAY()+1)")}
    )
    [change] = [item for item in compare_packages(package, changed) if item.change != "identical"]
    assert not change.harmless


def refreshed(path, as_of, **more):
    outcome = refresh(Job(path, path), Options(as_of, **more))
    assert outcome.status in {"refreshed", "unchanged"}, outcome.reason
    return outcome


def test_a_refresh_sets_them_twice_is_once_and_the_audit_sheet_tells_what_it_left(tmp_path):
    path = tmp_path / "client.xlsx"
    path.write_bytes(client({"B2": f"={KPI}", "B3": "=SUM(ALIADO_AGEING(Facturas[#All],TODAY()))"}).to_bytes())
    refreshed(path, LATER)
    once = path.read_bytes()
    assert refreshed(path, LATER).status == "unchanged"
    assert path.read_bytes() == once
    book = CalamineWorkbook.from_path(path)
    assert book.get_sheet_by_name("Notas").to_python()[:2] == [[1.0], [1.0]]
    audit = "\n".join(str(cell) for row in book.get_sheet_by_name("Auditoría").to_python() for cell in row)
    assert "Notas!B3: conserva el valor que tenía" in audit
    assert "Notas!B2" not in audit


def test_a_column_that_our_functions_fill_is_read_as_it_is_today(tmp_path):
    """Once is twice only if the assessment sees the results that are written."""
    package = client({})
    xml = package.read("xl/worksheets/sheet1.xml")
    due = b'<c r="D2" s="1"><f>ALIADO_WORKDAY(DATE(2026,12,1),10)</f><v>46296</v></c>'
    filled = re.sub(rb'<c r="D2"[^>]*><v>\d+</v></c>', due, xml)
    path = tmp_path / "client.xlsx"
    path.write_bytes(package.with_parts({"xl/worksheets/sheet1.xml": filled}).to_bytes())
    refreshed(path, AS_OF)
    panel = CalamineWorkbook.from_path(path).get_sheet_by_name("Alertas").to_python()
    assert not any("F-1" in row and "AR-001" in row for row in panel)
    assert any("F-3" in row and "AR-001" in row for row in panel)
    assert refreshed(path, AS_OF).status == "unchanged"


def values_of(path, as_of):
    """Return the batch's own indicators."""
    found = assess_package(read_package(path.read_bytes()), path, Options(as_of)).kpis
    return {kpi.id: kpi.value for kpi in found}


def indicators(path):
    """Return label -> value of the template's sheet of functions, as two readers see it."""
    found = [row[:2] for row in CalamineWorkbook.from_path(path).get_sheet_by_name("Indicadores").to_python()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = openpyxl.load_workbook(path, data_only=True)["Indicadores"]
    assert [other.cell(row, 2).value for row in range(6, 11)] == [row[1] for row in found[5:10]]
    return {row[0]: row[1] for row in found if row[0]}


def test_the_template_refreshed_by_the_batch_shows_the_figures_of_the_day(tmp_path):
    path = tmp_path / "Aliado.xlsm"
    path.write_bytes((workbook_folder() / "Aliado.xlsm").read_bytes())
    before = indicators(path)
    package = read_package(path.read_bytes())
    [part] = [
        name for name in package.names if name.startswith("xl/worksheets/") and b"ALIADO_KPI" in package.read(name)
    ]
    xml = package.read(part).replace(b"Indicadores!$B$3", b"TODAY()")
    path.write_bytes(package.with_parts({part: xml}).to_bytes())
    refreshed(path, AS_OF)
    assert indicators(path) == before
    refreshed(path, date(2026, 10, 31))
    after = indicators(path)
    assert after != before
    kpis = values_of(path, date(2026, 10, 31))
    dso = next(value for label, value in after.items() if "(AR-DSO)" in label)
    assert dso == pytest.approx(float(kpis["AR-DSO"]))


@pytest.mark.parametrize(
    "number",
    [0, pytest.param(1, marks=pytest.mark.slow), 2],
    ids=["spain", "ecuador", "panama"],
)
def test_sample_clients_agree_cell_for_panel(number, tmp_path):
    """A client puts our functions on a sheet of theirs; after the batch they say what the Panel says."""
    from aliado.rules.choose import choose_pack
    from aliado.tables.recognition import recognise

    path = write_samples(tmp_path, AS_OF)[number]
    package = read_package(path.read_bytes())
    sheets = read_sheets(package)
    matches = recognise(sheets, choose_pack(sheets, path).tables).matches
    tables = {name: match.region.excel_table or f"'{match.region.sheet.name}'!A:Z" for name, match in matches.items()}
    asked = {name: f"{text}[#All]" if "!" not in text else text for name, text in tables.items()}
    arguments = f"{asked['invoices']},TODAY(),{asked.get('receipts', '')},{asked['profile']}"
    part = read_book(package).sheets[-1].part
    xml = package.read(part)
    rows = "".join(
        f'<row r="{900 + i}"><c r="A{900 + i}"><f>ALIADO_KPI("{kpi}",{arguments})</f><v>0</v></c></row>'
        for i, kpi in enumerate(("AR-DSO", "AR-OVERDUE", "AR-CEI", "AR-TOP5"))
    )
    path.write_bytes(
        package.with_parts({part: xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>")}).to_bytes()
    )
    refreshed(path, AS_OF)
    kpis = values_of(path, AS_OF)
    values = next(sheet for sheet in read_sheets(read_package(path.read_bytes())) if sheet.calls)
    found = [values.rows[900 + i - values.first_row][0] for i in range(4)]
    assert found == [pytest.approx(float(kpis[name])) for name in ("AR-DSO", "AR-OVERDUE", "AR-CEI", "AR-TOP5")]
