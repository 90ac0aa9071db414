"""The sheet of payables: suppliers by ageing band, indicators of payment, and the bills that are overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aliado.report import words_work as words
from aliado.report.ageing import SHARE, Side, write_blocks
from aliado.report.kpi_lines import write_kpi_lines
from aliado.report.listing import write_list_head
from aliado.report.page import Page
from aliado.report.sheets import write_section
from aliado.report.theme import LINK, money_format, padded
from aliado.report.words import CURRENCY, DAYS_LATE, DUE
from aliado.rules.assessment import Assessment, OverdueItem

PAYABLES: Final = Side(
    "AliadoPayables",
    words.PAYABLES_TITLE,
    words.PAYABLES_METHOD,
    words.PAYABLES_BLOCK,
    words.SUPPLIER,
    words.PAYABLES_EMPTY,
)
TABLE: Final = "AliadoPayablesDue"
HEADINGS: Final = tuple(
    (title, 0.0) for title in (words.SUPPLIER, words.INVOICE, DUE, DAYS_LATE, words.BALANCE, CURRENCY)
)
BALANCE: Final = 4


def write_payables(page: Page, assessment: Assessment, methods: Mapping[str, int]) -> None:
    """Write the sheet."""
    row, _ = write_blocks(page, assessment, assessment.payables, PAYABLES)
    row = write_kpi_lines(page, row - 1, assessment, ("AP-",), methods, 4)
    row = _write_overdue(page, row, assessment.payables_overdue)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, row, SHARE)


def _write_overdue(page: Page, row: int, bills: Sequence[OverdueItem]) -> int:
    theme = page.theme
    row = write_section(page, row, words.PAYABLES_DUE, len(HEADINGS) - 1)
    if not bills:
        page.text(row, 0, words.NO_PAYABLES_DUE, theme.style("good"), to=SHARE)
        return row
    first = write_list_head(page, row, TABLE, HEADINGS, len(bills), numbers=(BALANCE,), centred=(3,))
    line, day = theme.style("line", shrink=True), theme.style("line", num_format=theme.date, align="left")
    link, count = theme.style("line", font_color=LINK, underline=1, shrink=True), theme.style("line", align="center")
    for row, bill in enumerate(bills, first):
        page.text(row, 0, bill.customer, line)
        page.link(row, 1, bill.sheet, f"A{bill.row}", bill.number or "–", link)
        page.date(row, 2, bill.due, day)
        page.number(row, 3, bill.days, count)
        number = padded(money_format(bill.currency, (bill.balance,)))
        page.number(row, BALANCE, bill.balance, theme.style("line", num_format=number))
        page.text(row, BALANCE + 1, bill.currency, theme.style("line", indent=1))
    return row
