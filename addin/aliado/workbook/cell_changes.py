"""What changed cell by cell between two states of one sheet's XML, and whether anything else of it did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from aliado.language import fold
from aliado.workbook.cells import read_cell, write_cell
from aliado.workbook.cellxml import read_value
from aliado.workbook.markup import BadMarkup, read_markup
from aliado.workbook.results import find_own_formulas
from aliado.workbook.rewrite import cut_cells, read_frame
from aliado.workbook.sheet import CellValue

STATUS_HEADING = "aliado"
"""The heading (as `fold` gives it) of the one column of the client's in which a refresh writes."""

_DIMENSION = re.compile(rb"<(?:[\w.-]+:)?dimension\b[^>]*?/?>")
_SPANS = re.compile(rb"\sspans=(?:\"[^\"]*\"|'[^']*')")
_KIND = re.compile(rb"\st=[\"'](\w+)[\"']")
_FORMULA = re.compile(rb"(?s)<(?:[\w.-]+:)?f(?:\s[^>]*)?(?:/>|>.*?</(?:[\w.-]+:)?f>)")
_STYLE = re.compile(rb"\ss=[\"'](\d+)[\"']")


class CellChange(Struct, frozen=True):
    """One cell that holds another value (or format) than before."""

    cell: str
    before: CellValue
    after: CellValue


Extent = Literal["patched", "filled", ""]


def compare_cells(
    before: bytes, after: bytes, old_strings: Sequence[str], new_strings: Sequence[str]
) -> tuple[list[CellChange], Extent]:
    """Return the changed cells, and how far the change goes when nothing else of the sheet changed ("" otherwise).

    patched: only cells that a refresh fills in. filled: only new rows, as after an import. Those that a refresh fills in are the status column, below its heading, and the stored results of formulas that call a function of ours;
    a cell whose format or formula changed is never one. Sheets whose cells carry no references give ([], "").
    """
    root = read_frame(before)
    if root.prefix != read_frame(after).prefix:
        return [], ""
    (_, old_cells), (_, new_cells) = cut_cells(before), cut_cells(after)
    prefix = root.prefix.encode()
    old, old_rest = _split(old_cells, prefix)
    new, new_rest = _split(new_cells, prefix)
    if old is None or new is None:
        return [], ""
    changed = [place for place in {**old, **new} if old.get(place) != new.get(place)]
    changes = [
        CellChange(place, _value(old.get(place), prefix, old_strings), _value(new.get(place), prefix, new_strings))
        for place in changed
    ]
    frames = [_DIMENSION.sub(b"", xml.replace(cells, b"")) for xml, cells in ((before, old_cells), (after, new_cells))]
    only_cells = old_rest == new_rest and frames[0] == frames[1]
    results = _find_results(before, prefix, changed)
    rest = [place for place in changed if place not in results]
    columns = {read_cell(place)[1] for place in rest}
    allowed = (
        bool(changed)
        and len(columns) <= 1
        and all(_keeps_form(old.get(p), new.get(p)) for p in rest)
        and all(_keeps_formula(old.get(p), new.get(p)) for p in changed if p in results)
    )
    patched = only_cells and allowed and (not rest or _stands_below_heading(rest, new, prefix, new_strings))
    if patched:
        return changes, "patched"
    grown = frames[0] == frames[1] and _keeps_rows(old_rest, new_rest, prefix) and _adds_rows(old, new, changed, prefix)
    return changes, "filled" if grown else ""


def _keeps_rows(old_rest: bytes, new_rest: bytes, prefix: bytes) -> bool:
    """Return whether, cells aside, only rows came."""
    row = re.compile(b"<" + prefix + rb"row\b([^>]*?)\s*(?:/>|>\s*</" + prefix + rb"row>)")
    had, has = Counter(row.findall(old_rest)), Counter(row.findall(new_rest))
    closed = re.compile(rb"/>|>\s*</[^>]*>\s*\Z")  # <sheetData/> may have opened
    bare = [closed.sub(b"", row.sub(b"", rest)) for rest in (old_rest, new_rest)]
    return bare[0] == bare[1] and not had - has


def _adds_rows(old: Mapping[str, bytes], new: Mapping[str, bytes], changed: Sequence[str], prefix: bytes) -> bool:
    """Return whether the changed cells are new rows: nothing stood there, nor, but for tables beside, in their rows."""
    if not changed or any(place not in new or _holds(old.get(place), prefix) for place in changed):
        return False
    columns: dict[int, list[int]] = {}
    for place in changed:
        row, column = read_cell(place)
        columns.setdefault(row, []).append(column)
    for place, cell in old.items():
        row, column = read_cell(place)
        if row in columns and _holds(cell, prefix):
            alone = len(columns[row]) == 1
            if alone or min(columns[row]) <= column <= max(columns[row]):
                return False
    return True


def _holds(cell: bytes | None, prefix: bytes) -> bool:
    """Return whether a cell holds a value or a formula."""
    return cell is not None and re.search(b"<" + prefix + rb"(?:v|is|f)[\s>/]", cell) is not None


def _find_results(xml: bytes, prefix: bytes, places: Sequence[str]) -> set[str]:
    """Return those of some cells that the stored results of formulas of ours fill."""
    formulas = find_own_formulas(xml, prefix)
    single = {formula.cell for formula in formulas}
    areas = [formula.area for formula in formulas if formula.array]
    return {place for place in places if place in single or any(_is_inside(place, area) for area in areas)}


def _is_inside(place: str, area: tuple[int, int, int, int]) -> bool:
    row, column = read_cell(place)
    top, left, bottom, right = area
    return top <= row <= bottom and left <= column <= right


def _split(cells: bytes, prefix: bytes) -> tuple[dict[str, bytes] | None, bytes]:
    """Return each cell's XML by its reference, and the XML without them; None when that is not to be had."""
    if b"<!" in cells or cells.count(b"<" + prefix + b"c") != cells.count(b"<" + prefix + b'c r="'):
        return _split_slowly(cells, prefix)
    cell = re.compile(
        b"(?s)<" + prefix + rb"c(?=[\s/>])(?:\s+r=\"([A-Z]+[0-9]+)\")?[^>]*?(?:/>|>.*?</" + prefix + rb"c>)"
    )
    found: dict[str, bytes] = {}
    for match in cell.finditer(cells):
        if match[1] is None:
            return None, b""
        found[match[1].decode()] = match[0]
    return found, _SPANS.sub(b"", cell.sub(b"", cells))


def _split_slowly(cells: bytes, prefix: bytes) -> tuple[dict[str, bytes] | None, bytes]:
    """The same through the XML parser, for cells written in any way: with comments, or without references."""
    head = b"<" + prefix + b"a" + (b" xmlns:" + prefix[:-1] if prefix else b" xmlns") + b'="a">'
    try:
        root = read_markup(head + cells + b"</" + prefix + b"a>")
    except BadMarkup:
        return None, b""
    xml = head + cells
    found: dict[str, bytes] = {}
    rest, position, number = [], len(head), 0
    for row in root.children[0].children if root.children else ():
        number, column = row.number("r", number + 1), 0
        for cell in row.all("c"):
            reference = cell.attributes.get("r")
            column = read_cell(reference)[1] if reference else column + 1
            found[write_cell(number, column)] = xml[cell.start : cell.end]
            rest.append(xml[position : cell.start])
            position = cell.end
    rest.append(xml[position:])
    return found, _SPANS.sub(b"", b"".join(rest))


def _keeps_formula(old: bytes | None, new: bytes | None) -> bool:
    """Return whether a cell has the format and the formula, if any, that it had."""
    had, has = old or b"", new or b""
    return _FORMULA.findall(had) == _FORMULA.findall(has) and _STYLE.findall(_tag(had)) == _STYLE.findall(_tag(has))


def _tag(cell: bytes) -> bytes:
    return cell[: cell.find(b">")]


def _keeps_form(old: bytes | None, new: bytes | None) -> bool:
    """Return whether a cell is still there, without a formula, under the format that it had."""
    if new is None:
        return False
    style = _STYLE.search(new[: new.index(b">")])
    if old is None:
        return True
    had = _STYLE.search(old[: old.index(b">")])
    return (had and had[1]) == (style and style[1]) and not re.search(rb"<(?:[\w.-]+:)?f[\s>/]", old + new)


def _stands_below_heading(
    changed: Sequence[str], cells: Mapping[str, bytes], prefix: bytes, strings: Sequence[str]
) -> bool:
    first = min(read_cell(place)[0] for place in changed)
    letters = changed[0].rstrip("0123456789")
    for row in range(first - 1, 0, -1):
        value = _value(cells.get(f"{letters}{row}"), prefix, strings)
        if isinstance(value, str) and fold(value) == STATUS_HEADING:
            return True
    return False


def _value(cell: bytes | None, prefix: bytes, strings: Sequence[str]) -> CellValue:
    if cell is None:
        return None
    kind = _KIND.search(cell[: cell.index(b">")])
    return read_value(cell, prefix, kind[1].decode() if kind else "n", strings)
