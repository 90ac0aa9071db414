"""The panel: one page that says how the client stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aliado.report import words
from aliado.report import words_deadlines as deadlines
from aliado.report.agenda import write_documents, write_obligations, write_tasks, write_warnings
from aliado.report.alert_log import ORDER
from aliado.report.alerts import AlertsPlace, count_severities
from aliado.report.cards import write_cards
from aliado.report.grid import COLUMN_WIDTH, FIRST, LAST, MARGIN_WIDTH, ROW_HEIGHT, write_heads, write_section
from aliado.report.indicators import write_indicators
from aliado.report.page import Page, lines_needed
from aliado.report.places import Places
from aliado.report.receivables import DEBTORS_LAST, write_ageing, write_debtors
from aliado.report.theme import LINK
from aliado.report.tie_strip import write_ties
from aliado.report.timeline import Timeline
from aliado.rules.assessment import Assessment, KpiStatus

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

CARDS_ROW: Final = 6
ALERTS_FIRST: Final = DEBTORS_LAST + 2
NOTES: Final = 4


def write_panel(
    page: Page, workbook: Workbook, assessment: Assessment, version: str, places: Places, timeline: Timeline
) -> None:
    """Write the sheet; `places` says where the figures it points at stand."""
    page.set_widths([MARGIN_WIDTH, *[COLUMN_WIDTH] * (LAST - FIRST + 1)])
    _write_header(page, assessment)
    row = write_cards(page, CARDS_ROW, assessment, places, timeline)
    row = write_indicators(page, row, assessment, places, timeline) + 1
    row = write_ageing(page, workbook, row, assessment, places, timeline)
    left = write_debtors(page, row, assessment, places.ageing)
    right = _write_alerts(page, row, assessment, places.alerts)
    row = max(left, right) + 1
    left = write_tasks(page, write_obligations(page, row, assessment) + 1, assessment, places.people)
    right = write_warnings(page, write_documents(page, workbook, row, assessment) + 1, assessment)
    row = write_ties(page, max(left, right) + 1, assessment, places) + 1
    row = _write_notes(page, row, assessment)
    made = words.MADE_WITH.format(version=version, sheet=page.names["audit"])
    page.text(row, FIRST, made, page.theme.style("footer"), to=LAST)
    page.fix_heights(row, ROW_HEIGHT)
    page.print_on_a4(assessment.profile.name, landscape=False, one_page=True)
    page.sheet.print_area(0, 0, row, LAST)


def overall_status(assessment: Assessment) -> KpiStatus:
    """Return the worst that the panel has to say: of findings, indicators, ties."""
    found = {finding.severity for finding in assessment.findings}
    lights = {kpi.status for kpi in assessment.kpis if kpi.value is not None}
    wrong = any(tie.right is not None and not tie.ok for tie in assessment.ties)
    if "red" in found or "red" in lights or wrong:
        return "red"
    if "amber" in found or "amber" in lights or assessment.rejections:
        return "amber"
    return "green" if assessment.tables or lights else "none"


def _write_header(page: Page, assessment: Assessment) -> None:
    theme, profile = page.theme, assessment.profile
    page.set_row(0, 34)
    page.text(0, FIRST, profile.name or words.NO_CLIENT, theme.style("title", font_size=22, shrink=True), to=LAST - 3)
    status = overall_status(assessment)
    page.text(0, LAST - 2, words.OVERALL[status], theme.status(status, "line", align="center", bottom=0), to=LAST)
    about = [page.say(words.TAX_ID.format(tax_id=profile.tax_id))] if profile.tax_id else []
    about += [profile.country] if profile.country else []
    page.text(1, FIRST, " · ".join(about), theme.style("subtitle"), to=LAST)
    for column in range(FIRST, LAST + 1):
        page.text(2, column, "", theme.style("rule"))
    page.set_row(2, 5)
    packs = " · ".join(f"{pack.name} {pack.version}" for pack in assessment.packs)
    month = f"{page.say(deadlines.MONTHS[assessment.as_of.month])} {assessment.as_of.year}"
    facts = (
        (1, 1, words.AS_OF, None),
        (2, 3, words.PERIOD, month),
        (4, 4, words.CURRENCY, profile.currency),
        (5, 6, words.RESPONSIBLE, profile.responsible),
        (7, 7, words.LANGUAGE, page.say(words.LANGUAGE_NAME)),
        (8, 12, words.RULES, packs),
    )
    for first, last, title, value in facts:
        page.text(3, first, title, theme.style("label"), to=last)
        if value is None:
            page.date(4, first, assessment.as_of, theme.style("fact", num_format=theme.date), to=last)
        else:
            page.text(4, first, value or page.say(words.NOT_GIVEN), theme.style("fact", shrink=True), to=last)
    page.set_row(5, 8)


def _write_alerts(page: Page, row: int, assessment: Assessment, place: AlertsPlace) -> int:
    theme, sheet = page.theme, page.names["alerts"]
    row = write_section(page, row, words.ALERTS_SECTION, ALERTS_FIRST, LAST)
    write_heads(page, row, ((9, 11, words.SEVERITY), (12, 12, words.COUNT)), numbers=(12,), indented=(9,))
    counts = count_severities(assessment)
    first = place.first_row
    for severity in ORDER:
        row += 1
        count, word = counts[severity], page.say(words.SEVERITIES[severity])
        style = theme.status(severity if count else "none", indent=1)
        if count:
            page.link(row, ALERTS_FIRST, sheet, f"A{first + 1}", word, style, to=LAST - 1)
        else:
            page.text(row, ALERTS_FIRST, word, style, to=LAST - 1)
        formula = f'=COUNTIF({page.ref("alerts")}!{place.severities},"{word}")'
        figure = theme.style("line", num_format="#,##0", bold=True)
        if count:
            page.point(row, LAST, sheet, f"A{first + 1}", figure)
        page.formula(row, LAST, formula, count, figure)
        first += count
    row += 1
    page.text(row, ALERTS_FIRST, words.TOTAL, theme.style("subtotal", indent=1), to=LAST - 1)
    total = f"=SUM({chr(ord('A') + LAST)}{row - 2}:{chr(ord('A') + LAST)}{row})"
    page.formula(row, LAST, total, len(assessment.findings), theme.style("subtotal", num_format="#,##0"))
    row += 1
    link = theme.style("note", font_color=LINK, underline=1, text_wrap=False, valign="vcenter", indent=1)
    page.link(row, ALERTS_FIRST, sheet, "A1", f"{page.say(words.SEE)} {sheet} →", link, to=LAST)
    return row + 1


def _write_notes(page: Page, row: int, assessment: Assessment) -> int:
    if not assessment.notes:
        return row
    row = write_section(page, row, words.NOTES)
    theme = page.theme
    for note in assessment.notes[:NOTES]:
        text = f"• {page.say(note)}"
        page.text(row, FIRST, text, theme.style("note", valign="vcenter"), to=LAST)
        page.set_row(row, 12.5 * lines_needed(text, 165) + 4)
        row += 1
    if len(assessment.notes) > NOTES:
        more = words.MORE.format(count=len(assessment.notes) - NOTES, sheet=page.names["audit"])
        page.text(row, FIRST, more, theme.style("footer", font_size=9), to=LAST)
        row += 1
    return row + 1
