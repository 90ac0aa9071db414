"""Syntax tree of a formula: what was written, before names are looked up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Syntax:
    """One part of a formula. start, end: its offsets in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NumberLiteral(Syntax):
    """A number as written, exact."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class TextLiteral(Syntax):
    """A quoted text."""

    value: str


@dataclass(frozen=True, slots=True)
class TruthLiteral(Syntax):
    """VERDADERO, FALSO, TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Reference(Syntax):
    """A column: of this row (`[@Col]`) or whole (`[Col]`, `Table[Col]`). table: as written, None = the rule's own."""

    table: str | None
    column: str
    this_row: bool


@dataclass(frozen=True, slots=True)
class Name(Syntax):
    """A bare name: a parameter, a table or a name given by LET."""

    name: str


@dataclass(frozen=True, slots=True)
class Prefix(Syntax):
    """`-x` or `+x`."""

    operator: str
    operand: Syntax


@dataclass(frozen=True, slots=True)
class Percent(Syntax):
    """`x%`."""

    operand: Syntax


@dataclass(frozen=True, slots=True)
class Binary(Syntax):
    """`left operator right`."""

    operator: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class Omitted(Syntax):
    """An argument left empty, as in SI(a;;b)."""


@dataclass(frozen=True, slots=True)
class Call(Syntax):
    """A function with its arguments. name_end: where its name ends."""

    name: str
    arguments: tuple[Syntax, ...]
