"""One sheet being written: every value goes in by its own type, client text never as a formula or link.

Rows and columns are zero-based, as in XlsxWriter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Final

from aliado.formula.values import to_serial
from aliado.language import Language, Text
from aliado.report import words
from aliado.report.theme import Theme

if TYPE_CHECKING:
    from xlsxwriter.format import Format

    from aliado.report.worksheet import CellSheet

A4: Final = 9
LONGEST_TEXT: Final = 2_000
"""Characters of a text that are shown; Excel holds 32,767, but rows of that height help nobody."""
MOST_TEXT: Final = 32_766
"""Characters of a note that are written: what Excel holds, less the mark of a cut."""
MOST_LINKS: Final = 65_530
"""Excel's limit of hyperlinks in one sheet."""

LONGEST_LINK: Final = 2_000
"""Characters of a link; Excel takes 2,079."""
_NOT_IN_LINKS: Final = frozenset('%"<>[]^`{}#')
_UNPRINTABLE: Final = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], "\N{REPLACEMENT CHARACTER}"
)


Day = date
"""A date as a type, where a method of that name stands in the way."""


class Page:
    """A worksheet with the theme and language that it is written in.

    names: role -> name of the sheet in the client's workbook, for links and formulas between our sheets.
    """

    def __init__(self, sheet: CellSheet, theme: Theme, names: Mapping[str, str]) -> None:
        self.sheet = sheet
        self.theme = theme
        self.names = names
        self.language: Language = theme.language
        self.locale = theme.locale
        self.heights: dict[int, float] = {}
        self._links = 0
        self._codes: list[str] = []

    def say(self, text: Text) -> str:
        """Return a text in the page's language."""
        return text.to(self.language)

    def text(self, row: int, column: int, text: Text | str, style: Format, *, to: int | None = None) -> None:
        """Write text, merged up to column `to`."""
        if to is not None and to > column:
            self.sheet.merge_along(row, column, to, style)
        plain = clean(text if isinstance(text, str) else text.to(self.language))
        if plain:
            self.sheet.write_string(row, column, plain, style)
        elif to is None or to == column:
            self.sheet.write_blank(row, column, None, style)

    def number(self, row: int, column: int, value: Decimal | int, style: Format, *, to: int | None = None) -> None:
        """Write a number, merged up to column `to`."""
        self._merge(row, column, to, style)
        self.sheet.write_number(row, column, float(value), style)

    def date(self, row: int, column: int, day: date, style: Format, *, to: int | None = None) -> None:
        """Write a date as Excel's serial day, merged up to column `to`."""
        self._merge(row, column, to, style)
        self.sheet.write_number(row, column, to_serial(day), style)

    def formula(
        self, row: int, column: int, formula: str, value: Decimal | int | str, style: Format, *, to: int | None = None
    ) -> None:
        """Write a formula with its value cached, merged up to column `to`."""
        self._merge(row, column, to, style)
        cached = value if isinstance(value, str) else float(value)
        self.sheet.write_formula(row, column, formula, style, cached)

    def note(self, row: int, column: int, note: str | float | Day, style: str) -> None:
        """Write what a person typed, by its own type and never cut short."""
        wrapped = {"text_wrap": True, "align": "left"}
        if isinstance(note, bool):
            self.sheet.write_boolean(row, column, note, self.theme.style(style, **wrapped))
        elif isinstance(note, (int, float)):
            self.sheet.write_number(row, column, note, self.theme.style(style, **wrapped))
        elif isinstance(note, date):
            self.sheet.write_number(
                row, column, to_serial(note), self.theme.style(style, num_format=self.theme.date, **wrapped)
            )
        else:
            self.sheet.write_string(row, column, clean(note, MOST_TEXT), self.theme.style(style, text_wrap=True))

    def link(
        self, row: int, column: int, sheet: str, cell: str, text: str, style: Format, *, to: int | None = None
    ) -> None:
        """Write text that leads to a cell of a sheet; plain text once Excel's limit of links is reached."""
        self._merge(row, column, to, style)
        plain = clean(text)
        if self._links < MOST_LINKS:
            self._links += 1
            self.sheet.write_link(row, column, f"{quote_sheet(clean(sheet))}!{cell}", plain, style)
        else:
            self.sheet.write_string(row, column, plain, style)

    def add_links(
        self, row: int, column: int, places: Iterable[tuple[str, str] | None], texts: Iterable[str | None]
    ) -> None:
        """Make cells one below another lead to places (sheet, cell), as far as Excel's limit of links allows."""
        sheets: dict[str, str] = {}
        for line, (place, text) in enumerate(zip(places, texts, strict=True), row):
            if place is not None and text and self._links < MOST_LINKS:
                self._links += 1
                sheet, cell = place
                if sheet not in sheets:
                    sheets[sheet] = quote_sheet(clean(sheet))
                self.sheet.links[line, column] = f"{sheets[sheet]}!{cell}", clean(text)

    def open_file(
        self, row: int, column: int, file: str, place: tuple[str, int] | None, text: str, style: Format
    ) -> None:
        """Write text that opens another workbook, at a row of one of its sheets where `place` (sheet, row) is given.

        file: its path from this workbook's folder, with "/" between folders. Plain text where no link can be made of it.
        """
        plain, target = clean(text), link_to_file(file)
        cell = f"{quote_sheet(clean(place[0]))}!A{place[1]}" if place else ""
        if target and len(target) < LONGEST_LINK and self._links < MOST_LINKS:
            self._links += 1
            self.sheet.write_file_link(row, column, target, cell, plain, style)
        else:
            self.sheet.write_string(row, column, plain, style)

    def point(self, row: int, column: int, sheet: str, cell: str, style: Format) -> None:
        """Make a cell lead to a cell of a sheet; what it says is written after."""
        if self._links < MOST_LINKS:
            self._links += 1
            self.sheet.write_link(row, column, f"{quote_sheet(clean(sheet))}!{cell}", " ", style)

    def hold_codes(self, cells: str) -> None:
        """Say that numbers in these cells (A2:B9) are codes written as text, so that Excel does not mark them."""
        self._codes.append(cells)
        self.sheet.ignore_errors({"number_stored_as_text": " ".join(self._codes)})

    def ref(self, role: str) -> str:
        """Return the name of one of our sheets as it stands in formulas."""
        return quote_sheet(self.names[role])

    def _merge(self, row: int, column: int, to: int | None, style: Format) -> None:
        if to is not None and to > column:
            self.sheet.merge_along(row, column, to, style)

    def set_widths(self, widths: Sequence[float], first: int = 0) -> None:
        """Set column widths, in characters."""
        for column, width in enumerate(widths, first):
            self.sheet.set_width(column, width)

    def set_row(self, row: int, height: float) -> None:
        """Set a row's height, in points."""
        self.heights[row] = height
        self.sheet.set_height(row, height)

    def fix_heights(self, last_row: int, height: float) -> None:
        """Give every row that has no height of its own this one, so that charts stay beside their rows."""
        for row in range(last_row + 1):
            if row not in self.heights:
                self.set_row(row, height)

    def print_on_a4(self, client: str, *, landscape: bool, one_page: bool = False) -> None:
        """Set the page up: A4, one page wide (or one page in all), client and page number in the footer."""
        sheet = self.sheet
        sheet.hide_gridlines(2)
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
        else:
            sheet.set_portrait()
        sheet.fit_to_pages(1, 1 if one_page else 0)
        sheet.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        name = clean(client).replace("&", "&&")[:80]
        # A digit right after &8 would be read as part of the font size.
        # A sheet of one page is sent alone: "page 1 of 26" would tell of pages that are not there.
        number = "" if one_page else f"&R&8 {self.say(words.PAGE_FOOTER)}"
        sheet.set_footer(f"&L&8 {name}{number}")


def link_to_file(file: str) -> str:
    """Return a file's path as it stands in a link of a workbook, "" where it can't be written as text."""
    if any("\ud800" <= c <= "\udfff" for c in file):  # a name that is no text in this system's encoding
        return ""
    return "".join(f"%{ord(c):02x}" if ord(c) < 33 or c in _NOT_IN_LINKS else c for c in file)


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return text that a cell can hold and a person read: no control characters or lone surrogates, not endless."""
    if len(text) <= longest and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNPRINTABLE)
    return text if len(text) <= longest else f"{text[:longest]}…"


def cell_letters(column: int) -> str:
    """Return the letters of a zero-based column."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@lru_cache(maxsize=256)
def quote_sheet(name: str) -> str:
    """Return a sheet name as it stands in references: 'O''Brien'."""
    return "'" + name.replace("'", "''") + "'"


def lines_needed(text: str, characters: int) -> int:
    """Return how many lines a text takes in a column of so many characters (an estimate, never too few by much)."""
    if "\n" in text:
        return sum(lines_needed(line, characters) for line in text.split("\n"))
    return max(1, ceil(len(text) / characters))
