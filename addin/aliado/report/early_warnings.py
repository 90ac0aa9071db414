"""The sheet of early warnings: indicators that drift, from what to what, and the rows that drove it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from aliado.report import words_work as words
from aliado.report.evidence import say_evidence
from aliado.report.listing import widths_of, write_list_head
from aliado.report.page import Page, lines_needed
from aliado.report.places import Places
from aliado.report.sheets import write_heading, write_section
from aliado.report.sparklines import Trend, draw_trends
from aliado.report.theme import LINK, PAPER, STATUS, change_format, kpi_format, padded
from aliado.report.timeline import Timeline, figures_of
from aliado.report.words import KPI, MESSAGE, OWNER, SEVERITIES, SEVERITY, TREND
from aliado.rules.assessment import Assessment, EarlyWarning

TABLE: Final = "AliadoWarnings"
HEADINGS: Final = (
    (SEVERITY, 14.0),
    (KPI, 36.0),
    (words.SIGN, 23.0),
    (words.COMPARED, 14.0),
    (words.BEFORE, 15.0),
    (words.NOW, 15.0),
    (words.CHANGE_SHARE, 12.0),
    (TREND, 16.0),
    (MESSAGE, 58.0),
    (OWNER, 18.0),
)
BEFORE: Final = 4
TREND_COLUMN: Final = 7
HEADER_ROW: Final = 4
FIRST_ROW: Final = HEADER_ROW + 1
"""Zero-based row of the first warning."""


def write_warnings(page: Page, assessment: Assessment, places: Places, timeline: Timeline) -> None:
    """Write the sheet."""
    found, last = assessment.warnings, len(HEADINGS) - 1
    page.set_widths(widths_of(HEADINGS))
    write_heading(page, words.WARNINGS_TITLE, assessment)
    hint = page.say(words.WARNINGS_HINT)
    page.text(2, 0, hint, page.theme.style("prose"), to=last)
    page.set_row(2, 15 * lines_needed(hint, 200) + 3)
    first = write_list_head(page, HEADER_ROW, TABLE, HEADINGS, len(found), numbers=(BEFORE, BEFORE + 1, BEFORE + 2))
    for row, warning in enumerate(found, first):
        _write_warning(page, row, warning, assessment, places.methods)
    if not found:
        page.text(first, 0, words.NO_WARNINGS, page.theme.style("good", bg_color=PAPER))
    elif len(timeline.months) > 1:
        cells = {each.kpi: places.months(page, places.history.kpis[each.kpi]) for each in found}
        draw_trends(
            page.sheet,
            [
                Trend(row, TREND_COLUMN, cells[each.kpi], figures_of(timeline, each.kpi))
                for row, each in enumerate(found, first)
            ],
        )
    row = first + max(1, len(found)) + 1
    if found:
        row = write_section(page, row, words.DRIVERS, last)
    for warning in found:
        row = _write_drivers(page, row, warning, assessment, last)
    page.sheet.freeze_panes(first, 2)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, row, last)


def _write_warning(
    page: Page, row: int, warning: EarlyWarning, assessment: Assessment, methods: Mapping[str, int]
) -> None:
    theme = page.theme
    kpi = next(kpi for kpi in assessment.kpis if kpi.id == warning.kpi)
    number = kpi_format(kpi, assessment.profile.currency, page.language)
    line, message = theme.style("line", shrink=True), page.say(warning.message)
    page.text(row, 0, SEVERITIES[warning.severity], theme.status(warning.severity, indent=1))
    link = theme.style("line", font_color=LINK, underline=1, shrink=True)
    page.link(row, 1, page.names["audit"], f"A{methods[warning.kpi] + 1}", page.say(warning.title), link)
    page.text(row, 2, words.WARNING_KINDS[warning.kind], line)
    page.date(row, 3, warning.compared, theme.style("line", num_format=theme.date, align="left"))
    page.number(row, BEFORE, warning.before, theme.style("line", num_format=number, shrink=True))
    page.number(row, BEFORE + 1, warning.now, theme.style("line", num_format=number, bold=True, shrink=True))
    colour = STATUS[warning.severity][0]
    share = theme.style("line", num_format=change_format(padded(theme.percent)), font_color=colour, align="right")
    value: Decimal | str = "–" if not warning.before else (warning.now - warning.before) / abs(warning.before)
    page.formula(row, BEFORE + 2, f'=IF(E{row + 1}=0,"–",(F{row + 1}-E{row + 1})/ABS(E{row + 1}))', value, share)
    page.text(row, TREND_COLUMN, "", line)
    page.text(row, TREND_COLUMN + 1, message, theme.style("line", text_wrap=True, font_size=10))
    page.text(row, TREND_COLUMN + 2, warning.owner or "", line)
    page.set_row(row, max(24, 13.5 * lines_needed(message, 58) + 3))


def _write_drivers(page: Page, row: int, warning: EarlyWarning, assessment: Assessment, last: int) -> int:
    theme = page.theme
    page.text(row, 0, warning.title, theme.style("subtotal"), to=last)
    if not warning.drivers:
        page.text(row + 1, 0, words.NO_DRIVERS, theme.style("line", indent=1), to=last)
        return row + 3
    link = theme.style("line", font_color=LINK, underline=1, indent=1, shrink=True)
    for driver in warning.drivers:
        row += 1
        page.link(row, 0, driver.sheet, driver.cell, f"{driver.sheet}!{driver.cell}", link, to=1)
        page.text(row, 2, say_evidence(page, driver, assessment), theme.style("line", shrink=True), to=last)
    return row + 2
