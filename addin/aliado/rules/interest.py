"""Legal late interest and fixed compensation on what is paid late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from aliado.formula.values import round_half_up

YEAR = 365
"""Days of a year in the interest formula: balance x rate x days / 365."""


class Rate(NamedTuple):
    """A yearly rate (a fraction) and the first day on which it holds."""

    since: date
    rate: Decimal


def late_interest(balance: Decimal, due: date, until: date, rates: Sequence[Rate]) -> Decimal | None:
    """Return simple interest from the day after `due` to `until`, each day at the rate then in force, half up to the cent.

    0 when nothing is late; None when no rate is known for some day.
    """
    if until <= due or balance <= 0:
        return Decimal(0)
    return interest_at(balance, rate_days(due, until, tuple(rates)))


def interest_at(balance: Decimal, days: Decimal | None) -> Decimal | None:
    """Return simple interest on a balance for `rate_days`, half up to the cent; None where those are not known."""
    return None if days is None else round_half_up(balance * days / YEAR)


@lru_cache(maxsize=4096)
def rate_days(due: date, until: date, rates: tuple[Rate, ...]) -> Decimal | None:
    """Return the sum of each day's rate from the day after `due` to `until`, None when some day has none.

    Many invoices fall due on one day.
    """
    first = due + timedelta(days=1)
    ordered = sorted(rates)
    if not ordered or ordered[0].since > first:
        return None
    total = Decimal(0)
    for index, (since, rate) in enumerate(ordered):
        begin = max(since, first)
        end = min(until, ordered[index + 1].since - timedelta(days=1)) if index + 1 < len(ordered) else until
        if end >= begin:
            total += rate * ((end - begin).days + 1)
    return total
