"""Past figures, open items one by one and workloads: the same engine, read for another use."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

import formula_cases as cases
import report_samples as samples
from aliado.rules import open_list
from aliado.rules.assess import assess
from aliado.rules.functions import FUNCTIONS
from aliado.rules.kpis import _where_holds
from aliado.rules.packs import load_pack
from aliado.rules.workload import Workload, count_tasks
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2026, 10, 31)
AUGUST, SEPTEMBER = date(2026, 8, 31), date(2026, 9, 30)
PROFILE = sheet("Ficha", ("Nombre", "RUC", "Moneda"), ("ACME", "1790012355001", "USD"))
INVOICES = sheet(
    "Facturas",
    ("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Moneda"),
    ("F-1", "Alfa", date(2026, 7, 1), date(2026, 8, 1), 100.0, "USD"),
    ("F-2", "Beta", date(2026, 9, 1), date(2026, 10, 1), 300.1, "USD"),
    ("F-3", "alfa", date(2026, 9, 20), None, 50.0, "USD"),
    ("F-4", "Gama", date(2026, 9, 20), date(2026, 12, 1), 70.0, "EUR"),
    ("F-5", "Alfa", date(2026, 10, 2), date(2026, 11, 1), 25.0, "USD"),
)
RECEIPTS = sheet(
    "Cobros", ("Factura", "Fecha", "Importe"), ("F-1", date(2026, 9, 15), 40.0), ("F-2", date(2026, 10, 30), 0.1)
)


@pytest.fixture(scope="module")
def base():
    return load_pack("base", functions=FUNCTIONS)


@pytest.fixture(scope="module")
def gathered(base):
    return gather([INVOICES, RECEIPTS, PROFILE], base.tables)


def test_the_past_is_what_an_assessment_of_that_day_says(base, gathered):
    assessment = assess(gathered, base, AS_OF, past=[SEPTEMBER, AUGUST])
    assert [past.as_of for past in assessment.past] == [AUGUST, SEPTEMBER]
    for past in assessment.past:
        then = assess(gathered, base, past.as_of)
        assert past.kpis == {kpi.id: kpi.value for kpi in then.kpis}
        assert [(each.currency, each.bands, each.outstanding) for each in past.ageing] == [
            (each.currency, each.bands, each.outstanding) for each in then.ageing
        ]
        assert all(each.customers == () for each in past.ageing)


def test_days_before_there_was_anything_are_left_out(base, gathered):
    assert assess(gathered, base, AS_OF, past=[date(2020, 1, 31)]).past == ()
    assert assess(gathered, base, AS_OF).past == ()


def test_open_items_sum_to_each_customers_bands(base, gathered):
    assessment = assess(gathered, base, AS_OF)
    sums = defaultdict(lambda: [Decimal(0)] * 7)
    for item in assessment.open_list.items:
        sums[item.currency, item.customer][item.band] += item.balance
    assert dict(sums) == {
        (ageing.currency, line.customer): list(line.bands) for ageing in assessment.ageing for line in ageing.customers
    }
    assert [item.number for item in assessment.open_list.items] == ["F-2", "F-3", "F-1", "F-5", "F-4"]
    first = assessment.open_list.items[0]
    assert (first.balance, first.days, first.sheet, first.row) == (Decimal("300.00"), 30, "Facturas", 3)
    assert assessment.open_list.left == 0


def test_a_long_list_ends_with_a_whole_customer(base, gathered, monkeypatch):
    monkeypatch.setattr(open_list, "LISTED", 3)
    found = assess(gathered, base, AS_OF).open_list
    assert [item.number for item in found.items] == ["F-2", "F-4"]
    assert found.left == 3


def test_workload_counts_open_tasks_as_of_the_date():
    tasks = samples.make_tasks()
    assert count_tasks(tasks, AS_OF) == (
        Workload("Ana", 3, 1, 2, date(2026, 11, 1)),
        Workload("Luis", 1, 0, 1, AS_OF),
        Workload("", 1, 0, 0, None),
    )
    assert count_tasks(tasks, date(2026, 11, 30))[0] == Workload("Ana", 2, 2, 0, None)


def test_conditions_that_differ_only_in_their_decimal_sign_choose_rows_of_their_own():
    comma, semicolon = (
        cases.compiled(f'=AND([@total]&""<>"x"{sign} ISNUMBER(FIND("."{sign} [@total]&"")))') for sign in (",", ";")
    )
    rows = [formula.evaluate(cases.DATA).data.tolist() for formula in (comma, semicolon)]
    assert comma.node == semicolon.node
    assert rows[0] != rows[1]
    standing = SimpleNamespace(
        memo={},
        tables={"invoices": range(len(rows[0]))},
        data=lambda _: cases.DATA,
        restrict=lambda _, kept, **__: kept.tolist(),
    )
    assert [_where_holds(formula, "invoices", standing, items=True) for formula in (comma, semicolon)] == rows
