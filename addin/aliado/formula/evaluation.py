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
    Condition,
    Constant,
    Field,
    Invoke,
    Let,
    Local,
    Node,
    Operation,
    Parameter,
    Shape,
    TableName,
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
from aliado.formula.states import constant_state, settled, spread
from aliado.formula.texts import compare_texts, mapped_texts, text_column, texts_from
from aliado.formula.values import Column, Kind, State

_ARITHMETIC = {"*": multiply, "/": divide, "^": power}
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
_AGGREGATING = ("numbers", "ordered", "values", "bools")
_PASSING_OVER = ("numbers", "ordered", "number_column", "ordered_column")
_COLLAPSING = (*_AGGREGATING, "column", "number_column", "ordered_column")


class Evaluator:
    """Computes the parts of one formula on one set of data."""

    def __init__(self, data: Data, *, decimal_comma: bool) -> None:
        self.data = data
        self.decimal_comma = decimal_comma
        self.locals: dict[str, Column] = {}

    def column(self, node: Node) -> Column:
        """Return the value of a part: one, one per row, or a whole column, by its shape."""
        match node:
            case Field():
                return self.data.field(node.of, node.name, _kind(node))
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
        shared = node.kind is Kind.BOOL and not self.locals
        if shared and (found := self.data.memo.get((node, self.decimal_comma))) is not None:
            known: Column = found
            return known
        operands = [self.column(operand) for operand in node.operands]
        if not _lengths_agree(operands):
            return constant_state(_kind(node), State.VALUE_ERROR)
        result = settled(self._operate(node, operands))
        if node.operator != "convert":
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
        arguments: list[Any] = []
        spread_over: list[Column] = []
        for argument, parameter in zip(node.arguments, node.given, strict=True):
            if argument is None:
                arguments.append(None)
            elif isinstance(argument, TableName):
                arguments.append(argument.name)
            elif isinstance(argument, Condition):
                column = self.column(argument.operand)
                spread_over.append(column)
                arguments.append(Criterion(argument.operator, column, argument.of))
            else:
                column = self.column(argument)
                whole = argument.shape is Shape.WHOLE
                if whole and isinstance(argument, Field) and parameter.type in _PASSING_OVER:
                    column = _passed_over(column)
                arguments.append(Values(column, whole) if parameter.type in _AGGREGATING else column)
                if not (whole and parameter.type in _COLLAPSING):
                    spread_over.append(column)
        if not _lengths_agree(spread_over):
            return constant_state(_kind(node), State.VALUE_ERROR)
        result: Column = node.function.impl(self.data, *arguments)
        return settled(result)

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
    state = np.where(column.state == State.BLANK, np.uint8(State.VALUE), column.state)
    return Column(Kind.BOOL, column.state == State.BLANK, state if state.any() else None)


def _passed_over(column: Column) -> Column:
    """Return a client's own column with cells that were not understood as blanks, as Excel passes over text in a sum.

    In anything computed from columns an unknown stays, and makes the total unknown.
    """
    if column.state is None or not bool((column.state == State.UNKNOWN).any()):
        return column
    state = np.where(column.state == State.UNKNOWN, np.uint8(State.BLANK), column.state)
    return Column(column.kind, column.data, state, column.scale)


def _lengths_agree(columns: Iterable[Column]) -> bool:
    return len({len(column) for column in columns} - {1}) <= 1


def _kind(node: Node) -> Kind:
    if node.kind is None:
        message = "a formula with mistakes is never evaluated"
        raise TypeError(message)
    return node.kind
