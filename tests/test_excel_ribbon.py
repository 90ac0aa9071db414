"""The ribbon's buttons on an open workbook, through the entry that VBA calls."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from aliado.batch.outcome import Job, Options
from aliado.batch.refresh import refresh as refresh_file
from aliado.batch.samples import write_samples
from aliado.excel import ribbon, rule_files
from aliado.excel.buttons import BUTTONS
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


def test_the_calendar_says_what_is_still_to_be_filed_and_opens(opened):
    book, app = opened
    told = click(app, "Calendar")
    assert "filings to be made on 20 Nov 2026" in told
    dates = [line.split(" · ")[0] for line in told.splitlines()[2:14]]
    assert dates == sorted(dates, key=lambda text: datetime.strptime(text, "%d %b %Y"))  # noqa: DTZ007
    assert book.sheets.active.name == "Calendar"


def test_the_documents_that_are_missing_are_listed_worst_first(opened):
    book, app = opened
    told = click(app, "Documents")
    assert "required documents are missing or expire" in told
    lines = told.splitlines()[2:]
    assert lines == sorted(lines, key=lambda text: text[0], reverse=True), "▲ before ◆"
    assert book.sheets.active.name == "Compliance"


def test_what_changed_is_opened_or_the_user_is_told_to_refresh(opened, panama):
    book, app = opened
    assert click(app, "Changes") == ""
    assert book.sheets.active.name == "Changes"
    _, app = open_in_excel(panama)
    assert "pulse Actualizar" in click(app, "Changes")


def test_the_panel_alone_is_saved_as_a_pdf_beside_the_workbook(opened, refreshed):
    book, app = opened
    before = {sheet.name: sheet.visible for sheet in book.sheets}
    told = click(app, "Pdf")
    assert told == f"Panel saved as {refreshed.with_suffix('.pdf')}"
    assert refreshed.with_suffix(".pdf").read_text(encoding="utf-8") == "%PDF Panel"
    assert {sheet.name: sheet.visible for sheet in book.sheets} == before


OWN_PACK = """
pack: gatun
extends: pa
version: 1.0.0
title: {es: Gatún, en: Gatun}
"""


@pytest.fixture
def with_own_pack(opened, refreshed):
    pack = refreshed.with_name(f"{refreshed.stem}.aliado.yaml")
    pack.write_text(OWN_PACK, encoding="utf-8")
    yield opened[1], pack
    pack.unlink()


def test_the_pack_nearest_to_the_client_is_opened(with_own_pack, monkeypatch):
    app, pack = with_own_pack
    shown = []
    monkeypatch.setattr(rule_files, "open_file", lambda path: shown.append(path) or True)
    assert click(app, "OpenRules") == ""
    assert shown == [pack]


def test_a_shipped_pack_is_opened_with_word_of_how_to_write_ones_own(opened, monkeypatch):
    monkeypatch.setattr(rule_files, "open_file", lambda _: True)
    told = click(opened[1], "OpenRules")
    assert "pa.yaml" in told
    assert ".aliado.yaml" in told


def test_mistakes_in_the_rules_are_told_with_their_line(with_own_pack):
    app, pack = with_own_pack
    assert click(app, "CheckRules").startswith("Sin errores: ")
    pack.write_text(OWN_PACK + "flags: {X-1: {when: =[@nada]>0}}\n", encoding="utf-8")
    told = click(app, "CheckRules")
    assert "errores en las reglas" in told
    assert f"{pack.name}:6:" in told


def test_the_examples_beside_the_rules_are_run(with_own_pack):
    app, pack = with_own_pack
    examples = pack.with_name(pack.stem + ".test.yaml")
    examples.write_text("nada: [", encoding="utf-8")
    told = click(app, "TestRules")
    examples.unlink()
    assert f"{examples.name}:" in told
    assert "error" in told


def test_reminders_are_written_beside_the_workbook_and_nothing_in_it_changes(panama, tmp_path):
    copy = tmp_path / panama.name
    copy.write_bytes(panama.read_bytes())
    _, app = open_in_excel(copy)
    told = click(app, "Reminders")
    folder = tmp_path / f"{panama.stem} - Reminders"
    assert str(folder) in told
    assert "Nothing has been sent" in told
    assert {path.suffix for path in folder.iterdir()} == {".docx", ".eml"}
    assert copy.read_bytes() == panama.read_bytes()


def test_a_statement_is_of_the_customer_on_the_selected_row(panama, tmp_path):
    copy = tmp_path / panama.name
    copy.write_bytes(panama.read_bytes())
    book, app = open_in_excel(copy)
    folder = tmp_path / f"{panama.stem} - Statements"
    click(app, "Overdue")
    assert "Statements of account in" in click(app, "Statement")
    (one,) = folder.iterdir()
    assert one.name.startswith(f"{AS_OF} ")
    book.sheets["Invoices"].range("A1").select()
    click(app, "Statement")
    assert len(list(folder.iterdir())) > 1
