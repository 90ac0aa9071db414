"""Notes that people wrote beside alerts on our sheets, read back so that none is ever lost.

The table may have been sorted, filtered, moved, given more columns or written in the other language: it is found by its
headings, and each note by what stands in its own row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from aliado.language import Text, fold
from aliado.report import words
from aliado.report.alert_log import AlertId, as_text
from aliado.tables.raw import filled_cells
from aliado.workbook.sheet import CellValue, Sheet, column_of

Note = str | int | float | bool | date
"""What a person may have typed: text, a number, a date."""

_HEADINGS: Final = (
    words.RULE,
    words.KEY,
    words.SUBJECT,
    words.SEVERITY,
    words.MESSAGE,
    words.WHERE,
    words.PEOPLE_NOTES,
    words.MARK,
    words.WHY,
)
"""Headings that tell the row of headings from others."""
_NAMES: Final[Mapping[str, Text]] = {fold(spelling): heading for heading in _HEADINGS for spelling in heading}
_FEWEST: Final = 3
"""Headings of ours that make a row the table's head."""
_DEEPEST: Final = 200
"""Rows in which the head is looked for."""


def read_notes(sheet: Sheet) -> dict[AlertId, Note]:
    """Return the notes on a sheet by the alert that they stand beside; what stands beside none has an empty rule and key."""
    head = _find_head(sheet)
    if head is None:
        return {}
    top, columns, others = head
    rows = sheet.rows[top + 1 :]
    noted = [index for index in (columns.get(words.PEOPLE_NOTES), *others) if index is not None]
    filled = sorted({place for index in noted for place, _ in filled_cells(column_of(rows, index))})
    notes: dict[AlertId, Note] = {}
    numbers: list[int] = []
    for place in filled:  # most alerts have none
        row = rows[place]
        written = _note(row, columns.get(words.PEOPLE_NOTES), others)
        if written is None:
            continue
        rule, key = _rule_and_key(row, columns)
        alert = _marked(rule, key, _name(_cell(row, columns.get(words.MARK))))
        if alert is None:
            numbers = numbers or _number(rows, columns)
            alert = AlertId(rule, "", key, numbers[place])
        add_note(notes, alert, written)
    return notes


def write_mark(alert: AlertId) -> str:
    """Return what tells alerts of one rule on one key apart, as it stands in the hidden column: invoices#1."""
    return f"{alert.table}#{alert.number}"


def add_note(notes: dict[AlertId, Note], alert: AlertId, note: Note) -> None:
    """Add a note; one that is already there for that alert is kept as well."""
    if alert in notes and notes[alert] != note:
        notes[alert] = f"{say_note(notes[alert])}\n{say_note(note)}"
    else:
        notes[alert] = note


def take_note(notes: dict[AlertId, Note], alert: AlertId) -> Note | None:
    """Return an alert's note and take it out of `notes`; one whose hidden mark was lost goes by rule and key."""
    if not notes:
        return None
    for name in (alert, alert._replace(table="")):
        if name in notes:
            return notes.pop(name)
    return None


def say_note(note: Note) -> str:
    """Return a note as text."""
    return note.isoformat() if isinstance(note, date) else str(note)


def _rule_and_key(row: Sequence[CellValue], columns: Mapping[Text, int]) -> tuple[str, str]:
    return _name(_cell(row, columns.get(words.RULE))), _name(_cell(row, columns.get(words.KEY)))


def _marked(rule: str, key: str, mark: str) -> AlertId | None:
    """Return the alert that a row's hidden mark tells, None when it was lost."""
    table, _, number = mark.rpartition("#")
    return AlertId(rule, table, key, int(number)) if table and number.isascii() and number.isdigit() else None


def _number(rows: Sequence[Sequence[CellValue]], columns: Mapping[Text, int]) -> list[int]:
    """Return for each row how many up to it have its rule and key."""
    counted: Counter[tuple[str, str]] = Counter()
    numbers = []
    for row in rows:
        name = _rule_and_key(row, columns)
        counted[name] += 1
        numbers.append(counted[name])
    return numbers


def _find_head(sheet: Sheet) -> tuple[int, Mapping[Text, int], Mapping[int, str]] | None:
    """Return the row of headings, the column of each heading of ours, and the headings that people added on the right.

    A row with a heading for notes goes before any other.
    """
    best: tuple[bool, int] = (False, _FEWEST - 1)
    top = None
    for index, row in enumerate(sheet.rows[:_DEEPEST]):
        found = {_NAMES[fold(cell)] for cell in row if isinstance(cell, str) and fold(cell) in _NAMES}
        rank = (words.PEOPLE_NOTES in found, len(found))
        if rank > best and len(found) >= _FEWEST:
            best, top = rank, index
    if top is None:
        return None
    columns: dict[Text, int] = {}
    others: dict[int, str] = {}
    for index, cell in enumerate(sheet.rows[top]):
        text = _name(cell)
        heading = _NAMES.get(fold(text))
        if heading is not None and heading not in columns:
            columns[heading] = index
        elif text:
            others[index] = text
    last = columns.get(words.PEOPLE_NOTES, columns.get(words.WHERE))
    return top, columns, {index: text for index, text in others.items() if last is not None and index > last}


def _note(row: Sequence[CellValue], column: int | None, others: Mapping[int, str]) -> Note | None:
    note = _typed(_cell(row, column))
    added = [
        f"{heading}: {say_note(extra)}"
        for index, heading in others.items()
        if (extra := _typed(_cell(row, index))) is not None
    ]
    if not added:
        return note
    return "\n".join([*([] if note is None else [say_note(note)]), *added])


def _typed(cell: CellValue) -> Note | None:
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    if cell is None or isinstance(cell, (bool, int, float, date)):
        return cell
    return str(cell)


def _cell(row: Sequence[CellValue], column: int | None) -> CellValue:
    return row[column] if column is not None and column < len(row) else None


def _name(cell: CellValue) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return (
        ""
        if cell is None
        else as_text(say_note(cell) if isinstance(cell, (str, int, float, bool, date)) else str(cell))
    )
