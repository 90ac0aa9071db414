"""The panel's grid: twelve columns of one width behind a narrow margin, and the heads that stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aliado.language import Text
from aliado.report.page import Page

FIRST: Final = 1
LAST: Final = 12
MARGIN_WIDTH: Final = 1.5
COLUMN_WIDTH: Final = 11.0
COLUMN_PIXELS: Final = 82
ROW_HEIGHT: Final = 16.5
ROW_PIXELS: Final = 22


def write_section(page: Page, row: int, title: Text, first: int = FIRST, last: int = LAST) -> int:
    """Write a section's title over a rule and return the next row."""
    page.text(row, first, title, page.theme.style("section"), to=last)
    page.set_row(row, 21)
    return row + 1


def write_remark(page: Page, row: int, text: Text, last: int = LAST) -> int:
    """Write a line that stands where a section has nothing to show, and return the next row."""
    page.text(row, FIRST, text, page.theme.style("note", font_size=10, valign="vcenter"), to=last)
    page.set_row(row, 19)
    return row + 1


def write_heads(
    page: Page,
    row: int,
    heads: Sequence[tuple[int, int, Text | str]],
    *,
    numbers: Sequence[int] = (),
    indented: Sequence[int] = (),
) -> None:
    """Write column heads, each (first column, last column, title).

    numbers: first columns of heads over figures; indented: of heads over indented text.
    """
    for first, last, title in heads:
        align = "right" if first in numbers else "left"
        style = page.theme.style("small_head", align=align, indent=1 if first in indented else 0)
        page.text(row, first, title, style, to=last)


def cell_name(row: int, column: int) -> str:
    """Return a cell of the panel, absolute: $D$12."""
    return f"${chr(ord('A') + column)}${row + 1}"
