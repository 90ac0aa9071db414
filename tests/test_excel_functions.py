"""Custom functions give what the batch lays into the workbook, cell for cell, whatever way Excel hands over a range."""

# ruff: noqa: DTZ001 -- Excel knows no time zones

from __future__ import annotations

import inspect
from datetime import date, datetime
from decimal import Decimal

import pytest

from aliado.batch.samples import write_samples
from aliado.cells.registry import FUNCTIONS
from aliado.excel import functions
from aliado.excel.functions import (
    ALIADO_AGEING,
    ALIADO_EXPLAIN,
    ALIADO_FLAGS,
    ALIADO_GAPS,
    ALIADO_KPI,
    ALIADO_OVERDUE,
)
from aliado.formula.values import to_serial
from excel_ranges import batch_of, cell_in, ranges_of

AS_OF = date(2026, 11, 20)

HEADINGS = ["Factura", "Cliente", "Fecha", "Vencimiento", "Total", "Saldo"]
INVOICES = [
    HEADINGS,
    ["F-1", "Alba", datetime(2026, 9, 1), datetime(2026, 10, 1), 100.0, 100.0],
    ["F-2", "Beto", datetime(2026, 11, 1), datetime(2026, 12, 1), 50.5, 50.5],
    ["F-3", "Alba", datetime(2026, 8, 1), None, 10.0, 10.0],
]


AMERICAN = """
pack: american
extends: base
version: 1.0.0
title: {es: Fechas americanas, en: American dates}
tables: {invoices: {formats: {date: mm/dd/yyyy}}}
"""


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), AS_OF)


@pytest.fixture(params=[0, 1, 2], ids=["spain", "ecuador", "panama"])
def client(request, samples):
    return samples[request.param]


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 6, 30)], ids=str)
def test_cells_agree_with_the_batch_on_the_sample_clients(client, as_of):
    batch, ranges, here = batch_of(client, as_of), ranges_of(client), cell_in(client)
    money = (ranges["invoices"], as_of, ranges.get("receipts"), ranges["profile"])

    others = {name: rows for name, rows in ranges.items() if name not in {"invoices", "receipts", "profile"}}
    for kpi in batch.kpis:
        expected = "#N/A" if kpi.value is None else float(kpi.value)
        assert ALIADO_KPI(kpi.id, *money, **others, caller=here) == expected, kpi.id

    own = batch.ageing[0]
    head, *rows, total = ALIADO_AGEING(*money, caller=here)
    assert len(head) == 9
    assert rows == [[row.customer, *map(float, row.bands), float(row.outstanding)] for row in own.customers]
    assert total == ["Total", *map(float, own.bands), float(own.outstanding)]

    _, *overdue = ALIADO_OVERDUE(*money, caller=here)
    assert overdue == [
        [item.number, item.customer, item.due, item.days, float(item.balance), item.currency] for item in batch.overdue
    ]

    _, *gaps = ALIADO_GAPS(
        as_of, ranges["profile"], ranges.get("documents"), ranges.get("filings"), ranges.get("tasks"), caller=here
    )
    language = "en" if batch.profile.language == "en" else "es"
    expected_gaps = [item for item in batch.findings if item.table in {"documents", "filings", "tasks"}]
    assert [gap[1:4] for gap in gaps] == [[item.rule, item.key, item.message.to(language)] for item in expected_gaps]
    assert gaps
    _, *flags = ALIADO_FLAGS(*money, **others, caller=here)
    assert [flag[1:4] for flag in flags] == [
        [item.rule, item.key, item.message.to(language)] for item in batch.findings
    ]


def test_the_rule_pack_beside_the_workbook_counts_in_cells_too(tmp_path):
    pack = tmp_path / "Cliente.aliado.yaml"
    pack.write_text(AMERICAN, encoding="utf-8")
    typed = [HEADINGS, ["F-1", "Alba", "09/15/2026", "10/15/2026", 100.0, 100.0]]
    with_caller = ALIADO_AGEING(typed, AS_OF, caller=cell_in(tmp_path / "Cliente.xlsx"))
    assert with_caller == ALIADO_AGEING(typed, AS_OF, None, None, str(pack))
    assert with_caller[-1][-1] == 100
    assert ALIADO_AGEING(typed, AS_OF)[-1][-1] == 0, "without the pack, month and day are not guessed"


def test_a_workbook_on_the_web_has_no_pack_beside_it():
    table = ALIADO_AGEING(INVOICES, AS_OF, caller=cell_in("https://d.docs.live.net/x/Libro.xlsx"))  # type: ignore[arg-type]
    assert table[-1][-1] == 160.5


def test_ageing_adds_up_to_what_is_open():
    head, *rows, total = ALIADO_AGEING(INVOICES, AS_OF)
    assert head == [
        "Cliente",
        "Por vencer",
        "1–30 días",
        "31–60 días",
        "61–90 días",
        "91–120 días",
        "121+ días",
        "Sin vencimiento",
        "Pendiente",
    ]
    assert rows == [["Alba", 0, 0, 100, 0, 0, 0, 10, 110], ["Beto", 50.5, 0, 0, 0, 0, 0, 0, 50.5]]
    assert total == ["Total", 50.5, 0, 100, 0, 0, 0, 10, 160.5]


@pytest.mark.parametrize(
    "as_of",
    [datetime(2026, 11, 20), float(to_serial(AS_OF)), "2026-11-20", [[datetime(2026, 11, 20)]], ((46346.75,),)],
    ids=["date cell", "TODAY()", "text", "one-cell range", "with a clock"],
)
def test_the_cut_off_date_may_come_in_any_of_excels_ways(as_of):
    assert ALIADO_OVERDUE(INVOICES, as_of) == ALIADO_OVERDUE(INVOICES, AS_OF)


@pytest.mark.parametrize("as_of", [None, "ayer", 0.0, True, [[None]], -5])
def test_a_cut_off_date_is_never_guessed(as_of):
    assert ALIADO_AGEING(INVOICES, as_of) == "#VALUE!"
    assert "fecha de corte" in ALIADO_EXPLAIN("AR-DSO", INVOICES, as_of)


def test_blank_rows_below_a_whole_column_do_not_count():
    longer = [*INVOICES, *([[None] * 6] * 5000)]
    assert ALIADO_AGEING(longer, AS_OF) == ALIADO_AGEING(INVOICES, AS_OF)


def test_currency_cells_arrive_as_decimals_and_count_to_the_cent():
    money = [
        HEADINGS,
        ["F-1", "Alba", datetime(2026, 9, 1), datetime(2026, 10, 1), Decimal("0.1000"), Decimal("33.3350")],
    ]
    assert ALIADO_AGEING(money, AS_OF)[-1][-1] == 33.34


def test_an_error_in_a_cell_leaves_its_row_out_and_is_not_taken_for_a_blank():
    broken = [*INVOICES, ["F-4", "Beto", datetime(2026, 9, 1), datetime(2026, 10, 1), -2146826246, 7.0]]
    as_text = [*INVOICES, ["F-4", "Beto", datetime(2026, 9, 1), datetime(2026, 10, 1), "#N/A", 7.0]]
    assert ALIADO_AGEING(broken, AS_OF) == ALIADO_AGEING(as_text, AS_OF) == ALIADO_AGEING(INVOICES, AS_OF)


def test_yes_is_not_one():
    yes = [[*HEADINGS, "En disputa"], *([*row, True] for row in INVOICES[1:])]
    odd = [[*HEADINGS, "En disputa"], *([*row[:4], True, *row[5:], 1.0] for row in INVOICES[1:])]
    assert ALIADO_AGEING(yes, AS_OF)[-1][-1] == 160.5
    assert ALIADO_AGEING(odd, AS_OF)[-1][-1] == 0, "TRUE is not an amount, though Python holds it equal to 1"


def test_an_unknown_indicator_is_a_value_error_and_the_reason_names_the_nearest():
    assert ALIADO_KPI("AR-DSOO", INVOICES, AS_OF) == "#VALUE!"
    assert "AR-DSO" in ALIADO_EXPLAIN("AR-DSOO", INVOICES, AS_OF)
    assert ALIADO_KPI(" ar-overdue ", INVOICES, AS_OF) == pytest.approx(100 / 160.5, abs=1e-6)


def test_an_indicator_without_a_figure_is_not_available():
    old = [HEADINGS, ["F-1", "Alba", datetime(2020, 1, 1), datetime(2020, 2, 1), 100.0, 100.0]]
    assert ALIADO_KPI("AR-DSO", old, AS_OF) == "#N/A"
    assert ALIADO_EXPLAIN("AR-DSO", old, AS_OF).startswith("AR-DSO: ")


def test_an_indicator_explains_itself_in_the_clients_language():
    english = [["Name", "Language"], ["Acme", "English"]]
    assert ALIADO_EXPLAIN("AR-OVERDUE", INVOICES, AS_OF).startswith("AR-OVERDUE = 62,3 %")
    assert ALIADO_EXPLAIN("AR-OVERDUE", INVOICES, AS_OF, None, english).startswith("AR-OVERDUE = 62.3 %")


@pytest.mark.parametrize("invoices", [None, [[None]], [["Uno", "Dos"], [1.0, 2.0]], 5.0, ""])
def test_a_range_without_invoices_is_a_value_error(invoices):
    assert ALIADO_AGEING(invoices, AS_OF) == "#VALUE!"
    assert ALIADO_EXPLAIN("AR-DSO", invoices, AS_OF)


def test_what_is_described_is_what_can_be_called():
    names = [name for spec in FUNCTIONS for name in (spec.name, *spec.aliases)]
    assert len(set(names)) == len(names)
    for spec in FUNCTIONS:
        signature = list(inspect.signature(getattr(functions, spec.name)).parameters.values())
        assert [p.name for p in signature] == [*(p.name for p in spec.parameters), "caller"]
        assert [p.default is None for p in signature] == [*(p.optional for p in spec.parameters), True]
        assert all(len(text) <= 255 for text in spec.summary)


def test_every_table_of_the_rules_can_be_given():
    from aliado.rules.choose import choose_pack

    given = {parameter.name for parameter in ALIADO_KPI.spec.parameters if parameter.type == "range"}
    assert given == set(choose_pack([]).tables)


@pytest.mark.parametrize("pack", [r"\\other\share\x.yaml", "//other/share/x.yaml", "https://other/x.yaml"])
def test_a_formula_never_fetches_rules_from_another_computer(pack):
    assert ALIADO_AGEING(INVOICES, AS_OF, pack=pack) == "#VALUE!"
    assert "otro equipo" in ALIADO_EXPLAIN("AR-DSO", INVOICES, AS_OF, pack=pack)


def test_xlwings_would_see_no_type_hints():
    import typing

    for function in (ALIADO_KPI, ALIADO_AGEING, ALIADO_OVERDUE, ALIADO_GAPS, ALIADO_EXPLAIN):
        assert typing.get_type_hints(function) == {}


def test_the_calendar_and_its_due_dates_are_those_of_the_batch(client):
    batch, ranges, here = batch_of(client, AS_OF), ranges_of(client), cell_in(client)
    spanish = batch.profile.language != "en"
    grid = functions.ALIADO_CALENDAR(AS_OF, ranges["profile"], ranges.get("filings"), None, here)
    assert [row[1:3] for row in grid[1:]] == [[item.period, item.due] for item in batch.calendar]
    assert grid[0][0] == ("Obligación" if spanish else "Obligation")


def test_the_next_letters_are_those_of_the_batch(client):
    batch, ranges, here = batch_of(client, AS_OF), ranges_of(client), cell_in(client)
    names = ("receipts", "profile", "pack", "customers", "notices")
    grid = functions.ALIADO_DUNNING(ranges["invoices"], AS_OF, *(ranges.get(name) for name in names), here)
    assert [(row[0], row[3], row[4], row[6]) for row in grid[1:]] == [
        (item.number, item.days, float(item.balance), item.level) for item in batch.dunning
    ]
    assert [row[8] for row in grid[1:]] == [None if i.interest is None else float(i.interest) for i in batch.dunning]
