"""The board's lists: alerts, workload and balances."""

from __future__ import annotations

from typing import Final

from aliado.language import Text
from aliado.report import words as sheet_words
from aliado.report.page import Page, cell_letters, lines_needed
from aliado.report.portfolio import words
from aliado.report.portfolio.board import Board, Entry
from aliado.report.portfolio.figures import responsible_of, unlisted
from aliado.report.portfolio.overview import (
    Place,
    count_style,
    link_style,
    write_count,
    write_heading,
    write_heads,
    write_share,
)
from aliado.report.portfolio.summary import ALERTS_LISTED, Alert
from aliado.report.sheets import write_section
from aliado.report.theme import money_format

HEAD: Final = 3
_MESSAGE: Final = 80


def write_alerts(page: Page, board: Board) -> None:
    """Write each client's worst alerts, with a link to the row that each is about."""
    titles = (
        words.SEVERITY,
        words.CLIENT,
        words.RESPONSIBLE,
        words.OWNER,
        words.RULE,
        words.MESSAGE,
        words.PLACE,
    )
    page.set_widths([14, 34, 20, 18, 13, _MESSAGE, 28])
    _write_top(page, board, words.ALERTS, words.ALERTS_HINT.format(count=ALERTS_LISTED), 5)
    write_heads(page, HEAD, titles, left=range(len(titles)))
    row = HEAD
    for entry, client in board.clients:
        for alert in client.alerts:
            row += 1
            _write_alert(page, row, entry, alert)
        if unlisted(client):
            row += 1
            more = page.say(words.MORE_ALERTS.format(count=unlisted(client)))
            page.text(row, 0, "", page.theme.style("line"))
            page.open_file(row, 1, entry.file, None, entry.name, link_style(page))
            page.text(row, 2, responsible_of(entry, page.language), page.theme.style("line", shrink=True))
            for column in (3, 4, 6):
                page.text(row, column, "", page.theme.style("line"))
            page.text(row, 5, more, page.theme.style("line", italic=True))
    if row == HEAD:
        page.text(HEAD + 1, 0, words.NOTHING, page.theme.style("note"))
    _finish(page, max(row, HEAD + 1), len(titles) - 1)


def _write_alert(page: Page, row: int, entry: Entry, alert: Alert) -> None:
    theme, say = page.theme, page.say
    shrunk = theme.style("line", shrink=True)
    page.text(row, 0, sheet_words.SEVERITIES[alert.severity], theme.status(alert.severity, indent=1))
    page.open_file(row, 1, entry.file, None, entry.name, link_style(page))
    page.text(row, 2, responsible_of(entry, page.language), shrunk)
    page.text(row, 3, alert.owner or words.NOBODY, shrunk)
    page.text(row, 4, alert.rule, theme.style("line", font_size=9))
    message = say(alert.message)
    page.text(row, 5, message, theme.style("line", text_wrap=True))
    page.set_row(row, 15 * min(lines_needed(message, _MESSAGE + 8), 6) + 3)
    if alert.sheet and alert.row:
        where = say(words.ROW.format(sheet=alert.sheet, row=alert.row))
        page.open_file(row, 6, entry.file, (alert.sheet, alert.row), where, link_style(page))
    else:
        page.text(row, 6, "", shrunk)


def write_workload(page: Page, board: Board, place: Place) -> None:
    """Write who has how much: people of the firm, kinds of work, people with tasks."""
    page.set_widths([34, *[16] * 7])
    write_heading(page, board, words.WORKLOAD)
    row = _write_responsible(page, 3, board, place)
    row = _write_owners(page, row + 1, board)
    _write_people(page, row + 1, board)
    page.print_on_a4(page.say(words.TITLE), landscape=True)


def _write_responsible(page: Page, row: int, board: Board, place: Place) -> int:
    row = write_section(page, row, words.BY_RESPONSIBLE, 7)
    heads = (
        words.RESPONSIBLE,
        words.CLIENTS,
        words.WITH_RED,
        words.RED,
        words.AMBER,
        words.OVERDUE_DUTIES,
        words.DUE_SOON,
        words.OVERDUE_TASKS,
    )
    write_heads(page, row, heads, left=(0,))
    for line in board.responsible:
        row += 1
        page.text(row, 0, line.name or words.NOBODY, page.theme.style("line"))
        mine = f"--({place.range('responsible')}=$A{row + 1})"
        figures = (
            (f"=SUMPRODUCT({mine})", line.clients, "none"),
            (f"=SUMPRODUCT({mine},--ISNUMBER({place.range('red')}),--({place.range('red')}<>0))", line.with_red, "red"),
            (f"=SUMPRODUCT({mine},{place.range('red')})", line.red, "red"),
            (f"=SUMPRODUCT({mine},{place.range('amber')})", line.amber, "amber"),
            (f"=SUMPRODUCT({mine},{place.range('overdue_duties')})", line.overdue_duties, "red"),
            (f"=SUMPRODUCT({mine},{place.range('due_soon')})", line.due_soon, "none"),
            (f"=SUMPRODUCT({mine},{place.range('overdue_tasks')})", line.overdue_tasks, "amber"),
        )
        for column, (formula, value, light) in enumerate(figures, 1):
            page.formula(row, column, formula, value, count_style(page, value, light))
    return _or_nothing(page, row, bool(board.responsible))


def _write_owners(page: Page, row: int, board: Board) -> int:
    row = write_section(page, row, words.BY_OWNER, 4)
    write_heads(page, row, (words.OWNER, words.CLIENTS, words.RED, words.AMBER, words.INFO), left=(0,))
    for line in board.owners:
        row += 1
        page.text(row, 0, line.owner or words.NOBODY, page.theme.style("line"))
        lights = ((line.clients, "none"), (line.red, "red"), (line.amber, "amber"), (line.info, "none"))
        for column, (count, light) in enumerate(lights, 1):
            write_count(page, row, column, count, light)
    return _or_nothing(page, row, bool(board.owners))


def _write_people(page: Page, row: int, board: Board) -> None:
    row = write_section(page, row, words.BY_PERSON, 5)
    heads = (
        words.PERSON,
        words.CLIENTS,
        words.OPEN_TASKS,
        words.OVERDUE_TASKS,
        words.TASKS_SOON,
        words.NEXT_DUE,
    )
    write_heads(page, row, heads, left=(0,))
    for line in board.tasks:
        row += 1
        page.text(row, 0, line.owner or words.NOBODY, page.theme.style("line"))
        lights = ((line.clients, "none"), (line.open, "none"), (line.overdue, "amber"), (line.due_soon, "none"))
        for column, (count, light) in enumerate(lights, 1):
            write_count(page, row, column, count, light)
        if line.next_due is None:
            page.text(row, 5, "–", page.theme.style("line", align="center"))
        else:
            style = page.theme.style("line", num_format=page.theme.date, align="center")
            page.date(row, 5, line.next_due, style)
    _or_nothing(page, row, bool(board.tasks))


def write_balances(page: Page, board: Board) -> None:
    """Write what every client has to collect in each currency, and the sums by currency."""
    page.set_widths([40, 20, 10, 18, 18, 12])
    _write_top(page, board, words.BALANCES, words.BALANCES_HINT, 5)
    row = write_section(page, HEAD, words.BY_CURRENCY, 5)
    titles = (words.CURRENCY, words.CLIENTS, "", words.OUTSTANDING, words.OVERDUE, words.SHARE_OVERDUE)
    write_heads(page, row, titles, left=(0,))
    # The clients stand below: the sums know where before they are written.
    first = row + max(len(board.currencies), 1) + 5
    last = first + max(len(board.balances), 1) - 1
    for line in board.currencies:
        row += 1
        number = page.theme.style("line", num_format=money_format(line.currency, (line.outstanding, line.overdue)))
        page.text(row, 0, line.currency, page.theme.style("line"))
        same = f"--({_cells(2, first, last)}=$A{row + 1})"
        page.formula(row, 1, f"=SUMPRODUCT({same})", line.clients, page.theme.style("line", align="center"))
        page.text(row, 2, "", page.theme.style("line"))
        page.formula(row, 3, f"=SUMPRODUCT({same},{_cells(3, first, last)})", line.outstanding, number)
        page.formula(row, 4, f"=SUMPRODUCT({same},{_cells(4, first, last)})", line.overdue, number)
        write_share(page, row, 5, 3, line.outstanding, line.overdue)
    row = write_section(page, _or_nothing(page, row, bool(board.currencies)) + 1, words.BY_CLIENT, 5)
    heads = (
        words.CLIENT,
        words.RESPONSIBLE,
        words.CURRENCY,
        words.OUTSTANDING,
        words.OVERDUE,
        words.SHARE_OVERDUE,
    )
    write_heads(page, row, heads, left=(0, 1))
    for line_row, (entry, _, balance) in enumerate(board.balances, row + 1):
        number = page.theme.style(
            "line", num_format=money_format(balance.currency, (balance.outstanding, balance.overdue))
        )
        page.open_file(line_row, 0, entry.file, None, entry.name, link_style(page))
        page.text(line_row, 1, responsible_of(entry, page.language), page.theme.style("line", shrink=True))
        page.text(line_row, 2, balance.currency, page.theme.style("line", align="center"))
        page.number(line_row, 3, balance.outstanding, number)
        page.number(line_row, 4, balance.overdue, number)
        write_share(page, line_row, 5, 3, balance.outstanding, balance.overdue)
    if board.balances:
        page.sheet.autofilter(row, 0, row + len(board.balances), 5)
    page.sheet.freeze_panes(HEAD, 1)
    page.print_on_a4(page.say(words.TITLE), landscape=False)


def _cells(column: int, first: int, last: int) -> str:
    letters = cell_letters(column)
    return f"${letters}${first}:${letters}${last}"


def _or_nothing(page: Page, row: int, something: bool) -> int:
    """Return the row after a table, having said so where it is empty."""
    if not something:
        row += 1
        page.text(row, 0, words.NOTHING, page.theme.style("note"))
    return row + 1


def _write_top(page: Page, board: Board, title: Text, hint: Text, last: int) -> None:
    write_heading(page, board, title)
    page.text(2, 0, hint, page.theme.style("prose", font_size=9), to=last)
    page.set_row(2, 28)


def _finish(page: Page, row: int, last: int) -> None:
    page.sheet.autofilter(HEAD, 0, row, last)
    page.sheet.freeze_panes(HEAD + 1, 0)
    page.sheet.repeat_rows(HEAD)
    page.print_on_a4(page.say(words.TITLE), landscape=True)
