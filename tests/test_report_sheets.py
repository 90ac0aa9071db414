"""What each sheet says, read back: values, formulas, links, totals."""

import os
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from msgspec.structs import replace

import report_samples as samples
from aliado.formula.values import round_half_up, to_serial
from aliado.language import same
from aliado.report import alerts, words
from aliado.report import words_deadlines as deadlines
from aliado.report.cards import PREFERRED
from aliado.report.donor import render
from aliado.report.indicators import kpi_status
from aliado.report.page import quote_sheet
from aliado.report.panel import overall_status
from aliado.report.theme import BAND_COLOURS, GREY, HEAT, INK, LINK, MIST, NAVY, PAPER, STATUS, kpi_format, money_format
from aliado.rules.assessment import BANDS, Basis, Tie
from aliado.rules.kpis import runs_of

HEADER = alerts.HEADER_ROW + 1
SEPTEMBER = date(2026, 9, 30)
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


# Alerts


def test_alerts_are_grouped_by_severity_then_rule_then_key():
    rows = _alert_rows(samples.typical(), "es")
    order = [word.es for word in words.SEVERITIES.values()]
    keys = [(order.index(row[0]), row[1], row[3]) for row in rows]
    assert keys == sorted(keys)
    assert len(rows) == len(samples.typical().findings)


def test_each_alert_leads_to_its_row_and_says_so():
    assessment = samples.typical()
    expected = {(f.rule, f.key, f.row): f"{quote_sheet(f.sheet)}!{f.cell or f'A{f.row}'}" for f in assessment.findings}
    sheet = samples.read_typical()[0]["Alertas"]
    seen = {}
    for row in range(HEADER + 1, sheet.max_row + 1):
        link = sheet.cell(row, alerts.WHERE + 1)
        place = link.hyperlink.location
        line = int("".join(c for c in place.rsplit("!", 1)[1] if c.isdigit()))
        seen[sheet.cell(row, 2).value, sheet.cell(row, 4).value, line] = place
        assert link.value.replace("'", "''") == place.replace("'", "", 1)[::-1].replace("'", "", 1)[::-1]
    assert seen == expected
    assert "'Doc''s 2026'!A7" in seen.values()


def test_amounts_are_numbers_and_dates_are_dates():
    assessment = samples.typical()
    by_key = {finding.key: finding for finding in assessment.findings if finding.rule == "AR-010"}
    sheet = samples.read_typical("en")[1]["Alerts"]
    for row in range(HEADER + 1, sheet.max_row + 1):
        finding = by_key.get(sheet.cell(row, 4).value)
        if finding:
            assert Decimal(str(sheet.cell(row, 6).value)) == Decimal(finding.values["balance"])
            assert sheet.cell(row, 7).value == "USD"
            assert sheet.cell(row, 8).value == datetime.fromisoformat(finding.values["due_date"])


def test_the_table_of_alerts_filters_and_keeps_its_name_and_notes_in_any_language():
    for language, name in (("es", "Alertas"), ("en", "Alerts")):
        sheet = samples.read_typical(language)[0][name]
        table = sheet.tables["AliadoAlerts"]
        assert table.ref == f"A{HEADER}:Q{HEADER + 34}"
        assert table.autoFilter.ref == table.ref
        assert sheet.freeze_panes == f"B{HEADER + 1}"
        assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
        assert {sheet.cell(row, alerts.NOTES + 1).value for row in range(HEADER + 1, HEADER + 35)} == {None}


def test_without_alerts_the_table_stays_and_a_line_says_that_all_is_well():
    sheet = samples.read_donor(samples.tiny(), "en")[0]["Alerts"]
    assert sheet["A3"].value == words.ALERTS_EMPTY.en
    assert sheet.tables["AliadoAlerts"].ref == f"A{HEADER}:Q{HEADER + 1}"


def test_findings_without_a_row_have_no_false_link():
    finding = replace(samples.typical().findings[0], sheet=None, row=None, cell=None, owner=None, values={})
    sheet = samples.read_donor(replace(samples.typical(), findings=(finding,)))[0]["Alertas"]
    assert sheet.cell(HEADER + 1, alerts.WHERE + 1).hyperlink is None
    assert sheet.cell(HEADER + 1, 6).value is None


@pytest.mark.parametrize("value", ["", "NaN", "Infinity", "12,5", "pagado"])
def test_an_amount_that_is_none_stays_out_of_the_amount_column(value):
    finding = replace(samples.typical().findings[0], values={"balance": value, "due_date": value})
    sheet = samples.read_donor(replace(samples.typical(), findings=(finding,)))[0]["Alertas"]
    assert sheet.cell(HEADER + 1, 6).value is None
    assert sheet.cell(HEADER + 1, 8).value is None


# Ageing


def test_every_block_of_ageing_ties_in_rows_columns_and_total():
    assessment = samples.typical()
    sheet = samples.read_typical()[1]["Antigüedad"]
    for ageing in assessment.ageing:
        total = samples.find_cell(sheet, f"Total {ageing.currency}").row
        first = samples.find_cell(sheet, f"Saldo pendiente en {ageing.currency}").row + 2
        lines = [[_money(sheet.cell(row, column)) for column in range(2, 10)] for row in range(first, total)]
        assert len(lines) == len(ageing.customers)
        assert all(sum(line[:-1]) == line[-1] for line in lines)
        sums = [_money(sheet.cell(total, column)) for column in range(2, 10)]
        assert sums == [sum(column) for column in zip(*lines, strict=True)]
        assert sums == [*ageing.bands, ageing.outstanding]
        assert sheet.cell(total + 2, 10).value == words.TIE_OK.es


def test_each_customer_unfolds_into_its_invoices_and_ties():
    assessment = samples.typical()
    own = assessment.ageing[0]
    formulas, values = samples.read_typical()
    sheet, links = values["Antigüedad"], formulas["Antigüedad"]
    head = samples.find_cell(sheet, words.CUSTOMER_AND_INVOICE.es).row
    assert not links.sheet_properties.outlinePr.summaryBelow
    row = head + 1
    for customer in own.customers:
        items = [item for item in assessment.open_list.items if item.customer == customer.customer]
        if not items:
            continue
        assert sheet.cell(row, 1).value == customer.customer
        assert _money(sheet.cell(row, 9)) == customer.outstanding
        assert [_money(sheet.cell(row, column)) for column in range(2, 9) if sheet.cell(row, column).value] == [
            band for band in customer.bands if band
        ]
        for line, item in enumerate(items, row + 1):
            assert links.row_dimensions[line].outlineLevel == 1
            assert links.row_dimensions[line].hidden
            assert links.cell(line, 1).hyperlink.location == f"'Facturas'!A{item.row}"
            assert _money(sheet.cell(line, 2 + item.band)) == item.balance
        above = next(cell.row for cell in sheet["A"] if cell.value == customer.customer)
        assert links.cell(above, 1).hyperlink.location == f"'Antigüedad'!A{row}"
        row += 1 + len(items)
    assert samples.find_cell(sheet, words.MORE_ITEMS.es.format(count=3))


def test_totals_of_ageing_are_native_sums_over_exactly_the_customers():
    sheet = samples.read_typical()[0]["Antigüedad"]
    total = samples.find_cell(sheet, "Total USD").row
    assert sheet.cell(total, 2).value == f"=SUM(B7:B{total - 1})"
    assert sheet.cell(total, 9).value == f"=SUM(I7:I{total - 1})"
    assert sheet.cell(7, 9).value == "=SUM(B7:H7)"
    assert sheet.tables["AliadoAgeing"].ref == f"A6:J{total - 1}"
    assert "AliadoAgeing_EUR" in sheet.tables


def test_an_ageing_that_does_not_tie_says_so():
    wrong = replace(samples.tiny().ageing[0], outstanding=Decimal("120.51"))
    sheet = samples.read_donor(replace(samples.tiny(), ageing=(wrong,)))[1]["Antigüedad"]
    assert sheet.cell(10, 10).value == words.TIE_WRONG.es


def test_currencies_that_differ_only_in_signs_still_get_tables_of_their_own():
    lines = [("Cliente", ["1", "0", "0", "0", "0", "0", "0"])]
    ageing = tuple(samples.make_ageing(currency, lines) for currency in ("USD", "US$", "$", "€", "us"))
    sheet = samples.read_donor(replace(samples.tiny(), ageing=ageing))[0]["Antigüedad"]
    assert list(sheet.tables) == [
        "AliadoAgeing",
        "AliadoAgeing_US",
        "AliadoAgeing_3",
        "AliadoAgeing_4",
        "AliadoAgeing_5",
    ]


# Panel


def test_the_panel_prints_on_one_portrait_page_without_gridlines():
    sheet = samples.read_typical()[0]["Panel"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.sheet_view.showGridLines is False
    assert sheet.print_area == f"'Panel'!$A$1:$M${sheet.max_row}"


def test_the_panel_shows_each_indicator_with_value_target_status_and_method():
    assessment = samples.typical()
    formulas, values = samples.read_typical()
    sheet = values["Panel"]
    for kpi in assessment.kpis:
        row = next(cell.row for cell in sheet["B"] if cell.value == kpi.title.es and cell.row > 10)
        value, target = sheet.cell(row, 5).value, sheet.cell(row, 6).value
        assert value == (words.NOT_AVAILABLE.es if kpi.value is None else float(kpi.value))
        assert target == ("–" if kpi.target is None else float(kpi.target))
        status = words.KPI_UNKNOWN if kpi.value is None else words.KPI_STATUSES[kpi.status]
        assert sheet.cell(row, 9).value == status.es
        assert kpi.method.es in sheet.cell(row, 11).value
    assert formulas["Panel"]["E8"].value.startswith("=$E$")


def test_cards_repeat_the_figures_of_the_table():
    assessment = samples.typical()
    formulas, values = samples.read_typical()
    kpis = {kpi.id: kpi for kpi in assessment.kpis}
    for column, identity in zip((5, 8, 11), PREFERRED, strict=False):
        source = formulas["Panel"].cell(8, column).value.lstrip("=").replace("$", "")
        assert values["Panel"].cell(8, column).value == float(kpis[identity].value) == values["Panel"][source].value
    assert _money(values["Panel"]["B8"]) == assessment.ageing[0].outstanding


def test_the_clients_own_currency_stands_alone_with_its_total():
    own = samples.typical().ageing[0]
    sheet = samples.read_typical()[1]["Panel"]
    total = samples.find_cell(sheet, f"Total {own.currency}").row
    bands = [_money(sheet.cell(row, 4)) for row in range(total - len(BANDS), total)]
    assert bands == list(own.bands)
    assert _money(sheet.cell(total, 4)) == sum(bands) == own.outstanding


def test_every_other_currency_gets_a_line_of_its_own():
    extra = samples.make_ageing("GBP", [("Globe Ltd", ["10", "5", "0", "0", "0", "0", "0"])])
    base = samples.typical()
    sheet = samples.read_donor(replace(base, ageing=(*base.ageing, extra)))[1]["Panel"]
    row = samples.find_cell(sheet, "GBP").row
    assert [sheet.cell(row, column).value for column in (4, 6, 8)] == [15, 5, pytest.approx(1 / 3)]


def test_the_chart_stacks_the_bands_of_every_month_end():
    assessment = replace(samples.typical(), past=(samples.make_past(SEPTEMBER),))
    with zipfile.ZipFile(BytesIO(render(assessment, language="en", names={}, version="1"))) as package:
        drawing = package.read("xl/drawings/drawing1.xml").decode()
        chart = etree.fromstring(package.read("xl/charts/chart1.xml"))
    assert 'descr="Stacked column chart: open receivables by ageing band at each month end, in USD. ' in drawing
    assert chart.find(f".//{CHART}grouping").get("val") == "stacked"
    names = [series.findtext(f"{CHART}tx//{CHART}v") for series in chart.iterfind(f".//{CHART}ser")]
    assert names == [words.BANDS[band].en for band in BANDS]
    for index, series in enumerate(chart.iterfind(f".//{CHART}ser")):
        figures = [Decimal(v.text).quantize(Decimal("0.01")) for v in series.iterfind(f"{CHART}val//{CHART}v")]
        assert figures == [each.ageing[0].bands[index] for each in (assessment.past[0], assessment)]
        days = [int(v.text) for v in series.iterfind(f"{CHART}cat//{CHART}v")]
        assert days == [to_serial(SEPTEMBER), to_serial(assessment.as_of)]


def test_the_ring_counts_the_required_documents_by_status():
    assessment = samples.typical()
    formulas, values = samples.read_typical()
    sheet = values["Panel"]
    for status, word in deadlines.DOCUMENT_STATUSES.items():
        row = samples.find_cell(sheet, word.es).row
        assert sheet.cell(row, 13).value == sum(each.status == status for each in assessment.documents)
        assert formulas["Panel"].cell(row, 13).hyperlink.location == "'Cumplimiento'!A1"
    with zipfile.ZipFile(BytesIO(render(assessment, language="es", names={}, version="1"))) as package:
        assert "doughnutChart" in package.read("xl/charts/chart2.xml").decode()


def test_change_is_a_formula_on_the_history_and_its_trend_is_drawn():
    past = samples.make_past(SEPTEMBER)
    assessment = replace(samples.typical(), past=(past,))
    formulas, values = samples.read_donor(assessment)
    for kpi in assessment.kpis:
        row = next(cell.row for cell in values["Panel"]["B"] if cell.value == kpi.title.es and cell.row > 10)
        cell = values["Panel"].cell(row, 7)
        if kpi.value is None or past.kpis.get(kpi.id) is None:
            assert cell.value == "–"
        else:
            exact = kpi.value - past.kpis[kpi.id]
            assert cell.value == float(round_half_up(exact, 3 if kpi.unit == "%" else 1)), "as much as is shown"
            source = formulas["Panel"].cell(row, 7).value.rpartition("!")[2].partition(",")[0].replace("$", "")
            assert values["Historial"][source].value == float(past.kpis[kpi.id])
    with zipfile.ZipFile(BytesIO(render(assessment, language="es", names={}, version="1"))) as package:
        assert package.read("xl/worksheets/sheet1.xml").count(b"<x14:sparkline>") == len(assessment.kpis) + 4


@pytest.mark.parametrize(
    ("change", "shown", "status"), [("0.04", 0, "none"), ("-0.04", 0, "none"), ("0.05", 0.1, "red")]
)
def test_a_change_that_shows_as_nothing_has_neither_sign_nor_colour(change, shown, status):
    base = samples.typical()
    dso = base.kpis[0]
    past = samples.make_past(SEPTEMBER)
    past = replace(past, kpis={**past.kpis, dso.id: dso.value - Decimal(change)})
    values = samples.read_donor(replace(base, past=(past,)))[1]
    row = next(cell.row for cell in values["Panel"]["B"] if cell.value == dso.title.es and cell.row > 10)
    cell = values["Panel"].cell(row, 7)
    assert cell.value == pytest.approx(shown)
    assert cell.font.color.rgb == "FF" + STATUS[status][0][1:]


def test_a_debtor_leads_to_its_row_and_a_target_to_where_it_is_set():
    assessment = samples.typical()
    formulas, values = samples.read_typical()
    panel = formulas["Panel"]
    first = next(cell.row for cell in panel["B"] if str(cell.value).startswith("Mayores deudores")) + 2
    for row in range(first, first + 5):
        place = panel.cell(row, 2).hyperlink.location.rpartition("!")
        assert place[0] == "'Antigüedad'"
        assert values["Antigüedad"][place[2]].value == panel.cell(row, 2).value
    for kpi in assessment.kpis:
        row = next(cell.row for cell in panel["B"] if cell.value == kpi.title.es and cell.row > 10)
        if kpi.target is not None:
            target = panel.cell(row, 6).hyperlink.location.rpartition("!")[2]
            block = values["Auditoría"][target].row
            lines = [values["Auditoría"].cell(line, 1).value for line in range(block, block + 8)]
            assert lines[0] == kpi.title.es
            assert words.LIMITS.es in lines


def test_the_severities_are_seen_as_groups_above_the_alerts_and_between_them():
    assessment = samples.typical()
    formulas, values = samples.read_typical()
    sheet = formulas["Alertas"]
    for column, severity in enumerate(("red", "amber", "info"), 1):
        cell, word = sheet.cell(4, column), words.SEVERITIES[severity].es
        count = sum(finding.severity == severity for finding in assessment.findings)
        assert count
        assert values["Alertas"].cell(4, column).value == count
        assert cell.value == f'=COUNTIF($A$6:$A$39,"{word}")'
        assert cell.number_format == f'"{word}: "#,##0'
        target = cell.hyperlink.location.rpartition("!")[2]
        assert sheet[target].value == word
        assert sheet.cell(sheet[target].row - 1, 1).value != word
    (rules,) = (found.rules for found in sheet.conditional_formatting if str(found.sqref) == "A6:O39")
    assert [rule.formula for rule in sorted(rules, key=lambda rule: rule.priority)] == [["$A6<>$A7"], ["TRUE"]]


def test_the_panel_which_is_sent_alone_counts_no_pages():
    formulas, _ = samples.read_typical()
    assert formulas["Panel"].oddFooter.right.text is None
    assert "Página" in formulas["Alertas"].oddFooter.right.text
    assert formulas["Panel"].oddFooter.left.text == formulas["Alertas"].oddFooter.left.text


def test_more_indicators_than_the_page_has_room_for_are_named_on_another_sheet():
    base = samples.typical()
    extra = tuple(
        replace(base.kpis[0], id=f"X-{n}", title=same(f"Indicador {n}"), status="green" if n else "red")
        for n in range(9)
    )
    assessment = replace(base, kpis=(*base.kpis, *extra))
    formulas, values = samples.read_donor(assessment)
    titles = {cell.value for cell in values["Panel"]["B"]}
    shown = [kpi for kpi in assessment.kpis if kpi.title.es in titles]
    assert len(shown) == 12
    assert {"AR-OVERDUE", "AR-DSO", "AR-CEI", "X-0"} <= {kpi.id for kpi in shown}
    more = samples.find_cell(formulas["Panel"], words.MORE_KPIS.es.format(count=6, sheet="Historial"))
    assert more.hyperlink.location == "'Historial'!A1"
    history = {cell.value for cell in values["Historial"]["A"]}
    assert {kpi.title.es for kpi in assessment.kpis} <= history


def test_tasks_are_counted_by_owner_as_of_the_date():
    sheet = samples.read_donor(replace(samples.typical(), tables={"tasks": samples.make_tasks()}))[1]["Panel"]
    head = samples.find_cell(sheet, words.TASKS.es).row + 1
    lines = [[sheet.cell(row, column).value for column in (2, 5, 6)] for row in range(head + 1, head + 4)]
    assert lines == [["Ana", 3, 1], ["Luis", 1, 0], [words.NOBODY.es, 1, 0]]


def test_counts_of_alerts_are_formulas_and_lead_to_the_first_of_their_severity():
    assessment = samples.typical()
    formulas, values = samples.read_typical()
    panel, sheet = formulas["Panel"], formulas["Alertas"]
    for severity, word in words.SEVERITIES.items():
        cell = next(cell for cell in panel["J"] if cell.value == word.es)
        count = sum(finding.severity == severity for finding in assessment.findings)
        assert values["Panel"].cell(cell.row, 13).value == count
        assert panel.cell(cell.row, 13).value == f"=COUNTIF('Alertas'!$A$6:$A$39,\"{word.es}\")"
        target = cell.hyperlink.location.rsplit("!", 1)[1]
        assert sheet[target].value == word.es
        assert sheet.cell(sheet[target].row - 1, 1).value != word.es


def test_obligations_are_those_overdue_or_due_within_thirty_days_the_nearest_first():
    sheet = samples.read_typical()[1]["Panel"]
    first = samples.find_cell(sheet, words.OBLIGATION.es).row + 1
    due = [sheet.cell(row, 6).value for row in range(first, first + 4)]
    assert due == sorted(due)
    assert [day.date() for day in due] == [
        date(2026, 10, 16),
        date(2026, 11, 16),
        date(2026, 11, 16),
        date(2026, 11, 30),
    ]
    assert sheet.cell(first, 7).value == deadlines.FILING_STATUSES["overdue"].es
    assert sheet.cell(first + 3, 2).value == "Anexo transaccional simplificado (sin verificar)"
    assert sheet.cell(first + 4, 2).value is None


def test_the_tie_strip_says_what_does_not_tie_and_shows_it():
    tie = Tie(same("Saldo = control"), Decimal("10.00"), Decimal("10.01"), ok=False)
    base = samples.typical()
    sheet = samples.read_donor(replace(base, ties=(*base.ties, tie)))[1]["Panel"]
    assert samples.find_cell(sheet, words.TIES_WRONG.es.format(wrong=1, count=5, sheet="Auditoría"))
    assert samples.find_cell(sheet, "Saldo = control")
    assert not any(cell.value == base.ties[0].name.es for cell in sheet["B"])


@pytest.mark.parametrize(("control", "word"), [("120.50", words.TIE_OK), ("120.51", words.TIE_WRONG)])
def test_the_strip_sets_ageing_outstanding_and_control_total_side_by_side(control, word):
    tiny = samples.tiny()
    assessment = replace(tiny, profile=replace(tiny.profile, control_total=Decimal(control)))
    formulas, values = samples.read_donor(assessment)
    row = samples.find_cell(values["Panel"], words.STRIP_CONTROL.es).row + 1
    assert [values["Panel"].cell(row, column).value for column in (2, 5, 8)] == [120.5, 120.5, float(control)]
    assert values["Panel"].cell(row, 11).value == word.es
    assert formulas["Panel"].cell(row, 11).value.startswith("=IF(AND(ROUND(")


def test_a_control_total_of_another_date_is_not_compared():
    tiny = samples.tiny()
    profile = replace(tiny.profile, control_total=Decimal(1), control_date=SEPTEMBER)
    values = samples.read_donor(replace(tiny, profile=profile))[1]["Panel"]
    row = samples.find_cell(values, words.STRIP_CONTROL.es).row + 1
    assert values.cell(row, 8).value == words.NOT_GIVEN.es
    assert values.cell(row, 11).value == words.TIE_OK.es


def test_every_figure_of_the_panel_leads_to_its_rows():
    sheet = samples.read_typical()[0]["Panel"]
    ageing = samples.read_typical()[0]["Antigüedad"]
    audit = samples.read_typical()[0]["Auditoría"]
    for kpi in samples.typical().kpis:
        row = next(cell.row for cell in sheet["B"] if cell.value == kpi.title.es and cell.row > 10)
        if kpi.value is not None:
            place = sheet.cell(row, 5).hyperlink.location
            assert audit[place.rpartition("!")[2]].value == kpi.title.es
    first = samples.find_cell(sheet, words.CUSTOMER.es).row + 1
    for row in range(first, first + 5):
        place = sheet.cell(row, 5).hyperlink.location
        assert ageing[place.rpartition("!")[2]].value == sheet.cell(row, 2).value


def test_the_audit_explains_each_indicator_down_to_its_rows():
    basis = Basis(
        "=SUMA([Saldo])", '=[@Estado]<>"Anulada"', "base.yaml:559", ((same("plazo"), same("60")),), "Facturas", 3, 411
    )
    base = samples.tiny()
    assessment = replace(base, kpis=(replace(base.kpis[0], basis=basis), *base.kpis[1:]))
    sheet = samples.read_donor(assessment)[0]["Auditoría"]
    row = samples.find_cell(sheet, base.kpis[0].title.es).row
    assert sheet.cell(row, 5).value == words.ROWS_COUNTED.es.format(rows=411, sheet="Facturas")
    assert sheet.cell(row, 5).hyperlink.location == "'Facturas'!A3"
    told = {sheet.cell(line, 1).value: sheet.cell(line, 2).value for line in range(row + 1, row + 6)}
    assert told[words.LIMITS.es] == "Meta ≤ 45,0 días · ámbar pasado 55,0 días · rojo pasado 70,0 días"
    assert told[words.METHOD.es] == base.kpis[0].method.es
    assert told[words.FORMULA.es].startswith("=SUMA([Saldo])")
    assert told[words.PARAMETERS.es] == "plazo: 60"
    assert told[words.RULE_AND_SOURCE.es] == "base.yaml:559 · POL-COBROS"
    assert sheet.cell(row + 2, 2).data_type == "s"


def test_the_rows_that_count_are_named_and_the_first_run_of_them_is_selected():
    table = samples.make_table("invoices", "Facturas", 6)
    table = replace(table, rows=np.array([2, 3, 4, 7, 9, 10], dtype=np.int64), cells={"number": "B", "total": "AA"})
    runs = runs_of(table)
    assert runs == ((2, 4), (7, 7), (9, 10))
    assert runs_of(replace(table, rows=table.rows[:0])) == ()
    basis = Basis("=SUMA([Saldo])", "", "base.yaml:1", (), "Facturas", 1, 6, stretches=runs, columns=("B", "AA"))
    base = samples.tiny()
    sheet = samples.read_donor(replace(base, kpis=(replace(base.kpis[0], basis=basis),)))[0]["Auditoría"]
    row = samples.find_cell(sheet, base.kpis[0].title.es).row
    assert sheet.cell(row, 5).hyperlink.location == "'Facturas'!B2:AA4"
    counted = samples.find_cell(sheet, words.ROWS_THAT_COUNT.es)
    assert sheet.cell(counted.row, 2).value == "Facturas: 2–4, 7, 9–10"


def test_the_overall_status_is_the_worst_of_all():
    tiny, typical = samples.tiny(), samples.typical()
    calm = replace(tiny, kpis=(), ties=())
    assert overall_status(samples.empty()) == "none"
    assert overall_status(calm) == "green"
    assert overall_status(replace(calm, rejections=typical.rejections)) == "amber"
    assert overall_status(replace(calm, findings=typical.findings)) == "red"
    wrong = Tie(same("x"), Decimal(1), Decimal(2), ok=False)
    assert overall_status(replace(calm, ties=(wrong,))) == "red"


# Rejected and audit


def test_rejected_cells_lead_to_their_place():
    assessment = samples.typical()
    sheet = samples.read_typical()[0]["Rechazos"]
    for row, rejection in enumerate(assessment.rejections, 6):
        assert sheet.cell(row, 2).hyperlink.location == f"{quote_sheet(rejection.sheet)}!{rejection.cell}"
        assert sheet.cell(row, 3).value == rejection.found
        assert sheet.cell(row, 4).value == rejection.expected.es
    assert [sheet.cell(row, 5).value for row in (6, 7)] == [words.ROW_USED.es, words.ROW_LEFT_OUT.es]
    assert "'Cobros d''octubre'!C9" in sheet["B8"].hyperlink.location


def test_the_audit_names_version_packs_tables_and_ties():
    assessment = samples.typical()
    formulas, values = samples.read_typical()
    sheet = values["Auditoría"]
    assert samples.find_cell(sheet, "0.1.0")
    for pack in assessment.packs:
        row = samples.find_cell(sheet, pack.name).row
        assert [sheet.cell(row, column).value for column in (2, 3, 5)] == [pack.version, pack.file, pack.sha256]
    row = samples.find_cell(sheet, "Facturas emitidas").row
    assert [sheet.cell(row, column).value for column in (2, 3, 4, 5, 6)] == ["Facturas", 412, 411, 1, words.TIE_OK.es]
    row = samples.find_cell(sheet, assessment.ties[3].name.es).row
    assert [sheet.cell(row, column).value for column in (4, 5, 6)] == [words.NOT_GIVEN.es, None, words.TIE_OPEN.es]
    row = samples.find_cell(sheet, assessment.ties[1].name.es).row
    assert formulas["Auditoría"].cell(row, 5).value == f"=ROUND(C{row}-D{row},2)"
    assert sheet.cell(row, 5).value == 0


def test_a_tie_that_fails_shows_its_difference():
    tie = Tie(same("Saldo = control"), Decimal("10.00"), Decimal("10.01"), ok=False)
    sheet = samples.read_donor(replace(samples.tiny(), ties=(tie,)))[1]["Auditoría"]
    row = samples.find_cell(sheet, "Saldo = control").row
    assert (sheet.cell(row, 5).value, sheet.cell(row, 6).value) == (-0.01, words.TIE_WRONG.es)


# Theme


@pytest.mark.parametrize(
    ("colour", "fill"),
    [
        *STATUS.values(),
        *((colour, PAPER) for colour in (NAVY, INK, GREY, LINK)),
        *((colour, MIST) for colour in (NAVY, INK, GREY)),
        (PAPER, NAVY),
        (INK, HEAT[1]),
    ],
)
def test_text_has_enough_contrast(colour, fill):
    assert _contrast(colour, fill) >= 4.5


def test_neighbouring_bands_differ_in_brightness_not_only_in_hue():
    overdue = [_luminance(colour) for colour in BAND_COLOURS[1:6]]
    assert overdue == sorted(overdue, reverse=True)


@pytest.mark.parametrize(
    ("currency", "amounts", "expected"),
    [
        ("USD", ["1"], "#,##0.00"),
        ("CLP", ["1"], "#,##0"),
        ("CLP", ["1", "0.5"], "#,##0.00"),
        ("pyg", [], "#,##0"),
    ],
)
def test_cents_are_shown_where_the_currency_or_an_amount_has_them(currency, amounts, expected):
    assert money_format(currency, [Decimal(a) for a in amounts]).split(";")[0] == expected


def test_number_formats_follow_unit_language_and_currency():
    overdue = next(kpi for kpi in samples.typical().kpis if kpi.id == "AR-OVERDUE")
    assert kpi_format(overdue, "USD", "es", "≤ ") == '"≤ "0.0 %'
    assert kpi_format(overdue, "USD", "en") == "0.0%"
    money = replace(overdue, unit="money")
    assert kpi_format(money, 'U"SD', "es").split(";")[0] == '#,##0.00" USD"'


def _alert_rows(assessment, language):
    sheet = samples.read_donor(assessment, language)[1][words.ALERTS.to(language)]
    return list(sheet.iter_rows(min_row=HEADER + 1, values_only=True))


def _money(cell):
    return Decimal(str(cell.value)).quantize(Decimal("0.01"))


def _contrast(colour, fill):
    light, dark = sorted((_luminance(colour), _luminance(fill)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_green_short_of_the_target_is_not_called_on_target():
    kpi = next(kpi for kpi in samples.tiny().kpis if kpi.id == "AR-DSO")
    within = replace(kpi, value=Decimal("48.0"), status="green")
    assert kpi_status(kpi) == (words.KPI_STATUSES["green"], "green")
    assert kpi_status(within) == (words.KPI_NEAR, "green")
    assert kpi_status(replace(within, better="higher")) == (words.KPI_STATUSES["green"], "green")
    assert kpi_status(replace(within, value=None)) == (words.KPI_UNKNOWN, "none")


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_donor_of_a_small_client_reads_as_it_did(language):
    """The snapshot holds every cell; write it anew with ALIADO_SNAPSHOTS=write and look at what changed."""
    formulas, values = samples.read_donor(samples.tiny(), language)
    lines = []
    for sheet in formulas:
        lines.append(f"== {sheet.title}")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    cached = values[sheet.title][cell.coordinate].value
                    said = f" -> {cached!r}" if cell.data_type == "f" else ""
                    link = f" @ {cell.hyperlink.location}" if cell.hyperlink else ""
                    lines.append(f"{cell.coordinate} [{cell.number_format}] {cell.value!r}{said}{link}")
    path = Path(__file__).parent / "snapshots" / f"report_tiny_{language}.txt"
    text = "\n".join(lines) + "\n"
    if os.environ.get("ALIADO_SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.slow
def test_ten_times_the_findings_take_ten_times_as_long_to_render():
    def timed(assessment):
        started = time.process_time()
        return render(assessment, language="es", names={}, version="1"), time.process_time() - started

    few = samples.large(2_000)
    usual = min(timed(few)[1] for _ in range(3))
    data, taken = timed(samples.large())
    assert taken < 30 * usual
    with zipfile.ZipFile(BytesIO(data)) as package:
        alerts_sheet = package.read("xl/worksheets/sheet2.xml")
    assert alerts_sheet.count(b"<hyperlink ") == 20_000 + 3  # the counts by severity lead to their first alert
