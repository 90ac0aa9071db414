"""The donor's worksheets, read back with openpyxl; XlsxWriter's own worksheet is the oracle."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from aliado.report.bodies import NOTHING, PLAIN_FUNCTIONS, is_plain_formula, number_body, text_body
from aliado.report.sparklines import COLUMNS, Trend, draw_trends
from aliado.report.worksheet import CellSheet

TEXTS = [
    "plain",
    "a < b & c > d",
    " leading",
    "trailing ",
    "two\nlines",
    "<r>not rich</r>",
    "_x0041_ is no A",
    "=1+1",
    "https://example.org",
    "ñ 日本 🙂",
]


def write(kind: type[Worksheet]) -> bytes:
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as workbook:
        bold, red = workbook.add_format({"bold": True}), workbook.add_format({"font_color": "red"})
        sheet = workbook.add_worksheet("Hoja", kind)
        sheet.set_column(3, 3, 20, red)
        sheet.set_row(2, 30)
        sheet.set_row(40, 12)
        for row, text in enumerate(TEXTS):
            sheet.write_string(row, 0, text, bold)
            sheet.write_string(row, 3, text)
        for row, number in enumerate([0, -1.5, 0.1 + 0.2, 46326, 1e21, 123456789012345678]):
            sheet.write_number(row, 1, number, red)
        sheet.write_formula(0, 2, "=SUM(B1:B3)", bold, 7.25)
        sheet.write_formula(1, 2, '=IF(A1="<","&","x")', None, "a & b")
        sheet.write_formula(2, 2, "=1/0", red, "#DIV/0!")
        sheet.write_formula(3, 2, "=UNIQUE(B1:B3)" if kind is CellSheet else "=_xlfn.UNIQUE(B1:B3)", red, 1)
        sheet.write_boolean(4, 2, True, bold)
        sheet.write_blank(5, 2, None, bold)
        sheet.add_table(20, 5, 22, 6, {"columns": [{"header": "Uno"}, {"header": "Dos", "header_format": bold}]})
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"categories": "=Hoja!$A$1:$A$3", "values": "=Hoja!$B$1:$B$3"})
        sheet.insert_chart(25, 0, chart)
    return buffer.getvalue()


def cells(content: bytes) -> dict[str, object]:
    sheet = load_workbook(BytesIO(content))["Hoja"]
    return {
        cell.coordinate: (cell.value, cell.data_type, cell.font.b, cell.font.color and cell.font.color.rgb)
        for row in sheet.iter_rows()
        for cell in row
    }


@pytest.fixture(scope="module")
def ours() -> bytes:
    return write(CellSheet)


def test_every_kind_of_cell_reads_like_the_librarys_own(ours):
    found, wanted = cells(ours), cells(write(Worksheet))
    assert found.pop("A6")[0] == "<r>not rich</r>"  # the library would take it for its own rich text
    assert found.pop("D6")[0] == "<r>not rich</r>"
    for place in ("A7", "D7"):  # as it is stored: openpyxl undoes it in shared strings alone
        assert found.pop(place)[0] == "_x005F_x0041_ is no A"
    assert found.pop("C4")[0] == "=_xlfn.UNIQUE(B1:B3)"
    assert {place: value for place, value in wanted.items() if place in found} == found


def test_charts_carry_the_values_of_their_cells(ours):
    def chart(content: bytes) -> bytes:
        with ZipFile(BytesIO(content)) as package:
            return package.read("xl/charts/chart1.xml")

    assert re.findall(rb"<c:v>([^<]*)</c:v>", chart(ours))[:2] == [b"plain", b"a &lt; b &amp; c &gt; d"]
    assert chart(ours) == chart(write(Worksheet))


def test_a_text_is_cut_where_excel_ends_a_cell():
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Hoja", CellSheet)
        sheet.write_string(0, 0, "🙂" * 20_000)  # each counts for two
        sheet.write_string(1, 0, "a" * 40_000)
    sheet = load_workbook(BytesIO(buffer.getvalue()))["Hoja"]
    assert sheet["A1"].value == "🙂" * 16_383
    assert sheet["A2"].value == "a" * 32_767


def test_links_and_merges_stand_where_they_were_written():
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Hoja", CellSheet)
        style = workbook.add_format({"bold": True})
        sheet.merge_along(1, 1, 3, style)
        sheet.write_string(1, 1, "junto", style)
        sheet.write_link(2, 0, "'O''Brien & Co'!A1", "ir", style)
    sheet = load_workbook(BytesIO(buffer.getvalue()))["Hoja"]
    assert [str(merge) for merge in sheet.merged_cells.ranges] == ["B2:D2"]
    assert sheet["B2"].value == "junto"
    assert sheet["A3"].hyperlink.location == "'O''Brien & Co'!A1"


def test_a_run_reads_like_single_cells_and_gives_way_to_them():
    def written(kind: str) -> bytes:
        buffer = BytesIO()
        with Workbook(buffer, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet("Hoja", CellSheet)
            styles = [workbook.add_format({"bold": True}), workbook.add_format({"font_color": "red"})]
            sheet.set_column(2, 2, 12, styles[1])
            sheet.set_row(4, 30)
            sheet.write_string(0, 0, "antes")
            texts, numbers = [*TEXTS, "", "fin"], [*range(11), None]
            if kind == "runs":
                sheet.write_run(3, 2, [text_body(text) if text else NOTHING for text in texts], None)
                sheet.write_run(3, 1, [NOTHING if n is None else number_body(n) for n in numbers], styles * 6)
            else:
                for row, (text, number) in enumerate(zip(texts, numbers, strict=True), 3):
                    if text:
                        sheet.write_string(row, 2, text)
                    if number is not None:
                        sheet.write_number(row, 1, number, styles[(row - 3) % 2])
            sheet.write_number(5, 1, 99, styles[0])
            sheet.write_string(6, 4, "al lado", styles[1])
            sheet.write_string(40, 0, "después")
        return buffer.getvalue()

    with ZipFile(BytesIO(written("runs"))) as runs, ZipFile(BytesIO(written("cells"))) as single:
        assert runs.read("xl/worksheets/sheet1.xml") == single.read("xl/worksheets/sheet1.xml")
        assert runs.read("xl/styles.xml") == single.read("xl/styles.xml")


def test_a_table_of_many_rows_covers_them_all_and_two_of_them_do_not_overlap():
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Hoja", CellSheet)
        for top in (2, 5_010):
            sheet.add_table(top, 0, top + 5_000, 1, {"columns": [{"header": "Uno"}, {"header": "Dos"}]})
        with pytest.raises(OverlappingRange):
            sheet.add_table(5_010, 1, 5_020, 2, {"columns": [{"header": "Uno"}, {"header": "Dos"}]})
    tables = load_workbook(BytesIO(buffer.getvalue()))["Hoja"].tables.values()
    assert [(table.ref, table.autoFilter.ref) for table in tables] == [("A3:B5003",) * 2, ("A5011:B10011",) * 2]


def test_folded_rows_are_hidden_under_the_one_before_them():
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Hoja", CellSheet)
        for row in range(6):
            sheet.write_number(row, 0, row)
        sheet.fold_rows(2, 4)
    rows = load_workbook(BytesIO(buffer.getvalue()))["Hoja"].row_dimensions
    assert [(rows[row].hidden, rows[row].outlineLevel) for row in range(2, 7)] == [
        (False, 0),
        *[(True, 1)] * 3,
        (False, 0),
    ]


def test_a_run_may_leave_out_every_cell_of_a_format():
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Hoja", CellSheet)
        bold, red = workbook.add_format({"bold": True}), workbook.add_format({"font_color": "red"})
        sheet.write_run(0, 0, [number_body(1), NOTHING], [bold, red])
        sheet.write_run(0, 1, [NOTHING, NOTHING], red)
        sheet.write_run(0, 2, [number_body(2), number_body(3)], None)
    sheet = load_workbook(BytesIO(buffer.getvalue()))["Hoja"]
    assert [(cell.value, cell.font.b) for cell in sheet["A"]] == [(1, True), (None, False)]


@pytest.mark.parametrize("name", sorted(PLAIN_FUNCTIONS))
def test_the_library_too_leaves_plain_functions_alone(name):
    formula = f"{name}(A1:B2)"
    assert Worksheet()._prepare_formula(formula, True) == formula == CellSheet().prepare("=" + formula)


def test_later_functions_get_their_prefix_wherever_a_formula_stands():
    assert CellSheet().prepare("=SUM(FILTER(A1:A3,B1:B3))") == "SUM(_xlfn._xlws.FILTER(A1:A3,B1:B3))"
    assert not is_plain_formula("T.DIST.2T(A1,2)")


def test_runs_that_share_rows_without_being_side_by_side_are_a_mistake():
    sheet = CellSheet()
    sheet.write_run(2, 0, [number_body(1)] * 5, None)
    sheet.write_run(6, 1, [number_body(1)] * 5, None)
    with pytest.raises(ValueError, match="begin and end together"):
        sheet.grid.arrange({}, {}, "")


def test_rows_have_no_format_of_their_own():
    workbook = Workbook(BytesIO(), {"in_memory": True})
    sheet = workbook.add_worksheet("Hoja", CellSheet)
    sheet.set_row(1, 20, workbook.add_format({"bold": True}))
    with pytest.raises(ValueError, match="whole row"):
        workbook.close()


def written(kind: type[Worksheet], fill) -> str:
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        fill(workbook.add_worksheet("Hoja", kind))
    return ZipFile(buffer).read("xl/worksheets/sheet1.xml").decode()


def test_trends_are_the_librarys_sparklines_with_their_own_cells_and_scale():
    trends = [
        Trend(1, 2, "Hoja!$A$1:$C$1", [Decimal(1), Decimal(2)]),
        Trend(2, 30, "'A & B'!$A$2:$C$2", [Decimal(-1), Decimal(3)]),
        Trend(3, 2, "Hoja!A3:C3", []),
    ]

    def fill(sheet: Worksheet) -> None:
        sheet.add_sparkline(1, 2, {"range": "Hoja!A1:C1", "min": 0, "max": 2.4, **COLUMNS})
        sheet.add_sparkline(2, 30, {"range": "'A & B'!A2:C2", **COLUMNS})
        sheet.add_sparkline(3, 2, {"range": "Hoja!A3:C3", "min": 0, "max": 1, **COLUMNS})

    own, library = written(CellSheet, lambda sheet: draw_trends(sheet, trends)), written(Worksheet, fill)
    assert own[own.index("<extLst>") :] == library[library.index("<extLst>") :]


def test_rows_and_columns_of_the_same_size_are_each_as_the_library_makes_them():
    sizes = [(12, 8.5), (30, 0.5), (12, 20), (0, 8.5), (30, 0), (15, 8.43)]

    def fill(sheet: Worksheet) -> None:
        for place, (height, width) in enumerate(sizes * 2, 1):
            if isinstance(sheet, CellSheet):
                sheet.set_height(place, height)
                sheet.set_width(place, width)
            else:
                sheet.set_row(place, height)
                sheet.set_column(place, place, width)

    own, library = written(CellSheet, fill), written(Worksheet, fill)
    for tag in ("cols", "dimension", "sheetFormatPr"):
        assert re.findall(f"<{tag}.*?>(?=<[^c])", own) == re.findall(f"<{tag}.*?>(?=<[^c])", library), tag
    rows = re.compile(r'<row r="([0-9]+)"(?: spans="[^"]*")?([^>]*?)/?>')
    assert dict(rows.findall(own)) == dict(rows.findall(library))
