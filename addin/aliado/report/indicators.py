"""The panel's table of indicators: value, target, change, trend, status and method."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aliado.formula.values import round_half_up
from aliado.language import Text, write_date
from aliado.report import words
from aliado.report.grid import FIRST, LAST, cell_name, write_heads, write_remark, write_section
from aliado.report.native import native_formula
from aliado.report.page import Page, lines_needed
from aliado.report.places import Places
from aliado.report.sparklines import Trend, draw_trends
from aliado.report.theme import LINK, STATUS, change_format, kpi_format, shown_places
from aliado.report.timeline import Timeline, change_of, figures_of
from aliado.rules.assessment import Assessment, Kpi

HEAD_ROWS: Final = 2
"""Rows of the table of indicators above the first one: its title and the heads."""
MOST: Final = 12
"""Indicators on the one page; the others are named on the history and audit sheets."""
FIRST_CHOICE: Final = (
    "AR-OVERDUE",
    "AR-DSO",
    "AR-CEI",
    "AR-DAYS-LATE",
    "CMP-FILED",
    "CMP-DOCS",
    "CASH-RUNWAY",
    "AP-DPO",
)

VALUE: Final = FIRST + 3
TARGET: Final = VALUE + 1
CHANGE: Final = VALUE + 2
TREND: Final = VALUE + 3
STATUS_COLUMN: Final = VALUE + 4
METHOD: Final = VALUE + 6
METHOD_CHARACTERS: Final = 58
"""Characters of small print that fit on a line of the method column."""


def shown_kpis(assessment: Assessment) -> list[Kpi]:
    """Return the indicators that the page has room for, in their order: the best known, then those off target."""
    kpis = assessment.kpis
    if len(kpis) <= MOST:
        return list(kpis)
    light = {"red": 1, "amber": 2, "green": 3, "none": 4}

    def rank(kpi: Kpi) -> tuple[bool, int, int]:
        known = FIRST_CHOICE.index(kpi.id) if kpi.id in FIRST_CHOICE else len(FIRST_CHOICE)
        return kpi.value is None, 0 if known < len(FIRST_CHOICE) else light[kpi.status], known

    chosen = {kpi.id for kpi in sorted(kpis, key=rank)[:MOST]}
    return [kpi for kpi in kpis if kpi.id in chosen]


def write_indicators(page: Page, row: int, assessment: Assessment, places: Places, timeline: Timeline) -> int:
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
    shown = shown_kpis(assessment)
    for kpi in shown:
        row += 1
        _write_kpi(page, row, kpi, assessment, places)
        _write_change(page, row, kpi, assessment, places, timeline)
    _write_trends(page, row - len(shown) + 1, shown, places, timeline)
    if len(shown) < len(assessment.kpis):
        row += 1
        more = words.MORE_KPIS.format(count=len(assessment.kpis) - len(shown), sheet=page.names["history"])
        style = page.theme.style("footer", font_size=9, font_color=LINK, underline=1)
        page.link(row, FIRST, page.names["history"], "A1", page.say(more), style, to=LAST)
    return row + 1


def kpi_status(kpi: Kpi) -> tuple[Text, str]:
    """Return a KPI's word and the status whose colour it takes."""
    if kpi.value is None:
        return words.KPI_UNKNOWN, "none"
    if kpi.status == "green" and not _meets_target(kpi.value, kpi):
        return words.KPI_NEAR, "green"
    return words.KPI_STATUSES[kpi.status], kpi.status


def shown_change(change: Decimal | None, number_format: str) -> Decimal | None:
    """Return a change rounded to what its format shows: what shows as nothing has neither a sign nor a colour."""
    return None if change is None else round_half_up(change, shown_places(number_format))


def change_status(kpi: Kpi, change: Decimal) -> str:
    """Return the status whose colour an indicator's change takes."""
    if change == 0 or kpi.better == "none":
        return "none"
    return "green" if (change < 0) == (kpi.better == "lower") else "red"


def say_method(page: Page, kpi: Kpi) -> str:
    """Return how an indicator is worked out, and first why there is no figure where there is none."""
    method = page.say(kpi.method)
    if kpi.reason is None:
        return method
    reason = page.say(kpi.reason).rstrip(".")
    return f"{reason[:1].upper()}{reason[1:]}. {method}"


def _meets_target(value: Decimal, kpi: Kpi) -> bool:
    if kpi.target is None or kpi.better == "none":
        return True
    return value <= kpi.target if kpi.better == "lower" else value >= kpi.target


def _change_head(page: Page, timeline: Timeline) -> Text | str:
    before = timeline.period_before
    return words.CHANGE if before is None else f"Δ {write_date(before.as_of, page.language)}"


def _write_kpi(page: Page, row: int, kpi: Kpi, assessment: Assessment, places: Places) -> None:
    theme, currency = page.theme, assessment.profile.currency
    title, method = page.say(kpi.title), say_method(page, kpi)
    explained = places.method_of(page, kpi.id)
    page.text(row, FIRST, title, theme.style("line", text_wrap=True), to=FIRST + 2)
    if kpi.value is None:
        page.text(row, VALUE, words.NOT_AVAILABLE, theme.style("line", align="right"))
    else:
        number = theme.style("line", bold=True, shrink=True, num_format=kpi_format(kpi, currency, page.language))
        if explained:
            page.point(row, VALUE, *explained, number)
        formula = native_formula(page, kpi, assessment, places)
        if formula is None:
            page.number(row, VALUE, kpi.value, number)
        else:
            page.formula(row, VALUE, formula, kpi.value, number)
    if kpi.target is None:
        page.text(row, TARGET, "–", theme.style("line", align="right"))
    else:
        target = kpi_format(kpi, currency, page.language, prefix=target_sign(kpi))
        aim = theme.style("line", shrink=True, num_format=target)
        if explained:
            page.point(row, TARGET, *explained, aim)
        page.number(row, TARGET, kpi.target, aim)
    word, status = kpi_status(kpi)
    page.text(row, STATUS_COLUMN, word, theme.status(status, indent=1), to=STATUS_COLUMN + 1)
    page.text(row, METHOD, method, theme.style("small", font_size=7, indent=1), to=LAST)
    page.set_row(row, max(17, 15 * lines_needed(title, 34) + 2, 9 * lines_needed(method, METHOD_CHARACTERS) + 3))


def _write_change(page: Page, row: int, kpi: Kpi, assessment: Assessment, places: Places, timeline: Timeline) -> None:
    """Write how much an indicator changed since the period before."""
    theme = page.theme
    number = kpi_format(kpi, assessment.profile.currency, page.language)
    change = shown_change(change_of(kpi.value, timeline.period_before, kpi.id), number)
    if change is None:
        page.text(row, CHANGE, "–", theme.style("line", align="right"))
    else:
        before = places.before(page, places.history.kpis[kpi.id])
        colour = STATUS[change_status(kpi, change)][0]
        style = theme.style("line", shrink=True, num_format=change_format(number), font_color=colour)
        formula = f"=ROUND({cell_name(row, VALUE)}-{before},{shown_places(number)})"
        page.formula(row, CHANGE, formula, change, style)
    page.text(row, TREND, "", theme.style("line"))


def _write_trends(page: Page, first: int, kpis: list[Kpi], places: Places, timeline: Timeline) -> None:
    """Draw each indicator's figures by month as small columns, in the rows from `first` on."""
    if len(timeline.months) < 2:
        return
    cells = {kpi.id: places.months(page, places.history.kpis[kpi.id]) for kpi in kpis}
    draw_trends(
        page.sheet,
        [Trend(row, TREND, cells[kpi.id], figures_of(timeline, kpi.id)) for row, kpi in enumerate(kpis, first)],
    )


def target_sign(kpi: Kpi) -> str:
    """Return what stands before a target: on which side of it an indicator is to be."""
    return {"lower": "≤ ", "higher": "≥ ", "none": ""}[kpi.better]
