"""Business days: Monday to Friday less public holidays, of one country plus what the pack adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from aliado.language import fold
from aliado.rules.holiday_cache import remember
from aliado.rules.periods import add_months

if TYPE_CHECKING:
    from aliado.rules.models import Duration

Holidays = Callable[[int], frozenset[date]]


def holidays_of(
    country: str, added: Iterable[date] = (), removed: Iterable[date] = (), region: str | None = None
) -> Holidays:
    """Return a function from a year to its public holidays: those of the `holidays` library, plus `added`, less `removed`.

    region: a subdivision of the country, by code or name, whose holidays count too; one that the library does not know
    adds none. Where a holiday is moved to another weekday, that day counts and the original one is worked (Ecuador).
    A country the library does not know has only the added ones.
    """
    extra, dropped = frozenset(added), frozenset(removed)
    known: dict[int, frozenset[date]] = {}

    def of_year(year: int) -> frozenset[date]:
        found = known.get(year)
        if found is None:
            own = {day for day in extra if day.year == year}
            found = known[year] = (_public(country, region, year) | own) - dropped
        return found

    return of_year


@lru_cache(maxsize=256)
def _public(country: str, region: str | None, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    return remember(country, region, year, lambda: _ask_library(country, region, year))


def _ask_library(country: str, region: str | None, year: int) -> frozenset[date]:
    import holidays

    known = find_region(country, region) if region else None
    around = (year - 1, year, year + 1)  # New Year may be observed in December, and Christmas in January
    try:
        days = holidays.country_holidays(country, subdiv=known, years=around, language="en_US")
    except NotImplementedError:
        return frozenset()
    names = {day: days.get_list(day) for day in days}
    moved = {
        (near, name.removesuffix(OBSERVED))
        for day, listed in names.items()
        if day.weekday() < 5
        for name in listed
        if name.endswith(OBSERVED)
        for near in (day + timedelta(days=number) for number in range(-MOVED_DAYS, MOVED_DAYS + 1))
    }
    return frozenset(
        day
        for day, listed in names.items()
        if day.year == year and (day.weekday() > 4 or not all((day, name) in moved for name in listed))
    )


MOVED_DAYS = 7
"""A holiday is observed at most a week from its own day; one of the same name further off is another year's."""

OBSERVED = " (observed)"


def find_region(country: str, region: str) -> str | None:
    """Return the code of a subdivision of a country by its code or name, None when the `holidays` library has none."""
    import holidays

    kind = getattr(holidays, country, None)
    codes = {fold(code): code for code in getattr(kind, "subdivisions", ())}
    names = {fold(name): code for name, code in getattr(kind, "subdivisions_aliases", {}).items()}
    return codes.get(fold(region)) or names.get(fold(region))


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


def add_span(day: date, span: Duration, holidays: Holidays, times: int = 1) -> date:
    """Return the day `times` spans after `day` (before it, when negative); months end on the month's last day at most."""
    count = span.length * times
    match span.unit:
        case "business_days":
            return add_business_days(day, count, holidays)
        case "months" | "years":
            return add_months(day, count * (12 if span.unit == "years" else 1))
        case _:
            return day + timedelta(days=count * (7 if span.unit == "weeks" else 1))


def business_days_between(first: date, last: date, holidays: Holidays) -> int:
    """Return how many business days come after `first`, up to and including `last`; 0 when there are none."""
    days = range(1, (last - first).days + 1)
    return sum(is_business_day(first + timedelta(days=number), holidays) for number in days)
