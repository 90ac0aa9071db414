"""The table of invoices in a letter, as text: the document and the mail show the same one."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from aliado.language import write_date
from aliado.locales import Locale, write_amount
from aliado.report.letters import words
from aliado.report.letters.letter import Claim, one_line
from aliado.report.theme import WITHOUT_CENTS

TEXTS = 2
"""Columns on the left that hold text; the others hold figures."""


class ClaimTable(Struct, frozen=True):
    """Heads, one row per invoice, and the row of totals; all of one length."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]


def make_table(claim: Claim, locale: Locale) -> ClaimTable:
    """Return the table of one currency; interest and compensation have a column where some invoice has them."""
    language = locale.language
    heads = [words.INVOICE, words.DUE, words.DAYS, words.BALANCE]
    with_interest, with_compensation = bool(claim.interest), bool(claim.compensation)
    more = with_interest or with_compensation
    heads += [words.INTEREST] * with_interest + [words.COMPENSATION] * with_compensation + [words.CLAIM] * more

    def money(amount: Decimal | None) -> str:
        value = amount or Decimal(0)
        whole = claim.currency.upper() in WITHOUT_CENTS and value == value.to_integral_value()
        return write_amount(value, locale, 0 if whole else 2)

    def figures(balance: Decimal, interest: Decimal | None, compensation: Decimal | None) -> list[str]:
        total = balance + (interest or 0) + (compensation or 0)
        return [
            money(balance),
            *([money(interest)] if with_interest else []),
            *([money(compensation)] if with_compensation else []),
            *([money(total)] if more else []),
        ]

    rows = tuple(
        (
            one_line(item.number),
            write_date(item.due, language),
            str(item.days),
            *figures(item.balance, item.interest, item.compensation),
        )
        for item in claim.items
    )
    name = words.TOTAL.format(currency=one_line(claim.currency)).to(language)
    total = (name, "", "", *figures(claim.balance, claim.interest, claim.compensation))
    return ClaimTable(tuple(head.to(language) for head in heads), rows, total)
