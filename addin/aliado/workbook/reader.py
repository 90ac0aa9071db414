"""Sheets as Python values: large ones are read by columns, others by the cell reader; openpyxl's own classes read the Excel tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook import refusals
from aliado.workbook.book import Book, BookSheet, read_book
from aliado.workbook.cell_reader import Source, read_ranges
from aliado.workbook.cells import read_range
from aliado.workbook.markup import BadMarkup
from aliado.workbook.mentions import note_mentions
from aliado.workbook.ownership import own_parts
from aliado.workbook.package import Package, part_key
from aliado.workbook.results import calls_us
from aliado.workbook.scan import SheetScan, find_data, find_last_column, is_plain, scan_read, scan_sheet
from aliado.workbook.sheet import CellValue, ExcelTable, Sheet
from aliado.workbook.sparse import Compacted

if TYPE_CHECKING:
    from aliado.workbook.bulk import Cells

TOO_WIDE = Text(
    "La hoja «{sheet}» abarca {found} millones de celdas (hasta la fila {row}, columna {column}) y el límite es {limit} millones. Borre las filas y columnas que sobran tras los datos y guárdelo (o, si es de fiar, suba ALIADO_LIMITS).",
    "Sheet “{sheet}” spans {found} million cells (to row {row}, column {column}) and the limit is {limit} million. Delete the unused rows and columns after the data and save it (or, if you trust it, raise ALIADO_LIMITS).",
)


def read_sheets(package: Package, roles: Collection[str] | None = None) -> list[Sheet]:
    """Return the worksheets of a package in tab order; chart, dialog and macro sheets are left out.

    roles: which of our own sheets are wanted, all when None; the others come without cells, unless a formula of the
    client's calls a function of ours, which may read them. Blank cells are "" or None; Excel errors are their text.
    Raises WorkbookRefused, naming the sheet that cannot be read.
    """
    book = read_book(package)
    wanted = [sheet for sheet in book.sheets if sheet.kind == "worksheet" and sheet.part]
    own = {sheet.name: role for role, sheet in book.own.items()}
    ours = own_parts(package, book)
    strings = package.related(book.part, "sharedStrings")
    large = 0 if strings and package.member(strings).size >= LARGE else LARGE
    inputs = {s.name: _prepare(package, book, ours, s, large) for s in wanted if s.name not in own}
    if roles is None or any(source.calls for source in inputs.values()):
        roles = own.values()
    inputs |= {s.name: _prepare(package, book, ours, s, large) for s in wanted if own.get(s.name) in roles}
    cells = dict(zip(inputs, read_ranges(package, book, list(inputs.values())), strict=True))
    return [
        _to_sheet(package, inputs[sheet.name], own.get(sheet.name), *cells[sheet.name])
        if sheet.name in inputs
        else Sheet(sheet.name, 1, 1, (), hidden=sheet.hidden, role=own[sheet.name])
        for sheet in wanted
    ]


def _to_sheet(
    package: Package, source: Source, role: str | None, row: int, column: int, rows: Sequence[Sequence[CellValue]]
) -> Sheet:
    _place_errors(rows, row, column, source.scan)
    return Sheet(
        name=source.sheet.name,
        first_row=row,
        first_column=column,
        rows=rows,
        tables=_read_tables(package, source.sheet),
        uncached=frozenset(source.scan.uncached),
        hidden=source.sheet.hidden,
        protected=source.scan.protected,
        role=role,
        calls=source.calls,
    )


def read_date_system(package: Package) -> bool:
    """Return whether the workbook counts its dates from 1904."""
    return read_book(package).from_1904


def _prepare(package: Package, book: Book, ours: set[str], sheet: BookSheet, large: int) -> Source:
    part = sheet.part or ""
    try:
        xml = package.read(part)
        cells = _read_columns(xml) if len(xml) >= large else None
        scan = scan_sheet(xml) if cells is None else scan_read(xml, cells)
    except BadMarkup as error:
        text = refusals.UTF16 if str(error) == "UTF-16" else refusals.BAD_XML
        raise WorkbookRefused(text.format(part=part, detail=error)) from error
    package.regular[part_key(part)] = scan.regular
    if cells is not None:
        package.layouts[part_key(part)] = cells.layout
    if scan.formulas:
        note_mentions(package, book, ours, part, xml)
    else:
        package.mentions[part_key(part)] = False
    span = scan.last_row * scan.last_column
    compacted = None
    if scan.regular and (span > max(_DENSE_ENOUGH, 4 * scan.cells) or span > package.limits.cells):
        scan.last_column = find_last_column(xml, scan.prefix)
        span = scan.last_row * scan.last_column
    if scan.regular and span > max(_DENSE_ENOUGH, 4 * scan.cells):
        compacted = Compacted(xml, scan.prefix)
        span = max(compacted.size(), compacted.area() // _BLANKS_PER_CELL)
    if span > package.limits.cells:
        found, limit = span // 1_000_000, package.limits.cells // 1_000_000
        raise WorkbookRefused(
            TOO_WIDE.format(sheet=sheet.name, found=found, row=scan.last_row, column=scan.last_column, limit=limit)
        )
    calls = scan.formulas and b"_" in xml and calls_us(package.read_formulas(part, xml))
    return Source(sheet, part, scan, compacted, calls, None if compacted else cells)


def _read_columns(xml: bytes) -> Cells | None:
    """Return the cells of a sheet, None when it is written in an unusual way; raises BadMarkup."""
    start, stop = find_data(xml, b"")
    if not is_plain(xml) or (start == stop and b"<sheetData/>" not in xml):
        return None
    from aliado.workbook.bulk import read_cells  # late, as all that needs numpy
    from aliado.workbook.dress import Unusual

    try:
        cells = read_cells(xml, start, stop)
    except Unusual:
        return None
    return None if len(cells.others) > len(cells.row) else cells


LARGE = 100_000
"""A sheet whose XML has this many bytes or more (some 2,500 cells) is read by columns; every sheet, when the shared strings have."""
_DENSE_ENOUGH = 1_000_000
"""Sheets that span fewer cells than this are read as they are."""
_BLANKS_PER_CELL = 10
"""A blank cell that takes no memory still takes time: it counts for a tenth of the limit."""


def _place_errors(rows: Sequence[Sequence[CellValue]], top: int, left: int, scan: SheetScan) -> None:
    for (row, column), text in scan.errors.items():
        if 0 <= row - top < len(rows):
            cells = rows[row - top]
            if isinstance(cells, list) and 0 <= column - left < len(cells):
                cells[column - left] = text


def _read_tables(package: Package, sheet: BookSheet) -> tuple[ExcelTable, ...]:
    parts = [r.target for r in package.relationships(sheet.part or "") if r.kind == "table" and not r.external]
    tables = [_read_table(package.read(part)) for part in parts if part in package]
    return tuple(table for table in tables if table is not None)


def _read_table(xml: bytes) -> ExcelTable | None:
    """Return one Excel table, None when its definition makes no sense (Excel drops such tables too)."""
    from openpyxl.worksheet.table import Table  # late: a third of a second, for books with tables only
    from openpyxl.xml.functions import fromstring

    try:
        tree: Any = fromstring(xml)
        table: Any = Table.from_tree(tree)
        top, left, bottom, right = read_range(table.ref)
        header = 1 if table.headerRowCount is None else int(table.headerRowCount)
        totals = int(table.totalsRowCount or 0)
    except (TypeError, ValueError, AttributeError, SyntaxError):
        return None
    return ExcelTable(table.displayName or table.name or "", top, left, bottom, right, header, totals)
