"""The panel's receivables: ageing by currency with its chart, and the largest debtors."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aliado.locales import write_amount
from aliado.report import words
from aliado.report.ageing import OVERDUE, AgeingPlace
from aliado.report.grid import (
    COLUMN_PIXELS,
    FIRST,
    LAST,
    ROW_PIXELS,
    cell_name,
    write_heads,
    write_remark,
    write_section,
)
from aliado.report.page import Page
from aliado.report.places import Places
from aliado.report.theme import BAND_COLOURS, FONT, GREY, HAIR, INK, LINK, money_format
from aliado.report.timeline import Timeline
from aliado.rules.assessment import BANDS, Ageing, Assessment

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

CHARTED: Final = 1
"""Currencies that get a table and a chart of their own on the one page; the others one line each."""
THOUSANDS: Final = 100_000
"""From this balance on the chart counts in thousands."""
DEBTORS: Final = 5
DEBTORS_LAST: Final = 7

AMOUNT: Final = FIRST + 2
SHARE: Final = FIRST + 4
CHART: Final = FIRST + 5


def write_ageing(
    page: Page, workbook: Workbook, row: int, assessment: Assessment, places: Places, timeline: Timeline
) -> int:
    """Write the client's own currency with its chart by month end, the others a line each; return the next row."""
    for ageing in assessment.ageing[:CHARTED]:
        title = words.AGEING_SECTION.format(currency=ageing.currency)
        row = write_section(page, row, title)
        _write_bands(page, row, ageing, places.ageing[ageing.currency])
        _insert_chart(page, workbook, row, ageing, places, timeline)
        row += len(BANDS) + 3
    if assessment.ageing[CHARTED:]:
        row = _write_others(page, row, assessment.ageing[CHARTED:], places.ageing) + 1
    return row


def write_debtors(page: Page, row: int, assessment: Assessment, places: Mapping[str, AgeingPlace]) -> int:
    """Write the largest debtors in the client's own currency, on the left of the page; return the next row."""
    theme = page.theme
    own = assessment.ageing[0] if assessment.ageing else None
    title = words.TOP_DEBTORS_IN.format(currency=own.currency) if own else words.TOP_DEBTORS
    row = write_section(page, row, title, FIRST, DEBTORS_LAST)
    debtors = [customer for customer in own.customers if customer.outstanding > 0][:DEBTORS] if own else []
    if not own or not debtors:
        return write_remark(page, row, words.NO_DEBTORS, DEBTORS_LAST)
    heads = ((1, 3, words.CUSTOMER), (4, 5, words.OUTSTANDING), (6, 6, words.SHARE), (7, 7, words.OVERDUE))
    write_heads(page, row, heads, numbers=(4, 6, 7))
    sheet, place = page.ref("ageing"), places[own.currency]
    money = theme.style("line", shrink=True, num_format=money_format(own.currency, own.bands))
    share = theme.style("line", num_format=theme.percent)
    name = theme.style("line", shrink=True, font_color=LINK, underline=1)
    for rank, debtor in enumerate(debtors, 1):
        row += 1
        line = place.first_row + own.customers.index(debtor)
        page.link(row, FIRST, page.names["ageing"], f"A{line + 1}", debtor.customer, name, to=FIRST + 2)
        page.point(row, FIRST + 3, page.names["ageing"], f"A{line + 1}", money)
        page.formula(
            row, FIRST + 3, f"=LARGE({sheet}!{place.balances},{rank})", debtor.outstanding, money, to=FIRST + 4
        )
        ratio = debtor.outstanding / own.outstanding if own.outstanding else Decimal(0)
        page.formula(row, FIRST + 5, _ratio(cell_name(row, FIRST + 3), f"{sheet}!{place.outstanding}"), ratio, share)
        overdue = sum((debtor.bands[band] for band in OVERDUE), Decimal(0))
        page.point(row, FIRST + 6, page.names["ageing"], f"A{line + 1}", money)
        bands = f"{place.cell(line, OVERDUE.start)}:{place.cell(line, OVERDUE.stop - 1)}"
        page.formula(row, FIRST + 6, f"=SUM({sheet}!{bands})", overdue, money)
    return row + 1


def _write_bands(page: Page, row: int, ageing: Ageing, place: AgeingPlace) -> None:
    theme, sheet = page.theme, page.ref("ageing")
    number = money_format(ageing.currency, ageing.bands)
    write_heads(page, row, ((1, 2, words.BAND), (3, 4, words.AMOUNT), (5, 5, words.SHARE)), numbers=(3, 5))
    money, share = theme.style("line", num_format=number, shrink=True), theme.style("line", num_format=theme.percent)
    first, total_row = row + 1, row + 1 + len(BANDS)
    total = cell_name(total_row, AMOUNT)
    for index, band in enumerate(BANDS):
        line, amount = first + index, ageing.bands[index]
        page.text(line, FIRST, words.BANDS[band], theme.style("line"), to=FIRST + 1)
        page.point(line, AMOUNT, page.names["ageing"], place.total(index), money)
        page.formula(line, AMOUNT, f"={sheet}!{place.total(index)}", amount, money, to=AMOUNT + 1)
        ratio = amount / ageing.outstanding if ageing.outstanding else Decimal(0)
        page.formula(line, SHARE, _ratio(cell_name(line, AMOUNT), total), ratio, share)
    bold, bold_share = theme.style("total", num_format=number), theme.style("total", num_format=theme.percent)
    page.text(total_row, FIRST, f"{page.say(words.TOTAL)} {ageing.currency}", theme.style("total"), to=FIRST + 1)
    bands = f"{cell_name(first, AMOUNT)}:{cell_name(total_row - 1, AMOUNT)}"
    page.formula(total_row, AMOUNT, f"=SUM({bands})", ageing.outstanding, bold, to=AMOUNT + 1)
    whole = Decimal(1 if ageing.outstanding else 0)
    page.formula(total_row, SHARE, _ratio(total, total), whole, bold_share)


def _insert_chart(page: Page, workbook: Workbook, row: int, ageing: Ageing, places: Places, timeline: Timeline) -> None:
    """Draw the bands at each month end as stacked columns, from the history sheet."""
    first = places.history.bands[ageing.currency]
    figures = [abs(each.outstanding) for past in timeline.months for each in past.ageing]
    thousands = max(figures, default=0) >= THOUSANDS
    font = {"name": FONT, "size": 9, "color": INK}
    chart: Any = workbook.add_chart({"type": "column", "subtype": "stacked"})
    for index, band in enumerate(BANDS):
        chart.add_series(
            {
                "name": page.say(words.BANDS[band]),
                "categories": f"={places.months(page, places.history.header)}",
                "values": f"={places.months(page, first + index)}",
                "fill": {"color": BAND_COLOURS[index]},
                "gap": 45,
            }
        )
    title_font = {"name": FONT, "size": 9, "bold": False, "color": GREY}
    chart.set_title({"name": page.say(words.AGEING_BY_MONTH), "name_font": title_font, "overlay": False})
    chart.set_legend({"position": "right", "font": font})
    chart.set_x_axis({"text_axis": True, "num_format": "mm/yyyy", "num_font": font, "major_tick_mark": "none"})
    grid = {"visible": True, "line": {"color": HAIR}}
    number = "#,##0" if not thousands else '#,##0,"k"'
    chart.set_y_axis({"num_format": number, "num_font": font, "line": {"none": True}, "major_gridlines": grid})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": (LAST - CHART + 1) * COLUMN_PIXELS - 12, "height": (len(BANDS) + 2) * ROW_PIXELS})
    bands = "; ".join(
        f"{page.say(words.BANDS[band])}: {write_amount(amount, page.locale)}"
        for band, amount in zip(BANDS, ageing.bands, strict=True)
    )
    description = page.say(words.AGEING_MONTHS_CHART.format(currency=ageing.currency, bands=bands))
    page.sheet.insert_chart(row, CHART, chart, {"x_offset": 12, "description": description, "object_position": 1})


def _write_others(page: Page, row: int, others: tuple[Ageing, ...], places: Mapping[str, AgeingPlace]) -> int:
    theme, sheet = page.theme, page.ref("ageing")
    row = write_section(page, row, words.OTHER_AGEING)
    heads = ((1, 2, words.CURRENCY), (3, 4, words.OUTSTANDING), (5, 6, words.OVERDUE), (7, 7, words.SHARE_OVERDUE))
    write_heads(page, row, heads, numbers=(3, 5, 7))
    for ageing in others:
        row += 1
        place = places[ageing.currency]
        money = theme.style("line", num_format=money_format(ageing.currency, ageing.bands))
        page.text(row, FIRST, ageing.currency, theme.style("line"), to=FIRST + 1)
        outstanding, overdue = cell_name(row, FIRST + 2), cell_name(row, FIRST + 4)
        page.formula(row, FIRST + 2, f"={sheet}!{place.outstanding}", ageing.outstanding, money, to=FIRST + 3)
        due = sum((ageing.bands[band] for band in OVERDUE), Decimal(0))
        bands = f"{place.total(OVERDUE.start)}:{place.total(OVERDUE.stop - 1)}"
        page.formula(row, FIRST + 4, f"=SUM({sheet}!{bands})", due, money, to=FIRST + 5)
        ratio = due / ageing.outstanding if ageing.outstanding else Decimal(0)
        page.formula(row, FIRST + 6, _ratio(overdue, outstanding), ratio, theme.style("line", num_format=theme.percent))
    return row + 1


def _ratio(part: str, whole: str) -> str:
    return f"=IF({whole}=0,0,{part}/{whole})"
