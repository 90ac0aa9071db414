"""The rows of a CSV file as values for a client's table; cells that cannot be read are told, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from aliado.formula.values import from_serial
from aliado.intake.csv_columns import CsvColumn, Mapped
from aliado.intake.csv_file import CsvFile
from aliado.language import Text
from aliado.tables import amounts, cells
from aliado.tables.cells import NotUnderstood, Raw, describe
from aliado.tables.schema import FieldType, Formats
from aliado.workbook.sheet import Written

_REQUIRED = Text("un dato: la columna es obligatoria", "a value: the column is required")
_TOO_WIDE = Text(
    "nada más: la fila tiene más celdas que encabezados", "nothing more: the row has more cells than headings"
)
_LONGEST_EXACT = 15
_PERCENT = Decimal(10) ** amounts.PERCENT_SCALE


class Unread(Struct, frozen=True):
    """A cell that could not be read. line: of the file, from 1."""

    line: int
    heading: str
    found: str
    expected: Text


class CsvRow(Struct, frozen=True):
    """A row that was read. values: worksheet column -> value; raw: field -> text as it stands in the file."""

    line: int
    values: Mapping[int, Written]
    raw: Mapping[str, str]


def read_rows(file: CsvFile, mapped: Mapped, above: Mapping[int, Raw]) -> tuple[list[CsvRow], list[Unread]]:
    """Return the rows that could be read, and the cells that could not; a row with such a cell is not among the former.

    above: worksheet column -> what the table's last row holds there; numbers are written as numbers below numbers.
    """
    rows: list[CsvRow] = []
    unread: list[Unread] = []
    width = len(file.rows[mapped.header])
    for line, cells_of_row in list(zip(file.lines, file.rows, strict=True))[mapped.header + 1 :]:
        problems: list[Unread] = []
        values: dict[int, Written] = {}
        raw: dict[str, str] = {}
        for column in mapped.columns:
            text = cells_of_row[column.place] if column.place < len(cells_of_row) else ""
            value = _value(text, column, mapped.formats, above.get(column.target))
            if isinstance(value, NotUnderstood):
                problems.append(Unread(line, column.heading, describe(text), value.expected))
            elif value is not None:
                values[column.target] = value
            if column.field:
                raw[column.field.name] = text
        extra = [text for text in cells_of_row[width:] if text.strip()]
        if extra:
            problems.append(Unread(line, "", describe(" | ".join(extra)), _TOO_WIDE))
        unread += problems
        if not problems:
            rows.append(CsvRow(line, values, raw))
    return rows, unread


def _value(text: str, column: CsvColumn, formats: Formats, above: Raw) -> Written | NotUnderstood:
    """Return what a cell's text is under its column's type, None when it is blank."""
    field = column.field
    if not text.strip():
        return NotUnderstood(_REQUIRED) if field and field.required else None
    kind = field.type if field else FieldType.TEXT
    if kind is FieldType.DATE:
        serial = cells.read_date(text, formats)
        return from_serial(serial) if isinstance(serial, int) else serial
    if kind is FieldType.MONEY:
        plain, currency = amounts.split_currency(text.replace("\xa0", " ").replace("\u202f", " ").strip())
        amount = amounts.read_decimal(plain, formats)
        return text.strip() if currency and isinstance(amount, Decimal) else amount
    if kind is FieldType.NUMBER:
        return amounts.read_decimal(text, formats)
    if kind is FieldType.PERCENT:
        share = amounts.read_percent(text, formats)
        if not isinstance(share, int):
            return share
        points = formats.percent == "points" and isinstance(above, float) and abs(above) > 1
        return Decimal(share) / _PERCENT * (100 if points else 1)
    if kind is FieldType.BOOL:
        known = cells.read_bool(text)
        return known if isinstance(known, NotUnderstood) else text.strip()
    return _like_above(text, above)


def _like_above(text: str, above: Raw) -> Written:
    """Return a text; as a number when the table holds numbers there and nothing of it would be lost."""
    plain = text.strip()
    whole = plain.isascii() and plain.isdigit() and len(plain) <= _LONGEST_EXACT
    if whole and isinstance(above, float) and (plain[0] != "0" or plain == "0"):
        return int(plain)
    return text


def unread_lines(unread: Sequence[Unread]) -> list[int]:
    """Return the lines with cells that could not be read, each once."""
    return list(dict.fromkeys(item.line for item in unread))
