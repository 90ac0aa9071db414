# ruff: noqa: DTZ001 -- cells know no time zones
"""Deadlines, late interest and dunning letters as functions: the same in a rule and in a cell."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from aliado.cells.registry import find_function
from aliado.formula.compile import Place, compile_formula
from aliado.formula.values import State
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack
from aliado.rules.standing import stand
from aliado.tables.gather import gather
from builders import sheet

PACKS = {name: load_pack(name, functions=FUNCTIONS) for name in ("base", "cl", "ec", "es")}
INVOICES = sheet(
    "Facturas",
    ("Factura", "Cliente", "Fecha", "Vencimiento", "Total"),
    ("F-1", "Alfa", date(2024, 1, 1), date(2024, 3, 31), 1000.0),
    ("F-2", "Alfa", date(2024, 1, 1), None, 1000.0),
    ("F-3", "Alfa", date(2024, 1, 1), date(2024, 6, 30), 500.0),
)
PROFILE = sheet("Ficha", ("Nombre", "RUC", "País"), ("ACME", "1790012355001", "EC"))


def value(pack, formula, *sheets, as_of=date(2024, 4, 30), table=None):
    pack = PACKS[pack]
    standing = stand(gather(sheets, pack.tables).tables, pack, as_of)
    compiled = compile_formula(formula, pack.formula_scope(table), place=Place("x", 1, 1))
    column = compiled.evaluate(standing.data(table))
    found = [column.value(row) for row in range(len(column))]
    return found if table else found[0]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=ALIADO_DUE_DATE("EC-IVA-M"; "2026-10"; "1790012355001")', date(2026, 11, 18)),
        ('=ALIADO_FECHA_LIMITE("ec-iva-m"; "octubre 2026"; "1790012355001")', date(2026, 11, 18)),
        ('=ALIADO_DUE_DATE("EC-IVA-M"; "2024-10"; "1790012361001")', date(2025, 1, 21)),
        ('=ALIADO_DUE_DATE("EC-IVA-M"; "2026-01"; "102030405001")', date(2026, 2, 27)),
        ('=ALIADO_DUE_DATE("EC-IVA-M"; "2026-10")', date(2026, 11, 18)),  # the profile's own tax id
        ('=ALIADO_DUE_DATE("EC-IVA-M"; "lo que sea")', State.NA),
        ('=ALIADO_DUE_DATE("EC-IVA-M"; "2026-Q3")', State.NA),
        ('=ALIADO_DUE_DATE("NO-HAY"; "2026-10")', State.NA),
    ],
)
def test_a_due_date_is_that_of_the_rule(formula, expected):
    assert value("ec", formula, PROFILE) == expected


@pytest.mark.parametrize(
    ("pack", "formula", "expected"),
    [
        ("es", "=ALIADO_LATE_INTEREST(1000; DATE(2024; 3; 31); DATE(2024; 4; 30))", Decimal("10.27")),
        ("es", "=ALIADO_LATE_INTEREST(1000; DATE(2024; 3; 31))", Decimal("10.27")),
        ("es", "=ALIADO_LATE_INTEREST(1000; DATE(2024; 5; 31))", Decimal(0)),
        ("es", "=ALIADO_LATE_INTEREST(1000; DATE(2010; 1; 1))", State.NA),
        ("ec", "=ALIADO_LATE_INTEREST(1000; DATE(2024; 3; 31))", State.NA),
        ("es", "=ALIADO_LATE_COMPENSATION(1000)", Decimal(40)),
        ("cl", "=ALIADO_LATE_COMPENSATION(1000.5)", Decimal("10.01")),
        ("ec", "=ALIADO_LATE_COMPENSATION(1000)", State.NA),
        ("base", "=ALIADO_DUNNING_LEVEL(45)", Decimal(1)),
        ("base", '=ALIADO_DUNNING_LEVEL(45; "Primera carta")', Decimal(2)),
        ("base", '=ALIADO_DUNNING_LEVEL(45; "2")', Decimal(0)),
        ("base", "=ALIADO_DUNNING_LEVEL(0)", Decimal(0)),
    ],
)
def test_late_payment_costs_what_the_countrys_law_says_and_letters_go_one_by_one(pack, formula, expected):
    assert value(pack, formula, INVOICES) == expected


def test_in_a_rule_each_row_has_its_own_interest_and_a_row_without_due_date_has_none():
    found = value("es", "=ALIADO_LATE_INTEREST([@Saldo]; [@Vencimiento])", INVOICES, table="invoices")
    assert found == [Decimal("10.27"), State.NA, Decimal(0)]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("ALIADO_DUE_DATE", ("EC-IVA-M", "2026-10", "1790012355001", None, "ec"), datetime(2026, 11, 18)),
        ("ALIADO_FECHA_LIMITE", ("EC-IVA-M", datetime(2026, 10, 1), "1790012355001", None, "ec"), datetime(2026, 11, 18)),
        ("ALIADO_DUE_DATE", ("EC-IVA-M", "2026-10", None, None, "ec"), "#N/A"),
        ("ALIADO_DUE_DATE", ("PE-IGV-M", "2026-10", "20100047218", None, "pe"), "#N/A"),
        ("ALIADO_LATE_INTEREST", (1000.0, datetime(2024, 3, 31), datetime(2024, 4, 30), None, "es"), 10.27),
        ("ALIADO_LATE_INTEREST", (1000.0, "ayer", None, None, "es"), "#VALUE!"),
        ("ALIADO_LATE_COMPENSATION", (1000.0, None, None, "es"), 40.0),
        ("ALIADO_DUNNING_LEVEL", ([[5.0], [45.0], [None]], [[None], [1.0], [None]], None, "base"), [[1.0], [2.0], ["#N/A"]]),
    ],
)  # fmt: skip
def test_cells_give_the_same_for_one_cell_or_a_column(name, arguments, expected):
    assert find_function(name)(*arguments) == expected


def test_a_profile_range_gives_the_tax_id_and_the_country():
    profile = [["Nombre", "RUC", "País"], ["ACME", "1790012355001", "EC"]]
    assert find_function("ALIADO_DUE_DATE")("EC-IVA-M", "2026-10", None, profile) == datetime(2026, 11, 18)
