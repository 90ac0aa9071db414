"""Our own sheets and tables, rewritten for the client's package without reading them: XlsxWriter wrote them, in a form that is known.

What `rewrite` does of any donor's, where nothing in them is called otherwise or counted from another day.
"""

from __future__ import annotations

import re

from aliado.workbook.donor import Donor
from aliado.workbook.loose import WriteCells
from aliado.workbook.markup import Edits, Node, quote, read_markup
from aliado.workbook.rewrite import forget_code_name, in_dialect, keep_tab
from aliado.workbook.styles import StyleMerge


def write_own_sheet(donor: Donor, part: str, cells: WriteCells, styles: StyleMerge, present: Node | None) -> bytes:
    """Return a sheet for the client.

    cells: gives the sheet's cells; the part has none. present: as in `write_sheet`. XlsxWriter writes <sheetPr> first,
    <dimension> next, and no bracket or quote within a value, so that the rest need not be read.
    """
    frame = donor.package.read(part)
    body = cells(styles.cell)
    top, middle = frame.index(b"<dimension"), frame.index(b"<sheetData/>")
    edits = Edits(frame[:top])
    root = read_markup(frame[:top] + b"</worksheet>")
    if present is not None:
        keep_tab(edits, root, present)
    else:
        forget_code_name(edits, root)
    columns = _COLUMN_STYLE.sub(lambda m: b"%b%d" % (m[1], styles.cell(int(m[2]))), frame[top:middle])
    rest = _RULE_STYLE.sub(
        lambda m: b"%b%d" % (m[1], styles.differential(int(m[2]))), frame[middle + len(b"<sheetData/>") :]
    )
    return in_dialect(b"".join((edits.apply(), _SELECTED.sub(rb"\1", columns, 1), body, rest)), donor.client_book)


_COLUMN_STYLE = re.compile(rb"(<col [^>]*? style=\")([0-9]+)")
_RULE_STYLE = re.compile(rb"(<cfRule [^>]*? dxfId=\")([0-9]+)")
_SELECTED = re.compile(rb"(<sheetView\b[^>]*?) tabSelected=\"1\"")


def write_own_table(donor: Donor, part: str, styles: StyleMerge, number: int, name: str) -> bytes:
    """Return a table for the client, under an id and name that are free in its package."""
    named = b' id="%d" name=%b displayName=%b' % (number, quote(name), quote(name))
    xml = _NAMED.sub(lambda _: named, donor.package.read(part), 1)
    xml = _TABLE_STYLE.sub(lambda m: b"%b%d" % (m[1], styles.differential(int(m[2]))), xml)
    return in_dialect(xml, donor.client_book)


_NAMED = re.compile(rb' id="[0-9]+" name="[^"]*" displayName="[^"]*"')
# XlsxWriter gives an element one of these at most.
_TABLE_STYLE = re.compile(rb'(<table[^>]*? \w*[dD]xfId=")([0-9]+)')
