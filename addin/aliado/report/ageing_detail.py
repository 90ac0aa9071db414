"""The invoices behind each customer's balance: a group per customer that opens with the plus sign beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from aliado.report import words
from aliado.report.cells import LETTERS
from aliado.report.page import Page
from aliado.report.runs import Runs
from aliado.report.sheets import write_section
from aliado.report.theme import GREY, LINK, money_format, padded
from aliado.rules.assessment import BANDS, Ageing, OpenItem, OpenList

FIRST_BAND: Final = 1
TOTAL: Final = FIRST_BAND + len(BANDS)
DAYS: Final = TOTAL + 1
ISSUED: Final = TOTAL + 2
DUE: Final = TOTAL + 3
HEADINGS: Final = (
    words.CUSTOMER_AND_INVOICE,
    *(words.BANDS[band] for band in BANDS),
    words.TOTAL,
    words.DAYS_LATE,
    words.ISSUED,
    words.DUE,
)


def write_detail(
    page: Page, row: int, ageings: Sequence[Ageing], open_list: OpenList
) -> tuple[int, Mapping[tuple[str, str], int]]:
    """Write a section per currency; return the next row, and the row of each customer by (currency, customer)."""
    rows: dict[tuple[str, str], int] = {}
    page.sheet.outline_settings(symbols_below=False)
    for ageing in ageings:
        items = [item for item in open_list.items if item.currency == ageing.currency]
        if items:
            row = _write_currency(page, row, ageing, items, rows) + 2
    if open_list.left:
        page.text(row, 0, words.MORE_ITEMS.format(count=open_list.left), page.theme.style("footer", font_size=9))
        row += 1
    return row, rows


def _write_currency(
    page: Page, row: int, ageing: Ageing, items: Sequence[OpenItem], rows: dict[tuple[str, str], int]
) -> int:
    theme = page.theme
    row = write_section(page, row, words.DETAIL_BLOCK.format(currency=ageing.currency), DUE)
    head, right = theme.style("head"), theme.style("head", align="right", indent=1)
    for column, title in enumerate(HEADINGS):
        page.text(row, column, title, right if FIRST_BAND <= column <= DAYS else head)
    page.set_row(row, 20)
    number = padded(money_format(ageing.currency, ageing.bands))
    lines: list[OpenItem | None] = []
    first = row + 1
    for customer, group in groupby(items, key=lambda item: item.customer):
        own = list(group)
        rows[ageing.currency, customer] = row + 1
        _write_customer(page, row + 1, customer, own, number)
        lines += (None, *own)
        row += 1 + len(own)
    _write_items(page, first, lines, number)
    return row


def _write_customer(page: Page, row: int, customer: str, items: Sequence[OpenItem], number: str) -> None:
    """Write a customer's line, under which its invoices are folded."""
    theme, sheet = page.theme, page.sheet
    bold = theme.style("line", bold=True, num_format=number)
    first, last = row + 1, row + len(items)
    sheet.set_row(row, None, None, {"collapsed": True})
    page.text(row, 0, customer, theme.style("line", bold=True))
    sums: dict[int, Decimal] = {}
    for item in items:
        sums[item.band] = sums.get(item.band, Decimal(0)) + item.balance
    for band in range(len(BANDS)):
        letter = LETTERS[FIRST_BAND + band]
        if band in sums:
            page.formula(row, FIRST_BAND + band, f"=SUM({letter}{first + 1}:{letter}{last + 1})", sums[band], bold)
        else:
            sheet.write_blank(row, FIRST_BAND + band, None, bold)
    bands = f"{LETTERS[FIRST_BAND]}{row + 1}:{LETTERS[TOTAL - 1]}{row + 1}"
    page.formula(row, TOTAL, f"=SUM({bands})", sum(sums.values(), Decimal(0)), bold)
    sheet.write_blank(row, DAYS, None, bold)
    count = page.say(words.ITEMS).format(count=len(items))
    page.text(row, ISSUED, count, theme.style("line", font_color=GREY), to=DUE)
    sheet.fold_rows(first, last)


def _write_items(page: Page, row: int, items: Sequence[OpenItem | None], number: str) -> None:
    """Write the invoices from a row on; where there is None a customer's line stands."""
    theme = page.theme
    money = theme.style("line", num_format=number)
    link = theme.style("line", font_color=LINK, underline=1, indent=2)
    count = theme.style("line", num_format="0;-0;0", align="center")
    day = theme.style("line", num_format=theme.date, align="left")
    lines = Runs(page, row)
    places = [None if item is None else (item.sheet, f"A{item.row}") for item in items]
    lines.links(0, places, [None if item is None else item.number or "–" for item in items], link)
    for band in range(len(BANDS)):
        balances = [item.balance if item is not None and item.band == band else None for item in items]
        lines.numbers(FIRST_BAND + band, balances, money)
    lines.numbers(TOTAL, [None if item is None else item.balance for item in items], money)
    days = [None if item is None or item.days is None else max(item.days, 0) for item in items]
    lines.numbers(DAYS, days, count)
    lines.dates(ISSUED, [None if item is None else item.issued for item in items], day)
    lines.dates(DUE, [None if item is None else item.due for item in items], day)
