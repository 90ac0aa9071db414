"""Importing a CSV file from the ribbon: the open workbook gets the very cells that the batch gives the saved one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aliado.excel import ribbon
from aliado.intake.known import Known
from aliado.intake.new_client import write_new_client
from aliado.rules.choose import choose_pack
from excel_fake import open_in_excel
from test_import import CSV, csv_file, run, write_client

AWKWARD = CSV + "0042;3-4;30/11/2026;5\n@SUM(1);'tilde;29/11/2026;-0,5\nF-9;#N/A;28/11/2026;2\n"
"""Texts that Excel takes for numbers, dates, formulas and errors when they are typed."""


def state(book):
    """Return everything in a book that an import could touch."""
    return {
        sheet.name: (
            {place: (type(value), value) for place, value in sheet.impl.values.items()},
            dict(sheet.impl.formulas),
            [(table._name, table.ref) for table in sheet.impl.table_list],
        )
        for sheet in book.sheets
    }


def click(app, file):
    """Click the button, choose a file, and return what the user is told."""
    app.shown.clear()
    app.picked = str(file) if file else False
    ribbon.run("Import", 0, "2026-11-20")
    return app.shown[-1] if app.shown else ""


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"formula": "=[@Total]*0.15"},
        {"table": False},
        {"dates": False},
        {"headings": ("Factura", "Cliente", "Fecha", "Total", "Zona")},
    ],
    ids=["table", "calculated column", "plain range", "dates as text", "own column"],
)
def test_the_open_workbook_gets_the_cells_that_the_batch_gives_the_saved_one(tmp_path, settings):
    client = write_client(tmp_path / "acme.xlsx", **settings)
    file = csv_file(tmp_path, AWKWARD)
    book, app = open_in_excel(client)
    before = client.read_bytes()
    told = click(app, file)
    assert client.read_bytes() == before, "saving is left to the user"
    said = run(file, client)
    expected, _ = open_in_excel(client)
    assert state(book) == state(expected)
    for name in (sheet.name for sheet in expected.sheets):
        formats = expected.sheets[name].impl.formats
        assert {place: book.sheets[name].impl.formats.get(place) for place in formats} == formats
    assert "5 filas nuevas en «Facturas»" in told
    assert set(said.splitlines()[:-1]) <= set(told.splitlines()), "the same words in both"
    assert (app.selection.sheet.name, app.selection.row, app.selection.column) == ("Facturas", 6, 1)


def test_an_empty_table_is_filled_from_its_blank_row_as_the_batch_fills_it(tmp_path):
    client = tmp_path / "new.xlsx"
    client.write_bytes(write_new_client(choose_pack([], given="ec"), "en", date(2026, 11, 30), Known()))
    file = csv_file(tmp_path)
    book, app = open_in_excel(client)
    told = click(app, file)
    assert "2 new rows on “Invoices”" in told
    run(file, client, "--table", "invoices")
    expected, _ = open_in_excel(client)
    assert state(book) == state(expected)


def test_importing_twice_is_importing_once(tmp_path):
    client = write_client(tmp_path / "acme.xlsx")
    file = csv_file(tmp_path)
    book, app = open_in_excel(client)
    click(app, file)
    once = state(book)
    told = click(app, file)
    assert "No hay filas nuevas" in told
    assert "ya estaban: 2 (líneas 2, 3)" in told
    assert state(book) == once


def test_a_cell_that_is_not_understood_keeps_everything_out_and_is_named(tmp_path):
    book, app = open_in_excel(write_client(tmp_path / "acme.xlsx"))
    before = state(book)
    told = click(app, csv_file(tmp_path, CSV + "F-5;Delta;31/11/2026;1\n"))
    assert "No se ha añadido nada" in told
    assert "línea 4, F. emisión: «31/11/2026»" in told
    assert state(book) == before


def test_without_a_file_nothing_happens_and_a_bad_one_is_told(tmp_path):
    book, app = open_in_excel(write_client(tmp_path / "acme.xlsx"))
    before = state(book)
    assert click(app, None) == ""
    assert "está vacío" in click(app, csv_file(tmp_path, "  \n"))
    assert "no dicen qué tabla es" in click(app, csv_file(tmp_path, "a;b;c\n1;2;3\n"))
    assert click(app, tmp_path / "gone.csv")
    assert state(book) == before


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"totals": True}, "fila de totales"),
        ({"protect": True}, "protegida"),
        ({"below": "B7"}, "Facturas!B7"),
        ({"table": False, "totals": True}, "parece un total"),
    ],
)
def test_what_cannot_grow_safely_is_refused_in_the_words_of_the_batch(tmp_path, settings, told):
    client = write_client(tmp_path / "acme.xlsx", **settings)
    file = csv_file(tmp_path)
    book, app = open_in_excel(client)
    before = state(book)
    said = click(app, file)
    assert told in said
    assert said in run(file, client, code=2)
    assert state(book) == before


def test_a_text_that_reads_as_a_formula_does_not_become_one_in_the_next_import(tmp_path):
    book, app = open_in_excel(write_client(tmp_path / "acme.xlsx"))
    click(app, csv_file(tmp_path))
    sheet = book.sheets["Facturas"].impl
    assert sheet.values[7, 2] == "=1+1"
    click(app, csv_file(tmp_path, "Factura;Cliente;Fecha;Total\nF-8;Zeta;30/11/2026;1\n"))
    assert sheet.values[8, 2] == "Zeta"
    assert not sheet.formulas


def test_a_formula_over_several_cells_is_not_filled_down(tmp_path, monkeypatch):
    import excel_fake

    book, app = open_in_excel(write_client(tmp_path / "acme.xlsx", formula="=[@Total]*0.15"))
    monkeypatch.setattr(excel_fake.Range, "has_array", True)
    before = state(book)
    assert "Facturas!E5: la fórmula" in click(app, csv_file(tmp_path))
    assert state(book) == before


def formats(book):
    """Return the formats of a book's cells that differ from their column's."""
    return {
        (sheet.name, place): code
        for sheet in book.sheets
        for place, code in sheet.impl.formats.items()
        if code != sheet.impl.column_formats.get(place[1], "General")
    }


@pytest.mark.parametrize("filled", [True, False], ids=["filled by Excel", "filled by us"])
@pytest.mark.parametrize(
    "step",
    [
        "resize table 1",
        "fill formats 1",
        "write values 1",
        "write values 2",
        "write formulas 1",
        "fill formats 2",
    ],
)
def test_whatever_step_fails_no_row_is_left_behind(tmp_path, step, filled):
    book, app = open_in_excel(write_client(tmp_path / "acme.xlsx", formula="=[@Total]*0.15"))
    before, looks = state(book), formats(book)
    app.fills_columns = filled
    app.fail_at = step
    told = click(app, csv_file(tmp_path, AWKWARD))
    app.fail_at = None
    if filled and step == "write formulas 1":
        assert "5 filas nuevas" in told, "Excel has filled the formulas"
        return
    assert "Excel is busy" in told
    assert "las celdas y la tabla de «Facturas» están como estaban; las filas 6 a 10, vacías, pueden" in told
    assert state(book) == before
    assert formats(book) == looks
    assert app.screen_updating
    assert app.calculation == "automatic"


def test_the_rows_below_a_table_get_their_formats_back_unless_something_stands_beneath(tmp_path):
    for below, kept in (("B11", True), ("B12", False)):
        book, app = open_in_excel(write_client(tmp_path / f"{below}.xlsx", below=below))
        before, looks = state(book), formats(book)
        app.fail_at = "write values 1"
        assert "pueden haber cambiado de formato" in click(app, csv_file(tmp_path, AWKWARD))
        assert state(book) == before
        assert (formats(book) != looks) is kept


def test_a_step_that_cannot_be_taken_back_is_told(tmp_path, monkeypatch):
    import excel_fake

    book, app = open_in_excel(write_client(tmp_path / "acme.xlsx"))
    resize = excel_fake.Table.resize

    def once(table, area):
        monkeypatch.setattr(excel_fake.Table, "resize", lambda *_: 1 / 0)
        resize(table, area)

    monkeypatch.setattr(excel_fake.Table, "resize", once)
    app.fail_at = "write values 1"
    told = click(app, csv_file(tmp_path))
    assert "no todo se ha podido deshacer: en «Facturas» revise las filas 6 a 7" in told
    assert (6, 1) not in book.sheets["Facturas"].impl.values


def test_where_the_program_has_no_dialogue_a_mac_asks_with_its_own(monkeypatch):
    from types import SimpleNamespace

    from aliado.excel import importing

    asked = []

    def answer(command, **_):
        asked.append(command)
        return SimpleNamespace(returncode=0, stdout="/Users/ana/banco.csv\n")

    monkeypatch.setattr(importing.sys, "platform", "darwin")
    monkeypatch.setattr(importing.subprocess, "run", answer)
    assert importing.choose_file(SimpleNamespace(api=SimpleNamespace())) == Path("/Users/ana/banco.csv")
    assert "choose file" in asked[0][2]
