"""The invoices behind each customer's balance: a group per customer that opens with the plus sign beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from aliado.formula.values import to_serial
from aliado.report import words
from aliado.report.bodies import BLANK, NOTHING, formula_body, make_text, number_body
from aliado.report.cells import LETTERS
from aliado.report.memo import Memo
from aliado.report.page import Page, clean
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
    groups = [list(own) for _, own in groupby(items, key=lambda item: item.customer)]
    section = _Section(page, row + 1, len(items) + len(groups), padded(money_format(ageing.currency, ageing.bands)))
    for own in groups:
        rows[ageing.currency, own[0].customer] = section.add(own)
    section.write()
    return row + len(items) + len(groups)


class _Section:
    """The lines of a currency: each customer's, and folded under it those of its invoices.

    Their cells are gathered by column, as a sheet takes in long lists. number: the format of amounts.
    """

    def __init__(self, page: Page, first: int, count: int, number: str) -> None:
        style = page.theme.style
        self._page = page
        self._first = first
        self._added = 0
        self._bold = style("line", bold=True, num_format=number)
        self._name = style("line", bold=True)
        self._grey = style("line", font_color=GREY)
        self._dates: Memo[date] = Memo(lambda day: number_body(to_serial(day)))
        self._counts: Memo[int] = Memo(number_body)
        money, day = style("line", num_format=number), style("line", num_format=page.theme.date, align="left")
        looks = [style("line", font_color=LINK, underline=1, indent=2), *[money] * (len(BANDS) + 1)]
        looks += [style("line", num_format="0;-0;0", align="center"), day, day]
        self._styles = [[look] * count for look in looks]
        self._bodies = [[NOTHING] * count for _ in looks]
        self._places: list[tuple[str, str] | None] = [None] * count
        self._texts: list[str | None] = [None] * count

    def add(self, items: Sequence[OpenItem]) -> int:
        """Add a customer with its invoices and return the row of its line."""
        bodies = self._bodies
        sums: dict[int, Decimal] = {}
        for place, item in enumerate(items, self._added + 1):
            sums[item.band] = sums.get(item.band, Decimal(0)) + item.balance
            text = self._texts[place] = item.number or "–"
            self._places[place] = item.sheet, f"A{item.row}"
            bodies[0][place] = make_text(clean(text))
            bodies[FIRST_BAND + item.band][place] = bodies[TOTAL][place] = number_body(float(item.balance))
            if item.days is not None:
                bodies[DAYS][place] = self._counts[max(item.days, 0)]
            if item.issued is not None:
                bodies[ISSUED][place] = self._dates[item.issued]
            if item.due is not None:
                bodies[DUE][place] = self._dates[item.due]
        row = self._first + self._added
        self._add_customer(row, items[0].customer, sums, len(items))
        self._page.sheet.fold_rows(row + 1, row + len(items))
        self._added += 1 + len(items)
        return row

    def _add_customer(self, row: int, customer: str, sums: Mapping[int, Decimal], count: int) -> None:
        page, place = self._page, self._added
        name, total = clean(customer), sum(sums.values(), Decimal(0))
        first, last = f"{LETTERS[FIRST_BAND]}{row + 1}", f"{LETTERS[TOTAL - 1]}{row + 1}"
        bands = [BLANK] * len(BANDS)
        for band, value in sums.items():
            letter = LETTERS[FIRST_BAND + band]
            bands[band] = formula_body(f"SUM({letter}{row + 2}:{letter}{row + 1 + count})", float(value))
        said = make_text(clean(page.say(words.ITEMS).format(count=count)))
        bodies = [make_text(name) if name else BLANK, *bands, formula_body(f"SUM({first}:{last})", float(total)), BLANK]
        styles = [self._name, *[self._bold] * (len(BANDS) + 2), self._grey, self._grey]
        for column, (body, style) in enumerate(zip((*bodies, said, BLANK), styles, strict=True)):
            self._bodies[column][place] = body
            self._styles[column][place] = style
        page.sheet.merge.append([row, ISSUED, row, DUE])

    def write(self) -> None:
        """Write all that was added."""
        for column, (bodies, styles) in enumerate(zip(self._bodies, self._styles, strict=True)):
            self._page.sheet.write_run(self._first, column, bodies, styles)
        self._page.add_links(self._first, 0, self._places, self._texts)
