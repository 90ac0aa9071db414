"""2,466 real invoices, refreshed at several month ends, against figures computed here from the CSV alone."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh

DATA = Path(__file__).parents[2] / "shared" / "data" / "receivables" / "ibm_late_payments.csv"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real receivables are not here: {DATA.name}")

MONTH_ENDS = [
    date(2012, 3, 31),
    date(2012, 8, 31),
    date(2012, 12, 31),
    date(2013, 6, 30),
    date(2013, 9, 30),
    date(2013, 12, 31),
]
AFTER_ALL = date(2014, 1, 31)

PACK = """
pack: late-payments
extends: base
version: 1.0.0
title: {es: Cobros tardíos, en: Late payments}
currency: USD
sources:
  DATA: {title: Late payment histories, kind: business}
tables:
  invoices:
    formats: {date: mm/dd/yyyy, decimal: "."}
    map:
      number: invoiceNumber
      customer: customerID
      issue_date: InvoiceDate
      due_date: DueDate
      total: InvoiceAmount
      paid_date: SettledDate
      disputed: Disputed
kpis:
  LATE-COUNT:
    title: {es: Facturas cobradas tarde, en: Invoices paid late}
    table: invoices
    value: =CONTAR.SI.CONJUNTO([Días de retraso]; ">0")
    unit: count
    better: lower
    source: DATA
  LATE-DISPUTED:
    title: {es: Retraso de las disputadas, en: Days late of disputed invoices}
    table: invoices
    where: =[@[En disputa]]
    value: =ALIADO_DAYS_LATE_MEAN(invoices; HOY())
    unit: days
    better: lower
    source: DATA
  LATE-UNDISPUTED:
    title: {es: Retraso de las no disputadas, en: Days late of undisputed invoices}
    table: invoices
    where: =NO([@[En disputa]])
    value: =ALIADO_DAYS_LATE_MEAN(invoices; HOY())
    unit: days
    better: lower
    source: DATA
"""


@dataclass(frozen=True)
class Row:
    """One invoice, read here and not by the engine."""

    customer: str
    issued: date
    due: date
    cents: int
    settled: date


def american(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 -- a day, no clock


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        return [
            Row(
                line["customerID"],
                american(line["InvoiceDate"]),
                american(line["DueDate"]),
                int((Decimal(line["InvoiceAmount"]) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)),
                american(line["SettledDate"]),
            )
            for line in csv.DictReader(file)
        ]


@pytest.fixture(scope="module", params=["text dates", "real dates"])
def workbook(request, tmp_path_factory) -> Path:
    """Return the CSV as an .xlsx under its own headings, dates as the CSV types them or as Excel dates."""
    import xlsxwriter

    folder = tmp_path_factory.mktemp("real")
    path = folder / "late.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Sheet1")
    day = book.add_format({"num_format": "m/d/yyyy"})
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        for number, line in enumerate(csv.reader(file)):
            for column, text in enumerate(line):
                if number and column in {4, 5, 8} and request.param == "real dates":
                    sheet.write_datetime(number, column, american(text), day)
                elif number and column == 6:
                    sheet.write_number(number, column, float(text))
                else:
                    sheet.write_string(number, column, text)
    book.close()
    (folder / "late.aliado.yaml").write_text(PACK, encoding="utf-8")
    return path


def refreshed(workbook: Path, as_of: date) -> dict:
    outcome = refresh(Job(workbook, workbook.with_name(f"out-{as_of}.xlsx")), Options(as_of, language="en"))
    assert outcome.status == "refreshed", outcome.reason
    return outcome.record


def open_on(rows: list[Row], day: date) -> list[Row]:
    return [row for row in rows if row.issued <= day < row.settled]


def money(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"


def band_of(row: Row, day: date) -> str:
    late = (day - row.due).days
    if late <= 0:
        return "not_due"
    for last, name in ((30, "1-30"), (60, "31-60"), (90, "61-90"), (120, "91-120")):
        if late <= last:
            return name
    return "121+"


@pytest.mark.parametrize("as_of", MONTH_ENDS, ids=str)
def test_ageing_and_kpis_of_a_past_month_end_are_those_of_the_csv(workbook, rows, as_of):
    record = refreshed(workbook, as_of)
    opened = open_on(rows, as_of)
    outstanding = sum(row.cents for row in opened)

    bands: dict[str, int] = defaultdict(int)
    for row in opened:
        bands[band_of(row, as_of)] += row.cents
    expected = {
        name: money(bands[name]) for name in ("not_due", "1-30", "31-60", "61-90", "91-120", "121+", "no_due_date")
    }
    assert record["ageing"] == {**expected, "outstanding": money(outstanding)}
    assert not record["other_currencies"]

    overdue = [row for row in opened if row.due < as_of]
    sales = sum(row.cents for row in rows if as_of - timedelta(days=90) < row.issued <= as_of)
    current = outstanding - sum(row.cents for row in overdue)
    kpis = {name: kpi["value"] for name, kpi in record["kpis"].items()}
    assert Decimal(kpis["AR-DSO"]) == pytest.approx(Decimal(outstanding * 90) / sales, abs=Decimal("0.000001"))
    assert Decimal(kpis["AR-BPDSO"]) == pytest.approx(Decimal(current * 90) / sales, abs=Decimal("0.000001"))
    assert Decimal(kpis["AR-ADD"]) == pytest.approx(
        Decimal((outstanding - current) * 90) / sales, abs=Decimal("0.000002")
    )
    assert Decimal(kpis["AR-OVERDUE"]) == pytest.approx(
        Decimal(outstanding - current) / outstanding, abs=Decimal("0.000001")
    )
    assert Decimal(kpis["AR-OVERDUE-COUNT"]) == pytest.approx(
        Decimal(len(overdue)) / len(opened), abs=Decimal("0.000001")
    )

    before = as_of.replace(day=1) - timedelta(days=1)
    beginning = sum(row.cents for row in open_on(rows, before))
    month = sum(row.cents for row in rows if before < row.issued <= as_of)
    cei = Decimal(beginning + month - outstanding) / (beginning + month - current) * 100
    assert Decimal(kpis["AR-CEI"]) == pytest.approx(cei, abs=Decimal("0.000001"))

    debtors: dict[str, int] = defaultdict(int)
    for row in opened:
        debtors[row.customer] += row.cents
    top = sum(sorted(debtors.values(), reverse=True)[:5])
    assert Decimal(kpis["AR-TOP5"]) == pytest.approx(Decimal(top) / outstanding, abs=Decimal("0.000001"))

    flagged = [flag for flag in record["flags"] if flag["rule"] == "AR-001"]
    assert len(flagged) == len(overdue)
    assert all(tie["ok"] for tie in record["ties"])
    assert not record["rejected"]


def test_the_published_figures_are_hit_once_all_is_paid(workbook):
    kpis = {name: kpi["value"] for name, kpi in refreshed(workbook, AFTER_ALL)["kpis"].items()}
    assert round(Decimal(kpis["AR-DAYS-LATE"]), 2) == Decimal("3.44")
    assert round(Decimal(kpis["AR-DAYS-TO-PAY"]), 2) == Decimal("26.44")
    assert Decimal(kpis["LATE-COUNT"]) == 877
    assert round(Decimal(kpis["LATE-DISPUTED"]), 2) == Decimal("8.58")
    assert round(Decimal(kpis["LATE-UNDISPUTED"]), 2) == Decimal("1.93")
