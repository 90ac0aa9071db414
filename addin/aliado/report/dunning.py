"""The dunning list: what to send for each overdue invoice, with interest and compensation, and what is held back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from aliado.report import words_work as words
from aliado.report.bodies import BLANK
from aliado.report.listing import widths_of, write_list_head
from aliado.report.page import Page, cell_letters, lines_needed
from aliado.report.runs import Runs
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
    ranks = {state: rank for rank, state in enumerate(LIGHTS)}
    steps = sorted(assessment.dunning, key=lambda step: (ranks[step.state], -step.days, step.row))
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
    own = [(step.state, _figures(step)) for step in steps if step.currency == currency]
    number = padded(money_format(currency, [figure for _, figures in own for figure in figures]))
    row = write_section(page, row, words.DUNNING_SUMMARY.format(currency=currency), 5)
    for title, column in SUMMARY:
        page.text(row, column, title, theme.style("small_head", align="right"))
    page.text(row, 0, STATUS, theme.style("small_head"))
    count, money = theme.style("line", num_format="#,##0"), theme.style("line", num_format=number, shrink=True)
    top = row + 1
    for state, light in LIGHTS.items():
        row += 1
        chosen = [figures for each, figures in own if each == state]
        word = page.say(words.DUNNING_STATES[state])
        page.text(row, 0, word, theme.status(light if chosen else "none", indent=1))
        where = f'{_column(STATE, rows)},"{word}",{_column(MONEY, rows)},"{currency}"'
        page.formula(row, 1, f"=COUNTIFS({where})", len(chosen), count)
        for place in range(4):
            value = sum((figures[place] for figures in chosen), Decimal(0))
            page.formula(row, 2 + place, f"=SUMIFS({_column(BALANCE + place, rows)},{where})", value, money)
    row += 1
    page.text(row, 0, f"{page.say(TOTAL)} {currency}", theme.style("total"))
    for column in range(1, 6):
        letter = cell_letters(column)
        value = Decimal(len(own)) if column == 1 else sum((figures[column - 2] for _, figures in own), Decimal(0))
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
    lines = Runs(page, first, empty=BLANK)
    lines.texts(0, [step.customer for step in steps], line)
    places = [(step.sheet, f"A{step.row}") for step in steps]
    lines.links(1, places, [step.number or "–" for step in steps], link)
    lines.dates(2, [step.due for step in steps], day)
    lines.numbers(3, [step.days for step in steps], count)
    levels = {level: page.say(word) for level, word in BANDS.items()}
    lines.texts(4, [levels.get(step.level, step.level) for step in steps], line)
    states = {state: page.say(word) for state, word in words.DUNNING_STATES.items()}
    lights = {state: theme.status(light, indent=1, shrink=True) for state, light in LIGHTS.items()}
    lines.texts(STATE, [states[step.state] for step in steps], [lights[step.state] for step in steps])
    lines.texts(6, [step.action.to(page.language) for step in steps], line)
    lines.texts(7, [step.last.to(page.language) if step.last else None for step in steps], line)
    lines.dates(8, [step.last_sent for step in steps], [line if step.last_sent is None else day for step in steps])
    _write_money(page, lines, first, steps)
    lines.texts(MONEY, [step.currency for step in steps], theme.style("line", indent=1))


def _write_money(page: Page, lines: Runs, first: int, steps: Sequence[DunningStep]) -> None:
    """Write balance, interest and compensation, and their sum."""
    theme, line = page.theme, page.theme.style("line", shrink=True)
    figures = [_figures(step) for step in steps]
    looks = [padded(money_format(step.currency, own)) for step, own in zip(steps, figures, strict=True)]
    money = {look: theme.style("line", num_format=look) for look in dict.fromkeys(looks)}
    bold = {look: theme.style("line", num_format=look, bold=True) for look in money}
    known: tuple[list[Decimal | None], ...] = (
        [step.balance for step in steps],
        [step.interest for step in steps],
        [step.compensation for step in steps],
    )
    for column, values in enumerate(known, BALANCE):
        styles = [line if value is None else money[look] for value, look in zip(values, looks, strict=True)]
        lines.numbers(column, values, styles)
    left, right = cell_letters(BALANCE), cell_letters(CLAIM - 1)
    formulas = [f"=SUM({left}{row}:{right}{row})" for row in range(first + 1, first + 1 + len(steps))]
    lines.formulas(CLAIM, formulas, [own[3] for own in figures], [bold[look] for look in looks])
