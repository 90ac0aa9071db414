"""Where tables stand, and which canonical table each one is."""

from datetime import date

import pytest
from msgspec.structs import replace

from aliado.errors import WorkbookRefused
from aliado.tables.recognition import recognise
from aliado.tables.regions import column_letters
from builders import INVOICES, SPECS, excel_table, gathered, read, sheet

DAY = date(2026, 1, 15)
HEADINGS = ("Factura", "Cliente", "Fecha", "Total")
ROW = ("F-1", "Alfa", DAY, 100.0)


def test_headings_match_without_accents_case_or_spacing():
    found = read(sheet("x", ("  FACTURA ", "cliente", "FÉCHA", "Total"), ROW), INVOICES)
    assert set(found.table.columns) == {"number", "customer", "issue_date", "total"}


def test_a_plain_header_row_is_found_below_a_title_block_and_off_the_first_column():
    rows = [
        ("ACME S.A.", None, None, None),
        (None, None, None, None),
        ("Listado de facturas", None, None, None),
        HEADINGS,
        ROW,
    ]
    found = read(sheet("Ventas", *rows, first_row=3, first_column=3), INVOICES)
    assert found.table.header_row == 6
    assert found.table.rows.tolist() == [7]
    assert found.table.cells["number"] == "C"


def test_a_header_row_past_the_first_fifty_rows_is_not_looked_for():
    rows = [("nota",) for _ in range(50)]
    assert not recognise([sheet("Ventas", *rows, HEADINGS, ROW)], SPECS).matches


def test_an_excel_table_ends_where_it_says_and_leaves_its_totals_row_out():
    worksheet = sheet(
        "Datos",
        HEADINGS,
        ROW,
        ("Total", None, None, 100.0),
        ("fuera", "x", DAY, 5.0),
        tables=(excel_table("tblFacturas", 1, 1, 3, 4, totals_rows=1),),
    )
    found = read(worksheet, INVOICES)
    assert found.table.excel_table == "tblFacturas"
    assert found.table.rows.tolist() == [2]
    assert not found.rejections


def test_two_columns_for_one_field_are_refused_with_both_named():
    worksheet = sheet(
        "Facturas", ("Factura", "Invoice No.", "Cliente", "Fecha", "Total"), ("F-1", "F-1", "Alfa", DAY, 1.0)
    )
    with pytest.raises(WorkbookRefused) as refused:
        recognise([worksheet], SPECS)
    assert "A1" in refused.value.text.es
    assert "B1" in refused.value.text.es
    assert "map" in refused.value.text.en


def test_a_mapped_heading_wins_over_synonyms():
    spec = replace(INVOICES, map={"number": "Nº interno"})
    worksheet = sheet(
        "Facturas", ("Factura", "Nº interno", "Cliente", "Fecha", "Total"), ("F-1", "77", "Alfa", DAY, 1.0)
    )
    assert read(worksheet, spec).table.columns["number"].value(0) == "77"


def test_a_mapped_heading_that_is_absent_is_refused_with_the_nearest_one():
    spec = replace(INVOICES, map={"due_date": "F. vto"})
    worksheet = sheet("Facturas", (*HEADINGS, "F. vto."), (*ROW, DAY))
    with pytest.raises(WorkbookRefused) as refused:
        recognise([worksheet], {"invoices": spec})
    assert "«F. vto.»" in refused.value.text.es


def test_a_declared_table_that_is_absent_is_refused_with_the_sheets_there_are():
    spec = replace(INVOICES, sheet="Ventas")
    with pytest.raises(WorkbookRefused) as refused:
        recognise([sheet("Facturas", HEADINGS, ROW)], {"invoices": spec})
    assert "Facturas" in refused.value.text.en


def test_two_sheets_that_fit_alike_are_refused():
    with pytest.raises(WorkbookRefused) as refused:
        recognise([sheet("Facturas 2025", HEADINGS, ROW), sheet("Facturas 2026", HEADINGS, ROW)], SPECS)
    assert "from" in refused.value.text.es


def test_a_named_sheet_wins_and_the_other_is_mentioned():
    found = recognise([sheet("Copia", HEADINGS, ROW), sheet("Facturas", HEADINGS, ROW)], SPECS)
    assert found.matches["invoices"].region.sheet.name == "Facturas"
    assert "Copia" in found.notes[0].es


def test_sheets_of_ours_are_never_read():
    assert not recognise([sheet("Facturas", HEADINGS, ROW, role="alerts")], SPECS).matches


def test_a_profile_may_be_labels_with_values_beside_them():
    found = gathered(
        sheet("Facturas", HEADINGS, ROW),
        sheet("Ficha", ("Ficha del cliente", None), ("Nombre:", "ACME"), ("RUC", 1790012355001.0), ("Moneda", "USD")),
    )
    profile = found.tables["profile"]
    assert [profile.columns[name].value(0) for name in ("name", "tax_id", "currency")] == [
        "ACME",
        "1790012355001",
        "USD",
    ]


def test_nothing_recognisable_is_refused_with_what_would_be():
    with pytest.raises(WorkbookRefused) as refused:
        gathered(sheet("Hoja1", ("a", "b"), (1, 2)))
    assert "Factura" in refused.value.text.es
    assert "Hoja1" in refused.value.text.en


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_column_numbers_have_letters(number, letters):
    assert column_letters(number) == letters


def test_sheets_without_telling_names_go_to_the_tables_they_fit_best():
    receipts = sheet("Hoja2", ("Factura", "Fecha", "Importe"), ("F-1", DAY, 5.0))
    found = recognise([sheet("Hoja1", (*HEADINGS, "Vencimiento"), (*ROW, DAY)), receipts], SPECS)
    assert {name: match.region.sheet.name for name, match in found.matches.items()} == {
        "invoices": "Hoja1",
        "receipts": "Hoja2",
    }


def test_a_spare_heading_counts_only_where_there_is_no_better_one():
    fields = {**INVOICES.fields, "total": replace(INVOICES.fields["total"], also=("Importe",))}
    spec = replace(INVOICES, fields=fields)
    both = sheet("Facturas", ("Factura", "Cliente", "Fecha", "Importe", "Total"), ("F-1", "Alfa", DAY, 100.0, 121.0))
    alone = sheet("Facturas", ("Factura", "Cliente", "Fecha", "Importe"), ("F-1", "Alfa", DAY, 100.0))
    assert str(read(both, spec).table.columns["total"].value(0)) == "121.00"
    assert str(read(alone, spec).table.columns["total"].value(0)) == "100.00"


@pytest.mark.parametrize("name", ["Facturas recibidas", "Facturas de compra 2026", "tblFacturas_recibidas"])
def test_purchases_are_never_read_as_sales_for_beginning_alike(name):
    from aliado.rules.packs import load_pack

    specs = load_pack("base").tables
    headings = ("Factura", "Razón social", "Fecha", "Vencimiento", "Total")
    table = (excel_table("tblFacturas_recibidas", 1, 1, 2, 5),) if name.startswith("tbl") else ()
    worksheet = sheet("Hoja1" if table else name, headings, ("F-1", "Alfa", DAY, DAY, 1.0), tables=table)
    assert set(recognise([worksheet], specs).matches) == {"bills"}


def test_a_sheet_named_like_a_table_that_lacks_one_heading_is_refused_not_passed_over():
    worksheet = sheet("Facturas", ("Factura", "Cliente", "Fecha", "Imp. bruto"), ("F-1", "Alfa", DAY, 1.0))
    with pytest.raises(WorkbookRefused) as refused:
        recognise([worksheet, sheet("Ficha", ("Nombre", "RUC"), ("ACME", "1"))], SPECS)
    assert "Total" in refused.value.text.es
    assert "Facturas!1" in refused.value.text.es


def test_a_sheet_named_like_a_table_with_little_in_common_is_left_alone():
    summary = sheet("Ventas", ("Mes", "Fecha", "Total"), ("enero", DAY, 1.0))
    assert "invoices" not in recognise([summary], {"invoices": replace(INVOICES, names=("Ventas",))}).matches


def test_sheets_of_two_years_are_refused_however_many_columns_each_has():
    rich = sheet("Facturas 2026", (*HEADINGS, "Saldo"), (*ROW, 5.0))
    with pytest.raises(WorkbookRefused):
        recognise([sheet("Facturas 2025", HEADINGS, ROW), rich], SPECS)
