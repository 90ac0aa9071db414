"""Whatever is typed, a formula evaluates or gives coded errors; no Python exception reaches anyone."""

from __future__ import annotations

import warnings
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliado.errors import PackError, Problem
from aliado.formula.compile import Formula
from aliado.formula.data import Data
from aliado.formula.explain import explain
from aliado.formula.nodes import Shape
from aliado.formula.parser import MAX_DEPTH, MAX_NODES
from aliado.formula.tokens import MAX_LENGTH
from aliado.formula.values import Kind
from formula_cases import SCOPE, Maker, compiled, random_data

_SOUP = [
    "=", "<>", "<=", ">", "+", "-", "*", "/", "^", "&", "%", "(", ")", ",", ";", "1", "0,5", "1.5", '"a"', '"', "[@Saldo]",
    "[Saldo]", "[@[% IVA]]", "[", "]", "@", "invoices", "customers[Cliente]", "SUMA(", "Y(", "SI(", "LET(", "x", "HOY()",
    "VERDADERO", "tolerancia", "'", "#", "{", "}", "!", ":", "A1", "SUMAR.SI.CONJUNTO(", "BUSCARX(", " ", "\n", "\u00a0", "ñ", "\x00", "🧾",
]  # fmt: skip


def attempt(text: str) -> tuple[Formula | None, list[Problem]]:
    """Return the formula, or the problems that keep it from being one."""
    try:
        return compiled(text), []
    except PackError as error:
        return None, error.problems


def check(text: str, data: Data) -> bool:
    """Compile and evaluate; return whether it was a formula without mistakes."""
    formula, problems = attempt(text)
    for problem in problems:
        assert problem.code.startswith("F")
        assert problem.message.es
        assert problem.message.en
        assert problem.line >= 10
        assert problem.column >= 1
    if formula is None:
        assert problems
        return False
    column = formula.evaluate(data)
    assert column.kind is formula.kind
    rows = data.lengths["invoices"]
    assert len(column) in (1, rows)
    if formula.node.shape is Shape.ROW:
        assert len(compiled(text, shape="row").evaluate(data)) == rows
    assert column.state is None or len(column.state) == len(column)
    for index in range(len(column)):
        column.value(index)
    if column.kind is Kind.NUMBER and column.scale is None:
        assert np.isfinite(column.data.astype(np.float64)).all()
    if rows:
        explain(formula, data, rows - 1)
    return True


def fuzz(first: int, count: int) -> int:
    """Check `count` generated formulas on random data; return how many evaluated."""
    evaluated = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for seed in range(first, first + count):
            random = Random(seed)  # noqa: S311 - tests, not secrets
            text = Maker(random).formula(random.randint(1, 4))
            try:
                evaluated += check(text, random_data(random))
            except Exception as error:
                error.add_note(f"seed {seed}: {text}")
                raise
    return evaluated


def test_generated_formulas_evaluate_or_give_coded_errors():
    assert fuzz(0, 500) > 280


@pytest.mark.slow
def test_a_hundred_thousand_generated_formulas_evaluate_or_give_coded_errors():
    assert fuzz(1_000_000, 100_000) > 60_000


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_coded_errors(text):
    check(text, random_data(Random(1)))  # noqa: S311


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_SOUP), max_size=25), st.randoms(use_true_random=False))
def test_any_mix_of_words_gives_coded_errors(words, random):
    check("=" + "".join(words), random_data(random))


@pytest.mark.slow
def test_twenty_thousand_random_mixes_give_coded_errors():
    for seed in range(20_000):
        random = Random(seed)  # noqa: S311
        check("=" + "".join(random.choices(_SOUP, k=random.randint(1, 40))), random_data(random))


@pytest.mark.parametrize(
    "text",
    [
        "=" + "(" * 5000 + "1" + ")" * 5000,
        "=" + "-" * 5000 + "1",
        "=1" + "+1" * 3000,
        "=1" + "%" * 3000,
        "=" + "SI(1;" * 1000,
        "=SUMA(" + ";".join("1" * 3000) + ")",
        "=" + "[" * 4000,
        "=" + "1" * (MAX_LENGTH + 1),
        '="' + "a" * MAX_LENGTH,
    ],
)
def test_long_and_deep_formulas_are_refused_with_a_code(text):
    with pytest.raises(PackError) as caught:
        compiled(text)
    assert {problem.code for problem in caught.value.problems} <= {"F101", "F102", "F103", "F105", "F107"}


def test_limits_leave_room_for_real_formulas():
    compiled("=" + "(" * (MAX_DEPTH - 2) + "1" + ")" * (MAX_DEPTH - 2))
    compiled("=SUMA(" + "; ".join(["1"] * (MAX_NODES - 10)) + ")")


def test_wildcards_cannot_be_made_slow():
    pattern = "*a" * 200
    formula = compiled(f'=CONTAR.SI.CONJUNTO([Cliente]; "{pattern}b")')
    assert formula.evaluate(random_data(Random(3))).value(0) == 0  # noqa: S311
    assert SCOPE.table == "invoices"
