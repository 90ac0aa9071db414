"""The compliance matrix: obligations by month due, and the required documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from aliado.report import words
from aliado.report import words_deadlines as deadlines
from aliado.report.filings import DOCUMENT_LIGHTS, FILING_LIGHTS, symbol, title_of, write_linked
from aliado.report.page import Page, lines_needed
from aliado.report.sheets import write_heading, write_section
from aliado.report.theme import LINK, STATUS
from aliado.rules.assessment import Assessment, DocumentCheck, Filing, Unscheduled

COUNTS: Final = (deadlines.ON_TIME, deadlines.LATE, deadlines.OVERDUE_COUNT, deadlines.SHARE_ON_TIME)
FIRST_MONTH: Final = 1 + len(COUNTS)
FEWEST_MONTHS: Final = 6
"""Columns that the sheet has at least, for the documents below."""

Month = tuple[int, int]


def write_compliance(page: Page, assessment: Assessment) -> range:
    """Write the sheet and return the rows of its matrix."""
    months = sorted({_month(filing.due) for filing in assessment.calendar})
    last = FIRST_MONTH + max(len(months), FEWEST_MONTHS) - 1
    page.set_widths([50, *[10.5] * len(COUNTS), *[12.5] * (last - FIRST_MONTH + 1)])
    write_heading(page, words.COMPLIANCE_TITLE, assessment)
    matrix = _write_matrix(page, 3, assessment, months, last)
    row = matrix.stop
    row = _write_documents(page, row + 1, assessment, last)
    row = _write_unscheduled(page, row + 1, assessment.unscheduled, last)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, row, last)
    page.sheet.freeze_panes(0, 1)
    return matrix


def _month(day: date) -> Month:
    return day.year, day.month


def _write_matrix(page: Page, row: int, assessment: Assessment, months: list[Month], last: int) -> range:
    theme = page.theme
    row = write_section(page, row, deadlines.MATRIX, last)
    if not assessment.calendar:
        page.text(row, 0, deadlines.NO_CALENDAR, theme.style("note", font_size=10, text_wrap=False))
        return range(row + 1, row + 1)
    hint = page.say(deadlines.MATRIX_HINT)
    page.text(row, 0, hint, theme.style("prose"), to=last)
    page.set_row(row, 15 * lines_needed(hint, 150) + 3)
    row += 1
    head, centre = theme.style("head"), theme.style("head", align="center")
    page.text(row, 0, words.OBLIGATION, head)
    for column, title in enumerate(COUNTS, 1):
        page.text(row, column, title, centre)
    for column, (year, month) in enumerate(months, FIRST_MONTH):
        page.text(row, column, f"{page.say(deadlines.SHORT_MONTHS[month])} {year}", centre)
    page.set_row(row, 20)
    rows: dict[str, list[Filing]] = defaultdict(list)
    for filing in assessment.calendar:
        rows[filing.obligation].append(filing)
    first = row + 1
    for filings in rows.values():
        row += 1
        _write_obligation(page, row, filings, months)
    return range(first, row + 1)


def _write_obligation(page: Page, row: int, filings: list[Filing], months: list[Month]) -> None:
    theme = page.theme
    page.text(row, 0, title_of(page, filings[0]), theme.style("line", shrink=True))
    on_time, late, overdue = (
        sum(filing.status == status for filing in filings) for status in ("filed_on_time", "filed_late", "overdue")
    )
    for column, (count, light) in enumerate(((on_time, "green"), (late, "amber"), (overdue, "red")), 1):
        colour = STATUS[light if count else "none"][0]
        page.number(
            row, column, count, theme.style("line", align="center", bold=True, font_color=colour, num_format="0;;–")
        )
    due = on_time + late + overdue
    if due:
        share = theme.style("line", num_format=theme.percent, align="center")
        page.formula(row, 4, f"=B{row + 1}/SUM(B{row + 1}:D{row + 1})", Decimal(on_time) / due, share)
    else:
        page.text(row, 4, "–", theme.style("line", align="center"))
    by_month: dict[Month, list[Filing]] = defaultdict(list)
    for filing in filings:
        by_month[_month(filing.due)].append(filing)
    for column, month in enumerate(months, FIRST_MONTH):
        there = by_month.get(month)
        if not there:
            page.sheet.write_blank(row, column, None, theme.style("line"))
            continue
        worst = min(there, key=lambda filing: ("red", "amber", "none", "green").index(FILING_LIGHTS[filing.status]))
        text = " ".join(f"{symbol(filing.status)} {filing.period}" for filing in there)
        style = theme.status(FILING_LIGHTS[worst.status], align="center", shrink=True)
        write_linked(page, row, column, text, (worst.sheet, worst.row), style)


def _write_documents(page: Page, row: int, assessment: Assessment, last: int) -> int:
    theme = page.theme
    row = write_section(page, row, deadlines.DOCUMENTS, last)
    if not assessment.documents:
        page.text(row, 0, deadlines.NO_DOCUMENTS, theme.style("note", font_size=10, text_wrap=False))
        return row + 1
    head, centre = theme.style("head"), theme.style("head", align="center")
    spans = (
        (0, 0, deadlines.DOCUMENT, head),
        (1, 2, words.STATUS, head),
        (3, 3, deadlines.EXPIRES, head),
        (4, 4, deadlines.DAYS_LEFT, centre),
        (5, 6, words.OWNER, head),
        (7, 7, words.RULE, head),
        (8, last, words.SOURCE, head),
    )
    for column, end, title, style in spans:
        page.text(row, column, title, style, to=end)
    page.set_row(row, 20)
    for document in assessment.documents:
        row += 1
        _write_document(page, row, document, assessment.as_of, last)
    return row + 1


def _write_document(page: Page, row: int, document: DocumentCheck, as_of: date, last: int) -> None:
    theme = page.theme
    line, shrunk = theme.style("line"), theme.style("line", shrink=True)
    linked = theme.style("line", font_color=LINK, underline=1, shrink=True)
    place = (document.sheet, document.row)
    write_linked(page, row, 0, page.say(document.title), place, linked if document.row else shrunk)
    light = theme.status(DOCUMENT_LIGHTS[document.status], indent=1)
    page.text(row, 1, deadlines.DOCUMENT_STATUSES[document.status], light, to=2)
    if document.expiry is None:
        page.text(row, 3, "–", line)
        page.text(row, 4, "", line)
    else:
        page.date(row, 3, document.expiry, theme.style("line", num_format=theme.date, align="left", shrink=True))
        page.number(row, 4, (document.expiry - as_of).days, theme.style("line", num_format="0;-0;0", align="center"))
    page.text(row, 5, document.owner or "", shrunk, to=6)
    page.text(row, 7, document.document, shrunk)
    page.text(row, 8, document.source, shrunk, to=last)


def _write_unscheduled(page: Page, row: int, obligations: Sequence[Unscheduled], last: int) -> int:
    """Write the obligations that are not on the calendar and why: what is not known first."""
    if not obligations:
        return row
    theme = page.theme
    row = write_section(page, row, deadlines.UNSCHEDULED, last)
    head = theme.style("head")
    spans = (
        (0, 0, words.OBLIGATION),
        (1, 2, words.STATUS),
        (3, 3, words.PERIOD),
        (4, 7, deadlines.REASON),
        (8, last, words.SOURCE),
    )
    for column, end, title in spans:
        page.text(row, column, title, head, to=end)
    line = theme.style("line", shrink=True)
    for each in sorted(obligations, key=lambda each: each.status != "unknown"):
        row += 1
        light = theme.status("amber" if each.status == "unknown" else "none", indent=1, shrink=True)
        reason = page.say(each.reason)
        page.text(row, 0, each.title, line)
        page.text(row, 1, deadlines.UNSCHEDULED_STATUSES[each.status], light, to=2)
        page.text(row, 3, each.period or "–", line)
        page.text(row, 4, reason, theme.style("line", text_wrap=True), to=7)
        page.text(row, 8, each.source, line, to=last)
        page.set_row(row, max(15, 15 * lines_needed(reason, 46)))
    return row + 1
