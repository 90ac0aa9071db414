"""Cells of the client's that call our functions get today's values from the batch, or keep theirs and it is said."""

from __future__ import annotations

from datetime import date

import pytest

from aliado.batch.own_cells import compute_own_cells, find_own_cells
from aliado.cells.block import Block
from aliado.cells.references import Book, Unresolved, read_arguments, split_call
from aliado.excel import build
from aliado.excel.template_data import AS_OF
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets
from aliado.workbook.sheet import ExcelTable, Sheet

SHEET = Sheet(
    "Mi hoja", 2, 2, [["Factura", "Total"], ["F-1", 5.0], ["F-2", 7.0]], tables=[ExcelTable("Datos", 2, 2, 4, 3)]
)
BOOK = Book([SHEET], {"corte": "='Mi hoja'!$C$3"}, AS_OF)


@pytest.fixture(scope="module")
def template():
    return read_package(build.build_template())


def values(package):
    [sheet] = [sheet for sheet in read_sheets(package) if sheet.name == "Indicadores"]
    return {row[0]: row[1] for row in sheet.rows if row[0]}


def edit(package, old, new):
    """Return the package with the formulas of the sheet Indicadores changed."""
    [part] = [
        name for name in package.names if name.startswith("xl/worksheets/sheet") and b"ALIADO_KPI" in package.read(name)
    ]
    return package.with_parts({part: package.read(part).replace(old, new)})


def test_the_values_in_the_template_are_those_that_are_computed(template):
    package, remarks = compute_own_cells(template, read_sheets(template), AS_OF)
    assert package is template or package.to_bytes() == template.to_bytes()
    assert len(remarks) == 2, "the two array formulas"
    assert all("varias celdas" in remark.es for remark in remarks)


def test_stale_values_are_set_anew(template):
    [part] = [
        name
        for name in template.names
        if name.startswith("xl/worksheets/sheet") and b"ALIADO_KPI" in template.read(name)
    ]
    xml = template.read(part)
    cell = xml[xml.index(b"ALIADO_KPI") :]
    fresh = cell[cell.index(b"<v>") : cell.index(b"</v>")]
    stale = template.with_parts({part: xml.replace(fresh, b"<v>1", 1)})
    before = values(stale)
    package, _ = compute_own_cells(stale, read_sheets(stale), AS_OF)
    assert values(package) == values(template) != before
    assert [name for name in package.names if package.read(name) != stale.read(name)] == [part]


def test_today_is_the_date_of_the_work(template):
    at_today = edit(template, b"Indicadores!$B$3", b"TODAY()")
    june, _ = compute_own_cells(at_today, read_sheets(at_today), date(2026, 9, 30))
    november, _ = compute_own_cells(at_today, read_sheets(at_today), AS_OF)
    assert values(june) != values(november)
    assert {k: v for k, v in values(november).items() if "(AR-" in str(k)} == {
        k: v for k, v in values(template).items() if "(AR-" in str(k)
    }


def test_what_is_not_followed_keeps_its_value_and_is_told(template):
    odd = edit(template, b"Facturas[#All]", b"OFFSET(Facturas[#All],0,0)")
    package, remarks = compute_own_cells(odd, read_sheets(odd), AS_OF)
    assert values(package) == values(template)
    assert any("OFFSET" in remark.en and "Indicadores!B6 keeps" in remark.en for remark in remarks)


def test_our_own_sheets_are_not_looked_at(template):
    assert {cell.sheet for cell in find_own_cells(template)} == {"Indicadores"}


def test_a_workbook_without_our_functions_is_not_touched():
    package = read_package(build.build_plain_template())
    assert compute_own_cells(package, read_sheets(package), AS_OF) == (package, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a ""b"", c"', 'a "b", c'),
        ("5%", 0.05),
        ("-1.5E2", -150.0),
        ("TRUE", True),
        ("", None),
        ("TODAY()", AS_OF),
        ("$C$3", Block([[5.0]], 3, 3)),
        ("'Mi hoja'!B2:C3", Block([["Factura", "Total"], ["F-1", 5.0]], 2, 2)),
        ("C:C", Block([[None], ["Total"], [5.0], [7.0]], 1, 3)),
        ("Datos[#All]", Block([["Factura", "Total"], ["F-1", 5.0], ["F-2", 7.0]], 2, 2)),
        ("datos[total]", Block([[5.0], [7.0]], 3, 3)),
        ("Datos", Block([["F-1", 5.0], ["F-2", 7.0]], 3, 2)),
        ("Corte", Block([[5.0]], 3, 3)),
    ],
)
def test_arguments_are_followed(text, expected):
    assert read_arguments(split_call(f"=ALIADO_X(1,{text})"), "Mi hoja", BOOK) == [1.0, expected]


@pytest.mark.parametrize("text", ["OFFSET(A1,1,1)", "A1+1", "Otra!A1", "Datos[Nada]", "{1,2}", "Nombre", "A1:B2 C3"])
def test_what_is_not_followed_is_said(text):
    with pytest.raises(Unresolved):
        read_arguments(split_call(f"=ALIADO_X({text})"), "Mi hoja", BOOK)


@pytest.mark.parametrize("formula", ["=ALIADO_X(1)+1", "=1+ALIADO_X(1)", "=SUM(ALIADO_X(1))&ALIADO_X(2)", "=A1"])
def test_only_a_formula_of_one_call_is_followed(formula):
    with pytest.raises(Unresolved):
        split_call(formula)
    assert split_call('=[1]!ALIADO_X("a,b",(1))').arguments == ('"a,b"', "(1)")
