"""A list on a sheet: an Excel table with its heads, so that people sort and filter it and formulas can name it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from aliado.language import Text
from aliado.report.page import Page, cell_letters

Headings = Sequence[tuple[Text, float]]
"""Each head's title and the width of its column, in characters."""

HEAD_HEIGHT: Final = 20


def write_list_head(
    page: Page,
    row: int,
    table: str,
    headings: Headings,
    count: int,
    *,
    numbers: Collection[int] = (),
    centred: Collection[int] = (),
    column: int = 0,
) -> int:
    """Write the head of a list of `count` rows as an Excel table of that name; return the row of its first line.

    numbers, centred: places of the heads over figures, and of those in the middle. column: the first one.
    """
    theme = page.theme
    # Excel draws the filter button over the right end of a head: the indent keeps the words clear of it.
    styles = {
        "left": theme.style("head"),
        "right": theme.style("head", align="right", indent=2),
        "center": theme.style("head", align="center"),
    }
    columns = []
    for place, (title, _) in enumerate(headings):
        align = "right" if place in numbers else "center" if place in centred else "left"
        columns.append({"header": page.say(title), "header_format": styles[align]})
    last, right = row + max(1, count), column + len(headings) - 1
    page.set_row(row, HEAD_HEIGHT)
    page.sheet.add_table(row, column, last, right, {"name": table, "style": None, "columns": columns})
    page.hold_codes(f"{cell_letters(column)}{row + 2}:{cell_letters(right)}{last + 1}")
    return row + 1


def widths_of(headings: Headings) -> list[float]:
    """Return the widths of the columns."""
    return [width for _, width in headings]
