"""One input sheet: an Excel table with the headings of a canonical table, with checks, lists and help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from aliado.intake.inputs import Input, choices
from aliado.intake.look import DAY, NAVY, Styles
from aliado.language import Language, Text
from aliado.tables.schema import Field, FieldType

Cell = str | float | date | None

ROWS: Final = 500
"""How far down the checks and lists of an input sheet reach."""

_WIDTHS = {
    FieldType.TEXT: 24,
    FieldType.DATE: 13,
    FieldType.MONEY: 14,
    FieldType.NUMBER: 10,
    FieldType.PERCENT: 9,
    FieldType.BOOL: 11,
}
_FORMATS = {
    FieldType.DATE: DAY,
    FieldType.MONEY: "#,##0.00",
    FieldType.NUMBER: "0",
    FieldType.PERCENT: "0.00%",
}
_RIGHT = {FieldType.DATE, FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT}

_NEED = {True: Text("Obligatorio", "Required"), False: Text("Opcional", "Optional")}
_LIST = Text("Elija de la lista.", "Choose from the list.")
_NOT_LISTED = Text(
    "No está en la lista; Aliado puede no entenderlo.", "It is not in the list; Aliado may not understand it."
)
_DATE = Text("Una fecha de Excel.", "An Excel date.")
_NO_DATE = Text("Aquí va una fecha.", "A date goes here.")
_AMOUNT = Text(
    "Solo el número; las notas de crédito, en negativo.", "The number alone; credit notes as negative amounts."
)
_NUMBER = Text("Un número.", "A number.")
_NO_NUMBER = Text("Aquí va un número.", "A number goes here.")
_ANY = Text("Texto.", "Text.")


def write_input(
    sheet: Any,
    item: Input,
    columns: Sequence[Field],
    rows: Sequence[Sequence[Cell]],
    styles: Styles,
    language: Language,
) -> None:
    """Write an input table into a worksheet of XlsxWriter's. rows: what it holds; one blank row when there is none."""
    described = []
    for column, spec in enumerate(columns):
        title = heading(spec, language)
        form = styles.get(num_format=_FORMATS[spec.type]) if spec.type in _FORMATS else styles.get(indent=1)
        sheet.set_column(column, column, max(_WIDTHS[spec.type], len(title) + 2), form)
        head = styles.head(required=spec.required, right=spec.type in _RIGHT)
        described.append({"header": title, "header_format": head, "format": form})
        sheet.data_validation(1, column, ROWS, column, _validation(item.table, spec, language))
    settings = {"name": item.sheet.to(language), "columns": described, "style": "Table Style Light 1"}
    sheet.add_table(0, 0, max(len(rows), 1), len(columns) - 1, settings)
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            _write_cell(sheet, row, column, cell, described[column]["format"])
    sheet.set_row(0, 30)
    sheet.set_tab_color(NAVY)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def heading(spec: Field, language: Language) -> str:
    """Return what a field's column is headed."""
    return spec.title.to(language) if spec.title else spec.name


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, form: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, datetime.combine(cell, time()), form)
    elif isinstance(cell, float):
        sheet.write_number(row, column, cell, form)
    elif cell is not None:
        sheet.write_string(row, column, cell, form)


def _validation(table: str, spec: Field, language: Language) -> dict[str, Any]:
    need = _NEED[spec.required].to(language)
    checks: dict[str, Any] = {"input_title": heading(spec, language)[:32]}
    offered = choices(table, spec.name)
    if offered:
        return checks | {
            "validate": "list",
            "source": [word.to(language) for word in offered],
            "error_type": "information",
            "input_message": f"{need}. {_LIST.to(language)}",
            "error_message": _NOT_LISTED.to(language),
        }
    if spec.type is FieldType.DATE:
        return checks | {
            "validate": "date",
            "criteria": "between",
            "minimum": date(2000, 1, 1),
            "maximum": date(2099, 12, 31),
            "error_type": "warning",
            "input_message": f"{need}. {_DATE.to(language)}",
            "error_message": _NO_DATE.to(language),
        }
    if spec.type in {FieldType.MONEY, FieldType.NUMBER}:
        expected = _AMOUNT if spec.type is FieldType.MONEY else _NUMBER
        return checks | {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -1e12,
            "maximum": 1e12,
            "error_type": "warning",
            "input_message": f"{need}. {expected.to(language)}",
            "error_message": _NO_NUMBER.to(language),
        }
    return checks | {"validate": "any", "input_message": f"{need}. {_ANY.to(language)}"}
