"""Syntax tree of a formula: what was written, before names are looked up."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Syntax(Struct, frozen=True, gc=False):
    """One part of a formula. start, end: its offsets in the text."""

    start: int
    end: int


class NumberLiteral(Syntax, frozen=True, gc=False):
    """A number as written, exact."""

    value: Decimal


class TextLiteral(Syntax, frozen=True, gc=False):
    """A quoted text."""

    value: str


class TruthLiteral(Syntax, frozen=True, gc=False):
    """VERDADERO, FALSO, TRUE or FALSE."""

    value: bool


class Reference(Syntax, frozen=True, gc=False):
    """A column: of this row (`[@Col]`) or whole (`[Col]`, `Table[Col]`). table: as written, None = the rule's own."""

    table: str | None
    column: str
    this_row: bool


class Name(Syntax, frozen=True, gc=False):
    """A bare name: a parameter, a table or a name given by LET."""

    name: str


class Prefix(Syntax, frozen=True, gc=False):
    """`-x` or `+x`."""

    operator: str
    operand: Syntax


class Percent(Syntax, frozen=True, gc=False):
    """`x%`."""

    operand: Syntax


class Binary(Syntax, frozen=True, gc=False):
    """`left operator right`."""

    operator: str
    left: Syntax
    right: Syntax


class Omitted(Syntax, frozen=True, gc=False):
    """An argument left empty, as in SI(a;;b)."""


class Call(Syntax, frozen=True, gc=False):
    """A function with its arguments. name_end: where its name ends."""

    name: str
    arguments: tuple[Syntax, ...]
