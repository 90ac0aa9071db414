"""Why a formula gives what it gives in one row: each condition and each part with its value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aliado.formula.compile import Formula
from aliado.formula.data import Data
from aliado.formula.evaluation import Evaluator
from aliado.formula.nodes import Condition, Constant, Invoke, Let, Node, Operation, Shape, TableName, parts
from aliado.formula.values import Kind, State

Value = Decimal | float | date | str | bool | State


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a formula in one row. text: as written; depth: 0 for the whole formula, deeper for its parts.

    truth: what a condition came to; None for a value that is no condition, and for a condition that is unknown.
    """

    text: str
    value: Value
    truth: bool | None
    depth: int
    kind: Kind


def explain(formula: Formula, data: Data, row: int) -> list[Step]:
    """Return the whole formula and, below it, every part that has a value in `row` (0-based), in reading order.

    Literals and whole columns are left out: they say nothing about the row.
    """
    evaluator = Evaluator(data, decimal_comma=formula.decimal_comma)
    steps: list[Step] = []
    _explain(formula.node, formula.text, evaluator, row, 0, steps)
    return steps


def _explain(node: Node, text: str, evaluator: Evaluator, row: int, depth: int, steps: list[Step]) -> None:
    if isinstance(node, Let):
        _explain_let(node, text, evaluator, row, depth, steps)
        return
    below = depth
    if not _is_plain(node):
        steps.append(_step(node, text, evaluator, row, depth))
        below = depth + 1
    for part in parts(node):
        if part.shape is not Shape.WHOLE:
            _explain(part, text, evaluator, row, below, steps)


def _explain_let(node: Let, text: str, evaluator: Evaluator, row: int, depth: int, steps: list[Step]) -> None:
    steps.append(_step(node, text, evaluator, row, depth))
    outer = dict(evaluator.locals)
    for name, value in zip(node.names, node.values, strict=True):
        if value.shape is not Shape.WHOLE:
            _explain(value, text, evaluator, row, depth + 1, steps)
        evaluator.locals[name] = evaluator.column(value)
    if node.body.shape is not Shape.WHOLE:
        _explain(node.body, text, evaluator, row, depth + 1, steps)
    evaluator.locals = outer


def _is_plain(node: Node) -> bool:
    """Return whether a part says nothing by itself: a literal, a table, a change of kind, a wrapped criterion."""
    if isinstance(node, (Constant, TableName, Condition)):
        return True
    return (
        isinstance(node, Operation) and node.operator in ("convert", "negate") and _is_plain_operand(node.operands[0])
    )


def _is_plain_operand(node: Node) -> bool:
    return not isinstance(node, Invoke)


def _step(node: Node, text: str, evaluator: Evaluator, row: int, depth: int) -> Step:
    column = evaluator.column(node)
    value = column.value(row if len(column) > 1 else 0)
    truth = value if isinstance(value, bool) else None
    written = text[node.start : node.end].strip()
    return Step(written, value, truth, depth, column.kind)
