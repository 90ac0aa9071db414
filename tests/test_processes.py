"""Tasks and recurring processes: late, blocked, old, done again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.rules.assess import assess
from aliado.rules.functions import FUNCTIONS
from aliado.rules.packs import load_pack
from aliado.rules.tasks import percentile
from aliado.tables.gather import gather
from builders import sheet

AS_OF = date(2026, 10, 30)
PROFILE = sheet("Ficha", ("Nombre", "RUC", "Moneda"), ("ACME", "1790012355001", "USD"))
TASKS = ("Tarea", "Inicio", "Vence", "Terminada", "Estado")
CLOSING = ("Tarea", "Proceso", "Periodo", "Responsable", "Vence", "Terminada")


@pytest.fixture(scope="module")
def base():
    return load_pack("base", functions=FUNCTIONS)


def assessed(pack, *sheets, as_of=AS_OF):
    return assess(gather([*sheets, PROFILE], pack.tables), pack, as_of)


def tasks(*rows, headings=TASKS):
    return sheet("Tareas", headings, *rows)


def kpi(said, name):
    return next(item.value for item in said.kpis if item.id == name)


def on(day):
    return date(2026, 10, day)


def test_open_overdue_tasks_count_against_the_on_time_rate(base):
    rows = (
        ("A", on(1), on(5), on(5), None),
        ("B", on(1), on(5), on(6), None),
        ("C", on(1), on(5), None, None),
        ("D", on(1), on(30), None, None),
        ("E", on(1), None, on(9), None),
        ("F", on(1), on(5), None, "Anulada"),
        ("G", on(1), on(5), None, "Hecha"),
    )
    assert kpi(assessed(base, tasks(*rows)), "OPS-ONTIME") == Decimal("0.25")


def test_cycle_and_backlog_are_medians_not_means(base):
    rows = [(f"T{n}", on(1), None, on(1) + timedelta(days=n), None) for n in (1, 2, 3, 4, 25)]
    rows += [(f"O{n}", AS_OF - timedelta(days=n), None, None, None) for n in (2, 4, 60)]
    rows += [("L", AS_OF + timedelta(days=3), None, None, None)]
    said = assessed(base, tasks(*rows))
    assert kpi(said, "OPS-CYCLE") == 3
    assert kpi(said, "OPS-CYCLE-P90") == Decimal("16.6")
    assert kpi(said, "OPS-BACKLOG") == 4


def test_what_was_done_later_was_still_open_then(base):
    book = tasks(("A", on(1), on(5), on(20), "Hecha"))
    then = assessed(base, book, as_of=on(10))
    assert kpi(then, "OPS-ONTIME") == 0
    assert kpi(then, "OPS-BACKLOG") == 9
    assert kpi(then, "OPS-CYCLE") is None


def test_a_case_with_a_repeated_step_was_not_right_the_first_time(base):
    headings = ("Tarea", "Caso", "Paso", "Proceso", "Periodo")
    rows = (
        ("x", "1", "emitir", None, None),
        ("y", "1", "cobrar", None, None),
        ("x", "2", "emitir", None, None),
        ("z", "2", "Emitir", None, None),
        ("Cuadrar", None, None, "Cierre", "2026-09"),
        ("Cuadrar", None, None, "Cierre", "2026-10"),
        ("suelta", None, None, None, None),
    )
    assert kpi(assessed(base, tasks(*rows, headings=headings)), "OPS-FTR") == Decimal("0.75")


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([7], "0.9", 7), ([1, 2], "0.5", "1.5"), ([3, 1, 2], "1", 3), ([1, 2, 3, 4], "0.25", "1.75"), ([], "0.5", None)],
)
def test_percentiles_are_those_of_the_spreadsheet(values, share, expected):
    assert percentile(values, Decimal(share)) == (None if expected is None else Decimal(expected))


@given(st.lists(st.integers(-1000, 1000), min_size=1), st.integers(0, 100))
def test_a_percentile_lies_between_the_extremes(values, hundredths):
    assert min(values) <= percentile(values, Decimal(hundredths) / 100) <= max(values)


def steps(said, period="2026-09"):
    return {item.step: item for item in said.steps if item.period == period}


def test_a_step_falls_due_business_days_after_its_period_and_waits_for_the_ones_before(base):
    rows = (
        ("Conciliar bancos", "Cierre mensual", "2026-09", "Ana", None, None),
        ("Cuadrar IVA", "Cierre mensual", "2026-09", "Luis", None, None),
    )
    said = assessed(base, tasks(*rows, headings=CLOSING), as_of=on(9))
    found = steps(said)
    assert found["banco"].due == on(5)
    assert (found["banco"].status, found["banco"].responsible) == ("overdue", "Ana")
    assert (found["iva"].status, found["iva"].due) == ("blocked", on(7))
    assert [title.es for title in found["iva"].waits_for] == ["Conciliar bancos"]
    assert "informe" not in found


def test_only_the_step_that_holds_the_others_up_is_blamed_and_shows_whom_it_holds_up(base):
    rows = (
        ("Conciliar bancos", "Cierre mensual", "2026-09", "Ana", None, None),
        ("Cuadrar IVA", "Cierre mensual", "2026-09", "Luis", None, None),
    )
    said = assessed(base, tasks(*rows, headings=CLOSING), as_of=on(9))
    (finding,) = [item for item in said.findings if item.rule == "T-CIERRE"]
    assert (finding.row, finding.severity) == (2, "red")
    assert [item.row for item in finding.evidence] == [3]
    assert "Ana" in finding.message.es


@pytest.mark.parametrize(("day", "severity"), [(5, None), (6, "amber"), (7, "amber"), (8, "red")])
def test_a_delay_is_told_after_its_hold_time(base, day, severity):
    rows = (("Conciliar bancos", "Cierre mensual", "2026-09", "Ana", None, None),)
    said = assessed(base, tasks(*rows, headings=CLOSING), as_of=on(day))
    assert [item.severity for item in said.findings if item.rule == "T-CIERRE"] == ([severity] if severity else [])


def test_the_clients_own_due_date_counts_before_the_rules(base):
    rows = (("Conciliar bancos", "Cierre mensual", "2026-09", "Ana", on(20), on(16)),)
    assert steps(assessed(base, tasks(*rows, headings=CLOSING)))["banco"].status == "on_time"


def test_a_step_that_one_period_lacks_is_overdue_there_without_a_row(base):
    rows = (
        ("Conciliar bancos", "Cierre mensual", "2026-07", "Ana", None, date(2026, 8, 4)),
        ("Conciliar bancos", "Cierre mensual", "2026-09", "Ana", None, on(2)),
    )
    said = assessed(base, tasks(*rows, headings=CLOSING))
    assert {item.period: item.status for item in said.steps} == {
        "2026-07": "on_time",
        "2026-08": "overdue",
        "2026-09": "on_time",
    }
    assert [(item.row, item.key) for item in said.findings if item.rule == "T-CIERRE"] == [
        (None, "T-CIERRE 2026-08 banco")
    ]


def test_a_process_that_the_client_keeps_no_list_of_is_left_alone(base):
    said = assessed(base, tasks(("Otra cosa", on(1), on(2), None, None)))
    assert said.steps == ()
    assert [item.rule for item in said.findings] == ["OPS-001"]


days = st.integers(0, 120).map(lambda number: date(2026, 6, 1) + timedelta(days=number))
entries = st.lists(st.tuples(days, st.integers(0, 30), st.integers(0, 60) | st.none()), max_size=8)


@settings(max_examples=40, deadline=None)
@given(entries, days)
def test_a_past_figure_never_sees_what_was_done_or_begun_later(base, listed, cutoff):
    def book(until):
        rows = []
        for number, (start, term, took) in enumerate(listed):
            if until is not None and start > until:
                continue
            done = None if took is None else start + timedelta(days=took)
            done = None if until is not None and done is not None and done > until else done
            rows.append((f"T{number}", start, start + timedelta(days=term), done, None))
        return tasks(*rows)

    then, now = (assessed(base, book(until), as_of=cutoff) for until in (cutoff, None))
    names = ("OPS-ONTIME", "OPS-CYCLE", "OPS-BACKLOG")
    assert [kpi(then, name) for name in names] == [kpi(now, name) for name in names]


def test_the_invoicing_lag_is_the_median_from_delivery_wherever_it_is_told(base):
    headings = ("Factura", "Cliente", "Fecha", "Total", "Fecha de entrega")
    rows = (("F-1", "A", on(10), 1.0, on(8)), ("F-2", "A", on(10), 1.0, None), ("F-3", "A", on(10), 1.0, None))
    notes = sheet(
        "Albaranes",
        ("Albarán", "Cliente", "Fecha de entrega", "Factura", "Importe"),
        ("E-1", "A", on(3), "F-2", 10.0),
        ("E-2", "A", on(4), "F-2", 10.0),
        ("E-3", "A", on(4), None, 7.5),
    )
    said = assessed(base, sheet("Facturas", headings, *rows), notes)
    assert kpi(said, "OPS-INVLAG") == 4
    assert kpi(said, "OPS-UNINVOICED") == Decimal("7.5")


def test_a_step_is_looked_for_only_since_the_client_keeps_a_list_of_it(base):
    rows = (
        ("Conciliar bancos", "Cierre mensual", "2026-08", "Ana", None, date(2026, 9, 2)),
        ("Conciliar bancos", "Cierre mensual", "2026-09", "Ana", None, on(2)),
        ("Cuadrar IVA", "Cierre mensual", "2026-09", "Ana", None, on(5)),
    )
    said = assessed(base, tasks(*rows, headings=CLOSING))
    assert [(item.period, item.step) for item in said.steps] == [
        ("2026-08", "banco"),
        ("2026-09", "banco"),
        ("2026-09", "iva"),
    ]


def test_rows_of_later_periods_change_nothing_of_a_past_date(base):
    rows = [("Conciliar bancos", "Cierre mensual", "2026-08", "Ana", None, date(2026, 9, 2))]
    later = [
        ("Conciliar bancos", "Cierre mensual", "2026-10", "Ana", None, None),
        ("Cuadrar IVA", "Cierre mensual", "2026-10", "Ana", None, None),
    ]
    then = assessed(base, tasks(*rows, headings=CLOSING), as_of=date(2026, 9, 30))
    now = assessed(base, tasks(*rows, *later, headings=CLOSING), as_of=date(2026, 9, 30))
    assert then.steps == now.steps
    assert [(item.rule, item.key) for item in then.findings] == [(item.rule, item.key) for item in now.findings]
