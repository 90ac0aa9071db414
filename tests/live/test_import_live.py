"""Importing a CSV file into a document open in LibreOffice gives the cells, formats and tables that the batch gives."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from live_office import run_live
from office import needs_office

from aliado.errors import AliadoError
from aliado.excel.buttons import BUTTONS
from aliado.excel.ribbon import click
from aliado.intake.known import Known
from aliado.intake.new_client import write_new_client
from aliado.rules.choose import choose_pack
from test_excel_import import AWKWARD
from test_import import CSV, csv_file, run, write_client

pytestmark = needs_office

FORMULA = "=tblFacturas[[#This Row],[Total]]*0.15"


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with run_live(tmp_path_factory.mktemp("office")) as found:
        yield found


def press(live, book, file):
    """Click the button and pick a file; return the answer."""
    (button,) = (item for item in BUTTONS if item.name == "Import")
    live.host.choose_file = lambda *_: str(file)
    return click(button, book)


def state(live, book):
    """Return cells, formulas, tables and the formats of all cells."""
    formats = {}
    for sheet in book.sheets:
        top, left, bottom, right = sheet.used_range.impl.area
        formats[sheet.name] = [
            (live.host.number_format(sheet.impl.number, row, column), _look(live, sheet, row, column))
            for row in range(top, min(bottom, 30) + 1)
            for column in range(left, right + 1)
        ]
    tables = {sheet.name: [(table.name, table.range.impl.area) for table in sheet.tables] for sheet in book.sheets}
    return live.contents(book), live.formulas(book), tables, formats


def _look(live, sheet, row, column):
    cell = live.host._sheet(sheet.impl.number)[1].getCellByPosition(column - 1, row - 1)
    return cell.CellBackColor, cell.CharWeight, cell.CharColor, str(cell.HoriJustify), cell.BottomBorder2.LineWidth


@pytest.mark.parametrize(
    "settings",
    [{}, {"formula": FORMULA}, {"table": False}, {"dates": False}],
    ids=["table", "calculated column", "plain range", "dates as text"],
)
def test_the_document_gets_what_the_batch_gives_the_file(live, tmp_path, settings):
    client = write_client(tmp_path / "acme.xlsx", **settings)
    file = csv_file(tmp_path, AWKWARD)
    by_batch = shutil.copy(client, tmp_path / "batch.xlsx")
    run(file, by_batch)
    with live.opened(by_batch) as book:
        expected = state(live, book)
    with live.opened(client) as book:
        answer = press(live, book, file)
        assert "5 filas nuevas en «Facturas»" in answer.text
        assert state(live, book) == expected


def test_the_blank_row_of_a_new_client_is_filled_first(live, tmp_path):
    client = tmp_path / "new.xlsx"
    client.write_bytes(write_new_client(choose_pack([], given="ec"), "en", date(2026, 11, 30), Known()))
    file = csv_file(tmp_path)
    by_batch = shutil.copy(client, tmp_path / "batch.xlsx")
    run(file, by_batch, "--table", "invoices")
    with live.opened(by_batch) as book:
        expected = state(live, book)
    with live.opened(client) as book:
        press(live, book, file)
        assert state(live, book) == expected


def filled(live, book):
    """Return the tables, the cells that hold something, and the formats of the invoices and of the rows below."""
    tables = [(table.name, table.range.impl.area) for sheet in book.sheets for table in sheet.tables]
    cells = {
        (name, area[0] + row, area[1] + column): text
        for name, (area, rows) in live.formulas(book).items()
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
        if text
    }
    sheet = book.sheets["Facturas"]
    formats = [
        (live.host.number_format(sheet.impl.number, row, column), _look(live, sheet, row, column))
        for row in range(1, 12)
        for column in range(1, 7)
    ]
    return tables, cells, formats


@pytest.mark.parametrize(
    "step", ["resize_table 1", "fill_formats 1", "set_values 1", "set_formulas 1", "fill_formats 2"]
)
def test_whatever_step_fails_no_row_is_left_behind(live, tmp_path, step):
    client = write_client(tmp_path / "acme.xlsx", formula=FORMULA)
    file = csv_file(tmp_path)
    with live.opened(client) as book:
        before = filled(live, book)
        live.calls.clear()
        live.fail_at = step
        with pytest.raises(AliadoError, match="busy"):
            press(live, book, file)
        live.fail_at = None
        assert filled(live, book) == before


def test_the_number_of_round_trips_does_not_grow_with_the_rows(live, tmp_path):
    trips = []
    for rows in (100, 2_000):
        client = write_client(tmp_path / f"{rows}.xlsx", formula=FORMULA)
        lines = "".join(f"F-{number};Gama;15/11/2026;{number},50\n" for number in range(10, 10 + rows))
        file = csv_file(tmp_path, CSV.splitlines()[0] + "\n" + lines, f"{rows}.csv")
        with live.opened(client) as book:
            live.calls.clear()
            assert f"{rows} filas nuevas" in press(live, book, file).text
            trips.append(dict(live.calls))
    assert trips[0] == trips[1]
