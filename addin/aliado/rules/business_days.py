"""Business days: Monday to Friday less public holidays, of one country plus what the pack adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from aliado.language import Text

Holidays = Callable[[int], frozenset[date]]


def holidays_of(country: str, added: Mapping[date, Text]) -> Holidays:
    """Return a function from a year to its public holidays: the `holidays` library's national ones, and `added`.

    Where the library lists both a holiday and the day it is observed on, both count.
    A country the library does not know has only the added ones.
    """
    extra = frozenset(added)

    def of_year(year: int) -> frozenset[date]:
        return _national(country, year) | {day for day in extra if day.year == year}

    return of_year


@lru_cache(maxsize=256)
def _national(country: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_business_day(day: date, holidays: Holidays) -> bool:
    """Return whether `day` is a working day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def next_business_day(day: date, holidays: Holidays) -> date:
    """Return `day`, or the first business day after it."""
    while not is_business_day(day, holidays):
        day += timedelta(days=1)
    return day


def previous_business_day(day: date, holidays: Holidays) -> date:
    """Return `day`, or the last business day before it."""
    while not is_business_day(day, holidays):
        day -= timedelta(days=1)
    return day


def add_business_days(day: date, count: int, holidays: Holidays) -> date:
    """Return the `count`-th business day after `day` (before it, when negative), as WORKDAY does."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day, holidays):
            day += step
    return day
