"""What a reference in a formula leads to: cells by letter and number, tables and their columns, defined names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from aliado.errors import AliadoError
from aliado.language import Text
from aliado.workbook.sheet import ExcelTable, Sheet


class Unresolved(AliadoError):
    """A formula, or a part of one, that is not followed here."""


class Place(Struct, frozen=True):
    """One cell: its sheet's name, its row and column, 1-based."""

    sheet: str
    row: int
    column: int


class Area(Struct, frozen=True):
    """A rectangle of cells of one sheet, 1-based and inclusive."""

    sheet: Sheet
    top: int
    left: int
    bottom: int
    right: int

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return (self.top, self.left) == (self.bottom, self.right)


class Book(Struct, frozen=True):
    """What references may lead to. names: folded defined name -> what it refers to, as the file writes it."""

    sheets: Sequence[Sheet]
    names: Mapping[str, str]

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by name, whatever its case; raises Unresolved."""
        for sheet in self.sheets:
            if sheet.name.casefold() == name.casefold():
                return sheet
        raise Unresolved(_NO_SHEET.format(name=name))

    def table(self, name: str) -> tuple[Sheet, ExcelTable] | None:
        """Return an Excel table and its sheet, None when there is none of that name."""
        for sheet in self.sheets:
            for table in sheet.tables:
                if table.name.casefold() == name.casefold():
                    return sheet, table
        return None


CELLS = re.compile(
    r"(?:(?:'((?:[^'\[\]]|'')+)'|([^\W\d][\w.]*))!)?"
    r"(?:\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?|\$?([A-Z]{1,3}):\$?([A-Z]{1,3}))(?![\w(.!\[])",
    re.IGNORECASE,
)
"""A reference by letter and number: B7, $B$7:C9, B:D, 'My sheet'!B7."""
STRUCTURED = re.compile(r"([^\W\d][\w.]*)\[((?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*)\]", re.DOTALL)
"""A table with what is meant of it: T[#All], T[Total], T[[#This Row],[Total]]."""
NAME = re.compile(r"[^\W\d][\w.]*(?![\w.(\[!])")

_COLUMN = r"\[?((?:[^\[\]#']|'.)+)\]?"
_ITEMS = re.compile(r"\[(#[^\[\]]+)\]\s*,?\s*|(#[\w ]+)\Z", re.IGNORECASE)
_COLUMNS = re.compile(rf"{_COLUMN}(?:\s*:\s*{_COLUMN})?\Z", re.DOTALL)


def find_cells(found: re.Match[str], place: Place, book: Book) -> Area:
    """Return what a match of `CELLS` in the formula of a cell leads to; whole columns end where their sheet does."""
    sheet = book.sheet((found[1] or found[2] or place.sheet).replace("''", "'"))
    if found[7]:
        last = sheet.first_row + max(len(sheet.rows), 1) - 1
        return Area(sheet, 1, _column(found[7]), last, _column(found[8]))
    top, left = int(found[4]), _column(found[3])
    bottom, right = (int(found[6]), _column(found[5])) if found[5] else (top, left)
    return _upright(Area(sheet, top, left, bottom, right))


def find_part(found: re.Match[str], place: Place, book: Book) -> Area:
    """Return what a match of `STRUCTURED` leads to: cells of a table; raises Unresolved."""
    known = book.table(found[1])
    if known is None:
        raise Unresolved(_NO_TABLE.format(name=found[1]))
    sheet, table = known
    text = found[2].strip()
    items = [(one or two).lower() for one, two in _ITEMS.findall(text)]
    rest = _ITEMS.sub("", text).strip()
    top, bottom = _rows(table, items, place, sheet)
    left, right = table.first_column, table.last_column
    if rest:
        named = _COLUMNS.match(rest)
        if named is None:
            raise Unresolved(NOT_FOLLOWED.format(text=found[0]))
        left = _find_column(sheet, table, named[1])
        right = _find_column(sheet, table, named[2]) if named[2] else left
    return _upright(Area(sheet, top, left, bottom, right))


def find_table(name: str, place: Place, book: Book) -> Area | None:
    """Return the data of the table of that name, None when there is none."""
    known = book.table(name)
    if known is None:
        return None
    sheet, table = known
    top, bottom = _rows(table, [], place, sheet)
    return Area(sheet, top, table.first_column, bottom, table.last_column)


def _rows(table: ExcelTable, items: Sequence[str], place: Place, sheet: Sheet) -> tuple[int, int]:
    """Return the first and the last row that items such as "#all" mean of a table."""
    first, last = table.first_row + table.header_rows, table.last_row - table.totals_rows
    spans = {
        "#all": (table.first_row, table.last_row),
        "#headers": (table.first_row, first - 1),
        "#data": (first, last),
        "#totals": (last + 1, table.last_row),
        "#this row": (place.row, place.row),
    }
    unknown = [item for item in items if item not in spans]
    if unknown or ("#this row" in items and not (place.sheet == sheet.name and first <= place.row <= last)):
        raise Unresolved(NOT_FOLLOWED.format(text=", ".join(unknown or items)))
    chosen = [spans[item] for item in items or ("#data",)]
    return min(top for top, _ in chosen), max(bottom for _, bottom in chosen)


def _find_column(sheet: Sheet, table: ExcelTable, written: str) -> int:
    heading = re.sub(r"'(.)", r"\1", written).strip()
    row = table.first_row - sheet.first_row
    cells = sheet.rows[row] if table.header_rows and 0 <= row < len(sheet.rows) else ()
    for column in range(table.first_column, table.last_column + 1):
        at = column - sheet.first_column
        if 0 <= at < len(cells) and str(cells[at]).strip().casefold() == heading.casefold():
            return column
    raise Unresolved(_NO_COLUMN.format(table=table.name, column=heading))


def _upright(area: Area) -> Area:
    top, bottom = sorted((area.top, area.bottom))
    left, right = sorted((area.left, area.right))
    return Area(area.sheet, top, left, bottom, right)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


NOT_FOLLOWED = Text("no se sigue «{text}» fuera de Excel.", "“{text}” is not followed outside Excel.")
_NO_SHEET = Text("no hay una hoja «{name}».", "there is no sheet “{name}”.")
_NO_TABLE = Text("no hay una tabla «{name}».", "there is no table “{name}”.")
_NO_COLUMN = Text("la tabla {table} no tiene la columna «{column}».", "the table {table} has no column “{column}”.")
