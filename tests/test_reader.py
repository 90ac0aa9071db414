"""Sheets as values: positions, errors, dates, tables, missing results, and sheets of odd make."""

import io
import re
from datetime import date, datetime, time, timedelta
from time import process_time

import openpyxl
import pytest
import xlsxwriter

from aliado.errors import WorkbookRefused
from aliado.workbook.book import read_book
from aliado.workbook.mentions import find_mentions
from aliado.workbook.ownership import own_parts
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_date_system, read_sheets
from aliado.workbook.scan import scan_sheet
from aliado.workbook.sheet import ExcelTable
from aliado.workbook.transplant import transplant
from rich_donor import rich_donor
from test_package import edit, rezip
from workbook_corpus import CORPUS, SHARED

NOON = datetime(2024, 5, 6, 12)  # noqa: DTZ001  Excel knows no time zones
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book_with(fill, **options):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    fill(book, book.add_worksheet("Facturas"))
    book.close()
    return stream.getvalue()


def sheets_of(data):
    return read_sheets(read_package(data))


def with_cells(xml):
    """Return a workbook whose only sheet is the given XML."""
    data = book_with(lambda _, sheet: sheet.write("A1", 1))
    return rezip(data, lambda name, content: xml.encode() if name == "xl/worksheets/sheet1.xml" else content)


def sheet_xml(body, root="worksheet", tail=""):
    prefix = root.partition(":")[0] + ":" if ":" in root else ""
    space = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return f'<{root} {space}="{MAIN}"><{prefix}sheetData>{body}</{prefix}sheetData>{tail}</{root}>'


def test_cells_keep_their_place_and_type():
    def fill(book, sheet):
        sheet.write_blank("A1", None, book.add_format({"bold": 1}))
        sheet.write("D5", "texto")
        sheet.write("E6", 12.5)
        sheet.write("E7", True)
        sheet.write("D8", NOON, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write("D9", date(2024, 5, 6), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write("D10", 0.25, book.add_format({"num_format": "hh:mm"}))
        sheet.write("D11", 1.5, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_formula("D12", "=NA()", None, "#N/A")
        sheet.write_formula("E12", "=1/0", None, "#DIV/0!")

    (sheet,) = sheets_of(book_with(fill))
    assert (sheet.first_row, sheet.first_column) == (5, 4)
    column = [row[0] for row in sheet.rows]
    assert column[0] == "texto"
    assert column[3:7] == [NOON, date(2024, 5, 6), time(6), timedelta(days=1, hours=12)]
    assert sheet.rows[1][1] == 12.5
    assert sheet.rows[2][1] is True
    assert list(sheet.rows[7]) == ["#N/A", "#DIV/0!"]
    assert not sheet.uncached


def test_an_empty_sheet_has_no_rows():
    (sheet,) = sheets_of(book_with(lambda *_: None))
    assert (len(sheet.rows), sheet.tables, sheet.role) == (0, (), None)


def test_dates_that_count_from_1904_fall_on_the_same_day():
    def fill(book, sheet):
        sheet.write("A1", date(2024, 5, 6), book.add_format({"num_format": "dd/mm/yyyy"}))

    data = book_with(fill, date_1904=True)
    assert read_date_system(read_package(data))
    assert sheets_of(data)[0].rows[0][0] == date(2024, 5, 6)


def test_tables_hidden_and_protected_sheets_are_told():
    def fill(book, sheet):
        sheet.write_column("B4", ["número", "F-1", "F-2"])
        sheet.add_table("B4:C7", {"name": "Facturas_t", "total_row": True, "columns": [{"header": "número"}, {}]})
        sheet.protect()
        hidden = book.add_worksheet("Oculta")
        hidden.add_table("A1:A3", {"header_row": False})
        hidden.hide()

    first, second = sheets_of(book_with(fill))
    assert first.tables == (ExcelTable("Facturas_t", 4, 2, 7, 3, 1, 1),)
    assert (first.protected, first.hidden, second.protected, second.hidden) == (True, False, False, True)
    assert second.tables[0].header_rows == 0


def test_formula_cells_that_nobody_calculated_are_told_from_empty_text():
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["x", "=1+1", "=A1"])
    book.save(stream)
    assert sheets_of(stream.getvalue())[0].uncached == {(1, 2), (1, 3)}

    body = (
        '<row r="2"><c r="A2"><f>B2</f></c><c r="B2" t="str"><f>""</f><v></v></c><c r="C2"><f>1</f><v>1</v></c>'
        '<c r="D2"><f t="shared" si="0"/><v/></c><c r="E2"><f t="shared" si="0"/><v>3</v></c>'
        '<c r="F2"><f t="array" ref="F2">SUM(A1)</f><v> </v></c><c r="G2" t="str"><f>""</f></c>'
        '<c r="H2" t="str"><f>""</f><v/></c><c r="I2" s="1"/></row>'
    )
    (sheet,) = sheets_of(with_cells(sheet_xml(body)))
    assert sheet.uncached == {(2, 1), (2, 4), (2, 6), (2, 7)}


SCANNED = (
    '<row r="2"><c r="A2"><f>B2</f></c><c r="B2" t="e"><v>#REF!</v></c><c r="D2"><f t="shared" si="0"/><v/></c></row>'
    '<row r="9"><c r="C9" t="str"><f>x</f><v></v></c></row>'
)


@pytest.mark.parametrize(
    "blank", ['<c r="B1" t="e"/>', '<c r="B1" s="0" t="e" />', '<c r="B1" t="e"></c>', '<c t="e" r="B1"/>']
)
def test_a_blank_cell_of_the_type_of_errors_does_not_take_the_value_of_the_next(blank):
    cells = f'<c r="A1"><v>5</v></c>{blank}<c r="C1"><v>7</v></c><c r="D1" t="e"><v>#N/A</v></c>'
    (sheet,) = sheets_of(with_cells(sheet_xml(f'<row r="1">{cells}</row>')))
    assert [value or None for value in sheet.rows[0]] == [5, None, 7, "#N/A"]


@pytest.mark.parametrize(
    "xml",
    [
        sheet_xml(SCANNED, tail='<sheetProtection sheet="1"/>'),
        sheet_xml(SCANNED.replace("<row", "<!-- <c r='Z9'/> --><row"), tail='<sheetProtection sheet="true"/>'),
        sheet_xml(SCANNED.replace('r="2"', ""), tail="<sheetProtection sheet='1'/>").replace('<row ><c r="A2"', '<row r="2"><c', 1),
        sheet_xml(SCANNED.replace('c r="A2"', "c r='A2'"), tail='<sheetProtection password="AB" sheet="1"/>'),
        sheet_xml(SCANNED.replace('c r="B2" t="e"', 'c t="e" r="B2"'), tail='<sheetProtection sheet="1"/>'),
        sheet_xml(
            SCANNED.replace("<", "<x:").replace("<x:/", "</x:"), "x:worksheet", '<x:sheetProtection sheet="1"/>'
        ),
    ],
    ids=["plain", "comment", "no-references", "single-quotes", "other-order", "prefixed"],
)  # fmt: skip
def test_a_sheet_is_scanned_alike_however_it_is_written(xml):
    scan = scan_sheet(xml.encode())
    assert scan.uncached == {(2, 1), (2, 4)}
    assert scan.errors == {(2, 2): "#REF!"}
    assert scan.protected
    assert (scan.last_row, scan.last_column >= 3) == (9, True)


def test_a_million_blank_rows_cost_next_to_nothing():
    def fill(book, sheet):
        sheet.write("A1", "número")
        sheet.write("A2", "F-1")
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": 1}))

    near = book_with(lambda _, sheet: sheet.write_column("A1", ["número", "F-1"]))
    sheets_of(near)
    far, cost, usual = book_with(fill), [], []
    for _ in range(5):
        start = process_time()
        (sheet,) = sheets_of(far)
        cost.append(process_time() - start)
        sheets_of(near)
        usual.append(process_time() - start - cost[-1])
    assert len(sheet.rows) == 2
    assert min(cost) < 100 * min(usual)  # the blank rows are half a million times as many


def test_a_stray_value_in_the_last_row_costs_no_memory():
    def fill(book, sheet):
        sheet.write_row("B2", ["número", "total"])
        sheet.write_row("B3", ["F-1", 12.5])
        sheet.write_formula("C4", "=NA()", None, "#N/A")
        sheet.write("AZ1048576", " ")
        sheet.write("C1048576", date(2024, 5, 6), book.add_format({"num_format": "dd/mm/yyyy"}))

    (sheet,) = sheets_of(book_with(fill))
    assert (sheet.first_row, sheet.first_column, len(sheet.rows)) == (2, 2, 1_048_575)
    assert list(sheet.rows[0][:3]) == ["número", "total", ""]
    assert list(sheet.rows[1][:2]) == ["F-1", 12.5]
    assert sheet.rows[2][1] == "#N/A"
    assert set(sheet.rows[3]) == {""}
    assert (sheet.rows[-1][1], sheet.rows[-1][-1], len(sheet.rows[-1])) == (date(2024, 5, 6), " ", 51)
    assert len(sheet.rows[5:8]) == 3
    assert len({id(row) for row in sheet.rows}) == 5


def test_a_value_in_the_first_and_the_last_cell_is_refused_with_the_way_out():
    def fill(_, sheet):
        sheet.write("A1", 1)
        sheet.write("XFD1048576", 1)

    with pytest.raises(WorkbookRefused, match=r"to row 1048576, column 16384\).*Delete the unused rows"):
        sheets_of(book_with(fill))


def test_sheets_of_ours_carry_their_role():
    data = book_with(lambda _, sheet: sheet.write("A1", 1))
    merged = transplant(read_package(data), rich_donor(), {"panel": "Panel", "alerts": "Alertas"})
    assert [(s.name, s.role) for s in sheets_of(merged)] == [
        ("Facturas", None), ("Panel", "panel"), ("Alertas", "alerts"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "read"), [("=1+1", [True, False, True]), ("=ALIADO_X(Panel!A1)", [True, True, True])]
)
def test_sheets_of_ours_that_nobody_asks_for_come_without_cells_unless_a_formula_may_read_them(formula, read):
    data = book_with(lambda _, sheet: sheet.write_formula("A1", formula, None, 2))
    package = read_package(transplant(read_package(data), rich_donor(), {"panel": "Panel", "alerts": "Alertas"}))
    sheets = read_sheets(package, ("alerts",))
    assert [(s.name, s.role) for s in sheets] == [("Facturas", None), ("Panel", "panel"), ("Alertas", "alerts")]
    assert [len(s.rows) > 0 for s in sheets] == read
    assert [s.rows for s in sheets if len(s.rows)] == [
        s.rows for s, there in zip(read_sheets(package), read, strict=True) if there
    ]


def test_chart_dialog_and_macro_sheets_are_left_out():
    for name in ("openpyxl/contains_chartsheets.xlsx", "open-xml-sdk/Dialogsheet.xlsx", "poi/xlmmacro.xlsm"):
        file = SHARED / name
        if not file.exists():
            pytest.skip("no shared workbooks")
        names = {sheet.name for sheet in sheets_of(file.read_bytes())}
        assert names
        assert not {"chart", "Dialog1", "Macro1"} & names


def test_a_sheet_with_damaged_xml_is_refused_by_name():
    data = book_with(lambda _, sheet: sheet.write("A1", 1))
    broken = rezip(data, edit("xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetDat"))
    with pytest.raises(WorkbookRefused, match=r"Facturas|sheet1"):
        sheets_of(broken)
    entity = rezip(data, edit("xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'))
    with pytest.raises(WorkbookRefused, match="document type"):
        sheets_of(entity)
    utf16 = rezip(
        data,
        lambda n, c: (
            c.decode().replace("UTF-8", "UTF-16").encode("utf-16") if "sheet1.xml" in n and "rels" not in n else c
        ),
    )
    with pytest.raises(WorkbookRefused, match="UTF-16"):
        sheets_of(utf16)


@pytest.mark.parametrize("path", CORPUS or [None], ids=lambda p: p.name if p else "none")
def test_real_workbooks_are_read_or_refused(path):
    if path is None:
        pytest.skip("no shared workbooks")
    try:
        sheets = sheets_of(path.read_bytes())
    except WorkbookRefused:
        return
    for sheet in sheets:
        assert all(len(row) == len(sheet.rows[0]) for row in sheet.rows)


def test_formulas_that_wait_for_a_coming_sheet_are_found_after_a_reading_as_well():
    client = with_cells(sheet_xml('<row r="1"><c r="A1"><f>\'Hoja nueva\'!A1</f><v>1</v></c></row>'))
    package = read_package(transplant(read_package(client), rich_donor(), {"panel": "Panel"}))
    book = read_book(package)
    ours = own_parts(package, book)
    read_sheets(package)
    assert not find_mentions(package, book, ours)
    assert find_mentions(package, book, ours, ["Hoja nueva"])


def _plainly(value):
    """Return a cell's value as two readers can agree on it: without the fractions of a second, blanks as ""."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return round(float(value), 9)
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else (value + timedelta(seconds=0.5)).replace(microsecond=0)
    if isinstance(value, time):
        return value.hour, value.minute
    if isinstance(value, timedelta):
        return round(value.total_seconds() / 60)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return "" if value is None else value


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_cells_read_as_openpyxl_reads_them(path):
    try:
        sheets = sheets_of(path.read_bytes())
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)  # it leaves files open
    except WorkbookRefused:
        return
    except Exception:  # noqa: BLE001 -- whatever it stumbles over
        pytest.skip("openpyxl does not open it")
    for sheet in sheets:
        if sheet.name not in book.sheetnames:  # as in strict files
            continue
        theirs = {place: _plainly(cell.value) for place, cell in book[sheet.name]._cells.items() if not cell.hyperlink}
        ours = {
            place: _plainly(sheet.rows[place[0] - sheet.first_row][place[1] - sheet.first_column])
            if 0 <= place[0] - sheet.first_row < len(sheet.rows)
            and 0 <= place[1] - sheet.first_column < len(sheet.rows[place[0] - sheet.first_row])
            else ""
            for place in theirs
        }
        unlike = {place: (ours[place], theirs[place]) for place in theirs if ours[place] != theirs[place]}
        assert not {p: two for p, two in unlike.items() if not re.search("_x[0-9A-Fa-f]{4}_", str(two[1]))}
