"""What a cell says under the type its field should have."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliado.formula.values import from_serial, to_serial
from aliado.locales import locale_of, write_amount
from aliado.tables.amounts import read_cents, read_decimal, read_percent
from aliado.tables.cells import NotUnderstood, read_bool, read_date, read_text
from aliado.tables.schema import Formats

NOTHING_DECLARED = Formats()
SPANISH = Formats(date="dmy", decimal=",")
AMERICAN = Formats(date="mdy", decimal=".")


@pytest.mark.parametrize(
    ("typed", "formats", "cents"),
    [
        ("1.234,56", NOTHING_DECLARED, 123456),
        ("1,234.56", NOTHING_DECLARED, 123456),
        ("1234,56", NOTHING_DECLARED, 123456),
        ("1.234.567,8", NOTHING_DECLARED, 123456780),
        ("1 234,56 €", NOTHING_DECLARED, 123456),
        ("$ 1,234.56", NOTHING_DECLARED, 123456),
        ("USD 12.00", NOTHING_DECLARED, 1200),
        ("S/ 12.50", NOTHING_DECLARED, 1250),
        ("(1.234,56)", NOTHING_DECLARED, -123456),
        ("-5,00", NOTHING_DECLARED, -500),
        ("5,00-", NOTHING_DECLARED, -500),
        ("1'234.50", NOTHING_DECLARED, 123450),
        ("1.234", SPANISH, 123400),
        ("1.234", AMERICAN, 123),
        ("1,234", AMERICAN, 123400),
        ("0,125", NOTHING_DECLARED, 13),
        (1.005, NOTHING_DECLARED, 101),
        (-2.675, NOTHING_DECLARED, -268),
        (12, NOTHING_DECLARED, 1200),
        (Decimal("99.995"), NOTHING_DECLARED, 10000),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, formats, cents):
    assert read_cents(typed, formats) == cents


@pytest.mark.parametrize("typed", ["1.234", "1,234"])
def test_a_lone_thousands_or_decimal_mark_is_not_guessed(typed):
    answer = read_cents(typed, NOTHING_DECLARED)
    assert isinstance(answer, NotUnderstood)
    assert "formats.decimal" in answer.expected.en


@pytest.mark.parametrize(
    "typed", ["doce", "1.23.4", "12,34,5", "1..2", "--5", "#N/A", "12 de mayo", "1e5", "٣", True, date(2026, 1, 1)]
)
def test_what_is_no_amount_is_rejected(typed):
    assert isinstance(read_cents(typed, SPANISH), NotUnderstood)


@pytest.mark.parametrize("typed", [None, "", "   ", "\xa0"])
def test_blank_is_blank_in_every_type(typed):
    assert read_cents(typed, NOTHING_DECLARED) is None
    assert read_date(typed, NOTHING_DECLARED) is None
    assert read_percent(typed, NOTHING_DECLARED) is None
    assert read_bool(typed) is None
    assert read_text(typed) == ""


@pytest.mark.parametrize(
    ("typed", "formats", "day"),
    [
        (date(2026, 3, 5), NOTHING_DECLARED, date(2026, 3, 5)),
        (datetime(2026, 3, 5, 23, 59), NOTHING_DECLARED, date(2026, 3, 5)),  # noqa: DTZ001 -- Excel's own kind
        ("2026-03-05", NOTHING_DECLARED, date(2026, 3, 5)),
        ("2026-03-05 10:30", NOTHING_DECLARED, date(2026, 3, 5)),
        ("03/05/2026", SPANISH, date(2026, 5, 3)),
        ("03/05/2026", AMERICAN, date(2026, 3, 5)),
        ("3-5-26", SPANISH, date(2026, 5, 3)),
        ("3.5.99", SPANISH, date(1999, 5, 3)),
    ],
)
def test_dates_are_read_in_the_order_that_is_declared(typed, formats, day):
    assert read_date(typed, formats) == to_serial(day)


@pytest.mark.parametrize("typed", ["03/05/2026", "25/12/2026", "12/25/2026"])
def test_a_text_date_is_never_guessed(typed):
    answer = read_date(typed, NOTHING_DECLARED)
    assert isinstance(answer, NotUnderstood)
    assert "formats.date" in answer.expected.es


@pytest.mark.parametrize(
    "typed", ["31/02/2026", "05/25/2026", "ayer", 45000, 45000.5, True, "2026-13-01", "1/2/3456789"]
)
def test_what_is_no_date_is_rejected(typed):
    assert isinstance(read_date(typed, SPANISH), NotUnderstood)


@pytest.mark.parametrize(
    ("typed", "millionths"),
    [("15%", 150000), ("15 %", 150000), ("0,15", 150000), (0.15, 150000), (0, 0), (1, 1000000), ("12,5 %", 125000)],
)
def test_percentages_are_fractions(typed, millionths):
    assert read_percent(typed, NOTHING_DECLARED) == millionths


def test_a_plain_fifteen_is_a_percentage_only_where_declared():
    assert isinstance(read_percent(15, NOTHING_DECLARED), NotUnderstood)
    assert read_percent(15, Formats(percent="points")) == 150000
    assert read_percent(0.15, Formats(percent="points")) == 150000
    assert read_percent("0,5 %", NOTHING_DECLARED) == 5000


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Sí", True),
        ("si", True),
        ("X", True),
        ("No", False),
        (1, True),
        (0.0, False),
        ("VERDADERO", True),
        ("false", False),
    ],
)
def test_yes_and_no_in_both_languages(typed, answer):
    assert read_bool(typed) is answer


def test_a_doubtful_yes_is_rejected():
    assert isinstance(read_bool("quizás"), NotUnderstood)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (1001.0, "1001"),
        (1001, "1001"),
        (" A-1 ", "A-1"),
        ("0042", "0042"),
        (1.5, "1.5"),
        (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_text_keeps_what_was_typed(typed, text):
    assert read_text(typed) == text


@given(st.integers(-(10**12), 10**12))
def test_every_amount_written_in_either_language_reads_back_to_the_cent(cents):
    amount = Decimal(cents).scaleb(-2)
    assert read_cents(write_amount(amount, locale_of("es", "ES")), SPANISH) == cents
    assert read_cents(write_amount(amount, locale_of("en", "ES")), AMERICAN) == cents
    assert read_cents(float(amount), NOTHING_DECLARED) == cents


@given(st.dates(date(1900, 3, 1), date(2199, 12, 31)))
def test_every_date_reads_back_in_both_orders(day):
    assert read_date(day.strftime("%d/%m/%Y"), SPANISH) == to_serial(day)
    assert read_date(day.strftime("%m/%d/%Y"), AMERICAN) == to_serial(day)
    assert from_serial(to_serial(day)) == day


@given(st.text(max_size=30))
def test_no_text_whatever_breaks_the_readers(text):
    for formats in (NOTHING_DECLARED, SPANISH, AMERICAN):
        for answer in (
            read_cents(text, formats),
            read_date(text, formats),
            read_percent(text, formats),
            read_decimal(text, formats),
        ):
            assert answer is None or isinstance(answer, (int, Decimal, NotUnderstood))
    assert isinstance(read_text(text), (str, NotUnderstood))
    assert read_bool(text) in {True, False, None} or isinstance(read_bool(text), NotUnderstood)
