"""The ribbon's very actions on documents open in LibreOffice: what they lay in, tell, and leave as it was."""

from __future__ import annotations

from datetime import date

import pytest
from live_office import run_live
from office import needs_office

from aliado.batch.samples import write_samples
from aliado.excel.actions import refresh
from aliado.excel.book import read_owned
from aliado.excel.buttons import BUTTONS
from aliado.excel.ribbon import click
from aliado.report.donor import SHEETS
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
        refresh(book, AS_OF)
        assert [sheet.name for sheet in book.sheets][: len(clients)] == clients
        assert set(read_owned(book)) == set(SHEETS)
        first, formulas = live.contents(book), state(live, book)
        assert {name: first[name] for name in clients} == before
        texts = [text for _, rows in live.formulas(book).values() for row in rows for text in row if text[:1] == "="]
        assert len(texts) > 100
        assert not [text for text in texts if "#REF!" in text or "file:" in text or "aliado-hojas" in text]
        refresh(book, AS_OF)
        assert live.contents(book) == first
        assert state(live, book) == formulas


def test_formulas_and_names_of_the_client_that_speak_of_our_sheets_survive(live, panama):
    with live.opened(panama) as book:
        refresh(book, AS_OF)
        cells = live.model(book).Sheets.getByName("Summary")
        cells.getCellRangeByName("A40").setFormula("=$Panel.$B$8+SUM($Ageing.$I$7:$I$9)")
        cells.getCellRangeByName("A41:A43").setArrayFormula("=$Ageing.$I$7:$I$9*2")
        book.names.add("Debt", "=Panel!$B$8")
        refresh(book, LATER)
        assert book.sheets["Summary"].range("A40").formula == "=Panel!$B$8+SUM(Ageing!$I$7:$I$9)"
        assert book.sheets["Summary"].range("A42").formula == "=Ageing!$I$7:$I$9*2"
        assert book.names["Debt"].refers_to == "=Panel!$B$8"
        live.model(book).calculateAll()
        assert cells.getCellRangeByName("A40").Value > 0


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


def write_client(path, rows):
    """Write a client of so many invoices, with a formula in every row, as a real one would have."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Facturas")
    sheet.write_row(0, 0, ["Número", "Cliente", "Fecha", "Vencimiento", "Total", "IVA"])
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, [f"F-{row:05}", f"Cliente {row % 40}"])
        sheet.write_datetime(row, 2, date(2026, 1 + row % 10, 1 + row % 27), day)
        sheet.write_datetime(row, 3, date(2026, 2 + row % 10, 1 + row % 27), day)
        sheet.write_number(row, 4, 100 + row % 900)
        sheet.write_formula(row, 5, f"=E{row + 1}*0.12", None, (100 + row % 900) * 0.12)
    book.close()


def test_ten_thousand_rows_take_no_more_round_trips_than_a_hundred(live, tmp_path):
    counts = []
    for rows in (100, 10_000):
        path = tmp_path / f"client{rows}.xlsx"
        write_client(path, rows)
        with live.opened(path) as book:
            taken = []
            for _ in range(2):
                live.calls.clear()
                refresh(book, AS_OF)
                taken.append(dict(live.calls))
            counts.append(taken)
    assert counts[0] == counts[1]
