"""Trends drawn as small columns in a cell: XlsxWriter writes one, and the others are that one with their own cells."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aliado.report.theme import BAR, NAVY, STATUS

if TYPE_CHECKING:
    from aliado.report.worksheet import CellSheet

HEADROOM: Final = 1.2
"""The top of a trend's scale over its highest figure, so that the rows stay apart."""
COLUMNS: Final = {
    "type": "column",
    "series_color": BAR,
    "last_point": True,
    "last_color": NAVY,
    "negative_points": True,
    "negative_color": STATUS["red"][0],
}
"""How each is drawn, in the library's words."""


class Trend(NamedTuple):
    """Figures to draw in a cell. cells: where they stand, with their sheet. figures: those that are known."""

    row: int
    column: int
    cells: str
    figures: Sequence[Decimal]


def draw_trends(sheet: CellSheet, trends: Sequence[Trend]) -> None:
    """Draw each trend as small columns in its cell, the last one darker, from zero up and with air above the highest."""
    for trend in trends:
        highest = max(trend.figures, default=Decimal(0))
        from_zero = min(trend.figures, default=Decimal(0)) >= 0
        top = float(highest) * HEADROOM or 1
        sheet.draw_trend(trend.row, trend.column, trend.cells.replace("$", ""), group(from_zero=from_zero), top)


@cache
def group(*, from_zero: bool) -> str:
    """Return the XML of a trend, with {cell} for where it is drawn, {cells} for its figures and {top} for its highest value.

    from_zero: its scale is given; otherwise it begins and ends with the figures.
    """
    from xlsxwriter.worksheet import Worksheet  # late: as everywhere that writes

    sheet = Worksheet()
    sheet.name, sheet.fh = "Sheet1", StringIO()
    sheet.add_sparkline(0, 0, {"range": "Sheet1!A1:B1", **COLUMNS})
    limits: dict[str, Any] = {"min": 0, "max": "{top}"} if from_zero else {"min": None, "max": None}
    sheet.sparklines[0].update(locations=["{cell}"], ranges=["{cells}"], **limits)
    sheet._write_ext_list_sparklines()  # noqa: SLF001
    text: str = sheet.fh.getvalue()
    return text[text.index("<x14:sparklineGroup ") : text.index("</x14:sparklineGroups>")]
