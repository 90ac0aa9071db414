"""An explanation shows every part of a formula with the row's value and truth."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from aliado.formula.explain import Explanation, explain
from aliado.formula.values import State
from formula_cases import DATA, compiled


def shown(text: str, row: int) -> list[tuple[str, object, bool | None]]:
    return [(step.text, step.value, step.truth) for step in explain(compiled(text), DATA, row)]


def test_each_condition_is_shown_with_the_values_it_compares():
    text = '=Y([@Saldo]>0; HOY()-[@Vencimiento]>dias_gracia; [@Estado]<>"Anulada")'
    assert shown(text, 0) == [
        (text[1:], True, True),
        ("[@Saldo]>0", True, True),
        ("[@Saldo]", Decimal(500), None),
        ("HOY()-[@Vencimiento]>dias_gracia", True, True),
        ("HOY()-[@Vencimiento]", Decimal(50), None),
        ("HOY()", dt.date(2026, 11, 20), None),
        ("[@Vencimiento]", dt.date(2026, 10, 1), None),
        ("dias_gracia", Decimal(0), None),
        ('[@Estado]<>"Anulada"', True, True),
        ("[@Estado]", "Emitida", None),
    ]


def test_a_condition_that_cannot_be_decided_has_no_truth():
    steps = {text: (value, truth) for text, value, truth in shown("=[@Vencimiento]<HOY()", 3)}
    assert steps["[@Vencimiento]<HOY()"] == (State.UNKNOWN, None)
    assert steps["[@Vencimiento]"] == (State.BLANK, None)


def test_whole_columns_and_literals_are_left_out():
    texts = [text for text, _, _ in shown("=SUMAR.SI.CONJUNTO([Saldo]; [Cliente]; [@Cliente]) > 10", 0)]
    assert texts == [
        "SUMAR.SI.CONJUNTO([Saldo]; [Cliente]; [@Cliente]) > 10",
        "SUMAR.SI.CONJUNTO([Saldo]; [Cliente]; [@Cliente])",
        "[@Cliente]",
    ]


def test_names_given_by_let_are_shown_where_they_are_used():
    steps = shown("=LET(d; HOY()-[@Vencimiento]; Y(d>30; d<=60))", 0)
    assert ("d>30", True, True) in steps
    assert ("d", Decimal(50), None) in steps


def test_depth_follows_the_nesting():
    steps = explain(compiled("=Y([@Saldo]>0; VERDADERO)"), DATA, 0)
    assert [step.depth for step in steps] == [0, 1, 2]


def test_many_rows_share_one_computation():
    explanation = Explanation(compiled("=[@Saldo]>100"), DATA)
    assert [explanation.steps(row)[0].truth for row in range(5)] == [True, True, False, True, False]
