"""Parts of a formula that need no data, computed once when it is compiled."""

from __future__ import annotations

from datetime import date
from operator import is_

from msgspec.structs import replace

from aliado.formula.data import Data
from aliado.formula.evaluation import Evaluator
from aliado.formula.nodes import Condition, Constant, Invoke, Let, Node, Operation, Shape
from aliado.formula.values import State, from_serial, to_serial

_NO_DATA = Data({}, {}, None, {}, from_serial(0))
_NEED_DATA = ("date", "domain", "lookup", "conditional", "statistics")
"""Categories whose functions read the calendar, the date of the work or tables."""


def folded(node: Node, *, decimal_comma: bool) -> Node:
    """Return the node with every part that is the same on any data as a constant; errors stay as written."""
    match node:
        case Operation():
            operands = tuple(folded(operand, decimal_comma=decimal_comma) for operand in node.operands)
            if not all(map(is_, operands, node.operands)):
                node = replace(node, operands=operands)
            return _computed(node, operands, decimal_comma=decimal_comma)
        case Invoke():
            arguments = tuple(
                None if argument is None else folded(argument, decimal_comma=decimal_comma)
                for argument in node.arguments
            )
            if not all(map(is_, arguments, node.arguments)):
                node = replace(node, arguments=arguments)
            if node.function.category in _NEED_DATA or None in arguments:
                return node
            return _computed(node, arguments, decimal_comma=decimal_comma)
        case Condition():
            return replace(node, operand=folded(node.operand, decimal_comma=decimal_comma))
        case Let():
            values = tuple(folded(value, decimal_comma=decimal_comma) for value in node.values)
            return replace(node, values=values, body=folded(node.body, decimal_comma=decimal_comma))
    return node


def _computed(node: Node, parts: tuple[Node | None, ...], *, decimal_comma: bool) -> Node:
    if not all(isinstance(part, Constant) for part in parts):
        return node
    column = Evaluator(_NO_DATA, decimal_comma=decimal_comma).column(node)
    value = column.value(0)
    if isinstance(value, State):
        return node
    plain = to_serial(value) if isinstance(value, date) else value
    return Constant(start=node.start, end=node.end, kind=node.kind, shape=Shape.SINGLE, value=plain)
