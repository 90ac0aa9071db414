"""Business days: Monday to Friday less public holidays, of one country plus what the pack adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache

Holidays = Callable[[int], frozenset[date]]


def holidays_of(
    country: str, added: Iterable[date] = (), removed: Iterable[date] = (), region: str | None = None
) -> Holidays:
    """Return a function from a year to its public holidays: those of the `holidays` library, plus `added`, less `removed`.

    region: a subdivision of the country whose holidays count too. Where the library lists both a holiday and the
    day it is observed on, both count. A country the library does not know has only the added ones.
    """
    extra, dropped = frozenset(added), frozenset(removed)

    def of_year(year: int) -> frozenset[date]:
        return (_public(country, region, year) | {day for day in extra if day.year == year}) - dropped

    return of_year


@lru_cache(maxsize=256)
def _public(country: str, region: str | None, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, subdiv=region, years=year))
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
