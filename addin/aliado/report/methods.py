"""How each indicator was worked out: method, formula, parameters, rule, source, and the rows that count."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aliado.language import Text
from aliado.locales import write_amount, write_count
from aliado.report import words
from aliado.report import words_deadlines as deadlines
from aliado.report.indicators import kpi_status, say_method, target_sign
from aliado.report.page import Page, lines_needed
from aliado.report.sheets import write_section
from aliado.report.theme import GREY, LINK, kpi_format
from aliado.rules.assessment import Assessment, Basis, Kpi

VALUE: Final = 2
STATUS: Final = 3
PLACE: Final = 4
STRETCHES: Final = 30
"""Runs of rows that a block names."""
LINE: Final = 165
"""Characters that fit on a line of the text of a block."""


def write_methods(page: Page, row: int, assessment: Assessment, last: int) -> tuple[int, dict[str, int]]:
    """Write a block per indicator; return the next row, and the row of each indicator."""
    row = write_section(page, row, words.METHODS, last)
    rows: dict[str, int] = {}
    if not assessment.kpis:
        page.text(row, 0, words.KPIS_EMPTY, page.theme.style("note"))
        return row + 1, rows
    for kpi in assessment.kpis:
        rows[kpi.id] = row
        row = _write_block(page, row, kpi, assessment.profile.currency, last)
    return row, rows


def _write_block(page: Page, row: int, kpi: Kpi, currency: str, last: int) -> int:
    theme = page.theme
    page.text(row, 0, kpi.title, theme.style("subtotal", shrink=True))
    page.text(row, 1, kpi.id, theme.style("subtotal", font_color=GREY))
    if kpi.value is None:
        page.text(row, VALUE, words.NOT_AVAILABLE, theme.style("subtotal", align="right"))
    else:
        number = theme.style("subtotal", num_format=kpi_format(kpi, currency, page.language))
        page.number(row, VALUE, kpi.value, number)
    word, status = kpi_status(kpi)
    page.text(row, STATUS, word, theme.status(status, "subtotal", indent=1, shrink=True))
    basis = kpi.basis
    counted = theme.style("subtotal", bold=False, font_color=LINK, underline=1, indent=1)
    if basis is not None and basis.sheet:
        said = page.say(words.ROWS_COUNTED.format(rows=write_count(basis.rows, page.locale), sheet=basis.sheet))
        page.link(row, PLACE, basis.sheet, _first_stretch(basis), said, counted, to=last)
    else:
        page.text(row, PLACE, "", theme.style("subtotal"), to=last)
    grey, note = theme.style("note", font_color=GREY, indent=1), theme.style("note")
    for title, text in _lines(page, kpi, currency):
        row += 1
        page.text(row, 0, title, grey)
        page.text(row, 1, text, note, to=last)
        page.set_row(row, max(15, 12.5 * lines_needed(text, LINE) + 2))
    return row + 1


def _first_stretch(basis: Basis) -> str:
    """Return the cells to select: the first run of rows that count, or the table's heading where none does."""
    left, right = basis.columns
    if not basis.stretches:
        return f"{left}{max(basis.row, 1)}"
    first, last = basis.stretches[0]
    return f"{left}{first}:{right}{last}"


def _say_rows(page: Page, basis: Basis) -> str:
    """Return the rows that count: 2–20, 25, 31–224."""
    told = [str(first) if first == last else f"{first}–{last}" for first, last in basis.stretches[:STRETCHES]]
    left = sum(last - first + 1 for first, last in basis.stretches[STRETCHES:])
    more = f" {page.say(words.MORE_ROWS.format(count=left))}" if left else ""
    return ", ".join(told) + more


def _say_limit(page: Page, kpi: Kpi, limit: Decimal, currency: str) -> str:
    """Return one of the lines that an indicator is judged by, with its unit."""
    match kpi.unit:
        case "%":
            return write_amount(limit * 100, page.locale, 1) + (" %" if page.language == "es" else "%")
        case "money":
            return f"{write_amount(limit, page.locale)} {currency}".rstrip()
        case "days":
            return f"{write_amount(limit, page.locale, 1)} {page.say(words.DAYS_WORD)}"
        case unit:
            return write_amount(limit, page.locale, 0 if unit == "count" else 1)


def _lines(page: Page, kpi: Kpi, currency: str) -> list[tuple[Text, str]]:
    """Return the lines of a block: what each says, and its text."""
    lines = [(words.METHOD, say_method(page, kpi))]
    basis = kpi.basis
    if basis is not None and basis.formula:
        formula = basis.formula
        if basis.where:
            formula = f"{formula}    {page.say(words.WHERE_ROWS)} {basis.where}"
        lines.append((words.FORMULA, formula))
        if basis.parameters:
            told = [f"{page.say(title)}: {page.say(value)}" for title, value in basis.parameters]
            lines.append((words.PARAMETERS, " · ".join(told)))
    limits = [
        f"{page.say(title)} {sign}{_say_limit(page, kpi, limit, currency)}"
        for title, sign, limit in (
            (words.TARGET, target_sign(kpi), kpi.target),
            (words.AMBER_BEYOND, "", kpi.amber),
            (words.RED_BEYOND, "", kpi.red),
        )
        if limit is not None
    ]
    if limits:
        lines.append((words.LIMITS, " · ".join(limits)))
    if basis is not None and basis.stretches:
        lines.append((words.ROWS_THAT_COUNT, f"{basis.sheet}: {_say_rows(page, basis)}"))
    place = basis.place if basis is not None else ""
    doubt = page.say(deadlines.NOT_VERIFIED) if basis is not None and basis.unverified else ""
    source = " · ".join(part for part in (place, kpi.source, doubt) if part)
    if source:
        lines.append((words.RULE_AND_SOURCE, source))
    return lines
