"""The calendar of obligations: a grid of the months around the date, and the list of all."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from aliado.report import words
from aliado.report import words_deadlines as deadlines
from aliado.report.filings import FILING_LIGHTS, symbol, title_of, write_linked
from aliado.report.listing import write_list_head
from aliado.report.page import Page
from aliado.report.sheets import write_heading
from aliado.report.theme import GREY, HAIR, INK, LINE, LINK, MIST, NAVY, PAPER, Theme
from aliado.rules.assessment import Assessment, Filing

if TYPE_CHECKING:
    from xlsxwriter.format import Format

TABLE: Final = "AliadoCalendar"
DAY_WIDTH: Final = 11.5
MONTHS: Final = 3
"""Months of the grid: the one that as_of lies in and those after it."""
MOST: Final = 4
"""Obligations of one day that the grid shows by name."""
LIST: Final = 8
"""The column in which the list begins, behind the seven days and a gap."""
HEADINGS: Final = (
    (words.DUE, 12.0),
    (deadlines.DAYS_LEFT, 10.0),
    (words.OBLIGATION, 44.0),
    (words.PERIOD, 11.0),
    (words.STATUS, 25.0),
    (deadlines.FILED, 12.0),
    (words.OWNER, 17.0),
    (words.RULE, 15.0),
    (deadlines.PROOF_EXPECTED, 36.0),
    (deadlines.PROOF_GIVEN, 22.0),
    (deadlines.VERIFIED, 16.0),
    (deadlines.CHECKED, 14.0),
    (words.SOURCE, 30.0),
)
PRINTED: Final = 7
"""Columns of the list that are printed; the others stand beside them on the screen."""
FIRST_ROW: Final = 3


def write_calendar(page: Page, assessment: Assessment) -> None:
    """Write the sheet."""
    page.set_widths([*[DAY_WIDTH] * 7, 3, *(width for _, width in HEADINGS)])
    write_heading(page, words.CALENDAR_TITLE, assessment)
    last_column = LIST + PRINTED - 1
    if not assessment.calendar:
        page.text(FIRST_ROW, 0, deadlines.NO_CALENDAR, page.theme.style("note", font_size=11, text_wrap=False))
    by_day: dict[date, list[Filing]] = defaultdict(list)
    for filing in assessment.calendar:
        by_day[filing.due].append(filing)
    row = FIRST_ROW + (0 if assessment.calendar else 2)
    grid = _Grid(page, by_day, assessment.as_of)
    for first in _months(assessment.as_of):
        row = grid.write_month(row, first) + 1
    bottom = row
    if assessment.calendar:
        bottom = max(row, _write_list(page, assessment))
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, bottom, last_column if assessment.calendar else 6)
    page.sheet.freeze_panes(2, 0)


def _months(as_of: date) -> list[date]:
    months = [as_of.replace(day=1)]
    while len(months) < MONTHS:
        last = months[-1]
        months.append(date(last.year + last.month // 12, last.month % 12 + 1, 1))
    return months


class _Grid:
    """The months, a column for each weekday. by_day: what is due. Formats are asked for once for all days alike."""

    def __init__(self, page: Page, by_day: Mapping[date, Sequence[Filing]], as_of: date) -> None:
        self._page = page
        self._by_day = by_day
        self._as_of = as_of
        self._number = cache(partial(_number_style, page.theme))
        self._line = cache(partial(_line_style, page.theme))

    def write_month(self, row: int, first: date) -> int:
        """Write a month from a row on and return the row below it."""
        page, theme = self._page, self._page.theme
        title = f"{page.say(deadlines.MONTHS[first.month])} {first.year}"
        page.text(row, 0, title, theme.style("section"), to=6)
        row += 1
        head = theme.style("small_head", align="center", bg_color=MIST)
        for weekday in range(7):
            page.text(row, weekday, deadlines.WEEKDAYS[weekday], head)
        for week in Calendar().monthdatescalendar(first.year, first.month):
            row += 1
            shown = [list(self._by_day.get(day, ())) if day.month == first.month else [] for day in week]
            lines = max(1, *(min(len(filings), MOST + 1) for filings in shown))
            for weekday, (day, filings) in enumerate(zip(week, shown, strict=True)):
                self._write_day(row, weekday, day, filings, lines, inside=day.month == first.month)
            row += lines
        return row + 1

    def _write_day(
        self, row: int, column: int, day: date, filings: Sequence[Filing], lines: int, *, inside: bool
    ) -> None:
        page, weekend, today = self._page, column > 4, inside and day == self._as_of
        style = self._number(inside, weekend, today)
        if today:
            page.text(row, column, page.say(deadlines.TODAY.format(day=day.day)), style)
        else:
            page.sheet.write_number(row, column, day.day, style)
        room = MOST + 1 if len(filings) <= MOST + 1 else MOST
        for line, below in enumerate(range(row + 1, row + 1 + lines)):
            last = line == lines - 1
            if line < len(filings) and line < room:
                filing = filings[line]
                text = f"{symbol(filing.status)} {filing.obligation}"
                style = page.theme.status(FILING_LIGHTS[filing.status], shrink=True, **_edges(last))
                write_linked(page, below, column, text, (filing.sheet, filing.row), style)
            elif line == room and len(filings) > room:
                more = deadlines.MORE_THAT_DAY.format(count=len(filings) - room)
                page.text(
                    below, column, more, page.theme.style("line", font_color=GREY, **_edges(last), **_fill(weekend))
                )
            else:
                page.sheet.write_blank(below, column, None, self._line(last, weekend))


_SIDES: Final = {"left": 1, "left_color": LINE, "right": 1, "right_color": LINE}


def _number_style(theme: Theme, inside: bool, weekend: bool, today: bool) -> Format:
    """Return the format of a day's number."""
    colour = INK if inside else LINE
    look = {"font_size": 9, "font_color": colour, "top": 1, "top_color": LINE, "bottom": 0, **_SIDES, **_fill(weekend)}
    if today:
        return theme.style("line", **look | {"bold": True, "font_color": PAPER, "bg_color": NAVY})
    return theme.style("line", align="left", **look)


def _line_style(theme: Theme, last: bool, weekend: bool) -> Format:
    """Return the format of a line of a day on which nothing is due."""
    return theme.style("line", **_edges(last), **_fill(weekend))


def _edges(last: bool) -> dict[str, Any]:
    return {"bottom": 1 if last else 0, "bottom_color": LINE, **_SIDES, "font_size": 9}


def _fill(weekend: bool) -> dict[str, Any]:
    return {"bg_color": MIST} if weekend else {}


def _write_list(page: Page, assessment: Assessment) -> int:
    theme = page.theme
    page.text(FIRST_ROW, LIST, deadlines.CALENDAR_LIST, theme.style("section"), to=LIST + len(HEADINGS) - 1)
    header, first = FIRST_ROW + 1, FIRST_ROW + 2
    last = first + len(assessment.calendar) - 1
    write_list_head(page, header, TABLE, HEADINGS, len(assessment.calendar), column=LIST)
    line, linked = theme.style("line"), theme.style("line", font_color=LINK, underline=1, shrink=True)
    plain = theme.style("line", shrink=True)
    day = theme.style("line", num_format=theme.date, align="left")
    count = theme.style("line", num_format="0;-0;0", align="center")
    grey = theme.style("line", font_color=GREY, bottom_color=HAIR, shrink=True)
    checked = theme.style("line", font_color=GREY, bottom_color=HAIR, num_format=theme.date, align="left")
    for row, filing in enumerate(assessment.calendar, first):
        page.date(row, LIST, filing.due, day)
        if filing.filed is None:
            page.number(row, LIST + 1, (filing.due - assessment.as_of).days, count)
        else:
            page.text(row, LIST + 1, "", line)
        here = linked if filing.sheet and filing.row else plain
        write_linked(page, row, LIST + 2, title_of(page, filing), (filing.sheet, filing.row), here)
        page.text(row, LIST + 3, filing.period, line)
        light = theme.status(FILING_LIGHTS[filing.status], indent=1, shrink=True)
        page.text(row, LIST + 4, deadlines.FILING_STATUSES[filing.status], light)
        if filing.filed is None:
            page.text(row, LIST + 5, "", line)
        else:
            page.date(row, LIST + 5, filing.filed, day)
        page.text(row, LIST + 6, filing.responsible or filing.owner or "", plain)
        page.text(row, LIST + 7, filing.obligation, plain)
        page.text(row, LIST + 8, filing.evidence or "", grey)
        page.text(row, LIST + 9, filing.shown, grey)
        verified = deadlines.IS_VERIFIED if filing.verified else deadlines.NOT_VERIFIED
        page.text(row, LIST + 10, verified, grey)
        if filing.checked is None:
            page.text(row, LIST + 11, "", grey)
        else:
            page.date(row, LIST + 11, filing.checked, checked)
        page.text(row, LIST + 12, filing.source, grey)
    return last
