"""Why a formula gives what it gives in one row: each condition and each part with its value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from aliado.formula.compile import Formula
from aliado.formula.data import Data
from aliado.formula.evaluation import Evaluator
from aliado.formula.nodes import Condition, Constant, Field, Let, Node, Operation, Shape, TableName, parts
from aliado.formula.values import Column, Kind, State

Value = Decimal | float | date | str | bool | State


class Step(Struct, frozen=True):
    """One part of a formula in one row. text: as written; depth: 0 for the whole formula, deeper for its parts.

    truth: what a condition came to; None for a value that is no condition, and for a condition that is unknown.
    field: (table, column) of a part that is a column's value and nothing else.
    """

    text: str
    value: Value
    truth: bool | None
    depth: int
    kind: Kind
    field: tuple[str, str] | None = None


def explain(formula: Formula, data: Data, row: int) -> list[Step]:
    """Return the whole formula and, below it, every part that has a value in `row` (0-based), in reading order.

    Literals and whole columns are left out: they say nothing about the row. For many rows use `Explanation`.
    """
    return Explanation(formula, data).steps(row)


class _Part(Struct, frozen=True):
    text: str
    column: Column
    depth: int
    field: tuple[str, str] | None


class Explanation:
    """A formula's parts on one set of data, computed once for all rows."""

    def __init__(self, formula: Formula, data: Data) -> None:
        self._text = formula.text
        self._evaluator = Evaluator(data, decimal_comma=formula.decimal_comma)
        self._parts: list[_Part] = []
        self._add(formula.node, 0)

    def steps(self, row: int) -> list[Step]:
        """Return the value of every part in `row` (0-based)."""
        return [_step(part, row) for part in self._parts]

    def _add(self, node: Node, depth: int) -> None:
        if isinstance(node, Let):
            self._add_let(node, depth)
            return
        below = depth
        if not _is_plain(node):
            self._note(node, depth)
            below = depth + 1
        for part in parts(node):
            if part.shape is not Shape.WHOLE:
                self._add(part, below)

    def _add_let(self, node: Let, depth: int) -> None:
        self._note(node, depth)
        outer = dict(self._evaluator.locals)
        for name, value in zip(node.names, node.values, strict=True):
            if value.shape is not Shape.WHOLE:
                self._add(value, depth + 1)
            self._evaluator.locals[name] = self._evaluator.column(value)
        if node.body.shape is not Shape.WHOLE:
            self._add(node.body, depth + 1)
        self._evaluator.locals = outer

    def _note(self, node: Node, depth: int) -> None:
        written = self._text[node.start : node.end].strip()
        field = (node.of, node.name) if isinstance(node, Field) else None
        self._parts.append(_Part(written, self._evaluator.column(node), depth, field))


def _is_plain(node: Node) -> bool:
    """Return whether a part says nothing by itself: a literal, a table, a criterion, a sign or a change of kind."""
    if isinstance(node, (Constant, TableName, Condition)):
        return True
    return isinstance(node, Operation) and node.operator in ("convert", "negate", "percent")


def _step(part: _Part, row: int) -> Step:
    column = part.column
    value = column.value(row if len(column) > 1 else 0)
    return Step(part.text, value, value if isinstance(value, bool) else None, part.depth, column.kind, part.field)
