"""Ageing: parties by band, one block per currency, totals that tie; and the sheet of receivables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from aliado.language import Text
from aliado.report import words
from aliado.report.ageing_detail import write_detail
from aliado.report.bodies import BLANK
from aliado.report.listing import write_list_head
from aliado.report.page import Page, lines_needed
from aliado.report.runs import Runs
from aliado.report.sheets import write_heading
from aliado.report.theme import BAR, HEAT, LINK, STATUS, money_format, padded
from aliado.rules.assessment import BANDS, Ageing, Assessment

FIRST_BAND: Final = 1
TOTAL: Final = FIRST_BAND + len(BANDS)
SHARE: Final = TOTAL + 1
OVERDUE: Final = range(1, 6)
"""Indices of the bands past due."""


class Side(Struct, frozen=True):
    """How one side of the ledger reads. table: the Excel table of the client's own currency; the others end in _USD and so on."""

    table: str
    title: Text
    method: Text
    block: Text
    party: Text
    empty: Text


RECEIVABLES: Final = Side(
    "AliadoAgeing",
    words.AGEING_TITLE,
    words.AGEING_METHOD,
    words.AGEING_BLOCK,
    words.CUSTOMER,
    words.AGEING_EMPTY,
)


class AgeingPlace(Struct, frozen=True):
    """Where one currency's block stands: zero-based rows of its customers (inclusive) and of its total."""

    currency: str
    first_row: int
    last_row: int
    total_row: int

    def total(self, band: int) -> str:
        """Return the cell, without the sheet, of a band's total."""
        return self.cell(self.total_row, band)

    def cell(self, row: int, band: int) -> str:
        """Return the cell, without the sheet, of a band in a row."""
        return f"${column_letter(FIRST_BAND + band)}${row + 1}"

    @property
    def outstanding(self) -> str:
        """The cell of the block's total, without the sheet."""
        return f"${column_letter(TOTAL)}${self.total_row + 1}"

    @property
    def apart(self) -> str:
        """The cell of the outstanding balance as computed apart from the bands, without the sheet."""
        return f"${column_letter(TOTAL)}${self.total_row + 3}"

    @property
    def balances(self) -> str:
        """The range of the customers' balances, without the sheet."""
        letter = column_letter(TOTAL)
        return f"${letter}${self.first_row + 1}:${letter}${self.last_row + 1}"


def write_ageing(page: Page, assessment: Assessment) -> dict[str, AgeingPlace]:
    """Write the sheet of receivables and return where each currency's block stands."""
    row, places = write_blocks(page, assessment, assessment.ageing, RECEIVABLES)
    row, details = write_detail(page, row, assessment.ageing, assessment.open_list)
    for ageing in assessment.ageing:
        _link_customers(page, ageing, places[ageing.currency], details)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, row - 2, SHARE + 2 if details else SHARE)
    return places


def write_blocks(
    page: Page, assessment: Assessment, ageings: Sequence[Ageing], side: Side
) -> tuple[int, dict[str, AgeingPlace]]:
    """Write a sheet's heading and a block per currency; return the next row and where each block stands."""
    page.set_widths([42, *[14.5] * (len(BANDS) - 1), 18, 16, 14, 13, 13])
    write_heading(page, side.title, assessment)
    method = page.say(side.method)
    page.text(2, 0, method, page.theme.style("prose"), to=SHARE)
    page.set_row(2, 15 * lines_needed(method, 150))
    places = {}
    row = 4
    for ageing, table in zip(ageings, _table_names(ageings, side.table), strict=True):
        places[ageing.currency] = _write_block(page, row, ageing, table, side)
        row = places[ageing.currency].total_row + 5
    if not ageings:
        page.text(row, 0, side.empty, page.theme.style("good"), to=SHARE)
        row += 2
    page.sheet.freeze_panes(6 if len(ageings) == 1 else 2, 1)
    if len(ageings) == 1:
        page.sheet.repeat_rows(5)
    return row, places


def _link_customers(page: Page, ageing: Ageing, place: AgeingPlace, details: Mapping[tuple[str, str], int]) -> None:
    """Make each customer's name lead to its invoices below."""
    plain = page.theme.style("line")
    link = page.theme.style("line", font_color=LINK, underline=1)
    names = [each.customer for each in ageing.customers]
    lines = [details.get((ageing.currency, name)) for name in names]
    sheet = page.names["ageing"]
    Runs(page, place.first_row, empty=BLANK).links(
        0,
        [None if line is None else (sheet, f"A{line + 1}") for line in lines],
        names,
        [plain if line is None else link for line in lines],
    )


def _write_block(page: Page, row: int, ageing: Ageing, table: str, side: Side) -> AgeingPlace:
    theme = page.theme
    number = padded(money_format(ageing.currency, ageing.bands))
    title = side.block.format(currency=ageing.currency)
    page.text(row, 0, title, theme.style("section"), to=SHARE)
    page.set_row(row, 20)
    header, first = row + 1, row + 2
    last = first + max(1, len(ageing.customers)) - 1
    place = AgeingPlace(ageing.currency, first, last, last + 1)
    titles = (side.party, *(words.BANDS[band] for band in BANDS), words.TOTAL, words.SHARE)
    headings = [(title, 0.0) for title in titles]
    write_list_head(page, header, table, headings, last - header, numbers=range(1, len(titles)))
    cell, money = theme.style("line"), theme.style("line", num_format=number)
    total = theme.style("line", num_format=number, bold=True)
    share = theme.style("line", num_format=padded(theme.percent))
    whole = sum((c.outstanding for c in ageing.customers), Decimal(0))
    lines = Runs(page, first, empty=BLANK)
    lines.texts(0, [each.customer for each in ageing.customers], cell)
    for band in range(len(BANDS)):
        lines.numbers(FIRST_BAND + band, [each.bands[band] for each in ageing.customers], money)
    rows = range(first + 1, first + 1 + len(ageing.customers))
    left, right, own = column_letter(FIRST_BAND), column_letter(TOTAL - 1), column_letter(TOTAL)
    sums = [sum(each.bands, Decimal(0)) for each in ageing.customers]
    lines.formulas(TOTAL, [f"=SUM({left}{line}:{right}{line})" for line in rows], sums, total)
    shares = [_share(each.outstanding, whole) for each in ageing.customers]
    lines.formulas(SHARE, [_ratio(f"{own}{line}", place.outstanding) for line in rows], shares, share)
    _write_totals(page, place, ageing, number)
    if ageing.customers:
        _shade(page, place)
    return place


def _write_totals(page: Page, place: AgeingPlace, ageing: Ageing, number: str) -> None:
    theme, row = page.theme, place.total_row
    total = theme.style("total", num_format=number)
    share = theme.style("total", num_format=padded(theme.percent))
    page.text(row, 0, words.TOTAL.to(page.language) + f" {ageing.currency}", theme.style("total"))
    sums = [sum((c.bands[band] for c in ageing.customers), Decimal(0)) for band in range(len(BANDS))]
    whole = sum(sums, Decimal(0))
    for column, value in enumerate([*sums, whole], FIRST_BAND):
        letter = column_letter(column)
        page.formula(row, column, f"=SUM({letter}{place.first_row + 1}:{letter}{place.last_row + 1})", value, total)
    own = place.outstanding
    page.formula(row, SHARE, _ratio(own, own), _share(whole, whole), share)
    small = theme.style("small", num_format=padded(theme.percent), font_size=9)
    page.text(row + 1, 0, words.SHARE, theme.style("small", font_size=9))
    for band, value in enumerate(sums):
        page.formula(row + 1, FIRST_BAND + band, _ratio(place.total(band), own), _share(value, whole), small)
    page.formula(row + 1, TOTAL, _ratio(own, own), _share(whole, whole), small)
    page.text(row + 1, SHARE, "", small)
    _write_check(page, place, ageing, whole, number)


def _write_check(page: Page, place: AgeingPlace, ageing: Ageing, whole: Decimal, number: str) -> None:
    """Write the check that the customers' bands sum to the outstanding balance, computed apart."""
    theme, row = page.theme, place.total_row + 2
    ok, wrong = page.say(words.TIE_OK), page.say(words.TIE_WRONG)
    ties = round(whole - ageing.outstanding, 2) == 0
    page.text(row, 0, words.AGEING_CHECK, theme.style("note", text_wrap=False, font_color=STATUS["none"][0]))
    style = theme.style("note", num_format=number)
    page.number(row, TOTAL, ageing.outstanding, style)
    apart = f"{column_letter(TOTAL)}{row + 1}"
    formula = f'=IF(ROUND({place.outstanding}-{apart},2)=0,"{ok}","{wrong}")'
    status = theme.status("green" if ties else "red", "note", align="center", valign="vcenter")
    page.formula(row, SHARE, formula, ok if ties else wrong, status)


def _shade(page: Page, place: AgeingPlace) -> None:
    """Shade what is overdue by size, and draw each customer's share as a bar."""
    first, last = place.first_row, place.last_row
    sheet = page.sheet
    sheet.conditional_format(
        first,
        FIRST_BAND + OVERDUE.start,
        last,
        FIRST_BAND + OVERDUE.stop - 1,
        {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": HEAT[0], "max_color": HEAT[1]},
    )
    sheet.conditional_format(
        first,
        SHARE,
        last,
        SHARE,
        {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_color": BAR,
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": 1,
        },
    )


def _ratio(part: str, whole: str) -> str:
    return f"=IF({whole}=0,0,{part}/{whole})"


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return part / whole if whole else Decimal(0)


def _table_names(ageings: Sequence[Ageing], table: str) -> list[str]:
    """Return a table name per currency: the client's own without suffix, the others by code, by place if that is taken."""
    names: list[str] = []
    for index, ageing in enumerate(ageings):
        code = "".join(c for c in ageing.currency.upper() if c.isascii() and c.isalnum())
        name = f"{table}_{code}" if index else table
        names.append(f"{table}_{index + 1}" if (not code and index) or name in names else name)
    return names


def column_letter(column: int) -> str:
    """Return the letter of a zero-based column up to Z."""
    return chr(ord("A") + column)
