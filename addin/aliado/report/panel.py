"""The panel: one page that says how the client stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from aliado.language import Text
from aliado.report import words
from aliado.report.ageing import AgeingPlace
from aliado.report.alert_log import ORDER
from aliado.report.alerts import AlertsPlace, count_severities
from aliado.report.audit import tie_format, tie_status
from aliado.report.grid import (
    COLUMN_WIDTH,
    FIRST,
    LAST,
    MARGIN_WIDTH,
    ROW_HEIGHT,
    write_heads,
    write_remark,
    write_section,
)
from aliado.report.history import HistoryPlace
from aliado.report.indicators import write_cards, write_indicators
from aliado.report.page import Page, lines_needed
from aliado.report.receivables import DEBTORS_LAST, write_ageing, write_debtors
from aliado.report.theme import LINK, WHOLE
from aliado.report.timeline import Timeline
from aliado.rules.assessment import Assessment, Filing, KpiStatus, Tie

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

CARDS_ROW: Final = 6
ALERTS_FIRST: Final = DEBTORS_LAST + 2
OBLIGATIONS: Final = 6
TIES: Final = 5
NOTES: Final = 5


def write_panel(
    page: Page,
    workbook: Workbook,
    assessment: Assessment,
    version: str,
    alerts: AlertsPlace,
    ageing: Mapping[str, AgeingPlace],
    history: HistoryPlace,
    timeline: Timeline,
) -> None:
    """Write the sheet; `alerts`, `ageing` and `history` say where the figures it points at stand."""
    page.set_widths([MARGIN_WIDTH, *[COLUMN_WIDTH] * (LAST - FIRST + 1)])
    _write_header(page, assessment)
    row = write_cards(page, CARDS_ROW, assessment, ageing)
    row = write_indicators(page, row, assessment, history, timeline) + 1
    row = write_ageing(page, workbook, row, assessment, ageing)
    left = write_debtors(page, row, assessment, ageing)
    right = _write_alerts(page, row, assessment, alerts)
    row = _write_obligations(page, max(left, right) + 1, assessment) + 1
    row = _write_ties(page, row, assessment) + 1
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
    facts = (
        (1, 2, words.AS_OF, None),
        (3, 4, words.CURRENCY, profile.currency),
        (5, 7, words.RESPONSIBLE, profile.responsible),
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
        page.formula(row, LAST, formula, count, theme.style("line", num_format="#,##0", bold=True))
        first += count
    row += 1
    page.text(row, ALERTS_FIRST, words.TOTAL, theme.style("subtotal", indent=1), to=LAST - 1)
    total = f"=SUM({chr(ord('A') + LAST)}{row - 2}:{chr(ord('A') + LAST)}{row})"
    page.formula(row, LAST, total, len(assessment.findings), theme.style("subtotal", num_format="#,##0"))
    row += 1
    link = theme.style("note", font_color=LINK, underline=1, text_wrap=False, valign="vcenter", indent=1)
    page.link(row, ALERTS_FIRST, sheet, "A1", f"{page.say(words.SEE)} {sheet} →", link, to=LAST)
    return row + 1


def _write_obligations(page: Page, row: int, assessment: Assessment) -> int:
    row = write_section(page, row, words.OBLIGATIONS)
    theme = page.theme
    waiting = [
        filing for filing in assessment.calendar if filing.filed is None and not filing.status.startswith("filed")
    ]
    waiting.sort(key=lambda filing: (filing.due, filing.obligation, filing.period))
    if not waiting:
        return write_remark(page, row, words.NO_OBLIGATIONS)
    heads = (
        (1, 5, words.OBLIGATION),
        (6, 7, words.PERIOD),
        (8, 8, words.DUE),
        (9, 10, words.STATUS),
        (11, 12, words.OWNER),
    )
    write_heads(page, row, heads, indented=(9, 11))
    for filing in waiting[:OBLIGATIONS]:
        row += 1
        _write_filing(page, row, filing)
    if len(waiting) > OBLIGATIONS:
        row += 1
        more = words.MORE_OBLIGATIONS.format(count=len(waiting) - OBLIGATIONS)
        page.text(row, FIRST, more, theme.style("footer", font_size=9), to=LAST)
    return row + 1


def _write_filing(page: Page, row: int, filing: Filing) -> None:
    theme = page.theme
    title = page.say(filing.title)
    if not filing.verified:
        title = page.say(words.UNVERIFIED).format(title=title)
    if filing.sheet and filing.row:
        link = theme.style("line", font_color=LINK, underline=1, shrink=True)
        page.link(row, 1, filing.sheet, f"A{filing.row}", title, link, to=5)
    else:
        page.text(row, 1, title, theme.style("line", shrink=True), to=5)
    page.text(row, 6, filing.period, theme.style("line"), to=7)
    page.date(row, 8, filing.due, theme.style("line", num_format=theme.date, align="left"))
    light = {"overdue": "red", "due_soon": "amber"}.get(filing.status, "none")
    page.text(row, 9, words.FILING_STATUSES[filing.status], theme.status(light, indent=1, shrink=True), to=10)
    owner = page.say(filing.owner) if filing.owner else "–"
    page.text(row, 11, owner, theme.style("line", indent=1, shrink=True), to=12)


def _write_ties(page: Page, row: int, assessment: Assessment) -> int:
    row = write_section(page, row, words.TIES)
    theme = page.theme
    if not assessment.ties:
        return write_remark(page, row, words.NO_TIES)
    word, status = _sum_up(page, assessment.ties)
    page.link(row, FIRST, page.names["audit"], "A1", word, theme.status(status, indent=1), to=LAST)
    page.set_row(row, 20)
    row += 1
    heads = ((1, 6, words.CHECK), (7, 8, words.LEFT), (9, 10, words.RIGHT), (11, 12, words.STATUS))
    write_heads(page, row, heads, numbers=(7, 9), indented=(11,))
    shown = sorted(assessment.ties, key=_urgency)[:TIES]
    for tie in shown:
        row += 1
        _write_tie(page, row, tie)
    return row + 1


def _urgency(tie: Tie) -> tuple[int, bool]:
    """Order ties: what does not tie first, and money before counts of rows."""
    return ("red", "none", "green").index(tie_status(tie)[1]), tie_format(tie) == WHOLE


def _write_tie(page: Page, row: int, tie: Tie) -> None:
    theme = page.theme
    figure = theme.style("line", num_format=tie_format(tie), shrink=True)
    name = page.say(tie.name)
    page.text(row, 1, name, theme.style("line", text_wrap=True), to=6)
    page.set_row(row, 15 * lines_needed(name, 68) + 1)
    page.number(row, 7, tie.left, figure, to=8)
    if tie.right is None:
        page.text(row, 9, words.NOT_GIVEN, theme.style("line", align="right"), to=10)
    else:
        page.number(row, 9, tie.right, figure, to=10)
    word, status = tie_status(tie)
    page.text(row, 11, word, theme.status(status, indent=1), to=12)


def _sum_up(page: Page, ties: tuple[Tie, ...]) -> tuple[str, str]:
    statuses = [tie_status(tie)[1] for tie in ties]
    wrong, open_ties, count = statuses.count("red"), statuses.count("none"), len(ties)
    text: Text
    if wrong:
        text = words.TIES_WRONG.format(wrong=wrong, count=count, sheet=page.names["audit"])
        return page.say(text), "red"
    if open_ties:
        text = words.TIES_OPEN.format(ok=count - open_ties, count=count, open=open_ties)
        return page.say(text), "green"
    return page.say(words.TIES_OK.format(ok=count, count=count)), "green"


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
