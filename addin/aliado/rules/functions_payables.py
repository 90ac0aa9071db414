"""Domain functions over bills, the bank, the stock and the budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aliado.formula.data import Data
from aliado.formula.values import from_serial, to_serial
from aliado.language import Text
from aliado.rules import budget, cash, payables
from aliado.rules.figure import DATE, WINDOW, figure, parameter, until
from aliado.rules.periods import year_start
from aliado.rules.receivables import PLACES, money, ratio, sales
from aliado.tables.open_items import OpenItems

_BILLS = parameter("bills", "table", "la tabla de facturas recibidas", "the table of bills")
_BANK = parameter("bank", "table", "la tabla de movimientos bancarios", "the table of bank movements")
_STOCK = parameter("stock", "table", "la tabla de existencias", "the table of stock counts")
_BUDGET = parameter("budget", "table", "la tabla de presupuesto", "the table of budget lines")
_COST = parameter(
    "cost",
    "number",
    "coste de ventas del periodo, en lugar de las compras",
    "cost of sales of the period, instead of purchases",
    optional=True,
)
_LIMIT = parameter("limit", "number", "plazo en días", "term in days")
_AMOUNT = parameter(
    "by_amount", "number", "1 por importe, 0 por número de facturas", "1 by amount, 0 by number of bills", optional=True
)
_MONTHS = parameter(
    "months", "number", "meses que se miran; 3 si falta", "months looked at; 3 if left out", optional=True
)


def _fiscal_start(data: Data, day: int) -> int:
    """Return the first serial day of the fiscal year that `day` is in."""
    standing: Any = data.domain
    return to_serial(year_start(from_serial(day), standing.year_end_month))


def _dpo(
    items: OpenItems, currency: str, data: Data, day: int | None = None, window: int | None = None, cost: Any = None
) -> Decimal | None:
    given = None if cost is None else Decimal(cost)
    return payables.days_payable_outstanding(items, until(day, data), window or 90, currency, given)


def _on_time(
    items: OpenItems, currency: str, data: Data, day: int | None = None, by_amount: int | None = None
) -> Decimal | None:
    return payables.share_paid_on_time(items, until(day, data), currency, by_amount=bool(by_amount))


def _period(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    end = until(day, data)
    return payables.average_payment_period(items, _fiscal_start(data, end) - 1, end, currency)


def _within(
    items: OpenItems, currency: str, data: Data, limit: int | None, day: int | None = None, by_amount: int | None = None
) -> Decimal | None:
    if limit is None:
        return None
    end = until(day, data)
    start = _fiscal_start(data, end) - 1
    return payables.share_paid_within(items, start, end, currency, limit, by_amount=bool(by_amount))


def _cash(standing: Any, data: Data, day: int | None = None) -> Decimal | None:
    bank = standing.own_table("bank")
    cents = None if bank is None else cash.cash_at(bank, until(day, data))
    return None if cents is None else money(cents)


def _burn(standing: Any, data: Data, day: int | None = None, months: int | None = None) -> Decimal | None:
    bank = standing.own_table("bank")
    return None if bank is None else cash.net_burn(bank, until(day, data), months or cash.MONTHS)


def _runway(standing: Any, data: Data, day: int | None = None, months: int | None = None) -> Decimal | None:
    bank = standing.own_table("bank")
    return None if bank is None else cash.runway(bank, until(day, data), months or cash.MONTHS)


def _dio(standing: Any, data: Data, day: int | None = None, window: int | None = None) -> Decimal | None:
    stock, end, days = standing.own_table("stock"), until(day, data), window or 90
    value = None if stock is None else cash.stock_at(stock, end)
    if stock is None or value == 0:
        return Decimal(0)
    items = standing.payables
    bought = 0 if items is None else sales(items, end - days, end, standing.profile.currency)
    return None if value is None or bought <= 0 else ratio(value * days, bought, PLACES)


def _variance(standing: Any, data: Data, day: int | None = None) -> Decimal | None:
    total = budget.total_variance(_accounts(standing, data, day))
    return None if total is None else money(total)


def _variance_share(standing: Any, data: Data, day: int | None = None) -> Decimal | None:
    found = [item for item in _accounts(standing, data, day) if item.favourable is not None]
    whole = sum(abs(item.budget) for item in found)
    total = budget.total_variance(found)
    return None if total is None or not whole else ratio(total, whole, PLACES)


def _accounts(standing: Any, data: Data, day: int | None) -> list[budget.Account]:
    table, end = standing.tables.get("budget"), until(day, data)
    return [] if table is None else budget.accounts(table, from_serial(_fiscal_start(data, end)), from_serial(end))


PAYABLES = (
    figure(
        "ALIADO_DPO",
        "ALIADO_PMP_SALDO",
        (_BILLS, DATE, WINDOW, _COST),
        Text(
            "Días de pago: pendiente a proveedores / compras de los últimos días × días (#N/A sin compras).",
            "Days payable outstanding: open payables / purchases of the last days × days (#N/A without purchases).",
        ),
        "=ALIADO_DPO(bills; HOY(); 90)",
        _dpo,
    ),
    figure(
        "ALIADO_PAID_ON_TIME",
        "ALIADO_PAGADO_A_TIEMPO",
        (_BILLS, DATE, _AMOUNT),
        Text(
            "Parte de lo pagado que se pagó en su vencimiento o antes, por número de facturas o por importe.",
            "Share of what was paid that was paid on or before its due date, by number or by amount.",
        ),
        "=ALIADO_PAID_ON_TIME(bills; HOY(); 1)",
        _on_time,
    ),
    figure(
        "ALIADO_PMP",
        "ALIADO_PERIODO_MEDIO_PAGO",
        (_BILLS, DATE),
        Text(
            "Periodo medio de pago a proveedores del ejercicio hasta la fecha (España, RD 635/2014): operaciones pagadas y pendientes, ponderadas por importe.",
            "Average payment period to suppliers of the fiscal year to date (Spain, RD 635/2014): paid and pending operations, weighted by amount.",
        ),
        "=ALIADO_PMP(bills; HOY())",
        _period,
    ),
    figure(
        "ALIADO_PAID_WITHIN",
        "ALIADO_PAGADO_EN_PLAZO",
        (_BILLS, _LIMIT, DATE, _AMOUNT),
        Text(
            "Parte de lo pagado en el ejercicio que se pagó dentro de un plazo en días desde la entrega (Ley 18/2022), por número o por importe.",
            "Share of what was paid in the fiscal year that was paid within a term in days from delivery (Law 18/2022), by number or by amount.",
        ),
        "=ALIADO_PAID_WITHIN(bills; 60; HOY(); 1)",
        _within,
    ),
    figure(
        "ALIADO_CASH",
        "ALIADO_CAJA",
        (_BANK, DATE),
        Text(
            "Dinero en bancos: el último saldo de cada cuenta.", "Money at the bank: the last balance of each account."
        ),
        "=ALIADO_CASH(bank; HOY())",
        _cash,
        items=False,
    ),
    figure(
        "ALIADO_BURN",
        "ALIADO_CONSUMO_CAJA",
        (_BANK, DATE, _MONTHS),
        Text(
            "Consumo neto medio de caja al mes; negativo si la caja crece.",
            "Mean net cash burn per month; negative when cash grows.",
        ),
        "=ALIADO_BURN(bank; HOY(); 3)",
        _burn,
        items=False,
    ),
    figure(
        "ALIADO_RUNWAY",
        "ALIADO_AUTONOMIA",
        (_BANK, DATE, _MONTHS),
        Text(
            "Meses que dura la caja al ritmo de los últimos meses (#N/A si no se consume).",
            "Months that the cash lasts at the pace of the last months (#N/A when none is burnt).",
        ),
        "=ALIADO_RUNWAY(bank; HOY(); 3)",
        _runway,
        items=False,
    ),
    figure(
        "ALIADO_DIO",
        "ALIADO_DIAS_EXISTENCIAS",
        (_STOCK, DATE, WINDOW),
        Text(
            "Días de existencias: su último recuento / compras de los últimos días × días; 0 sin existencias (servicios).",
            "Days of inventory: the last count / purchases of the last days × days; 0 without stock (services).",
        ),
        "=ALIADO_DIO(stock; HOY(); 90)",
        _dio,
        items=False,
    ),
    figure(
        "ALIADO_BUDGET_VARIANCE",
        "ALIADO_DESVIACION",
        (_BUDGET, DATE),
        Text(
            "Desviación del presupuesto en el ejercicio hasta la fecha; lo favorable es positivo.",
            "Budget variance of the fiscal year to date; favourable is positive.",
        ),
        "=ALIADO_BUDGET_VARIANCE(budget; HOY())",
        _variance,
        items=False,
    ),
    figure(
        "ALIADO_BUDGET_VARIANCE_SHARE",
        "ALIADO_DESVIACION_RELATIVA",
        (_BUDGET, DATE),
        Text(
            "Desviación del presupuesto / suma de los importes presupuestados (#N/A sin presupuesto).",
            "Budget variance / sum of the budgeted amounts (#N/A without a budget).",
        ),
        "=ALIADO_BUDGET_VARIANCE_SHARE(budget; HOY())",
        _variance_share,
        items=False,
    ),
)
"""Functions over what is owed, paid and held."""
