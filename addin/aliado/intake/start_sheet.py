"""The first sheet: what to do, which sheets take data and which ones Aliado writes, with links to those that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from aliado.intake.inputs import Input
from aliado.intake.look import AMBER, GREY, NAVY, PALE, WHITE, Styles
from aliado.language import Language, Text
from aliado.report.donor import SHEETS

NAME: Final = Text("Inicio", "Start")

SUBTITLE: Final = Text(
    "El aliado invisible del back office: cobros, vencimientos y cumplimiento en el libro de cada cliente.",
    "The invisible ally of the back office: collections, deadlines and compliance in each client's workbook.",
)
STEPS: Final = (
    Text("Escriba o pegue los datos en las hojas de entrada, o trabaje sobre su propio libro: Aliado también lo lee.", "Type or paste the data into the input sheets, or work in your own workbook: Aliado reads it too."),
    Text("Pulse Aliado > Actualizar. Las hojas que escribe Aliado aparecen o se ponen al día.", "Press Aliado > Actualizar. The sheets that Aliado writes appear or are brought up to date."),
    Text("Corrija lo que diga Rechazos y vuelva a actualizar. Lo que no se entiende nunca se descarta en silencio.", "Correct what the sheet Rejected lists and refresh again. What is not understood is never dropped silently."),
    Text("Para otra fecha, escríbala en Aliado > Fecha de corte; en blanco es hoy.", "For another date, type it in Aliado > Fecha de corte; blank means today."),
)  # fmt: skip
"""What to do, with our ribbon."""

FIRST_STEPS: Final = (
    Text("Complete la Ficha: nombre, identificación fiscal y tipo deciden qué obligaciones valen y cuándo vencen.", "Complete the Profile: name, tax ID and kind decide which obligations apply and when they are due."),
    Text("Escriba o pegue los datos en las hojas de entrada, o impórtelos: aliado import FICHERO.csv LIBRO.", "Type or paste the data into the input sheets, or import them: aliado import FILE.csv WORKBOOK."),
    Text("Actualice: aliado refresh LIBRO, o Aliado > Actualizar en Excel. Las hojas de Aliado aparecen tras las suyas.", "Refresh: aliado refresh WORKBOOK, or Aliado > Actualizar in Excel. Aliado's sheets appear after yours."),
    Text("Corrija lo que diga Rechazos y actualice otra vez. Lo que no se entiende nunca se descarta en silencio.", "Correct what the sheet Rejected lists and refresh again. What is not understood is never dropped silently."),
)  # fmt: skip
"""What to do with an empty workbook."""

_INPUTS = Text("Hojas de entrada", "Input sheets")
_OUTPUTS = Text("Hojas que escribe Aliado", "Sheets that Aliado writes")
_REQUIRED = Text(
    "Una línea ámbar bajo el encabezado: columna obligatoria. Las demás pueden quedar en blanco.",
    "An amber line under the heading: a required column. The others may stay blank.",
)
OUTPUTS: Final = {
    "panel": Text("Indicadores, antigüedad, alertas y obligaciones en una página.", "KPIs, ageing, alerts and obligations on one page."),
    "alerts": Text("Qué hay que atender, lo más grave primero, y por qué.", "What needs attention, worst first, and why."),
    "warnings": Text("Lo que se sale de lo habitual.", "What is out of the ordinary."),
    "changes": Text("Lo nuevo, lo resuelto y lo que se movió desde la vez anterior.", "What is new, solved or moved since last time."),
    "ageing": Text("Quién debe, cuánto y desde cuándo, factura a factura.", "Who owes, how much and since when, invoice by invoice."),
    "dunning": Text("La carta que toca a cada factura vencida.", "The next letter for each overdue invoice."),
    "payables": Text("Lo que se debe a proveedores y cuándo vence.", "What is owed to suppliers and when it is due."),
    "budget": Text("Lo real frente a lo presupuestado.", "Actual against budget."),
    "calendar": Text("Los vencimientos del año, según el dígito y los festivos.", "The year's deadlines, by tax id digit and holidays."),
    "compliance": Text("Obligaciones y documentos: al día, por vencer o sin presentar.", "Obligations and documents: in order, due soon or not filed."),
    "team": Text("Las tareas de cada responsable.", "The tasks of each owner."),
    "history": Text("Cada cierre de mes, para ver la tendencia.", "Each month end, to see the trend."),
    "rejected": Text("Las celdas que no se pudieron leer, y qué se esperaba en ellas.", "The cells that could not be read, and what was expected in them."),
    "audit": Text("De qué datos y con qué reglas sale cada cifra, y si cuadra.", "From which data and by which rules each figure comes, and whether it ties."),
}  # fmt: skip
"""Role of a sheet of ours -> what stands on it."""


def write_start(
    sheet: Any,
    styles: Styles,
    language: Language,
    *,
    steps: Sequence[Text],
    inputs: Iterable[Input],
    linked: Collection[str],
) -> int:
    """Write the first sheet and return the row after its last line. linked: the roles of sheets of ours to lead to."""
    sheet.hide_gridlines(2)
    sheet.set_tab_color(AMBER)
    for column, width in zip("ABCD", (2, 5, 22, 78), strict=True):
        sheet.set_column(f"{column}:{column}", width)
    sheet.set_row(1, 36)
    sheet.merge_range("B2:D2", "Aliado", styles.get(bold=True, font_size=22, font_color=WHITE, bg_color=NAVY, indent=1, valign="vcenter"))  # fmt: skip
    sheet.merge_range("B3:D3", SUBTITLE.to(language), styles.get(font_color=NAVY, bg_color=PALE, indent=1, valign="vcenter"))  # fmt: skip
    sheet.set_row(2, 22)
    row = 4
    for number, text in enumerate(steps, 1):
        sheet.write(row, 1, str(number), styles.number)
        sheet.merge_range(row, 2, row, 3, text.to(language), styles.get(text_wrap=True, valign="vcenter"))
        sheet.set_row(row, 22)
        row += 1
    theirs = [(item.sheet.to(language), item.about.to(language), True) for item in inputs]
    row = _write_list(sheet, row + 1, _INPUTS.to(language), theirs, styles)
    ours = [(title.to(language), OUTPUTS[role].to(language), role in linked) for role, title in SHEETS.items()]
    row = _write_list(sheet, row + 1, _OUTPUTS.to(language), ours, styles) + 1
    sheet.write(row, 1, "", styles.head(required=True))
    sheet.merge_range(row, 2, row, 3, _REQUIRED.to(language), styles.soft)
    sheet.fit_to_pages(1, 1)
    sheet.set_paper(9)
    return row + 1


def _write_list(sheet: Any, row: int, title: str, lines: Sequence[tuple[str, str, bool]], styles: Styles) -> int:
    """Write a section: sheets, what is on each, and whether to lead there; return the next row."""
    sheet.merge_range(row, 1, row, 3, title, styles.get(bold=True, font_color=NAVY, font_size=12, bottom=2, bottom_color=NAVY))  # fmt: skip
    line = {"bottom": 4, "bottom_color": "#BFBFBF"}
    link, name_only = styles.get(font_color=NAVY, underline=1, **line), styles.get(font_color=NAVY, **line)
    plain = styles.get(font_color=GREY, **line)
    for name, about, leads in lines:
        row += 1
        if leads:
            sheet.write_url(row, 2, f"internal:'{name}'!A1", link, name)
        else:
            sheet.write_string(row, 2, name, name_only)
        sheet.write(row, 3, about, plain)
    return row + 1
