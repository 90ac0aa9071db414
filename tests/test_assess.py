"""From tables to findings, figures and ties, with the shipped base pack."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from aliado.rules.assess import assess
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2026, 10, 31)
HEADINGS = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total")
PROFILE = sheet("Ficha", ("Nombre", "RUC", "Moneda"), ("ACME", "1790012355001", "USD"))


@pytest.fixture(scope="module")
def base():
    return load_pack("base", functions=FUNCTIONS)


def assessed(pack, *sheets, as_of=AS_OF, profile=PROFILE):
    return assess(gather([*sheets, profile], pack.tables), pack, as_of)


def invoices(*rows, headings=HEADINGS):
    return sheet("Facturas", headings, *rows)


def found(assessment, rule):
    return [(item.key, item.severity, item.label) for item in assessment.findings if item.rule == rule]


def kpi(assessment, name):
    return next(item for item in assessment.kpis if item.id == name)


def test_an_overdue_invoice_is_flagged_with_its_level_and_place(base):
    said = assessed(
        base,
        invoices(
            ("F-1", "Alfa", date(2026, 8, 1), date(2026, 9, 1), 100.0),
            ("F-2", "Alfa", date(2026, 10, 1), date(2026, 10, 31), 50.0),
        ),
    )
    assert found(said, "AR-001") == [("F-1", "amber", "")]
    assert found(said, "AR-010") == [("F-1", "info", "31-60")]
    (flag,) = [item for item in said.findings if item.rule == "AR-001"]
    assert (flag.sheet, flag.row, flag.cell) == ("Facturas", 2, "A2")
    assert flag.message.es == "F-1 de Alfa: 100,00 vencido el 01/09/2026"
    assert flag.message.en == "F-1 from Alfa: 100.00 was due 1 Sep 2026"
    assert flag.values["balance"] == "100.00"
    assert flag.values["due_date"] == "2026-09-01"


@pytest.mark.parametrize(
    ("late", "label"),
    [
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91-120"),
        (120, "91-120"),
        (121, "121+"),
    ],
)
def test_the_ageing_level_of_a_flag_is_the_band_of_the_ageing(base, late, label):
    due = date.fromordinal(AS_OF.toordinal() - late)
    said = assessed(base, invoices(("F-1", "Alfa", date(2026, 1, 1), due, 100.0)))
    assert found(said, "AR-010")[0][2] == label
    bands = dict(
        zip(("not_due", "1-30", "31-60", "61-90", "91-120", "121+", "no_due_date"), said.ageing[0].bands, strict=True)
    )
    assert bands[label] == 100


def test_a_blank_due_date_is_missing_data_and_undecidable_not_overdue(base):
    said = assessed(base, invoices(("F-1", "Alfa", date(2026, 8, 1), None, 100.0)))
    assert found(said, "IN-003") == [("F-1", "amber", "")]
    assert not found(said, "AR-001")
    (note,) = [note for note in said.notes if note.es.startswith("AR-001")]
    assert note.es.endswith("(filas: 1): falta una fecha o un importe en la fila 2.")
    assert note.en.endswith("(rows: 1): a date or an amount is missing in row 2.")
    assert said.ageing[0].bands[-1] == 100


def test_every_row_that_cannot_be_decided_is_named_up_to_twenty(base):
    rows = [
        (f"F-{number}", "Alfa", date(2026, 8, 1), None if number % 2 else date(2026, 12, 1), 1.0)
        for number in range(50)
    ]
    (note,) = [note for note in assessed(base, invoices(*rows)).notes if note.es.startswith("AR-001")]
    listed = ", ".join(str(number + 2) for number in range(1, 41, 2))
    assert note.en.endswith(f"(rows: 25): a date or an amount is missing in rows {listed} and 5 more.")


def test_balances_in_rules_are_those_computed_from_receipts_not_the_column(base):
    book = invoices(("F-1", "Alfa", date(2026, 8, 1), date(2026, 9, 1), 100.0, 999.0), headings=(*HEADINGS, "Saldo"))
    paid = sheet("Cobros", ("Factura", "Fecha", "Importe"), ("F-1", date(2026, 10, 1), 60.0))
    said = assessed(base, book, paid)
    (flag,) = [item for item in said.findings if item.rule == "AR-001"]
    assert flag.values["balance"] == "40.00"
    assert not found(
        assessed(base, book, sheet("Cobros", ("Factura", "Fecha", "Importe"), ("F-1", date(2026, 10, 1), 100.0))),
        "AR-001",
    )


def test_amounts_of_different_currencies_are_never_added(base):
    said = assessed(
        base,
        invoices(
            ("F-1", "Alfa", date(2026, 8, 1), date(2026, 9, 1), 100.0, "USD"),
            ("F-2", "Alfa", date(2026, 8, 1), date(2026, 12, 1), 1000.0, "EUR"),
            ("F-3", "Alfa", date(2026, 8, 5), date(2026, 12, 1), 100.0, None),
            headings=(*HEADINGS, "Moneda"),
        ),
        sheet("Clientes", ("Cliente", "Límite de crédito"), ("Alfa", 500.0)),
    )
    assert [(item.currency, item.outstanding) for item in said.ageing] == [
        ("USD", Decimal(200)),
        ("EUR", Decimal(1000)),
    ]
    assert kpi(said, "AR-OVERDUE").value == Decimal("0.5")
    assert "EUR" in kpi(said, "AR-OVERDUE").method.es
    assert kpi(said, "AR-OVERDUE-COUNT").value == Decimal("0.5")
    assert not found(said, "AR-020")


def test_credit_limits_see_the_open_balance_of_each_customer(base):
    limit = sheet("Clientes", ("Cliente", "Límite de crédito"), ("alfa", 100.0), ("Beta", 100.0))
    said = assessed(
        base,
        invoices(
            ("F-1", "Alfa", date(2026, 8, 1), None, 60.0),
            ("F-2", "Alfa", date(2026, 8, 2), None, 60.0),
            ("F-3", "Beta", date(2026, 8, 1), None, 100.0),
        ),
        limit,
    )
    assert [key for key, _, _ in found(said, "AR-020")] == ["alfa"]


def test_duplicates_and_gaps_are_found_across_the_whole_table(base):
    rows = [(f"A-{number}", "Alfa", date(2026, 8, 1), date(2026, 12, 1), 1.0) for number in (1, 2, 2, 5)]
    said = assessed(base, invoices(*rows))
    assert [key for key, _, _ in found(said, "IN-001")] == ["A-2", "A-2"]
    assert [key for key, _, _ in found(said, "IN-002")] == ["A-5"]


def test_rows_of_the_future_do_not_exist_yet(base):
    rows = (
        ("F-1", "Alfa", date(2026, 8, 1), date(2026, 9, 1), 100.0),
        ("F-1", "Alfa", date(2026, 11, 1), date(2026, 12, 1), 900.0),
    )
    said = assessed(base, invoices(*rows))
    assert said.ageing[0].outstanding == 100
    assert not found(said, "IN-001")
    assert found(assessed(base, invoices(*rows), as_of=date(2026, 11, 30)), "IN-001")


def test_a_receipt_without_its_invoice_breaks_the_tie_and_says_so(base):
    said = assessed(
        base,
        invoices(("F-1", "Alfa", date(2026, 8, 1), None, 100.0)),
        sheet("Cobros", ("Factura", "Fecha", "Importe"), ("F-9", date(2026, 9, 1), 30.0)),
    )
    broken = [tie for tie in said.ties if not tie.ok]
    assert len(broken) == 1
    assert (broken[0].left, broken[0].right) == (Decimal(70), Decimal(100))
    assert "1 cobros sin factura" in broken[0].detail.es


@pytest.mark.parametrize(("control", "ok"), [(100.0, True), (100.01, False), (None, True)])
def test_the_control_total_ties_or_is_said_to_be_absent(base, control, ok):
    profile = sheet("Ficha", ("Nombre", "RUC", "Moneda", "Total de control"), ("ACME", "1", "USD", control))
    said = assessed(base, invoices(("F-1", "Alfa", date(2026, 8, 1), None, 100.0)), profile=profile)
    tie = next(tie for tie in said.ties if "control" in tie.name.en)
    assert tie.ok is ok
    assert (tie.right is None) == (control is None)


def test_figures_that_cannot_be_computed_say_why(base):
    said = assessed(base, invoices(("F-1", "Alfa", date(2025, 1, 1), date(2025, 2, 1), 100.0)))
    dso = kpi(said, "AR-DSO")
    assert dso.value is None
    assert dso.status == "none"
    assert "ventas" in dso.reason.es


@pytest.mark.parametrize(
    ("balance", "light"), [(10.0, "green"), (15.0, "green"), (20.0, "amber"), (25.0, "amber"), (26.0, "red")]
)
def test_the_light_changes_past_each_line(base, balance, light):
    said = assessed(
        base,
        invoices(
            ("F-1", "Alfa", date(2026, 8, 1), date(2026, 9, 1), balance),
            ("F-2", "Alfa", date(2026, 8, 1), date(2026, 12, 1), 100 - balance),
        ),
    )
    assert kpi(said, "AR-OVERDUE").status == light


def test_a_required_document_is_missing_expired_or_about_to_expire(base):
    headings = ("Documento", "Emitido", "Caduca")

    def label(*rows):
        said = assessed(base, sheet("Documentos", headings, *rows))
        return [(item.severity, item.values["status"]) for item in said.findings if item.rule == "DOC-ENCARGO"]

    assert label(("Otro", date(2026, 1, 1), None)) == [("amber", "missing")]
    assert label(("Carta de encargo", date(2024, 1, 1), None)) == [("amber", "expired")]
    assert label(("Carta de encargo 2026", date(2025, 11, 15), None)) == [("amber", "expiring")]
    assert label(("DOC-ENCARGO", date(2026, 6, 1), None)) == []
    assert label(("Carta de encargo", None, None)) == [("amber", "undated")]
    assert label(("Carta de encargo", date(2024, 1, 1), None), ("Carta de encargo", date(2026, 6, 1), None)) == []


def test_a_document_issued_later_is_not_there_yet(base):
    book = sheet("Documentos", ("Documento", "Emitido", "Caduca"), ("Carta de encargo", date(2026, 11, 5), None))
    assert [item.values["status"] for item in assessed(base, book).findings if item.rule == "DOC-ENCARGO"] == [
        "missing"
    ]


def test_filings_that_are_due_and_not_made_are_overdue():
    pack = load_pack("pa", functions=FUNCTIONS)
    filings = sheet(
        "Declaraciones",
        ("Obligación", "Periodo", "Presentada"),
        ("ITBMS mensual", "2026-06", date(2026, 7, 15)),
        ("PA-ITBMS-M", "07/2026", date(2026, 8, 20)),
        ("ITBMS mensual", "ago-2026", None),
    )
    profile = sheet(
        "Ficha", ("Nombre", "RUC", "País", "Tipo", "Moneda"), ("ACME", "155623389-2-2016", "PA", "Sociedad", "USD")
    )
    said = assessed(pack, filings, profile=profile)
    states = {entry.period: entry.status for entry in said.calendar if entry.obligation == "PA-ITBMS-M"}
    assert states["2026-06"] == "filed_on_time"
    assert states["2026-07"] == "filed_late"
    assert states["2026-08"] == "overdue"
    assert states["2026-09"] == "overdue"
    assert states["2026-10"] == "pending"
    overdue = [item for item in said.findings if item.rule == "PA-ITBMS-M"]
    assert [(item.row, item.severity) for item in overdue] == [(None, "red"), (4, "red")]


def test_without_a_filings_table_nothing_is_called_overdue():
    pack = load_pack("pa", functions=FUNCTIONS)
    profile = sheet(
        "Ficha", ("Nombre", "RUC", "País", "Tipo", "Moneda"), ("ACME", "155623389-2-2016", "PA", "Sociedad", "USD")
    )
    said = assessed(pack, invoices(("F-1", "Alfa", date(2026, 8, 1), None, 100.0)), profile=profile)
    past = [entry.status for entry in said.calendar if entry.due < AS_OF]
    assert past
    assert set(past) == {"unknown"}
    assert not [item for item in said.findings if item.rule.startswith("PA-")]


def test_open_tasks_past_their_day_are_overdue(base):
    tasks = sheet(
        "Tareas",
        ("Tarea", "Responsable", "Vence", "Terminada"),
        ("Conciliar", "Ana", date(2026, 10, 28), None),
        ("Cerrar", "Ana", date(2026, 10, 1), date(2026, 10, 2)),
        ("Enviar", "Luis", date(2026, 10, 1), None),
    )
    assert found(assessed(base, tasks), "OPS-001") == [("Enviar", "red", "8+"), ("Conciliar", "amber", "1-7")]


def test_vat_arithmetic_rounds_half_up_as_excel_does(base):
    headings = (*HEADINGS, "Base imponible", "% IVA", "IVA")
    rows = (
        ("F-1", "Alfa", date(2026, 8, 1), date(2026, 12, 1), 38.53, 33.5, 0.15, 5.03),
        ("F-2", "Alfa", date(2026, 8, 1), date(2026, 12, 1), 116.0, 100.0, 0.15, 16.0),
    )
    assert [key for key, _, _ in found(assessed(base, invoices(*rows, headings=headings)), "VAT-001")] == ["F-2"]


def test_an_ambiguous_status_is_flagged_where_no_country_says_what_it_means(base):
    rows = (("F-1", "Alfa", date(2026, 8, 1), date(2026, 9, 1), 100.0, "Cancelada"),)
    book = invoices(*rows, headings=(*HEADINGS, "Estado"))
    assert found(assessed(base, book), "IN-004")
    assert assessed(base, book).ageing[0].outstanding == 100
    assert assessed(load_pack("mx", functions=FUNCTIONS), book).ageing[0].outstanding == 0
    assert not found(assessed(load_pack("mx", functions=FUNCTIONS), book), "IN-004")


def test_a_control_total_of_another_date_is_not_compared(base):
    profile = sheet(
        "Ficha",
        ("Nombre", "RUC", "Moneda", "Total de control", "Fecha de control"),
        ("ACME", "1", "USD", 55.0, date(2026, 9, 30)),
    )
    said = assessed(base, invoices(("F-1", "Alfa", date(2026, 8, 1), None, 100.0)), profile=profile)
    tie = next(tie for tie in said.ties if "control" in tie.name.en)
    assert tie.ok
    assert tie.right is None
    assert "30/09/2026" in tie.detail.es


def test_names_that_differ_in_accents_and_case_are_one_debtor_in_ageing_and_rules(base):
    said = assessed(
        base,
        invoices(
            ("F-1", "José Pérez", date(2026, 8, 1), None, 60.0), ("F-2", "JOSE PEREZ", date(2026, 8, 2), None, 60.0)
        ),
        sheet("Clientes", ("Cliente", "Límite de crédito"), ("Jose Pérez", 100.0)),
    )
    assert [row.customer for row in said.ageing[0].customers] == ["Jose Pérez"]
    assert found(said, "AR-020")


def test_a_credit_note_typed_positive_with_its_balance_subtracts(base):
    headings = (*HEADINGS, "Saldo", "Tipo")
    rows = (
        ("F-1", "Alfa", date(2026, 8, 1), date(2026, 9, 1), 1000.0, 1000.0, "Factura"),
        ("NC-1", "Alfa", date(2026, 8, 5), date(2026, 9, 5), 100.0, 100.0, "Nota de crédito"),
    )
    said = assessed(base, invoices(*rows, headings=headings))
    assert said.ageing[0].outstanding == 900
    assert [key for key, _, _ in found(said, "AR-001")] == ["F-1"]


def test_a_receipt_in_advance_of_its_invoice_is_no_stray_one(base):
    paid = sheet("Cobros", ("Factura", "Fecha", "Importe"), ("F-1", date(2026, 7, 1), 30.0))
    book = invoices(("F-1", "Alfa", date(2026, 8, 1), None, 100.0), ("F-0", "Alfa", date(2026, 1, 1), None, 5.0))
    early = assessed(base, book, paid, as_of=date(2026, 7, 15))
    assert all(tie.ok for tie in early.ties)
    assert early.ageing[0].outstanding == 5
    assert assessed(base, book, paid).ageing[0].outstanding == 75


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("España", "ES"),
        ("spain", "ES"),
        ("ESP", "ES"),
        ("es", "ES"),
        ("Perú", "PE"),
        ("Panama", "PA"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_countries_are_read_as_people_write_them(written, code):
    from aliado.rules.countries import read_country

    assert read_country(written) == code


PANAMA = sheet(
    "Ficha", ("Nombre", "RUC", "País", "Tipo", "Moneda"), ("ACME", "155623389-2-2016", "Panamá", "Sociedad", "USD")
)
FILING_HEADINGS = ("Obligación", "Periodo", "Presentada")


def itbms(*rows):
    said = assessed(
        load_pack("pa", functions=FUNCTIONS), sheet("Declaraciones", FILING_HEADINGS, *rows), profile=PANAMA
    )
    return {entry.period: entry.status for entry in said.calendar if entry.obligation == "PA-ITBMS-M"}


def test_an_empty_filings_table_says_no_more_than_none_at_all():
    assert set(itbms().values()) == {"unknown", "pending"}


def test_a_yearly_filing_does_not_make_the_months_before_the_table_overdue():
    states = itbms(("PA-RENTA", "2025", date(2026, 3, 31)), ("ITBMS mensual", "2026-08", date(2026, 9, 10)))
    assert states["2026-08"] == "filed_on_time"
    assert states["2026-09"] == "overdue"
    assert "2026-07" not in states


def test_mean_days_are_taken_over_all_currencies_alike(base):
    headings = (*HEADINGS, "Moneda", "Fecha de cobro")
    rows = (
        ("F-1", "Alfa", date(2026, 1, 1), date(2026, 2, 1), 100.0, "USD", date(2026, 2, 11)),
        ("F-2", "Alfa", date(2026, 1, 1), date(2026, 2, 1), 100.0, "EUR", date(2026, 2, 21)),
    )
    said = assessed(base, invoices(*rows, headings=headings))
    assert kpi(said, "AR-DAYS-LATE").value == kpi(said, "AR-DAYS-LATE-SIGNED").value == 15


def test_a_paid_date_beside_a_balance_is_remarked_on(base):
    rows = (("F-1", "Alfa", date(2026, 1, 1), date(2026, 2, 1), 100.0, 40.0, date(2026, 2, 11)),)
    said = assessed(base, invoices(*rows, headings=(*HEADINGS, "Saldo", "Fecha de cobro")))
    assert any("fecha de cobro y saldo" in note.es for note in said.notes)


def test_a_parameter_dated_once_is_not_known_before_its_day(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "pack: p\nextends: base\nversion: 1.0.0\ntitle: x\nparams:\n  tope:\n    title: x\n    type: money\n"
        "    values: {2026-01-01: {value: 50}}\nflags:\n  P-1:\n    title: x\n    table: invoices\n    params_at: =[@Fecha]\n"
        "    when: =[@Total]>tope\n    severity: amber\n    owner: contable\n    source: CONTROL\n",
        encoding="utf-8",
    )
    pack = load_pack(path)
    rows = (("F-1", "A", date(2025, 12, 31), None, 100.0), ("F-2", "A", date(2026, 1, 1), None, 100.0))
    sheets = [sheet("Facturas", ("Factura", "Cliente", "Fecha", "Vencimiento", "Total"), *rows)]
    assessed = assess(gather(sheets, pack.tables), pack, date(2026, 11, 20))
    assert [finding.key for finding in assessed.findings if finding.rule == "P-1"] == ["F-2"]
    assert any(note.en.startswith("P-1 cannot be decided on Facturas (rows: 1)") for note in assessed.notes)


def test_a_number_whose_row_could_not_be_read_is_not_missing(base):
    rows = [
        (f"A-{number}", "Alfa", date(2026, 8, 1), date(2026, 12, 1), "doce" if number == 2 else 1.0)
        for number in (1, 2, 3)
    ]
    assert not found(assessed(base, invoices(*rows)), "IN-002")


def test_amounts_of_trillions_have_figures_like_any_others(base):
    """A hundred trillion is a possible amount in Colombian or Paraguayan money."""
    rows = [(f"F-{number}", "Alfa", date(2026, 8, number), date(2026, 9, number), 1e14) for number in (1, 2)]
    said = assessed(base, invoices(*rows))
    assert [each.outstanding for each in said.ageing] == [Decimal("2e14")]
    assert kpi(said, "AR-BADDEBT").value == Decimal("1e13")
    assert kpi(said, "AR-OVERDUE").value == 1
