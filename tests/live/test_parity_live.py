"""The ribbon on a live document, the cell functions over its ranges and the batch agree, cell for cell."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from live_office import run_live
from office import needs_office

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh as refresh_file
from aliado.batch.samples import write_samples
from aliado.cells.registry import find_function
from aliado.excel.actions import refresh
from aliado.excel.book import read_live_book, read_owned
from aliado.excel.cells import read_argument
from aliado.rules.choose import choose_pack
from aliado.tables.recognition import recognise
from excel_ranges import batch_of
from test_excel_real_receivables import invoices, workbook  # noqa: F401 -- fixtures
from test_real_receivables import DATA

pytestmark = needs_office

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with run_live(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), AS_OF)


def live_ranges(book):
    """Return canonical table -> its range with headings in an open document."""
    found = read_live_book(book)
    pack = choose_pack(found.sheets, found.path)
    matches = recognise(list(found.sheets), pack.tables).matches
    return {
        name: book.sheets[match.region.sheet.name].range(
            (match.region.header_row, match.region.sheet.first_column),
            (match.region.last_row, match.region.sheet.first_column + len(match.region.sheet.rows[0]) - 1),
        )
        for name, match in matches.items()
    }


def check_agreement(live, path, as_of, out):
    """Refresh by either door and compare every cell; then ask the cell functions for every figure."""
    outcome = refresh_file(Job(path, out), Options(as_of))
    assert outcome.status == "refreshed"
    batch = batch_of(path, as_of)
    with live.opened(out) as by_batch:
        expected, owned = live.contents(by_batch), read_owned(by_batch)
        order = [sheet.name for sheet in by_batch.sheets]
    with live.opened(path) as book:
        refresh(book, as_of)
        found = live.contents(book)
        assert [sheet.name for sheet in book.sheets] == order
        assert read_owned(book) == owned
        for name in order:
            assert found[name] == expected[name], name
        given = {name: read_argument(cells) for name, cells in live_ranges(book).items()}
        caller = SimpleNamespace(sheet=SimpleNamespace(book=SimpleNamespace(fullname=str(path))))
        names = {parameter.name for parameter in find_function("ALIADO_KPI").parameters}
        ranges = {name: cells for name, cells in given.items() if name in names}
        for kpi in batch.kpis:
            value = find_function("ALIADO_KPI")(kpi=kpi.id, as_of=as_of, caller=caller, **ranges)
            assert value == ("#N/A" if kpi.value is None else float(kpi.value)), kpi.id
        own = batch.ageing[0]
        few = {name: ranges[name] for name in ("invoices", "receipts", "profile") if name in ranges}
        _, *rows, total = find_function("ALIADO_AGEING")(as_of=as_of, caller=caller, **few)
        assert rows == [[row.customer, *map(float, row.bands), float(row.outstanding)] for row in own.customers]
        assert total[1:] == [*map(float, own.bands), float(own.outstanding)]
        _, *overdue = find_function("ALIADO_OVERDUE")(as_of=as_of, caller=caller, **few)
        assert [(row[0], row[4]) for row in overdue] == [(item.number, float(item.balance)) for item in batch.overdue]


@pytest.mark.parametrize("number", [0, 1, 2], ids=["spain", "ecuador", "panama"])
def test_all_doors_agree_on_the_sample_clients(live, samples, number, tmp_path):
    check_agreement(live, samples[number], AS_OF, tmp_path / samples[number].name)


@pytest.mark.skipif(not DATA.exists(), reason=f"the real receivables are not here: {DATA.name}")
@pytest.mark.parametrize("as_of", [date(2012, 8, 31), date(2013, 6, 30)], ids=str)
def test_all_doors_agree_on_the_real_receivables(live, workbook, as_of, tmp_path):  # noqa: F811 -- the fixture
    out = tmp_path / workbook.name
    out.with_name("late.aliado.yaml").write_text(
        workbook.with_name("late.aliado.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    check_agreement(live, workbook, as_of, out)
