"""Domain functions of the formula language: the same in a rule and in a cell.

Each gets the evaluation's data, whose `domain` is the client's standing (`rules.standing.Standing`).
Money figures are of the client's own currency alone. A date argument may be any past date.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from aliado.formula.data import Data
from aliado.formula.function import FunctionSpec, ParameterSpec
from aliado.formula.registry import STANDARD
from aliado.formula.values import Column, Kind, State
from aliado.language import Text
from aliado.rules import receivables
from aliado.tables.open_items import OpenItems

Figure = Callable[..., Decimal | None]

_INVOICES = ParameterSpec(
    "invoices",
    "table",
    optional=False,
    help=Text("la tabla de facturas (o de compras)", "the table of invoices (or bills)"),
)
_DATE = ParameterSpec(
    "date", "date", optional=True, help=Text("fecha de corte; si falta, HOY()", "cut-off date; TODAY() if left out")
)
_WINDOW = ParameterSpec(
    "days",
    "number",
    optional=True,
    help=Text("días de ventas que se miran; 90 si falta", "days of sales looked at; 90 if left out"),
)
_COUNT = ParameterSpec("count", "number", optional=False, help=Text("cuántos deudores", "how many debtors"))


def _figure(compute: Figure) -> Callable[..., Column]:
    """Return an implementation that finds the open items and the date, and gives the figure as one value."""

    def evaluate(data: Data, table: str, *arguments: Column | None) -> Column:
        items, currency = _items(data, table)
        if items is None:
            return _nothing()
        values = [_single(argument) for argument in arguments]
        return _result(compute(items, currency, data, *values))

    return evaluate


def _items(data: Data, table: str) -> tuple[OpenItems | None, str]:
    standing: Any = data.domain
    items = {"invoices": standing.receivables, "bills": standing.payables}.get(table) if standing is not None else None
    return items, standing.profile.currency if standing is not None else ""


def _single(column: Column | None) -> int | None:
    """Return a single whole number or serial day; None when it is left out or not known."""
    if column is None or not len(column) or (column.state is not None and column.state[0] != State.VALUE):
        return None
    value = column.data[0]
    return int(value) if not column.scale else int(value) // int(10**column.scale)


def _day(day: int | None, data: Data) -> int:
    standing: Any = data.domain
    today: int = standing.day
    return today if day is None else min(day, today)


def _result(value: Decimal | None) -> Column:
    if value is None:
        return _nothing()
    scale = receivables.PLACES
    return Column(Kind.NUMBER, np.array([int(value.scaleb(scale))], dtype=np.int64), None, scale)


def _nothing() -> Column:
    """The figure does not exist: #N/A."""
    return Column(Kind.NUMBER, np.zeros(1, dtype=np.int64), np.array([State.NA], dtype=np.uint8), 0)


def _dso(items: OpenItems, currency: str, data: Data, day: int | None = None, window: int | None = None) -> Decimal | None:
    return receivables.days_sales_outstanding(items, _day(day, data), window or 90, currency)


def _countback(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    return receivables.countback_dso(items, _day(day, data), currency)


def _bpdso(items: OpenItems, currency: str, data: Data, day: int | None = None, window: int | None = None) -> Decimal | None:
    return receivables.best_possible_dso(items, _day(day, data), window or 90, currency)


def _cei(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    return receivables.collection_effectiveness(items, _day(day, data), currency)


def _top(items: OpenItems, currency: str, data: Data, count: int | None, day: int | None = None) -> Decimal | None:
    return receivables.top_share(items, _day(day, data), max(count or 0, 0), currency)


def _late(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    del currency  # days are days in any currency
    return receivables.mean_days_late(items, _day(day, data))


def _late_signed(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    del currency
    return receivables.mean_days_late(items, _day(day, data), signed=True)


def _to_pay(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    del currency
    return receivables.mean_days_to_pay(items, _day(day, data))


def _spec(
    name: str, alias: str, parameters: tuple[ParameterSpec, ...], summary: Text, example: str, compute: Figure
) -> FunctionSpec:
    return FunctionSpec(
        name=name,
        aliases=(alias,) if alias else (),
        category="domain",
        parameters=parameters,
        returns=Kind.NUMBER,
        summary=summary,
        examples=(example,),
        impl=_figure(compute),
        aggregate=True,
    )


DOMAIN = (
    _spec(
        "ALIADO_DSO",
        "ALIADO_PMC",
        (_INVOICES, _DATE, _WINDOW),
        Text(
            "Periodo medio de cobro: pendiente a la fecha / ventas de los últimos días × días (#N/A sin ventas).",
            "Days sales outstanding: open receivables at the date / sales of the last days × days (#N/A without sales).",
        ),
        "=ALIADO_DSO(invoices; HOY(); 90)",
        _dso,
    ),
    _spec(
        "ALIADO_DSO_COUNTBACK",
        "ALIADO_PMC_AGOTAMIENTO",
        (_INVOICES, _DATE),
        Text(
            "Periodo medio de cobro por agotamiento: resta del pendiente las ventas de cada mes, del último hacia atrás.",
            "Countback days sales outstanding: subtracts each month's sales from the open balance, newest first.",
        ),
        "=ALIADO_DSO_COUNTBACK(invoices; HOY())",
        _countback,
    ),
    _spec(
        "ALIADO_BPDSO",
        "ALIADO_PMC_OPTIMO",
        (_INVOICES, _DATE, _WINDOW),
        Text(
            "Mejor periodo de cobro posible: lo no vencido / ventas de los últimos días × días.",
            "Best possible DSO: what is not yet due / sales of the last days × days.",
        ),
        "=ALIADO_BPDSO(invoices; HOY(); 90)",
        _bpdso,
    ),
    _spec(
        "ALIADO_CEI",
        "ALIADO_EFICACIA_COBRO",
        (_INVOICES, _DATE),
        Text(
            "Eficacia de cobro del mes hasta la fecha, de 0 a 100: lo cobrado de lo que se podía cobrar.",
            "Collection effectiveness of the month up to the date, 0 to 100: what was collected of what could be.",
        ),
        "=ALIADO_CEI(invoices; HOY())",
        _cei,
    ),
    _spec(
        "ALIADO_TOP",
        "ALIADO_MAYORES",
        (_INVOICES, _COUNT, _DATE),
        Text(
            "Parte del pendiente que deben los mayores deudores, neta de abonos.",
            "Share of the open balance owed by the largest debtors, net of credit notes.",
        ),
        "=ALIADO_TOP(invoices; 5)",
        _top,
    ),
    _spec(
        "ALIADO_DAYS_LATE_MEAN",
        "ALIADO_RETRASO_MEDIO",
        (_INVOICES, _DATE),
        Text(
            "Días medios de retraso de lo ya pagado; lo pagado antes de vencer cuenta 0.",
            "Mean days late of what was paid; paid before due counts 0.",
        ),
        "=ALIADO_DAYS_LATE_MEAN(invoices; HOY())",
        _late,
    ),
    _spec(
        "ALIADO_DAYS_LATE_SIGNED",
        "ALIADO_RETRASO_CON_SIGNO",
        (_INVOICES, _DATE),
        Text(
            "Días medios entre vencimiento y pago; negativo si se paga antes de vencer.",
            "Mean days between due date and payment; negative when paid before due.",
        ),
        "=ALIADO_DAYS_LATE_SIGNED(invoices; HOY())",
        _late_signed,
    ),
    _spec(
        "ALIADO_DAYS_TO_PAY",
        "ALIADO_DIAS_DE_COBRO",
        (_INVOICES, _DATE),
        Text(
            "Días medios entre emisión y pago de lo ya pagado.", "Mean days between issue and payment of what was paid."
        ),
        "=ALIADO_DAYS_TO_PAY(invoices; HOY())",
        _to_pay,
    ),
)

FUNCTIONS = STANDARD.extend(DOMAIN)
"""Every function that a rule may use."""
