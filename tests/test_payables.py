"""Bills, cash and budget: what is owed, paid and left, at any date."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.rules import payables
from aliado.rules.assess import assess
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2026, 10, 31)
BILLS = ("Factura", "Proveedor", "Fecha", "Vencimiento", "Total")
PROFILE = sheet("Ficha", ("Nombre", "RUC", "Moneda"), ("ACME", "1790012355001", "USD"))


@pytest.fixture(scope="module")
def base():
    return load_pack("base", functions=FUNCTIONS)


@pytest.fixture(scope="module")
def spain():
    return load_pack("es", functions=FUNCTIONS)


def assessed(pack, *sheets, as_of=AS_OF, profile=PROFILE):
    return assess(gather([*sheets, profile], pack.tables), pack, as_of)


def bills(*rows, headings=BILLS):
    return sheet("Facturas recibidas", headings, *rows)


def payments(*rows, headings=("Factura", "Proveedor", "Fecha de pago", "Importe")):
    return sheet("Pagos", headings, *rows)


def kpi(assessment, name):
    return next(item for item in assessment.kpis if item.id == name)


def test_bills_age_in_the_same_bands_as_invoices_and_tie(base):
    said = assessed(
        base,
        bills(
            ("P-1", "Beta", date(2026, 8, 1), date(2026, 9, 15), 100.0),
            ("P-2", "Beta", date(2026, 10, 1), date(2026, 11, 15), 50.0),
            ("P-3", "Gama", date(2026, 10, 1), None, 7.0),
        ),
        payments(("P-1", "Beta", date(2026, 10, 1), 40.0), ("P-1", "Beta", date(2026, 11, 1), 60.0)),
    )
    (ageing,) = said.payables
    assert [int(amount) for amount in ageing.bands] == [50, 0, 60, 0, 0, 0, 7]
    assert (ageing.customers[0].customer, ageing.customers[0].outstanding) == ("Beta", Decimal(110))
    assert [(item.number, item.days) for item in said.payables_overdue] == [("P-1", 46)]
    assert all(tie.ok for tie in said.ties)
    assert any(tie.name.es.startswith("Proveedores") for tie in said.ties)


def test_days_payable_are_open_bills_over_purchases_of_ninety_days(base):
    said = assessed(
        base,
        bills(
            ("P-1", "Beta", date(2026, 9, 1), date(2026, 9, 15), 100.0),
            ("P-2", "Beta", date(2026, 10, 1), date(2026, 11, 15), 200.0),
            ("P-0", "Beta", date(2026, 7, 1), date(2026, 7, 15), 999.0),
        ),
        payments(("P-1", "Beta", date(2026, 10, 1), 100.0), ("P-0", "Beta", date(2026, 7, 1), 999.0)),
    )
    assert kpi(said, "AP-DPO").value == Decimal(60)


def test_bills_of_another_currency_never_enter_the_days_payable(base):
    headings = (*BILLS, "Moneda")
    own = bills(("P-1", "Beta", date(2026, 9, 1), None, 100.0, "USD"), headings=headings)
    both = bills(
        ("P-1", "Beta", date(2026, 9, 1), None, 100.0, "USD"),
        ("P-2", "Beta", date(2026, 9, 1), None, 900.0, "EUR"),
        headings=headings,
    )
    assert kpi(assessed(base, both), "AP-DPO").value == kpi(assessed(base, own), "AP-DPO").value == 90
    assert [item.currency for item in assessed(base, both).payables] == ["USD", "EUR"]


def test_paid_on_time_counts_only_what_is_fully_paid_by_then(base):
    book = bills(
        ("P-1", "Beta", date(2026, 9, 1), date(2026, 9, 15), 100.0),
        ("P-2", "Beta", date(2026, 9, 1), date(2026, 9, 15), 300.0),
        ("P-3", "Beta", date(2026, 9, 1), date(2026, 9, 15), 500.0),
    )
    paid = payments(
        ("P-1", "Beta", date(2026, 9, 15), 100.0),
        ("P-2", "Beta", date(2026, 9, 16), 300.0),
        ("P-3", "Beta", date(2026, 9, 10), 499.0),
    )
    said = assessed(base, book, paid)
    assert kpi(said, "AP-ONTIME").value == Decimal("0.5")
    assert kpi(said, "AP-ONTIME-AMOUNT").value == Decimal("0.25")
    assert kpi(assessed(base, book, paid, as_of=date(2026, 9, 15)), "AP-ONTIME").value == 1
    assert kpi(assessed(base, book, paid, as_of=date(2026, 9, 14)), "AP-ONTIME").value is None


def test_the_published_payment_period_is_hit():
    assert round(payables.combine_ratios(22 * 10_517, 10_517, 28 * 349, 349), 1) == Decimal("22.2")


def test_the_average_payment_period_weighs_paid_and_pending_by_amount(spain):
    rows = (
        ("P-1", "Beta", date(2026, 6, 1), None, 10_517.0),
        ("P-2", "Beta", AS_OF - timedelta(days=28), None, 349.0),
    )
    paid = payments(("P-1", "Beta", date(2026, 6, 23), 10_517.0))
    said = assessed(spain, bills(*rows), paid)
    assert round(kpi(said, "AP-PMP").value, 1) == Decimal("22.2")
    assert kpi(said, "AP-PMP-LEY").value == 1


def test_the_payment_period_counts_from_delivery_where_it_is_known(spain):
    headings = (*BILLS, "Fecha de entrega", "Fecha de recepción")
    rows = (
        ("P-1", "Beta", date(2026, 6, 1), None, 100.0, date(2026, 5, 22), date(2026, 6, 5)),
        ("P-2", "Beta", date(2026, 6, 1), None, 100.0, None, date(2026, 6, 5)),
    )
    paid = payments(("P-1", "Beta", date(2026, 6, 25), 100.0), ("P-2", "Beta", date(2026, 6, 25), 100.0))
    assert kpi(assessed(spain, bills(*rows, headings=headings), paid), "AP-PMP").value == (34 + 20) / 2


def test_the_share_paid_within_the_legal_term_is_told_by_number_and_by_amount(spain):
    rows = [(f"P-{days}", "Beta", date(2026, 2, 1), None, float(days)) for days in (30, 60, 61)]
    paid = [(f"P-{days}", "Beta", date(2026, 2, 1) + timedelta(days=days), float(days)) for days in (30, 60, 61)]
    said = assessed(spain, bills(*rows), payments(*paid))
    assert kpi(said, "AP-PMP-LEY").value == Decimal("0.666667")
    assert kpi(said, "AP-PMP-LEY-IMPORTE").value == Decimal("0.596026")


def test_payments_of_an_earlier_year_are_not_in_this_years_payment_period(spain):
    rows = (("P-1", "Beta", date(2025, 1, 1), None, 100.0), ("P-2", "Beta", date(2026, 1, 1), None, 100.0))
    paid = payments(("P-1", "Beta", date(2025, 12, 31), 100.0), ("P-2", "Beta", date(2026, 1, 11), 100.0))
    assert kpi(assessed(spain, bills(*rows), paid), "AP-PMP").value == 10


def bank(*rows, headings=("Fecha", "Concepto", "Importe", "Saldo")):
    return sheet("Banco", headings, *rows)


def test_the_runway_is_cash_over_the_mean_burn_of_three_months(base):
    rows = (
        (date(2026, 8, 3), "x", -300.0, 9700.0),
        (date(2026, 9, 3), "x", -500.0, 9200.0),
        (date(2026, 10, 3), "x", 200.0, 9400.0),
        (date(2026, 11, 3), "x", -9000.0, 400.0),
    )
    assert kpi(assessed(base, bank(*rows)), "CASH-RUNWAY").value == 47
    assert kpi(assessed(base, bank(*rows[::-1])), "CASH-RUNWAY").value == 47


@pytest.mark.parametrize("amount", [0.01, 900.0])
def test_there_is_no_runway_when_no_cash_is_burnt(base, amount):
    rows = ((date(2026, 8, 3), "x", -0.01, 100.0), (date(2026, 9, 3), "x", amount, 1000.0))
    found = kpi(assessed(base, bank(*rows)), "CASH-RUNWAY")
    assert found.value is None
    assert found.status == "none"


def test_movements_that_do_not_reach_back_three_months_give_no_runway(base):
    assert kpi(assessed(base, bank((date(2026, 10, 3), "x", -5.0, 100.0))), "CASH-RUNWAY").value is None


def test_cash_is_the_last_balance_of_each_account(base):
    headings = ("Fecha", "Concepto", "Importe", "Saldo", "Cuenta")
    rows = (
        (date(2026, 8, 1), "x", -30.0, 70.0, "A"),
        (date(2026, 8, 1), "x", -30.0, 40.0, "A"),
        (date(2026, 9, 1), "x", 0.0, 20.0, "B"),
        (date(2026, 10, 1), "x", -30.0, 10.0, "A"),
    )
    assert kpi(assessed(base, bank(*rows, headings=headings)), "CASH-RUNWAY").value == 1


def test_the_cash_cycle_adds_stock_only_where_there_is_any(base):
    books = (
        bills(("P-1", "Beta", date(2026, 9, 1), None, 90.0)),
        sheet("Facturas", ("Factura", "Cliente", "Fecha", "Total"), ("F-1", "Alfa", date(2026, 9, 1), 100.0)),
    )
    stock = sheet(
        "Existencias", ("Fecha de recuento", "Valor de existencias"), (date(2026, 9, 30), 30.0), (AS_OF, 45.0)
    )
    assert kpi(assessed(base, *books), "CASH-CCC").value == 0
    assert kpi(assessed(base, *books, stock), "CASH-CCC").value == 45


def budget(*rows):
    return sheet("Presupuesto", ("Cuenta", "Periodo", "Tipo", "Presupuesto", "Real"), *rows)


def test_more_income_and_less_expense_than_budgeted_are_favourable(base):
    said = assessed(
        base,
        budget(
            ("Ventas", "2026-09", "Ingreso", 1000.0, 1100.0),
            ("Ventas", "2026-10", "Ingreso", 1000.0, 950.0),
            ("Compras", "2026-10", "Gasto", 500.0, 600.0),
            ("Multas", "2026-10", "Gasto", 0.0, 30.0),
            ("Ventas", "2026-11", "Ingreso", 1000.0, 0.0),
            ("Ventas", "2025-10", "Ingreso", 1000.0, 0.0),
        ),
    )
    lines = {line.account: (line.favourable, line.share) for line in said.budget}
    assert lines == {
        "Ventas": (Decimal(50), Decimal("0.025")),
        "Compras": (Decimal(-100), Decimal("-0.2")),
        "Multas": (Decimal(-30), None),
    }
    assert kpi(said, "BUD-VAR").value == -80
    assert kpi(said, "BUD-VAR-PCT").value == Decimal("-0.032")


def test_a_budget_of_zero_has_no_relative_variance(base):
    said = assessed(base, budget(("Multas", "2026-10", "Gasto", 0.0, 30.0)))
    assert kpi(said, "BUD-VAR").value == -30
    assert kpi(said, "BUD-VAR-PCT").value is None


def test_the_provision_is_each_band_times_its_rate(base):
    rows = [
        (f"F-{late}", "Alfa", date(2026, 1, 1), AS_OF - timedelta(days=late), 100.1) for late in (0, 1, 31, 61, 91, 121)
    ]
    book = sheet("Facturas", ("Factura", "Cliente", "Fecha", "Vencimiento", "Total"), *rows)
    expected = sum(Decimal(text) for text in ("1.00", "5.01", "10.01", "25.03", "50.05"))
    assert kpi(assessed(base, book), "AR-BADDEBT").value == expected


days = st.integers(0, 300).map(lambda number: date(2026, 1, 1) + timedelta(days=number))
rows = st.lists(st.tuples(days, st.integers(1, 90_000), st.lists(st.tuples(days, st.integers(1, 50_000)))), max_size=6)


def ledger(entries, cutoff=None):
    listed = [(number, *entry) for number, entry in enumerate(entries) if cutoff is None or entry[0] <= cutoff]
    issued = [(f"P-{n}", "Beta", day, day + timedelta(days=30), cents / 100) for n, day, cents, _ in listed]
    paid = [
        (f"P-{n}", "Beta", day, cents / 100)
        for n, _, _, parts in listed
        for day, cents in parts
        if cutoff is None or day <= cutoff
    ]
    moves = [(day, "Pago", -amount, None) for _, _, day, amount in paid]
    return bills(*issued), payments(*paid), bank(*moves)


@settings(max_examples=20, deadline=None)
@given(rows, days)
def test_a_past_figure_never_sees_what_came_later(spain, entries, cutoff):
    then = assessed(spain, *ledger(entries, cutoff), as_of=cutoff)
    now = assessed(spain, *ledger(entries), as_of=cutoff)
    names = [item.id for item in then.kpis if item.id.startswith(("AP-", "CASH-"))]
    assert names
    assert {name: kpi(then, name).value for name in names} == {name: kpi(now, name).value for name in names}
    assert then.payables == now.payables
