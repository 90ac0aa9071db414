"""A recognised region becomes a table: typed columns, and every cell that could not be understood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from aliado.errors import WorkbookRefused
from aliado.formula.values import Column, Kind, State
from aliado.language import Text, fold, same
from aliado.tables import cells
from aliado.tables.amounts import other_currency, split_currency
from aliado.tables.cells import NotUnderstood
from aliado.tables.columns import read_column, text_column
from aliado.tables.computed import compute_columns, headings_read
from aliado.tables.raw import RawColumn, blank_rows, hold_text, take
from aliado.tables.recognition import Match
from aliado.tables.regions import column_letters
from aliado.tables.schema import FieldType, TableSpec
from aliado.tables.table import Rejection, Table
from aliado.workbook.sheet import Sheet, column_of

MOST_REJECTED: Final = 100_000
"""Cells of one table that cannot be understood, at most: beyond it a whole column is something else, which one line says better."""

_TOO_MANY = Text(
    "{place}: la columna «{heading}» tiene {count} celdas que no se entienden (la primera dice «{found}»; se espera {expected}) y en toda la tabla el límite es {limit}. "
    "Corrija la columna, o indique la suya en un paquete de reglas (tables: {table}: map). El libro no se ha tocado.",
    "{place}: column “{heading}” has {count} cells that cannot be understood (the first says “{found}”; expected: {expected}) and the limit for the whole table is {limit}. "
    "Correct the column, or name yours in a rule pack (tables: {table}: map). The workbook was not touched.",
)
_TOTAL_WORDS: Final = frozenset(
    {"total", "totales", "totals", "suma", "sumas", "sum", "subtotal", "grand total", "total general", "gran total"}
)
_TOTAL_ROW = Text(
    "una fila de datos; parece una fila de totales y no se cuenta",
    "a row of data; it looks like a row of totals and is not counted",
)
_BLANK = frozenset({None, ""})


class ReadTable(Struct, frozen=True):
    """A table and what was rejected while reading it."""

    table: Table
    rejections: tuple[Rejection, ...]


def read_table(match: Match) -> ReadTable:
    """Return the rows of a recognised region.

    A row with a required cell that cannot be understood is left out; any other cell that cannot be understood
    is unknown and its row still counts. Either way it is a rejection.
    Raises WorkbookRefused when a cell that is needed holds a formula without its value.
    """
    if match.label_column is not None:
        return _read_labelled(match, match.label_column)
    region = match.region
    sheet = region.sheet
    start = region.first_row - sheet.first_row
    grid = sheet.rows[max(start, 0) : region.last_row - sheet.first_row + 1]
    offsets = {name: column - sheet.first_column for name, column in match.columns.items()}
    raw: dict[str, RawColumn] = {name: column_of(grid, offset) for name, offset in offsets.items()}
    asked = headings_read(match.spec, region.headings)
    own: dict[str, RawColumn] = {
        fold(heading): column_of(grid, column - sheet.first_column) for column, heading in asked.items()
    }
    filled = _filled_rows(list(raw.values()), len(grid))
    numbers = filled + region.first_row
    used = {*match.columns.values(), *asked}
    _check_calculated(
        region.sheet,
        {
            (row, column)
            for row, column in region.sheet.uncached
            if column in used and region.first_row <= row <= region.last_row
        },
    )
    if len(filled) != len(grid):
        raw = {name: take(column, filled) for name, column in raw.items()}
        own = {folded: take(column, filled) for folded, column in own.items()}
    return _typed_table(match, raw, numbers, own)


def _filled_rows(columns: Sequence[RawColumn], count: int) -> npt.NDArray[np.int64]:
    """Return the rows where some cell holds something."""
    if not columns:
        return np.zeros(0, dtype=np.int64)
    blank = blank_rows(columns[0])
    for column in columns[1:]:
        blank = blank[blank_rows(take(column, blank))] if len(blank) else blank
    filled = np.ones(count, dtype=bool)
    filled[blank] = False
    return np.flatnonzero(filled)


def _check_calculated(sheet: Sheet, uncached: set[tuple[int, int]]) -> None:
    """Refuse formula cells without a value among those that are read; a row of such cells looks blank, so all count."""
    missing = sorted(uncached)
    if missing:
        row, column = missing[0]
        place = f"{sheet.name}!{column_letters(column)}{row}"
        raise WorkbookRefused(
            Text(
                f"{place} tiene una fórmula sin resultado guardado (celdas así: {len(missing)}): el programa que guardó el libro no las calculó. "
                "Ábralo en Excel, recalcule (F9) y guárdelo; o use --recalculate, que las calcula con LibreOffice.",
                f"{place} holds a formula without a saved result (such cells: {len(missing)}): the program that saved the workbook did not calculate it. "
                "Open it in Excel, recalculate (F9) and save; or use --recalculate, which calculates it with LibreOffice.",
            )
        )


def _typed_table(
    match: Match,
    raw: Mapping[str, RawColumn],
    numbers: npt.NDArray[np.int64],
    own: Mapping[str, RawColumn],
) -> ReadTable:
    spec = match.spec
    sheet = match.region.sheet.name
    letters = {name: column_letters(column) for name, column in match.columns.items()}
    columns: dict[str, Column] = {}
    failures: dict[str, dict[int, NotUnderstood]] = {}
    for name, values in raw.items():
        columns[name], failed = read_column(values, spec.fields[name].type, spec.formats, spec.values.get(name, {}))
        if failed:
            failures[name] = failed
    _check_count(match, raw, numbers, failures)
    typed = {folded: _own_column(values, spec, folded) for folded, values in own.items()}
    columns.update(compute_columns(spec, typed, len(numbers)))
    _take_currencies(spec, raw, columns, failures)
    totals = _total_rows(spec, raw, columns, len(numbers)) if match.region.excel_table is None else set()
    bare = {index: missing for index, missing in _bare_rows(spec, raw).items() if index not in totals}
    left_out = (
        totals
        | bare.keys()
        | {index for name, failed in failures.items() if spec.fields[name].required for index in failed}
    )
    rejections = [
        Rejection(
            spec.name,
            sheet,
            f"{letters[name]}{numbers[index]}",
            int(numbers[index]),
            cells.describe(raw[name][index]),
            failed[index].expected,
            index not in left_out,
        )
        for name, failed in failures.items()
        for index in failed
        if index not in totals and index not in bare
    ]
    first = min(letters, key=lambda name: match.columns[name])
    rejections += [
        Rejection(
            spec.name,
            sheet,
            f"{letters[first]}{numbers[index]}",
            int(numbers[index]),
            _describe_row(raw, index),
            _TOTAL_ROW,
            row_used=False,
        )
        for index in sorted(totals)
    ]
    rejections += [
        Rejection(
            spec.name,
            sheet,
            f"{letters[first]}{numbers[index]}",
            int(numbers[index]),
            _describe_row(raw, index),
            _bare(spec, missing),
            row_used=False,
        )
        for index, missing in bare.items()
    ]
    table = Table(
        spec,
        sheet,
        columns,
        numbers,
        letters,
        rows_read=len(numbers),
        rows_rejected=len(left_out),
        excel_table=match.region.excel_table,
        header_row=match.region.header_row,
    )
    if left_out:
        key = columns.get(spec.key)
        if key is not None and key.kind is Kind.TEXT:
            table = replace(
                table, keys_rejected=tuple(str(key.data[index]) for index in sorted(left_out) if key.data[index])
            )
        keep = np.ones(len(numbers), dtype=bool)
        keep[list(left_out)] = False
        table = table.take(keep)
    return ReadTable(table, tuple(sorted(rejections, key=lambda item: (item.row, item.cell))))


def _check_count(
    match: Match,
    raw: Mapping[str, RawColumn],
    numbers: npt.NDArray[np.int64],
    failures: Mapping[str, Mapping[int, NotUnderstood]],
) -> None:
    if sum(map(len, failures.values())) <= MOST_REJECTED:
        return
    name = max(failures, key=lambda field: len(failures[field]))
    index, failed = next(iter(failures[name].items()))
    column = match.columns[name]
    heading = match.region.headings.get(column, name)
    place = f"{match.region.sheet.name}!{column_letters(column)}{numbers[index]}"
    said = {"place": place, "heading": heading, "count": len(failures[name]), "found": cells.describe(raw[name][index])}
    said |= {"limit": MOST_REJECTED, "table": match.spec.name}
    raise WorkbookRefused(
        Text(
            _TOO_MANY.es.format(**said, expected=failed.expected.es),
            _TOO_MANY.en.format(**said, expected=failed.expected.en),
        )
    )


def _take_currencies(
    spec: TableSpec,
    raw: Mapping[str, RawColumn],
    columns: dict[str, Column],
    failures: dict[str, dict[int, NotUnderstood]],
) -> None:
    """Let an amount typed with its currency (1.000,00 USD) say the currency of its row; one that contradicts it is rejected."""
    if "currency" not in spec.fields:
        return
    for name, values in raw.items():
        if spec.fields[name].type is not FieldType.MONEY or not hold_text(values):
            continue
        stated = {
            index: code
            for index, value in enumerate(values)
            if isinstance(value, str) and (code := split_currency(value.strip())[1])
        }
        for index, code in stated.items():
            if "currency" not in columns:
                columns["currency"] = text_column([""] * len(values))
            column = columns["currency"]
            known = str(column.data[index]).strip().upper()
            if not known:
                data, state = column.data.copy(), column.state.copy() if column.state is not None else None
                data[index] = code
                if state is not None:
                    state[index] = State.VALUE
                columns["currency"] = Column(Kind.TEXT, data, state)
            elif known != code:
                failures.setdefault(name, {})[index] = other_currency(code, known)
                columns[name] = _forget(columns[name], index)


def _forget(column: Column, index: int) -> Column:
    state = np.zeros(len(column), dtype=np.uint8) if column.state is None else column.state.copy()
    state[index] = State.UNKNOWN
    data = column.data.copy()
    data[index] = 0
    return Column(column.kind, data, state, column.scale)


def _bare_rows(spec: TableSpec, raw: Mapping[str, RawColumn]) -> dict[int, list[str]]:
    """Return the rows that lack too much to be counted: two of the required fields, or the only one there is."""
    required = [name for name, item in spec.fields.items() if item.required and name in raw]
    if not required:
        return {}
    allowed = 1 if len(required) > 1 else 0
    missing: dict[int, list[str]] = defaultdict(list)
    for name in required:
        for index in blank_rows(raw[name]).tolist():
            missing[index].append(name)
    return {index: names for index, names in sorted(missing.items()) if len(names) > allowed}


def _bare(spec: TableSpec, missing: Sequence[str]) -> Text:
    titles = [spec.fields[name].title or same(name) for name in missing]
    return Text(
        f"una fila con {', '.join(title.es for title in titles)}; sin ello no se cuenta: complétela, o bórrela si no es un dato",
        f"a row with {', '.join(title.en for title in titles)}; without it the row is not counted: complete it, or delete it if it is no data",
    )


def _own_column(values: RawColumn, spec: TableSpec, folded: str) -> Column:
    """Return a client's column for a computed field: as its canonical field reads it, else as what its cells are."""
    name = spec.headings.get(folded)
    if name is not None:
        return read_column(values, spec.fields[name].type, spec.formats, spec.values.get(name, {}))[0]
    filled = [value for value in values if value not in _BLANK]
    if filled and all(isinstance(value, date) for value in filled):
        return read_column(values, FieldType.DATE, spec.formats, {})[0]
    numbers, failed = read_column(values, FieldType.NUMBER, spec.formats, {})
    return (
        read_column(values, FieldType.TEXT, spec.formats, {})[0] if filled and len(failed) == len(filled) else numbers
    )


def _total_rows(spec: TableSpec, raw: Mapping[str, RawColumn], columns: Mapping[str, Column], count: int) -> set[int]:
    """Return the rows of a plain range that only add up the others: a total word and no date at all."""
    texts = [raw[name] for name in raw if spec.fields[name].type is FieldType.TEXT]
    undated = np.ones(count, dtype=bool)
    for name in raw:
        if spec.fields[name].type is FieldType.DATE:
            state = columns[name].state
            undated &= np.zeros(count, dtype=bool) if state is None else state == State.BLANK
    return {
        row
        for row in np.flatnonzero(undated).tolist()
        if any(isinstance(value := column[row], str) and _says_total(value) for column in texts)
    }


def _says_total(text: str) -> bool:
    folded = fold(text.rstrip(": "))
    return folded in _TOTAL_WORDS or folded.startswith(("total ", "subtotal ", "suma "))


def _describe_row(raw: Mapping[str, RawColumn], index: int) -> str:
    return cells.describe(
        " | ".join(cells.describe(column[index]) for column in raw.values() if column[index] not in _BLANK)
    )


def _read_labelled(match: Match, column: int) -> ReadTable:
    sheet = match.region.sheet
    offset = column - sheet.first_column
    raw: dict[str, RawColumn] = {}
    letters: dict[str, str] = {}
    rows = set(match.columns.values())
    _check_calculated(sheet, {place for place in sheet.uncached if place[0] in rows and place[1] > column})
    for name, number in match.columns.items():
        labelled = sheet.rows[number - sheet.first_row]
        filled = next(
            (place for place in range(offset + 1, len(labelled)) if labelled[place] not in _BLANK), offset + 1
        )
        raw[name] = [labelled[filled] if filled < len(labelled) else None]
        letters[name] = column_letters(sheet.first_column + filled)
    columns: dict[str, Column] = {}
    rejections: list[Rejection] = []
    for name, values in raw.items():
        columns[name], failed = read_column(
            values, match.spec.fields[name].type, match.spec.formats, match.spec.values.get(name, {})
        )
        row = match.columns[name]
        rejections += [
            Rejection(
                match.spec.name,
                sheet.name,
                f"{letters[name]}{row}",
                row,
                cells.describe(values[0]),
                item.expected,
                row_used=True,
            )
            for item in failed.values()
        ]
    first = np.array([min(match.columns.values())], dtype=np.int64)
    return ReadTable(Table(match.spec, sheet.name, columns, first, letters, rows_read=1), tuple(rejections))
