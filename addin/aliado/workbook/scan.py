"""What a sheet's XML says that the cell reader does not pass on: errors, missing results, protection, extent.

Most sheets are scanned with byte searches, near the speed of memory; sheets written in an unusual way
(comments, cells without references) go through the XML parser instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.parsers import expat

from msgspec import Struct, field

from aliado.workbook.cells import LAST_COLUMN, LAST_ROW, read_cell, read_column
from aliado.workbook.markup import BadMarkup
from aliado.workbook.namespaces import MAIN, STRICT_MAIN

if TYPE_CHECKING:
    from aliado.workbook.bulk import Cells


class SheetScan(Struct):
    """uncached: formula cells without a value. errors: cell -> Excel's error text. Cells are (row, column), 1-based.

    last_row, last_column: at least as far as the last cell that holds something (26 where none goes further). formulas: whether there are any.
    cells: how many cells are written, blank ones included. regular: whether the byte searches could be used.
    """

    uncached: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    protected: bool = False
    formulas: bool = False
    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    regular: bool = False
    prefix: bytes = b""


_ROOT = re.compile(rb"<((?:[\w.-]+:)?)worksheet\b([^>]*)>")


def scan_sheet(xml: bytes) -> SheetScan:
    """Return what is to be known of a sheet besides its values; raises BadMarkup."""
    root = _find_root(xml)
    if root is None:
        return _scan_slowly(xml)
    prefix = root[1]
    cells = _count_cells(xml, root)
    if cells is None:
        return _scan_slowly(xml)
    try:
        scan = _scan_fast(xml, prefix)
    except ValueError:
        return _scan_slowly(xml)
    scan.cells, scan.regular, scan.prefix = cells, True, prefix
    return scan


def _find_root(xml: bytes) -> re.Match[bytes] | None:
    """Return the opening of a worksheet, None where only the XML parser finds it; raises BadMarkup."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:4]:
        raise BadMarkup("UTF-16")
    root = _ROOT.search(xml, 0, 65536)
    if root is None or not any(space.encode() in root[2] for space in (MAIN, STRICT_MAIN)):
        return None
    if b"<!DOCTYPE" in xml[: root.start()]:
        raise BadMarkup("document type")
    return root


def is_plain(xml: bytes) -> bool:
    """Return whether a sheet has no prefix and no comments, so that its cells can be read by byte searches; raises BadMarkup."""
    root = _find_root(xml)
    return root is not None and not root[1] and not _holds_comments(xml, root.end())


def _holds_comments(xml: bytes, start: int) -> bool:
    """Return whether comments or the like follow; one character is searched for much faster than two."""
    return xml.find(b"!", start) >= 0 and xml.find(b"<!", start) >= 0


def scan_read(xml: bytes, cells: Cells) -> SheetScan:
    """Return the same as `scan_sheet` for a plain sheet whose cells were read: most of it is known by then."""
    scan = SheetScan(formulas=len(cells.layout.formulas) > 0, cells=cells.count, regular=True)
    scan.uncached.update(cells.valueless)
    value = re.compile(rb"<v\b[^>]*>([^<]*)<")
    for row, column, question in cells.others:
        head = question[: question.index(b">")]
        if b"<f" in question and _is_valueless(question + b"</c>", head):
            scan.uncached.add((row, column))
        text = value.search(question)
        if text and re.search(rb"\bt=[\"']e[\"']", head):
            scan.errors[row, column] = _decode(text[1])
    rows, columns = [int(cells.row.max(initial=0))], [int(cells.column.max(initial=0))]
    scan.last_row = max(rows + [row for row, _, _ in cells.others])
    scan.last_column = max(columns + [column for _, column, _ in cells.others])
    scan.protected = _is_protected(xml, b"")
    return scan


def _is_valueless(cell: bytes, head: bytes) -> bool:
    found = re.search(rb"(?:</f>|<f\b[^>]*/>)" + _NO_VALUE % ((b"",) * 4), cell)
    return found is not None and not (found[1] is None and re.search(rb"\bt=[\"']str[\"']", head))


def is_regular(xml: bytes) -> bool:
    """Return whether a sheet is written plainly enough for byte searches: no comments, each cell with its reference."""
    root = _ROOT.search(xml, 0, 65536)
    return root is not None and _count_cells(xml, root) is not None


def _count_cells(xml: bytes, root: re.Match[bytes]) -> int | None:
    """Return how many cells a plainly written sheet has, None when it is written in another way."""
    start, stop = find_data(xml, root[1])
    plain = xml.count(b"<" + root[1] + b'c r="', start, stop)
    if _holds_comments(xml, root.end()) or xml.count(b"<" + root[1] + b"c", start, stop) != plain:
        return None
    return plain


def find_data(xml: bytes, prefix: bytes) -> tuple[int, int]:
    """Return where <sheetData> begins and ends, (0, 0) when it is empty."""
    start = xml.find(b"<" + prefix + b"sheetData")
    stop = xml.rfind(b"</" + prefix + b"sheetData>") if start >= 0 else -1
    return (start, stop) if stop >= 0 else (0, 0)


def _scan_fast(xml: bytes, prefix: bytes) -> SheetScan:
    scan = SheetScan()
    scan.formulas = re.search(b"<" + prefix + rb"f[\s/>]", xml) is not None
    if scan.formulas:
        _find_uncached(xml, prefix, scan)
    _find_errors(xml, prefix, scan)
    scan.protected = _is_protected(xml, prefix)
    _find_extent(xml, prefix, scan)
    return scan


def _is_protected(xml: bytes, prefix: bytes) -> bool:
    stop = find_data(xml, prefix)[1]
    return re.search(b"<" + prefix + rb"sheetProtection\b[^>]*?\bsheet=[\"'](?:1|true)[\"']", xml[stop:]) is not None


_NO_VALUE = rb"\s*(?:(</%bc>)|<%bv\b[^>]*/>|<%bv\b[^>]*>\s*</%bv>)"


def _find_uncached(xml: bytes, prefix: bytes, scan: SheetScan) -> None:
    empty = _NO_VALUE % ((prefix,) * 4)
    for head in (b"</" + prefix + rb"f>", b"<" + prefix + rb"f\b[^>]*/>"):
        for found in re.finditer(head + empty, xml):
            tag = _cell_tag(xml, prefix, found.start())
            if found[1] is None and re.search(rb"\bt=[\"']str[\"']", tag):
                continue
            scan.uncached.add(_place(tag))


def _find_errors(xml: bytes, prefix: bytes, scan: SheetScan) -> None:
    value = re.compile(b"<" + prefix + rb"v\b[^>]*>([^<]*)<")
    for place in _all_of(b' t="e"', b" t='e'", xml):
        start = xml.rfind(b"<", 0, place)
        if not xml.startswith(b"<" + prefix + b"c ", start):
            continue
        inner = xml.index(b">", place)
        if xml.startswith(b"/", inner - 1):
            continue  # a blank cell: the next value is another's
        end = xml.find(b"</" + prefix + b"c>", inner)
        text = value.search(xml, inner, end if end >= 0 else len(xml))
        if text:
            scan.errors[_place(xml[start:inner])] = _decode(text[1])


def _decode(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise BadMarkup(str(error)) from error


def _all_of(one: bytes, other: bytes, xml: bytes) -> Iterator[int]:
    """Yield where either text stands; plain searches are twenty times faster than a pattern for both."""
    for wanted in (one, other):
        place = xml.find(wanted)
        while place >= 0:
            yield place
            place = xml.find(wanted, place + 1)


def _find_extent(xml: bytes, prefix: bytes, scan: SheetScan) -> None:
    last = xml.rfind(b"<" + prefix + b"row ")
    if last < 0:
        if xml.find(b"<" + prefix + b"row>") >= 0:
            raise ValueError("rows without numbers")
        return
    number = re.search(rb"\br=\"(\d+)\"", xml[last : xml.index(b">", last)])
    if number is None:
        raise ValueError("row without a number")
    scan.last_row = int(number[1])
    scan.last_column = 26
    cell = b"<" + prefix + rb'c r="'
    if re.search(cell + rb"[A-Z]{2}", xml):
        scan.last_column = find_last_column(xml, prefix)
    rows = {int(number) for number in set(re.findall(cell + rb"[A-Z]+([0-9]{7,})", xml))}
    last_row = max([scan.last_row, *rows])
    if re.search(cell + rb"[A-Z]{4}", xml) or last_row > LAST_ROW or scan.last_column > LAST_COLUMN:
        raise ValueError("a cell outside the sheet")  # the cell reader would make room for all up to it


def find_last_column(xml: bytes, prefix: bytes) -> int:
    """Return the last column that a regular sheet has a cell in, 0 when it has none."""
    columns = {found[1] for found in re.finditer(b"<" + prefix + rb'c r="([A-Z]{1,3})[0-9]', xml)}
    return max((read_column(letters.decode()) for letters in columns), default=0)


def _cell_tag(xml: bytes, prefix: bytes, before: int) -> bytes:
    start = xml.rfind(b"<" + prefix + b"c ", 0, before)
    return xml[start : xml.index(b">", start)]


def _place(tag: bytes) -> tuple[int, int]:
    found = re.search(rb"\br=\"([A-Za-z]+[0-9]+)\"", tag)
    if not found:
        raise ValueError("cell without a reference")
    return read_cell(found[1].decode())


def _scan_slowly(xml: bytes) -> SheetScan:
    reader = _SlowScan()
    try:
        reader.parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BadMarkup(str(error)) from error
    return reader.scan


class _SlowScan:
    """The same scan through the XML parser: any way of writing a sheet, at a tenth of the speed."""

    def __init__(self) -> None:
        self.scan = SheetScan()
        self.row = 0
        self.column = 0
        self.type = ""
        self.formula = False
        self.value: str | None = None
        self.root = True
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.stop
        self.parser.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        raise BadMarkup("document type")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition("}")
        if self.root:
            self.root = False
            if space not in (MAIN, STRICT_MAIN):
                raise BadMarkup(f"namespace {space}")
        if space not in (MAIN, STRICT_MAIN):
            return
        if local == "row":
            self.row = int(attributes.get("r", self.row + 1))
            if self.row > LAST_ROW:
                raise ValueError(f"row {self.row}")
            self.column = 0
        elif local == "c":
            reference = attributes.get("r")
            self.column += 1
            if reference:
                self.row, self.column = read_cell(reference)
            self.type, self.formula, self.value = attributes.get("t", ""), False, None
        elif local == "f":
            self.formula = self.scan.formulas = True
        elif local == "v":
            self.value = ""
            self.parser.CharacterDataHandler = self.characters
        elif local == "sheetProtection":
            self.scan.protected = attributes.get("sheet") in ("1", "true")

    def characters(self, text: str) -> None:
        self.value = (self.value or "") + text

    def stop(self, name: str) -> None:
        local = name.rpartition("}")[2]
        if local == "v":
            self.parser.CharacterDataHandler = None
        elif local == "c":
            self.close_cell()

    def close_cell(self) -> None:
        place = (self.row, self.column)
        if self.formula and (self.value is None or (not self.value.strip() and self.type != "str")):
            self.scan.uncached.add(place)
        if self.type == "e" and self.value:
            self.scan.errors[place] = self.value
        self.scan.cells += 1
        if self.value is not None or self.type == "inlineStr":
            self.scan.last_row = max(self.scan.last_row, self.row)
            self.scan.last_column = max(self.scan.last_column, self.column)
