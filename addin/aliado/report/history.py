"""The history sheet: indicators and balances month by month, and every date as one row; the state travels on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from aliado.report import words
from aliado.report.history_table import band_headings
from aliado.report.page import Page, cell_letters, lines_needed
from aliado.report.sheets import write_heading, write_section
from aliado.report.sparklines import Trend, draw_trends
from aliado.report.theme import kpi_format, money_format
from aliado.report.timeline import Timeline, figures_of
from aliado.rules.assessment import BANDS, Ageing, Assessment, Kpi, Past

if TYPE_CHECKING:
    from xlsxwriter.format import Format

TABLE: Final = "AliadoHistory"
TREND: Final = 1
FIRST: Final = 2
"""The column of the first month, and of the first figure of the table."""
WIDTH: Final = 13.0


class HistoryPlace(Struct, frozen=True):
    """Where the months stand: zero-based header row and columns, the row of each indicator and of each currency's first band."""

    header: int
    last_column: int
    kpis: Mapping[str, int]
    bands: Mapping[str, int]

    def month_cell(self, row: int, back: int = 0) -> str:
        """Return the cell of a row, absolute, so many months back from the last."""
        return f"${cell_letters(self.last_column - back)}${row + 1}"

    def months(self, row: int) -> str:
        """Return the range of all months of a row, absolute."""
        return f"${cell_letters(FIRST)}${row + 1}:${cell_letters(self.last_column)}${row + 1}"


def write_history(page: Page, assessment: Assessment, timeline: Timeline) -> HistoryPlace:
    """Write the sheet and return where the months stand."""
    columns = _kpi_ids(assessment, timeline)
    currencies = _currencies(assessment, timeline)
    last = max(FIRST + len(columns) + (len(BANDS) + 1) * len(currencies) - 1, FIRST + len(timeline.months) - 1)
    page.set_widths([36, 15, *[WIDTH] * (last - FIRST + 1)])
    log_column = last + 2
    page.sheet.set_column(log_column, log_column, 2, None, {"hidden": True})
    write_heading(page, words.HISTORY_TITLE, assessment)
    hint = page.say(words.HISTORY_HINT)
    page.text(2, 0, hint, page.theme.style("prose"), to=8)
    page.set_row(2, 15 * lines_needed(hint, 125) + 2)
    place = _write_months(page, 4, assessment, timeline, columns, currencies)
    row = max([place.header, *place.kpis.values(), *(first + len(BANDS) for first in place.bands.values())]) + 2
    printed = row - 2
    _write_table(page, row, assessment, timeline, columns, currencies)
    for number, piece in enumerate(timeline.log):
        page.sheet.write_string(number, log_column, piece)
    page.sheet.freeze_panes(place.header + 1, 1)
    page.sheet.repeat_rows(place.header)
    page.print_on_a4(assessment.profile.name, landscape=True)
    # On paper the months are what people read; the table of all dates is as wide as it needs to be.
    page.sheet.print_area(0, 0, printed, max(place.last_column, 8))
    return place


def _write_months(
    page: Page, row: int, assessment: Assessment, timeline: Timeline, ids: Sequence[str], currencies: Sequence[str]
) -> HistoryPlace:
    theme = page.theme
    row = write_section(page, row, words.BY_MONTH, FIRST + len(timeline.months) - 1)
    header, last = row, FIRST + len(timeline.months) - 1
    head = theme.style("head", align="right", num_format=theme.date)
    page.text(row, 0, words.KPI, theme.style("head"))
    page.text(row, TREND, words.TREND, theme.style("head", align="center"))
    for column, past in enumerate(timeline.months, FIRST):
        page.date(row, column, past.as_of, head)
    page.set_row(row, 20)
    rows: dict[str, int] = {}
    known = {kpi.id: kpi for kpi in assessment.kpis}
    for identity in ids:
        row += 1
        rows[identity] = row
        kpi = known.get(identity)
        style = theme.style("line", num_format=_format(kpi, assessment.profile.currency, page))
        page.text(row, 0, page.say(kpi.title) if kpi else identity, theme.style("line", shrink=True))
        _write_figures(page, row, [past.kpis.get(identity) for past in timeline.months], style)
    place = HistoryPlace(header, last, rows, {})
    bands: dict[str, int] = {}
    for currency in currencies:
        row += 1
        title = words.OUTSTANDING_CARD.format(currency=currency)
        page.text(row, 0, title, theme.style("small_head"), to=last)
        bands[currency] = row + 1
        row = _write_bands(page, row, currency, timeline.months)
    if len(timeline.months) > 1:
        _write_trends(page, place, bands, timeline)
    return HistoryPlace(header, last, rows, bands)


def _write_trends(page: Page, place: HistoryPlace, bands: Mapping[str, int], timeline: Timeline) -> None:
    sheet = page.ref("history")
    figures: dict[int, list[Decimal]] = {row: figures_of(timeline, kpi) for kpi, row in place.kpis.items()}
    for currency, first in bands.items():
        months = [ageing for past in timeline.months if (ageing := _ageing(past, currency))]
        figures |= {first + band: [ageing.bands[band] for ageing in months] for band in range(len(BANDS))}
        figures[first + len(BANDS)] = [ageing.outstanding for ageing in months]
    draw_trends(
        page.sheet, [Trend(row, TREND, f"{sheet}!{place.months(row)}", known) for row, known in figures.items()]
    )


def _write_bands(page: Page, row: int, currency: str, months: Sequence[Past]) -> int:
    theme = page.theme
    found = [_ageing(past, currency) for past in months]
    amounts = [amount for ageing in found if ageing for amount in ageing.bands]
    number = money_format(currency, amounts)
    for index, band in enumerate(BANDS):
        row += 1
        page.text(row, 0, words.BANDS[band], theme.style("line", indent=1))
        figures = [ageing.bands[index] if ageing else None for ageing in found]
        _write_figures(page, row, figures, theme.style("line", num_format=number))
    row += 1
    total = theme.style("total", num_format=number)
    page.text(row, 0, f"{page.say(words.TOTAL)} {currency}", theme.style("total"))
    page.text(row, TREND, "", theme.style("total"))
    for column, ageing in enumerate(found, FIRST):
        letter = cell_letters(column)
        value = ageing.outstanding if ageing else Decimal(0)
        page.formula(row, column, f"=SUM({letter}{row - len(BANDS) + 1}:{letter}{row})", value, total)
    return row


def _write_figures(page: Page, row: int, figures: Sequence[Decimal | None], style: Format) -> None:
    page.text(row, TREND, "", page.theme.style("line"))
    for column, figure in enumerate(figures, FIRST):
        _write_figure(page, row, column, figure, style)


def _write_table(
    page: Page, row: int, assessment: Assessment, timeline: Timeline, ids: Sequence[str], currencies: Sequence[str]
) -> None:
    theme = page.theme
    headings = [page.say(words.AS_OF), page.say(words.ORIGIN), *ids]
    for currency in currencies:
        headings += band_headings(currency, page.language)
    row = write_section(page, row, words.ALL_DATES, len(headings) - 1)
    head = theme.style("head", align="right", indent=1)
    columns = [
        {"header": text, "header_format": head if n > 1 else theme.style("head")} for n, text in enumerate(headings)
    ]
    first, last = row + 1, row + len(timeline.rows)
    page.sheet.add_table(row, 0, last, len(headings) - 1, {"name": TABLE, "style": None, "columns": columns})
    page.set_row(row, 34)
    known = {kpi.id: kpi for kpi in assessment.kpis}
    styles = [
        theme.style("line", num_format=_format(known.get(each), assessment.profile.currency, page)) for each in ids
    ]
    moneys = {
        currency: theme.style(
            "line",
            num_format=money_format(
                currency, [a for row in timeline.rows if (found := _ageing(row.figures, currency)) for a in found.bands]
            ),
        )
        for currency in currencies
    }
    day, line = theme.style("line", num_format=theme.date, align="left"), theme.style("line")
    for row, entry in enumerate(timeline.rows, first):
        page.date(row, 0, entry.figures.as_of, day)
        page.text(row, 1, words.ORIGINS[entry.origin], line)
        column = FIRST
        for identity, style in zip(ids, styles, strict=True):
            _write_figure(page, row, column, entry.figures.kpis.get(identity), style)
            column += 1
        for currency in currencies:
            ageing = _ageing(entry.figures, currency)
            for figure in (*ageing.bands, ageing.outstanding) if ageing else [None] * (len(BANDS) + 1):
                _write_figure(page, row, column, figure, moneys[currency])
                column += 1


def _write_figure(page: Page, row: int, column: int, figure: Decimal | None, style: Format) -> None:
    if figure is None:
        page.sheet.write_blank(row, column, None, style)
    else:
        page.sheet.write_number(row, column, float(figure), style)


def _format(kpi: Kpi | None, currency: str, page: Page) -> str:
    return "General" if kpi is None else kpi_format(kpi, currency, page.language)


def _ageing(past: Past, currency: str) -> Ageing | None:
    return next((each for each in past.ageing if each.currency == currency), None)


def _kpi_ids(assessment: Assessment, timeline: Timeline) -> list[str]:
    """Return the ids of the indicators: those of today in their order, then those that only the past knows."""
    gone = {identity for row in timeline.rows for identity, value in row.figures.kpis.items() if value is not None} - {
        kpi.id for kpi in assessment.kpis
    }
    return [*(kpi.id for kpi in assessment.kpis), *sorted(gone)]


def _currencies(assessment: Assessment, timeline: Timeline) -> list[str]:
    own = [ageing.currency for ageing in assessment.ageing]
    gone = {ageing.currency for row in timeline.rows for ageing in row.figures.ageing} - set(own)
    return [*own, *sorted(gone)]
