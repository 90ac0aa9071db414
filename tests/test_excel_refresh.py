"""The ribbon's refresh on an open workbook lays in what the batch lays into the file, and leaves the rest alone."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh as refresh_file
from aliado.batch.samples import write_samples
from aliado.errors import AliadoError, WorkbookRefused
from aliado.excel.actions import refresh
from aliado.excel.book import read_owned
from aliado.report.state import STATE_ROLES
from aliado.workbook.package import read_package
from aliado.workbook.patch import patch_cells
from excel_fake import open_in_excel

AS_OF = date(2026, 11, 20)
LATER = date(2026, 12, 31)


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), AS_OF)


@pytest.fixture(scope="module")
def panama(samples):
    return samples[2]


@pytest.fixture(scope="module")
def refreshed(panama, tmp_path_factory):
    """Return the small client, refreshed by the batch: either door goes on from there."""
    out = tmp_path_factory.mktemp("refreshed") / panama.name
    refresh_file(Job(panama, out), Options(AS_OF))
    return out


@pytest.fixture
def open_panama(panama):
    return open_in_excel(panama)


def contents(book, names=None):
    """Return sheet -> (formulas, values, tables) of a book in the fake Excel."""
    return {
        sheet.name: (dict(sheet.impl.formulas), dict(sheet.impl.values), [table.name for table in sheet.tables])
        for sheet in book.sheets
        if names is None or sheet.name in names
    }


@pytest.mark.parametrize(
    "number",
    [0, pytest.param(1, marks=pytest.mark.slow), 2],
    ids=["spain", "ecuador", "panama"],
)
def test_ribbon_and_batch_lay_in_the_same_cells(samples, number, tmp_path):
    path = samples[number]
    out = tmp_path / path.name
    outcome = refresh_file(Job(path, out), Options(AS_OF))
    assert outcome.status == "refreshed"
    by_batch, _ = open_in_excel(out)
    by_ribbon, _ = open_in_excel(path)
    refresh(by_ribbon, AS_OF)
    assert [sheet.name for sheet in by_ribbon.sheets] == [sheet.name for sheet in by_batch.sheets]
    assert read_owned(by_ribbon) == read_owned(by_batch)
    assert contents(by_ribbon) == contents(by_batch)


def test_each_door_knows_the_sheets_of_the_other(refreshed, tmp_path):
    out = tmp_path / refreshed.name
    out.write_bytes(refreshed.read_bytes())
    book, _ = open_in_excel(out)
    before = [sheet.name for sheet in book.sheets]
    refresh(book, LATER)
    assert [sheet.name for sheet in book.sheets][: len(before)] == before
    refresh_file(Job(out, out), Options(LATER))
    assert contents(book) == contents(open_in_excel(out)[0])


def test_a_second_refresh_changes_nothing(refreshed):
    book, _ = open_in_excel(refreshed)
    first, names = contents(book), [(n.name, n.refers_to) for n in book.names]
    refresh(book, AS_OF)
    assert contents(book) == first
    assert [(n.name, n.refers_to) for n in book.names] == names


def test_what_the_client_did_to_our_tabs_stays(refreshed):
    book, _ = open_in_excel(refreshed)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    ours = book.impl.list
    ours.insert(0, ours.pop(ours.index(sheets["Ageing"].impl)))
    sheets["Ageing"].name = "Aged debt"
    sheets["Audit"].visible = 2
    sheets["Panel"].api.Tab.ColorIndex, sheets["Panel"].api.Tab.Color = 3, 255
    refresh(book, LATER)
    now = {sheet.name: sheet for sheet in book.sheets}
    assert book.sheets[0].name == "Aged debt"
    assert now["Audit"].visible == 2
    assert now["Panel"].api.Tab.Color == 255
    assert now["Panel"].impl.formulas[8, 2].startswith("='Aged debt'!")


def test_formulas_and_names_of_the_client_that_speak_of_our_sheets_survive(refreshed):
    book, _ = open_in_excel(refreshed)
    profile = book.sheets["Profile"].impl
    profile.formulas[40, 1] = "=Panel!B8+SUM(AliadoAgeing[Outstanding])"
    profile.formulas[41, 1] = "='Ageing'!$A$1&\"Panel!\""
    book.names.add("Debt", "=Panel!$B$8")
    drawn = SimpleNamespace(Formula="=SERIES(,Panel!$B$27:$B$33,Panel!$D$27:$D$33,1)")
    profile.series.append(drawn)
    before = contents(book)
    refresh(book, LATER)
    assert profile.formulas[40, 1] == "=Panel!B8+SUM(AliadoAgeing[Outstanding])"
    assert profile.formulas[41, 1] == "='Ageing'!$A$1&\"Panel!\""
    assert book.names["Debt"].refers_to == "=Panel!$B$8"
    assert drawn.Formula == "=SERIES(,Panel!$B$27:$B$33,Panel!$D$27:$D$33,1)"
    assert contents(book, {"Profile", "Invoices", "Summary"}) == {
        name: content for name, content in before.items() if name in {"Profile", "Invoices", "Summary"}
    }
    written = [text for sheet in book.sheets for text in sheet.impl.formulas.values()]
    assert not any("#REF!" in text or ".xlsx]" in text for text in written)


def test_the_clients_aliado_column_is_filled_in_as_by_the_batch(panama, tmp_path):
    path = tmp_path / panama.name
    path.write_bytes(patch_cells(read_package(panama.read_bytes()), "Invoices", {"S1": "Aliado"}).to_bytes())
    live, app = open_in_excel(path)
    refresh(live, AS_OF)
    refresh_file(Job(path, path), Options(AS_OF))
    theirs = open_in_excel(path)[0]
    filled = {place: value for place, value in live.sheets["Invoices"].impl.values.items() if str(value)[:1] in "▲△○"}
    assert len(filled) > 3
    assert contents(live, {"Invoices"}) == contents(theirs, {"Invoices"})
    assert app.calls["write values"] == 1


def test_a_sheet_of_the_clients_own_keeps_its_name(open_panama):
    book, _ = open_panama
    book.sheets["Tasks"].name = "Panel"
    before = contents(book, {"Panel"})
    refresh(book, AS_OF)
    assert read_owned(book)["panel"] == "Panel (Aliado)"
    assert contents(book, {"Panel"}) == before


STEPS = [
    ("copy", 4),
    pytest.param("rename", 1, marks=pytest.mark.slow),
    ("rename", -1),
    pytest.param("table name", 1, marks=pytest.mark.slow),
    ("replace", 2),
    ("write", 1),
]


@pytest.mark.parametrize(("kind", "number"), STEPS)
def test_whatever_step_fails_the_book_is_as_it_was(refreshed, kind, number):
    book, app = open_in_excel(refreshed)
    book.sheets["Profile"].impl.formulas[40, 1] = "=Panel!B8"
    if number == -1:  # the last one: how many there are is seen by doing it once
        app.calls.clear()
        refresh(book, AS_OF)
        number = app.calls[kind]
    before, order = contents(book), [sheet.name for sheet in book.sheets]
    names = sorted((n.name, n.refers_to, n.api.Visible) for n in book.names)
    app.calls.clear()
    app.fail_at = f"{kind} {number}"
    with pytest.raises(RuntimeError, match="busy"):
        refresh(book, LATER)
    app.fail_at = None
    assert [sheet.name for sheet in book.sheets] == order
    assert contents(book) == before
    assert sorted((n.name, n.refers_to, n.api.Visible) for n in book.names) == names
    assert (app.screen_updating, app.enable_events, app.display_alerts, app.calculation) == (
        True,
        True,
        True,
        "automatic",
    )
    assert app.status_bar is False
    assert len(app.books) == 1


def test_progress_shows_on_the_status_bar_and_goes(open_panama):
    book, app = open_panama
    refresh(book, AS_OF)
    assert app.shown == ["Aliado: leyendo las tablas…", "Aliado: preparing the sheets…"]
    assert app.status_bar is False
    assert app.screen_updating


def test_first_time_the_panel_shows_and_later_the_users_own_sheet(open_panama):
    book, _ = open_panama
    refresh(book, AS_OF)
    assert book.sheets.active.name == "Panel"
    book.sheets["Bills"].select()
    refresh(book, AS_OF)
    assert book.sheets.active.name == "Bills"


def test_a_protected_structure_is_said_before_anything_is_touched(open_panama):
    book, app = open_panama
    book.api.ProtectStructure = True
    with pytest.raises(WorkbookRefused, match="Unprotect"):
        refresh(book, AS_OF)
    assert app.calls["copy"] == 0


def test_a_book_without_tables_is_refused_and_untouched(open_panama):
    book, app = open_panama
    for sheet in list(book.sheets):
        sheet.impl.values.clear()
        sheet.impl.formulas.clear()
    with pytest.raises(AliadoError, match="No table is recognised"):
        refresh(book, AS_OF)
    assert app.calls["copy"] == 0
    assert app.screen_updating


def test_the_number_of_reads_does_not_grow_with_the_rows(panama, samples):
    for path in (panama, samples[0]):
        book, app = open_in_excel(path)
        refresh(book, AS_OF)
        theirs = len(book.sheets) - len(read_owned(book))
        app.calls.clear()
        refresh(book, AS_OF)
        # Of the client's sheets: values and, once ours are there, formulas. Of ours: those that hold state.
        assert app.calls["read"] == 2 * theirs + len(STATE_ROLES)
        assert app.calls["write"] == 0
