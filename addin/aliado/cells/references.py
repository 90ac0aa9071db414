"""What a formula of one call means: its function, and its arguments as values or as cells of the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from aliado.cells.block import Block, clean
from aliado.errors import AliadoError
from aliado.language import Text
from aliado.tables.cells import Raw
from aliado.workbook.sheet import ExcelTable, Sheet


class Unresolved(AliadoError):
    """A formula, or a part of one, that is not followed here."""


class Call(Struct, frozen=True):
    """One function call; arguments are the texts between its commas, blank where left out."""

    name: str
    arguments: tuple[str, ...]


class Book(Struct, frozen=True):
    """What references lead to. names: folded name -> what it refers to. today: what TODAY() means."""

    sheets: Sequence[Sheet]
    names: Mapping[str, str]
    today: date

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by name, whatever its case."""
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


_CALL = re.compile(r"=?\s*(?:\[\d+\]!|'[^']*'!)?([A-Za-z_][\w.]*)\((.*)\)\s*\Z", re.DOTALL)
_AREA = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^\s'!\[\]]+))!)?\$?([A-Z]{1,3})\$?(\d+)?(?::\$?([A-Z]{1,3})\$?(\d+)?)?\Z", re.IGNORECASE
)
_STRUCTURED = re.compile(r"([^\W\d][\w.]*)(?:\[(#All|#Data|#Headers|[^\[\]#]+)?\])?\Z", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:E[+-]?\d+)?(%?)\Z", re.IGNORECASE)
_TEXT = re.compile(r'"((?:[^"]|"")*)"\Z')


def split_call(formula: str) -> Call:
    """Return the call that a formula is, as stored in the file (English names, commas); raises Unresolved for more."""
    found = _CALL.match(formula.strip())
    if found is None:
        raise Unresolved(_NOT_ONE_CALL)
    arguments = tuple(text.strip() for text in _split(found[2]))
    return Call(found[1], () if arguments == ("",) else arguments)


def read_arguments(call: Call, sheet: str, book: Book) -> list[Any]:
    """Return the arguments of a call in a cell of `sheet`: plain values, `Block` for cells, None where left out."""
    return [_read(text, sheet, book) for text in call.arguments]


def _split(text: str) -> Iterator[str]:
    """Yield what stands between the commas that are in no quotes, brackets or parentheses."""
    depth, start, quote = 0, 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if depth < 0:
                raise Unresolved(_NOT_ONE_CALL)
        elif sign == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _read(text: str, sheet: str, book: Book, *, by_name: bool = True) -> Any:
    if not text:
        return None
    if found := _TEXT.match(text):
        return found[1].replace('""', '"')
    if found := _NUMBER.match(text):
        return float(text.rstrip("%")) / (100 if found[1] else 1)
    word = text.upper().replace(" ", "")
    if word in {"TRUE", "FALSE"}:
        return word == "TRUE"
    if word == "TODAY()":
        return book.today
    if found := _AREA.match(text):
        return _area(found, sheet, book)
    if found := _STRUCTURED.match(text):
        table = book.table(found[1])
        if table is not None:
            return _part_of(*table, found[2] or "#Data")
        target = book.names.get(text.casefold())
        if target is not None and by_name:
            return _read(target.lstrip("="), sheet, book, by_name=False)
    raise Unresolved(_NOT_FOLLOWED.format(text=text))


def _area(found: re.Match[str], sheet: str, book: Book) -> Block:
    place = book.sheet((found[1] or found[2] or sheet).replace("''", "'"))
    left, right = _column(found[3]), _column(found[5] or found[3])
    last = place.first_row + max(len(place.rows), 1) - 1
    if found[4] is None and found[5] is None:
        raise Unresolved(_NOT_FOLLOWED.format(text=found[0]))
    top = int(found[4]) if found[4] else 1
    bottom = int(found[6]) if found[6] else (last if found[4] is None else top)
    return _block(place, top, left, min(bottom, max(last, top)), right)


def _part_of(sheet: Sheet, table: ExcelTable, part: str) -> Block:
    head, data = table.first_row, table.first_row + table.header_rows
    last = table.last_row - table.totals_rows
    if part.lower() == "#all":
        return _block(sheet, head, table.first_column, table.last_row, table.last_column)
    if part.lower() == "#headers":
        return _block(sheet, head, table.first_column, head, table.last_column)
    if part.lower() == "#data":
        return _block(sheet, data, table.first_column, last, table.last_column)
    headings = _block(sheet, head, table.first_column, head, table.last_column).rows[0]
    for offset, heading in enumerate(headings):
        if str(heading).strip().casefold() == part.strip().casefold():
            column = table.first_column + offset
            return _block(sheet, data, column, last, column)
    raise Unresolved(_NO_COLUMN.format(table=table.name, column=part))


def _block(sheet: Sheet, top: int, left: int, bottom: int, right: int) -> Block:
    def cell(row: int, column: int) -> Raw:
        i, j = row - sheet.first_row, column - sheet.first_column
        return clean(sheet.rows[i][j]) if 0 <= i < len(sheet.rows) and 0 <= j < len(sheet.rows[i]) else None

    rows = [[cell(row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
    return Block(rows, top, left)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


_NOT_ONE_CALL = Text(
    "la fórmula hace más que llamar a una función de Aliado.",
    "the formula does more than call one function of Aliado's.",
)
_NOT_FOLLOWED = Text("no se sigue «{text}» fuera de Excel.", "“{text}” is not followed outside Excel.")
_NO_SHEET = Text("no hay una hoja «{name}».", "there is no sheet “{name}”.")
_NO_COLUMN = Text("la tabla {table} no tiene la columna «{column}».", "the table {table} has no column “{column}”.")
