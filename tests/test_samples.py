"""The sample workbooks: plausible, valid, tied, and the same every time."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from stdnum.ec import ruc
from stdnum.es import nif

from aliado.batch import samples_ecuador, samples_panama, samples_spain
from aliado.batch.outcome import Options
from aliado.batch.refresh import assess_package
from aliado.batch.samples import write_samples
from aliado.batch.samples_ledger import Item, vat, workday
from aliado.language import fold
from aliado.resources import rules_folder
from aliado.workbook.office import find_libreoffice
from aliado.workbook.package import read_package
from aliado.workbook.recalculate import recalculate

AS_OF = date(2026, 11, 20)
CLIENTS = (samples_spain, samples_ecuador, samples_panama)
CURRENCIES = {samples_spain: "EUR", samples_ecuador: "USD", samples_panama: "USD"}


pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")  # openpyxl on data bars


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_samples(tmp_path_factory.mktemp("samples") / "clients", AS_OF)


def read(path: Path, sheet: str, top: int = 0) -> list[dict[str, Any]]:
    """Return the rows of one list under its headings, without the totals row."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    headings = [str(value) for value in rows[top]]
    return [dict(zip(headings, row, strict=True)) for row in rows[top + 1 :] if row[0] not in ("", "Total")]


def own(client: ModuleType, as_of: date = AS_OF) -> list[Item]:
    """Return the live items in the client's own currency."""
    return [item for item in client.invoices(as_of) if not item.cancelled and item.currency == CURRENCIES[client]]


def test_the_same_date_gives_the_same_bytes_and_another_date_does_not(tmp_path, paths):
    again = write_samples(tmp_path / "again", AS_OF)
    later = write_samples(tmp_path / "later", AS_OF + timedelta(days=1))
    digests = [[sha256(path.read_bytes()).hexdigest() for path in group] for group in (paths, again, later)]
    assert digests[0] == digests[1]
    assert not set(digests[0]) & set(digests[2])


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.NAME)
@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 1, 1), date(2028, 2, 29), date(2027, 5, 31)], ids=str)
def test_the_story_is_plausible_whenever_it_is_told(client, as_of):
    items = own(client, as_of)
    owed = sum(item.balance for item in items)
    overdue = sum(item.balance for item in items if item.due and item.due < as_of)
    sales = sum(item.total for item in items if (as_of - item.issued).days < 90)
    assert 0.15 <= overdue / owed <= 0.35
    assert 40 <= owed / sales * 90 <= 75
    assert all(item.issued <= as_of for item in items)
    assert all(item.issued <= payment.day <= as_of for item in items for payment in item.paid)
    assert max(item.issued for item in items) > as_of - timedelta(days=12)


def test_an_invoice_is_never_paid_more_than_its_total():
    for client in CLIENTS:
        for item in client.invoices(AS_OF):
            assert abs(sum(payment.amount for payment in item.paid)) <= abs(item.total)


def test_sizes_differ_as_the_firms_do():
    assert [round(len(client.invoices(AS_OF)), -1) for client in CLIENTS] == [220, 900, 60]


def test_control_totals_tie_to_the_open_balance_and_one_is_not_given(paths):
    spain, ecuador, panama = paths
    invoices, receipts = read(spain, "Facturas"), read(spain, "Cobros")
    live = {row["Factura"] for row in invoices if row["Estado"] != "Anulada"}
    owed = sum(row["Total"] for row in invoices if row["Estado"] != "Anulada")
    owed -= sum(row["Importe"] for row in receipts if row["Factura"] in live)
    assert round(owed, 2) == read(spain, "Ficha", 3)[0]["Saldo de control"]

    dollars = [row for row in read(ecuador, "VENTAS", 5) if row["Moneda"] == "USD" and row["Estado"] != "Anulada"]
    owed = sum(amount(row["Total"]) for row in dollars)
    owed -= sum(amount(row["Valor"]) for row in read(ecuador, "COBROS", 5) if row["Moneda"] == "USD")
    assert round(owed, 2) == read(ecuador, "FICHA", 5)[0]["Saldo de control"]

    assert read(panama, "Profile")[0]["Control total"] == ""


def amount(cell: float | str) -> float:
    return float(cell.replace(".", "").replace(",", ".")) if isinstance(cell, str) else cell


def test_balances_that_the_client_calculates_are_those_of_its_receipts(paths):
    receipts: dict[str, float] = {}
    for row in read(paths[0], "Cobros"):
        receipts[row["Factura"]] = receipts.get(row["Factura"], 0) + row["Importe"]
    for row in read(paths[0], "Facturas"):
        expected = 0 if row["Estado"] == "Anulada" else round(row["Total"] - receipts.get(row["Factura"], 0), 2)
        assert row["Pendiente"] == pytest.approx(expected, abs=0.001), row["Factura"]


def test_every_problem_that_a_rule_should_find_is_there(paths):
    for client in CLIENTS:
        items = client.invoices(AS_OF)
        numbers = [item.number for item in items]
        assert len(numbers) - len(set(numbers)) == 1, "one number used twice"
        assert gaps(items), "a number is missing in a series"
        assert [item.vat - vat(item.base, item.rate) for item in items if item.vat != vat(item.base, item.rate)] == [
            100
        ]
        assert any(item.due is None and item.balance for item in items)
        assert any(item.disputed and item.balance for item in items)
        assert any(item.cancelled for item in items)
        assert any(item.total < 0 for item in items)
    for path, sheet, top, heading in zip(
        paths,
        ("Clientes", "CLIENTES", "Customers"),
        (0, 5, 0),
        ("Límite de crédito", "Cupo de crédito", "Credit limit"),
        strict=True,
    ):
        client = CLIENTS[paths.index(path)]
        owed: dict[str, int] = {}
        for item in own(client):
            owed[item.party.name] = owed.get(item.party.name, 0) + item.balance
        rows = [[*row.values(), row[heading]] for row in read(path, sheet, top) if row[heading] != ""]
        assert len([row for row in rows if owed.get(row[0], 0) > row[-1] * 100]) == 1, path.name


def gaps(items: list[Item]) -> list[str]:
    """Return the numbers missing between the first and the last of each prefix."""
    series: dict[str, set[int]] = {}
    for item in items:
        prefix, digits = re.fullmatch(r"(.*?)(\d+)", item.number).groups()  # type: ignore[union-attr]
        series.setdefault(prefix, set()).add(int(digits))
    return [f"{p}{n}" for p, found in series.items() for n in range(min(found), max(found)) if n not in found]


def test_tax_ids_pass_their_check_digit_where_the_country_has_one(paths):
    assert all(nif.is_valid(party.tax_id) for party in samples_spain.CUSTOMERS + samples_spain.SUPPLIERS)
    assert all(ruc.is_valid(party.tax_id) for party in samples_ecuador.CUSTOMERS + samples_ecuador.SUPPLIERS)
    assert nif.is_valid(read(paths[0], "Ficha", 3)[0]["NIF"])
    assert ruc.is_valid(read(paths[1], "FICHA", 5)[0]["RUC"])
    for client in CLIENTS:
        taxed = [party.tax_id for party in client.CUSTOMERS + client.SUPPLIERS]
        assert len(set(taxed)) == len(taxed)


def test_ecuador_types_dates_and_amounts_as_text_and_some_cells_make_no_sense(paths):
    sales, bills = read(paths[1], "VENTAS", 5), read(paths[1], "COMPRAS", 5)
    texts = [row["Fecha de emisión"] for row in sales if isinstance(row["Fecha de emisión"], str)]
    assert len(texts) > 60
    assert all(datetime.strptime(text, "%d/%m/%Y") for text in texts)  # noqa: DTZ007
    assert any(isinstance(row["Total"], str) and re.fullmatch(r"[\d.]+,\d\d", row["Total"]) for row in sales)
    assert [
        row["Fecha de vencimiento"]
        for row in sales
        if isinstance(row["Fecha de vencimiento"], str) and row["Fecha de vencimiento"]
    ] == ["fin de mes"]
    assert [row["Total"] for row in bills if isinstance(row["Total"], str)] == ["por confirmar"]
    assert {row["Moneda"] for row in sales} == {"USD", "EUR"}


def test_every_formula_carries_a_value(paths):
    for path in paths:
        package = zipfile.ZipFile(path)
        sheets = [package.read(name).decode() for name in package.namelist() if "/worksheets/sheet" in name]
        formulas = sum(sheet.count("<f>") for sheet in sheets)
        assert formulas > 100
        assert formulas == sum(len(re.findall(r"</f><v>[^<]*</v>", sheet)) for sheet in sheets)


@pytest.mark.live
@pytest.mark.skipif(not find_libreoffice(), reason="LibreOffice is not installed")
@pytest.mark.parametrize("position", range(3), ids=[client.NAME for client in CLIENTS])
def test_libreoffice_calculates_what_every_formula_holds(paths, position):
    path = paths[position]
    formulas, held = load_workbook(path), load_workbook(path, data_only=True)
    calculated = load_workbook(BytesIO(recalculate(path.read_bytes())), data_only=True)
    wrong = []
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            mine, theirs = (book[sheet.title][cell.coordinate].value for book in (held, calculated))
            same = abs(mine - theirs) < 0.005 if isinstance(mine, (int, float)) else mine == theirs
            wrong += [] if same else [(sheet.title, cell.coordinate, mine, theirs)]
    assert not wrong


def test_what_is_the_clients_own_is_there_to_survive_a_refresh(paths):
    for path in paths:
        names = set(zipfile.ZipFile(path).namelist())
        assert "xl/charts/chart1.xml" in names
        assert any(name.startswith("xl/comments") for name in names)
        book = load_workbook(path)
        assert book.defined_names
        sheets = book.worksheets
        assert any(sheet.conditional_formatting for sheet in sheets)
        assert any(sheet.data_validations.dataValidation for sheet in sheets)
    tables = [name for sheet in load_workbook(paths[0]).worksheets for name in sheet.tables]
    assert {"Facturas", "Cobros", "Recibidas", "Clientes", "Documentos", "Declaraciones", "Tareas", "Ficha"} <= set(
        tables
    )
    assert not [name for sheet in load_workbook(paths[1]).worksheets for name in sheet.tables]


def test_documents_filings_and_tasks_leave_gaps_to_find(paths):
    for path, documents, filings, tasks, top in zip(
        paths,
        (("Documentos", "Caducidad"), ("DOCUMENTOS", "Fecha de caducidad"), ("Documents", "Expiry date")),
        (
            ("Declaraciones", "Vencimiento", "Fecha de presentación"),
            ("DECLARACIONES", "Fecha de vencimiento", "Fecha de presentación"),
            ("Filings", "Due date", "Filed on"),
        ),
        (
            ("Tareas", "Fecha límite", "Terminada"),
            ("TAREAS", "Fecha límite", "Fecha de fin"),
            ("Tasks", "Due date", "Done on"),
        ),
        (0, 5, 0),
        strict=True,
    ):
        expiries = [row[documents[1]] for row in read(path, documents[0], top)]
        ends = [day for day in expiries if isinstance(day, date)]
        assert any(day < AS_OF for day in ends)
        assert any(AS_OF <= day <= AS_OF + timedelta(days=40) for day in ends)
        for sheet, due, done in (filings, tasks):
            rows = read(path, sheet, top)
            assert [row for row in rows if row[due] < AS_OF and row[done] == ""], sheet
            assert [row for row in rows if row[due] >= AS_OF and row[done] == ""], sheet
            assert len([row for row in rows if row[done] != ""]) > len(rows) / 2, sheet
            assert all(row[done] <= AS_OF for row in rows if row[done] != "")


LISTS = {
    "profile": ("Ficha", "FICHA", "Profile"),
    "invoices": ("Facturas", "VENTAS", "Invoices"),
    "receipts": ("Cobros", "COBROS", None),
    "customers": ("Clientes", "CLIENTES", "Customers"),
    "bills": ("Facturas recibidas", "COMPRAS", "Bills"),
    "payments": ("Pagos", "PAGOS", None),
    "suppliers": ("Proveedores", "PROVEEDORES", "Suppliers"),
    "bank": ("Bancos", "BANCOS", None),
    "budget": ("Presupuesto", None, None),
    "documents": ("Documentos", "DOCUMENTOS", "Documents"),
    "filings": ("Declaraciones", "DECLARACIONES", "Filings"),
    "tasks": ("Tareas", "TAREAS", "Tasks"),
}
"""The sheet of each canonical table, by client."""


@pytest.mark.parametrize("table", LISTS)
def test_the_base_pack_knows_the_headings_of_every_list(paths, table):
    spec = yaml.safe_load((rules_folder() / "base.yaml").read_text(encoding="utf-8"))["tables"][table]
    required = {name for name, field in spec["fields"].items() if field.get("required")}
    for path, sheet in zip(paths, LISTS[table], strict=True):
        if sheet is None:
            continue
        assert fold(sheet) in map(fold, spec["names"])
        top = 5 if path == paths[1] else 3 if sheet == "Ficha" else 0
        headings = [fold(heading) for heading in read(path, sheet, top)[0]]
        found = {
            name: len({*headings} & {*map(fold, [*field["names"], *field.get("also", [])])})
            for name, field in spec["fields"].items()
        }
        assert max(found.values()) == 1, "two headings for one field"
        assert not [name for name in required if not found[name]], sheet


def test_aliado_reads_every_sample_and_every_figure_ties(paths):
    for path in paths:
        assessment = assess_package(read_package(path.read_bytes()), path, Options(as_of=AS_OF))
        assert [tie.name.es for tie in assessment.ties if not tie.ok] == []
        unreadable = [rejection.found for rejection in assessment.rejections]
        assert unreadable == (["fin de mes", "31/02/2026", "por confirmar"] if path == paths[1] else [])
        found = {finding.rule for finding in assessment.findings}
        assert {"IN-001", "IN-002", "IN-003", "VAT-001", "AR-001", "AR-020", "OPS-001"} <= found
        statuses = [filing.status for filing in assessment.calendar]
        assert statuses.count("overdue") <= 2 < statuses.count("filed_on_time")


def test_vat_is_rounded_half_up_on_both_sides_of_zero():
    assert [vat(3350, 15), vat(-3350, 15), vat(10, 15), vat(333, 0)] == [503, -503, 2, 0]


def test_weekends_move_to_the_working_day_before_or_after():
    saturday = date(2026, 11, 21)
    assert workday(saturday, -1) == date(2026, 11, 20)
    assert workday(saturday, 1) == date(2026, 11, 23)
    assert workday(AS_OF, 1) == AS_OF
