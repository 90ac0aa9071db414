"""Formula tree after its names are looked up: every part knows its kind and shape, and can be evaluated."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from aliado.formula.function import FunctionSpec, ParameterSpec, ParameterType
from aliado.formula.kept import kept_property
from aliado.formula.values import Kind


class Shape(StrEnum):
    """How many values a part gives: one, one per row of the rule's table, or a whole column."""

    SINGLE = "single"
    ROW = "row"
    WHOLE = "whole"


class Node(Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """One part. kind: None only in a formula that has mistakes. table: whose column, when the shape is WHOLE.

    Parts that say the same are equal, wherever they stand, so that formulas share their results.
    """

    start: int
    end: int
    kind: Kind | None
    shape: Shape
    table: str | None = None

    @kept_property
    def meaning(self) -> tuple[object, ...]:
        """What the part says: all but its place."""
        return (type(self), *(getattr(self, name) for name in self.__struct_fields__ if name not in {"start", "end"}))

    @kept_property
    def timeless(self) -> bool:
        """Whether the part gives the same on every date: no parameter, nothing of the calendar, no figure of the client's."""
        dated = isinstance(self, (Parameter, TableName)) or (
            isinstance(self, Invoke) and self.function.category in {"date", "domain"}
        )
        return not dated and all(part.timeless for part in parts(self))

    @kept_property
    def _hash(self) -> int:
        return hash(self.meaning)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and (self is other or self.meaning == other.meaning)

    def __hash__(self) -> int:
        return self._hash


class Constant(Node, frozen=True, eq=False, kw_only=True):
    """A value known before any data. value: None = blank; dates are serial days."""

    value: Decimal | float | str | bool | None


class Field(Node, frozen=True, eq=False, kw_only=True):
    """A column: its value in each row (shape ROW) or all of it (shape WHOLE)."""

    of: str
    name: str


class Parameter(Node, frozen=True, eq=False, kw_only=True):
    """A parameter of the rule packs."""

    name: str


class Local(Node, frozen=True, eq=False, kw_only=True):
    """A name given by LET."""

    name: str


class TableName(Node, frozen=True, eq=False, kw_only=True):
    """A table handed to a domain function."""

    name: str


class Operation(Node, frozen=True, eq=False, kw_only=True):
    """An operator at work: + - * / ^ & = <> < > <= >=, or on one operand: negate, percent, convert, is_blank, is_filled."""

    operator: str
    operands: tuple[Node, ...]


class Condition(Node, frozen=True, eq=False, kw_only=True):
    """A criterion as in SUMIFS, to be met by a column of kind `of`.

    operator: known before any data ("=" when none is written), or None when the text of `operand` carries it.
    """

    operator: str | None
    operand: Node
    of: Kind


class Slot(NamedTuple):
    """How one argument is handed to its function. operand: what is computed for it, None where it is left out or a table.

    whole: a whole column, taken together where `aggregated`. spreads: its values go with those of the others, row by row.
    passes_over: cells that were not understood count as blank.
    """

    operand: Node | None
    table: str | None = None
    condition: Condition | None = None
    whole: bool = False
    aggregated: bool = False
    spreads: bool = True
    passes_over: bool = False


class Invoke(Node, frozen=True, eq=False, kw_only=True):
    """A function at work. arguments: None where an optional one is left out."""

    function: FunctionSpec
    arguments: tuple[Node | None, ...]

    @kept_property
    def figure(self) -> bool:
        """Whether it is one figure of the client's, the same wherever it stands in the formulas on one set of data."""
        return self.function.category == "domain" and self.shape is Shape.SINGLE

    @kept_property
    def given(self) -> tuple[ParameterSpec, ...]:
        """The parameter that each argument fills."""
        count = len(self.arguments)
        return tuple(self.function.parameter(index, count) for index in range(count))

    @kept_property
    def slots(self) -> tuple[Slot, ...]:
        """How each argument is handed over."""
        return tuple(_slot(argument, given.type) for argument, given in zip(self.arguments, self.given, strict=True))


_AGGREGATING = ("numbers", "ordered", "values", "bools")
_PASSING_OVER = ("numbers", "ordered", "number_column", "ordered_column")
_COLLAPSING = (*_AGGREGATING, "column", "number_column", "ordered_column")


def _slot(argument: Node | None, wanted: ParameterType) -> Slot:
    if argument is None:
        return Slot(None)
    if isinstance(argument, TableName):
        return Slot(None, argument.name)
    if isinstance(argument, Condition):
        return Slot(argument.operand, condition=argument)
    whole = argument.shape is Shape.WHOLE
    return Slot(
        argument,
        whole=whole,
        aggregated=wanted in _AGGREGATING,
        spreads=not (whole and wanted in _COLLAPSING),
        passes_over=whole and isinstance(argument, Field) and wanted in _PASSING_OVER,
    )


class Let(Node, frozen=True, eq=False, kw_only=True):
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
