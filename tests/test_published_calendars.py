"""Due dates against calendars as they were published, and for whole years against the rule said in other words."""

from datetime import date, timedelta

import pytest

from aliado.rules.business_days import holidays_of, is_business_day
from aliado.rules.due_dates import due_date, find_period
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack

PACKS = {name: load_pack(name, functions=FUNCTIONS) for name in ("cl", "co", "ec", "es", "mx", "pa")}
CALENDARS = {name: holidays_of(pack.country, *pack.holidays) for name, pack in PACKS.items()}


def due(country, rule, period, tax_id="1"):
    obligation = PACKS[country].obligations[rule]
    return due_date(obligation, find_period(obligation.every, period), tax_id, CALENDARS[country])


def dates(year, *days):
    return [date(year, *day) for day in days]


# Spain: the AEAT's quarterly and yearly days; columns are the years in which they fell due.


@pytest.mark.parametrize(
    ("year", "quarters", "vat", "withheld", "summaries", "third_parties", "companies"),
    [
        (2019, [(4, 22), (7, 22), (10, 21)], (1, 30), (1, 21), (1, 31), (2, 28), (7, 25)),
        (2020, [(4, 20), (7, 20), (10, 20)], (1, 30), (1, 20), (1, 31), (3, 2), (7, 27)),
        (2021, [(4, 20), (7, 20), (10, 20)], (2, 1), (1, 20), (2, 1), (3, 1), (7, 26)),
        (2022, [(4, 20), (7, 20), (10, 20)], (1, 31), (1, 20), (1, 31), (2, 28), (7, 25)),
        (2023, [(4, 20), (7, 20), (10, 20)], (1, 30), (1, 20), (1, 31), (2, 28), (7, 25)),
        (2024, [(4, 22), (7, 22), (10, 21)], (1, 30), (1, 22), (1, 31), (2, 29), (7, 25)),
        (2025, [(4, 21), (7, 21), (10, 20)], (1, 30), (1, 20), (1, 31), (2, 28), (7, 25)),
        (2026, [(4, 20), (7, 20), (10, 20)], (1, 30), (1, 20), (2, 2), (3, 2), (7, 27)),
    ],
)
def test_spains_calendar_year_by_year(year, quarters, vat, withheld, summaries, third_parties, companies):
    before = year - 1
    for rule in ("ES-303", "ES-130", "ES-131", "ES-349", "ES-111", "ES-115", "ES-123"):
        assert [due("es", rule, f"{year}-Q{number}") for number in (1, 2, 3)] == dates(year, *quarters), rule
    for rule in ("ES-303", "ES-130", "ES-131", "ES-349"):
        assert due("es", rule, f"{before}-Q4") == date(year, *vat), rule
    for rule in ("ES-111", "ES-115", "ES-123"):
        assert due("es", rule, f"{before}-Q4") == date(year, *withheld), rule
    assert due("es", "ES-390", str(before)) == date(year, *vat)
    for rule in ("ES-180", "ES-190", "ES-193"):
        assert due("es", rule, str(before)) == date(year, *summaries), rule
    assert due("es", "ES-347", str(before)) == date(year, *third_parties)
    assert due("es", "ES-200", str(before)) == date(year, *companies)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2024, [(4, 22), (10, 21), (12, 20)]),
        (2025, [(4, 21), (10, 20), (12, 22)]),
        (2026, [(4, 20), (10, 20), (12, 21)]),
    ],
)
def test_spains_instalments_of_corporate_tax(year, expected):
    assert [due("es", f"ES-202-{number}P", str(year)) for number in (1, 2, 3)] == dates(year, *expected)


# Colombia: first and last day of each published range (digits 1 and 0).


@pytest.mark.parametrize(
    ("rule", "period", "first", "last"),
    [
        ("CO-RENTA-GC1", "2023", date(2024, 2, 9), date(2024, 2, 22)),
        ("CO-RENTA-GC3", "2023", date(2024, 6, 13), date(2024, 6, 26)),
        ("CO-RENTA", "2023", date(2024, 5, 10), date(2024, 5, 24)),
        ("CO-RENTA-C2", "2023", date(2024, 7, 10), date(2024, 7, 23)),
        ("CO-RENTA-GC1", "2024", date(2025, 2, 11), date(2025, 2, 24)),
        ("CO-RENTA-GC2", "2024", date(2025, 4, 9), date(2025, 4, 24)),
        ("CO-RENTA-GC3", "2024", date(2025, 6, 11), date(2025, 6, 25)),
        ("CO-RENTA", "2024", date(2025, 5, 12), date(2025, 5, 23)),
        ("CO-RENTA-C2", "2024", date(2025, 7, 9), date(2025, 7, 22)),
        ("CO-RENTA-GC1", "2025", date(2026, 2, 10), date(2026, 2, 23)),
        ("CO-RENTA-GC3", "2025", date(2026, 6, 10), date(2026, 6, 24)),
        ("CO-RENTA", "2025", date(2026, 5, 12), date(2026, 5, 26)),
        ("CO-RET-M", "2024-01", date(2024, 2, 9), date(2024, 2, 22)),
    ],
)
def test_colombias_ranges_begin_and_end_as_published(rule, period, first, last):
    assert due("co", rule, period, "900123451") == first
    assert due("co", rule, period, "900123450") == last


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_colombia_counts_business_days_of_the_month(year):
    for month in range(1, 13):
        for digit, number in [*((digit, digit + 6) for digit in range(1, 10)), (0, 16)]:
            found = due("co", "CO-RET-M", f"{year}-{month:02d}", f"90012345{digit}")
            counted = [found.replace(day=day) for day in range(1, found.day + 1)]
            assert sum(is_business_day(day, CALENDARS["co"]) for day in counted) == number
            assert is_business_day(found, CALENDARS["co"])


# Ecuador: every month and digit of four years; half-yearly VAT as its own table gives it.

DAYS = {1: 10, 2: 12, 3: 14, 4: 16, 5: 18, 6: 20, 7: 22, 8: 24, 9: 26, 0: 28}


@pytest.mark.parametrize("year", [2023, 2025, 2026, 2027])
def test_ecuador_moves_to_the_next_business_day_or_back_within_the_month(year):
    calendar = CALENDARS["ec"]
    for month in range(1, 13):
        for digit, day in DAYS.items():
            found = due("ec", "EC-IVA-M", f"{year}-{month:02d}", f"17900123{digit}5001")
            nominal = date(year + month // 12, month % 12 + 1, day)
            assert found.month == nominal.month
            assert is_business_day(found, calendar)
            between = [nominal + timedelta(days=n) for n in range((found - nominal).days)]
            assert not any(is_business_day(each, calendar) for each in between)
            if found < nominal:
                rest = [nominal + timedelta(days=n) for n in range(31 - nominal.day + 1)]
                assert not any(is_business_day(each, calendar) for each in rest if each.month == nominal.month)
                skipped = [found + timedelta(days=n) for n in range(1, (nominal - found).days)]
                assert not any(is_business_day(each, calendar) for each in skipped)


def test_ecuadors_half_yearly_vat_falls_in_july_and_january_by_the_digit():
    for digit, day in {1: 10, 3: 14, 4: 16, 6: 20, 7: 22, 8: 24, 0: 28}.items():
        tax_id = f"17900123{digit}5001"
        assert due("ec", "EC-IVA-S", "2025-H2", tax_id) in (date(2026, 1, day), _monday(date(2026, 1, day)))
    assert due("ec", "EC-IVA-S", "2026-H1", "1790012315001") == date(2026, 7, 10)


def _monday(day):
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() > 4 else day


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2024-07", [19, 20, 21, 22, 23]),  # the 17th is a Saturday
        ("2024-08", [18, 19, 20, 23, 24]),
        ("2025-01", [18, 19, 20, 21, 24]),
        ("2026-10", [18, 19, 20, 23, 24]),  # the 17th is a Tuesday: digits 1-2 on the 18th, 9-0 on the 24th
    ],
)
def test_mexico_adds_one_to_five_business_days_to_the_17th(month, expected):
    for digits, day in zip(("12", "34", "56", "78", "90"), expected, strict=True):
        for digit in digits:
            found = {due("mx", rule, month, f"ABC85071{digit}XY1") for rule in ("MX-IVA-M", "MX-ISR-M", "MX-RET-M")}
            assert [each.day for each in found] == [day], digit


@pytest.mark.parametrize(
    ("period", "paper", "electronic"),
    [
        ("2025-08", date(2025, 9, 12), date(2025, 9, 22)),  # the 20th is a Saturday
        ("2025-09", date(2025, 10, 13), date(2025, 10, 20)),  # the 12th is a Sunday and a holiday
        ("2026-05", date(2026, 6, 12), date(2026, 6, 22)),
        ("2026-06", date(2026, 7, 13), date(2026, 7, 20)),
    ],
)
def test_chile_files_on_the_12th_or_the_20th_or_the_next_business_day(period, paper, electronic):
    assert (due("cl", "CL-F29", period), due("cl", "CL-F29-E", period)) == (paper, electronic)


def test_panama_files_on_the_15th_as_it_falls():
    for month in range(1, 13):
        assert due("pa", "PA-ITBMS-M", f"2025-{month:02d}").day == 15


def test_perus_table_gives_dates_by_groups_of_digits_and_one_to_good_taxpayers(tmp_path):
    path = tmp_path / "peru.yaml"
    table = "{0: 2019-02-14, 1: 2019-02-15, 2-3: 2019-02-18, 4-5: 2019-02-19, 6-7: 2019-02-20, 8-9: 2019-02-21}"
    path.write_text(
        "pack: peru\nextends: pe\nversion: 1\ntitle: Peru\nobligations:\n"
        "  PE-IGV-M:\n    due:\n      digit: {of: tax_id, position: last}\n      table:\n"
        f"        2019-01: {{by_digit: {table}, source: PE-RS-306}}\n"
        "  PE-IGV-BC:\n    due:\n      table:\n        2019-01: {date: 2019-02-22, source: PE-RS-306}\n",
        encoding="utf-8",
    )
    rules = load_pack(path, functions=FUNCTIONS).obligations
    days = {0: 14, 1: 15, 2: 18, 3: 18, 4: 19, 5: 19, 6: 20, 7: 20, 8: 21, 9: 21}
    january, next_year = find_period("month", "2019-01"), find_period("month", "2020-01")
    for digit, day in days.items():
        tax_id = f"2010004721{digit}"
        assert due_date(rules["PE-IGV-M"], january, tax_id, holidays_of("PE")) == date(2019, 2, day)
        assert due_date(rules["PE-IGV-M"], next_year, tax_id, holidays_of("PE")) is None
    assert due_date(rules["PE-IGV-BC"], january, "20100047218", holidays_of("PE")) == date(2019, 2, 22)
