"""A recognised region becomes a table: typed columns, and every cell that could not be understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from aliado.errors import WorkbookRefused
from aliado.formula.values import Column, Kind, State, to_serial
from aliado.language import Text, fold
from aliado.tables import cells
from aliado.tables.cells import NotUnderstood, Raw
from aliado.tables.computed import compute_columns, headings_read
from aliado.tables.regions import Match, column_letters
from aliado.tables.schema import FieldType, Formats, TableSpec
from aliado.tables.table import Rejection, Table

_TOTAL_WORDS: Final = frozenset(
    {"total", "totales", "totals", "suma", "sumas", "sum", "subtotal", "grand total", "total general", "gran total"}
)
_TOTAL_ROW = Text(
    "una fila de datos; parece una fila de totales y no se cuenta",
    "a row of data; it looks like a row of totals and is not counted",
)
_BLANK = frozenset({None, ""})
_LARGEST_EXACT: Final = 2**53
_LARGEST_FAST: Final = 10.0**11
"""Amounts up to this keep their half cents as floats; larger ones are read digit by digit."""


@dataclass(frozen=True, slots=True)
class ReadTable:
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
    raw = {name: _cells(grid, offset) for name, offset in offsets.items()}
    asked = headings_read(match.spec, region.headings)
    own = {fold(heading): _cells(grid, column - sheet.first_column) for column, heading in asked.items()}
    filled = _filled_rows(list(raw.values()), len(grid))
    numbers = np.array(filled, dtype=np.int64) + region.first_row
    _check_calculated(match, {*match.columns.values(), *asked})
    if len(filled) != len(grid):
        raw = {name: [column[index] for index in filled] for name, column in raw.items()}
        own = {folded: [column[index] for index in filled] for folded, column in own.items()}
    return _typed_table(match, raw, numbers, own)


def _cells(grid: Sequence[Sequence[Raw]], offset: int) -> list[Raw]:
    return [row[offset] if offset < len(row) else None for row in grid]


def _filled_rows(columns: Sequence[Sequence[Raw]], count: int) -> list[int]:
    if not columns:
        return []
    blank = _BLANK
    return [
        index
        for index, row in enumerate(zip(*columns, strict=True))
        if any(
            not (cell is None or (cell.__class__ is str and (cell in blank or not str(cell).strip()))) for cell in row
        )
    ][:count]


def _check_calculated(match: Match, used: set[int]) -> None:
    """Refuse formula cells without a value in the columns that are read; such a row may look blank, so all count."""
    region = match.region
    missing = sorted(
        (row, column)
        for row, column in region.sheet.uncached
        if column in used and region.first_row <= row <= region.last_row
    )
    if missing:
        row, column = missing[0]
        place = f"{region.sheet.name}!{column_letters(column)}{row}"
        raise WorkbookRefused(
            Text(
                f"{place} tiene una fórmula sin resultado guardado ({len(missing)} celdas así): el programa que guardó el libro no las calculó. "
                "Ábralo en Excel, recalcule (F9) y guárdelo; o use --recalculate, que las calcula con LibreOffice.",
                f"{place} holds a formula without a saved result ({len(missing)} such cells): the program that saved the workbook did not calculate it. "
                "Open it in Excel, recalculate (F9) and save; or use --recalculate, which calculates it with LibreOffice.",
            )
        )


def _typed_table(
    match: Match,
    raw: Mapping[str, Sequence[Raw]],
    numbers: npt.NDArray[np.int64],
    own: Mapping[str, Sequence[Raw]],
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
    typed = {folded: _own_column(values, spec, folded) for folded, values in own.items()}
    columns.update(compute_columns(spec, typed, len(numbers)))
    totals = _total_rows(spec, raw) if match.region.excel_table is None else set()
    left_out = totals | {index for name, failed in failures.items() if spec.fields[name].required for index in failed}
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
        if index not in totals
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
        keep = np.ones(len(numbers), dtype=bool)
        keep[list(left_out)] = False
        table = table.take(keep)
    return ReadTable(table, tuple(sorted(rejections, key=lambda item: (item.row, item.cell))))


def _own_column(values: Sequence[Raw], spec: TableSpec, folded: str) -> Column:
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


def _total_rows(spec: TableSpec, raw: Mapping[str, Sequence[Raw]]) -> set[int]:
    """Return the rows of a plain range that only add up the others: a total word and no date at all."""
    texts = [raw[name] for name in raw if spec.fields[name].type is FieldType.TEXT]
    dates = [raw[name] for name in raw if spec.fields[name].type is FieldType.DATE]
    count = len(texts[0]) if texts else 0
    undated = (
        (row for row, cells_of in enumerate(zip(*dates, strict=True)) if all(cell in _BLANK for cell in cells_of))
        if dates
        else range(count)
    )
    return {
        row
        for row in undated
        if any(isinstance(value := column[row], str) and fold(value.rstrip(": ")) in _TOTAL_WORDS for column in texts)
    }


def _describe_row(raw: Mapping[str, Sequence[Raw]], index: int) -> str:
    return cells.describe(
        " | ".join(cells.describe(column[index]) for column in raw.values() if column[index] not in _BLANK)
    )


def _read_labelled(match: Match, column: int) -> ReadTable:
    sheet = match.region.sheet
    offset = column - sheet.first_column
    raw: dict[str, Sequence[Raw]] = {}
    for name, number in match.columns.items():
        labelled = sheet.rows[number - sheet.first_row]
        raw[name] = [next((value for value in labelled[offset + 1 :] if value not in _BLANK), None)]
    columns: dict[str, Column] = {}
    rejections: list[Rejection] = []
    letter = column_letters(column + 1)
    for name, values in raw.items():
        columns[name], failed = read_column(
            values, match.spec.fields[name].type, match.spec.formats, match.spec.values.get(name, {})
        )
        row = match.columns[name]
        rejections += [
            Rejection(
                match.spec.name,
                sheet.name,
                f"{letter}{row}",
                row,
                cells.describe(values[0]),
                item.expected,
                row_used=True,
            )
            for item in failed.values()
        ]
    letters = dict.fromkeys(columns, letter)
    rows = np.array([min(match.columns.values())], dtype=np.int64)
    return ReadTable(Table(match.spec, sheet.name, columns, rows, letters, rows_read=1), tuple(rejections))


def read_column(
    values: Sequence[Raw], kind: FieldType, formats: Formats, translations: Mapping[str, str]
) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return a typed column of len(values) and, by index, the cells that could not be understood (unknown in the column)."""
    if kind is FieldType.TEXT:
        return _text_column(values, translations)
    if kind is FieldType.MONEY:
        fast = _scaled_floats(values, cells.MONEY_SCALE, _LARGEST_FAST)
        if fast is not None:
            return fast, {}
        return _scaled_column(values, lambda raw: cells.read_cents(raw, formats), cells.MONEY_SCALE)
    if kind is FieldType.PERCENT:
        fast = _scaled_floats(values, cells.PERCENT_SCALE, 1.0)
        if fast is not None:
            return fast, {}
        return _scaled_column(values, lambda raw: cells.read_percent(raw, formats), cells.PERCENT_SCALE)
    if kind is FieldType.DATE:
        return _date_column(values, formats)
    if kind is FieldType.BOOL:
        return _bool_column(values)
    return _number_column(values, formats)


def _text_column(values: Sequence[Raw], translations: Mapping[str, str]) -> tuple[Column, dict[int, NotUnderstood]]:
    data = np.empty(len(values), dtype=object)
    state: npt.NDArray[np.uint8] | None = None
    failed: dict[int, NotUnderstood] = {}
    folded = {fold(typed): word for typed, word in translations.items()}
    read: dict[str, str | NotUnderstood] = {}
    for index, raw in enumerate(values):
        if raw.__class__ is str:
            text = read.get(raw)
            if text is None:
                text = cells.read_text(raw)
                text = cells.translate(text, folded) if folded and isinstance(text, str) else text
                read[raw] = text
        else:
            text = cells.read_text(raw)
            text = cells.translate(text, folded) if folded and isinstance(text, str) else text
        if isinstance(text, str) and text:
            data[index] = text
            continue
        data[index] = ""
        if state is None:
            state = np.zeros(len(values), dtype=np.uint8)
        if isinstance(text, NotUnderstood):
            failed[index] = text
            state[index] = State.UNKNOWN
        else:
            state[index] = State.BLANK
    return Column(Kind.TEXT, data, state), failed


def _scaled_floats(values: Sequence[Raw], scale: int, largest: float) -> Column | None:
    """Return an exact column when every cell is blank or a plain number up to `largest` (the common case), else None."""
    classes = set(map(type, values))
    if not classes <= {float, int, type(None)}:
        return None
    state: npt.NDArray[np.uint8] | None = None
    if type(None) in classes:
        state = np.fromiter((value is None for value in values), dtype=np.uint8, count=len(values))
        state *= np.uint8(State.BLANK)
        values = [0.0 if value is None else value for value in values]
    numbers = np.array(values, dtype=np.float64)
    magnitude = np.abs(numbers)
    if len(numbers) and not magnitude.max() <= largest:
        return None
    # The decimal value that was typed decides a half, not its binary neighbour: 1.005 is 1.01.
    whole = np.floor(np.round(magnitude * 10**scale, 6) + 0.5)
    return Column(Kind.NUMBER, (np.sign(numbers) * whole).astype(np.int64), state, scale)


def _scaled_column(
    values: Sequence[Raw], read: Callable[[Raw], int | NotUnderstood | None], scale: int
) -> tuple[Column, dict[int, NotUnderstood]]:
    data = np.zeros(len(values), dtype=np.int64)
    state = np.zeros(len(values), dtype=np.uint8)
    failed: dict[int, NotUnderstood] = {}
    for index, raw in enumerate(values):
        number = read(raw)
        if number is None:
            state[index] = State.BLANK
        elif isinstance(number, NotUnderstood):
            failed[index] = number
            state[index] = State.UNKNOWN
        else:
            data[index] = number
    return Column(Kind.NUMBER, data, state if state.any() else None, scale), failed


def _date_column(values: Sequence[Raw], formats: Formats) -> tuple[Column, dict[int, NotUnderstood]]:
    known: dict[date, int] = {}

    def read(raw: Raw) -> int | NotUnderstood | None:
        if raw.__class__ is date:
            serial = known.get(raw)
            if serial is None and raw >= cells.FIRST_DAY:
                known[raw] = serial = to_serial(raw)
            return serial if serial is not None else cells.read_date(raw, formats)
        return cells.read_date(raw.date() if isinstance(raw, datetime) else raw, formats)

    column, failed = _scaled_column(values, read, 0)
    return replace(column, kind=Kind.DATE, scale=None), failed


def _bool_column(values: Sequence[Raw]) -> tuple[Column, dict[int, NotUnderstood]]:
    column, failed = _scaled_column(values, lambda raw: None if (answer := cells.read_bool(raw)) is None else answer, 0)
    return Column(Kind.BOOL, column.data.astype(bool), column.state), failed


def _number_column(values: Sequence[Raw], formats: Formats) -> tuple[Column, dict[int, NotUnderstood]]:
    """Return numbers as whole numbers where all are, else as floats."""
    failed: dict[int, NotUnderstood] = {}
    state = np.zeros(len(values), dtype=np.uint8)
    numbers = np.zeros(len(values), dtype=np.float64)
    for index, raw in enumerate(values):
        value = cells.read_decimal(raw, formats)
        if value is None:
            state[index] = State.BLANK
        elif isinstance(value, NotUnderstood):
            failed[index] = value
            state[index] = State.UNKNOWN
        else:
            numbers[index] = float(value)
    marked = state if state.any() else None
    if len(numbers) == 0 or (np.all(numbers == np.floor(numbers)) and np.abs(numbers).max() < _LARGEST_EXACT):
        return Column(Kind.NUMBER, numbers.astype(np.int64), marked, 0), failed
    return Column(Kind.NUMBER, numbers, marked), failed
