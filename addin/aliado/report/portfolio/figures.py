"""What the workbook and the page say alike: remarks, duties and values as text."""

from __future__ import annotations

from decimal import Decimal

from aliado.language import Language, write_date
from aliado.locales import Locale, write_amount
from aliado.report import words as sheet_words
from aliado.report import words_deadlines as deadlines
from aliado.report.filings import FILING_LIGHTS
from aliado.report.portfolio import words
from aliado.report.portfolio.board import Entry
from aliado.report.portfolio.summary import ClientSummary, Duty, Indicator
from aliado.report.theme import WITHOUT_CENTS


def responsible_of(entry: Entry, language: Language) -> str:
    """Return who answers for a client, "Nobody" where its profile does not say, "" where it was not read."""
    if entry.client is None:
        return ""
    return entry.client.responsible or words.NOBODY.to(language)


def remark(entry: Entry, locale: Locale) -> str:
    """Return why a client was not read, else what does not tie and what is open in other currencies."""
    language = locale.language
    if entry.client is None:
        return entry.reason.to(language) if entry.reason else ""
    said = []
    if entry.client.broken:
        names = "; ".join(name.to(language) for name in entry.client.broken)
        said.append(words.BROKEN.format(names=names).to(language))
    others = [
        f"{money(balance.outstanding, balance.currency, locale)} {balance.currency}"
        for balance in entry.client.balances[1:]
        if balance.outstanding
    ]
    if others:
        said.append(words.ALSO_OPEN.format(amounts=", ".join(others)).to(language))
    return " ".join(said)


def light_of(duty: Duty) -> str:
    """Return the light of a duty."""
    return FILING_LIGHTS[duty.status]


def say_duty(duty: Duty, language: Language) -> str:
    """Return a duty in short: ▲ 2 · 2026-Q3 · 20/10/2026."""
    symbol = deadlines.FILING_STATUSES[duty.status].es[0]
    count = f"{duty.overdue} · " if duty.overdue > 1 else ""
    doubt = "" if duty.verified else "*"
    return f"{symbol} {count}{duty.period} · {write_date(duty.due, language)}{doubt}"


def say_indicator(kpi: Indicator, currency: str, locale: Locale) -> str:
    """Return an indicator's value as text, with its unit where that is not told by the column."""
    if kpi.value is None:
        return sheet_words.NOT_AVAILABLE.to(locale.language)
    match kpi.unit:
        case "%":
            return say_share(kpi.value, locale)
        case "money":
            return f"{money(kpi.value, currency, locale)} {currency}".rstrip()
        case "count":
            return write_amount(kpi.value, locale, 0)
        case _:
            return write_amount(kpi.value, locale, 1)


def say_share(share: Decimal, locale: Locale) -> str:
    """Return a fraction in percent: 25,0 % in Spanish, 25.0% in English."""
    return write_amount(share * 100, locale, 1) + (" %" if locale.language == "es" else "%")


def money(amount: Decimal, currency: str, locale: Locale) -> str:
    """Return an amount as text, with cents where its currency has them."""
    whole = currency.upper() in WITHOUT_CENTS and amount == amount.to_integral_value()
    return write_amount(amount, locale, 0 if whole else 2)


def unlisted(client: ClientSummary) -> int:
    """Return how many red and amber findings the board does not list."""
    return client.count("red") + client.count("amber") - len(client.alerts)
