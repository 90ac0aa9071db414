"""What the ribbon tells about an open workbook without changing it: each returns what to say, and where to go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from aliado.cells.question import language_of
from aliado.excel.actions import assess_live
from aliado.excel.answer import Answer, write_list
from aliado.excel.book import LiveBook, read_live_book
from aliado.language import Language, Text, write_date
from aliado.locales import locale_of, write_amount
from aliado.rules.assessment import Assessment


def check(book: Any, as_of: date) -> Answer:
    """Return the cells that could not be read, and go to the first."""
    _, assessment, language = _assess(book, as_of)
    rejected = assessment.rejections
    if not rejected:
        read = sum(len(table) for table in assessment.tables.values())
        return Answer(_ALL_READ.format(count=read).to(language))
    lines = [f"{item.sheet}!{item.cell}: «{item.found}» → {item.expected.to(language)}" for item in rejected]
    head = _REJECTED.format(count=len(rejected)).to(language)
    return Answer(write_list(head, lines, language), rejected[0].sheet, rejected[0].cell)


def overdue(book: Any, as_of: date) -> Answer:
    """Return the overdue invoices and their sums by currency, and go to the oldest."""
    _, assessment, language = _assess(book, as_of)
    items = assessment.overdue
    if not items:
        return Answer(_NONE_OVERDUE.format(date=write_date(as_of, language)).to(language))
    locale = locale_of(language, assessment.profile.country)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        sums[item.currency] += item.balance
    total = ", ".join(f"{write_amount(amount, locale)} {currency}" for currency, amount in sums.items())
    head = _OVERDUE.format(count=len(items), date=write_date(as_of, language), total=total).to(language)
    lines = [
        f"{item.number} · {item.customer} · {item.days} d · {write_amount(item.balance, locale)} {item.currency}"
        for item in items
    ]
    return Answer(write_list(head, lines, language), items[0].sheet, f"A{items[0].row}")


def explain(book: Any, as_of: date) -> Answer:
    """Return what the rules say of the selected row, or how the selected indicator is computed."""
    live, assessment, language = _assess(book, as_of)
    sheet, row, texts = selected_row(book)
    if sheet in live.owned.values():
        found = [kpi for kpi in assessment.kpis if kpi.title.to(language) in texts or kpi.id in texts]
        lines = [f"{kpi.id} · {kpi.title.to(language)}\n{kpi.method.to(language)}" for kpi in found]
        return Answer("\n\n".join(lines) or _SELECT_SOMETHING.to(language))
    lines = [
        f"{item.rule} · {item.title.to(language)}\n{item.message.to(language)}"
        for item in assessment.findings
        if item.sheet == sheet and item.row == row
    ]
    lines += [
        f"{item.sheet}!{item.cell}: «{item.found}» → {item.expected.to(language)}"
        for item in assessment.rejections
        if item.sheet == sheet and item.row == row
    ]
    return Answer("\n\n".join(lines) or _NOTHING_SAID.format(sheet=sheet, row=row).to(language))


def go_to_source(book: Any, as_of: date) -> Answer:
    """Return where the selected alert, rejected cell or customer of ours comes from."""
    live, assessment, language = _assess(book, as_of)
    role = {name: role for role, name in live.owned.items()}.get(book.sheets.active.name)
    _, _, texts = selected_row(book)
    found: Iterable[tuple[str | None, str]] = ()
    if role == "alerts":
        found = (
            (item.sheet, item.cell or f"A{item.row}")
            for item in assessment.findings
            if item.row is not None and item.rule in texts and item.key in texts
        )
    elif role == "rejected":
        found = (
            (item.sheet, item.cell) for item in assessment.rejections if item.sheet in texts and item.cell in texts
        )
    elif role == "ageing":
        found = ((item.sheet, f"A{item.row}") for item in assessment.overdue if item.customer in texts)
    for sheet, cell in found:
        return Answer("", sheet, cell)
    return Answer(_NO_SOURCE.to(language))


def _assess(book: Any, as_of: date) -> tuple[LiveBook, Assessment, Language]:
    live = read_live_book(book)
    assessment = assess_live(live, as_of)
    return live, assessment, language_of(assessment.profile)


def selected_row(book: Any) -> tuple[str, int, set[str]]:
    """Return the sheet and row of the selection, and the texts on that row."""
    area = book.selection
    sheet = book.sheets.active
    used = sheet.used_range
    rows, columns = used.shape
    if not used.row <= area.row < used.row + rows:
        return sheet.name, area.row, set()
    values = sheet.range((area.row, used.column), (area.row, used.column + columns - 1)).options(ndim=1).value
    return sheet.name, area.row, {str(value) for value in values if value is not None}


_ALL_READ = Text(
    "Todo se leyó: {count} filas, ninguna celda rechazada.", "Everything was read: {count} rows, no rejected cell."
)
_REJECTED = Text(
    "{count} celdas no se entendieron; se abre la primera:",
    "{count} cells could not be understood; going to the first:",
)
_OVERDUE = Text(
    "{count} facturas vencidas al {date}, en total {total}:", "{count} invoices overdue on {date}, {total} in all:"
)
_NONE_OVERDUE = Text("No hay facturas vencidas al {date}.", "No invoices are overdue on {date}.")
_SELECT_SOMETHING = Text(
    "Seleccione un indicador del Panel, o una fila de sus tablas, y repita.",
    "Select an indicator on the Panel, or a row of your tables, and repeat.",
)
_NOTHING_SAID = Text(
    "Las reglas no dicen nada de la fila {row} de {sheet}.", "The rules say nothing about row {row} of {sheet}."
)
_NO_SOURCE = Text(
    "Seleccione una fila de Alertas, Rechazos o Antigüedad y repita. Si el libro ha cambiado, actualice antes.",
    "Select a row of Alerts, Rejected or Ageing and repeat. If the workbook has changed, refresh first.",
)
