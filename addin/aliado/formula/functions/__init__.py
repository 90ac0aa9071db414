"""Excel's functions that rules may use, by category."""

from __future__ import annotations

from aliado.formula.function import FunctionSpec
from aliado.formula.functions import (
    conditional,
    dates,
    information,
    logic,
    lookup,
    maths,
    statistics,
    text,
    text_numbers,
    text_search,
)

ALL: tuple[FunctionSpec, ...] = (
    *logic.FUNCTIONS,
    *information.FUNCTIONS,
    *maths.FUNCTIONS,
    *statistics.FUNCTIONS,
    *conditional.FUNCTIONS,
    *dates.FUNCTIONS,
    *text.FUNCTIONS,
    *text_search.FUNCTIONS,
    *text_numbers.FUNCTIONS,
    *lookup.FUNCTIONS,
)
