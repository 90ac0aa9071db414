"""The column headed "Aliado" in a client's table of invoices: what a refresh writes into it, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from aliado.language import Language, Text, fold
from aliado.rules.assessment import Assessment, Finding, Severity
from aliado.tables.raw import filled_cells
from aliado.tables.regions import column_letters
from aliado.tables.table import Table
from aliado.workbook.sheet import Sheet, column_of

HEADING: Final = "aliado"
"""The heading that asks for the column, as `fold` gives it."""
SIGNS: Final[Mapping[Severity, str]] = {"red": "▲", "amber": "△", "info": "○"}
"""What each text begins with, by severity; a cell that begins otherwise was not written by a refresh."""
LONGEST: Final = 80
_RANKS: Final = {severity: place for place, severity in enumerate(SIGNS)}

_WRITTEN = Text(
    "Columna «Aliado» de {sheet} ({column}): {count} filas con aviso. La escribe cada refresco; en las demás celdas de la hoja no se toca nada.",
    "Column “Aliado” of {sheet} ({column}): {count} rows with an alert. Every refresh writes it; nothing else of the sheet is touched.",
)
_FOREIGN = Text(
    "La columna «Aliado» de {sheet} no se ha rellenado: {cell} contiene «{found}», que no escribió Aliado. Vacíe la columna o cámbiele el encabezado.",
    "Column “Aliado” of {sheet} was not filled in: {cell} holds “{found}”, which Aliado did not write. Empty the column or change its heading.",
)
_PROTECTED = Text("La hoja está protegida.", "The sheet is protected.")
_UNWRITABLE = Text(
    "La columna «Aliado» de {sheet} no se ha rellenado. {reason}",
    "Column “Aliado” of {sheet} was not filled in. {reason}",
)


class StatusColumn(Struct, frozen=True):
    """What the column is to hold. column: 1-based. changes: worksheet row -> text (None = blank), where it differs.

    note: what the audit says about it.
    """

    sheet: str
    column: int
    changes: Mapping[int, str | None]
    note: Text

    def refused(self, reason: Text) -> Text:
        """Return what the audit says when the cells could not be written."""
        return Text(
            _UNWRITABLE.es.format(sheet=self.sheet, reason=reason.es),
            _UNWRITABLE.en.format(sheet=self.sheet, reason=reason.en),
        )


def read_status_column(assessment: Assessment, sheets: Iterable[Sheet], language: Language) -> StatusColumn | None:
    """Return the status column of the invoices as it should be, None when the client has no such column.

    A column that holds anything a refresh did not write is the client's: it gets no changes, and the note says why.
    """
    table = assessment.tables.get("invoices")
    if table is None or not table.header_row:
        return None
    sheet = next((item for item in sheets if item.name == table.sheet and item.role is None), None)
    column = _find_column(table, sheet) if sheet else None
    if sheet is None or column is None:
        return None
    first, last = table.header_row + 1, _last_row(table, sheet)
    present = _present(sheet, column, first, last)
    foreign = [row for row, value in present.items() if not _is_ours(value)]
    end_of_data = int(table.rows.max()) if len(table) else table.header_row
    if foreign and foreign[0] <= end_of_data:
        cell = f"{column_letters(column)}{foreign[0]}"
        note = _FOREIGN.format(sheet=sheet.name, cell=cell, found=str(present[foreign[0]])[:40])
        return StatusColumn(sheet.name, column, {}, note)
    present = {row: value for row, value in present.items() if _is_ours(value)}
    if sheet.protected:
        empty = StatusColumn(sheet.name, column, {}, Text("", ""))
        return StatusColumn(sheet.name, column, {}, empty.refused(_PROTECTED))
    wanted = write_texts(assessment.findings, table, language)
    wanted = {row: text for row, text in wanted.items() if first <= row <= last}
    rows = sorted({*present, *wanted})
    changes = {row: wanted.get(row) for row in rows if wanted.get(row) != present.get(row)}
    note = _WRITTEN.format(sheet=sheet.name, column=column_letters(column), count=len(wanted))
    return StatusColumn(sheet.name, column, changes, note)


def write_texts(findings: Iterable[Finding], table: Table, language: Language) -> dict[int, str]:
    """Return worksheet row -> its worst alert in short; rows without one are absent."""
    worst: dict[int, Finding] = {}
    for finding in findings:
        if finding.row is None or finding.table != table.spec.name or finding.sheet != table.sheet:
            continue
        rival = worst.get(finding.row)
        if rival is None or _rank(finding) < _rank(rival):  # as they come when they rank alike
            worst[finding.row] = finding
    written: dict[tuple[Severity, Text, Text, Text], str] = {}  # a rule says the same of many rows
    texts: dict[int, str] = {}
    for row, finding in worst.items():
        said = finding.severity, finding.level, finding.action, finding.title
        if said not in written:
            written[said] = write_text(finding, language)
        texts[row] = written[said]
    return texts


def write_text(finding: Finding, language: Language) -> str:
    """Return an alert as a cell shows it: "▲ 31-60: segunda carta", or "▲ Factura duplicada" when it has no level and action."""
    level, action, title = (text.to(language).strip() for text in (finding.level, finding.action, finding.title))
    said = f"{level}: {action}" if level and action else title
    text = f"{SIGNS[finding.severity]} {' '.join(said.split())}"
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _is_ours(value: object) -> bool:
    return isinstance(value, str) and value.startswith(tuple(f"{sign} " for sign in SIGNS.values()))


def _rank(finding: Finding) -> tuple[int, bool]:
    """Return what puts one alert before another: its severity, then that it says how far things have come."""
    return _RANKS[finding.severity], not finding.level.es


def _find_column(table: Table, sheet: Sheet) -> int | None:
    """Return the one column of the table's heading row that asks for it; a heading that is a field stays a field."""
    cells = _row(sheet, table.header_row)
    first, last = sheet.first_column, sheet.first_column + len(cells) - 1
    for item in sheet.tables:
        if item.name == table.excel_table:
            first, last = item.first_column, item.last_column
    found = [
        column
        for column in range(first, last + 1)
        if 0 <= column - sheet.first_column < len(cells)
        and isinstance(heading := cells[column - sheet.first_column], str)
        and fold(heading) == HEADING
        and column_letters(column) not in table.cells.values()
    ]
    return found[0] if len(found) == 1 else None


def _last_row(table: Table, sheet: Sheet) -> int:
    for item in sheet.tables:
        if item.name == table.excel_table:
            return item.last_row - item.totals_rows
    following = [item.first_row for item in sheet.tables if item.first_row > table.header_row]
    return min([sheet.first_row + len(sheet.rows) - 1, *(row - 1 for row in following)])


def _row(sheet: Sheet, number: int) -> Sequence[object]:
    index = number - sheet.first_row
    return sheet.rows[index] if 0 <= index < len(sheet.rows) else ()


def _present(sheet: Sheet, column: int, first: int, last: int) -> dict[int, object]:
    """Return row -> what the cells of a column hold between two rows; blank ones are absent."""
    skipped = max(first - sheet.first_row, 0)
    cells = column_of(sheet.rows, column - sheet.first_column)[skipped : last - sheet.first_row + 1]
    return {sheet.first_row + skipped + place: value for place, value in filled_cells(cells)}
