"""How a sample workbook is laid out: columns, styles and lists, written with XlsxWriter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from msgspec import Struct
from xlsxwriter.utility import xl_rowcol_to_cell


class Formula(NamedTuple):
    """A formula of the client's own, with the value that Excel had calculated."""

    text: str
    value: float | str


Value = None | bool | int | float | str | date | Formula
"""A cell. In money columns an int is cents; a text is written as the text that somebody typed."""


class Column(NamedTuple):
    """One column of a list. kind: "text", "date", "month", "money", "percent" or "number"."""

    heading: str
    kind: str = "text"
    width: float = 14
    formula: str = ""


class Look(Struct, frozen=True):
    """The house style of one client: colour of headers, number formats, font."""

    colour: str
    date: str = "dd/mm/yyyy"
    money: str = '#,##0.00;[Red]-#,##0.00;"-"'
    font: str = "Calibri"
    table_style: str = "Table Style Light 9"


class Book:
    """A workbook being written. styles: cell formats by kind, and "header", "title", "label", "note"."""

    def __init__(self, path: Path, look: Look, as_of: date, properties: Mapping[str, str]) -> None:
        # In memory, so that the parts carry one fixed time and the same story gives the same bytes.
        self.workbook: Any = xlsxwriter.Workbook(str(path), {"in_memory": True})
        self.look = look
        self.workbook.set_properties({**properties, "created": datetime.combine(as_of, time(8))})
        font = {"font_name": look.font, "font_size": 10, "valign": "vcenter"}
        self.workbook.formats[0].set_font_name(look.font)
        add = self.workbook.add_format
        cell = {**font, "bottom": 1, "bottom_color": "#E3E3E3"}
        header = {**font, "bold": True, "font_color": "white", "bg_color": look.colour, "text_wrap": True}
        self.styles: dict[str, Any] = {
            "text": add({**cell, "indent": 1}),
            "date": add({**cell, "num_format": look.date, "align": "center"}),
            "month": add({**cell, "num_format": "mmm yyyy", "align": "center"}),
            "money": add({**cell, "num_format": look.money}),
            "percent": add({**cell, "num_format": "0%", "align": "center"}),
            "number": add({**cell, "num_format": '#,##0;-#,##0;"-"'}),
            "header": add({**header, "align": "center", "border": 1, "border_color": "#FFFFFF"}),
            "title": add({**font, "font_size": 15, "bold": True, "font_color": look.colour}),
            "label": add({**font, "bold": True, "font_color": "#595959"}),
            "note": add({**font, "italic": True, "font_color": "#7F7F7F"}),
            "late": add({"font_color": "#9C0006", "bg_color": "#FFC7CE"}),
            "done": add({"font_color": "#7F7F7F"}),
        }

    def close(self) -> None:
        """Write the file."""
        self.workbook.close()

    def add_sheet(self, name: str, colour: str = "") -> Any:
        """Return a new worksheet without grid lines, printed one page wide."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_tab_color(colour or self.look.colour)
        return sheet

    def write(self, sheet: Any, row: int, column: int, value: Value, kind: str = "text") -> None:
        """Write one cell (0-based) in the style of `kind`."""
        style = self.styles[kind]
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, Formula):
            sheet.write_formula(row, column, value.text, style, value.value)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, style)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style)
        elif kind == "money" and isinstance(value, int):
            sheet.write_number(row, column, value / 100, style)
        else:
            sheet.write(row, column, value, style)

    def write_list(
        self,
        sheet: Any,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Value]],
        *,
        top: int = 0,
        left: int = 0,
        table: str | None = None,
        total: Mapping[str, int] | None = None,
    ) -> None:
        """Write headings at row `top` and the rows below: an Excel table if `table` names one, else a plain list.

        total: heading -> sum in cents, for a totals row under an Excel table.
        """
        last = top + len(rows) + (1 if total else 0)
        right = left + len(columns) - 1
        for index, column in enumerate(columns, left):
            sheet.set_column(index, index, column.width)
        sheet.set_row(top, 30)
        if table:
            described = [self._describe(column, total) for column in columns]
            described[0]["total_string"] = "Total" if total else ""
            options = {"name": table, "style": self.look.table_style, "total_row": bool(total), "columns": described}
            sheet.add_table(top, left, last, right, options)
            for index, column in enumerate(columns, left):
                if total and column.heading in total:
                    # With the table's name, as Excel itself writes it; without it only Excel understands the formula.
                    text = f"=SUBTOTAL(109,{table}[{column.heading}])"
                    self.write(sheet, last, index, Formula(text, total[column.heading] / 100), column.kind)
        else:
            for index, column in enumerate(columns, left):
                sheet.write_string(top, index, column.heading, self.styles["header"])
            sheet.autofilter(top, left, last, right)
        for row, values in enumerate(rows, top + 1):
            for index, (column, value) in enumerate(zip(columns, values, strict=True), left):
                self.write(sheet, row, index, value, column.kind)
        sheet.freeze_panes(top + 1, left + 1)
        sheet.repeat_rows(top)

    def _describe(self, column: Column, total: Mapping[str, int] | None) -> dict[str, Any]:
        described: dict[str, Any] = {"header": column.heading, "header_format": self.styles["header"]}
        described["format"] = self.styles[column.kind]
        if column.formula:
            described["formula"] = column.formula
        if total and column.heading in total:
            described |= {"total_function": "sum", "total_value": total[column.heading] / 100}
        return described


def place(columns: Sequence[Column], heading: str, top: int, rows: int) -> str:
    """Return the range ("K2:K221") of the column headed `heading`, under a heading at row `top` (0-based)."""
    index = [column.heading for column in columns].index(heading)
    return f"{xl_rowcol_to_cell(top + 1, index)}:{xl_rowcol_to_cell(top + rows, index)}"
