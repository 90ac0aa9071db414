"""The calendar and the compliance matrix, read back."""

from __future__ import annotations

from collections import Counter
from datetime import date

from msgspec.structs import replace

import report_samples as samples
from aliado.report import calendar, words
from aliado.report import words_deadlines as deadlines
from aliado.report.filings import symbol
from aliado.rules.assessment import Filing


def test_the_grid_shows_each_month_from_the_date_on_week_by_week():
    sheet = samples.read_typical()[1]["Calendario"]
    titles = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    assert [title for title in titles if title in ("Octubre 2026", "Noviembre 2026", "Diciembre 2026")] == [
        "Octubre 2026",
        "Noviembre 2026",
        "Diciembre 2026",
    ]
    october = titles.index("Octubre 2026") + 1
    assert [sheet.cell(october + 1, column).value for column in (1, 7)] == ["lunes", "domingo"]
    # 1 October 2026 is a Thursday.
    assert [sheet.cell(october + 2, column).value for column in range(1, 8)] == [28, 29, 30, 1, 2, 3, 4]
    assert samples.find_cell(sheet, deadlines.TODAY.es.format(day=31)).column_letter == "F"


def test_every_obligation_stands_under_its_day_and_leads_to_its_row():
    assessment = samples.typical()
    sheet = samples.read_typical()[0]["Calendario"]
    shown = {}
    for row in sheet.iter_rows(max_col=7):
        for cell in row:
            if isinstance(cell.value, str) and " EC-" in cell.value:
                above = next(
                    sheet.cell(line, cell.column).value
                    for line in range(cell.row - 1, 0, -1)
                    if isinstance(sheet.cell(line, cell.column).value, int)
                )
                shown[above, cell.value] = cell.hyperlink.location if cell.hyperlink else None
    wanted = {
        (filing.due.day, f"{symbol(filing.status)} {filing.obligation}"): f"'{filing.sheet}'!A{filing.row}"
        if filing.row
        else None
        for filing in assessment.calendar
        if (filing.due.year, filing.due.month) >= (2026, 10)
    }
    assert shown == wanted


def test_a_day_with_many_obligations_says_how_many_more():
    crowd = tuple(
        Filing(f"X-{n}", words.PANEL, "2026-10", date(2026, 10, 20), "pending", None, "info") for n in range(7)
    )
    sheet = samples.read_donor(replace(samples.typical(), calendar=crowd))[1]["Calendario"]
    assert samples.find_cell(sheet, deadlines.MORE_THAT_DAY.es.format(count=3))
    column = samples.find_cell(sheet, "○ X-0").column
    assert [sheet.cell(row, column).value for row in range(1, sheet.max_row)].count("○ X-4") == 0


def test_the_list_holds_every_obligation_by_date():
    assessment = samples.typical()
    formulas, values = samples.read_typical("en")
    sheet = values["Calendar"]
    table = formulas["Calendar"].tables[calendar.TABLE]
    assert table.ref == f"I5:U{5 + len(assessment.calendar)}"
    for row, filing in enumerate(assessment.calendar, 6):
        cells = [sheet.cell(row, column).value for column in range(9, 22)]
        assert cells[0].date() == filing.due
        assert cells[1] == (None if filing.filed else (filing.due - assessment.as_of).days)
        assert cells[3:5] == [filing.period, deadlines.FILING_STATUSES[filing.status].en]
        assert cells[7] == filing.obligation
        assert (cells[10] == deadlines.IS_VERIFIED.en) == filing.verified


def test_without_obligations_the_sheet_says_so():
    sheet = samples.read_donor(samples.tiny())[0]["Calendario"]
    assert samples.find_cell(sheet, deadlines.NO_CALENDAR.es)
    assert not sheet.tables


def test_the_matrix_counts_what_was_filed_and_names_each_period():
    assessment = samples.typical()
    sheet = samples.read_typical()[1]["Cumplimiento"]
    head = samples.find_cell(sheet, words.OBLIGATION.es).row
    assert [sheet.cell(head, column).value for column in range(6, 10)] == [
        "sep 2026",
        "oct 2026",
        "nov 2026",
        "dic 2026",
    ]
    vat = samples.find_cell(sheet, "Declaración mensual de IVA").row
    statuses = Counter(filing.status for filing in assessment.calendar if filing.obligation == "EC-IVA-M")
    assert [sheet.cell(vat, column).value for column in (2, 3, 4)] == [
        statuses["filed_on_time"],
        statuses["filed_late"],
        statuses["overdue"],
    ]
    assert sheet.cell(vat, 5).value == 0.5
    assert [sheet.cell(vat, column).value for column in range(6, 10)] == [
        "● 2026-08",
        "▲ 2026-09",
        "◆ 2026-10",
        "○ 2026-11",
    ]


def test_required_documents_say_how_they_stand():
    sheet = samples.read_typical()[1]["Cumplimiento"]
    for document in samples.typical().documents:
        row = samples.find_cell(sheet, document.title.es).row
        assert sheet.cell(row, 2).value == deadlines.DOCUMENT_STATUSES[document.status].es
        if document.expiry is None:
            assert sheet.cell(row, 5).value is None
        else:
            assert sheet.cell(row, 5).value == (document.expiry - samples.AS_OF).days
