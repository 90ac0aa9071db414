"""Open items: what is still to be paid, at any date."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliado.formula.values import to_serial
from aliado.rules import receivables as figures
from aliado.rules.assessment import BANDS
from aliado.tables.open_items import NEVER, read_open_items
from builders import invoices, receipts

JANUARY = date(2026, 1, 1)


def day(text: str) -> int:
    return to_serial(date.fromisoformat(text))


def on(text: str) -> date:
    return date.fromisoformat(text)


def items_of(*rows, receipts_table=None, headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total"), own="USD"):
    return read_open_items(invoices(*rows, headings=headings), receipts_table, own)


def test_an_invoice_is_open_from_its_issue_until_its_receipts_fill_it():
    items = items_of(
        ("F-1", "Alfa", on("2026-01-10"), on("2026-02-10"), 100.0),
        receipts_table=receipts(("F-1", on("2026-02-01"), 40.0), ("f-1 ", on("2026-03-01"), 60.0)),
    )
    opened = [
        int(items.open(day(text))[0])
        for text in ("2026-01-09", "2026-01-10", "2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    ]
    assert opened == [0, 10000, 10000, 6000, 6000, 0]
    assert items.settled_day(day("2026-12-31"))[0] == day("2026-03-01")
    assert items.settled_day(day("2026-02-28"))[0] == NEVER


def test_without_receipts_the_paid_date_decides_also_for_past_dates():
    items = items_of(
        ("F-1", "Alfa", on("2026-01-10"), on("2026-02-10"), 100.0, on("2026-03-05"), "Cobrada"),
        headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Fecha de cobro", "Estado"),
    )
    assert items.open(day("2026-03-04")).tolist() == [10000]
    assert items.open(day("2026-03-05")).tolist() == [0]


def test_without_receipts_and_paid_date_the_balance_column_decides():
    items = items_of(
        ("F-1", "Alfa", on("2026-01-10"), on("2026-02-10"), 100.0, 30.0),
        ("F-2", "Alfa", on("2026-01-10"), on("2026-02-10"), 50.0, None),
        headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Saldo"),
    )
    assert items.open(day("2026-06-30")).tolist() == [3000, 5000]


def test_a_status_that_says_settled_counts_as_a_balance_of_zero():
    items = items_of(
        ("F-1", "Alfa", on("2026-01-10"), on("2026-02-10"), 100.0, "Cobrada"),
        headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Estado"),
    )
    assert items.open(day("2026-06-30")).tolist() == [0]


def test_cancelled_invoices_are_no_items_at_any_date():
    items = items_of(
        ("F-1", "Alfa", on("2026-01-10"), on("2026-02-10"), 100.0, "ANULADA"),
        headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Estado"),
    )
    assert items.open(day("2026-06-30")).tolist() == [0]
    assert figures.sales(items, 0, day("2026-12-31"), "USD") == 0


def test_a_credit_note_typed_positive_is_negative():
    items = items_of(
        ("NC-1", "Alfa", on("2026-01-10"), None, 25.0, "Nota de crédito"),
        headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Tipo"),
    )
    assert items.open(day("2026-06-30")).tolist() == [-2500]


def test_receipts_that_settle_nothing_are_told_with_their_reason():
    items = items_of(
        ("F-1", "Alfa", on("2026-01-10"), None, 25.0, "Anulada"),
        ("F-2", "Alfa", on("2026-01-10"), None, 25.0, ""),
        headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Estado"),
        receipts_table=receipts(
            ("F-9", JANUARY, 1.0, ""),
            ("F-1", JANUARY, 2.0, ""),
            ("F-2", JANUARY, 3.0, "EUR"),
            ("F-2", None, 4.0, ""),
            headings=("Factura", "Fecha", "Importe", "Moneda"),
        ),
    )
    assert [(item.reason, item.cents) for item in items.unapplied] == [
        ("unknown", 100),
        ("cancelled", 200),
        ("currency", 300),
        ("undated", 400),
    ]


def test_receipts_of_a_repeated_number_fill_its_rows_in_turn():
    items = items_of(
        ("F-1", "Alfa", on("2026-01-10"), None, 100.0),
        ("F-1", "Alfa", on("2026-01-11"), None, 50.0),
        receipts_table=receipts(("F-1", on("2026-02-01"), 120.0)),
    )
    assert items.open(day("2026-06-30")).tolist() == [0, 3000]


def test_due_today_is_not_overdue_and_no_due_date_never_is():
    items = items_of(
        ("F-1", "Alfa", on("2026-01-10"), on("2026-02-10"), 1.0), ("F-2", "Alfa", on("2026-01-10"), None, 1.0)
    )
    assert items.overdue(day("2026-02-10")).tolist() == [False, False]
    assert items.overdue(day("2026-02-11")).tolist() == [True, False]


@pytest.mark.parametrize(
    ("late", "band"),
    [
        (-5, "not_due"),
        (0, "not_due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91-120"),
        (120, "91-120"),
        (121, "121+"),
        (9999, "121+"),
    ],
)
def test_each_day_late_falls_in_its_band(late, band):
    items = items_of(("F-1", "Alfa", on("2020-01-10"), JANUARY, 1.0))
    assert BANDS[figures.bands(items, to_serial(JANUARY) + late)[0]] == band


def test_countback_of_the_textbook_example():
    months = [(30, 100_000_00), (30, 80_000_00), (30, 70_000_00)]
    assert round(figures.count_back(212_000_00, months), 2) == Decimal("73.71")


def test_countback_walks_calendar_months_from_the_date_back():
    items = items_of(
        ("A", "Alfa", on("2026-09-05"), None, 100_000.0, 100_000.0),
        ("B", "Alfa", on("2026-08-05"), None, 80_000.0, 80_000.0),
        ("C", "Alfa", on("2026-07-05"), None, 70_000.0, 32_000.0),
        headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Saldo"),
    )
    assert figures.countback_dso(items, day("2026-09-15"), "USD") == figures.round_half_up(
        15 + 31 + Decimal(31) * 32 / 70, 6
    )


def test_countback_stops_at_a_month_without_sales():
    assert figures.count_back(300, [(30, 100), (31, 0), (30, 500)]) == 30
    assert figures.count_back(300, [(30, 0), (31, 500)]) is None
    assert figures.count_back(0, [(30, 0)]) == 0


def test_figures_that_do_not_exist_are_none_never_zero():
    items = items_of(("F-1", "Alfa", on("2025-01-10"), None, 1.0))
    assert figures.days_sales_outstanding(items, day("2026-06-30"), 90, "USD") is None
    assert figures.top_share(items_of(), day("2026-06-30"), 5, "USD") is None
    assert figures.mean_days_late(items, day("2026-06-30")) is None


cents = st.integers(-50_000, 100_000)
dates = st.dates(date(2025, 1, 1), date(2026, 12, 31))
invoice_rows = st.lists(st.tuples(st.sampled_from("ABCD"), dates, st.one_of(st.none(), dates), cents), max_size=25)
receipt_rows = st.lists(st.tuples(st.integers(0, 30), dates, st.integers(-5_000, 60_000)), max_size=30)


def build(rows, paid):
    table = invoices(
        *[(f"F-{index}", name, issued, due, amount / 100) for index, (name, issued, due, amount) in enumerate(rows)]
    )
    given_receipts = receipts(*[(f"F-{number}", when, amount / 100) for number, when, amount in paid])
    return read_open_items(table, given_receipts, "USD")


@given(invoice_rows, receipt_rows, dates)
def test_ageing_always_sums_to_what_is_open_to_the_cent(rows, paid, when):
    items = build(rows, paid)
    ageing = figures.ageing(items, to_serial(when), "USD")
    assert sum(ageing.bands) == ageing.outstanding == sum(row.outstanding for row in ageing.customers)
    assert all(sum(row.bands) == row.outstanding for row in ageing.customers)
    by_hand = sum(
        amount - sum(cents_in for number, day_in, cents_in in paid if number == index and day_in <= when)
        for index, (_, issued, _, amount) in enumerate(rows)
        if issued <= when
    )
    assert ageing.outstanding == Decimal(by_hand).scaleb(-2)


@given(invoice_rows, receipt_rows, dates, receipt_rows)
def test_a_past_date_never_sees_a_later_payment(rows, paid, when, later):
    before = build(rows, paid)
    after = build(
        rows, [*paid, *[(number, max(day_in, when + timedelta(days=1)), amount) for number, day_in, amount in later]]
    )
    assert np.array_equal(before.open(to_serial(when)), after.open(to_serial(when)))


@pytest.mark.parametrize("kept", [[True, True, False, False], [False, True, True, False], [True, False, False, True]])
def test_chosen_rows_are_the_same_whether_they_lie_together_or_not(kept):
    table = invoices(
        ("F-1", "Alfa", JANUARY, None, 10.0),
        ("F-2", "Beta", None, JANUARY, 20.5),
        ("F-3", "Alfa", JANUARY, JANUARY, None),
        ("F-4", "Gamma", JANUARY, None, -4.0),
        headings=("Factura", "Cliente", "Fecha", "Vencimiento", "Total"),
    )
    taken, rows = table.take(np.array(kept)), np.flatnonzero(kept)
    assert taken.rows.tolist() == table.rows[rows].tolist()
    for name, column in table.columns.items():
        assert [taken.columns[name].value(place) for place in range(len(rows))] == [column.value(row) for row in rows]
    items = read_open_items(table, None, "EUR")
    assert items.take(np.array(kept)).total.tolist() == items.total[rows].tolist()
