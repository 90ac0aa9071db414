"""Cells over the 2,466 real invoices give what the batch gives, at several month ends."""

from __future__ import annotations

import csv
from datetime import date, datetime

import pytest

from aliado.excel.functions import ALIADO_AGEING, ALIADO_KPI, ALIADO_OVERDUE
from excel_ranges import batch_of
from test_real_receivables import DATA, PACK

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real receivables are not here: {DATA.name}")


@pytest.fixture(scope="module")
def invoices():
    """Return the CSV as Excel would hand it over: dates as datetimes, every number a float."""
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file)
    return [head, *([_cell(column, text) for column, text in enumerate(line)] for line in lines)]


def _cell(column, text):
    if column in {4, 5, 8}:
        return datetime.strptime(text, "%m/%d/%Y")  # noqa: DTZ007 -- as Excel: no zone
    return float(text) if column == 6 else text


@pytest.fixture(scope="module")
def workbook(invoices, tmp_path_factory):
    import xlsxwriter

    path = tmp_path_factory.mktemp("real") / "late.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Sheet1")
    day = book.add_format({"num_format": "m/d/yyyy"})
    for number, row in enumerate(invoices):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell, day if isinstance(cell, datetime) else None)
    book.close()
    path.with_name("late.aliado.yaml").write_text(PACK, encoding="utf-8")
    return path


@pytest.mark.parametrize("as_of", [date(2012, 8, 31), date(2013, 6, 30), date(2014, 1, 31)], ids=str)
def test_cells_agree_with_the_batch_on_real_invoices(invoices, workbook, as_of):
    batch = batch_of(workbook, as_of)
    more = (None, None, str(workbook.with_name("late.aliado.yaml")))
    own = batch.ageing[0]
    _, *rows, total = ALIADO_AGEING(invoices, as_of, *more)
    assert rows == [[row.customer, *map(float, row.bands), float(row.outstanding)] for row in own.customers]
    assert total == ["Total", *map(float, own.bands), float(own.outstanding)]
    _, *overdue = ALIADO_OVERDUE(invoices, as_of, *more)
    assert [row[0] for row in overdue] == [item.number for item in batch.overdue]
    assert [row[4] for row in overdue] == [float(item.balance) for item in batch.overdue]
    for kpi in batch.kpis:
        expected = "#N/A" if kpi.value is None else float(kpi.value)
        assert ALIADO_KPI(kpi.id, invoices, as_of, *more) == expected, kpi.id
