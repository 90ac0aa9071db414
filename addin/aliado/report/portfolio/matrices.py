"""The board's matrices: every client against the indicators, and against the obligations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aliado.language import Text
from aliado.report import words as sheet_words
from aliado.report.page import Page, lines_needed
from aliado.report.portfolio import words
from aliado.report.portfolio.board import Board, Entry
from aliado.report.portfolio.figures import light_of, responsible_of, say_duty
from aliado.report.portfolio.overview import link_style, write_heading, write_heads
from aliado.report.portfolio.summary import Indicator
from aliado.report.theme import GREY, WHOLE, money_format

HEAD: Final = 3
FIRST: Final = 2
"""First column of the matrix, after the client and who answers for it."""


def write_indicators(page: Page, board: Board) -> None:
    """Write the heat map: each client's indicators in the light of its own targets."""
    columns = [kpi.title for kpi in board.indicators]
    _write_frame(page, board, words.INDICATORS, words.INDICATORS_HINT, columns, 12.5)
    for row, entry in enumerate(board.entries, HEAD + 1):
        _write_client(page, row, entry)
        known = {kpi.id: kpi for kpi in entry.client.indicators} if entry.client else {}
        for column, kpi in enumerate(board.indicators, FIRST):
            if kpi.id in known and entry.client:
                _write_indicator(page, row, column, known[kpi.id], entry.client.currency)
            else:
                page.text(row, column, "", page.theme.style("line"))


def write_obligations(page: Page, board: Board) -> None:
    """Write each client's obligations, the most urgent period of each."""
    columns = [f"{duty.obligation}\n{page.say(duty.title)}" for duty in board.obligations]
    _write_frame(page, board, words.OBLIGATIONS, words.OBLIGATIONS_HINT, columns, 24)
    for row, entry in enumerate(board.entries, HEAD + 1):
        _write_client(page, row, entry)
        known = {duty.obligation: duty for duty in entry.client.duties} if entry.client else {}
        for column, duty in enumerate(board.obligations, FIRST):
            if duty.obligation not in known:
                page.text(row, column, "", page.theme.style("line"))
                continue
            found = known[duty.obligation]
            style = page.theme.status(light_of(found), align="left", indent=1, shrink=True, font_size=10)
            page.text(row, column, say_duty(found, page.language), style)


def _write_frame(
    page: Page, board: Board, title: Text, hint: Text, columns: Sequence[Text | str], width: float
) -> None:
    page.set_widths([40, 20, *[width] * max(len(columns), 4)])
    write_heading(page, board, title)
    said = page.say(hint)
    page.text(2, 0, said, page.theme.style("prose", font_size=9), to=FIRST + 3)
    page.set_row(2, 13 * lines_needed(said, int(40 + 20 + 4 * width)) + 3)
    write_heads(page, HEAD, (words.CLIENT, words.RESPONSIBLE, *columns), left=(0, 1))
    page.set_row(HEAD, 62)
    last = HEAD + max(len(board.entries), 1)
    page.sheet.autofilter(HEAD, 0, last, FIRST + len(columns) - 1)
    page.sheet.freeze_panes(HEAD + 1, 1)
    page.sheet.repeat_rows(HEAD)
    page.print_on_a4(page.say(words.TITLE), landscape=True)


def _write_client(page: Page, row: int, entry: Entry) -> None:
    page.open_file(row, 0, entry.file, None, entry.name, link_style(page))
    if entry.client is None:
        style = page.theme.status(words.LIGHTS[entry.status], indent=1)
        page.text(row, 1, words.STATUSES[entry.status], style)
    else:
        page.text(row, 1, responsible_of(entry, page.language), page.theme.style("line", shrink=True))
    page.set_row(row, 18)


def _write_indicator(page: Page, row: int, column: int, kpi: Indicator, currency: str) -> None:
    if kpi.value is None:
        style = page.theme.style("line", align="center", font_color=GREY)
        page.text(row, column, sheet_words.NOT_AVAILABLE, style)
        return
    match kpi.unit:
        case "%":
            number = page.theme.percent
        case "money":
            number = money_format(currency, (kpi.value,), with_code=True).split(";", maxsplit=1)[0]
        case "count":
            number = WHOLE
        case _:
            number = "0.0"
    symbol = words.SYMBOLS[kpi.status]
    style = page.theme.status(
        kpi.status, align="right", num_format=f'"{symbol} "{number};"{symbol} "-{number}', shrink=True
    )
    page.number(row, column, kpi.value, style)
