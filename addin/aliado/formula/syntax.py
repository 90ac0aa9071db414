"""Syntax tree of a formula: what was written, before names are looked up."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Syntax(Struct, frozen=True):
    """One part of a formula. start, end: its offsets in the text."""

    start: int
    end: int


class NumberLiteral(Syntax, frozen=True):
    """A number as written, exact."""

    value: Decimal


class TextLiteral(Syntax, frozen=True):
    """A quoted text."""

    value: str


class TruthLiteral(Syntax, frozen=True):
    """VERDADERO, FALSO, TRUE or FALSE."""

    value: bool


class Reference(Syntax, frozen=True):
    """A column: of this row (`[@Col]`) or whole (`[Col]`, `Table[Col]`). table: as written, None = the rule's own."""

    table: str | None
    column: str
    this_row: bool


class Name(Syntax, frozen=True):
    """A bare name: a parameter, a table or a name given by LET."""

    name: str


class Prefix(Syntax, frozen=True):
    """`-x` or `+x`."""

    operator: str
    operand: Syntax


class Percent(Syntax, frozen=True):
    """`x%`."""

    operand: Syntax


class Binary(Syntax, frozen=True):
    """`left operator right`."""

    operator: str
    left: Syntax
    right: Syntax


class Omitted(Syntax, frozen=True):
    """An argument left empty, as in SI(a;;b)."""


class Call(Syntax, frozen=True):
    """A function with its arguments. name_end: where its name ends."""

    name: str
    arguments: tuple[Syntax, ...]
