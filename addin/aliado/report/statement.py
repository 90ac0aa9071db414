"""A customer's statement of account, to be sent to that customer: movements, balance and open items, by currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Final

from aliado.language import Text, write_date
from aliado.locales import Locale
from aliado.report.letters import words
from aliado.report.letters.letter import Party
from aliado.report.outputs import open_output
from aliado.report.page import Page, cell_letters
from aliado.report.theme import STATUS, Theme, money_format
from aliado.rules.accounts import Account, AccountItem, Movement

WIDTHS: Final = (13, 30, 24, 16, 16, 17)
LAST: Final = len(WIDTHS) - 1
CHARGE, PAYMENT, RUNNING = 3, 4, 5


def render_statement(accounts: Sequence[Account], sender: Party, customer: Party, as_of: date, locale: Locale) -> bytes:
    """Return one customer's statement as .xlsx, one block per currency; the same input gives the same bytes.

    Every balance is a formula over the rows above it, with its value cached.
    """
    from aliado.report.worksheet import CellSheet  # late: as everywhere that writes

    buffer = BytesIO()
    workbook = open_output(buffer, "statement")
    title = words.STATEMENT.to(locale.language)
    workbook.set_properties({"title": title, "author": sender.name[:255], "created": datetime.combine(as_of, time())})
    theme = Theme(workbook, locale)
    page = Page(workbook.add_worksheet(title, CellSheet), theme, {"statement": title})
    page.set_widths(WIDTHS)
    row = _write_head(page, accounts, sender, customer, as_of)
    for account in accounts:
        row = _write_account(page, row, account, as_of)
    if sender.account:
        page.text(row, 0, words.ACCOUNT.format(account=sender.account), theme.style("plain", bold=True), to=LAST)
    page.print_on_a4(sender.name, landscape=False)
    workbook.close()
    return buffer.getvalue()


def _write_head(page: Page, accounts: Sequence[Account], sender: Party, customer: Party, as_of: date) -> int:
    theme, say = page.theme, page.say
    page.set_row(0, 28)
    page.text(0, 0, sender.name, theme.style("title"), to=LAST)
    facts = (sender.tax_id, sender.address, sender.phone, sender.email)
    page.text(1, 0, " · ".join(fact for fact in facts if fact), theme.style("footer", font_size=9), to=LAST)
    page.set_row(3, 24)
    page.text(3, 0, words.STATEMENT, theme.style("title", font_size=16), to=LAST)
    since = write_date(min((account.since for account in accounts), default=as_of), page.language)
    line = words.STATEMENT_LINE.format(date=write_date(as_of, page.language), since=since)
    page.text(4, 0, line, theme.style("subtitle"), to=LAST)
    page.text(6, 0, words.FOR, theme.style("label"))
    page.text(7, 0, customer.name, theme.style("fact", font_size=12), to=LAST)
    tax_id = say(words.TAX_ID.format(tax_id=customer.tax_id)) if customer.tax_id else ""
    page.text(8, 0, " · ".join(fact for fact in (tax_id, customer.address) if fact), theme.style("plain"), to=LAST)
    return 10


def _write_account(page: Page, row: int, account: Account, as_of: date) -> int:
    """Write the block of one currency and return the row after it."""
    theme = page.theme
    amounts = [account.opening, account.balance, *(move.amount for move in account.movements)]
    number = money_format(account.currency, [*amounts, *(item.total for item in account.items)])
    section = words.IN_CURRENCY.format(currency=account.currency)
    page.text(row, 0, section, theme.style("section"), to=LAST)
    page.set_row(row, 21)
    row += 1
    heads = (words.DATE, words.CONCEPT, words.DOCUMENT, words.CHARGE, words.PAYMENT, words.RUNNING)
    _write_heads(page, row, heads)
    row += 1
    page.date(row, 0, account.since, theme.style("line", num_format=theme.date, align="left"))
    page.text(row, 1, words.OPENING, theme.style("line", italic=True), to=PAYMENT)
    page.number(row, RUNNING, account.opening, theme.style("line", num_format=number))
    balance = account.opening
    for move in account.movements:
        row += 1
        balance += move.amount
        _write_movement(page, row, move, balance, number)
    row += 1
    closing = words.CLOSING.format(date=write_date(as_of, page.language))
    page.text(row, 0, closing, theme.style("total"), to=PAYMENT)
    page.formula(row, RUNNING, f"={cell_letters(RUNNING)}{row}", balance, theme.style("total", num_format=number))
    return _write_items(page, row + 2, account, row, number) + 2


def _write_heads(page: Page, row: int, titles: Sequence[Text]) -> None:
    for column, title in enumerate(titles):
        page.text(row, column, title, page.theme.style("head", align="right" if column >= CHARGE else "left"))
    page.set_row(row, 18)


def _write_movement(page: Page, row: int, move: Movement, balance: Decimal, number: str) -> None:
    theme = page.theme
    line, money = theme.style("line", shrink=True), theme.style("line", num_format=number)
    if move.day is None:
        page.text(row, 0, "", line)
    else:
        page.date(row, 0, move.day, theme.style("line", num_format=theme.date, align="left"))
    page.text(row, 1, words.MOVEMENT_KINDS[move.kind], line)
    page.text(row, 2, move.number, line)
    charge = move.amount if move.amount > 0 else None
    for column, amount in ((CHARGE, charge), (PAYMENT, -move.amount if charge is None else None)):
        if amount is None:
            page.text(row, column, "", line)
        else:
            page.number(row, column, amount, money)
    above, charged, paid = (cell_letters(column) for column in (RUNNING, CHARGE, PAYMENT))
    page.formula(row, RUNNING, f"={above}{row}+{charged}{row + 1}-{paid}{row + 1}", balance, money)


def _write_items(page: Page, row: int, account: Account, closing: int, number: str) -> int:
    """Write the open items and whether they sum to the balance in row `closing`; return the last row."""
    theme = page.theme
    page.text(row, 0, words.OPEN_ITEMS, theme.style("section", font_size=11), to=LAST)
    row += 1
    if not account.items:
        page.text(row, 0, words.NO_ITEMS, theme.style("note"), to=LAST)
        return row
    _write_heads(page, row, (words.ISSUED, words.INVOICE, words.DUE, words.DAYS, words.AMOUNT, words.BALANCE))
    first = row + 2
    for item in account.items:
        row += 1
        _write_item(page, row, item, number)
    row += 1
    letters = cell_letters(RUNNING)
    page.text(row, 0, words.TOTAL.format(currency=account.currency), theme.style("total"), to=PAYMENT)
    style = theme.style("total", num_format=number)
    page.formula(row, RUNNING, f"=SUM({letters}{first}:{letters}{row})", account.balance, style)
    yes, no = page.say(words.TIES), page.say(words.TIES_NOT)
    ties = sum((move.amount for move in account.movements), account.opening) == account.balance
    style = theme.style("footer", font_size=9, font_color=STATUS["green" if ties else "red"][0])
    check = f'=IF(ROUND({letters}{row + 1}-{letters}{closing + 1},2)=0,"{yes}","{no}")'
    page.formula(row + 1, 0, check, yes if ties else no, style, to=LAST)
    return row + 1


def _write_item(page: Page, row: int, item: AccountItem, number: str) -> None:
    theme = page.theme
    day, line = theme.style("line", num_format=theme.date, align="left"), theme.style("line", shrink=True)
    for column, when in ((0, item.issued), (2, item.due)):
        if when is None:
            page.text(row, column, "–", line)
        else:
            page.date(row, column, when, day)
    page.text(row, 1, item.number, line)
    late = theme.style("line", align="right", font_color=STATUS["red"][0], bold=True)
    if item.days is None or item.days <= 0:
        page.text(row, CHARGE, "–", theme.style("line", align="right"))
    else:
        page.number(row, CHARGE, item.days, late)
    page.number(row, PAYMENT, item.total, theme.style("line", num_format=number))
    page.number(row, RUNNING, item.balance, theme.style("line", num_format=number))
