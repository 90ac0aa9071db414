"""The panel's cards: the four figures that are read first, each with its light, its change and its trend."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aliado.language import Text
from aliado.report import words
from aliado.report.ageing import OVERDUE
from aliado.report.grid import FIRST, cell_name
from aliado.report.indicators import (
    CHANGE,
    HEAD_ROWS,
    VALUE,
    change_status,
    kpi_status,
    shown_change,
    shown_kpis,
    target_sign,
)
from aliado.report.page import Page
from aliado.report.places import Places
from aliado.report.sparklines import Trend, draw_trends
from aliado.report.theme import GREY, MIST, NAVY, PAPER, STATUS, change_format, kpi_format, money_format
from aliado.report.timeline import Timeline, change_of, figures_of
from aliado.rules.assessment import Ageing, Assessment, Kpi

if TYPE_CHECKING:
    from xlsxwriter.format import Format

CARD_ROWS: Final = 4
CARDS: Final = 4
CARD_WIDTH: Final = 3
PREFERRED: Final = ("AR-OVERDUE", "AR-DSO", "AR-CEI", "AR-DAYS-LATE", "CMP-FILED", "CMP-DOCS")


def write_cards(page: Page, row: int, assessment: Assessment, places: Places, timeline: Timeline) -> int:
    """Write the cards, whose figures point at the table of indicators under them; return that table's row."""
    if not assessment.ageing and not assessment.kpis:
        return row
    shown = shown_kpis(assessment)
    first_kpi = row + CARD_ROWS + 1 + HEAD_ROWS
    page.set_row(row, 17)
    page.set_row(row + 1, 32)
    page.set_row(row + 2, 16)
    page.set_row(row + 3, 18)
    card = 0
    trends: list[Trend] = []
    if assessment.ageing:
        _write_outstanding(page, row, assessment.ageing[0], places, timeline)
        total = places.history.bands[assessment.ageing[0].currency] + len(assessment.ageing[0].bands)
        currency = assessment.ageing[0].currency
        balances = [own.outstanding for past in timeline.months for own in past.ageing if own.currency == currency]
        trends.append(Trend(row + 1, FIRST + CARD_WIDTH - 1, places.months(page, total), balances))
        card = 1
    for index in _chosen(shown, CARDS - card):
        kpi, column = shown[index], FIRST + card * CARD_WIDTH
        _write_card(page, row, column, kpi, first_kpi + index, assessment, places, timeline)
        months = places.months(page, places.history.kpis[kpi.id])
        trends.append(Trend(row + 1, column + CARD_WIDTH - 1, months, figures_of(timeline, kpi.id)))
        card += 1
    if len(timeline.months) > 1:
        draw_trends(page.sheet, trends)
    return row + CARD_ROWS + 1


def _write_outstanding(page: Page, row: int, own: Ageing, places: Places, timeline: Timeline) -> None:
    overdue = sum((own.bands[band] for band in OVERDUE), Decimal(0))
    place = places.ageing[own.currency]
    sheet = page.ref("ageing")
    _frame(page, row, FIRST, words.OUTSTANDING_CARD.format(currency=own.currency), "none")
    number = money_format(own.currency, own.bands)
    figure = _figure(page, number)
    page.point(row + 1, FIRST, page.names["ageing"], place.outstanding, figure)
    page.formula(row + 1, FIRST, f"={sheet}!{place.outstanding}", own.outstanding, figure, to=FIRST + 1)
    page.text(row + 1, FIRST + 2, "", _trend(page))
    bands = f"{place.total(OVERDUE.start)}:{place.total(OVERDUE.stop - 1)}"
    said = f'"{page.say(words.OVERDUE)}: "'
    part = _line(page, num_format=said + number.split(";", maxsplit=1)[0], align="left")
    page.formula(row + 2, FIRST, f"=SUM({sheet}!{bands})", overdue, part, to=FIRST + 1)
    before = _before(timeline, own.currency)
    style = _line(page, num_format=change_format(number), align="right", **_RIGHT)
    if before is None:
        page.text(row + 2, FIRST + 2, "", style)
    else:
        total = places.history.bands[own.currency] + len(own.bands)
        formula = f"={cell_name(row + 1, FIRST)}-{places.before(page, total)}"
        page.formula(row + 2, FIRST + 2, formula, own.outstanding - before, style)
    share = _foot(page, "none", num_format=f'{page.theme.percent} "{page.say(words.OF_IT_OVERDUE)}"', align="left")
    whole, due = cell_name(row + 1, FIRST), cell_name(row + 2, FIRST)
    ratio = overdue / own.outstanding if own.outstanding else Decimal(0)
    page.formula(row + 3, FIRST, f"=IF({whole}=0,0,{due}/{whole})", ratio, share, to=FIRST + CARD_WIDTH - 1)


def _before(timeline: Timeline, currency: str) -> Decimal | None:
    """Return the balance of the period before."""
    past = timeline.period_before
    if past is None:
        return None
    return next((each.outstanding for each in past.ageing if each.currency == currency), Decimal(0))


def _write_card(
    page: Page,
    row: int,
    column: int,
    kpi: Kpi,
    kpi_row: int,
    assessment: Assessment,
    places: Places,
    timeline: Timeline,
) -> None:
    word, status = kpi_status(kpi)
    _frame(page, row, column, kpi.title, status)
    number = kpi_format(kpi, assessment.profile.currency, page.language)
    figure = _figure(page, number)
    target = places.method_of(page, kpi.id)
    if target:
        page.point(row + 1, column, *target, figure)
    if kpi.value is None:
        page.text(row + 1, column, words.NOT_AVAILABLE, figure, to=column + 1)
    else:
        page.formula(row + 1, column, f"={cell_name(kpi_row, VALUE)}", kpi.value, figure, to=column + 1)
    page.text(row + 1, column + 2, "", _trend(page))
    page.text(row + 3, column, word, _foot(page, status, shrink=True), to=column + CARD_WIDTH - 1)
    if kpi.target is None:
        page.text(row + 2, column, words.NO_TARGET, _line(page), to=column + 1)
    else:
        aim = kpi_format(
            kpi, assessment.profile.currency, page.language, f"{page.say(words.TARGET)} {target_sign(kpi)}"
        )
        style = _line(page, num_format=aim, align="left")
        if target:
            page.point(row + 2, column, *target, style)
        page.number(row + 2, column, kpi.target, style, to=column + 1)
    change = shown_change(change_of(kpi.value, timeline.period_before, kpi.id), number)
    if change is None:
        page.text(row + 2, column + 2, "", _line(page, **_RIGHT))
    else:
        colour = STATUS[change_status(kpi, change)][0]
        style = _line(page, num_format=change_format(number), align="right", font_color=colour, bold=True, **_RIGHT)
        page.formula(row + 2, column + 2, f"={cell_name(kpi_row, CHANGE)}", change, style)


def _frame(page: Page, row: int, column: int, title: Text, status: str) -> None:
    style = page.theme.style(
        "label", bg_color=MIST, indent=1, top=5, top_color=STATUS[status][0] if status != "none" else NAVY, **_EDGES
    )
    page.text(row, column, title, style, to=column + CARD_WIDTH - 1)


def _figure(page: Page, number: str) -> Format:
    return page.theme.style(
        "title", font_size=22, bg_color=MIST, num_format=number, align="left", indent=1, shrink=True, **_LEFT
    )


def _trend(page: Page) -> Format:
    return page.theme.style("title", bg_color=MIST, **_RIGHT)


def _line(page: Page, **changes: Any) -> Format:
    look = {"bg_color": MIST, "font_size": 10, "font_color": GREY, "indent": 1, "bottom": 0, "shrink": True}
    return page.theme.style("line", **{**look, **_LEFT, **changes})


def _foot(page: Page, status: str, **changes: Any) -> Format:
    return page.theme.status(status, "line", indent=1, bottom=0, **_EDGES, **changes)


_LEFT: Final = {"left": 5, "left_color": PAPER}
_RIGHT: Final = {"right": 5, "right_color": PAPER}
_EDGES: Final = {**_LEFT, **_RIGHT}
"""Thick white edges keep neighbouring cards apart."""


def _chosen(kpis: Sequence[Kpi], count: int) -> list[int]:
    """Return the indices of the indicators that deserve a card: the best known ones that have a value first."""
    ids = [kpi.id for kpi in kpis]
    order = [ids.index(known) for known in PREFERRED if known in ids]
    order += [index for index in range(len(kpis)) if index not in order]
    return sorted(order, key=lambda index: kpis[index].value is None)[:count]
