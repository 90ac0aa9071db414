"""Where tables may stand on a sheet: Excel tables, and plain header rows with the rows below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from aliado.language import fold
from aliado.tables.cells import Raw
from aliado.tables.schema import TableSpec
from aliado.workbook.sheet import Sheet

HEADER_ROWS = 50
"""A plain header row is looked for in the first rows of a sheet, this many."""


ENOUGH_FIELDS = 3
"""A region without a telling name must match this many fields (or all, when there are fewer)."""


class Region(Struct, frozen=True, dict=True):
    """Header and data of a table on a sheet; rows and columns are 1-based worksheet numbers.

    headings: column number -> heading as written. last_row is inclusive.
    """

    sheet: Sheet
    header_row: int
    first_row: int
    last_row: int
    headings: Mapping[int, str]
    excel_table: str | None = None

    @property
    def place(self) -> str:
        """How a person finds it: the sheet and the table's name or header row."""
        return f"{self.sheet.name}!{self.excel_table or self.header_row}"

    @cached_property
    def folded(self) -> Mapping[int, str]:
        """Column number -> heading without accents, case or extra spaces."""
        return {column: fold(heading) for column, heading in self.headings.items()}

    @cached_property
    def called(self) -> Mapping[str, int]:
        """What its sheet or Excel table is called, and how that begins, folded -> how much it counts: the whole twice its letters."""
        given = [fold(self.sheet.name)]
        if self.excel_table:
            bare = self.excel_table
            for prefix in ("tbl", "tabla", "table", "t_"):
                if bare.lower().startswith(prefix) and len(bare) > len(prefix):
                    bare = bare[len(prefix) :]
                    break
            given += [fold(bare.replace("_", " ")), fold(self.excel_table)]
        begun = {name[:place]: place for name in given for place, letter in enumerate(name) if letter == " "}
        return begun | {name: 2 * len(name) for name in given}


def find_regions(sheets: Iterable[Sheet], specs: Mapping[str, TableSpec]) -> Iterator[Region]:
    """Yield the Excel tables of each sheet, and its one plain range whose header fits some table best."""
    known = {heading for spec in specs.values() for heading in (*spec.headings, *spec.spare_headings)}
    for sheet in sheets:
        for table in sheet.tables:
            if table.header_rows:
                header = table.first_row + table.header_rows - 1
                headings = _headings(sheet, header, table.first_column, table.last_column)
                yield Region(sheet, header, header + 1, table.last_row - table.totals_rows, headings, table.name)
        plain = _plain_region(sheet, specs, known)
        if plain:
            yield plain


def _plain_region(sheet: Sheet, specs: Mapping[str, TableSpec], known: AbstractSet[str]) -> Region | None:
    """Return the plain range of a sheet that fits some table best. known: the headings of all tables."""
    best: tuple[int, Region] | None = None
    last, last_column = sheet.first_row + len(sheet.rows) - 1, sheet.first_column + _width(sheet) - 1
    for number in range(sheet.first_row, min(last, HEADER_ROWS) + 1):
        if any(table.first_row <= number <= table.last_row for table in sheet.tables):
            continue
        if known.isdisjoint(fold(cell) for cell in _row(sheet, number) if isinstance(cell, str) and cell):
            continue
        headings = _headings(sheet, number, sheet.first_column, last_column)
        region = Region(sheet, number, number + 1, last, headings)
        score = max((len(columns) for spec in specs.values() if (columns := complete_columns(region, spec))), default=0)
        if score and (best is None or score > best[0]):
            best = score, region
    if best is None:
        return None
    region = best[1]
    following = [table.first_row for table in sheet.tables if table.first_row > region.header_row]
    return replace(region, last_row=min([last, *(row - 1 for row in following)]))


def _width(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows[:HEADER_ROWS]), default=0)


def _headings(sheet: Sheet, row: int, first: int, last: int) -> dict[int, str]:
    cells = _row(sheet, row)
    return {
        column: text.strip()
        for column in range(first, last + 1)
        if 0 <= column - sheet.first_column < len(cells)
        and isinstance(text := cells[column - sheet.first_column], str)
        and text.strip()
    }


def _row(sheet: Sheet, number: int) -> Sequence[Raw]:
    index = number - sheet.first_row
    return sheet.rows[index] if 0 <= index < len(sheet.rows) else ()


def complete_columns(region: Region, spec: TableSpec) -> dict[str, list[int]] | None:
    """Return field -> columns whose heading fits it, or None unless all that is required is there."""
    columns: dict[str, list[int]] = {}
    spare: dict[str, list[int]] = {}
    for column, folded in region.folded.items():
        if folded in spec.headings:
            columns.setdefault(spec.headings[folded], []).append(column)
        elif folded in spec.spare_headings:
            spare.setdefault(spec.spare_headings[folded], []).append(column)
    columns = {**spare, **columns}
    return columns if columns and spec.needed <= columns.keys() else None


def header_candidates(sheet: Sheet) -> Iterator[Region]:
    """Yield every row of a sheet that could be a header, whatever it is the header of."""
    last = sheet.first_row + len(sheet.rows) - 1
    for table in sheet.tables:
        if table.header_rows:
            header = table.first_row + table.header_rows - 1
            headings = _headings(sheet, header, table.first_column, table.last_column)
            yield Region(sheet, header, header + 1, table.last_row, headings, table.name)
    for number in range(sheet.first_row, min(last, HEADER_ROWS) + 1):
        headings = _headings(sheet, number, sheet.first_column, sheet.first_column + _width(sheet) - 1)
        if len(headings) >= ENOUGH_FIELDS:
            yield Region(sheet, number, number + 1, last, headings)


def field_of(heading: str, spec: TableSpec) -> str | None:
    """Return the field that a heading means in a table, None when it means none."""
    folded = fold(heading)
    return spec.headings.get(folded) or spec.spare_headings.get(folded)


def column_letters(column: int) -> str:
    """Return the letters of a 1-based column number: 1 -> A, 28 -> AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
