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
