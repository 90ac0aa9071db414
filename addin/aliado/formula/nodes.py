"""Formula tree after its names are looked up: every part knows its kind and shape, and can be evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from aliado.formula.function import FunctionSpec
from aliado.formula.values import Kind


class Shape(StrEnum):
    """How many values a part gives: one, one per row of the rule's table, or a whole column."""

    SINGLE = "single"
    ROW = "row"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One part. kind: None only in a formula that has mistakes. table: whose column, when the shape is WHOLE."""

    start: int = field(compare=False)
    end: int = field(compare=False)
    kind: Kind | None
    shape: Shape
    table: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Node):
    """A value known before any data. value: None = blank; dates are serial days."""

    value: Decimal | float | str | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Node):
    """A column: its value in each row (shape ROW) or all of it (shape WHOLE)."""

    of: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Node):
    """A parameter of the rule packs."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Local(Node):
    """A name given by LET."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableName(Node):
    """A table handed to a domain function."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Node):
    """An operator at work: + - * / ^ & = <> < > <= >=, or on one operand: negate, percent, convert, is_blank, is_filled."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Node):
    """A criterion as in SUMIFS, to be met by a column of kind `of`.

    operator: known before any data ("=" when none is written), or None when the text of `operand` carries it.
    """

    operator: str | None
    operand: Node
    of: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoke(Node):
    """A function at work. arguments: None where an optional one is left out."""

    function: FunctionSpec
    arguments: tuple[Node | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Let(Node):
    """LET: names with their values, and what is computed from them."""

    names: tuple[str, ...]
    values: tuple[Node, ...]
    body: Node


def parts(node: Node) -> tuple[Node, ...]:
    """Return the parts directly inside a node."""
    match node:
        case Operation(operands=operands):
            return operands
        case Condition(operand=operand):
            return (operand,)
        case Invoke(arguments=arguments):
            return tuple(argument for argument in arguments if argument is not None)
        case Let(values=values, body=body):
            return (*values, body)
        case _:
            return ()
