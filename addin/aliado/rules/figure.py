"""How a domain function is made: it finds the client's standing and its tables, and gives one figure.

Each gets the evaluation's data, whose `domain` is the client's standing (`rules.standing.Standing`).
Money figures are of the client's own currency alone. A date argument may be any past date.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, ParameterSpec, ParameterType
from aliado.formula.numbers import exact_column
from aliado.formula.values import Byte, Column, Kind, State, to_serial
from aliado.language import Text
from aliado.rules import receivables
from aliado.tables.open_items import OpenItems

Figure = Callable[..., Decimal | None]


def parameter(name: str, kind: ParameterType, es: str, en: str, *, optional: bool = False) -> ParameterSpec:
    """Return a parameter of a domain function."""
    return ParameterSpec(name, kind, optional=optional, help=Text(es, en))


DATE = parameter("date", "date", "fecha de corte; si falta, HOY()", "cut-off date; TODAY() if left out", optional=True)
WINDOW = parameter(
    "days",
    "number",
    "días de ventas que se miran; 90 si falta",
    "days of sales looked at; 90 if left out",
    optional=True,
)


def figure(
    name: str,
    alias: str,
    parameters: tuple[ParameterSpec, ...],
    summary: Text,
    example: str,
    compute: Figure,
    *,
    items: bool = True,
) -> FunctionSpec:
    """Return a function of one figure.

    compute is called with (open items, currency, data, *values), or where `items` is False with (standing, data,
    *values); a value is a whole number, an exact decimal, a serial day, or None where it is left out or not known.
    """
    return FunctionSpec(
        name=name,
        aliases=(alias,) if alias else (),
        category="domain",
        parameters=parameters,
        returns=Kind.NUMBER,
        summary=summary,
        examples=(example,),
        impl=_on_items(compute) if items else _on_standing(compute),
        aggregate=True,
    )


def by_row(
    name: str,
    alias: str,
    parameters: tuple[ParameterSpec, ...],
    returns: Kind,
    summary: Text,
    example: str,
    compute: Callable[..., Decimal | date | None],
) -> FunctionSpec:
    """Return a function of single values, one result per row: a number of two decimals, or a date.

    compute is called with (standing, *values); a value is a decimal, a date or a text, or None where an optional one is
    left out or blank. Where a value that is needed is not known, or compute gives None, there is no result (#N/A).
    """
    needed = sum(not item.optional for item in parameters)

    def evaluate(data: Data, *columns: Column | None) -> Column:
        count = max((len(column) for column in columns if column is not None), default=1)
        known: dict[tuple[object, ...], int | None] = {}
        found: list[int | None] = []
        for row in range(count):
            values = tuple(_at(column, row) for column in columns)
            if values not in known:
                unknown = data.domain is None or any(value is None for value in values[:needed])
                result = None if unknown else compute(data.domain, *values)
                known[values] = _as_integer(result)
            found.append(known[values])
        state = np.array([State.VALUE if value is not None else State.NA for value in found], dtype=np.uint8)
        numbers = np.array([value or 0 for value in found], dtype=np.int64)
        return Column(returns, numbers, state if state.any() else None, 2 if returns is Kind.NUMBER else None)

    return FunctionSpec(
        name=name,
        aliases=(alias,),
        category="domain",
        parameters=parameters,
        returns=returns,
        summary=summary,
        examples=(example,),
        impl=evaluate,
    )


def _at(column: Column | None, row: int) -> Decimal | date | str | None:
    if column is None:
        return None
    value = column.value(row if len(column) > 1 else 0)
    if isinstance(value, (State, bool)):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else value


def _as_integer(value: Decimal | date | None) -> int | None:
    """Return a date as its serial day, an amount as hundredths."""
    if value is None:
        return None
    return int(value.scaleb(2).to_integral_value(ROUND_HALF_UP)) if isinstance(value, Decimal) else to_serial(value)


def _on_items(compute: Figure) -> Callable[..., Column]:
    def evaluate(data: Data, table: str, *arguments: Column | None) -> Column:
        items, currency = _items(data, table)
        if items is None:
            return _nothing()
        return _result(compute(items, currency, data, *map(_single, arguments)))

    return evaluate


def _on_standing(compute: Figure) -> Callable[..., Column]:
    def evaluate(data: Data, table: str, *arguments: Column | None) -> Column:
        del table  # the standing knows its tables
        if data.domain is None:
            return _nothing()
        return _result(compute(data.domain, data, *map(_single, arguments)))

    return evaluate


def _items(data: Data, table: str) -> tuple[OpenItems | None, str]:
    standing: Any = data.domain
    if standing is None or table not in {"invoices", "bills"}:
        return None, ""
    return standing.receivables if table == "invoices" else standing.payables, standing.profile.currency


def _single(column: Column | None) -> int | Decimal | None:
    """Return a single number or serial day, whole ones as integers; None when it is left out or not known."""
    if column is None or not len(column) or (column.state is not None and column.state[0] != Byte.VALUE):
        return None
    if "single" not in column.cache:
        column.cache["single"] = _number(column)
    found: int | Decimal = column.cache["single"]
    return found


def _number(column: Column) -> int | Decimal:
    value = column.data[0]
    if column.scale is None:
        return (
            int(value) if column.kind is not Kind.NUMBER or float(value).is_integer() else Decimal(repr(float(value)))
        )
    exact = Decimal(int(value)).scaleb(-column.scale)
    return int(exact) if exact == exact.to_integral_value() else exact


def until(day: int | None, data: Data) -> int:
    """Return the day that a function looks at: never later than the standing's own."""
    standing: Any = data.domain
    today: int = standing.day
    return today if day is None else min(day, today)


def _result(value: Decimal | None) -> Column:
    if value is None:
        return _nothing()
    scale = receivables.PLACES
    return exact_column(np.array([int(value.scaleb(scale))], dtype=object), None, scale)


def _nothing() -> Column:
    """The figure does not exist: #N/A."""
    return Column(Kind.NUMBER, np.zeros(1, dtype=np.int64), np.array([State.NA], dtype=np.uint8), 0)
