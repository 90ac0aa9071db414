"""The ribbon's buttons on an open workbook, through the entry that VBA calls."""

from __future__ import annotations

from datetime import date

import pytest

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh as refresh_file
from aliado.batch.samples import write_samples
from aliado.excel import ribbon
from aliado.excel.ribbon import BUTTONS
from excel_fake import open_in_excel

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def panama(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), AS_OF)[2]


@pytest.fixture(scope="module")
def refreshed(panama, tmp_path_factory):
    out = tmp_path_factory.mktemp("refreshed") / panama.name
    refresh_file(Job(panama, out), Options(AS_OF))
    return out


@pytest.fixture
def opened(refreshed):
    return open_in_excel(refreshed)


def click(app, name):
    """Click a button as VBA does, and return what the user is told."""
    app.shown.clear()
    ribbon.run(name, 0, AS_OF.isoformat())
    return app.shown[-1] if app.shown else ""


def test_refresh_lays_the_sheets_in_and_says_what_was_found(panama):
    book, app = open_in_excel(panama)
    assert click(app, "Refresh").startswith("Refreshed as of 20 Nov 2026: ")
    assert "Panel" in [sheet.name for sheet in book.sheets]


@pytest.mark.parametrize("button", [button for button in BUTTONS if button.name != "Refresh"], ids=lambda b: b.name)
def test_the_other_buttons_change_nothing(opened, button):
    book, app = opened
    before = [(sheet.name, dict(sheet.impl.formulas), dict(sheet.impl.values)) for sheet in book.sheets]
    click(app, button.name)
    assert [(sheet.name, dict(sheet.impl.formulas), dict(sheet.impl.values)) for sheet in book.sheets] == before
    assert app.screen_updating
    assert app.calculation == "automatic"


def test_overdue_lists_them_and_goes_to_the_oldest(opened):
    book, app = opened
    told = click(app, "Overdue")
    assert "invoices overdue on 20 Nov 2026" in told
    assert book.sheets.active.name == "Invoices"
    assert app.selection.row > 1


def test_check_goes_to_the_first_cell_that_was_not_understood(opened):
    book, app = opened
    invoices = book.sheets["Invoices"].impl
    invoices.values[5, 2] = "soon"
    told = click(app, "Check")
    assert "Invoices!B5: «soon»" in told
    assert (book.sheets.active.name, app.selection.row, app.selection.column) == ("Invoices", 5, 2)


def test_explain_says_what_the_rules_say_of_the_row(opened):
    book, app = opened
    click(app, "Overdue")
    assert "AR-001" in click(app, "Explain")
    book.sheets["Invoices"].range("A1").select()
    assert "say nothing about row 1" in click(app, "Explain")


def test_explain_gives_the_method_of_an_indicator_on_the_panel(opened):
    book, app = opened
    panel = book.sheets["Panel"]
    [row, *_] = [row for (row, _), value in panel.impl.values.items() if value == "Days sales outstanding (DSO)"]
    panel.range((row, 2)).select()
    assert "AR-DSO" in click(app, "Explain")


def test_from_an_alert_to_its_row(opened):
    book, app = opened
    alerts = book.sheets["Alerts"]
    [row, *_] = [row for (row, _), value in sorted(alerts.impl.values.items()) if value == "AR-001"]
    alerts.range((row, 1)).select()
    assert click(app, "Source") == ""
    assert book.sheets.active.name == "Invoices"


def test_without_an_alert_selected_the_user_is_told_what_to_select(opened):
    _, app = opened
    assert "Select a row" in click(app, "Source")


def test_rules_names_the_packs_in_force(opened):
    _, app = opened
    told = click(app, "Rules")
    assert "base" in told
    assert "pa" in told


def test_a_failure_is_told_and_leaves_the_book_alone(opened):
    book, app = opened
    app.fail_at = f"copy {app.calls['copy'] + 2}"
    before = [sheet.name for sheet in book.sheets]
    assert "Excel is busy" in click(app, "Refresh")
    assert [sheet.name for sheet in book.sheets] == before
    assert app.status_bar is False


def test_a_workbook_that_cannot_be_refreshed_says_why(opened):
    book, app = opened
    book.api.ProtectStructure = True
    assert "protegida" in click(app, "Refresh")


def test_without_a_workbook_the_user_is_asked_to_open_one(opened):
    _, app = opened
    app.books.items.clear()
    assert "Abra un libro" in click(app, "Refresh")
