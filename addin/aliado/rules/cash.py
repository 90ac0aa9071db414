"""Money at the bank and how long it lasts."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt

from aliado.formula.texts import vocabulary
from aliado.formula.values import Byte, from_serial, round_half_up, to_serial
from aliado.rules.periods import add_months
from aliado.rules.receivables import PLACES, ratio
from aliado.tables.table import Table

MONTHS = 3
"""Over how many months the mean net burn is taken."""


def cash_at(bank: Table, day: int) -> int | None:
    """Return the money at the bank on `day` in cents: the last stated balance of each account; None when none states one.

    bank: movements in one currency. Where the sheet runs from the newest down, so do movements of one day.
    """
    balances = bank.columns.get("balance")
    if balances is None:
        return None
    days, dated = _days(bank)
    stated = dated & (days <= day)
    if balances.state is not None:
        stated &= balances.state == Byte.VALUE
    rows = _oldest_first(days, np.flatnonzero(stated))
    rows = rows[np.argsort(days[rows], kind="stable")]
    last: dict[str, int] = {}
    accounts = bank.columns.get("account")
    if accounts is not None:
        words = vocabulary(accounts)
        newest = len(rows) - 1 - np.unique(words.codes[rows][::-1], return_index=True)[1]
        last = {words.names[int(words.codes[row])]: int(row) for row in rows[np.sort(newest)]}
    elif len(rows):
        last = {"": int(rows[-1])}
    return sum(int(balances.data[row]) for row in last.values()) if last else None


def net_burn(bank: Table, day: int, months: int = MONTHS) -> Decimal | None:
    """Return the mean money that went out, net, per month over the `months` up to `day`, in units; negative when it grew.

    None when the movements do not reach back far enough.
    """
    amounts = bank.columns.get("amount")
    days, dated = _days(bank)
    seen = dated & (days <= day)
    if amounts is None or not seen.any():
        return None
    start = to_serial(add_months(from_serial(day), -months))
    if int(days[seen].min()) > to_serial(add_months(from_serial(start), 1)):
        return None
    window = seen & (days > start)
    if amounts.state is not None:
        window &= amounts.state == Byte.VALUE
    return ratio(-int(amounts.data[window].sum()), 100 * months, PLACES)


def runway(bank: Table, day: int, months: int = MONTHS) -> Decimal | None:
    """Return cash / mean net burn, in months (CASH-RUNWAY); None when the burn is zero or less."""
    cash, burn = cash_at(bank, day), net_burn(bank, day, months)
    if cash is None or burn is None or burn <= 0:
        return None
    return round_half_up(Decimal(cash) / 100 / burn, PLACES)


def stock_at(stock: Table, day: int) -> int | None:
    """Return the value of the stock at its last count on or before `day`, in cents; None when there was no count."""
    values = stock.columns.get("value")
    days, dated = _days(stock)
    counted = dated & (days <= day)
    if values is None or not counted.any():
        return None
    latest = counted & (days == days[counted].max())
    if values.state is not None:
        latest &= values.state == Byte.VALUE
    return int(values.data[latest].sum())


def _days(table: Table) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    column = table.columns.get("date")
    if column is None:
        return np.zeros(len(table), dtype=np.int64), np.zeros(len(table), dtype=bool)
    given = np.ones(len(table), dtype=bool) if column.state is None else column.state == Byte.VALUE
    return column.data, given


def _oldest_first(days: npt.NDArray[np.int64], rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    downwards = len(rows) > 1 and days[rows[0]] > days[rows[-1]]
    return rows[::-1] if downwards else rows
