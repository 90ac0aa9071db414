"""Cells of the client's own sheets, set in place."""

import io
import re
from datetime import date, datetime
from decimal import Decimal
from time import process_time

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from aliado.errors import WorkbookRefused
from aliado.workbook.cells import write_cell
from aliado.workbook.package import read_package
from aliado.workbook.patch import Styled, patch_cells, patch_column
from aliado.workbook.reader import read_sheets
from aliado.workbook.verify import compare
from test_package import edit, rezip
from test_reader import MAIN, sheet_xml, with_cells
from workbook_corpus import CORPUS

SHEET = "xl/worksheets/sheet1.xml"


def client(fill=None, **options):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    sheet = book.add_worksheet("Facturas")
    money = book.add_format({"num_format": "#,##0.00"})
    sheet.write_row("A1", ["número", "total", "Aliado"])
    sheet.write_row("A2", ["F-1", 10.5], money)
    sheet.write_row("A3", ["F-2", 20, "vencida"])
    if fill:
        fill(book, sheet)
    book.close()
    return stream.getvalue()


def patched(data, values, sheet="Facturas"):
    return patch_cells(read_package(data), sheet, values).to_bytes()


def cells_of(data, sheet="Facturas"):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def xml_of(data, part=SHEET):
    return read_package(data).read(part).decode()


def test_values_of_every_kind_are_written_and_everything_else_stays():
    data = client()
    values = {"C2": " =1+1\n", "B2": 11.25, "A3": True, "C3": None, "E2": Decimal("0.10"), "D9": date(2024, 5, 6)}
    after = patched(data, values)
    rows = cells_of(after)
    assert rows[1] == ["F-1", 11.25, " =1+1\n", "", 0.1]
    assert rows[2] == [True, 20, "", "", ""]
    assert rows[8][3] == 45418
    changes = {c.part: c.change for c in compare(data, after)}
    assert changes.pop(SHEET) == "changed"
    assert set(changes.values()) == {"identical"}
    rest = re.compile(
        "(?s)" + r'<c r="(?:C2|B2|A3|C3|E2|D9)".*?(?:/>|</c>)|<row r="9">|(?<=D9)</row>| spans="[^"]*"|<dimension[^>]*>'
    )
    new, old = rest.sub("", xml_of(after)), rest.sub("", xml_of(data))
    assert new.replace("</row></row>", "</row>") == old
    assert '<dimension ref="A1:E9"/>' in xml_of(after)


def test_cells_keep_their_format_and_new_ones_take_that_of_row_or_column():
    def fill(book, sheet):
        date_format = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.set_column("D:D", 12, date_format)
        sheet.set_row(4, 20, book.add_format({"num_format": "0.0"}))

    after = patched(client(fill), {"B2": 3, "D2": date(2024, 5, 6), "B5": 1, "C2": Styled(9, like="B2")})
    sheet = openpyxl.load_workbook(io.BytesIO(after))["Facturas"]
    assert sheet["B2"].number_format == "#,##0.00"
    assert sheet["D2"].value == datetime(2024, 5, 6)  # noqa: DTZ001
    assert sheet["B5"].number_format == "0.0"
    assert sheet["C2"].number_format == "#,##0.00"


def test_the_same_values_again_change_nothing():
    data = client()
    values = {"C2": "al día", "C3": "vencida", "B2": 7, "A9": None, "D3": True}
    once = read_package(patched(data, values))
    assert patch_cells(once, "Facturas", values) is once
    assert (
        patch_cells(read_package(data), "Facturas", {"C3": "vencida", "B2": 10.5}).to_bytes()
        == read_package(data).to_bytes()
    )


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("F2", r"Facturas!F2: it holds a formula"),
        ("G3", r"part of the result of an array formula \(G2:G4\)"),
        ("B8", r"merged cells A8:C8"),
        ("J1", r"heading of table Tabla"),
        ("7B", r"Facturas!7B: not a cell"),
        ("XFE1", "not a cell"),
    ],
)
def test_cells_that_must_not_be_written_over_are_refused_by_name(cell, says):
    def fill(book, sheet):
        sheet.write_formula("F2", "=1+1", None, 2)
        sheet.write_array_formula("G2:G4", "{=A1:A3}", None, 1)
        sheet.merge_range("A8:C8", "junto", book.add_format())
        sheet.add_table("J1:K3", {"name": "Tabla"})

    with pytest.raises(WorkbookRefused, match=says):
        patched(client(fill), {cell: 1})
    assert cells_of(patched(client(fill), {"A8": "otro"}))[7][0] == "otro"


def test_linked_data_types_are_not_written_over():
    data = with_cells(sheet_xml('<row r="1"><c r="A1" vm="1" t="e"><v>#VALUE!</v></c></row>'))
    with pytest.raises(WorkbookRefused, match="linked data type"):
        patched(data, {"A1": 1})
    with pytest.raises(WorkbookRefused, match="no sheet"):
        patched(data, {"A1": 1}, sheet="Otra")


def test_the_stored_result_of_our_own_functions_is_set():
    def fill(_, sheet):
        sheet.write_formula("F2", '=ALIADO_KPI("AR-DSO")', None, 0)

    after = patched(client(fill), {"F2": 41.5})
    assert '<c r="F2"><f>ALIADO_KPI("AR-DSO")</f><v>41.5</v></c>' in xml_of(after)
    assert "#N/A" in xml_of(patched(client(fill), {"F2": "#N/A"}))


@pytest.mark.parametrize(
    ("formula", "asks"),
    [
        ("=COUNTIF(C2:C3,1)", True), ("=SUM(C:C)", True), ("=SUM($B2:$D2)", True), ("=SUM(2:2)", True), ("=SUM(3:3)", False), ("=Facturas!C2", True),
        ("=SUM(A1:B3)", False), ("=Otra!C2", False),
    ],
)  # fmt: skip
def test_excel_is_asked_to_calculate_when_a_formula_reads_the_cell(formula, asks):
    def fill(book, sheet):
        book.add_worksheet("Otra")
        sheet.write_formula("H9", formula, None, 1)

    data = rezip(client(fill), edit("xl/workbook.xml", b' fullCalcOnLoad="1"', b""))
    assert ("fullCalcOnLoad" in xml_of(patched(data, {"C2": 5}), "xl/workbook.xml")) is asks


ODD = [
    sheet_xml('<row r="2"><c r="B2"><v>1</v></c></row>'),
    sheet_xml('<row r="2"><!-- nota --><c r="B2"><v>1</v></c></row>'),
    sheet_xml("<row r='2'><c r='B2'><v>1</v></c></row>"),
    sheet_xml('<x:row r="2"><x:c r="B2"><x:v>1</x:v></x:c></x:row>', "x:worksheet"),
    sheet_xml('<row r="7"/><row r="2"><c r="B2"><v>1</v></c></row>'),
    f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
    sheet_xml('<row r="2"/>'),
    sheet_xml("<row/><row><c><v>0</v></c><c><v>1</v></c></row>"),
]


@pytest.mark.parametrize(
    "xml", ODD, ids=["plain", "comment", "quotes", "prefix", "unordered", "empty", "empty-row", "no-references"]
)
def test_sheets_of_odd_make_are_patched_too(xml):
    data = patched(with_cells(xml), {"A2": "a & b", "B2": 2, "C2": 3, "B3": 4, "B9": 5})
    rows = cells_of(data, "Facturas")
    assert rows[1][:3] == ["a & b", 2, 3]
    assert (rows[2][1], rows[8][1]) == (4, 5)


_places = st.tuples(st.integers(1, 12), st.integers(1, 30)).map(lambda p: f"{chr(64 + p[0])}{p[1] + 1}")
_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"), max_size=12
)
_values = st.one_of(st.none(), st.booleans(), _texts, st.integers(-(10**9), 10**9), st.floats(-1e15, 1e15))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(_places, _values, max_size=8), min_size=1, max_size=3))
def test_random_patches_read_back_as_written(patches):
    package = read_package(client())
    expected = {
        "A1": "número",
        "B1": "total",
        "C1": "Aliado",
        "A2": "F-1",
        "B2": 10.5,
        "A3": "F-2",
        "B3": 20,
        "C3": "vencida",
    }
    for values in patches:
        package = patch_cells(package, "Facturas", values)
        assert patch_cells(package, "Facturas", values) is package
        expected.update(values)
    sheet = openpyxl.load_workbook(io.BytesIO(package.to_bytes()))["Facturas"]
    found = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for place, value in expected.items():
        back = found.get(place)
        if isinstance(value, str):
            assert unescaped(back or "") == value.replace("\r\n", "\r\n")
        else:
            assert back == value
    assert set(found) <= set(expected)


def unescaped(text):
    """Return text without Excel's notation for characters that XML cannot hold, which openpyxl leaves as it is."""
    return re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text)


@pytest.mark.parametrize("path", CORPUS or [None], ids=lambda p: f"{p.parent.name}-{p.name}" if p else "none")
def test_a_cell_of_any_real_workbook_is_set_and_only_its_sheet_changes(path):
    if path is None:
        pytest.skip("no shared workbooks")
    try:
        package = read_package(path.read_bytes())
        sheet = read_sheets(package)[0]
        values = {f"ZY{sheet.first_row + 1}": "estado ñ", "ZZ300": 2.5}
        after = patch_cells(package, sheet.name, values)
    except WorkbookRefused:
        return
    changed = [
        c.part for c in compare(path.read_bytes(), after.to_bytes()) if c.change not in ("identical", "appended")
    ]
    assert len(changed) == 1
    twin = next(s for s in read_sheets(after) if s.name == sheet.name)
    assert twin.rows[sheet.first_row + 1 - twin.first_row][701 - twin.first_column] == "estado ñ"
    assert twin.rows[300 - twin.first_row][702 - twin.first_column] == 2.5
    shift = sheet.first_row - twin.first_row
    for number, row in enumerate(list(sheet.rows[:50])):
        left = sheet.first_column - twin.first_column
        assert list(twin.rows[number + shift][left : left + len(row)])[:600] == list(row)[:600]
    assert patch_cells(after, sheet.name, values) is after


def test_a_status_column_of_many_rows_is_set_in_one_pass():
    def cost(rows):
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        sheet = book.add_worksheet("Facturas")
        for row in range(rows):
            sheet.write_row(row, 0, [f"F-{row}", row, "", "x", row])
        book.close()
        package = read_package(stream.getvalue())
        start = process_time()
        after = patch_cells(package, "Facturas", {f"F{row}": "vencida" for row in range(1, rows + 1)})
        taken = process_time() - start
        assert read_sheets(after)[0].rows[rows - 1][5] == "vencida"
        return taken

    few = min(cost(500) for _ in range(3))
    assert cost(5000) < 50 * few  # ten times the rows; a pass for each row would take a hundred times as long


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(1, 30),
    st.sets(st.tuples(st.integers(1, 12), st.integers(1, 30)), max_size=40),
    st.lists(st.dictionaries(st.integers(1, 14), st.none() | st.text(max_size=6), min_size=1), min_size=1, max_size=3),
)
def test_a_column_set_in_one_pass_is_what_cell_by_cell_gives(column, filled, patches):
    """The fast way and the careful way write the same bytes, whatever cells and rows are there."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Hoja")
    bold = book.add_format({"bold": 1})
    sheet.set_column(4, 5, 9, bold)
    sheet.set_row(3, None, bold)
    for row, place in sorted(filled):
        sheet.write(row - 1, place - 1, "texto" if (row + place) % 3 else row, bold if place % 2 else None)
    book.close()
    package = read_package(stream.getvalue())
    for values in patches:
        fast = patch_column(package, "Hoja", column, values)
        slow = patch_cells(package, "Hoja", {write_cell(row, column): value for row, value in values.items()})
        assert fast.to_bytes() == slow.to_bytes()
        assert patch_column(fast, "Hoja", column, values) is fast
        package = fast
