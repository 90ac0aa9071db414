"""Large sheets read by columns: the same cells, of the same types, as the cell reader gives."""

import re
import struct
from datetime import date, datetime, time
from io import BytesIO

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.errors import WorkbookRefused
from aliado.tables.reader import column_of
from aliado.workbook import reader
from aliado.workbook.digits import read_decimals, words_of
from aliado.workbook.grid import Grid
from aliado.workbook.package import read_package
from test_reader import sheet_xml, with_cells
from workbook_corpus import CORPUS

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**12), 10**12).map(str),
    st.decimals(-99_999_999, 99_999_999, places=4).map(str),
    st.from_regex(r"-?[0-9]{0,10}\.?[0-9]{0,10}", fullmatch=True),
)
CELLS = st.one_of(
    st.none(),
    st.floats(-1e9, 1e9),
    st.integers(-1000, 10**10),
    st.booleans(),
    st.text("aéñ <&>\"'_x00 1", max_size=6),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
    st.sampled_from([datetime.combine(date(2026, 3, 4), time(5, 6, 7)), time(12, 30), "=1+1", "=1/0", "#N/A", "  a  "]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_a_decimal_read_many_at_a_time_is_the_float_that_python_reads(texts):
    data = ("<".join(texts) + "<" * 24).encode()
    sizes = np.array([len(text) for text in texts])
    values, good = read_decimals(words_of(data), np.cumsum(sizes + 1) - sizes - 1, sizes)
    for text, value, known in zip(texts, values.tolist(), good.tolist(), strict=True):
        if known:
            assert struct.pack("d", value) == struct.pack("d", float(text))


def test_plain_amounts_are_among_those_read_many_at_a_time():
    texts = ["0", "-1", "1234.56", "-0.21", "46000", "9999999.99", "1234567.12345678"]
    sizes = np.array([len(text) for text in texts])
    data = ("<".join(texts) + "<" * 24).encode()
    assert read_decimals(words_of(data), np.cumsum(sizes + 1) - sizes - 1, sizes)[1].all()


def write(rows, **options):
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": True, **options})
    formats = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        time: book.add_format({"num_format": "[h]:mm"}),
    }
    sheet = book.add_worksheet("Datos")
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            if value is not None:
                sheet.write(number, column, value, formats.get(type(value)))
    book.close()
    return target.getvalue()


def read_both(data, monkeypatch):
    found = []
    for large in (10**9, 0):
        monkeypatch.setattr(reader, "LARGE", large)
        (sheet,) = reader.read_sheets(read_package(data))
        found.append(sheet)
    return found


def laid_out(sheet):
    rows = [list(row) for row in sheet.rows]
    return {
        (sheet.first_row + i, sheet.first_column + j): (type(value), value)
        for i, row in enumerate(rows)
        for j, value in enumerate(row)
        if value not in (None, "")
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=6), st.booleans())
def test_every_cell_is_what_the_cell_reader_makes_of_it(rows, from_1904):
    with pytest.MonkeyPatch.context() as patch:
        plain, large = read_both(write(rows, date_1904=from_1904), patch)
    assert laid_out(large) == laid_out(plain)
    assert (large.uncached, large.protected) == (plain.uncached, plain.protected)


def test_formulas_without_their_value_are_told_all_the_same(monkeypatch):
    package = read_package(write([("=1+1", 2), ('=A1&"x"', "=1/0"), ("#N/A", True)]))
    (name,) = [name for name in package.names if "worksheets/sheet" in name]
    xml = package.read(name).replace(b"</f><v>0</v>", b"</f>", 1)
    xml = xml.replace(b"</sheetData>", b'</sheetData><sheetProtection sheet="1"/>').replace(
        b'<c r="C4"', b'<c r="E4" t="str"><f>B2</f></c><c r="C4"'
    )
    plain, large = read_both(package.with_parts({name: xml}).to_bytes(), monkeypatch)
    assert isinstance(large.rows, Grid)
    assert large.uncached == plain.uncached == {(3, 2), (4, 5)}
    assert large.protected
    assert laid_out(large) == laid_out(plain)


def test_a_large_sheet_gives_its_rows_and_its_columns(monkeypatch):
    rows = [
        ("Factura", "Fecha", "Total"),
        ("A-1", date(2026, 1, 2), 10.5),
        ("A-2", None, 7),
        ("", date(2026, 1, 2), None),
    ]
    plain, large = read_both(write(rows), monkeypatch)
    assert isinstance(large.rows, Grid)
    assert [list(row) for row in large.rows] == [list(row) for row in plain.rows]
    assert [large.rows[at] for at in range(-4, 4)] == [list(plain.rows[at]) for at in range(-4, 4)]
    for index in range(-1, 4):
        assert list(column_of(large.rows[1:3], index)) == column_of(plain.rows[1:3], index)
    with pytest.raises(IndexError):
        large.rows[4]


def test_a_sheet_written_in_an_unusual_way_is_left_to_the_cell_reader(monkeypatch):
    package = read_package(write([("A-1", 1.5)]))
    (name,) = [name for name in package.names if "worksheets/sheet" in name]
    xml = package.read(name)
    monkeypatch.setattr(reader, "LARGE", 0)
    for before, after in ((b"<v>", b"<v >"), (b'<c r="B3"', b'<c r="b3"'), (b"1.5", b" 1.5")):
        assert before in xml
        changed = package.with_parts({name: xml.replace(before, after)})
        (sheet,) = reader.read_sheets(changed)
        assert not isinstance(sheet.rows, Grid)


def damaged_sheets():
    """Yield a sheet's XML in many damaged ways: each tag left out, written twice, or ended by another's end."""
    rows = [(1, "a", date(2026, 1, 2), True), ("=1+1", "=A3", None, "#N/A"), (0.5, "b", 2)]
    package = read_package(write(rows))
    (name,) = [name for name in package.names if "worksheets/sheet" in name]
    more = b'<c r="H3" s="1"/><c r="I3"></c><c r="J3" t="inlineStr"><is><t>x</t></is></c><c r="K3" t="str"><f>J3</f><v>x</v></c>'
    xml = package.read(name).replace(b"</row>", more + b'</row><row r="9" ht="20"/>', 1)
    start, stop = xml.index(b"<sheetData>") + len(b"<sheetData>"), xml.index(b"</sheetData>")
    for tag in re.finditer(rb"<[^>]*>", xml[start:stop]):
        before, after = xml[: start + tag.start()], xml[start + tag.end() :]
        yield package, name, before + after
        yield package, name, before + 2 * tag[0] + after
        yield package, name, before + b"</f>" + after
        yield package, name, before + b"<v>" + after
        yield package, name, before + b"</t>" + after
    yield package, name, xml.replace(b' s="1"/>', b' s="1/>', 1)
    yield package, name, xml.replace(b' s="1"/>', b' s="1"x/>', 1)
    yield package, name, re.sub(rb"(<row [^>]*)>", rb"\1", xml, count=1)
    for cell in re.finditer(rb"<c [^>]*/>|<c .*?</c>", xml[start:stop]):
        again = re.sub(rb"<v>\d+</v>", b"<v>0</v>", cell[0])
        place = start + cell.end()
        yield package, name, xml[:place] + again + xml[place:]


def outcome(package):
    try:
        (sheet,) = reader.read_sheets(package)
    except WorkbookRefused:
        return "refused"
    return laid_out(sheet)


def test_a_damaged_sheet_is_read_or_refused_alike_at_every_size(monkeypatch):
    outcomes = []
    for package, name, xml in damaged_sheets():
        changed = package.with_parts({name: xml})
        monkeypatch.setattr(reader, "LARGE", 10**9)
        plain = outcome(changed)
        monkeypatch.setattr(reader, "LARGE", 0)
        assert outcome(changed) == plain, xml
        outcomes.append(plain == "refused")
    assert outcomes.count(True) > 100
    assert outcomes.count(False) > 10


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('r="B3"', 'r="ZZZZZZZ3"'),
        ('r="B3"', 'r="XFE3"'),
        ('r="B3"', 'r="B1048577"'),
        ('<row r="3">', '<row r="1048577">'),
        ("#DIV/0!", "#DIV\xbf0!"),
    ],
)
@pytest.mark.parametrize("large", [0, 10**9])
def test_cells_that_no_sheet_has_are_refused_at_every_size(before, after, large, monkeypatch):
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="B{row}"><v>2</v></c></row>' for row in (1, 2))
    last = '<row r="3"><c r="A3" t="e"><v>#DIV/0!</v></c><c r="B3"><v>2</v></c></row>'
    if before.startswith("<row"):
        last = last.replace(' r="A3"', "").replace(' r="B3"', "")
    xml = sheet_xml(rows + last).replace(before, after).encode("latin-1")
    package = read_package(with_cells(sheet_xml("")))
    (name,) = [name for name in package.names if "worksheets/sheet" in name]
    monkeypatch.setattr(reader, "LARGE", large)
    with pytest.raises(WorkbookRefused, match=r"sheet1\.xml"):
        reader.read_sheets(package.with_parts({name: xml}))


TEXTS = st.text("aéñ <&>\"'_x0041\n;#", max_size=9)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=5), max_size=6))
def test_texts_that_stand_in_the_cells_themselves_are_what_the_cell_reader_makes_of_them(rows):
    for inline in (True, False):
        target = BytesIO()
        book = xlsxwriter.Workbook(target, {"constant_memory": inline})
        sheet = book.add_worksheet("Datos")
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if inline:
                    sheet.write_string(number, column, text)
                else:
                    sheet.write_formula(number, column, "=A1", None, text)
        book.close()
        with pytest.MonkeyPatch.context() as patch:
            plain, large = read_both(target.getvalue(), patch)
        assert laid_out(large) == laid_out(plain)
        assert large.uncached == plain.uncached


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        (b't="inlineStr"><is><t>A &amp; B &lt;x&gt;</t></is>', 0),
        (b't="str"><f>B1</f><v>&quot;A&apos;</v>', 0),
        (b't="str"><v>A</v>', 0),
        (b't="inlineStr"><is><t>&#9650; A&#160;B &amp;lt;</t></is>', 0),
        (b't="inlineStr"><is><t>&#38;lt;</t></is>', 1),
        (b't="inlineStr"><is><t>A&#160;</t></is>', 1),
        (b't="inlineStr"><is><t>A&#95;x0041_</t></is>', 1),
        (b't="inlineStr"><is><t xml:space="preserve"> A</t></is>', 1),
        (b't="inlineStr"><is><t>A&#10;B</t></is>', 1),
        (b't="inlineStr"><is><r><t>A</t></r></is>', 1),
        (b't="str"><f>B1</f><v></v>', 1),
        (b't="str"><f>B1</f>', 1),
        (b't="b"><v>1</v>', 1),
    ],
)
def test_plain_texts_in_cells_are_no_questions(cell, asked, monkeypatch):
    package = read_package(write([("A-1", 1.5, 2, 3)]))
    (name,) = [name for name in package.names if "worksheets/sheet" in name]
    xml = package.read(name).replace(b"</row>", b'<c r="Z3" ' + cell + b"</c></row>")
    assert len(reader._read_columns(xml).others) == asked
    plain, large = read_both(package.with_parts({name: xml}).to_bytes(), monkeypatch)
    assert isinstance(large.rows, Grid)
    assert laid_out(large) == laid_out(plain)
    assert large.uncached == plain.uncached


@pytest.mark.parametrize("from_1904", [False, True])
@pytest.mark.parametrize("form", ["dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm", "[h]:mm", "mmm-yy", "0.00"])
def test_a_number_shown_as_a_date_is_the_day_that_the_cell_reader_tells(form, from_1904, monkeypatch):
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": from_1904})
    sheet = book.add_worksheet("Datos")
    shown = book.add_format({"num_format": form})
    numbers = [-1, 0, 0.5, 1, 59, 60, 61, 62, 45000, 45000.25, 46000, 100_001, 2_899_999, 2_900_000, 2_950_000]
    for row, number in enumerate(numbers):
        sheet.write_number(row, 0, number, shown)
    book.close()
    plain, large = read_both(target.getvalue(), monkeypatch)
    assert isinstance(large.rows, Grid)
    assert laid_out(large) == laid_out(plain)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b' t="s"><v>2<', b' t="s" s="1"><v>2<'),
        (b' t="s"><v>2<', b' t="s" ph="1"><v>2<'),
        (b"B5", b"B0"),
        (b"B5", b"B05"),
    ],
)
def test_cells_written_in_another_way_show_what_they_show(before, after, monkeypatch):
    package = read_package(write([("uno", 1), (" dos ", 2), ("tres", 3), ("x_x0041_", 4)]))
    (name,) = [name for name in package.names if "worksheets/sheet" in name]
    assert before in package.read(name)
    changed = package.with_parts({name: package.read(name).replace(before, after)})
    outcomes = []
    for large in (10**9, 0):
        monkeypatch.setattr(reader, "LARGE", large)
        outcomes.append(outcome(changed))
    assert outcomes[0] == outcomes[1]


@pytest.mark.slow
@pytest.mark.parametrize("path", CORPUS or [pytest.param(None, marks=pytest.mark.skip("no shared workbooks"))], ids=str)
def test_real_workbooks_are_read_alike_at_every_size(path, monkeypatch):
    found = []
    for large in (10**9, 0):
        monkeypatch.setattr(reader, "LARGE", large)
        try:
            sheets = reader.read_sheets(read_package(path.read_bytes()))
        except WorkbookRefused as refusal:
            found.append(refusal.text)
        else:
            found.append([(sheet.name, sheet.uncached, sheet.protected, laid_out(sheet)) for sheet in sheets])
    assert found[0] == found[1]
