"""The panel's agenda: obligations of the next days, required documents as a ring, tasks by owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from aliado.report import words
from aliado.report import words_deadlines as deadlines
from aliado.report import words_work as work
from aliado.report.early_warnings import FIRST_ROW as FIRST_WARNING
from aliado.report.filings import DOCUMENT_LIGHTS, FILING_LIGHTS, title_of
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
from aliado.report.theme import LINK, PAPER, change_format
from aliado.rules.assessment import Assessment, DocumentStatus, Filing
from aliado.rules.workload import count_tasks

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

LEFT_LAST: Final = FIRST + 6
RIGHT: Final = LEFT_LAST + 2
AHEAD: Final = 30
"""Days ahead that the list of obligations looks; what is overdue is always in it."""
OBLIGATIONS: Final = 6
OWNERS: Final = 5
WARNINGS: Final = 3
RING: Final[dict[DocumentStatus, str]] = {
    "valid": "#2F7F86",
    "expiring": "#E9B949",
    "undated": "#C9A227",
    "expired": "#B04632",
    "missing": "#7F2626",
}
"""Colours of the ring: told apart by brightness too."""


def write_obligations(page: Page, row: int, assessment: Assessment) -> int:
    """Write what is overdue or falls due in the next days, on the left of the page; return the next row."""
    row = write_section(page, row, words.OBLIGATIONS, FIRST, LEFT_LAST)
    theme = page.theme
    waiting = [
        filing
        for filing in assessment.calendar
        if filing.filed is None
        and not filing.status.startswith("filed")
        and (filing.due - assessment.as_of).days <= AHEAD
    ]
    waiting.sort(key=lambda filing: (filing.due, filing.obligation, filing.period))
    if not waiting:
        return write_remark(page, row, words.NO_OBLIGATIONS, LEFT_LAST)
    heads = ((1, 3, words.OBLIGATION), (4, 4, words.PERIOD), (5, 5, words.DUE), (6, 7, words.STATUS))
    write_heads(page, row, heads, indented=(6,))
    for filing in waiting[:OBLIGATIONS]:
        row += 1
        _write_filing(page, row, filing)
    if len(waiting) > OBLIGATIONS:
        row += 1
        more = page.say(words.MORE_OBLIGATIONS.format(count=len(waiting) - OBLIGATIONS))
        style = theme.style("footer", font_size=9, font_color=LINK, underline=1)
        page.link(row, FIRST, page.names["calendar"], "A1", more, style, to=LEFT_LAST)
    return row + 1


def _write_filing(page: Page, row: int, filing: Filing) -> None:
    theme = page.theme
    title = title_of(page, filing)
    if filing.sheet and filing.row:
        link = theme.style("line", font_color=LINK, underline=1, shrink=True)
        page.link(row, 1, filing.sheet, f"A{filing.row}", title, link, to=3)
    else:
        page.text(row, 1, title, theme.style("line", shrink=True), to=3)
    page.text(row, 4, filing.period, theme.style("line", shrink=True))
    page.date(row, 5, filing.due, theme.style("line", num_format=theme.date, align="left", shrink=True))
    light = theme.status(FILING_LIGHTS[filing.status], indent=1, shrink=True)
    page.text(row, 6, deadlines.FILING_STATUSES[filing.status], light, to=7)


def write_documents(page: Page, workbook: Workbook, row: int, assessment: Assessment) -> int:
    """Write the required documents by status with their ring, on the right of the page; return the next row."""
    row = write_section(page, row, deadlines.DOCUMENTS, RIGHT, LAST)
    theme = page.theme
    if not assessment.documents:
        page.text(row, RIGHT, words.NO_DOCUMENTS_SHORT, theme.style("note", font_size=10, valign="vcenter"), to=LAST)
        return row + 1
    top = row
    counts = {status: sum(each.status == status for each in assessment.documents) for status in RING}
    for status, count in counts.items():
        light = theme.status(DOCUMENT_LIGHTS[status] if count else "none", shrink=True)
        page.text(row, LAST - 1, deadlines.DOCUMENT_STATUSES[status], light)
        figure = theme.style("line", bold=True, num_format="#,##0")
        page.point(row, LAST, page.names["compliance"], "A1", figure)
        page.number(row, LAST, count, figure)
        row += 1
    total = theme.style("subtotal", num_format="#,##0")
    page.text(row, LAST - 1, words.TOTAL, theme.style("subtotal"))
    cells = f"{cell_name(top, LAST)}:{cell_name(row - 1, LAST)}"
    page.formula(row, LAST, f"=SUM({cells})", len(assessment.documents), total)
    _insert_ring(page, workbook, top, counts)
    return row + 1


def _insert_ring(page: Page, workbook: Workbook, top: int, counts: dict[DocumentStatus, int]) -> None:
    sheet = page.ref("panel")
    last = top + len(counts) - 1
    chart: Any = workbook.add_chart({"type": "doughnut"})
    chart.add_series(
        {
            "name": page.say(deadlines.DOCUMENTS),
            "categories": f"={sheet}!{cell_name(top, LAST - 1)}:{cell_name(last, LAST - 1)}",
            "values": f"={sheet}!{cell_name(top, LAST)}:{cell_name(last, LAST)}",
            "points": [{"fill": {"color": RING[status]}, "border": {"color": PAPER}} for status in counts],
        }
    )
    chart.set_title({"none": True})
    chart.set_legend({"none": True})
    chart.set_hole_size(55)
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 2 * COLUMN_PIXELS - 8, "height": 6 * ROW_PIXELS})
    told = "; ".join(
        f"{page.say(deadlines.DOCUMENT_STATUSES[status])[2:]}: {count}" for status, count in counts.items()
    )
    description = page.say(words.DOCUMENTS_CHART.format(counts=told))
    page.sheet.insert_chart(top, RIGHT, chart, {"description": description, "object_position": 1})


def write_warnings(page: Page, row: int, assessment: Assessment) -> int:
    """Write the first early warnings, on the right of the page; return the next row."""
    if not assessment.warnings:
        return row
    theme, sheet = page.theme, page.names["warnings"]
    row = write_section(page, row, work.WARNINGS, RIGHT, LAST)
    for place, warning in enumerate(assessment.warnings[:WARNINGS]):
        mark = words.SEVERITIES[warning.severity].es[0]
        style = theme.status(warning.severity, indent=1, shrink=True)
        cell = f"A{FIRST_WARNING + place + 1}"
        page.link(row, RIGHT, sheet, cell, f"{mark} {page.say(warning.title)}", style, to=LAST - 1)
        change = theme.status(warning.severity, num_format=change_format(theme.percent), align="right", shrink=True)
        if warning.change is None:
            page.text(row, LAST, "", change)
        else:
            page.point(row, LAST, sheet, cell, change)
            page.number(row, LAST, warning.change, change)
        row += 1
    if len(assessment.warnings) > WARNINGS:
        more = page.say(words.MORE.format(count=len(assessment.warnings) - WARNINGS, sheet=sheet))
        style = theme.style("footer", font_size=9, font_color=LINK, underline=1)
        page.link(row, RIGHT, sheet, "A1", more, style, to=LAST)
        row += 1
    return row


def write_tasks(page: Page, row: int, assessment: Assessment, people: Mapping[str, int]) -> int:
    """Write the open tasks by owner, on the left of the page; return the next row. people: person -> row on the team sheet."""
    row = write_section(page, row, words.TASKS, FIRST, LEFT_LAST)
    theme = page.theme
    table = assessment.tables.get("tasks")
    work = count_tasks(table, assessment.as_of) if table is not None else ()
    if table is None or not work:
        return write_remark(page, row, words.NO_TASKS, LEFT_LAST)
    heads = ((1, 3, words.OWNER), (4, 4, words.OPEN), (5, 5, deadlines.OVERDUE_COUNT), (6, 7, words.NEXT_DUE))
    write_heads(page, row, heads, numbers=(4, 5), indented=(6,))
    number = theme.style("line", num_format='#,##0;-#,##0;"–"')
    late = theme.status("red", num_format='#,##0;-#,##0;"–"')
    top = f"A{max(table.header_row, 1)}"
    for each in work[:OWNERS]:
        row += 1
        page.link(
            row,
            FIRST,
            table.sheet,
            top,
            each.owner or page.say(words.NOBODY),
            theme.style("line", font_color=LINK, underline=1, shrink=True),
            to=FIRST + 2,
        )
        for column, letter, value in ((FIRST + 3, "B", each.open), (FIRST + 4, "C", each.overdue)):
            style = late if value and column == FIRST + 4 else number
            line = people.get(each.owner)
            if line is None:
                page.number(row, column, value, style)
            else:
                page.point(row, column, page.names["team"], f"{letter}{line + 1}", style)
                page.formula(row, column, f"={page.ref('team')}!${letter}${line + 1}", value, style)
        if each.next_due is None:
            page.text(row, FIRST + 5, "–", theme.style("line", indent=1), to=LEFT_LAST)
        else:
            day = theme.style("line", num_format=theme.date, align="left", indent=1)
            page.date(row, FIRST + 5, each.next_due, day, to=LEFT_LAST)
    if len(work) > OWNERS:
        row += 1
        page.text(row, FIRST, words.MORE_OWNERS.format(count=len(work) - OWNERS), theme.style("footer"), to=LEFT_LAST)
    return row + 1
