"""Whether formulas read cells that were changed, so that their stored results are out of date."""

from __future__ import annotations

import re

from aliado.workbook.book import Book, BookSheet, is_mark, sheet_reference
from aliado.workbook.cells import LAST_ROW, column_letters, read_column, read_range_or_nothing
from aliado.workbook.package import Package

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^>]*)?>([^<]+)<")
_REFERENCE = re.compile(r"(?<![\w.!\]])\$?([A-Z]{1,3})\$?([0-9]+)?(?::\$?([A-Z]{1,3})\$?([0-9]+)?)?(?![\w(])")

_ROWS = re.compile(r"(?<![\w.!\]:$])\$?([0-9]+):\$?([0-9]+)(?![\w.(])")


def reads_cells(
    package: Package, book: Book, sheet: BookSheet, formulas: bytes, prefix: bytes, changed: set[tuple[int, int]]
) -> bool:
    """Return whether a formula may read one of the changed cells of a sheet; in doubt, it does.

    formulas, prefix: XML that has the sheet's formulas in it, and what its elements begin with. On the sheet itself the references are looked at; elsewhere any mention of the sheet counts, and of a table column
    its heading.
    """
    names = [sheet_reference(sheet.name) + "!", sheet.name + "!"]
    headings = _headings(package, sheet, changed)
    box = (
        min(row for row, _ in changed), min(column for _, column in changed),
        max(row for row, _ in changed), max(column for _, column in changed),
    )  # fmt: skip
    signs = _signs(box)
    there = any(sign in formulas for sign in signs)  # a plain search is much faster than a pattern
    pattern = b"<" + prefix + rb"f(?:\s[^>]*)?>([^<]*(?:" + b"|".join(map(re.escape, signs)) + b")[^<]*)<"
    for formula in set(re.findall(pattern, formulas)) if there else ():
        text = formula.decode("utf-8", "replace")
        if "!" in text:
            text = text.replace(names[0], "").replace(names[1], "")
        if any(heading in text for heading in headings) or _touches(text, box):
            return True
    named = [n.attributes.get("name", "") for n in book.names() if any(name in n.text for name in names)]
    wanted = [
        names[0][1:],
        names[1],
        *(n for n in named if not is_mark(n) and not n.lower().startswith("_xlnm.")),
        *headings,
    ]
    words = [word.replace("&", "&amp;").replace("<", "&lt;").encode() for word in wanted]
    for other in book.sheets:
        if other.part and other.part != sheet.part and other.kind == "worksheet":
            content = package.read_formulas(other.part)
            if not any(word in content for word in words):
                continue  # a plain search is much faster than telling formulas from the rest
            formulas_there = b"\n".join(_FORMULA.findall(content))
            if any(word in formulas_there for word in words):
                return True
    return False


def _signs(box: tuple[int, int, int, int]) -> list[bytes]:
    """Return texts one of which stands in every formula of the sheet that can read cells of the box.

    Such a formula has a range, a table's column, or a cell of one of the box's own columns.
    """
    _, left, _, right = box
    if right - left > 3:
        return [b""]
    return [b":", b"[", *(column_letters(column).encode() for column in range(left, right + 1))]


def _touches(formula: str, box: tuple[int, int, int, int]) -> bool:
    top, left, bottom, right = box
    for first, first_row, last, last_row in _REFERENCE.findall(formula):
        if not first_row and not last:
            continue  # a name or function, not a reference
        start = read_column(first)
        stop = read_column(last) if last else start
        if (start > right and stop > right) or (start < left and stop < left):
            continue
        rows = (int(first_row or 1), int(last_row or (LAST_ROW if last else first_row) or LAST_ROW))
        if min(rows) <= bottom and max(rows) >= top:
            return True
    if ":" not in formula:
        return False
    whole_rows = [(int(first), int(last)) for first, last in _ROWS.findall(formula)]
    return any(min(pair) <= bottom and max(pair) >= top for pair in whole_rows)


def _headings(package: Package, sheet: BookSheet, changed: set[tuple[int, int]]) -> list[str]:
    """Return the headings of the table columns that hold changed cells, as structured references write them."""
    found = []
    for relationship in package.relationships(sheet.part or ""):
        if relationship.kind != "table" or relationship.external or relationship.target not in package:
            continue
        table = package.markup(relationship.target)
        top, left, bottom, _ = read_range_or_nothing(table.attributes.get("ref", ""))
        columns = table.find("tableColumns")
        for place, node in enumerate(columns.children if columns else (), left):
            if any(column == place and top <= row <= bottom for row, column in changed):
                found += [f"[{node.attributes.get('name', '')}]", f"@{node.attributes.get('name', '')}"]
    return found
