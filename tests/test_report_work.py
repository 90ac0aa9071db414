"""The sheets that are laid only when there is something for them: warnings, dunning, payables, variances, team."""

from datetime import date
from functools import cache

import pytest
from msgspec.structs import replace

import report_samples as samples
from aliado.language import Text
from aliado.report import words, words_work
from aliado.report import words_deadlines as deadlines
from aliado.report.donor import OPTIONAL, plan_sheets, render
from aliado.rules.assessment import Unscheduled


@cache
def read(language="es"):
    return samples.read_donor(samples.working(), language)


def test_a_sheet_comes_only_when_there_is_something_for_it():
    assert not set(OPTIONAL) & set(plan_sheets(samples.tiny(), "es"))
    assert set(OPTIONAL) <= set(plan_sheets(samples.working(), "es"))
    assert "team" in plan_sheets(replace(samples.tiny(), alerts=samples.working().alerts), "es")


def test_a_sheet_that_the_workbook_has_already_stays_and_says_that_it_is_empty():
    assert "payables" in plan_sheets(samples.tiny(), "es", present=["payables"])
    empty = {role: title.es for role, title in (("dunning", words_work.DUNNING), ("warnings", words_work.WARNINGS))}
    _, values = samples.read_donor(samples.tiny(), "es", **empty)
    samples.find_cell(values["Reclamación"], words_work.DUNNING_EMPTY.es)
    samples.find_cell(values["Alertas tempranas"], words_work.NO_WARNINGS.es)


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_optional_sheet_can_be_laid_empty(language):
    every = {role: f"{role} {language}" for role in OPTIONAL}
    assert render(samples.empty(), language=language, names=every, version="1")


def test_dunning_sums_each_state_and_currency_apart():
    formulas, values = read()
    sheet, shown = formulas["Reclamación"], values["Reclamación"]
    dollars = samples.find_cell(shown, words_work.DUNNING_SUMMARY.es.format(currency="USD")).row
    send = [shown.cell(dollars + 2, column).value for column in range(1, 7)]
    assert send == [words_work.DUNNING_STATES["send"].es, 1, 1000.1, 12.34, 40, 1052.44]
    assert sheet.cell(dollars + 2, 6).value.startswith("=SUMIFS(")
    assert [shown.cell(dollars + 5, column).value for column in (2, 3, 6)] == [2, 1050.1, 1102.44]
    euros = samples.find_cell(shown, words_work.DUNNING_SUMMARY.es.format(currency="EUR")).row
    assert [shown.cell(euros + 5, column).value for column in (2, 3)] == [1, 70]


def test_dunning_shows_what_to_send_first_and_doubts_what_is_not_verified():
    formulas, values = read("en")
    sheet = values["Dunning"]
    head = samples.find_cell(sheet, words_work.WHAT_NEXT.en)
    states = [sheet.cell(head.row + line, 6).value for line in (1, 2, 3)]
    assert states == [words_work.DUNNING_STATES[state].en for state in ("send", "blocked", "sent")]
    samples.find_cell(sheet, words_work.DUNNING_UNVERIFIED.en)
    first = formulas["Dunning"].cell(head.row + 1, 2)
    assert first.value == "F-1"
    assert first.hyperlink.location == "'Facturas'!A12"


def test_payables_tie_and_name_the_overdue_bills():
    _, values = read()
    sheet = values["Por pagar"]
    total = samples.find_cell(sheet, "Total USD").row
    assert sheet.cell(total, 9).value == 1020
    assert sheet.cell(total + 2, 10).value == words.TIE_OK.es
    bill = samples.find_cell(sheet, "P-7").row
    assert [sheet.cell(bill, column).value for column in (1, 4, 5)] == ["Papelera Nacional", 19, 120]
    assert sheet.cell(bill, 3).value.date() == date(2026, 10, 12)


def test_a_variance_is_good_or_bad_by_the_kind_of_account():
    formulas, values = read()
    sheet, shown = formulas["Desviaciones"], values["Desviaciones"]
    assert [[sheet.cell(row, 6).value, shown.cell(row, 6).value] for row in (6, 7)] == [["=E6", 100.1], ["=-E7", -50]]
    assert [shown.cell(row, 8).value for row in range(6, 10)] == [
        words_work.BUDGET_STATES[light].es for light in ("green", "amber", "amber", "none")
    ]
    assert shown["G8"].value == "–"
    result = samples.find_cell(shown, words_work.RESULT.es).row
    assert [shown.cell(result, column).value for column in (3, 4, 6)] == [600, 637.8, 37.8]
    assert sheet["I6"].hyperlink.location == "'Plan d''any'!A2"


def test_a_warning_says_from_what_to_what_and_leads_to_the_rows_that_drove_it():
    formulas, values = read()
    shown = values["Alertas tempranas"]
    assert [shown.cell(6, column).value for column in (3, 5, 6)] == [words_work.WARNING_KINDS["trend"].es, 49.5, 58.3]
    assert shown["G6"].value == pytest.approx(8.8 / 49.5)
    driver = samples.find_cell(formulas["Alertas tempranas"], "Facturas!H14")
    assert driver.hyperlink.location == "'Facturas'!H14"


def test_the_team_sheet_says_what_hangs_on_one_person_and_what_goes_up():
    _, values = read()
    sheet = values["Equipo"]
    process = samples.find_cell(sheet, "Cobros")
    assert [sheet.cell(process.row, column).value for column in (2, 3, 5, 6)] == [
        5,
        2,
        "Ana",
        words_work.MANY_PEOPLE.es,
    ]
    up = samples.find_cell(sheet, "▲ Socio")
    assert sheet.cell(up.row, up.column + 1).value.date() == date(2026, 10, 23)
    blocked = samples.find_cell(sheet, words_work.STEP_STATUSES["blocked"].es)
    assert sheet.cell(blocked.row, 8).value == "Bancos"
    first = samples.find_cell(sheet, words_work.STEP_STATUSES["overdue"].es)
    assert first.row < blocked.row


def test_an_indicator_is_a_native_formula_only_where_that_gives_its_very_figure():
    base = samples.typical()
    own = base.ageing[0]
    share = round(sum(own.bands[1:6]) / own.outstanding, 6)
    for value, native in ((share, True), (share + 1, False)):
        kpis = tuple(replace(kpi, value=value) if kpi.id == "AR-OVERDUE" else kpi for kpi in base.kpis)
        formulas, values = samples.read_donor(replace(base, kpis=kpis))
        row = next(row for row in range(12, 40) if formulas["Panel"].cell(row, 2).value == "Saldo vencido")
        assert str(formulas["Panel"].cell(row, 5).value).startswith("=ROUND(SUM('Antigüedad'!") is native
        assert values["Panel"].cell(row, 5).value == pytest.approx(float(value))


def test_each_card_shows_its_target_and_the_panel_the_first_warnings():
    formulas, values = read()
    panel = values["Panel"]
    assert panel["E9"].value == pytest.approx(0.1)
    assert panel["E9"].number_format.startswith('"Meta ≤ "')
    title = samples.find_cell(panel, words_work.WARNINGS.es)
    link = formulas["Panel"].cell(title.row + 1, title.column)
    assert link.value == "▲ Periodo medio de cobro (DSO)"
    assert link.hyperlink.location == "'Alertas tempranas'!A6"


def test_what_goes_up_stands_beside_its_owner_on_the_sheet_of_alerts():
    _, values = read()
    owners = {values["Alertas"].cell(row, 11).value for row in range(6, 12)}
    assert any(owner and owner.endswith("▲ Socio") for owner in owners)


def test_obligations_that_are_not_on_the_calendar_say_why():
    missing = Unscheduled(
        "X-1", Text("Renta", "Income tax"), "2027", "unknown", Text("falta la tabla de 2027", "no table for 2027"),
        None, None, "SRI-CAL", None, verified=True,
    )  # fmt: skip
    other = replace(missing, obligation="X-2", status="not_applicable", period="")
    _, values = samples.read_donor(replace(samples.typical(), unscheduled=(other, missing)))
    sheet = values["Cumplimiento"]
    row = samples.find_cell(sheet, deadlines.UNSCHEDULED.es).row
    assert [sheet.cell(row + line, 2).value for line in (2, 3)] == [
        deadlines.UNSCHEDULED_STATUSES[status].es for status in ("unknown", "not_applicable")
    ]
    assert [sheet.cell(row + 2, column).value for column in (4, 5)] == ["2027", "falta la tabla de 2027"]
