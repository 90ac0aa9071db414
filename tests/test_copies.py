"""All sheets of one workbook copied into another: names, references, charts, and what a second time changes."""

import io
import re
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from aliado.errors import WorkbookRefused
from aliado.workbook.book import COPIES
from aliado.workbook.copies import copy_sheets
from aliado.workbook.formulas import reads_other_books, sheet_names
from aliado.workbook.ownership import read_own_sheets
from aliado.workbook.package import read_package
from aliado.workbook.transplant import transplant
from aliado.workbook.verify import compare
from builders import open_workbook
from rich_donor import PICTURE, rich_donor
from workbook_corpus import CORPUS


def write(fill, **options):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    fill(book)
    book.close()
    return stream.getvalue()


def client(*names):
    def fill(book):
        for name in names:
            book.add_worksheet(name).write("A1", f"soy {name}")

    return write(fill)


def linked_donor():
    """Return a donor whose sheets speak of each other in every way that a sheet can."""

    def fill(book):
        data, other = book.add_worksheet("Datos"), book.add_worksheet("Mis cuentas")
        data.write_column("A1", [1, 2, 3])
        other.write_formula("A1", '=SUM(Datos!A1:A3)&"Datos!A1"', None, 6)
        other.write_formula("A2", "=SUM('Datos:Mis cuentas'!A1)", None, 7)
        other.write_url("A3", "internal:Datos!A2", string="ir")
        other.data_validation("B1", {"validate": "list", "source": "=Datos!$A$1:$A$3"})
        other.conditional_format(
            "C1", {"type": "formula", "criteria": "=Datos!$A$1>0", "format": book.add_format({"bold": 1})}
        )
        other.add_sparkline("D1", {"range": "Datos!A1:A3"})
        other.insert_image("F1", "p.png", {"image_data": io.BytesIO(PICTURE), "url": "internal:Datos!A1"})
        other.insert_textbox("H1", "", {"textlink": "=Datos!$A$1"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Datos!$A$1:$A$3"})
        other.insert_chart("F5", chart)
        book.define_name("Suma", "=SUM(Datos!$A$1:$A$3)")
        data.print_area("A1:B3")

    return write(fill)


def texts(data, ending=""):
    package = read_package(data)
    return {name: package.read(name).decode("utf-8", "replace") for name in package.names if name.endswith(ending)}


def test_a_sheet_whose_name_is_taken_gets_another_and_every_reference_follows():
    before = client("Datos", "Ventas")
    after, names = copy_sheets(read_package(before), linked_donor(), "origen.xlsx")
    assert names == {"Datos": "Datos (2)", "Mis cuentas": "Mis cuentas"}
    new = {name: text for name, text in texts(after).items() if name not in texts(before)}
    everything = "".join(new.values()) + texts(after)["xl/workbook.xml"].split("<definedNames>")[1]
    everything = (
        everything.replace("&apos;", "'")
        .replace("&quot;", '"')
        .replace('&"Datos!A1"', "")
        .replace('&amp;"Datos!A1"', "")
    )
    assert "Datos!" not in everything.replace("'Datos (2)'!", "")
    assert "'Datos (2):Mis cuentas'!A1" in everything
    for written in ("<c:f>'Datos (2)'!$A$1:$A$3", "location=\"'Datos (2)'!A2\"", "Target=\"#'Datos (2)'!A1\"",
                    "<xm:f>'Datos (2)'!A1:A3", "<formula1>'Datos (2)'!$A$1:$A$3", "textlink=\"'Datos (2)'!$A$1\"",
                    "<formula>'Datos (2)'!$A$1&gt;0", "SUM('Datos (2)'!$A$1:$A$3)</definedName>"):  # fmt: skip
        assert written in everything, written
    book = open_workbook(io.BytesIO(after))
    assert book.sheetnames == ["Datos", "Ventas", "Datos (2)", "Mis cuentas"]
    assert book["Datos"]["A1"].value == "soy Datos"
    assert [c for c in compare(before, after) if not c.harmless or c.change == "added"] == []


def test_copying_a_file_of_the_same_name_again_replaces_and_another_file_comes_beside():
    before = client("Hoja")
    first, _ = copy_sheets(read_package(before), rich_donor("Panel", "Alertas"), "informe.xlsx")
    other, _ = copy_sheets(read_package(first), rich_donor("Panel", "Alertas", variant=4), "informe.xlsx")
    assert other != first
    assert copy_sheets(read_package(other), rich_donor("Panel", "Alertas"), "Informe.xlsx")[0] == first
    both, names = copy_sheets(read_package(first), rich_donor("Panel", "Alertas"), "otro.xlsx")
    assert names == {"Panel": "Panel (2)", "Alertas": "Alertas (2)"}
    assert len(read_own_sheets(read_package(both), COPIES)) == 4
    assert [c for c in compare(before, both) if not c.harmless or c.change == "added"] == []


def test_a_refresh_leaves_copies_alone_and_a_copy_leaves_the_report_alone():
    names = {"panel": "Panel", "alerts": "Alertas"}
    copied, _ = copy_sheets(read_package(client("Hoja")), rich_donor("Uno", "Dos"), "d.xlsx")
    report = rich_donor("Panel", "Alertas", variant=2)
    refreshed = transplant(read_package(copied), report, names)
    assert transplant(read_package(refreshed), report, names) == refreshed
    assert read_own_sheets(read_package(refreshed)) == names
    assert set(read_own_sheets(read_package(refreshed), COPIES).values()) == {"Uno", "Dos"}
    again, _ = copy_sheets(read_package(refreshed), rich_donor("Uno", "Dos", variant=3), "d.xlsx")
    assert set(read_own_sheets(read_package(again)).values()) == {"Panel", "Alertas"}
    changed = {c.part for c in compare(copied, refreshed) if c.change not in ("identical", "ours", "appended")}
    assert not changed
    gone = transplant(read_package(again), report, {})
    assert set(read_own_sheets(read_package(gone), COPIES).values()) == {"Uno", "Dos"}


def test_a_chart_sheet_comes_along():
    def fill(book):
        book.add_worksheet("Datos").write_column("A1", [1, 2])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Datos!$A$1:$A$2"})
        book.add_chartsheet("Gráfico").set_chart(chart)

    donor = write(fill)
    after, _ = copy_sheets(read_package(client("Datos")), donor, "g.xlsx")
    assert copy_sheets(read_package(after), donor, "g.xlsx")[0] == after
    assert open_workbook(io.BytesIO(after)).sheetnames == ["Datos", "Datos (2)", "Gráfico"]
    assert any("'Datos (2)'!$A$1:$A$2" in text for text in texts(after, ".xml").values())


def test_a_donor_that_reads_another_workbook_is_refused_by_name():
    donor = linked_donor()
    package = read_package(donor)
    book = package.read("xl/workbook.xml").replace(b"</sheets>", b"</sheets><externalReferences/>")
    sheet = package.read("xl/worksheets/sheet2.xml").replace(b"Datos!A1:A3", b"[1]Datos!A1:A3")
    donor = package.with_parts({"xl/workbook.xml": book, "xl/worksheets/sheet2.xml": sheet}).to_bytes()
    with pytest.raises(WorkbookRefused, match=r"Mis cuentas.*another workbook"):
        copy_sheets(read_package(client("A")), donor, "d.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", CORPUS or [pytest.param(None, marks=pytest.mark.skip("no shared workbooks"))], ids=lambda p: p and p.name
)
def test_any_workbook_serves_as_donor_or_is_refused_with_a_reason(path):
    base = rich_donor("Facturas", "Sheet1")
    try:
        after, names = copy_sheets(read_package(base), path.read_bytes(), path.name)
    except WorkbookRefused:
        return
    assert names
    assert [c for c in compare(base, after) if not c.harmless or c.change == "added"] == []
    open_workbook(io.BytesIO(after))
    assert copy_sheets(read_package(after), path.read_bytes(), path.name)[0] == after


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Hoja1!A1", "'Otra'!A1"),
        ("HOJA1!A1+hoja1!B2", "'Otra'!A1+'Otra'!B2"),
        ("'Hoja1'!A1", "'Otra'!A1"),
        ("MiHoja1!A1", "MiHoja1!A1"),
        ("[1]Hoja1!A1", "[1]Hoja1!A1"),
        ("'[libro.xlsx]Hoja1'!A1", "'[libro.xlsx]Hoja1'!A1"),
        ('"Hoja1!A1"&Hoja1!A1', "\"Hoja1!A1\"&'Otra'!A1"),
        ('"di ""Hoja1!A1"""', '"di ""Hoja1!A1"""'),
        ("SUM(Hoja1:Fin!A1)", "SUM('Otra:Fin'!A1)"),
        ("SUM('D''Or'!A1,#REF!)", "SUM('Ñu'!A1,#REF!)"),
        ("Hoja1", "Hoja1"),
        ("IF(Hoja1!A1,Tabla[Hoja1])", "IF('Otra'!A1,Tabla[Hoja1])"),
    ],
)
def test_sheets_are_renamed_in_formulas_and_nowhere_else(formula, expected):
    assert sheet_names(formula, {"Hoja1": "Otra", "D'Or": "Ñu"}) == expected


@given(st.text(), st.text(min_size=1, max_size=31))
def test_renaming_a_sheet_that_a_formula_does_not_name_changes_nothing(formula, name):
    if name.casefold() not in formula.casefold():
        assert sheet_names(formula, {name: "Otra"}) == formula


def test_references_to_other_workbooks_are_told_from_columns_of_tables():
    assert reads_other_books("SUM([2]Hoja!A1)")
    assert reads_other_books("'[12]Mi hoja'!A1")
    assert not reads_other_books("SUM(Tabla[2024])")
    assert not reads_other_books('"[1]Hoja!A1"')


@pytest.mark.parametrize(("from_1904", "expected"), [(False, "45418"), (True, "43956")])
def test_the_dates_that_a_validation_allows_are_the_same_in_a_workbook_that_counts_from_1904(from_1904, expected):
    def book(system, validation):
        stream = io.BytesIO()
        workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": system})
        sheet = workbook.add_worksheet("Una")
        if validation:
            sheet.data_validation("B1", {"validate": "date", "criteria": ">", "value": date(2024, 5, 6)})
            sheet.data_validation("B2", {"validate": "date", "criteria": ">", "value": '=A1&"<"'})
            sheet.data_validation("B3", {"validate": "integer", "criteria": ">", "value": 45418})
        workbook.close()
        return stream.getvalue()

    package = read_package(copy_sheets(read_package(book(from_1904, False)), book(False, True), "d.xlsx")[0])
    found = re.findall(rb"<formula1>([^<]*)</formula1>", package.read("xl/worksheets/sheet2.xml"))
    assert found == [expected.encode(), b'A1&amp;"&lt;"', b"45418"]
