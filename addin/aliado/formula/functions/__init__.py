"""Excel's functions that rules may use, one module per category."""

from __future__ import annotations

from aliado.formula.function import FunctionSpec
from aliado.formula.functions import conditional, dates, information, logic, lookup, maths, statistics, text

ALL: tuple[FunctionSpec, ...] = (
    *logic.FUNCTIONS,
    *information.FUNCTIONS,
    *maths.FUNCTIONS,
    *statistics.FUNCTIONS,
    *conditional.FUNCTIONS,
    *dates.FUNCTIONS,
    *text.FUNCTIONS,
    *lookup.FUNCTIONS,
)
