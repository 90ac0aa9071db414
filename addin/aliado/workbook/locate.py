"""Where in a sheet's XML single cells stand, or where they would go."""

from __future__ import annotations

import re

from msgspec import Struct, field

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook.cells import column_letters, read_cell, read_column
from aliado.workbook.markup import BadMarkup, Node, read_markup
from aliado.workbook.scan import is_regular

_LARGEST_IRREGULAR = 64 << 20

IRREGULAR = Text(
    "Una hoja de {found} MB está escrita de un modo que no se puede editar celda a celda. Ábrala en Excel y guárdela.",
    "A sheet of {found} MB is written in a way that cannot be edited cell by cell. Open it in Excel and save it.",
)


class Spot(Struct):
    """One cell's place. cell: (start, end), None when there is no such cell; place: where it would go then.

    row: (start, end of start tag, end) of its row, None when there is none and `place` is where the row would go
    (opens: in place of the empty <sheetData/> that ends at place_end). formula: its <f>, None when it has none.
    """

    cell: tuple[int, int] | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    formula: bytes | None = None
    place: int = 0
    place_end: int = 0
    opens: bool = False
    row: tuple[int, int, int] | None = None
    row_attributes: dict[str, str] = field(default_factory=dict)


Place = tuple[int, int]


def find_spots(xml: bytes, prefix: bytes, wanted: set[Place]) -> tuple[dict[Place, Spot], list[str]]:
    """Return the spot of each wanted (row, column), and the ranges of array formulas; raises WorkbookRefused."""
    ranges = find_arrays(xml, prefix)
    try:
        if is_regular(xml):
            return _find_fast(xml, prefix, wanted), ranges
    except _Unordered:
        pass
    if len(xml) > _LARGEST_IRREGULAR:
        raise WorkbookRefused(IRREGULAR.format(found=len(xml) >> 20))
    try:
        return _find_slowly(xml, wanted), ranges
    except (BadMarkup, ValueError) as error:
        raise WorkbookRefused(IRREGULAR.format(found=len(xml) >> 20)) from error


def find_arrays(xml: bytes, prefix: bytes) -> list[str]:
    """Return the ranges that array formulas and data tables fill."""
    if b"array" not in xml and b"dataTable" not in xml:
        return []
    arrays = re.findall(b"<" + prefix + rb"f\b[^>]*\bt=[\"'](?:array|dataTable)[\"'][^>]*>", xml)
    return [m[1].decode() for tag in arrays if (m := re.search(rb"\bref=[\"']([A-Z0-9:]+)[\"']", tag))]


class _Unordered(Exception):
    """Rows that are not numbered upwards, or rows and cells whose ends a byte search does not find."""


_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def _read_attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): (one or two).decode() for name, one, two in _ATTRIBUTE.findall(tag)}


def _find_fast(xml: bytes, prefix: bytes, wanted: set[Place]) -> dict[Place, Spot]:
    by_row: dict[int, list[int]] = {}
    for row, column in sorted(wanted):
        by_row.setdefault(row, []).append(column)
    pending = sorted(by_row, reverse=True)
    spots: dict[Place, Spot] = {}
    start_tag = re.compile(b"<" + prefix + rb"row\b([^>]*?)(/?)>")
    number = re.compile(rb"\br=[\"'](\d+)[\"']")
    closing = b"</" + prefix + b"row>"
    last = 0
    for found in start_tag.finditer(xml):
        numbered = number.search(found[1])
        if numbered is None or int(numbered[1]) <= last:
            raise _Unordered
        last = int(numbered[1])
        while pending and pending[-1] < last:
            row = pending.pop()
            spots.update({(row, column): Spot(place=found.start()) for column in by_row[row]})
        if pending and pending[-1] == last:
            row = pending.pop()
            end = found.end() if found[2] else xml.index(closing, found.end()) + len(closing)
            if xml.find(b"<" + prefix + b"row", found.end(), end) >= 0:
                raise _Unordered  # its end tag has blanks: this is the end of another row
            _find_in_row(xml, prefix, spots, (row, by_row[row]), (found.start(), found.end(), end), found[1])
    if pending:
        spots.update(_after_all(xml, prefix, {(row, c) for row in pending for c in by_row[row]}))
    return spots


def _after_all(xml: bytes, prefix: bytes, places: set[Place]) -> dict[Place, Spot]:
    end = xml.rfind(b"</" + prefix + b"sheetData>")
    if end >= 0:
        return {place: Spot(place=end) for place in places}
    empty = re.search(b"<" + prefix + rb"sheetData\b[^>]*/>", xml)
    if empty is None:
        raise _Unordered
    return {place: Spot(place=empty.start(), place_end=empty.end(), opens=True) for place in places}


def _find_in_row(
    xml: bytes,
    prefix: bytes,
    spots: dict[Place, Spot],
    wanted: tuple[int, list[int]],
    span: tuple[int, int, int],
    row_tag: bytes,
) -> None:
    row, columns = wanted
    attributes = _read_attributes(row_tag) if b"customFormat" in row_tag else {}
    for column in columns:
        spot = spots[row, column] = Spot(row=span, row_attributes=attributes)
        reference = f"{column_letters(column)}{row}".encode()
        start = xml.find(b"<" + prefix + b'c r="' + reference + b'"', span[1], span[2])
        if start >= 0:
            _fill_spot(xml, prefix, spot, start)
        elif span[1] != span[2]:
            spot.place = _place_in_row(xml, prefix, column, span)


def _fill_spot(xml: bytes, prefix: bytes, spot: Spot, start: int) -> None:
    inner = xml.index(b">", start) + 1
    closing = b"</" + prefix + b"c>"
    end = inner if xml[inner - 2 : inner] == b"/>" else xml.index(closing, inner) + len(closing)
    if xml.find(b"<" + prefix + b"c ", inner, end) >= 0:
        raise _Unordered
    spot.cell = (start, end)
    spot.attributes = _read_attributes(xml[start + len(prefix) + 2 : inner])
    formula = re.search(
        b"(?s)<" + prefix + rb"f(?:\s[^>]*?)?(?:/>|>.*?</" + prefix + rb"f>)", xml[inner:end]
    )  # fmt: skip
    spot.formula = formula[0] if formula else None


def _place_in_row(xml: bytes, prefix: bytes, column: int, span: tuple[int, int, int]) -> int:
    last = xml.rfind(b"<" + prefix + b'c r="', span[1], span[2])
    begin = last if last >= 0 and _column_at(xml, last) < column else span[1]
    for found in re.finditer(b"<" + prefix + rb'c r="([A-Z]+)', xml[begin : span[2]]):
        if read_column(found[1].decode()) > column:
            return begin + found.start()
    closing = b"</" + prefix + b"row>"
    extension = xml.find(b"<" + prefix + b"extLst", span[1], span[2])
    return extension if extension >= 0 else span[2] - len(closing)


def _column_at(xml: bytes, cell: int) -> int:
    found = re.match(rb"[^\"]*\"([A-Z]+)", xml[cell : cell + 64])
    return read_column(found[1].decode()) if found else 0


def _find_slowly(xml: bytes, wanted: set[Place]) -> dict[Place, Spot]:
    root = read_markup(xml)
    data = root.find("sheetData")
    if data is None:
        raise ValueError("no cells")
    spots: dict[Place, Spot] = {}
    rows: dict[int, Node] = {}
    number = 0
    for node in data.all("row"):
        number = int(node.attributes.get("r", number + 1))
        rows[number] = node
    for row, column in wanted:
        found = rows.get(row)
        spot = spots[row, column] = Spot()
        if found is None:
            later = [n for n in rows if n > row]
            spot.place = rows[min(later)].start if later else data.close
            if data.inner == data.end:
                spot.place, spot.place_end, spot.opens = data.start, data.end, True
            continue
        spot.row = (found.start, found.inner, found.end)
        spot.row_attributes = found.attributes
        spot.place = found.close
        position = 0
        for cell in found.all("c"):
            reference = cell.attributes.get("r")
            position = read_cell(reference)[1] if reference else position + 1
            if position == column:
                formula = cell.find("f")
                spot.cell, spot.attributes = (cell.start, cell.end), cell.attributes
                spot.formula = None if formula is None else xml[formula.start : formula.end]
            elif position > column:
                spot.place = min(spot.place, cell.start)
    return spots
