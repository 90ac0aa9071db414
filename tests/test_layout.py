"""What was noted of a sheet while it was read: a patch that uses it does what one does that searches the sheet itself."""

import io
import re

import pytest
import xlsxwriter

from aliado.errors import WorkbookRefused
from aliado.workbook import reader
from aliado.workbook.package import part_key, read_package
from aliado.workbook.patch import patch_column

SHEET = "xl/worksheets/sheet1.xml"


def client(**formulas):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Facturas")
    bold = book.add_format({"bold": True})
    sheet.set_row(4, 30, bold)
    sheet.set_row(6, 12)
    for row in range(12):
        if row not in {6, 9}:
            sheet.write_row(row, 0, [f"F-{row}", row / 4, "▲ vieja"][: 2 + row % 2])
            sheet.write_number(row, 4 + row % 3, row)
    for cell, formula in formulas.items():
        if formula.startswith("{"):
            sheet.write_array_formula(f"{cell}:{cell[0]}{int(cell[1:]) + 2}", formula, None, 1)
        else:
            sheet.write_formula(cell, formula, None, "x" if formula.startswith("=T") else 1)
    sheet.add_sparkline("J1", {"range": "Facturas!B1:B9"})
    book.add_worksheet("Otra").write_formula("A1", "=Facturas!A1", None, "F-0")
    book.close()
    return stream.getvalue()


def patched(data, *, read, values):
    package = read_package(data)
    if read:
        reader.read_sheets(package)
        assert part_key(SHEET) in package.layouts
    try:
        return patch_column(package, "Facturas", 3, values).to_bytes()
    except WorkbookRefused as refusal:
        return refusal.text


VALUES = {2: "▲ nueva", 3: None, 4: "▲ vieja", 5: "○ <a&b>", 6: "△ x", 12: "▲ nueva"}


@pytest.mark.parametrize(
    "formulas",
    [
        {},
        {"H2": "=A2&B2", "H3": "=T(B3)"},
        {"H2": "=SUM(C2:C9)"},
        {"H2": "=C2"},
        {"C5": "{=A1:A3}"},
        {"I5": "{=A1:A3}", "C7": "=A1"},
        {"C5": "=A1"},
    ],
)
@pytest.mark.parametrize("more", [{}, {7: "▲ fila en blanco"}, {10: "▲ fila que falta"}, {14: "▲ tras la última"}])
def test_a_column_is_set_alike_whether_its_sheet_was_read_before_or_not(formulas, more, monkeypatch):
    monkeypatch.setattr(reader, "LARGE", 0)
    data = client(**formulas)
    values = VALUES | more
    assert patched(data, read=True, values=values) == patched(data, read=False, values=values)


def test_the_formulas_of_a_sheet_are_all_there_without_its_cells(monkeypatch):
    monkeypatch.setattr(reader, "LARGE", 0)
    package = read_package(client(H2="=A2&B2", H3="=T(B3)", I5="{=A1:A3}", C7="=A1"))
    xml = (
        package.read(SHEET)
        .replace(b"<f>A1</f>", b'<f t="shared" ref="C7:C8" si="0">A1</f>')
        .replace(b"<v>7</v></c>", b'<v>7</v></c><c r="H8"><f t="shared" si="0"/><v>1</v></c>', 1)
    )
    package = package.with_parts({SHEET: xml})
    assert package.read_formulas(SHEET) == xml
    reader.read_sheets(package)
    short = package.read_formulas(SHEET)
    formula = re.compile(rb"<(?:xm:)?f(?:\s[^>]*)?>[^<]*<")
    assert formula.findall(short) == formula.findall(xml)
    assert len(formula.findall(xml)) == 6
    assert b"<v>" not in short
    assert b"xm:sqref" in short
