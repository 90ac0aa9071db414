"""Arithmetic on Excel serial days, over whole columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from aliado.formula.kinds import LAST_DAY

Serials = npt.NDArray[np.int64]
Days = npt.NDArray[Any]
"""Days as numpy's datetime64[D]."""

UNIX_DAY_ZERO = 25569
"""Serial of 1 January 1970."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
"""Years whose holidays are ever asked for."""


def to_days(serials: Serials) -> Days:
    """Return serial days as numpy days."""
    return (serials - UNIX_DAY_ZERO).astype("M8[D]")


def to_serials(days: Days) -> Serials:
    """Return numpy days as serial days."""
    serials: Serials = days.astype("M8[D]").astype(np.int64) + UNIX_DAY_ZERO
    return serials


def each_once(change: Callable[[Serials], Serials], days: Serials) -> Serials:
    """Return `change` of whole numbers; where many lie in a short span, of each number of the span once."""
    if len(days) < 1000:
        return change(days)
    first, last = int(days.min()), int(days.max())
    if last - first > len(days) // 4:
        return change(days)
    return change(np.arange(first, last + 1, dtype=np.int64))[days - first]


def month_numbers(serials: Serials) -> Serials:
    """Return months since January 1970."""
    return each_once(lambda days: to_days(days).astype("M8[M]").astype(np.int64), serials)


def month_starts(months: Serials) -> Serials:
    """Return the first day of months counted since January 1970."""
    return each_once(lambda numbers: to_serials(numbers.astype("M8[M]")), months)


def years(serials: Serials) -> Serials:
    """Return the year of each day."""
    return month_numbers(serials) // 12 + 1970


def months_of_year(serials: Serials) -> Serials:
    """Return the month of each day, 1 to 12."""
    return month_numbers(serials) % 12 + 1


def days_of_month(serials: Serials) -> Serials:
    """Return the day of the month, from 1."""
    return serials - month_starts(month_numbers(serials)) + 1


def month_ends(months: Serials) -> Serials:
    """Return the last day of months counted since January 1970."""
    return month_starts(months + 1) - 1


def shifted_months(serials: Serials, months: Serials) -> Serials:
    """Return the same day so many months away, or that month's last day."""
    target = month_numbers(serials) + months
    shifted: Serials = np.minimum(month_starts(target) + days_of_month(serials) - 1, month_ends(target))
    return shifted


def serials_of(year: Serials, month: Serials, day: Serials) -> Serials:
    """Return days by year, month and day; months and days past their end run on into the next."""
    serials: Serials = month_starts((year - 1970) * 12 + month - 1) + day - 1
    return serials


def shifted_business_days(
    serials: Serials, days: Serials, holidays: Callable[[int], frozenset[date]], more: Serials
) -> Serials:
    """Return the day so many working days away; 0 gives the day itself. more: further non-working days."""
    start, count = np.broadcast_arrays(serials, days)
    count = np.clip(count, -LAST_DAY, LAST_DAY)
    reach = np.clip(start + count * 2, 0, LAST_DAY)
    off = holiday_days(np.concatenate([start, reach]), holidays, more)
    ahead = np.busday_offset(to_days(start), count, roll="preceding", holidays=off)
    back = np.busday_offset(to_days(start), count, roll="following", holidays=off)
    moved = np.where(count > 0, to_serials(ahead), to_serials(back))
    return np.where(count == 0, start, moved)


def business_days_between(
    first: Serials, last: Serials, holidays: Callable[[int], frozenset[date]], more: Serials
) -> Serials:
    """Return the working days from first to last, both counted; negative when last comes first."""
    one, two = np.broadcast_arrays(first, last)
    off = holiday_days(np.concatenate([one, two]), holidays, more)
    low, high = np.minimum(one, two), np.maximum(one, two)
    count = np.busday_count(to_days(low), to_days(high + 1), holidays=off).astype(np.int64)
    return np.where(one > two, -count, count)


def holiday_days(serials: Serials, holidays: Callable[[int], frozenset[date]], more: Serials) -> Days:
    """Return the non-working days of the years that `serials` span, with `more`."""
    if len(serials) == 0:
        return to_days(more)
    span = years(np.array([serials.min(), serials.max()]))
    first, last = max(int(span[0]), _FIRST_YEAR), min(int(span[1]), _LAST_YEAR)
    found = sorted(day for year in range(first, last + 1) for day in holidays(year))
    return np.concatenate([np.array(found, dtype="M8[D]"), to_days(more)])
