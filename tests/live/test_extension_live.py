"""The extension in LibreOffice: formulas give what the batch gives, and a click on the toolbar refreshes the document."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

import pytest
from extension import users_program
from office import needs_office, run_office
from screen import find_on_screen, needs_screen, on_screen

from aliado.batch.samples import write_samples
from aliado.cells.registry import FUNCTIONS
from aliado.libreoffice.install import install
from aliado.rules.choose import choose_pack
from aliado.tables.recognition import recognise
from aliado.workbook.package import read_package
from aliado.workbook.reader import read_sheets
from excel_ranges import batch_of
from test_excel_real_receivables import invoices, workbook  # noqa: F401 -- fixtures
from test_real_receivables import DATA

pytestmark = needs_office

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("extended")
    install(users_program(found))
    return found


@pytest.fixture(scope="module")
def office(folder):
    with run_office(folder) as found:
        yield found


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), AS_OF)


def addresses(path):
    """Return canonical table -> where it stands, headings included, in LibreOffice's grammar."""
    from openpyxl.utils import get_column_letter

    sheets = read_sheets(read_package(path.read_bytes()))
    found = {}
    for name, match in recognise(sheets, choose_pack(sheets, path).tables).matches.items():
        region = match.region
        left = region.sheet.first_column
        first, last = get_column_letter(left), get_column_letter(left + len(region.sheet.rows[0]) - 1)
        found[name] = f"$'{region.sheet.name}'.${first}${region.header_row}:${last}${region.last_row}"
    return found


def ask(document, formula, rows=1, columns=1):
    """Return what a formula shows on a sheet of its own; rows for an array."""
    sheets = document.Sheets
    if not sheets.hasByName("Prueba"):
        sheets.insertNewByName("Prueba", sheets.Count)
    sheet = sheets.getByName("Prueba")
    cells = sheet.getCellRangeByPosition(0, 0, columns - 1, rows - 1)
    sheet.getCellRangeByPosition(0, 0, 19, 999).clearContents(1023)
    if (rows, columns) != (1, 1):
        cells.setArrayFormula(formula)
        return [list(row) for row in cells.getDataArray()]
    cell = cells.getCellByPosition(0, 0)
    cell.setFormula(formula)
    error = cell.getError()
    return {0: None, 32767: "#N/A"}.get(error, "#VALUE!") or (
        cell.getValue() if cell.FormulaResultType2 == 1 else cell.String
    )


def check_formulas(office, path, as_of):
    """Ask for every indicator, the ageing and the overdue invoices in cells, and compare with the batch."""
    batch = batch_of(path, as_of)
    places = addresses(path)
    day = f"DATE({as_of.year};{as_of.month};{as_of.day})"
    kpi = next(function for function in FUNCTIONS if function.name == "ALIADO_KPI")
    order = [parameter.name for parameter in kpi.parameters][1:]
    given = ";".join(day if name == "as_of" else places.get(name, "") for name in order).rstrip(";")
    few = f"{places['invoices']};{day};{places.get('receipts', '')};{places.get('profile', '')}".rstrip(";")
    document = office.open(path)
    try:
        for item in batch.kpis:
            expected = "#N/A" if item.value is None else pytest.approx(float(item.value), rel=1e-12)
            assert ask(document, f'=ALIADO_KPI("{item.id}";{given})') == expected, item.id
        own = batch.ageing[0]
        _, *rows, total = ask(document, f"=ALIADO_ANTIGUEDAD({few})", len(own.customers) + 2, 8)
        assert [row[0] for row in rows] == [row.customer for row in own.customers]
        assert [row[1:8] for row in rows] == [
            [*map(float, row.bands), float(row.outstanding)][:7] for row in own.customers
        ]
        assert total[1:] == [*map(float, own.bands), float(own.outstanding)][:7]
        if batch.overdue:
            _, *overdue = ask(document, f"=ALIADO_OVERDUE({few})", len(batch.overdue) + 1, 6)
            assert [(str(row[0]), row[4]) for row in overdue] == [
                (item.number, float(item.balance)) for item in batch.overdue
            ]
    finally:
        document.close(True)


@pytest.mark.parametrize("number", [0, 1, 2], ids=["spain", "ecuador", "panama"])
def test_formulas_in_cells_agree_with_the_batch_on_the_sample_clients(office, samples, number):
    check_formulas(office, samples[number], AS_OF)


@pytest.mark.skipif(not DATA.exists(), reason=f"the real receivables are not here: {DATA.name}")
def test_formulas_in_cells_agree_with_the_batch_on_the_real_receivables(office, workbook):  # noqa: F811 -- the fixture
    check_formulas(office, workbook, date(2013, 6, 30))


def test_every_function_is_known_under_every_name(office, samples):
    document = office.open(samples[2])
    try:
        sheet = document.Sheets.getByName("Summary")
        for function in FUNCTIONS:
            for name in (function.name, *function.aliases):
                cell = sheet.getCellRangeByName("A60")
                cell.setFormula(f"={name}()")
                assert cell.getError() != 525, name
        assert ask(document, '=ALIADO_DIA_LAB("2026-11-20";1;"EC")') == 46349
        assert ask(document, '=ALIADO_KPI("NADA";$Invoices.$A$1:$M$62;DATE(2026;11;20))') == "#VALUE!"
        assert "NADA" in ask(document, '=ALIADO_EXPLICAR("NADA";$Invoices.$A$1:$M$62;DATE(2026;11;20))')
    finally:
        document.close(True)


def test_functions_in_a_workbook_of_excels_resolve(office, tmp_path):
    import xlsxwriter

    path = tmp_path / "excel.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Una").write_formula("A1", 'ALIADO_WORKDAY("2026-11-20",1,"EC")', None, 0)
    book.close()
    document = office.open(path)
    try:
        document.calculateAll()
        cell = document.Sheets.getByName("Una").getCellRangeByName("A1")
        assert (cell.getError(), cell.getValue()) == (0, 46349)
    finally:
        document.close(True)


@needs_screen
def test_a_click_on_the_toolbar_refreshes_the_document(samples, tmp_path_factory):
    """The screenshots stay in the folder that ALIADO_SCREENSHOTS names, where there is one.

    The profile is this test's own: a LibreOffice without windows that ran on it would answer in this one's place.
    A screen may swallow a click or a key: it is tried three times, each on a fresh one.
    """
    shots = Path(os.environ.get("ALIADO_SCREENSHOTS") or tmp_path_factory.mktemp("shots"))
    shots.mkdir(parents=True, exist_ok=True)
    folder = tmp_path_factory.mktemp("clicked")
    install(users_program(folder))
    for attempt in range(3):
        try:
            click_refresh(folder, samples[2], shots)
        except Exception:
            if attempt == 2:
                raise
        else:
            break


def click_refresh(folder, path, shots):
    """Click the toolbar's first button, read the message, close it, and look at the refreshed document."""
    with on_screen() as screen, run_office(folder, screen.display) as office:
        document = office.show(path)
        window = document.CurrentController.Frame.ContainerWindow
        place = find_on_screen(window, "Actualizar")
        screen.shoot(shots / "toolbar.png")
        screen.click(*place)
        toolkit = office.service("com.sun.star.awt.Toolkit")
        wait_for(lambda: find_message(toolkit, window))
        time.sleep(1)  # until it is painted
        screen.shoot(shots / "message.png")
        assert "Panel" in document.Sheets.ElementNames
        wait_for(lambda: find_message(toolkit, window) is None or screen.press("Return"))
        wait_for(lambda: document.CurrentController.ActiveSheet.Name == "Panel")
        time.sleep(1)
        screen.shoot(shots / "refreshed.png")
        assert "Gatun" in document.Sheets.getByName("Panel").getCellRangeByName("B1").String


def find_message(toolkit, window):
    """Return the message box that shows beside a window, None when there is none; a closed one stays in the list, unseen."""
    for index in range(toolkit.getTopWindowCount()):
        top = toolkit.getTopWindow(index)
        seen = top is not None and top != window and top.isVisible()
        context = top.getAccessibleContext() if seen else None
        if context is not None and context.getAccessibleName() == "Aliado":
            return top
    return None


def wait_for(condition, seconds=120):
    """Return what a condition gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError("it did not happen in time")
