"""The ribbon's very actions on documents open in LibreOffice: what they lay in, tell, and leave as it was."""

from __future__ import annotations

import subprocess
from datetime import date

import pytest
from live_office import run_live
from office import needs_office

from aliado.batch.samples import write_samples
from aliado.excel.actions import refresh
from aliado.excel.book import read_owned
from aliado.excel.buttons import BUTTONS
from aliado.excel.ribbon import click
from aliado.report.donor import plan_sheets
from excel_ranges import batch_of

pytestmark = needs_office

AS_OF = date(2026, 11, 20)
LATER = date(2026, 12, 31)


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with run_live(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), AS_OF)


@pytest.fixture(scope="module")
def panama(samples):
    return samples[2]


def state(live, book):
    """Return all of a document that a refresh could touch."""
    model = live.model(book)
    return (
        live.formulas(book),
        live.host.names(book.impl.number),
        [(name, model.DatabaseRanges.getByName(name).DataArea.Sheet) for name in model.DatabaseRanges.ElementNames],
        [(sheet.name, sheet.visible, sheet.api.Tab.Color) for sheet in book.sheets],
        model.isAutomaticCalculationEnabled(),
        model.hasControllersLocked(),
    )


def test_refresh_lays_in_every_sheet_and_a_second_one_changes_nothing(live, panama):
    with live.opened(panama) as book:
        clients = [sheet.name for sheet in book.sheets]
        before = live.contents(book)
        planned = plan_sheets(refresh(book, AS_OF), "en")
        assert [sheet.name for sheet in book.sheets][: len(clients)] == clients
        assert read_owned(book) == planned
        first, formulas = live.contents(book), state(live, book)
        assert {name: first[name] for name in clients} == before
        texts = [text for _, rows in live.formulas(book).values() for row in rows for text in row if text[:1] == "="]
        assert len(texts) > 100
        assert not [text for text in texts if "#REF!" in text or "file:" in text or "aliado-hojas" in text]
        refresh(book, AS_OF)
        assert live.contents(book) == first
        assert state(live, book) == formulas


@pytest.mark.parametrize(
    "step",
    ["copy 4", "unlink 2", "rename 1", "rename 12", "rename_table 1", "set_colour 3", "set_name 5", "hide_name 9"],
)
def test_whatever_step_fails_the_document_is_as_it_was(live, panama, step):
    with live.opened(panama) as book:
        refresh(book, AS_OF)
        live.model(book).Sheets.getByName("Summary").getCellRangeByName("A40").setFormula("=$Panel.B8")
        before = state(live, book)
        live.calls.clear()
        live.fail_at = step
        with pytest.raises(RuntimeError, match="busy"):
            refresh(book, LATER)
        live.fail_at = None
        assert state(live, book) == before
        assert len(live.app.books) == 1


def test_every_other_button_answers_and_changes_nothing(live, samples):
    for path in samples:
        with live.opened(path) as book:
            refresh(book, AS_OF)
            before = state(live, book)
            assessment = batch_of(path, AS_OF)
            live.host.choose_file = lambda *_: None
            answers = {item.name: click(item, book, AS_OF.isoformat()) for item in BUTTONS if item.name != "Refresh"}
            assert state(live, book) == before
            if assessment.rejections:
                assert (answers["Check"].sheet, answers["Check"].cell) == (
                    assessment.rejections[0].sheet,
                    assessment.rejections[0].cell,
                )
            assert str(len(assessment.overdue)) in answers["Overdue"].text
            assert "base" in answers["Rules"].text
            assert "Aliado" in answers["About"].text


def test_the_pdf_button_saves_the_panel_alone_on_one_page(live, panama):
    with live.opened(panama) as book:
        refresh(book, AS_OF)
        (button,) = (item for item in BUTTONS if item.name == "Pdf")
        click(button, book, AS_OF.isoformat())
        told = subprocess.run(["pdfinfo", panama.with_suffix(".pdf")], capture_output=True, text=True, check=True)
        assert "Pages:           1\n" in told.stdout


def test_the_clients_formulas_that_speak_of_our_sheets_survive_many_refreshes(live, panama):
    """Alone, and as array formulas over several cells and over one: LibreOffice must live through it as well."""
    with live.opened(panama) as book:
        refresh(book, AS_OF)
        summary = live.model(book).Sheets.getByName("Summary")
        summary.getCellRangeByName("A40").setFormula("=$Panel.B8")
        summary.getCellRangeByName("A42:B44").setArrayFormula("=$Ageing.A5:B7")
        summary.getCellRangeByName("D42").setArrayFormula("=SUM($Ageing.C7:C9*1)")
        before = live.formulas(book)["Summary"]
        for day in (LATER, AS_OF, LATER, AS_OF):
            refresh(book, day)
            assert live.formulas(book)["Summary"] == before
            live.model(book).calculateAll()
            sheets = live.model(book).Sheets
            assert summary.getCellRangeByName("A40").Value == sheets.getByName("Panel").getCellRangeByName("B8").Value
            ageing = sheets.getByName("Ageing")
            shown = summary.getCellRangeByName("A42:B44").getDataArray()
            assert [row[0] for row in shown] == [row[0] for row in ageing.getCellRangeByName("A5:A7").getDataArray()]


def test_the_number_of_round_trips_does_not_grow_with_the_rows(live, tmp_path):
    """A first refresh and a second, which also rereads what the client's formulas say, of 1,000 and 10,000 invoices."""
    trips = []
    for rows in (1_000, 10_000):
        path = tmp_path / f"{rows}.xlsx"
        write_client(path, rows)
        with live.opened(path) as book:
            counted = []
            for day in (AS_OF, LATER):
                live.calls.clear()
                assessment = refresh(book, day)
                counted.append(dict(live.calls))
            assert len(assessment.overdue) == rows
            column = book.sheets["Facturas"].range((2, 6), (rows + 1, 6)).value
            assert len(column) == rows
            assert all(column)
            trips.append(counted)
    assert trips[0] == trips[1]
    assert all(sum(counted.values()) < 1_000 for counted in trips[1])


def write_client(path, rows):
    """Write a client of so many overdue invoices, a formula in each, and as many receipts of a cent."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet("Ficha").write_column(0, 0, ["País", "EC"])
        invoices, receipts = book.add_worksheet("Facturas"), book.add_worksheet("Cobros")
        invoices.write_row(0, 0, ["Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Aliado"])
        receipts.write_row(0, 0, ["Factura", "Fecha", "Importe"])
        for row in range(1, rows + 1):
            invoices.write_row(row, 0, [f"F-{row}", f"Cliente {row % 7}"])
            invoices.write_datetime(row, 2, date(2026, 6, 1), day)
            invoices.write_datetime(row, 3, date(2026, 7, 1), day)
            invoices.write_formula(row, 4, f"={row}+1", None, row + 1)
            receipts.write_string(row, 0, f"F-{row}")
            receipts.write_datetime(row, 1, date(2026, 6, 2), day)
            receipts.write_number(row, 2, 0.01)
