"""Sheets written in ways that no spreadsheet program writes, but XML allows: comments, CDATA, blanks anywhere."""

import random
from datetime import date
from xml.sax.saxutils import escape

import pytest
from lxml import etree

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh
from aliado.errors import WorkbookRefused
from aliado.workbook.cells import read_cell, write_cell
from aliado.workbook.copies import copy_sheets
from aliado.workbook.package import read_package
from aliado.workbook.patch import patch_cells, patch_column
from aliado.workbook.results import find_own_formulas
from aliado.workbook.strings import read_strings
from aliado.workbook.verify import compare
from test_hostile import invoices, rebuilt
from test_patch import SHEET, client

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS = ["uno", "dos & tres", '<c r="A1">', "ALIADO_X(", "a]]>b", "-->"]
JUNK = ["<!-- x -->", '<!-- <c r="A1"><v>7</v></c> </c></row> -->', '<?pi <c r="Z9"/>?>', "\n  "]


class Writer:
    """Writes XML with a chance of oddities at each place."""

    def __init__(self, chance, prefix, odd):
        self.chance, self.prefix, self.share = chance, prefix, odd

    def odd(self):
        return self.chance.random() < self.share

    def blank(self):
        return self.chance.choice(["\n", " ", "\t", "  "]) if self.odd() else ""

    def junk(self):
        return self.chance.choice(JUNK) if self.odd() else ""

    def text(self, text):
        if self.odd() and "]]>" not in text:
            return f"<![CDATA[{text}]]>"
        if self.odd() and len(text) > 1:
            return f"{escape(text[:1])}<!-- c -->{escape(text[1:])}"
        if self.odd() and text.isalnum():
            return "".join(f"&#{ord(letter)};" for letter in text)
        return escape(text)

    def element(self, name, attributes, inner=None):
        name, items = self.prefix + name, list(attributes.items())
        if self.odd():
            self.chance.shuffle(items)
        head = name
        for key, value in items:
            mark = self.chance.choice("\"'") if self.odd() else '"'
            head += f"{self.blank() or ' '}{key}{'= ' if self.odd() else '='}{mark}{value}{mark}"
        if inner is None and not self.odd():
            return f"<{head}{self.blank()}/>"
        return f"<{head}{self.blank()}>{inner or ''}</{name}{self.blank()}>"

    def cell(self, reference):
        attributes = {"r": reference} | ({"s": "1"} if self.chance.random() < 0.3 else {})
        kind = self.chance.choice(["n", "s", "inlineStr", "b", "str", "e", ""])
        body = {
            "n": lambda: self.element("v", {}, self.text(str(self.chance.randint(0, 99)))),
            "s": lambda: self.element("v", {}, self.text(str(self.chance.randrange(len(STRINGS))))),
            "inlineStr": lambda: self.element(
                "is", {}, self.junk() + self.element("t", {}, self.text(self.chance.choice(STRINGS)))
            ),
            "b": lambda: self.element("v", {}, "1"),
            "str": lambda: (
                self.element("f", {}, self.text(self.chance.choice(['A1&"x"', 'IF(A1>2,"<c>",1)'])))
                + self.junk()
                + self.element("v", {}, self.text("res"))
            ),
            "e": lambda: self.element("v", {}, "#N/A"),
        }.get(kind)
        if body is None:
            return self.element("c", attributes)
        if kind != "n":
            attributes["t"] = kind
        return self.element("c", attributes, self.junk() + body() + self.junk())


def odd_sheet(chance):
    writer = Writer(chance, chance.choice(["", "", "x:"]), chance.choice([0, 0.05, 0.3]))
    rows = ""
    for row in sorted(chance.sample(range(1, 14), chance.randint(2, 9))):
        columns = sorted(chance.sample(range(1, 30), chance.randint(0, 6)))
        cells = "".join(writer.junk() + writer.cell(write_cell(row, column)) for column in columns)
        attributes = {"r": str(row)} | ({"spans": "1:30"} if chance.random() < 0.5 else {})
        rows += writer.junk() + writer.element("row", attributes, cells + writer.junk() if cells else None)
    body = writer.element("dimension", {"ref": "A1:AD14"}) + writer.element("sheetData", {}, rows + writer.junk())
    space = "xmlns" + (":x" if writer.prefix else "")
    root = f'{writer.junk()}<{writer.prefix}worksheet {space}="{MAIN}">{body}</{writer.prefix}worksheet>'
    strings = Writer(chance, "", writer.share)
    items = "".join(
        strings.junk() + strings.element("si", {}, strings.junk() + strings.element("t", {}, strings.text(text)))
        for text in STRINGS
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return (head + root).encode(), f'{head}<sst xmlns="{MAIN}">{items}</sst>'.encode()


def with_parts(data, sheet, strings):
    given = {SHEET: sheet, "xl/sharedStrings.xml": strings}
    return rebuilt(data, lambda name, content: [(name, given.get(name, content))])


def cells_of(xml):
    """Return reference -> (type, value, formula) of the cells of a sheet, read by lxml; blank ones are left out."""

    def text(cell, *path):
        found = cell.find("/".join(f"{{{MAIN}}}{name}" for name in path))
        return None if found is None else (found.text or "") + "".join(child.tail or "" for child in found)

    cells = {}
    for cell in etree.fromstring(xml).iter(f"{{{MAIN}}}c"):
        kind, value, formula = cell.get("t", "n"), text(cell, "v"), text(cell, "f")
        if kind == "s":
            kind, value = "text", STRINGS[int(value)]
        elif kind == "inlineStr":
            kind, value = "text", text(cell, "is", "t")
        if value is not None:
            cells[cell.get("r")] = kind, value, formula
    return cells


def assert_in_order(xml):
    places = [
        (int(row.get("r")), read_cell(cell.get("r")))
        for row in etree.fromstring(xml).iter(f"{{{MAIN}}}row")
        for cell in row
        if isinstance(cell.tag, str)
    ]
    assert [place for _, place in places] == sorted({place for _, place in places})
    assert all(row == place[0] for row, place in places)


@pytest.mark.parametrize("seed", range(60))
def test_a_patch_sets_its_cells_and_no_other_however_the_sheet_is_written(seed):
    chance = random.Random(f"patch {seed}")  # noqa: S311  repeatable on purpose
    sheet, strings = odd_sheet(chance)
    data = with_parts(client(), sheet, strings)
    package, before = read_package(data), cells_of(sheet)
    written = {"t<x": ("text", "t<x", None), 5: ("n", "5", None), True: ("b", "1", None), None: None}
    column = chance.randint(1, 32)
    rows = {row: chance.choice(["t<x", None]) for row in chance.sample(range(1, 16), 4)}
    cells = {write_cell(chance.randint(1, 15), chance.randint(1, 32)): chance.choice(list(written)) for _ in range(3)}
    for values, change in (
        ({write_cell(row, column): value for row, value in rows.items()}, lambda p: patch_column(p, "Facturas", column, rows)),
        (cells, lambda p: patch_cells(p, "Facturas", cells)),
    ):  # fmt: skip
        try:
            patched = change(package)
        except WorkbookRefused:
            assert any((before.get(place) or (0, 0, None))[2] for place in values)  # a formula is never written over
            continue
        xml = patched.read(SHEET)
        expected = before | {place: written[value] for place, value in values.items()}
        assert cells_of(xml) == {place: cell for place, cell in expected.items() if cell}
        assert_in_order(xml)
        changed = [part for part in compare(data, patched.to_bytes()) if part.change == "changed"]
        assert all({cell.cell for cell in part.cells} <= set(values) and part.cells for part in changed)


@pytest.mark.parametrize("seed", range(40))
def test_a_donors_sheet_comes_over_with_its_values_however_it_is_written(seed):
    chance = random.Random(f"donor {seed}")  # noqa: S311  repeatable on purpose
    sheet, strings = odd_sheet(chance)
    donor = with_parts(client(), sheet, strings)
    assert read_strings(read_package(donor).read("xl/sharedStrings.xml")) == STRINGS
    package = read_package(copy_sheets(read_package(client()), donor, "d.xlsx")[0])
    assert cells_of(package.read("xl/worksheets/sheet2.xml")) == cells_of(sheet)


def test_a_row_whose_end_tag_has_blanks_does_not_swallow_the_next():
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="2"><c r="A2"><v>1</v></c></row >'
        '<row r="3"><c r="A3"><v>2</v></c ><c r="B3"><v>3</v></c></row></sheetData></worksheet>'
    ).encode()
    data = with_parts(client(), sheet, f'<sst xmlns="{MAIN}"/>'.encode())
    after = patch_column(read_package(data), "Facturas", 3, {2: "x"}).read(SHEET)
    assert b'<c r="A2"><v>1</v></c><c r="C2"' in after
    after = patch_cells(read_package(data), "Facturas", {"A3": None}).read(SHEET)
    assert cells_of(after) == {"A2": ("n", "1", None), "B3": ("n", "3", None)}


def test_our_functions_are_found_in_a_sheet_with_comments_and_cdata():
    sheet = (
        f'<worksheet xmlns="{MAIN}"><!-- por X --><sheetData><row r="2"><c r="B2"><f><![CDATA[ALIADO_DSO(A1)]]></f>'
        "<v>1</v></c></row></sheetData></worksheet>"
    ).encode()
    assert [(formula.cell, formula.text) for formula in find_own_formulas(sheet, b"")] == [("B2", "ALIADO_DSO(A1)")]


def test_a_status_column_in_a_sheet_with_comments_is_filled_in_and_verified(tmp_path):
    def change(name, content):
        return [(name, content.replace(b"<row ", b"<!-- fila --><row ").replace(b"</c>", b"</c >"))] if name == SHEET else [
            (name, content)
        ]  # fmt: skip

    data = rebuilt(invoices(), change)
    path = tmp_path / "cliente.xlsx"
    path.write_bytes(data)
    options = Options(date(2026, 10, 31))
    assert refresh(Job(path, path), options).status == "refreshed"
    after = path.read_bytes()
    changed = [part for part in compare(data, after) if part.sheet]
    assert [(part.change, part.harmless) for part in changed] == [("changed", True)]
    assert {cell.cell for cell in changed[0].cells} == {"F2", "F3"}
    assert refresh(Job(path, path), options).status == "unchanged"
    assert path.read_bytes() == after


def test_a_damaged_part_that_nobody_needs_is_kept_as_it_is_and_verified(tmp_path):
    extra = {
        "customXml/item1.xml": b"<a/>",
        "customXml/_rels/item1.xml.rels": b"<broken",
        "xl/media/foto.png": b"un dibujo de la clienta " * 9,
    }
    link = (
        b'<Relationship Id="rIdX" Target="../customXml/item1.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"/></Relationships>'
    )

    def change(name, content):
        if name == "xl/_rels/workbook.xml.rels":
            content = content.replace(b"</Relationships>", link)
        return [(name, content), *(extra.items() if name == "xl/workbook.xml" else ())]

    data = bytearray(rebuilt(invoices(), change))
    place = data.index(b"xl/media/foto.png") + len("xl/media/foto.png") + 3
    data[place] ^= 0x55  # the picture does not unpack any more
    with pytest.raises(WorkbookRefused):
        read_package(bytes(data)).read("xl/media/foto.png")
    path = tmp_path / "cliente.xlsx"
    path.write_bytes(data)
    options = Options(date(2026, 10, 31))
    assert refresh(Job(path, path), options).status == "refreshed"
    assert all(part.harmless for part in compare(bytes(data), path.read_bytes()))
    assert refresh(Job(path, path), options).status == "unchanged"


def test_a_shared_string_that_the_donor_does_not_have_is_an_empty_text():
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData></worksheet>'
    )
    donor = with_parts(client(), sheet.encode(), f'<sst xmlns="{MAIN}"><si><t>uno</t></si></sst>'.encode())
    package = read_package(copy_sheets(read_package(client()), donor, "d.xlsx")[0])
    assert b'<c r="A1" t="inlineStr"><is></is></c>' in package.read("xl/worksheets/sheet2.xml")
