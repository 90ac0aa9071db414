"""The audit sheet: what was computed, from what, by which rules, and whether it ties."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from aliado.language import Text
from aliado.report import words
from aliado.report.methods import write_methods
from aliado.report.page import Page, lines_needed
from aliado.report.sheets import write_heading, write_section
from aliado.report.theme import GREY, WHOLE, money_format
from aliado.rules.assessment import Assessment, Tie

LAST: Final = 6
RUN_LAST: Final = 2
WIDTHS: Final = (34.0, 22.0, 22.0, 16.0, 16.0, 18.0, 40.0)


def write_audit(page: Page, assessment: Assessment, version: str) -> dict[str, int]:
    """Write the sheet: run, packs, tables, ties, methods, notes; return the row of each indicator's method."""
    page.set_widths(WIDTHS)
    write_heading(page, words.AUDIT_TITLE, assessment)
    row = _write_run(page, 3, assessment, version)
    row = _write_ties(page, row + 1, assessment)
    row = _write_tables(page, row + 1, assessment)
    row = _write_packs(page, row + 1, assessment)
    row, methods = write_methods(page, row + 1, assessment, LAST)
    row = _write_notes(page, row + 1, assessment)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, row - 1, LAST)
    page.sheet.freeze_panes(2, 0)
    return methods


def tie_status(tie: Tie) -> tuple[Text, str]:
    """Return a tie's word and the status whose colour it takes."""
    if tie.right is None:
        return words.TIE_OPEN, "none"
    return (words.TIE_OK, "green") if tie.ok else (words.TIE_WRONG, "red")


def tie_format(tie: Tie) -> str:
    """Return the number format of a tie's figures: with cents for money, without for counts of rows."""
    figures = (tie.left,) if tie.right is None else (tie.left, tie.right)
    return WHOLE if all(_is_count(figure) for figure in figures) else "#,##0.00"


def _is_count(figure: Decimal) -> bool:
    exponent = figure.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= 0


def _write_run(page: Page, row: int, assessment: Assessment, version: str) -> int:
    theme, profile = page.theme, assessment.profile
    label, fact = theme.style("line", font_color=GREY), theme.style("line", align="left")
    row = write_section(page, row, words.RUN, LAST)
    page.text(row, 0, words.AS_OF, label)
    page.date(row, 1, assessment.as_of, theme.style("line", num_format=theme.date, align="left"), to=RUN_LAST)
    facts = ((words.CLIENT, profile.name), (words.CURRENCY, profile.currency), (words.RESPONSIBLE, profile.responsible))
    for title, value in (*facts, (words.VERSION, version)):
        row += 1
        page.text(row, 0, title, label)
        page.text(row, 1, value or page.say(words.NOT_GIVEN), fact, to=RUN_LAST)
    row += 1
    page.text(row, 0, words.CONTROL_TOTAL, label)
    if profile.control_total is None:
        page.text(row, 1, words.NOT_GIVEN, fact, to=RUN_LAST)
    else:
        number = money_format(profile.currency, [profile.control_total], with_code=True)
        page.number(row, 1, profile.control_total, theme.style("line", align="left", num_format=number), to=RUN_LAST)
    return row + 1


def _write_packs(page: Page, row: int, assessment: Assessment) -> int:
    row = write_section(page, row, words.PACKS, LAST)
    heads = (words.PACK, words.PACK_VERSION, words.FILE, words.FILE, words.SHA256)
    row = _write_header(page, row, heads, merged=((2, 3),))
    cell = page.theme.style("line")
    for pack in assessment.packs:
        page.text(row, 0, pack.name, cell)
        page.text(row, 1, pack.version, cell)
        page.text(row, 2, pack.file, page.theme.style("line", shrink=True), to=3)
        page.text(row, 4, pack.sha256, page.theme.style("line", font_name="Consolas", font_size=9), to=LAST)
        row += 1
    return row


def _write_tables(page: Page, row: int, assessment: Assessment) -> int:
    row = write_section(page, row, words.TABLES, LAST)
    if not assessment.tables:
        page.text(row, 0, words.NO_TABLES, page.theme.style("note"))
        return row + 1
    heads = (words.TABLE, words.SHEET, words.ROWS_READ, words.ROWS_USED, words.ROWS_REJECTED, words.STATUS)
    row = _write_header(page, row, heads, numbers=(2, 3, 4))
    theme = page.theme
    cell, count = theme.style("line"), theme.style("line", num_format="#,##0")
    for table in assessment.tables.values():
        page.text(row, 0, table.spec.title, cell)
        page.text(row, 1, table.sheet, cell)
        for column, value in ((2, table.rows_read), (3, len(table)), (4, table.rows_rejected)):
            page.number(row, column, value, count)
        ok, wrong = page.say(words.TIE_OK), page.say(words.TIE_WRONG)
        ties = table.rows_read == len(table) + table.rows_rejected
        formula = f'=IF(C{row + 1}=D{row + 1}+E{row + 1},"{ok}","{wrong}")'
        page.formula(row, 5, formula, ok if ties else wrong, theme.status("green" if ties else "red", indent=1))
        page.text(row, 6, "", cell)
        row += 1
    return row


def _write_ties(page: Page, row: int, assessment: Assessment) -> int:
    row = write_section(page, row, words.TIES, LAST)
    if not assessment.ties:
        page.text(row, 0, words.NO_TIES, page.theme.style("note"))
        return row + 1
    heads = (words.CHECK, words.CHECK, words.LEFT, words.RIGHT, words.DIFFERENCE, words.STATUS, words.DETAIL)
    row = _write_header(page, row, heads, numbers=(2, 3, 4), merged=((0, 1),))
    theme = page.theme
    cell, small = theme.style("line", text_wrap=True), theme.style("small", indent=1)
    for tie in assessment.ties:
        figure = theme.style("line", num_format=tie_format(tie))
        name, detail = page.say(tie.name), page.say(tie.detail) if tie.detail else ""
        page.text(row, 0, name, cell, to=1)
        page.number(row, 2, tie.left, figure)
        if tie.right is None:
            page.text(row, 3, words.NOT_GIVEN, theme.style("line", align="right"))
            page.text(row, 4, "", cell)
        else:
            page.number(row, 3, tie.right, figure)
            page.formula(row, 4, f"=ROUND(C{row + 1}-D{row + 1},2)", tie.left - tie.right, figure)
        word, status = tie_status(tie)
        page.text(row, 5, word, theme.status(status, indent=1))
        page.text(row, 6, detail, small)
        page.set_row(row, max(18, 15 * lines_needed(name, 62), 11 * lines_needed(detail, 60) + 4))
        row += 1
    return row


def _write_notes(page: Page, row: int, assessment: Assessment) -> int:
    row = write_section(page, row, words.NOTES, LAST)
    notes = [page.say(note) for note in assessment.notes] or [page.say(words.NO_NOTES)]
    for note in notes:
        page.text(row, 0, note, page.theme.style("note", font_size=10, valign="vcenter"), to=LAST)
        page.set_row(row, 14 * lines_needed(note, 165) + 4)
        row += 1
    return row


def _write_header(
    page: Page,
    row: int,
    titles: Sequence[Text],
    *,
    numbers: Sequence[int] = (),
    merged: Sequence[tuple[int, int]] = (),
) -> int:
    head, right = page.theme.style("head"), page.theme.style("head", align="right")
    indented = page.theme.style("head", indent=1)
    spans = dict(merged)
    inside = {column for first, last in merged for column in range(first + 1, last + 1)}
    for column in range(LAST + 1):
        if column not in inside:
            title = titles[column] if column < len(titles) else Text("", "")
            style = right if column in numbers else indented if column > 2 and numbers else head
            page.text(row, column, title, style, to=spans.get(column))
    page.set_row(row, 20)
    return row + 1
