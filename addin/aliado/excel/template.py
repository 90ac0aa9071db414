"""The template workbook: input tables with lists, checks and help, formulas with our functions, and instructions."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from aliado import __version__
from aliado.cells import indicators
from aliado.excel.template_data import AS_OF, SAMPLE, SHOWN
from aliado.intake.input_sheet import Cell, heading, write_input
from aliado.intake.inputs import Input
from aliado.intake.look import NAVY, Styles
from aliado.intake.start_sheet import STEPS, write_start
from aliado.report.donor import SHEETS
from aliado.rules.choose import choose_pack

CODE_NAMES: Final = ("Inicio", *(item.sheet.es for item in SHOWN), "Indicadores")

ENGLISH: Final = (
    "In English: type or paste your data into the input sheets (or use your own workbook), press Aliado > Actualizar, and "
    "correct what the Rechazos sheet lists. Set the language to «Inglés» on Ficha and the output comes in English. "
    "For an empty workbook in English: aliado new FILE.xlsx --country CC --lang en."
)
CLEAR: Final = {
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
    styles = Styles(book)
    _write_start(book.add_worksheet("Inicio"), styles, macros=vba is not None)
    tables = choose_pack([]).tables
    for item in SHOWN:
        columns = item.columns(tables[item.table].fields, further=False)
        write_input(book.add_worksheet(item.sheet.es), item, columns, SAMPLE[item.table], styles, "es")
    if vba is not None:
        _write_indicators(book.add_worksheet("Indicadores"), styles)
        for sheet, name in zip(book.worksheets(), CODE_NAMES, strict=True):
            sheet.set_vba_name(f"Hoja{name}")
    book.close()
    return buffer.getvalue()


def _write_start(sheet: Any, styles: Styles, *, macros: bool) -> None:
    row = (
        write_start(sheet, styles, "es", steps=STEPS, inputs=SHOWN, linked=SHEETS.keys() - {"budget"}) + 1
    )  # the sample has none
    sheet.merge_range(row, 2, row, 3, CLEAR[macros], styles.wrapped)
    if macros:
        button = {"macro": "AliadoClearSample", "caption": "Vaciar la muestra", "width": 160, "height": 28}
        sheet.insert_button(row + 1, 2, button)
        row += 2
    sheet.merge_range(row + 2, 2, row + 2, 3, ENGLISH, styles.soft)
    sheet.set_row(row + 2, 48)


_SHOWN_KPIS = ("AR-DSO", "AR-OVERDUE", "AR-DAYS-LATE", "AR-CEI", "AR-TOP5")
_KPI_FORMATS = {"%": "0.0%", "days": "0.0", "index": "0.0"}


def _write_indicators(sheet: Any, styles: Styles) -> None:
    """Write the sheet that shows the functions at work; every formula keeps its value, so it shows without them too."""
    from aliado.cells.question import ask

    sheet.hide_gridlines(2)
    sheet.set_tab_color(NAVY)
    sheet.set_column("A:A", 46)
    sheet.set_column("B:I", 15)
    ranges = {item.table: _as_range(item) for item in SHOWN}
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


def _write_spill(sheet: Any, row: int, formula: str, grid: list[list[Any]], styles: Styles) -> None:
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
    columns = item.columns(choose_pack([]).tables[item.table].fields, further=False)
    return [[heading(column, "es") for column in columns], *(list(row) for row in SAMPLE[item.table])]
