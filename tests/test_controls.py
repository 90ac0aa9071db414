"""Controls over a client's books: what is twice, missing, unmatched or nobody else's."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.errors import WorkbookRefused
from aliado.rules.assess import assess
from aliado.rules.bank_matching import Entry, match
from aliado.rules.functions import FUNCTIONS
from aliado.rules.numbering import number_tokens, without_year
from aliado.rules.packs import load_pack
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2026, 10, 31)
PROFILE = sheet("Ficha", ("Nombre", "RUC", "Moneda"), ("ACME", "1790012355001", "USD"))
BILLS = ("Factura", "Proveedor", "Fecha", "Total")
INVOICES = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total")
DAY = date(2026, 9, 1)


@pytest.fixture(scope="module")
def base():
    return load_pack("base", functions=FUNCTIONS)


def assessed(pack, *sheets, as_of=AS_OF, profile=PROFILE):
    return assess(gather([*sheets, profile], pack.tables), pack, as_of)


def found(said, rule):
    return [item for item in said.findings if item.rule == rule]


def keys(said, rule):
    return [(item.key, item.label) for item in found(said, rule)]


def bills(*rows, headings=BILLS):
    return sheet("Facturas recibidas", headings, *rows)


def payments(*rows, headings=("Factura", "Proveedor", "Fecha de pago", "Importe")):
    return sheet("Pagos", headings, *rows)


def invoices(*rows, headings=INVOICES):
    return sheet("Facturas", headings, *rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AD/26/1873", "AD-26-1873"),
        ("001-002-000023543", "001-002-023543"),
        ("Fra. A-12", "a 12"),
        ("Nº 77", "77"),
        ("F12", "F-0012"),
    ],
)
def test_a_number_written_in_two_ways_is_one(one, other):
    assert number_tokens(one) == number_tokens(other)


@pytest.mark.parametrize(("one", "other"), [("A-1-11", "A-11-1"), ("A-12", "B-12"), ("120", "12"), ("F-0", "F-00-1")])
def test_different_numbers_stay_different(one, other):
    assert number_tokens(one) != number_tokens(other)


@pytest.mark.parametrize("text", ["2026/123", "123-2026", "26-123", "2026000123"])
def test_the_year_of_a_number_can_be_left_out(text):
    assert without_year(number_tokens(text), 2026) == ("123",)


def test_a_number_that_is_only_a_year_is_kept():
    assert without_year(number_tokens("2026"), 2026) == ("2026",)


def test_a_bill_entered_twice_is_found_however_it_is_written_and_shows_the_other_row(base):
    said = assessed(
        base,
        bills(
            ("AD/26/18", "Beta", DAY, 100.0),
            ("AD-26-18", "BETA", DAY, 100.0),
            ("AD-26-18", "Gama", DAY, 100.0),
        ),
    )
    assert keys(said, "AP-010") == [("AD/26/18", "written"), ("AD-26-18", "written")]
    (other,) = found(said, "AP-010")[0].evidence
    assert (other.sheet, other.row, other.cell, other.values["number"]) == ("Facturas recibidas", 3, "A3", "AD-26-18")


def test_a_bill_of_last_year_entered_again_is_found_with_and_without_the_year(base):
    rows = (
        ("123", "Beta", date(2025, 12, 30), 100.0),
        ("123", "Beta", date(2026, 1, 3), 100.0),
        ("2025/77", "Beta", date(2025, 12, 30), 50.0),
        ("77/2026", "Beta", date(2026, 1, 5), 50.0),
        ("9", "Beta", date(2025, 12, 30), 1.0),
        ("9", "Beta", date(2026, 12, 30), 2.0),
    )
    said = assessed(base, bills(*rows), as_of=date(2026, 12, 31))
    assert [(item.key, item.severity, item.label) for item in found(said, "AP-010")] == [
        ("123", "red", "same"),
        ("123", "red", "same"),
        ("2025/77", "amber", "year"),
        ("77/2026", "amber", "year"),
        ("9", "info", "restarted"),
        ("9", "info", "restarted"),
    ]


def test_a_credit_note_may_bear_the_number_of_an_invoice(base):
    rows = (("F-1", "Beta", DAY, 100.0, "Factura"), ("F-1", "Beta", DAY, 100.0, "Nota de crédito"))
    assert not found(assessed(base, bills(*rows, headings=(*BILLS, "Tipo"))), "AP-010")


def test_a_bill_paid_twice_is_told_on_the_second_payment(base):
    said = assessed(
        base,
        bills(("P-1", "Beta", DAY, 100.0), ("P-2", "Beta", DAY, 100.0)),
        payments(
            ("P-1", "Beta", DAY, 100.0),
            ("P1", "Beta", date(2026, 9, 20), 100.0),
            ("P-2", "Beta", DAY, 50.0),
            ("P-2", "Beta", date(2026, 9, 20), 50.0),
        ),
    )
    assert [(item.row, item.label) for item in found(said, "AP-011")] == [(3, "twice")]
    assert found(said, "AP-011")[0].evidence[0].row == 2


def test_a_bill_entered_twice_is_still_owed_once(base):
    said = assessed(
        base,
        bills(("P-1", "Beta", DAY, 100.0), ("P 1", "Beta", DAY, 100.0)),
        payments(("P-1", "Beta", DAY, 100.0), ("P 1", "Beta", date(2026, 9, 20), 100.0)),
    )
    assert [item.row for item in found(said, "AP-011")] == [3]


def test_payments_over_the_total_are_told_even_when_no_two_are_alike(base):
    said = assessed(
        base,
        bills(("P-1", "Beta", DAY, 100.0)),
        payments(("P-1", "Beta", DAY, 60.0), ("P-1", "Beta", date(2026, 9, 20), 50.0)),
    )
    assert [(item.label, item.severity) for item in found(said, "AP-011")] == [("over", "amber")]
    assert [item.key for item in found(said, "AP-014")] == ["P-1"]


def test_payments_without_their_bill_say_why_and_what_it_may_be(base):
    said = assessed(
        base,
        bills(("P-01", "Beta", DAY, 100.0, ""), ("P-3", "Beta", DAY, 10.0, "Anulada"), headings=(*BILLS, "Estado")),
        payments(("P-1", "Beta", DAY, 100.0), ("P-3", "Beta", DAY, 10.0), ("Z-9", "Beta", DAY, 5.0)),
    )
    texts = [item.message.es for item in found(said, "AP-012")]
    assert texts[0].endswith("¿será P-01?")
    assert texts[1].endswith("está anulada")
    assert texts[2].startswith("Z-9 no está en")


def test_numbers_and_dates_out_of_order_are_told_once_where_they_break(base):
    days = [date(2026, 1, day) for day in (1, 2, 20, 4, 5, 6)]
    rows = [(f"A-{number}", "Alfa", day, None, 1.0) for number, day in enumerate(days, 1)]
    assert [item.key for item in found(assessed(base, invoices(*rows)), "IN-005")] == ["A-3"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 28), min_size=2, max_size=12))
def test_beside_each_number_out_of_order_stands_one_whose_date_contradicts_it(base, days):
    rows = [(f"A-{number}", "Alfa", date(2026, 1, day), None, 1.0) for number, day in enumerate(days, 1)]
    told = found(assessed(base, invoices(*rows)), "IN-005")
    assert bool(told) == (days != sorted(days))
    for item in told:
        here, there = item.row - 2, item.evidence[0].row - 2
        assert (here - there) * (days[here] - days[there]) < 0


def test_a_numbering_that_starts_again_each_year_has_no_gap_and_no_disorder(base):
    rows = [(str(number), "Alfa", date(year, 1, number), None, 1.0) for year in (2025, 2026) for number in range(1, 9)]
    said = assessed(base, invoices(*rows))
    assert not found(said, "IN-002")
    assert not found(said, "IN-005")


def test_a_gap_of_last_year_is_not_filled_by_the_numbers_of_this_year(base):
    rows = [("1", date(2025, 1, 1)), ("2", date(2025, 1, 2)), ("4", date(2025, 1, 4))]
    rows += [(str(number), date(2026, 1, number)) for number in range(1, 5)]
    said = assessed(base, invoices(*((number, "Alfa", day, None, float(day.day)) for number, day in rows)))
    assert [(item.key, item.row) for item in found(said, "IN-002")] == [("4", 4)]


def test_a_credit_limit_shows_the_open_invoices_behind_it(base):
    said = assessed(
        base,
        invoices(("F-1", "Alfa", DAY, None, 60.0), ("F-2", "Alfa", DAY, None, 60.0), ("F-3", "Beta", DAY, None, 60.0)),
        sheet("Clientes", ("Cliente", "Límite de crédito"), ("alfa", 100.0)),
    )
    (limit,) = found(said, "AR-020")
    assert [item.values["number"] for item in limit.evidence] == ["F-1", "F-2"]


def test_what_was_delivered_and_not_invoiced_is_told_by_its_delay(base):
    headings = ("Albarán", "Cliente", "Fecha de entrega", "Factura")
    delivered = sheet(
        "Albaranes",
        headings,
        ("E-1", "Alfa", date(2026, 10, 26), None),
        ("E-2", "Alfa", date(2026, 10, 1), None),
        ("E-3", "Alfa", date(2026, 9, 1), "F-9"),
        ("E-4", "Alfa", date(2026, 9, 1), "F-1"),
        ("E-5", "Alfa", date(2026, 11, 1), None),
    )
    said = assessed(base, invoices(("F-1", "Alfa", DAY, None, 1.0)), delivered)
    assert keys(said, "AR-040") == [("E-3", "31+"), ("E-2", "1-30")]


def test_the_same_person_may_not_enter_and_approve(base):
    headings = (*BILLS, "Registrada por", "Aprobada por")
    rows = (
        ("P-1", "Beta", DAY, 1.0, "Ana", "ANA"),
        ("P-2", "Beta", DAY, 1.0, "Ana", "Luis"),
        ("P-3", "Beta", DAY, 1.0, None, None),
    )
    assert [item.key for item in found(assessed(base, bills(*rows, headings=headings)), "AP-020")] == ["P-1"]


def test_round_amounts_and_weekend_payments_are_information(base):
    said = assessed(
        base,
        bills(("P-1", "Beta", DAY, 3000.0), ("P-2", "Beta", DAY, 3000.01)),
        payments(("P-1", "Beta", date(2026, 9, 5), 3000.0), ("P-2", "Beta", date(2026, 9, 4), 3000.01)),
    )
    assert [(item.key, item.severity) for item in found(said, "AP-030")] == [("P-1", "info")]
    assert [(item.row, item.severity) for item in found(said, "AP-031")] == [(2, "info")]


def test_a_tax_id_that_fails_its_check_is_a_warning_and_one_of_another_kind_is_left_alone():
    pack = load_pack("ec", functions=FUNCTIONS)
    headings = ("Nombre", "RUC", "País", "Moneda")
    wrong = sheet("Ficha", headings, ("ACME", "1790012354001", "EC", "USD"))
    right = sheet("Ficha", headings, ("ACME", "1790011674001", "EC", "USD"))
    book = invoices(("F-1", "Alfa", DAY, None, 1.0))
    suppliers = sheet("Proveedores", ("Proveedor", "RUC"), ("Beta", "1790012354001"), ("Gama", "ESB12345678"))
    assert [item.severity for item in found(assessed(pack, book, profile=wrong), "TAX-001")] == ["amber"]
    assert not found(assessed(pack, book, profile=right), "TAX-001")
    assert [item.key for item in found(assessed(pack, book, suppliers, profile=right), "TAX-003")] == ["Beta"]


def test_a_process_that_one_person_alone_carries_is_shown(base):
    headings = ("Tarea", "Proceso", "Responsable", "Vence")
    alone = [(f"T{n}", "Nóminas", "Ana", date(2026, n, 5)) for n in (7, 8, 9)]
    shared = [(f"S{n}", "Cobros", who, date(2026, n, 5)) for n, who in ((7, "Ana"), (8, "Luis"), (9, "Ana"))]
    said = assessed(base, sheet("Tareas", headings, *alone, *shared))
    (hung,) = found(said, "OPS-010")
    assert "Nóminas" in hung.message.es
    assert len(hung.evidence) == 2


def test_a_task_that_waits_for_another_is_blocked_until_that_one_is_done(base):
    headings = ("Tarea", "Periodo", "Responsable", "Terminada", "Depende de")
    rows = (
        ("Conciliar", "2026-09", "Ana", date(2026, 10, 5), None),
        ("Informar", "2026-09", "Luis", None, "Conciliar"),
        ("Conciliar", "2026-10", "Ana", None, None),
        ("Informar", "2026-10", "Luis", None, "Conciliar"),
    )
    book = sheet("Tareas", headings, *rows)
    (blocked,) = found(assessed(base, book), "OPS-002")
    assert blocked.row == 5
    assert [item.row for item in blocked.evidence] == [4]
    assert [item.row for item in found(assessed(base, book, as_of=date(2026, 10, 4)), "OPS-002")] == [3, 5]


def entry(number, day, cents, table="receipts", party="", words=()):
    return Entry(day, cents, "USD", number, table, party, tuple(words))


def left(movements, entries, window=5):
    result = match(movements, entries, window)
    return [item.row for item in result.movements], [item.row for item in result.entries]


def test_movements_match_by_amount_within_the_window_only():
    bank = [entry(0, 10, 100, "bank"), entry(1, 10, -100, "bank"), entry(2, 10, 100, "bank")]
    books = [entry(0, 5, 100), entry(1, 16, 100), entry(2, 12, -100, "payments")]
    assert left(bank, books) == ([2], [1])


def test_a_shared_number_decides_between_equal_amounts():
    bank = [entry(0, 10, 100, "bank", words=("f2",)), entry(1, 11, 100, "bank")]
    books = [entry(0, 10, 100, words=("f1",)), entry(1, 14, 100, words=("f2",))]
    assert left(bank, books) == ([], [])
    assert left([bank[0]], books) == ([], [0])


def test_one_movement_may_stand_for_several_entries_and_one_entry_for_several_movements():
    books = [entry(0, 10, 30), entry(1, 11, 50), entry(2, 12, 7)]
    assert left([entry(0, 11, 80, "bank")], books) == ([], [2])
    assert left([entry(0, 11, 30, "bank"), entry(1, 12, 50, "bank")], [entry(0, 10, 80)]) == ([], [])


def test_a_whole_partys_entries_make_one_movement_however_many_there_are():
    books = [entry(number, 10, 1 + number, party="alfa") for number in range(40)]
    books += [entry(100 + number, 10, 5_000, party="beta") for number in range(30)]
    assert left([entry(0, 10, sum(range(1, 41)), "bank")], books)[0] == []


def test_matching_a_busy_bank_stays_quick():
    bank = [entry(number, number // 60, 100 + number % 7919, "bank") for number in range(6_000)]
    books = [entry(number, number // 60 + 3, 1_000_000 + number % 7907) for number in range(6_000)]
    assert len(left(bank, books)[0]) == 6_000


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(-50, 50).filter(bool)), max_size=12),
    st.lists(st.tuples(st.integers(0, 30), st.integers(-50, 50).filter(bool)), max_size=12),
)
def test_what_is_matched_adds_up_to_the_same_on_both_sides(movements, entries):
    bank = [entry(number, day, cents, "bank") for number, (day, cents) in enumerate(movements)]
    books = [entry(number, day, cents) for number, (day, cents) in enumerate(entries)]
    result = match(bank, books, 5)
    matched = sum(item.cents for item in bank) - sum(item.cents for item in result.movements)
    assert matched == sum(item.cents for item in books) - sum(item.cents for item in result.entries)


def test_bank_movements_without_a_document_are_found_with_payroll_left_aside(base):
    said = assessed(
        base,
        invoices(("F-1", "Alfa", DAY, None, 100.0), ("F-2", "Alfa", DAY, None, 50.0)),
        sheet("Cobros", ("Factura", "Fecha", "Importe"), ("F-1", DAY, 100.0), ("F-2", DAY, 50.0)),
        sheet(
            "Banco",
            ("Fecha", "Concepto", "Importe", "Saldo"),
            (DAY + timedelta(days=2), "Transferencia Alfa", 150.0, 150.0),
            (DAY, "Nóminas", -90.0, 60.0),
            (DAY, "Comisión", -1.5, -58.5),
        ),
    )
    assert [item.row for item in found(said, "BK-001")] == [4]
    assert [item.row for item in found(said, "BK-002")] == [4]
    assert kpi_value(said, "AR-OVERDUE") is None


def kpi_value(said, name):
    return next(item.value for item in said.kpis if item.id == name)


def test_accounts_worse_than_budget_are_told_with_their_rows(base):
    rows = (
        ("Ventas", "2026-09", "Ingreso", 100.0, 95.0),
        ("Multas", "2026-09", "Gasto", 0.0, 0.0),
        ("Multas", "2026-10", "Gasto", 0.0, 30.0),
        ("Luz", "2026-10", "Gasto", 100.0, 111.0),
    )
    said = assessed(base, sheet("Presupuesto", ("Cuenta", "Periodo", "Tipo", "Presupuesto", "Real"), *rows))
    assert [(item.row, len(item.evidence)) for item in found(said, "BUD-001")] == [(4, 1), (5, 0)]
    assert "sin presupuesto" in found(said, "BUD-001")[0].message.es
    assert Decimal(said.budget[-1].share) == Decimal("-0.11")


def test_rows_without_a_number_are_known_by_what_they_say_and_not_by_where_they_stand(base):
    headings = ("Fecha", "Concepto", "Importe", "Saldo")
    fee, other = (date(2026, 10, 3), "Comisión", -12.5, 900.0), (date(2026, 10, 2), "Gasto", -7.0, 912.5)
    receipts = sheet("Cobros", ("Factura", "Cliente", "Fecha", "Importe"), ("F-9", "Alfa", date(2026, 10, 2), 90.0))
    alone, below = (
        assessed(
            base, invoices(("F-1", "Alfa", date(2026, 9, 1), None, 100.0)), receipts, sheet("Bancos", headings, *rows)
        )
        for rows in ((fee,), (other, fee))
    )
    for said in (alone, below):
        keys = {item.key for item in said.findings if item.rule in {"BK-001", "AR-011"}}
        assert {"2026-10-03 · Comisión · -12.50", "F-9 · 2026-10-02 · 90.00"} <= keys


def test_a_credit_note_need_not_say_when_it_is_due(base):
    headings = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Tipo")
    rows = (
        ("F-1", "Alfa", date(2026, 9, 1), None, 100.0, "Factura"),
        ("N-1", "Alfa", date(2026, 9, 2), None, 20.0, "Nota de crédito"),
        ("N-2", "Alfa", date(2026, 9, 3), None, -20.0, None),
        ("N-3", None, date(2026, 9, 4), None, -20.0, None),
    )
    said = assessed(base, invoices(*rows, headings=headings))
    assert [item.key for item in found(said, "IN-003")] == ["F-1", "N-3"]


def test_a_crowded_bank_is_matched_one_to_one_and_says_that_sums_were_not_tried(base, monkeypatch):
    day = date(2026, 9, 3)
    books = (
        invoices(*((f"A-{number}", "Alfa", day, None, float(number)) for number in range(1, 9))),
        sheet(
            "Cobros",
            ("Factura", "Cliente", "Fecha", "Importe"),
            *((f"A-{n}", "Alfa", day, float(n)) for n in range(1, 9)),
        ),
        sheet(
            "Banco", ("Fecha", "Concepto", "Importe"), (day, "Remesa", 3.0), (day, "Remesa", 3.0), (day, "Otra", 999.5)
        ),
    )
    (alone,) = found(assessed(base, *books), "BK-001")
    assert "uno o varios" in alone.message.es
    monkeypatch.setattr("aliado.rules.bank_matching.MOST_NEAR", 2)
    hurried = found(assessed(base, *books), "BK-001")
    assert len(hurried) == 2
    assert all("sumas de varios" in item.message.es for item in hurried)


def test_the_limit_of_findings_counts_those_that_a_rule_is_for_and_loses_none(tmp_path, monkeypatch):
    path = tmp_path / "c.yaml"
    path.write_text(
        'pack: c\nversion: "1"\nextends: base\ntitle: {es: c, en: c}\nflags:\n  IN-003:\n    for: "=[@Fecha]>DATE(2026,1,6)"\n'
    )
    rows = [(f"F-{day:02}", None, date(2026, 1, day), date(2026, 12, 1), 100.0) for day in range(1, 11)]
    pack = load_pack(path, functions=FUNCTIONS)
    monkeypatch.setattr("aliado.rules.flags.MOST_FINDINGS", 5)
    assert len(found(assessed(pack, invoices(*rows)), "IN-003")) == 4
    monkeypatch.setattr("aliado.rules.flags.MOST_FINDINGS", 3)
    with pytest.raises(WorkbookRefused, match="IN-003"):
        assessed(pack, invoices(*rows))
