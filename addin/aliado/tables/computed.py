"""Columns that a client pack computes from the client's own ones: `balance: =[@Total] - [@Cobrado]`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np

from aliado.errors import PackError, WorkbookRefused
from aliado.formula.compile import Place, compile_formula
from aliado.formula.data import Data
from aliado.formula.rounding import round_to
from aliado.formula.scope import Scope, TableScope
from aliado.formula.values import Column, Kind, State
from aliado.language import Text, fold
from aliado.tables.amounts import MONEY_SCALE
from aliado.tables.schema import FieldType, TableSpec

TODAY = date(1900, 3, 1)
"""Computed columns are read before any date is chosen, so they may not depend on one."""


def compute_columns(spec: TableSpec, own: Mapping[str, Column], count: int) -> dict[str, Column]:
    """Return field -> column for every mapped field that is a formula.

    own: the client's columns by folded heading; a blank number counts as 0, as in Excel.
    Raises WorkbookRefused when a formula does not fit the table.
    """
    formulas = {name: text for name, text in spec.map.items() if text.startswith("=")}
    if not formulas:
        return {}
    columns = {folded: _zero_for_blank(column) for folded, column in own.items()}
    kinds = {folded: column.kind for folded, column in columns.items()}
    scope = Scope({spec.name: TableScope(kinds, {folded: folded for folded in kinds})}, spec.name)
    data = Data({spec.name: columns}, {spec.name: count}, spec.name, {}, TODAY)
    return {name: _compute(spec, name, text, scope, data) for name, text in formulas.items()}


def headings_read(spec: TableSpec, headings: Mapping[int, str]) -> dict[int, str]:
    """Return the columns (number -> heading) that some computed field names."""
    texts = [fold(text) for text in spec.map.values() if text.startswith("=")]
    return {
        column: heading for column, heading in headings.items() if any(_named(fold(heading), text) for text in texts)
    }


def _named(heading: str, formula: str) -> bool:
    return f"[{heading}]" in formula or f"[@{heading}]" in formula


def _compute(spec: TableSpec, name: str, text: str, scope: Scope, data: Data) -> Column:
    kind = spec.fields[name].type
    try:
        formula = compile_formula(
            text, scope, place=Place(f"tables.{spec.name}.map.{name}", 1, 1), shape="row", kind=kind.kind
        )
    except PackError as error:
        raise WorkbookRefused(
            Text(
                f"El paquete de reglas calcula «{name}» con una fórmula que no encaja en la tabla: {error.text.es}",
                f"The rule pack computes “{name}” with a formula that does not fit the table: {error.text.en}",
            )
        ) from None
    column = formula.evaluate(data)
    if len(column) == 1 and data.rows != 1:
        column = column.take(np.zeros(data.rows, dtype=np.intp))
    return _to_cents(column) if kind is FieldType.MONEY else column


def _zero_for_blank(column: Column) -> Column:
    if column.kind is not Kind.NUMBER or column.state is None:
        return column
    state = np.where(column.state == State.BLANK, np.uint8(State.VALUE), column.state).astype(np.uint8)
    return Column(column.kind, column.data, state if state.any() else None, column.scale)


def _to_cents(column: Column) -> Column:
    """Return a number column as money: whole cents, halves away from zero; what is not a value is unknown."""
    rounded = round_to(column, MONEY_SCALE)
    cents = [
        Decimal(str(value)).scaleb(MONEY_SCALE) if isinstance(value := rounded.value(row), (Decimal, float)) else None
        for row in range(len(rounded))
    ]
    state = np.array([State.UNKNOWN if item is None else State.VALUE for item in cents], dtype=np.uint8)
    if column.state is not None:
        state[column.state == State.BLANK] = State.BLANK
    data = np.array([0 if item is None else int(item) for item in cents], dtype=np.int64)
    return Column(Kind.NUMBER, data, state if state.any() else None, MONEY_SCALE)
