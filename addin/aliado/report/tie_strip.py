"""The panel's tie-out strip: ageing = outstanding = control total, green or red, and whatever does not tie."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aliado.language import Text
from aliado.report import words
from aliado.report.audit import tie_format, tie_status
from aliado.report.grid import FIRST, LAST, cell_name, write_heads, write_remark, write_section
from aliado.report.page import Page, lines_needed
from aliado.report.places import Places
from aliado.report.theme import money_format
from aliado.rules.assessment import Assessment, Tie

WRONG: Final = 4
"""Ties that fail and are shown by name; all stand on the audit sheet."""


def write_ties(page: Page, row: int, assessment: Assessment, places: Places) -> int:
    """Write the strip over the whole page and return the next row."""
    row = write_section(page, row, words.TIES)
    if not assessment.ties:
        return write_remark(page, row, words.NO_TIES)
    if assessment.ageing:
        row = _write_strip(page, row, assessment, places)
    word, status = _sum_up(page, assessment.ties)
    page.link(row, FIRST, page.names["audit"], "A1", word, page.theme.status(status, indent=1), to=LAST)
    page.set_row(row, 18)
    row += 1
    wrong = [tie for tie in assessment.ties if tie_status(tie)[1] == "red"][:WRONG]
    if wrong:
        heads = ((1, 6, words.CHECK), (7, 8, words.LEFT), (9, 10, words.RIGHT), (11, 12, words.STATUS))
        write_heads(page, row, heads, numbers=(7, 9), indented=(11,))
        for tie in wrong:
            row += 1
            _write_tie(page, row, tie)
        row += 1
    return row


def _write_strip(page: Page, row: int, assessment: Assessment, places: Places) -> int:
    """Write ageing = outstanding = control total in the client's own currency."""
    theme, own = page.theme, assessment.ageing[0]
    control = assessment.profile.control_total if _control_counts(assessment) else None
    bands = sum(own.bands, Decimal(0))
    place, sheet = places.ageing[own.currency], page.ref("ageing")
    number = money_format(own.currency, [*own.bands, *([control] if control is not None else [])])
    boxes: tuple[tuple[int, Text, str | None, Decimal | None], ...] = (
        (1, words.STRIP_AGEING, f"=SUM({sheet}!{place.total(0)}:{place.total(len(own.bands) - 1)})", bands),
        (4, words.STRIP_OUTSTANDING, f"={sheet}!{place.apart}", own.outstanding),
        (7, words.STRIP_CONTROL, None, control),
    )
    figure = theme.style("line", bold=True, align="center", num_format=number, shrink=True, bottom=0)
    for column, title, formula, value in boxes:
        page.text(row, column, title, theme.style("label", align="center"), to=column + 1)
        if value is None:
            page.text(row + 1, column, words.NOT_GIVEN, theme.style("line", align="center", bottom=0), to=column + 1)
        elif formula is None:
            page.number(row + 1, column, value, figure, to=column + 1)
        else:
            page.point(row + 1, column, page.names["ageing"], "A1", figure)
            page.formula(row + 1, column, formula, value, figure, to=column + 1)
    equals = theme.style("section", align="center", bottom=0)
    for column in (3, 6):
        page.text(row + 1, column, "=", equals)
    first, second, third = (cell_name(row + 1, column) for column in (1, 4, 7))
    ok, wrong = page.say(words.TIE_OK), page.say(words.TIE_WRONG)
    ties = round(bands - own.outstanding, 2) == 0 and (control is None or round(own.outstanding - control, 2) == 0)
    both = f"ROUND({first}-{second},2)=0"
    test = both if control is None else f"AND({both},ROUND({second}-{third},2)=0)"
    status = theme.status("green" if ties else "red", align="center", bottom=0)
    page.formula(row + 1, 10, f'=IF({test},"{ok}","{wrong}")', ok if ties else wrong, status, to=LAST)
    page.set_row(row + 1, 20)
    return row + 2


def _control_counts(assessment: Assessment) -> bool:
    """Return whether the profile's control total is of this date."""
    day = assessment.profile.control_date
    return day is None or day == assessment.as_of


def _write_tie(page: Page, row: int, tie: Tie) -> None:
    theme = page.theme
    figure = theme.style("line", num_format=tie_format(tie), shrink=True)
    name = page.say(tie.name)
    page.text(row, 1, name, theme.style("line", text_wrap=True), to=6)
    page.set_row(row, 15 * lines_needed(name, 68) + 1)
    page.number(row, 7, tie.left, figure, to=8)
    page.number(row, 9, tie.right if tie.right is not None else Decimal(0), figure, to=10)
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
