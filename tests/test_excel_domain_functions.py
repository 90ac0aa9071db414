"""The rule language's functions, and those of days and tax ids, as formulas in cells."""

# ruff: noqa: DTZ001 -- Excel knows no time zones

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from aliado.batch.samples import write_samples
from aliado.cells.domain import fits_a_cell
from aliado.cells.registry import FUNCTIONS
from aliado.excel import functions
from aliado.formula.values import to_serial
from aliado.rules.functions import DOMAIN
from excel_ranges import batch_of, cell_in, ranges_of

AS_OF = date(2026, 11, 20)
RESERVED = frozenset(
    [
        "and",
        "as",
        "boolean",
        "byref",
        "byte",
        "byval",
        "call",
        "case",
        "cdate",
        "close",
        "const",
        "currency",
        "date",
        "declare",
        "dim",
        "do",
        "double",
        "each",
        "else",
        "end",
        "enum",
        "eqv",
        "erase",
        "event",
        "exit",
        "false",
        "for",
        "function",
        "get",
        "global",
        "gosub",
        "goto",
        "if",
        "imp",
        "implements",
        "in",
        "input",
        "integer",
        "is",
        "let",
        "lib",
        "like",
        "line",
        "local",
        "lock",
        "long",
        "loop",
        "lset",
        "me",
        "mid",
        "mod",
        "name",
        "new",
        "next",
        "not",
        "nothing",
        "null",
        "object",
        "on",
        "open",
        "option",
        "optional",
        "or",
        "paramarray",
        "preserve",
        "print",
        "private",
        "property",
        "public",
        "put",
        "redim",
        "rem",
        "resume",
        "return",
        "rset",
        "seek",
        "select",
        "set",
        "single",
        "static",
        "step",
        "stop",
        "string",
        "sub",
        "then",
        "time",
        "to",
        "true",
        "type",
        "until",
        "variant",
        "wend",
        "while",
        "with",
        "write",
        "xor",
    ]
)


def call(name, *arguments, **named):
    return getattr(functions, name)(*arguments, **named)


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), AS_OF)


@pytest.mark.parametrize(
    ("function", "kpi", "table", "arguments"),
    [
        ("ALIADO_DSO", "AR-DSO", "invoices", {"days": 90.0}),
        ("ALIADO_DSO_COUNTBACK", "AR-DSO-COUNTBACK", "invoices", {}),
        ("ALIADO_BPDSO", "AR-BPDSO", "invoices", {"days": 90.0}),
        ("ALIADO_CEI", "AR-CEI", "invoices", {}),
        ("ALIADO_TOP", "AR-TOP5", "invoices", {"count": 5.0}),
        ("ALIADO_DAYS_LATE_MEAN", "AR-DAYS-LATE", "invoices", {}),
        ("ALIADO_DPO", "AP-DPO", "bills", {"days": 90.0}),
    ],
)
@pytest.mark.parametrize("number", [0, 1, 2], ids=["spain", "ecuador", "panama"])
def test_a_function_in_a_cell_is_the_figure_of_the_rules(samples, number, function, kpi, table, arguments):
    path = samples[number]
    [expected] = [item.value for item in batch_of(path, AS_OF).kpis if item.id == kpi]
    ranges = ranges_of(path)
    more = {"invoices": ("receipts", "profile"), "bills": ("payments", "profile")}[table]
    given = {name: ranges[name] for name in (table, *more) if name in ranges}
    found = call(function, as_of=AS_OF, caller=cell_in(path), **given, **arguments)
    assert found == ("#N/A" if expected is None else float(expected))


def test_every_function_of_the_rules_is_a_function_in_cells():
    specs = {spec.name: spec for spec in FUNCTIONS}
    for spec in DOMAIN:
        assert fits_a_cell(spec), spec.name
        assert specs[spec.name].aliases == spec.aliases
        assert specs[spec.name].example.startswith(f"={spec.name}(")


def test_no_argument_is_a_word_that_vba_keeps_for_itself():
    for spec in FUNCTIONS:
        for parameter in spec.parameters:
            assert parameter.name not in RESERVED, (spec.name, parameter.name)
            assert re.fullmatch(r"[a-z]\w*", parameter.name)
        optional = [parameter.optional for parameter in spec.parameters]
        assert optional == sorted(optional), f"{spec.name}: VBA wants optional arguments last"


def test_without_sales_there_are_no_days_of_sales():
    old = [["Factura", "Cliente", "Fecha", "Total"], ["F-1", "Alba", datetime(2020, 1, 1), 100.0]]
    assert call("ALIADO_DSO", old, AS_OF) == "#N/A"
    assert call("ALIADO_DSO", old, "mañana") == "#VALUE!"
    assert call("ALIADO_TOP", old, "cinco", AS_OF) == "#VALUE!"
    assert call("ALIADO_DSO", None, AS_OF) == "#VALUE!"


def test_a_cut_off_date_left_out_is_today():
    today = datetime.combine(date.today(), datetime.min.time())  # noqa: DTZ011
    now = [["Factura", "Cliente", "Fecha", "Total"], ["F-1", "Alba", today, 100.0]]
    assert call("ALIADO_DSO", now) == 90.0


def test_business_days_skip_the_holidays_of_the_country():
    eve = datetime(2026, 12, 24)
    assert call("ALIADO_WORKDAY", eve, 1.0) == datetime(2026, 12, 25)
    assert call("ALIADO_WORKDAY", eve, 1.0, "EC") == datetime(2026, 12, 28)
    assert call("ALIADO_WORKDAY", eve, -1.0, "ec") == datetime(2026, 12, 23)
    assert call("ALIADO_NETWORKDAYS", datetime(2026, 12, 21), datetime(2026, 12, 28), "EC") == 5
    assert call("ALIADO_NETWORKDAYS", datetime(2026, 12, 28), datetime(2026, 12, 21), "EC") == -5
    assert call("ALIADO_WORKDAY", "ayer", 1.0) == "#VALUE!"
    assert call("ALIADO_WORKDAY", eve, 1e9) == "#VALUE!"


def test_a_column_in_gives_a_column_out():
    due = [[datetime(2026, 11, 1)], [datetime(2026, 11, 10)], [None], ["pronto"]]
    paid = [[datetime(2026, 11, 6)], [datetime(2026, 11, 9)], [None], [None]]
    at = float(to_serial(AS_OF))
    assert call("ALIADO_DAYS_LATE", due, paid, at) == [[5.0], [0.0], ["#N/A"], ["#VALUE!"]]
    assert call("ALIADO_DAYS_LATE", due[:2], None, at) == [[19.0], [10.0]]
    assert call("ALIADO_DAYS_LATE", due, paid[:2], at) == "#VALUE!", "columns of different lengths"


def test_tax_ids_are_checked_by_their_country():
    assert call("ALIADO_TAXID", "1790012345001", "EC") is False
    assert call("ALIADO_TAXID", 1792060346001.0, "EC") is True
    assert call("ALIADO_TAXID", [["A58818501"], ["A58818502"], [None]], "ES") == [[True], [False], ["#N/A"]]
    assert call("ALIADO_TAXID", "x", "PA") == "#N/A"
