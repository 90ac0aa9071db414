"""The template workbook: input tables with lists, checks and help, formulas with our functions, and instructions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from aliado import __version__
from aliado.cells import indicators
from aliado.excel.template_data import AS_OF, CHOICES, INPUTS, OUTPUTS, STATUSES, Cell, Input
from aliado.report.donor import SHEETS
from aliado.rules.choose import choose_pack
from aliado.tables.schema import Field, FieldType

NAVY, PALE, GREY, AMBER, WHITE = "#1F3864", "#DCE6F1", "#595959", "#D68910", "#FFFFFF"
ROWS: Final = 500
"""How far down the checks and lists of an input sheet reach."""

CODE_NAMES: Final = ("Inicio", *(item.sheet for item in INPUTS), "Indicadores")

_WIDTHS = {
    FieldType.TEXT: 24,
    FieldType.DATE: 13,
    FieldType.MONEY: 14,
    FieldType.NUMBER: 10,
    FieldType.PERCENT: 9,
    FieldType.BOOL: 11,
}
_FORMATS = {
    FieldType.DATE: "dd/mm/yyyy",
    FieldType.MONEY: "#,##0.00",
    FieldType.NUMBER: "0",
    FieldType.PERCENT: "0.00%",
}

_RIGHT = {FieldType.DATE, FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT}

STEPS: Final = (
    ("1", "Escriba o pegue los datos en las hojas de entrada, o trabaje sobre su propio libro: Aliado también lo lee."),
    ("2", "Pulse Aliado > Actualizar. Las hojas que escribe Aliado aparecen o se ponen al día."),
    ("3", "Corrija lo que diga Rechazos y vuelva a actualizar. Lo que no se entiende nunca se descarta en silencio."),
    ("4", "Para otra fecha, escríbala en Aliado > Fecha de corte; en blanco es hoy."),
)  # fmt: skip
ENGLISH: Final = (
    "In English: type or paste your data into the input sheets (or use your own workbook), press Aliado > Actualizar, and "
    "correct what the Rechazos sheet lists. Set the language to «Inglés» on Ficha and the output comes in English."
)


SUBTITLE: Final = (
    "El aliado invisible del back office: cobros, vencimientos y cumplimiento en el libro de cada cliente."
)
SAMPLE: Final = {
    True: "Los datos de las hojas de entrada son de muestra. El botón los borra; los encabezados quedan.",
    False: "Los datos de las hojas de entrada son de muestra: bórrelos y conserve los encabezados.",
}
"""Whether there are macros -> what to do with the sample."""


def write_template(vba: bytes | None) -> bytes:
    """Return the template (.xlsx, or .xlsm with a VBA project) with its input sheets filled with the sample."""
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties(
        {"title": "Aliado", "created": datetime.combine(AS_OF, time()), "comments": f"Aliado {__version__}"}
    )
    if vba is not None:
        book.add_vba_project(BytesIO(vba), is_stream=True)
        book.set_vba_name("ThisWorkbook")
    styles = _Styles(book)
    _write_start(book.add_worksheet("Inicio"), styles, macros=vba is not None)
    tables = choose_pack([]).tables
    for item in INPUTS:
        _write_input(book.add_worksheet(item.sheet), item, tables[item.table].fields, styles)
    if vba is not None:
        _write_indicators(book.add_worksheet("Indicadores"), styles)
        for sheet, name in zip(book.worksheets(), CODE_NAMES, strict=True):
            sheet.set_vba_name(f"Hoja{name}")
    book.close()
    return buffer.getvalue()


class _Styles:
    """The cell styles, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.title = self.get(bold=True, font_size=18, font_color=NAVY)
        self.plain = self.get()
        self.soft = self.get(font_color=GREY, text_wrap=True, valign="top")
        self.number = self.get(bold=True, font_color=NAVY, font_size=14, valign="vcenter", align="center")
        self.wrapped = self.get(text_wrap=True, valign="top")
        self.day = self.get(num_format="dd/mm/yyyy", bg_color=PALE, border=1, align="left")

    def head(self, *, required: bool = False, right: bool = False) -> Any:
        """Return the style of a heading; required columns have an amber line below."""
        line = {"bottom": 5, "bottom_color": AMBER} if required else {}
        look = {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "text_wrap": True, "valign": "vcenter"}
        return self.get(**look, **line, **({"align": "right"} if right else {"align": "left", "indent": 1}))

    def get(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": "Calibri", **properties})
        return self._made[key]


def _write_start(sheet: Any, styles: _Styles, *, macros: bool) -> None:
    sheet.hide_gridlines(2)
    sheet.set_tab_color(AMBER)
    for column, width in zip("ABCD", (2, 5, 22, 78), strict=True):
        sheet.set_column(f"{column}:{column}", width)
    sheet.set_row(1, 36)
    sheet.merge_range("B2:D2", "Aliado", styles.get(bold=True, font_size=22, font_color=WHITE, bg_color=NAVY, indent=1, valign="vcenter"))  # fmt: skip
    sheet.merge_range("B3:D3", SUBTITLE, styles.get(font_color=NAVY, bg_color=PALE, indent=1, valign="vcenter"))
    sheet.set_row(2, 22)
    row = 4
    for number, text in STEPS:
        sheet.write(row, 1, number, styles.number)
        sheet.merge_range(row, 2, row, 3, text, styles.get(text_wrap=True, valign="vcenter"))
        sheet.set_row(row, 22)
        row += 1
    row = _write_list(sheet, row + 1, "Hojas de entrada", [(item.sheet, item.about) for item in INPUTS], styles)
    ours = [(title.es, OUTPUTS.get(role, "")) for role, title in SHEETS.items()]
    row = _write_list(sheet, row + 1, "Hojas que escribe Aliado", ours, styles) + 1
    sheet.write(row, 1, "", styles.head(required=True))
    sheet.merge_range(row, 2, row, 3, "Una línea ámbar bajo el encabezado: columna obligatoria. Las demás pueden quedar en blanco.", styles.soft)  # fmt: skip
    row += 2
    sheet.merge_range(row, 2, row, 3, SAMPLE[macros], styles.wrapped)
    if macros:
        button = {"macro": "AliadoClearSample", "caption": "Vaciar la muestra", "width": 160, "height": 28}
        sheet.insert_button(row + 1, 2, button)
        row += 2
    sheet.merge_range(row + 2, 2, row + 2, 3, ENGLISH, styles.soft)
    sheet.set_row(row + 2, 48)
    sheet.fit_to_pages(1, 1)
    sheet.set_paper(9)


def _write_list(sheet: Any, row: int, title: str, lines: Sequence[tuple[str, str]], styles: _Styles) -> int:
    """Write a section that leads to sheets and says what is on each; return the next row."""
    sheet.merge_range(row, 1, row, 3, title, styles.get(bold=True, font_color=NAVY, font_size=12, bottom=2, bottom_color=NAVY))  # fmt: skip
    link = styles.get(font_color=NAVY, underline=1, bottom=4, bottom_color="#BFBFBF")
    plain = styles.get(font_color=GREY, bottom=4, bottom_color="#BFBFBF")
    for name, about in lines:
        row += 1
        sheet.write_url(row, 2, f"internal:'{name}'!A1", link, name)
        sheet.write(row, 3, about, plain)
    return row + 1


def _write_input(sheet: Any, item: Input, fields: Mapping[str, Field], styles: _Styles) -> None:
    columns = []
    for column, name in enumerate(item.fields):
        spec = fields[name]
        title = spec.title.es if spec.title else name
        form = styles.get(num_format=_FORMATS[spec.type]) if spec.type in _FORMATS else styles.get(indent=1)
        sheet.set_column(column, column, max(_WIDTHS[spec.type], len(title) + 2), form)
        head = styles.head(required=spec.required, right=spec.type in _RIGHT)
        columns.append({"header": title, "header_format": head, "format": form})
        sheet.data_validation(1, column, ROWS, column, _validation(item.table, spec, title))
    last = len(item.rows)
    sheet.add_table(
        0, 0, last, len(columns) - 1, {"name": item.sheet, "columns": columns, "style": "Table Style Light 1"}
    )
    for row, cells in enumerate(item.rows, 1):
        for column, cell in enumerate(cells):
            _write_cell(sheet, row, column, cell, columns[column]["format"])
    sheet.set_row(0, 30)
    sheet.set_tab_color(NAVY)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, form: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, datetime.combine(cell, time()), form)
    elif isinstance(cell, float):
        sheet.write_number(row, column, cell, form)
    elif cell is not None:
        sheet.write_string(row, column, cell, form)


def _validation(table: str, spec: Field, title: str) -> dict[str, Any]:
    need = "Obligatorio" if spec.required else "Opcional"
    checks: dict[str, Any] = {"input_title": title[:32]}
    offered = STATUSES.get(table) if spec.name == "status" else CHOICES.get(spec.name)
    if offered:
        return checks | {
            "validate": "list",
            "source": list(offered),
            "error_type": "information",
            "input_message": f"{need}. Elija de la lista.",
            "error_message": "No está en la lista; Aliado puede no entenderlo.",
        }
    if spec.type is FieldType.DATE:
        return checks | {
            "validate": "date",
            "criteria": "between",
            "minimum": date(2000, 1, 1),
            "maximum": date(2099, 12, 31),
            "error_type": "warning",
            "input_message": f"{need}. Una fecha de Excel.",
            "error_message": "Aquí va una fecha.",
        }
    if spec.type in {FieldType.MONEY, FieldType.NUMBER}:
        return checks | {
            "validate": "decimal",
            "criteria": "between",
            "minimum": -1e12,
            "maximum": 1e12,
            "error_type": "warning",
            "input_message": f"{need}. Solo el número; las notas de crédito, en negativo."
            if spec.type is FieldType.MONEY
            else f"{need}. Un número.",
            "error_message": "Aquí va un número.",
        }
    return checks | {"validate": "any", "input_message": f"{need}. Texto."}


_SHOWN_KPIS = ("AR-DSO", "AR-OVERDUE", "AR-DAYS-LATE", "AR-CEI", "AR-TOP5")
_KPI_FORMATS = {"%": "0.0%", "days": "0.0", "index": "0.0"}


def _write_indicators(sheet: Any, styles: _Styles) -> None:
    """Write the sheet that shows the functions at work; every formula keeps its value, so it shows without them too."""
    from aliado.cells.question import ask

    sheet.hide_gridlines(2)
    sheet.set_tab_color(NAVY)
    sheet.set_column("A:A", 46)
    sheet.set_column("B:I", 15)
    ranges = {item.table: _as_range(item) for item in INPUTS}
    money = (ranges["invoices"], AS_OF, ranges["receipts"], ranges["profile"])
    arguments = "Facturas[#All],Indicadores!$B$3,Cobros[#All],Ficha[#All]"
    sheet.write("A1", "Indicadores", styles.title)
    sheet.write("A3", "Fecha de corte (o =HOY())", styles.plain)
    sheet.write_datetime("B3", datetime.combine(AS_OF, time()), styles.day)
    sheet.write("A5", "Indicador", styles.head())
    sheet.write("B5", "Valor", styles.head(right=True))
    known = {
        kpi.id: kpi for kpi in ask(AS_OF, None, None, {k: ranges[k] for k in ("invoices", "receipts", "profile")}).kpis
    }
    row = 5
    for name in _SHOWN_KPIS:
        form = styles.get(num_format=_KPI_FORMATS.get(known[name].unit, "#,##0.00"), align="right")
        sheet.write_string(row, 0, f"{known[name].title.es} ({name})", styles.plain)
        sheet.write_formula(row, 1, f'=ALIADO_KPI("{name}",{arguments})', form, indicators.ALIADO_KPI(name, *money))
        row += 1
    for title, formula, grid in (
        ("Antigüedad por cliente", f"=ALIADO_AGEING({arguments})", indicators.ALIADO_AGEING(*money)),
        ("Facturas vencidas", f"=ALIADO_OVERDUE({arguments})", indicators.ALIADO_OVERDUE(*money)),
    ):
        row += 2
        sheet.write_string(row - 1, 0, title, styles.get(bold=True, font_color=NAVY, font_size=13))
        _write_spill(sheet, row, formula, grid, styles)
        row += len(grid)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_spill(sheet: Any, row: int, formula: str, grid: list[list[Any]], styles: _Styles) -> None:
    """Write an array formula over the cells that its present value takes, with that value in them."""
    width = len(grid[0])
    amount, day = styles.get(num_format="#,##0.00"), styles.get(num_format="dd/mm/yyyy", align="left")
    sheet.write_dynamic_array_formula(row, 0, row + len(grid) - 1, width - 1, formula, styles.plain, grid[0][0])
    for i, line in enumerate(grid):
        for j, value in enumerate(line):
            if (i, j) == (0, 0):
                continue
            if isinstance(value, date):
                sheet.write_number(row + i, j, float((value - date(1899, 12, 30)).days), day)
            elif isinstance(value, (float, Decimal)):
                sheet.write_number(row + i, j, float(value), amount)
            else:
                sheet.write_string(row + i, j, str(value), styles.plain)


def _as_range(item: Input) -> list[list[Cell]]:
    fields = choose_pack([]).tables[item.table].fields
    titles: Iterable[Cell] = (title.es if (title := fields[name].title) else name for name in item.fields)
    return [list(titles), *(list(row) for row in item.rows)]
