"""The sheet of rejected cells: what could not be read, where, and how to put it right."""

from __future__ import annotations

from typing import Final

from aliado.report import words
from aliado.report.listing import widths_of, write_list_head
from aliado.report.page import Page, lines_needed
from aliado.report.sheets import write_heading
from aliado.report.theme import LINK
from aliado.rules.assessment import Assessment

TABLE: Final = "AliadoRejected"
HEADINGS: Final = (
    (words.SHEET, 24.0),
    (words.CELL, 10.0),
    (words.FOUND, 34.0),
    (words.EXPECTED, 66.0),
    (words.ROW, 26.0),
)
HEADER_ROW: Final = 4


def write_rejected(page: Page, assessment: Assessment) -> None:
    """Write the sheet, in the order in which the cells were read."""
    theme = page.theme
    rejections = assessment.rejections
    last_column = len(HEADINGS) - 1
    page.set_widths(widths_of(HEADINGS))
    write_heading(page, words.REJECTED_TITLE, assessment)
    if rejections:
        hint = page.say(words.REJECTED_HINT)
        page.text(2, 0, hint, theme.style("prose"), to=last_column)
        page.set_row(2, 15 * lines_needed(hint, 165) + 2)
    else:
        page.text(2, 0, words.REJECTED_EMPTY, theme.style("good"), to=last_column)
        page.set_row(2, 20)
    last = HEADER_ROW + max(1, len(rejections))
    write_list_head(page, HEADER_ROW, TABLE, HEADINGS, len(rejections))
    cell, wrapped = theme.style("cell"), theme.style("cell", text_wrap=True)
    link = theme.style("cell", font_color=LINK, underline=1)
    used, left_out = theme.status("green", "cell"), theme.status("red", "cell")
    for row, rejection in enumerate(rejections, HEADER_ROW + 1):
        page.text(row, 0, rejection.sheet, cell)
        cell_name = rejection.cell or f"A{rejection.row}"
        page.link(row, 1, rejection.sheet, cell_name, cell_name, link)
        page.text(row, 2, rejection.found, wrapped)
        page.text(row, 3, rejection.expected, wrapped)
        page.text(
            row,
            4,
            words.ROW_USED if rejection.row_used else words.ROW_LEFT_OUT,
            used if rejection.row_used else left_out,
        )
    page.sheet.freeze_panes(HEADER_ROW + 1, 0)
    page.sheet.repeat_rows(HEADER_ROW)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, last, last_column)
