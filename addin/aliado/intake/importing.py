"""CSV rows added to the table of a client's workbook that they belong to; what is already there is not added again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aliado.errors import WorkbookRefused
from aliado.intake.csv_columns import CsvColumn, Mapped, map_columns
from aliado.intake.csv_file import CsvFile
from aliado.intake.csv_rows import CsvRow, read_rows
from aliado.intake.imported import Imported
from aliado.language import Text, fold
from aliado.tables import amounts, cells
from aliado.tables.cells import Raw
from aliado.tables.reader import read_table
from aliado.tables.recognition import Match, recognise
from aliado.tables.schema import Field, FieldType, Formats, TableSpec
from aliado.workbook.append import Place, append_rows
from aliado.workbook.package import Package
from aliado.workbook.reader import read_sheets
from aliado.workbook.sheet import Sheet, column_of

IDENTITY: Final[Mapping[str, tuple[str, ...]]] = {
    "invoices": ("series", "number"),
    "bills": ("supplier", "number"),
    "receipts": ("number", "invoice", "date", "amount"),
    "payments": ("number", "bill", "date", "amount"),
    "customers": ("customer",),
    "suppliers": ("supplier",),
    "bank": ("date", "amount", "description", "reference"),
    "budget": ("account", "period"),
    "documents": ("document", "party", "issue_date"),
    "filings": ("obligation", "period"),
    "tasks": ("task", "case", "period"),
    "notices": ("invoice", "level"),
    "deliveries": ("number",),
    "stock": ("item", "date"),
}
"""Table -> the fields that make a row the same row; those count that both the file and the table have."""

_UNKNOWN_TABLE = Text(
    "El libro no tiene la tabla «{table}». Tiene: {tables}.",
    "The workbook does not have the table “{table}”. It has: {tables}.",
)
_LAST_ROW = Text(
    "{place}: la última fila de datos ({row}) parece un total o no se entiende; no se añade nada debajo. Conviértala en tabla de Excel sin la fila de totales y repita.",
    "{place}: the last row of data ({row}) looks like a total or is not understood; nothing is added below it. Make it an Excel table without the row of totals and repeat.",
)


def import_csv(
    package: Package, specs: Mapping[str, TableSpec], file: CsvFile, *, table: str | None, formats: Formats
) -> tuple[Package, Imported]:
    """Return the workbook with the rows of a file that can be read and are not there yet, and what became of the file.

    Arguments and errors as of `plan_import`; raises WorkbookRefused also where the rows cannot go in.
    """
    done = plan_import(read_sheets(package, ()), specs, file, table=table, formats=formats)
    return append_rows(package, done.place, [row.values for row in done.rows]), done


def plan_import(
    sheets: Sequence[Sheet], specs: Mapping[str, TableSpec], file: CsvFile, *, table: str | None, formats: Formats
) -> Imported:
    """Return what is to become of a file: which of its rows go where in a workbook, saved or open.

    table: the canonical table or its name, None to find it out by the headings. Raises WorkbookRefused.
    """
    matches = {
        name: match
        for name, match in recognise([*sheets], specs).matches.items()
        if match.label_column is None and name in IDENTITY
    }
    if table is not None:
        wanted = fold(table)
        chosen = {
            name: match
            for name, match in matches.items()
            if wanted in match.spec.folded_names or wanted == fold(match.region.excel_table or "")
        }
        if not chosen:
            raise WorkbookRefused(_UNKNOWN_TABLE.format(table=table, tables=", ".join(matches)))
        matches = chosen
    mapped = map_columns(file, matches, formats)
    place = find_place(mapped.match)
    rows, unread = read_rows(file, mapped, _row_of(mapped.match, place.above))
    new, skipped = _split(rows, mapped)
    return Imported(file, mapped, place, tuple(new), tuple(skipped), tuple(unread))


def find_place(match: Match) -> Place:
    """Return where the next row of a table goes: below its last row that holds data; raises WorkbookRefused."""
    region = match.region
    needed = [column for name, column in match.columns.items() if name in match.spec.needed]
    last = None
    for row in range(region.last_row, region.header_row, -1):
        held = _row_of(match, row)
        if any(held.get(column) not in (None, "") for column in needed or match.columns.values()):
            last = row
            break
    if last is not None and region.excel_table is None:
        left_out = {item.row for item in read_table(match).rejections if not item.row_used}
        if last in left_out:
            raise WorkbookRefused(_LAST_ROW.format(place=region.place, row=last))
    table = next((table for table in region.sheet.tables if table.name == region.excel_table), None)
    return Place(
        region.sheet.name,
        region.excel_table,
        table.first_column if table else min(region.headings),
        table.last_column if table else max(region.headings),
        (last or region.header_row) + 1,
        last,
    )


def _row_of(match: Match, row: int | None) -> dict[int, Raw]:
    """Return column -> value of a worksheet row."""
    sheet = match.region.sheet
    index = (row or 0) - sheet.first_row
    held = sheet.rows[index] if row is not None and 0 <= index < len(sheet.rows) else ()
    return dict(enumerate(held, sheet.first_column))


def _split(rows: Sequence[CsvRow], mapped: Mapped) -> tuple[list[CsvRow], list[CsvRow]]:
    """Return the rows that are new, and those that the table has already; of equal rows as many as it has."""
    match = mapped.match
    there = [column for column in mapped.columns if column.field]
    wanted = IDENTITY[match.spec.name]
    compared = [column for column in there if column.field and column.field.name in wanted] or there
    held = Counter(_held(match, compared))
    new: list[CsvRow] = []
    skipped: list[CsvRow] = []
    for row in rows:
        key = tuple(_token(c.field, row.raw[c.field.name], mapped.formats) for c in compared if c.field)
        if held[key]:
            held[key] -= 1
            skipped.append(row)
        else:
            new.append(row)
    return new, skipped


def _held(match: Match, compared: Sequence[CsvColumn]) -> Iterator[tuple[object, ...]]:
    """Return what tells the rows of the table apart."""
    sheet, region = match.region.sheet, match.region
    rows = slice(region.first_row - sheet.first_row, region.last_row - sheet.first_row + 1)
    columns = []
    for column in compared:
        if column.field:
            cells_held = column_of(sheet.rows, column.target - sheet.first_column)[rows]
            columns.append([_token(column.field, raw, match.spec.formats) for raw in cells_held])
    return zip(*columns, strict=True)


def _token(field: Field, raw: Raw, formats: Formats) -> object:
    """Return what a cell says, such that two that say the same are equal."""
    read: object = None
    if field.type is FieldType.DATE:
        read = cells.read_date(raw, formats)
    elif field.type is FieldType.MONEY:
        read = amounts.read_cents(raw, formats)
    return read if isinstance(read, int) else fold(str(cells.read_text(raw)))
