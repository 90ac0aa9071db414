"""When each period of an obligation falls due."""

from datetime import date

import pytest

from aliado.language import same
from aliado.rules.business_days import add_business_days, holidays_of, is_business_day
from aliado.rules.due_dates import due_date, periods
from aliado.rules.functions import FUNCTIONS
from aliado.rules.models import Due, Obligation, Where
from aliado.rules.packs import load_pack
from aliado.rules.periods import read_period


def no_holidays(year):  # noqa: ARG001
    return frozenset()


def obligation(due, every="month", if_holiday="next"):
    return Obligation("X", same("X"), Where("", 0, 0), every=every, due=due, if_holiday=if_holiday)


def only_period(every, name):
    return next(period for period in periods(every, date(2015, 1, 1), date(2030, 12, 31)) if period.name == name)


@pytest.mark.parametrize(
    ("every", "names"),
    [
        ("month", ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]),
        ("two_months", ["2026-B1", "2026-B2", "2026-B3"]),
        ("quarter", ["2026-Q1", "2026-Q2"]),
        ("four_months", ["2026-C1"]),
        ("half_year", ["2026-H1"]),
        ("year", []),
    ],
)
def test_periods_end_within_the_span(every, names):
    assert [period.name for period in periods(every, date(2026, 1, 1), date(2026, 6, 30))] == names


def test_a_fiscal_year_ends_in_its_own_month():
    (period,) = periods("fiscal_year", date(2026, 1, 1), date(2026, 12, 31), year_end_month=3)
    assert period.last == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("due", "shift", "period", "expected"),
    [
        (Due(day=20), "next", "2021-02", date(2021, 3, 22)),
        (Due(day=30), "next", "2020-12", date(2021, 2, 1)),
        (Due(day=30), "next_unless_month_ends", "2020-12", date(2021, 1, 29)),
        (Due(day=30), "previous", "2020-12", date(2021, 1, 29)),
        (Due(day=30), "none", "2020-12", date(2021, 1, 30)),
        (Due(day="last"), "none", "2024-01", date(2024, 2, 29)),
        (Due(day=30), "none", "2024-01", date(2024, 2, 29)),
        (Due(business_day="last"), "next", "2026-04", date(2026, 5, 29)),
        (Due(business_day=1), "next", "2026-01", date(2026, 2, 2)),
        (Due(days_after=120), "none", "2026-12", date(2027, 4, 30)),
    ],
)
def test_fixed_days_move_off_weekends_as_the_rule_says(due, shift, period, expected):
    assert due_date(obligation(due, if_holiday=shift), only_period("month", period), "", no_holidays) == expected


@pytest.mark.parametrize(
    ("tax_id", "period", "expected"),
    [
        ("1790012355001", "2026-10", date(2026, 11, 18)),
        ("1790012301001", "2026-01", date(2026, 2, 27)),
        ("1790012361001", "2024-10", date(2025, 1, 21)),
    ],
)
def test_ecuadorian_vat_falls_by_the_ninth_digit_and_its_extensions(tax_id, period, expected):
    pack = load_pack("ec", functions=FUNCTIONS)
    calendar = holidays_of("EC", *pack.holidays)
    assert due_date(pack.obligations["EC-IVA-M"], only_period("month", period), tax_id, calendar) == expected


def test_a_yearly_table_that_is_missing_gives_no_date():
    pack = load_pack("pe", functions=FUNCTIONS)
    tabled = [rule for rule in pack.obligations.values() if rule.due.table is not None]
    assert tabled
    assert due_date(tabled[0], only_period("month", "2029-05"), "20100047218", no_holidays) is None


def test_a_tax_id_that_is_too_short_gives_no_date():
    pack = load_pack("ec", functions=FUNCTIONS)
    assert due_date(pack.obligations["EC-IVA-M"], only_period("month", "2026-10"), "179", no_holidays) is None


def test_business_days_skip_weekends_national_and_added_holidays():
    calendar = holidays_of("ES", {date(2026, 11, 24)}, {date(2026, 12, 8)})
    assert not is_business_day(date(2026, 11, 24), calendar)
    assert not is_business_day(date(2026, 12, 25), calendar)
    assert is_business_day(date(2026, 12, 8), calendar)
    assert add_business_days(date(2026, 11, 20), 2, calendar) == date(2026, 11, 25)
    assert add_business_days(date(2026, 11, 25), -2, calendar) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("2026-10", "2026-10"),
        ("10/2026", "2026-10"),
        ("2026-10-01", "2026-10"),
        ("oct-2026", "2026-10"),
        ("Octubre 2026", "2026-10"),
        ("octubre de 2026", "2026-10"),
        ("Sep 26", "2026-09"),
        ("3T 2026", "2026-Q3"),
        ("2026-T3", "2026-Q3"),
        ("2026 3T", "2026-Q3"),
        ("Q3 2026", "2026-Q3"),
        ("3er trimestre 2026", "2026-Q3"),
        ("1S 2026", "2026-H1"),
        ("B5 2026", "2026-B5"),
        ("2026", "2026"),
        ("lo que sea", "lo que sea"),
        ("13/2026", "13/2026"),
        ("46023", "2026-01"),
        ("12345", "12345"),
    ],
)
def test_periods_are_read_as_people_write_them(typed, name):
    assert read_period(typed) == name


def test_a_holiday_observed_next_year_or_the_year_before_moves_only_its_own_day():
    ecuador = holidays_of("EC")
    assert add_business_days(date(2026, 12, 31), 1, ecuador) == date(2027, 1, 4)
    assert not is_business_day(date(2027, 1, 1), ecuador)
    assert not is_business_day(date(2027, 12, 31), ecuador)
