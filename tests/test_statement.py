"""Statements of account: opening + movements = balance = open items = what the assessment says, to the cent."""

from __future__ import annotations

import os
import shutil
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import letter_samples as samples
from aliado.batch.jobs import list_jobs
from aliado.batch.samples import write_samples
from aliado.batch.statements import NoSuchCustomer, write_statements
from aliado.commands.statement import statement
from aliado.locales import locale_of
from aliado.report.letters.letter import Party
from aliado.report.statement import render_statement
from aliado.rules.accounts import read_accounts
from aliado.workbook.recalculate import recalculate
from builders import sheet

HEADINGS = ("Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Saldo", "Fecha de cobro", "Tipo")
SPANISH = locale_of("es", "ES")


def by_name(client, since=None):
    return {(account.customer, account.currency): account for account in read_accounts(client, since)}


def mixed():
    """Invoices settled in every way that a workbook may tell: receipts, a paid date, a balance column, a credit note."""
    day = date(2025, 3, 1)
    return samples.assessed(
        samples.PROFILE,
        sheet(
            "Facturas",
            HEADINGS,
            ("F-1", "Alfa", date(2024, 11, 1), date(2024, 12, 1), 1000.0, None, None, None),
            ("F-2", "Alfa", day, date(2025, 4, 1), 500.0, None, date(2025, 5, 2), None),
            ("F-3", "Alfa", day, date(2025, 4, 1), 300.0, 120.55, None, None),
            ("F-4", "Alfa", day, None, 80.0, None, None, "Nota de crédito"),
            ("F-5", "Alfa", date(2025, 12, 1), date(2026, 1, 1), 999.0, None, None, None),
            ("F-6", "Beta", day, date(2025, 4, 1), 10.0, None, date(2025, 4, 1), None),
        ),
        sheet(
            "Cobros",
            ("Factura", "Fecha", "Importe"),
            ("F-1", date(2024, 12, 20), 600.0),
            ("F-1", date(2025, 2, 3), 150.25),
            ("F-1", date(2025, 11, 15), 249.75),
        ),
    )


@pytest.mark.parametrize("since", [None, date(2020, 1, 1), date(2025, 2, 3), date(2025, 10, 31)])
@pytest.mark.parametrize("client", [samples.assessed, mixed])
def test_every_account_ties_with_the_assessment(client, since):
    assessment = client()
    said = {
        (customer.customer, ageing.currency): customer.outstanding
        for ageing in assessment.ageing
        for customer in ageing.customers
    }
    accounts = by_name(assessment, since)
    for key, account in accounts.items():
        moved = sum((move.amount for move in account.movements), account.opening)
        assert moved == account.balance == sum((item.balance for item in account.items), Decimal(0))
        assert account.balance == said.get(key, Decimal(0))
    assert set(said) <= set(accounts)


def test_what_happened_before_is_the_opening_balance():
    account = by_name(mixed(), date(2025, 1, 1))["Alfa", "EUR"]
    assert account.opening == Decimal("400.00")
    assert [(move.day, move.kind, move.number, move.amount) for move in account.movements] == [
        (date(2025, 2, 3), "receipt", "F-1", Decimal("-150.25")),
        (date(2025, 3, 1), "invoice", "F-2", Decimal("500.00")),
        (date(2025, 3, 1), "invoice", "F-3", Decimal("300.00")),
        (date(2025, 3, 1), "settled", "F-3", Decimal("-179.45")),
        (date(2025, 3, 1), "credit", "F-4", Decimal("-80.00")),
        (date(2025, 5, 2), "receipt", "F-2", Decimal("-500.00")),
    ]
    assert [item.number for item in account.items] == ["F-1", "F-3", "F-4"]


def test_without_a_first_day_every_open_item_is_among_the_movements():
    account = by_name(mixed())["Alfa", "EUR"]
    assert account.since == date(2024, 11, 1)
    assert {item.number for item in account.items} <= {move.number for move in account.movements}


def test_statements_are_made_for_those_who_owe_or_who_are_asked_for(tmp_path):
    names = [draft.path.name for draft in write_statements(mixed(), tmp_path)]
    assert names == ["2025-10-31 Alfa - Estado de cuenta.xlsx"]
    names = [draft.path.name for draft in write_statements(mixed(), tmp_path, customers=["BETA"], language="en")]
    assert names == ["2025-10-31 Beta - Statement of account.xlsx"]
    with pytest.raises(NoSuchCustomer) as missing:
        write_statements(mixed(), tmp_path, customers=["Zeta"])
    assert "alfa" in missing.value.text.es
    client = samples.assessed()
    with pytest.raises(NoSuchCustomer):
        write_statements(client, tmp_path, customers=["l"])
    assert [draft.path.name[11:15] for draft in write_statements(client, tmp_path, customers=["alf"])] == ["Alfa"]


def test_a_statement_has_a_block_per_currency_and_the_same_bytes():
    client = samples.assessed()
    accounts = [account for account in read_accounts(client) if account.customer.lower().startswith("alfa")]
    made = [render_statement(accounts, Party("Taller"), Party("=Alfa"), client.as_of, SPANISH) for _ in range(2)]
    assert made[0] == made[1]
    cells = [cell for row in load_workbook(BytesIO(made[0])).active.iter_rows() for cell in row]
    assert [cell.value for cell in cells if str(cell.value).startswith("Cuenta en")] == [
        "Cuenta en EUR",
        "Cuenta en USD",
    ]
    (name,) = [cell for cell in cells if cell.value == "=Alfa"]
    assert name.data_type == "s"


@pytest.mark.live
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_computes_the_same_balances():
    client = mixed()
    content = render_statement(
        [account for account in read_accounts(client) if account.customer == "Alfa"],
        Party("Taller"),
        Party("Alfa"),
        client.as_of,
        SPANISH,
    )
    cached, computed = (load_workbook(BytesIO(data), data_only=True).active for data in (content, recalculate(content)))
    formulas = [
        cell.coordinate
        for row in load_workbook(BytesIO(content)).active.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 8
    for place in formulas:
        expected, found = cached[place].value, computed[place].value
        assert found == (expected if isinstance(expected, str) else pytest.approx(expected, abs=0.001)), place


@pytest.mark.live
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_the_command_writes_workbook_and_pdf_and_leaves_the_client_alone(tmp_path):
    book = write_samples(tmp_path / "clients", date(2026, 10, 31))[2]
    before = book.read_bytes()
    given = [str(book), "--as-of", "2026-10-31", "--customer", "Darien", "--out", str(tmp_path / "out"), "--pdf"]
    done = CliRunner().invoke(statement, given)
    assert done.exit_code == 0, done.output
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".pdf", ".xlsx"]
    assert next((tmp_path / "out").glob("*.pdf")).read_bytes().startswith(b"%PDF")
    assert book.read_bytes() == before


def test_bad_dates_and_unknown_customers_end_with_two(tmp_path):
    from test_cli import write_invoices

    book = write_invoices(tmp_path / "a.xlsx")
    for more, said in ((["--since", "2027-01-01"], "--since"), (["--customer", "Zeta"], "Zeta")):
        done = CliRunner().invoke(statement, [str(book), "--as-of", "2026-10-31", *more])
        assert done.exit_code == 2
        assert said in done.output
    done = CliRunner().invoke(statement, [str(book), "--as-of", "2026-10-31", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "2026-10-31 Alfa - Statement of account.xlsx").exists()
    assert [job.source.name for job in list_jobs([tmp_path])] == ["a.xlsx"]


def test_a_signed_statement_is_named_and_stays_until_it_is_told_to_be_replaced(tmp_path, monkeypatch):
    from test_cli import write_invoices

    monkeypatch.setattr("aliado.batch.statements.check_printer", lambda: None)
    monkeypatch.setattr("aliado.workbook.printing.convert", lambda documents, *_: [b"%PDF" for _ in documents])
    given = [str(write_invoices(tmp_path / "a.xlsx")), "--as-of", "2026-10-31", "--lang", "en", "--pdf"]
    assert CliRunner().invoke(statement, given).exit_code == 0
    signed = tmp_path / "2026-10-31 Alfa - Statement of account.pdf"
    signed.write_bytes(b"signed")
    os.utime(signed, (1_700_000_000, 1_700_000_000))
    done = CliRunner().invoke(statement, given)
    assert done.exit_code == 2
    assert "move or delete them and repeat" in done.output
    assert done.output.count(str(signed)) == 1
    assert signed.read_bytes() == b"signed"
    assert CliRunner().invoke(statement, [*given, "--overwrite"]).exit_code == 0
    assert signed.read_bytes() == b"%PDF"
