"""When each period of an obligation falls due."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from aliado.rules.business_days import (
    Holidays,
    add_business_days,
    is_business_day,
    next_business_day,
    previous_business_day,
)
from aliado.rules.models import DatedPeriod, DigitRule, Due, Obligation

MONTHS = {"month": 1, "two_months": 2, "quarter": 3, "four_months": 4, "half_year": 6, "year": 12, "fiscal_year": 12}
_LETTERS = {"two_months": "B", "quarter": "Q", "four_months": "C", "half_year": "H"}


class Period(Struct, frozen=True):
    """A stretch of whole months. name: 2026-10, 2026-Q3, 2026-H1, 2026-B5, 2026-C2 or 2026.

    part: which of the period's instalments is meant, where it has several fixed days (2026-P2 is the second).
    """

    name: str
    year: int
    number: int
    last: date
    part: int = 1


def periods(every: str, since: date, until: date, *, year_end_month: int = 12) -> Iterator[Period]:
    """Yield the periods that end in [since, until], oldest first."""
    length = MONTHS[every]
    year, month = since.year, since.month
    while (last := _month_end(year, month)) <= until:
        closes = month == year_end_month if every == "fiscal_year" else month % length == 0
        if last >= since and closes:
            number = month // length if every != "fiscal_year" else 1
            name = (
                f"{year}-{month:02d}"
                if every == "month"
                else str(year)
                if length == 12
                else f"{year}-{_LETTERS[every]}{number}"
            )
            yield Period(name, year, number, last)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def instalments(due: Due, period: Period) -> list[Period]:
    """Return the period, or its instalments where the rule gives several fixed days of the year."""
    if len(due.on) < 2:
        return [period]
    return [replace(period, name=f"{period.name}-P{part}", part=part) for part in range(1, len(due.on) + 1)]


def find_period(every: str, name: str, *, year_end_month: int = 12) -> Period | None:
    """Return the period (or instalment) of that name; None when the obligation has no such period."""
    whole, dash, part = name.rpartition("-P")
    if dash:
        found_whole = find_period(every, whole, year_end_month=year_end_month)
        return None if found_whole is None else replace(found_whole, name=name, part=int(part))
    year = int(name[:4])
    if not 1900 < year < 9999:
        return None
    found = periods(every, date(year, 1, 1), date(year, 12, 31), year_end_month=year_end_month)
    return next((period for period in found if period.name == name), None)


def due_date(obligation: Obligation, period: Period, tax_id: str, holidays: Holidays) -> date | None:
    """Return the due date of a period; None when it cannot be known (its year's table is missing, or the digit is)."""
    extension = obligation.extensions.get(period.name)
    if extension is not None:
        digit = _digit(obligation.due.digit or obligation.due.table_digit, tax_id)
        return extension.day or (extension.by_digit.get(digit) if digit is not None else None)
    rule = obligation.due.by_period.get(period.number, obligation.due)
    if rule.table is not None:
        dated = rule.table.get(period.name)
        digit = _digit(rule.table_digit, tax_id)
        return None if dated is None else dated.day or (dated.by_digit.get(digit) if digit is not None else None)
    day = _nominal(rule, period, tax_id, holidays)
    return None if day is None else _shift(day, obligation.if_holiday, holidays)


def dated_by(obligation: Obligation, period: Period) -> DatedPeriod | None:
    """Return the extension or the row of a yearly table that dates a period; None where its rule does."""
    extension = obligation.extensions.get(period.name)
    if extension is not None:
        return extension
    table = obligation.due.by_period.get(period.number, obligation.due).table
    return None if table is None else table.get(period.name)


def _nominal(rule: Due, period: Period, tax_id: str, holidays: Holidays) -> date | None:
    """Return the due date before it is moved off a holiday."""
    if rule.days_after is not None:
        return period.last + timedelta(days=rule.days_after)
    if rule.on:
        month, day = rule.on[min(period.part, len(rule.on)) - 1]
        return _clamped(period.year + rule.year_offset, month, day)
    year, month = _add_months(period.last.year, period.last.month, rule.months_after)
    if rule.digit is not None:
        return _by_digit(rule.digit, year, month, tax_id, holidays)
    if rule.business_day is not None:
        if rule.business_day == "last":
            return previous_business_day(_month_end(year, month), holidays)
        return add_business_days(date(year, month, 1) - timedelta(days=1), rule.business_day, holidays)
    if rule.day is None:
        return None
    return _month_end(year, month) if rule.day == "last" else _clamped(year, month, rule.day)


def _by_digit(rule: DigitRule, year: int, month: int, tax_id: str, holidays: Holidays) -> date | None:
    digit = _digit(rule, tax_id)
    if digit is None:
        return None
    if rule.days:
        return _clamped(year, month, rule.days[digit])
    if rule.business_days:
        return add_business_days(date(year, month, 1) - timedelta(days=1), rule.business_days[digit], holidays)
    if rule.day is None:
        return None
    return add_business_days(_clamped(year, month, rule.day), rule.add_business_days[digit], holidays)


def _digit(rule: DigitRule | None, tax_id: str) -> int | None:
    """Return the digit of the tax id that a rule looks at; None when the id is too short."""
    if rule is None:
        return None
    if rule.position == "last_before_check":
        tax_id = _without_check_digit(tax_id)
    digits = [int(character) for character in tax_id if character.isascii() and character.isdigit()]
    index = rule.position - 1 if isinstance(rule.position, int) else len(digits) - 1
    return digits[index] if 0 <= index < len(digits) else None


def _without_check_digit(tax_id: str) -> str:
    """Return a tax id without its check digit: what stands after the dash, or a last digit that checks as a NIT's does."""
    before, dash, after = tax_id.rpartition("-")
    if dash and len(after.strip()) == 1:
        return before
    from stdnum.co import nit

    return tax_id[:-1] if len(nit.compact(tax_id)) > 9 and nit.is_valid(tax_id) else tax_id


def _shift(day: date, how: str, holidays: Holidays) -> date:
    if how == "none" or is_business_day(day, holidays):
        return day
    if how == "previous":
        return previous_business_day(day, holidays)
    following = next_business_day(day, holidays)
    if how == "next_unless_month_ends" and following.month != day.month:
        return previous_business_day(day, holidays)
    return following


def _add_months(year: int, month: int, count: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _clamped(year: int, month: int, day: int) -> date:
    """Return that day of the month, or its last day when the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))
