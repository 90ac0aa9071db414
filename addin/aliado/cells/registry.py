"""Every custom function, in the order of its help: cells, stubs, add-ins and the reference page go by this list."""

from __future__ import annotations

from aliado.cells.agenda import ALIADO_CALENDAR, ALIADO_DUNNING
from aliado.cells.days import ALIADO_DAYS_LATE, ALIADO_NETWORKDAYS, ALIADO_TAXID, ALIADO_WORKDAY
from aliado.cells.domain import make_domain_functions
from aliado.cells.function import CellFunction
from aliado.cells.indicators import (
    ALIADO_AGEING,
    ALIADO_EXPLAIN,
    ALIADO_FLAGS,
    ALIADO_GAPS,
    ALIADO_KPI,
    ALIADO_OVERDUE,
)

FUNCTIONS: tuple[CellFunction, ...] = (
    ALIADO_KPI,
    ALIADO_AGEING,
    ALIADO_OVERDUE,
    ALIADO_FLAGS,
    ALIADO_GAPS,
    ALIADO_EXPLAIN,
    ALIADO_CALENDAR,
    ALIADO_DUNNING,
    *make_domain_functions(),
    ALIADO_WORKDAY,
    ALIADO_NETWORKDAYS,
    ALIADO_DAYS_LATE,
    ALIADO_TAXID,
)

_BY_NAME = {name.upper(): function for function in FUNCTIONS for name in (function.name, *function.aliases)}


def find_function(name: str) -> CellFunction | None:
    """Return the custom function of a name or alias, whatever its case; None when there is none."""
    return _BY_NAME.get(name.upper())
