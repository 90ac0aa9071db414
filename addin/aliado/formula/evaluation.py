"""Formula trees to columns: one pass over whole columns per operator."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from aliado.formula.arguments import Criterion, Values
from aliado.formula.data import Data
from aliado.formula.kinds import converted, date_column, serial_numbers
from aliado.formula.nodes import (
    Constant,
    Field,
    Invoke,
    Let,
    Local,
    Node,
    Operation,
    Parameter,
    Shape,
)
from aliado.formula.numbers import (
    add,
    compare,
    divide,
    multiply,
    negate,
    number_column,
    order_mask,
    percent,
    power,
    subtract,
)
from aliado.formula.states import constant_state, settled, spread, worst_state
from aliado.formula.texts import compare_texts, mapped_texts, text_column, texts_from
from aliado.formula.values import Byte, Column, Kind, State

_ARITHMETIC = {"*": multiply, "/": divide, "^": power}
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")


class Evaluator:
    """Computes the parts of one formula on one set of data."""

    __slots__ = ("data", "decimal_comma", "locals")

    def __init__(self, data: Data, *, decimal_comma: bool) -> None:
        self.data = data
        self.decimal_comma = decimal_comma
        self.locals: dict[str, Column] = {}

    def column(self, node: Node) -> Column:
        """Return the value of a part: one, one per row, or a whole column, by its shape."""
        match node:
            case Field():
                return self.data.field(node.of, node.name, _kind(node), single=node.shape is Shape.ROW)
            case Constant():
                return constant_column(node)
            case Operation():
                return self._operation(node)
            case Invoke():
                return self._invoke(node)
            case Parameter():
                return self.data.parameter(node.name, _kind(node))
            case Local():
                return self.locals[node.name]
            case Let():
                return self._let(node)
        raise TypeError(type(node).__name__)

    def _operation(self, node: Operation) -> Column:
        shared = node.kind is Kind.BOOL and not self.locals  # conditions come again, and take a byte a row
        if shared and (found := self.data.memo.get((node, self.decimal_comma))) is not None:
            known: Column = found
            return known
        operands = [self.column(operand) for operand in node.operands]
        if len(operands) > 1 and not _lengths_agree(operands):
            return constant_state(_kind(node), State.VALUE_ERROR)
        result = settled(self._operate(node, operands))
        if node.operator != "convert" and result.state is not None:
            # No operator leaves a blank: its state is already what an operand's state would be.
            result.cache["operand_state"] = result.state
        if shared:
            self.data.memo[(node, self.decimal_comma)] = result
        return result

    def _operate(self, node: Operation, operands: list[Column]) -> Column:
        operator, first = node.operator, operands[0]
        match operator:
            case "convert":
                return converted(first, _kind(node), decimal_comma=self.decimal_comma)
            case "negate":
                return negate(first)
            case "percent":
                return percent(first)
            case "is_blank":
                return _blank_test(first)
            case "is_filled":
                blank = _blank_test(first)
                return Column(Kind.BOOL, ~blank.data, blank.state)
            case "&":
                return _joined(first, operands[1])
        if operator in _COMPARISONS:
            return compared(operator, first, operands[1])
        if operator in _ARITHMETIC:
            return _ARITHMETIC[operator](first, operands[1])
        number = (add if operator == "+" else subtract)(serial_numbers(first), serial_numbers(operands[1]))
        return converted(number, _kind(node), decimal_comma=False)

    def _invoke(self, node: Invoke) -> Column:
        shared = node.figure and not self.locals
        if shared and (found := self.data.memo.get((node, self.decimal_comma))) is not None:
            known: Column = found
            return known
        arguments: list[Any] = []
        spread_over: list[Column] = []
        for slot in node.slots:
            operand = slot.operand
            if operand is None:
                arguments.append(slot.table)
                continue
            column = self.column(operand)
            if slot.passes_over:
                column = _passed_over(column)
            if slot.spreads:
                spread_over.append(column)
            if slot.condition is not None:
                arguments.append(Criterion(slot.condition.operator, column, slot.condition.of))
            else:
                arguments.append(Values(column, slot.whole) if slot.aggregated else column)
        if len(spread_over) > 1 and not _lengths_agree(spread_over):
            return constant_state(_kind(node), State.VALUE_ERROR)
        result = settled(node.function.impl(self.data, *arguments))
        if shared:
            self.data.memo[(node, self.decimal_comma)] = result
        return result

    def _let(self, node: Let) -> Column:
        outer = dict(self.locals)
        for name, value in zip(node.names, node.values, strict=True):
            self.locals[name] = self.column(value)
        result = self.column(node.body)
        self.locals = outer
        return result


@lru_cache(maxsize=4096)
def constant_column(node: Constant) -> Column:
    """Return a constant as a column of one value."""
    kind, value = _kind(node), node.value
    if value is None:
        return constant_state(kind, State.BLANK)
    if kind is Kind.TEXT:
        return text_column([str(value)])
    if kind is Kind.BOOL:
        return Column(kind, np.array([bool(value)]))
    if kind is Kind.DATE:
        return date_column(np.array([int(value)]), None)
    if isinstance(value, float):
        return Column(kind, np.array([value]))
    return number_column(value if isinstance(value, Decimal) else Decimal(value))


def compared(operator: str, left: Column, right: Column) -> Column:
    """Return where `left operator right` holds; both sides of one kind, or dates and numbers."""
    state = spread(left, right)
    if left.kind is Kind.TEXT:
        return Column(Kind.BOOL, compare_texts(operator, left, right), state)
    if left.kind is Kind.BOOL:
        return Column(Kind.BOOL, order_mask(operator, left.data, right.data), state)
    return Column(Kind.BOOL, compare(operator, serial_numbers(left), serial_numbers(right)), state)


def _joined(left: Column, right: Column) -> Column:
    """Return texts joined, each distinct text once where one side is a single value."""
    state = spread(left, right)
    if len(right) == 1 and len(left) > 1:
        tail = str(right.data[0])
        return mapped_texts(left, lambda word: word + tail, state)
    if len(left) == 1 and len(right) > 1:
        head = str(left.data[0])
        return mapped_texts(right, lambda word: head + word, state)
    one, two = np.broadcast_arrays(left.data, right.data)
    return texts_from((head + tail for head, tail in zip(one.tolist(), two.tolist(), strict=True)), len(one), state)


def _blank_test(column: Column) -> Column:
    """Return where cells are blank; an unknown or an error stays what it is."""
    if column.state is None:
        return Column(Kind.BOOL, np.zeros(len(column), dtype=np.bool_))
    state = np.where(column.state == Byte.BLANK, Byte.VALUE, column.state)
    return Column(Kind.BOOL, column.state == Byte.BLANK, state if state.any() else None)


def _passed_over(column: Column) -> Column:
    """Return a client's own column with cells that were not understood as blanks, as Excel passes over text in a sum.

    In anything computed from columns an unknown stays, and makes the total unknown.
    """
    if column.state is None or worst_state(column) < State.UNKNOWN:
        return column
    state = np.where(column.state == Byte.UNKNOWN, Byte.BLANK, column.state)
    return Column(column.kind, column.data, state, column.scale)


def _lengths_agree(columns: Iterable[Column]) -> bool:
    """Return whether all have as many values, but for single ones."""
    rows = 1
    for column in columns:
        count = len(column.data)
        if count not in (1, rows):
            if rows != 1:
                return False
            rows = count
    return True


def _kind(node: Node) -> Kind:
    if node.kind is None:
        message = "a formula with mistakes is never evaluated"
        raise TypeError(message)
    return node.kind
