"""What functions are given: values that may be a whole column, and criteria as in SUMIFS."""

from __future__ import annotations

from msgspec import Struct

from aliado.formula.values import Column, Kind


class Values(Struct, frozen=True):
    """One argument of an aggregate. whole: a whole column, to be taken together; else one value (per row)."""

    column: Column
    whole: bool


class Criterion(Struct, frozen=True):
    """What a cell must meet. operator: = <> < > <= >=, None = written inside the text of `column`.

    column: what to compare with, one value or one per row. of: the kind of the cells it is compared with.
    """

    operator: str | None
    column: Column
    of: Kind
