"""Rows become typed columns; nothing is dropped silently."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aliado.errors import WorkbookRefused
from aliado.formula.values import State
from aliado.tables.amounts import read_cents
from aliado.tables.columns import read_column
from aliado.tables.schema import FieldType
from builders import INVOICES, Formats, gathered, read, sheet

DAY = date(2026, 1, 15)
HEADINGS = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total")


def test_a_required_cell_that_cannot_be_read_leaves_its_row_out_and_says_so():
    found = read(
        sheet("Facturas", HEADINGS, ("F-1", "Alfa", DAY, DAY, "doce"), ("F-2", "Beta", DAY, DAY, 5.0)), INVOICES
    )
    assert found.table.columns["number"].data.tolist() == ["F-2"]
    (rejection,) = found.rejections
    assert (rejection.sheet, rejection.cell, rejection.found, rejection.row_used) == ("Facturas", "E2", "doce", False)
    assert (found.table.rows_read, found.table.rows_rejected, len(found.table)) == (2, 1, 1)


def test_another_cell_that_cannot_be_read_is_unknown_and_its_row_still_counts():
    found = read(sheet("Facturas", HEADINGS, ("F-1", "Alfa", DAY, "pronto", 5.0)), INVOICES)
    assert found.table.columns["due_date"].value(0) is State.UNKNOWN
    (rejection,) = found.rejections
    assert (rejection.cell, rejection.row_used) == ("D2", True)
    assert (found.table.rows_read, found.table.rows_rejected) == (1, 0)


def test_blank_rows_are_no_rows_and_row_numbers_stay_those_of_the_sheet():
    found = read(
        sheet(
            "Facturas",
            HEADINGS,
            ("F-1", "Alfa", DAY, DAY, 5.0),
            (None,) * 5,
            ("", " ", None, None, None),
            ("F-2", "Beta", DAY, DAY, 6.0),
        ),
        INVOICES,
    )
    assert found.table.rows.tolist() == [2, 5]
    assert found.table.rows_read == 2


def test_a_totals_row_of_a_plain_range_is_set_aside_visibly():
    found = read(
        sheet("Facturas", HEADINGS, ("F-1", "Alfa", DAY, DAY, 5.0), ("TOTAL", None, None, None, 5.0)), INVOICES
    )
    assert len(found.table) == 1
    (rejection,) = found.rejections
    assert rejection.row == 3
    assert not rejection.row_used
    assert "totales" in rejection.expected.es


def test_a_customer_called_total_with_a_date_is_a_row_like_any_other():
    found = read(sheet("Facturas", HEADINGS, ("F-1", "Total", DAY, DAY, 5.0)), INVOICES)
    assert len(found.table) == 1
    assert not found.rejections


def test_an_excel_error_is_rejected_not_read_as_text():
    found = read(sheet("Facturas", HEADINGS, ("F-1", "#N/A", DAY, DAY, 5.0)), INVOICES)
    assert found.rejections[0].found == "#N/A"


def test_money_is_exact_whatever_way_it_is_typed():
    found = read(
        sheet(
            "Facturas", HEADINGS, ("1", "A", DAY, DAY, 0.1), ("2", "A", DAY, DAY, "0,20"), ("3", "A", DAY, DAY, 1.005)
        ),
        INVOICES,
    )
    assert [found.table.columns["total"].value(index) for index in range(3)] == [
        Decimal("0.10"),
        Decimal("0.20"),
        Decimal("1.01"),
    ]


def test_text_dates_follow_the_declared_order():
    typed = sheet("Facturas", HEADINGS, ("F-1", "Alfa", "03/05/2026", "4/5/2026", 5.0))
    assert read(typed, INVOICES, Formats(date="dmy")).table.columns["issue_date"].value(0) == date(2026, 5, 3)
    assert read(typed, INVOICES, Formats(date="mdy")).table.columns["issue_date"].value(0) == date(2026, 3, 5)
    assert len(read(typed, INVOICES).table) == 0


def test_a_formula_without_its_value_is_refused_with_its_place_and_the_cure():
    with pytest.raises(WorkbookRefused) as refused:
        read(sheet("Facturas", HEADINGS, ("F-1", "Alfa", DAY, DAY, None), uncached=frozenset({(2, 5)})), INVOICES)
    assert "Facturas!E2" in refused.value.text.es
    assert "--recalculate" in refused.value.text.en


def test_a_formula_without_its_value_elsewhere_does_not_matter():
    found = read(
        sheet(
            "Facturas",
            (*HEADINGS, "Comentario"),
            ("F-1", "Alfa", DAY, DAY, 5.0, None),
            uncached=frozenset({(2, 6), (900, 40)}),
        ),
        INVOICES,
    )
    assert len(found.table) == 1


def test_empty_tables_and_protected_sheets_are_ordinary_and_noted():
    found = gathered(sheet("Facturas", HEADINGS, protected=True))
    assert len(found.tables["invoices"]) == 0
    assert any("vacía" in note.es for note in found.notes)
    assert any("protegida" in note.es for note in found.notes)


def test_a_million_blank_rows_cost_nothing_and_change_nothing():
    found = read(sheet("Facturas", HEADINGS, ("F-1", "Alfa", DAY, DAY, 5.0), *[()] * 100_000), INVOICES)
    assert len(found.table) == found.table.rows_read == 1


def test_a_field_may_be_computed_from_the_clients_own_columns():
    spec = replace(INVOICES, map={"balance": "=[@Total] - [@Cobrado]"})
    rows = (("F-1", "Alfa", DAY, DAY, 100.10, 40.0), ("F-2", "Beta", DAY, DAY, 5.0, None))
    found = read(sheet("Facturas", (*HEADINGS, "Cobrado"), *rows), spec)
    assert [found.table.columns["balance"].value(index) for index in range(2)] == [Decimal("60.10"), Decimal("5.00")]


def test_a_computed_field_that_names_no_column_is_refused_with_its_formula():
    spec = replace(INVOICES, map={"balance": "=[@Total] - [@Cobrada]"})
    with pytest.raises(WorkbookRefused) as refused:
        read(sheet("Facturas", (*HEADINGS, "Cobrado"), ("F-1", "Alfa", DAY, DAY, 1.0, 0.0)), spec)
    assert "balance" in refused.value.text.es


@given(st.lists(st.one_of(st.none(), st.integers(-(10**12), 10**12).map(lambda cents: cents / 1000)), max_size=20))
def test_columns_of_plain_numbers_read_as_their_cells_do(values):
    column, failed = read_column(values, FieldType.MONEY, Formats(), {})
    assert not failed
    for index, value in enumerate(values):
        one = read_cents(value, Formats())
        assert column.value(index) is State.BLANK if one is None else column.data[index] == one


def test_rows_without_two_of_the_required_fields_are_set_aside_visibly():
    rows = (
        ("F-1", "Alfa", DAY, DAY, 100.0),
        ("Total a", None, None, None, 200.0),
        (None, None, None, None, 50.0),
        ("Suma y sigue", None, None, None, 250.0),
    )
    found = read(sheet("Facturas", HEADINGS, *rows), INVOICES)
    assert found.table.columns["number"].data.tolist() == ["F-1"]
    assert [(item.row, item.row_used) for item in found.rejections] == [(3, False), (4, False), (5, False)]
    assert found.table.rows_read == 4


def test_a_row_that_lacks_one_required_field_still_counts():
    found = read(sheet("Facturas", HEADINGS, ("F-1", "Alfa", None, DAY, 100.0)), INVOICES)
    assert len(found.table) == 1


def test_an_amount_typed_with_its_currency_says_the_currency_of_its_row():
    found = read(
        sheet(
            "Facturas",
            HEADINGS,
            ("F-1", "Alfa", DAY, DAY, "1.000,00 USD"),
            ("F-2", "Alfa", DAY, DAY, 5.0),
            ("F-3", "Alfa", DAY, DAY, "€ 7,50"),
        ),
        INVOICES,
    )
    assert found.table.columns["currency"].data.tolist() == ["USD", "", "EUR"]
    assert found.table.columns["total"].data.tolist() == [100000, 500, 750]


def test_an_amount_in_another_currency_than_its_row_is_rejected():
    found = read(sheet("Facturas", (*HEADINGS, "Moneda"), ("F-1", "Alfa", DAY, DAY, "1.000,00 USD", "EUR")), INVOICES)
    (rejection,) = found.rejections
    assert (rejection.cell, rejection.row_used) == ("E2", False)
    assert "USD" in rejection.expected.es


@pytest.mark.parametrize("typed", ["ABC 50", "50 XYZ", "USD EUR 5"])
def test_letters_that_are_no_currency_make_no_amount(typed):
    assert len(read(sheet("Facturas", HEADINGS, ("F-1", "Alfa", DAY, DAY, typed)), INVOICES).rejections) == 1


def test_a_labelled_profile_points_at_the_cell_that_holds_the_value_and_refuses_uncalculated_ones():
    rows = [("Nombre", None, "ACME"), ("Total de control", None, None, "mucho")]
    book = (sheet("Facturas", HEADINGS, ("F-1", "Alfa", DAY, DAY, 5.0)), sheet("Ficha", *rows))
    (rejection,) = gathered(*book).rejections
    assert rejection.cell == "D2"
    with pytest.raises(WorkbookRefused):
        gathered(book[0], sheet("Ficha", *rows, uncached=frozenset({(2, 2)})))
