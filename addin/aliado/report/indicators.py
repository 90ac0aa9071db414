"""The panel's indicators: four cards and a table with value, target, status and method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aliado.language import Text, write_date
from aliado.report import words
from aliado.report.ageing import OVERDUE, AgeingPlace
from aliado.report.grid import FIRST, LAST, cell_name, write_heads, write_remark, write_section
from aliado.report.history import HistoryPlace
from aliado.report.page import Page, lines_needed
from aliado.report.theme import MIST, NAVY, PAPER, STATUS, change_format, kpi_format, money_format
from aliado.report.timeline import Timeline, change_of, is_signed
from aliado.rules.assessment import Assessment, Kpi

if TYPE_CHECKING:
    from xlsxwriter.format import Format

CARD_ROWS: Final = 3
HEAD_ROWS: Final = 2
"""Rows of the table of indicators above the first one: its title and the heads."""
CARDS: Final = 4
CARD_WIDTH: Final = 3
PREFERRED: Final = ("AR-OVERDUE", "AR-DSO", "AR-CEI", "AR-DAYS-LATE", "CMP-FILED", "CMP-DOCS")
VALUE: Final = FIRST + 3
TARGET: Final = VALUE + 1
CHANGE: Final = VALUE + 2
TREND: Final = VALUE + 3
STATUS_COLUMN: Final = VALUE + 4
METHOD: Final = VALUE + 6
METHOD_CHARACTERS: Final = 54
"""Characters of small print that fit on a line of the method column."""


def write_cards(page: Page, row: int, assessment: Assessment, ageing: Mapping[str, AgeingPlace]) -> int:
    """Write the cards, whose figures point at the table of indicators under them; return that table's row."""
    if not assessment.ageing and not assessment.kpis:
        return row
    first_kpi = row + CARD_ROWS + 1 + HEAD_ROWS
    page.set_row(row, 17)
    page.set_row(row + 1, 32)
    page.set_row(row + 2, 18)
    card = 0
    if assessment.ageing:
        _write_outstanding(page, row, assessment, ageing)
        card = 1
    for index in _chosen(assessment.kpis, CARDS - card):
        value = cell_name(first_kpi + index, VALUE)
        _write_card(page, row, FIRST + card * CARD_WIDTH, assessment.kpis[index], value, assessment.profile.currency)
        card += 1
    return row + CARD_ROWS + 1


def write_indicators(page: Page, row: int, assessment: Assessment, history: HistoryPlace, timeline: Timeline) -> int:
    """Write the table of indicators and return the next row."""
    row = write_section(page, row, words.KPIS)
    if not assessment.kpis:
        return write_remark(page, row, words.KPIS_EMPTY)
    write_heads(
        page,
        row,
        (
            (1, 3, words.KPI),
            (4, 4, words.VALUE),
            (5, 5, words.TARGET),
            (6, 6, _change_head(page, timeline)),
            (7, 7, words.TREND),
            (8, 9, words.STATUS),
            (10, 12, words.METHOD),
        ),
        numbers=(4, 5, 6),
        indented=(7, 8, 10),
    )
    for kpi in assessment.kpis:
        row += 1
        _write_kpi(page, row, kpi, assessment.profile.currency)
        _write_trend(page, row, kpi, assessment, history, timeline)
    _write_sparklines(page, row - len(assessment.kpis) + 1, assessment, history, timeline)
    return row + 1


def kpi_status(kpi: Kpi) -> tuple[Text, str]:
    """Return a KPI's word and the status whose colour it takes."""
    if kpi.value is None:
        return words.KPI_UNKNOWN, "none"
    if kpi.status == "green" and not _meets_target(kpi.value, kpi):
        return words.KPI_NEAR, "green"
    return words.KPI_STATUSES[kpi.status], kpi.status


def _meets_target(value: Decimal, kpi: Kpi) -> bool:
    if kpi.target is None or kpi.better == "none":
        return True
    return value <= kpi.target if kpi.better == "lower" else value >= kpi.target


def _change_head(page: Page, timeline: Timeline) -> Text | str:
    before = timeline.period_before
    return words.CHANGE if before is None else f"Δ {write_date(before.as_of, page.language)}"


def _write_kpi(page: Page, row: int, kpi: Kpi, currency: str) -> None:
    theme = page.theme
    title, method = page.say(kpi.title), page.say(kpi.method)
    page.text(row, FIRST, title, theme.style("line", text_wrap=True), to=FIRST + 2)
    if kpi.value is None:
        page.text(row, VALUE, words.NOT_AVAILABLE, theme.style("line", align="right"))
        method = f"{page.say(kpi.reason)} {method}" if kpi.reason else method
    else:
        number = theme.style("line", bold=True, shrink=True, num_format=kpi_format(kpi, currency, page.language))
        page.number(row, VALUE, kpi.value, number)
    if kpi.target is None:
        page.text(row, TARGET, "–", theme.style("line", align="right"))
    else:
        target = kpi_format(kpi, currency, page.language, prefix=_sign(kpi))
        page.number(row, TARGET, kpi.target, theme.style("line", shrink=True, num_format=target))
    word, status = kpi_status(kpi)
    page.text(row, STATUS_COLUMN, word, theme.status(status, indent=1), to=STATUS_COLUMN + 1)
    page.text(row, METHOD, method, theme.style("small", indent=1), to=LAST)
    page.set_row(row, max(19, 15 * lines_needed(title, 34) + 2, 10 * lines_needed(method, METHOD_CHARACTERS) + 3))


def _write_trend(
    page: Page, row: int, kpi: Kpi, assessment: Assessment, history: HistoryPlace, timeline: Timeline
) -> None:
    """Write how much an indicator changed since the period before."""
    theme = page.theme
    change = change_of(kpi.value, timeline.period_before, kpi.id)
    if change is None:
        page.text(row, CHANGE, "–", theme.style("line", align="right"))
    else:
        number = change_format(kpi_format(kpi, assessment.profile.currency, page.language))
        before = f"{page.ref('history')}!{history.month_cell(history.kpis[kpi.id], back=1)}"
        style = theme.style("line", shrink=True, num_format=number, font_color=STATUS[change_status(kpi, change)][0])
        page.formula(row, CHANGE, f"={cell_name(row, VALUE)}-{before}", change, style)
    page.text(row, TREND, "", theme.style("line"))


def _write_sparklines(
    page: Page, first: int, assessment: Assessment, history: HistoryPlace, timeline: Timeline
) -> None:
    """Draw each indicator's figures by month as small columns, in the rows from `first` on."""
    if len(timeline.months) < 2:
        return
    places = [
        (row, TREND, f"{page.ref('history')}!{history.months(history.kpis[kpi.id])}", is_signed(timeline, kpi.id))
        for row, kpi in enumerate(assessment.kpis, first)
    ]
    for signed in (False, True):
        page.sparklines([place[:3] for place in places if place[3] is signed], signed=signed)


def change_status(kpi: Kpi, change: Decimal) -> str:
    """Return the status whose colour an indicator's change takes."""
    if change == 0 or kpi.better == "none":
        return "none"
    return "green" if (change < 0) == (kpi.better == "lower") else "red"


def _write_outstanding(page: Page, row: int, assessment: Assessment, places: Mapping[str, AgeingPlace]) -> None:
    own = assessment.ageing[0]
    overdue = sum((own.bands[band] for band in OVERDUE), Decimal(0))
    _frame(page, row, FIRST, words.OUTSTANDING_CARD.format(currency=own.currency), "none")
    number = money_format(own.currency, own.bands)
    formula = f"={page.ref('ageing')}!{places[own.currency].outstanding}"
    page.formula(row + 1, FIRST, formula, own.outstanding, _figure(page, number), to=FIRST + CARD_WIDTH - 1)
    place = places[own.currency]
    bands = f"{place.total(OVERDUE.start)}:{place.total(OVERDUE.stop - 1)}"
    said = f'"{page.say(words.OVERDUE)}: "'
    foot = _foot(page, "none", num_format=said + number.split(";")[0], align="left")
    page.formula(row + 2, FIRST, f"=SUM({page.ref('ageing')}!{bands})", overdue, foot, to=FIRST + CARD_WIDTH - 1)


def _write_card(page: Page, row: int, column: int, kpi: Kpi, value: str, currency: str) -> None:
    word, status = kpi_status(kpi)
    _frame(page, row, column, kpi.title, status)
    last = column + CARD_WIDTH - 1
    figure = _figure(page, kpi_format(kpi, currency, page.language))
    if kpi.value is None:
        page.text(row + 1, column, words.NOT_AVAILABLE, figure, to=last)
    else:
        page.formula(row + 1, column, f"={value}", kpi.value, figure, to=last)
    page.text(row + 2, column, word, _foot(page, status), to=last)


def _frame(page: Page, row: int, column: int, title: Text, status: str) -> None:
    style = page.theme.style(
        "label", bg_color=MIST, indent=1, top=5, top_color=STATUS[status][0] if status != "none" else NAVY, **_EDGES
    )
    page.text(row, column, title, style, to=column + CARD_WIDTH - 1)


def _figure(page: Page, number: str) -> Format:
    return page.theme.style(
        "title", font_size=22, bg_color=MIST, num_format=number, align="left", indent=1, shrink=True, **_EDGES
    )


def _foot(page: Page, status: str, **changes: Any) -> Format:
    return page.theme.status(status, "line", indent=1, bottom=0, **_EDGES, **changes)


_EDGES: Final = {"left": 5, "left_color": PAPER, "right": 5, "right_color": PAPER}
"""Thick white edges keep neighbouring cards apart."""


def _chosen(kpis: Sequence[Kpi], count: int) -> list[int]:
    """Return the indices of the indicators that deserve a card: the best known ones that have a value first."""
    ids = [kpi.id for kpi in kpis]
    order = [ids.index(known) for known in PREFERRED if known in ids]
    order += [index for index in range(len(kpis)) if index not in order]
    return sorted(order, key=lambda index: kpis[index].value is None)[:count]


def _sign(kpi: Kpi) -> str:
    return {"lower": "≤ ", "higher": "≥ ", "none": ""}[kpi.better]
