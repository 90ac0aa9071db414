"""The board as a workbook (.xlsx) of our own."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import Final

from aliado.language import Language
from aliado.report.outputs import open_output
from aliado.report.portfolio import words
from aliado.report.portfolio.board import Board

SHEETS: Final = {
    "overview": words.OVERVIEW,
    "indicators": words.INDICATORS,
    "obligations": words.OBLIGATIONS,
    "alerts": words.ALERTS,
    "workload": words.WORKLOAD,
    "balances": words.BALANCES,
}


def render_workbook(board: Board, language: Language, version: str) -> bytes:
    """Return the board as an .xlsx; the same board gives the same bytes."""
    from aliado.report.page import Page
    from aliado.report.portfolio import lists, matrices, overview
    from aliado.report.theme import NAVY, Theme
    from aliado.report.worksheet import CellSheet

    buffer = BytesIO()
    workbook = open_output(buffer, "portfolio")
    made = datetime.combine(board.as_of, time())
    workbook.set_properties({"title": words.TITLE.to(language), "created": made, "comments": f"Aliado {version}"})
    theme = Theme(workbook, board.locale(language))
    names = {role: title.to(language) for role, title in SHEETS.items()}
    pages = {role: Page(workbook.add_worksheet(name, CellSheet), theme, names) for role, name in names.items()}
    for page in pages.values():
        page.sheet.set_tab_color(NAVY)
    place = overview.write_overview(pages["overview"], board)
    matrices.write_indicators(pages["indicators"], board)
    matrices.write_obligations(pages["obligations"], board)
    lists.write_alerts(pages["alerts"], board)
    lists.write_workload(pages["workload"], board, place)
    lists.write_balances(pages["balances"], board)
    workbook.close()
    return buffer.getvalue()
