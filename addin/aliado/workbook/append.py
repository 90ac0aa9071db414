"""Rows put below an Excel table or a plain range of the client's: the sheet gains cells, the table's reference grows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook import refusals
from aliado.workbook.book import read_book
from aliado.workbook.cells import LAST_ROW, read_range_or_nothing, write_cell
from aliado.workbook.locate import Spot, find_spots
from aliado.workbook.markup import BadMarkup, Edits, Node, unescape
from aliado.workbook.package import Package
from aliado.workbook.patch import Styled, patch_cells
from aliado.workbook.rewrite import read_frame
from aliado.workbook.sheet import Written
from aliado.workbook.styles import date_styles

PROTECTED = Text(
    "La hoja «{sheet}» está protegida: no se le añaden filas. Quítele la protección en Excel (Revisar > Desproteger hoja).",
    "Sheet “{sheet}” is protected: no rows are added to it. Unprotect it in Excel (Review > Unprotect Sheet).",
)
TOTALS = Text(
    "La tabla {table} de «{sheet}» tiene una fila de totales. Quítela en Excel (Diseño de tabla > Fila de totales) y repita; después puede volver a ponerla.",
    "Table {table} on “{sheet}” has a totals row. Take it off in Excel (Table Design > Total Row) and repeat; afterwards it can be put back.",
)
NOT_FREE = Text(
    "{sheet}!{cell}: debajo de la tabla hay algo, y hacen falta {count} filas libres. Muévalo y repita.",
    "{sheet}!{cell}: something stands below the table, and {count} free rows are needed. Move it and repeat.",
)
FULL = Text(
    "La hoja «{sheet}» no tiene {count} filas libres debajo de la tabla.",
    "Sheet “{sheet}” does not have {count} free rows below the table.",
)
FORMULA = Text(
    "{sheet}!{cell}: la fórmula de la columna no se puede copiar hacia abajo. Escríbala de nuevo en Excel en toda la columna y repita.",
    "{sheet}!{cell}: the column's formula cannot be filled down. Enter it anew in Excel over the whole column and repeat.",
)


class Place(Struct, frozen=True):
    """Where rows go; all numbers are 1-based. table: the Excel table's name, None for a plain range.

    left, right: the columns of the table. first: the row of the first new one. above: the last row that holds data,
    whose formats and formulas are taken over; None when there is none.
    """

    sheet: str
    table: str | None
    left: int
    right: int
    first: int
    above: int | None


def append_rows(package: Package, place: Place, rows: Sequence[Mapping[int, Written]]) -> Package:
    """Return the package with rows added; of the sheet nothing else changes but its dimension, and the table's reference.

    rows: column number -> value. A column that a formula fills gets that formula instead, and Excel is asked to
    calculate. A date goes in as a date where dates are shown, else as text (yyyy-mm-dd). Raises WorkbookRefused,
    naming the place, when the sheet is protected, the table has a totals row, or the cells are not free.
    """
    if not rows:
        return package
    book = read_book(package)
    part = next(sheet.part for sheet in book.sheets if sheet.name == place.sheet and sheet.part)
    end = place.first + len(rows) - 1
    if end > LAST_ROW:
        raise WorkbookRefused(FULL.format(sheet=place.sheet, count=len(rows)))
    xml = package.read(part)
    try:
        frame = read_frame(xml)
    except (BadMarkup, ValueError) as error:
        raise WorkbookRefused(refusals.BAD_XML.format(part=part, detail=error)) from error
    protection = frame.find("sheetProtection")
    if protection is not None and protection.attributes.get("sheet") in ("1", "true"):
        raise WorkbookRefused(PROTECTED.format(sheet=place.sheet))
    own = _own_table(package, part, place, end, len(rows))
    prefix = frame.prefix.encode()
    columns = range(place.left, place.right + 1)
    area = {(row, column) for row in range(place.first, end + 1) for column in columns}
    model = place.above or place.first
    spots, _ = find_spots(xml, prefix, area | {(model, column) for column in columns})
    formulas = _formulas(place, spots, package.markup(own) if own else None, model)
    _check_free(xml, prefix, place, spots, area, set(formulas), len(rows))
    values = _values(_dates(package, book.part), _column_styles(frame), place, rows, spots, formulas, model)
    changed = patch_cells(package, place.sheet, values)
    return _grow_table(changed, own, end) if own else changed


def _own_table(package: Package, part: str, place: Place, end: int, count: int) -> str | None:
    """Return the part of the table that grows; raise when it cannot, or when another one is in the way."""
    own = None
    for link in package.relationships(part):
        if link.kind != "table" or link.external or link.target not in package:
            continue
        node = package.markup(link.target)
        if place.table is not None and place.table in (node.attributes.get("displayName"), node.attributes.get("name")):
            own = link.target
            if node.number("totalsRowCount"):
                raise WorkbookRefused(TOTALS.format(table=place.table, sheet=place.sheet))
            continue
        top, left, bottom, right = read_range_or_nothing(node.attributes.get("ref", ""))
        if top <= end and bottom >= place.first and left <= place.right and right >= place.left:
            cell = write_cell(max(top, place.first), left)
            raise WorkbookRefused(NOT_FREE.format(sheet=place.sheet, cell=cell, count=count))
    return own


def _check_free(
    xml: bytes,
    prefix: bytes,
    place: Place,
    spots: Mapping[tuple[int, int], Spot],
    area: set[tuple[int, int]],
    filled: set[int],
    count: int,
) -> None:
    """Raise when a cell that is to be written, or that stands in the new rows of the table, holds something."""
    content = re.compile(b"<" + prefix + rb"(?:v|is|f)[\s>/]")
    for row, column in sorted(area):
        spot = spots[row, column]
        if spot.cell and content.search(xml, *spot.cell) and not (spot.formula and column in filled):
            cell = write_cell(row, column)
            raise WorkbookRefused(NOT_FREE.format(sheet=place.sheet, cell=cell, count=count))


_PLAIN = re.compile(rb"(?s)<[^>]*>([^<]+)<")
_RELATIVE = re.compile(r"(?<![\w$\[.!'])\$?[A-Z]{1,3}\$?[1-9][0-9]*(?![\w(\]])")


def _formulas(
    place: Place, spots: Mapping[tuple[int, int], Spot], table: Node | None, model: int
) -> dict[int, tuple[str, int]]:
    """Return column -> the formula that fills it and the row it is written for; raise for one that cannot be copied."""
    found: dict[int, tuple[str, int]] = {}
    described = table.find("tableColumns") if table else None
    if described is not None:
        for column, node in enumerate(described.all("tableColumn"), place.left):
            formula = node.find("calculatedColumnFormula")
            if formula is not None and formula.text:
                found[column] = (formula.text, 0)
    for column in range(place.left, place.right + 1):
        written = spots[model, column].formula
        if written is None:
            if column in found and _RELATIVE.search(found[column][0]):
                raise _no_formula(place, model, column)
            continue
        text = _PLAIN.match(written)
        if text and b"array" not in written[: text.start(1)]:
            found[column] = (unescape(text[1].decode("utf-8", "replace")), model)
        elif column not in found or _RELATIVE.search(found[column][0]):
            raise _no_formula(place, model, column)
    return found


def _no_formula(place: Place, row: int, column: int) -> WorkbookRefused:
    return WorkbookRefused(FORMULA.format(sheet=place.sheet, cell=write_cell(row, column)))


def _values(
    dates: frozenset[int],
    styles: Mapping[int, str],
    place: Place,
    rows: Sequence[Mapping[int, Written]],
    spots: Mapping[tuple[int, int], Spot],
    formulas: Mapping[int, tuple[str, int]],
    model: int,
) -> dict[str, Written | Styled]:
    """Return what goes into each cell, under the format of the cell above. dates: formats that show dates."""
    values: dict[str, Written | Styled] = {}
    for row, cells in enumerate(rows, place.first):
        for column in range(place.left, place.right + 1):
            spot, above = spots[row, column], spots[model, column]
            like = write_cell(model, column) if above.cell else ""
            value = cells.get(column)
            if column in formulas:
                if spot.formula is None:
                    text, written_for = formulas[column]
                    text = move_formula(text, written_for, row, column) if written_for else text
                    values[write_cell(row, column)] = Styled(None, like, text)
                continue
            style = above.attributes.get("s") if above.cell else styles.get(column)
            if isinstance(value, date) and int(style or 0) not in dates:
                value = value.isoformat()
            if value is not None:
                values[write_cell(row, column)] = Styled(value, like) if like else value
            elif like and not spot.cell:
                values[write_cell(row, column)] = Styled(None, like)
    return values


def move_formula(text: str, written_for: int, row: int, column: int) -> str:
    """Return a formula, without its equals sign, as it reads when it is filled down from one row to another."""
    from openpyxl.formula.translate import Translator  # late: for tables with formulas only

    moved = Translator("=" + text, origin=write_cell(written_for, column)).translate_formula(write_cell(row, column))
    return str(moved)[1:]


def _dates(package: Package, book: str) -> frozenset[int]:
    part = package.related(book, "styles")
    return date_styles(package.markup(part)) if part else frozenset()


def _column_styles(frame: Node) -> dict[int, str]:
    """Return column -> its format, of the columns that have one."""
    columns = frame.find("cols")
    return {
        column: node.attributes["style"]
        for node in (columns.children if columns else ())
        if "style" in node.attributes
        for column in range(node.number("min"), node.number("max") + 1)
    }


def _grow_table(package: Package, part: str, end: int) -> Package:
    """Return the package with the table, and the filter on it, reaching down to a row."""
    root = package.markup(part)
    edits = Edits(package.read(part))
    for node in (root, root.find("autoFilter")):
        if node is None or "ref" not in node.attributes:
            continue
        top, left, bottom, right = read_range_or_nothing(node.attributes["ref"])
        if bottom < end:
            edits.set(node, "ref", f"{write_cell(top, left)}:{write_cell(end, right)}")
    return package.with_parts({part: edits.apply()}) if edits else package
