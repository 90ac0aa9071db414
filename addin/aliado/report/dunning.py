"""The dunning list: what to send for each overdue invoice, with interest and compensation, and what is held back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from aliado.report import words_work as words
from aliado.report.listing import widths_of, write_list_head
from aliado.report.page import Page, cell_letters, lines_needed
from aliado.report.sheets import write_heading, write_section
from aliado.report.theme import LINK, money_format, padded
from aliado.report.words import BANDS, CURRENCY, CUSTOMER, DAYS_LATE, DUE, LEVEL, STATUS, TOTAL
from aliado.rules.assessment import Assessment, DunningStep

TABLE: Final = "AliadoDunning"
HEADINGS: Final = (
    (CUSTOMER, 34.0),
    (words.INVOICE, 20.0),
    (DUE, 12.0),
    (DAYS_LATE, 12.0),
    (LEVEL, 13.0),
    (STATUS, 16.0),
    (words.WHAT_NEXT, 28.0),
    (words.LAST_LETTER, 18.0),
    (words.SENT_ON, 12.0),
    (words.BALANCE, 15.0),
    (words.INTEREST, 16.0),
    (words.COMPENSATION, 16.0),
    (words.CLAIM, 16.0),
    (CURRENCY, 10.0),
)
STATE: Final = 5
BALANCE: Final = 9
CLAIM: Final = 12
MONEY: Final = CLAIM + 1
LIGHTS: Final = {"send": "red", "blocked": "amber", "sent": "green"}
"""State -> its light, in the order in which the list shows them."""
SUMMARY: Final = ((words.INVOICES, 1), *((HEADINGS[BALANCE + place][0], 2 + place) for place in range(4)))
"""Heads of the summary over the columns from the second on."""


def write_dunning(page: Page, assessment: Assessment) -> None:
    """Write the sheet."""
    last = len(HEADINGS) - 1
    page.set_widths(widths_of(HEADINGS))
    write_heading(page, words.DUNNING_TITLE, assessment)
    steps = sorted(assessment.dunning, key=lambda step: (list(LIGHTS).index(step.state), -step.days, step.row))
    row = 2
    for text, style in _remarks(page, steps):
        page.text(row, 0, text, page.theme.status("amber") if style == "amber" else page.theme.style(style), to=last)
        page.set_row(row, 15 * lines_needed(text, 190) + 3)
        row += 1
    currencies = list(dict.fromkeys(step.currency for step in steps))
    list_row = row + 1 + len(currencies) * (len(LIGHTS) + 4)
    for currency in currencies:
        row = _write_summary(page, row + 1, currency, steps, (list_row + 2, list_row + 1 + len(steps)))
    write_section(page, list_row, words.DUNNING_LIST, last)
    first = write_list_head(
        page, list_row + 1, TABLE, HEADINGS, len(steps), numbers=range(BALANCE, CLAIM + 1), centred=(3,)
    )
    _write_steps(page, first, steps)
    page.sheet.freeze_panes(2, 1)
    page.sheet.repeat_rows(list_row + 1)
    page.print_on_a4(assessment.profile.name, landscape=True)
    page.sheet.print_area(0, 0, first + len(steps), last)


def _remarks(page: Page, steps: Sequence[DunningStep]) -> list[tuple[str, str]]:
    found = [(page.say(words.DUNNING_HINT), "prose")]
    if not steps:
        return [*found, (page.say(words.DUNNING_EMPTY), "good")]
    if all(step.interest is None and step.compensation is None for step in steps):
        found.append((page.say(words.DUNNING_NO_RATE), "prose"))
    elif not all(step.verified for step in steps):
        found.append((page.say(words.DUNNING_UNVERIFIED), "amber"))
    return found


def _write_summary(page: Page, row: int, currency: str, steps: Sequence[DunningStep], rows: tuple[int, int]) -> int:
    """Write how much stands in each state; rows: zero-based first and last of the list."""
    theme = page.theme
    own = [step for step in steps if step.currency == currency]
    number = padded(money_format(currency, [figure for step in own for figure in _figures(step)]))
    row = write_section(page, row, words.DUNNING_SUMMARY.format(currency=currency), 5)
    for title, column in SUMMARY:
        page.text(row, column, title, theme.style("small_head", align="right"))
    page.text(row, 0, STATUS, theme.style("small_head"))
    count, money = theme.style("line", num_format="#,##0"), theme.style("line", num_format=number, shrink=True)
    top = row + 1
    for state, light in LIGHTS.items():
        row += 1
        chosen = [step for step in own if step.state == state]
        word = page.say(words.DUNNING_STATES[state])
        page.text(row, 0, word, theme.status(light if chosen else "none", indent=1))
        where = f'{_column(STATE, rows)},"{word}",{_column(MONEY, rows)},"{currency}"'
        page.formula(row, 1, f"=COUNTIFS({where})", len(chosen), count)
        for place in range(4):
            value = sum((_figures(step)[place] for step in chosen), Decimal(0))
            page.formula(row, 2 + place, f"=SUMIFS({_column(BALANCE + place, rows)},{where})", value, money)
    row += 1
    page.text(row, 0, f"{page.say(TOTAL)} {currency}", theme.style("total"))
    for column in range(1, 6):
        letter = cell_letters(column)
        value = Decimal(len(own)) if column == 1 else sum((_figures(step)[column - 2] for step in own), Decimal(0))
        style = theme.style("total", num_format="#,##0" if column == 1 else number, shrink=True)
        page.formula(row, column, f"=SUM({letter}{top + 1}:{letter}{row})", value, style)
    return row + 1


def _column(column: int, rows: tuple[int, int]) -> str:
    letter = cell_letters(column)
    return f"${letter}${rows[0] + 1}:${letter}${rows[1] + 1}"


def _figures(step: DunningStep) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Return balance, interest, compensation and their sum."""
    interest, compensation = step.interest or Decimal(0), step.compensation or Decimal(0)
    return step.balance, interest, compensation, step.balance + interest + compensation


def _write_steps(page: Page, first: int, steps: Sequence[DunningStep]) -> None:
    theme = page.theme
    line, day = theme.style("line", shrink=True), theme.style("line", num_format=theme.date, align="left")
    link, count = theme.style("line", font_color=LINK, underline=1, shrink=True), theme.style("line", align="center")
    code = theme.style("line", indent=1)
    for row, step in enumerate(steps, first):
        number = padded(money_format(step.currency, _figures(step)))
        money, bold = theme.style("line", num_format=number), theme.style("line", num_format=number, bold=True)
        page.text(row, 0, step.customer, line)
        page.link(row, 1, step.sheet, f"A{step.row}", step.number or "–", link)
        page.date(row, 2, step.due, day)
        page.number(row, 3, step.days, count)
        page.text(row, 4, BANDS.get(step.level, step.level), line)
        page.text(row, STATE, words.DUNNING_STATES[step.state], theme.status(LIGHTS[step.state], indent=1, shrink=True))
        page.text(row, 6, step.action, line)
        page.text(row, 7, step.last or "", line)
        if step.last_sent is None:
            page.text(row, 8, "", line)
        else:
            page.date(row, 8, step.last_sent, day)
        for place, figure in enumerate((step.balance, step.interest, step.compensation)):
            if figure is None:
                page.text(row, BALANCE + place, "", line)
            else:
                page.number(row, BALANCE + place, figure, money)
        parts = f"{cell_letters(BALANCE)}{row + 1}:{cell_letters(CLAIM - 1)}{row + 1}"
        page.formula(row, CLAIM, f"=SUM({parts})", _figures(step)[3], bold)
        page.text(row, MONEY, step.currency, code)
