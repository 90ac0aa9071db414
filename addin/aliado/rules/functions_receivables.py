"""Domain functions over open items: days sales outstanding and its kin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aliado.formula.data import Data
from aliado.language import Text
from aliado.rules import receivables
from aliado.rules.figure import DATE, WINDOW, figure, parameter, until
from aliado.tables.open_items import OpenItems

_INVOICES = parameter("invoices", "table", "la tabla de facturas (o de compras)", "the table of invoices (or bills)")
_COUNT = parameter("count", "number", "cuántos deudores", "how many debtors")
_RATES = tuple(
    parameter(name, "number", f"tasa de {es}", f"rate of {en}")
    for name, es, en in (
        ("not_due", "lo no vencido", "what is not due"),
        ("days_30", "1 a 30 días", "1 to 30 days"),
        ("days_60", "31 a 60 días", "31 to 60 days"),
        ("days_90", "61 a 90 días", "61 to 90 days"),
        ("days_120", "91 a 120 días", "91 to 120 days"),
        ("over_120", "más de 120 días", "more than 120 days"),
        ("no_due_date", "lo que no tiene vencimiento", "what has no due date"),
    )
)


def _dso(
    items: OpenItems, currency: str, data: Data, day: int | None = None, window: int | None = None
) -> Decimal | None:
    return receivables.days_sales_outstanding(items, until(day, data), window or 90, currency)


def _countback(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    return receivables.countback_dso(items, until(day, data), currency)


def _bpdso(
    items: OpenItems, currency: str, data: Data, day: int | None = None, window: int | None = None
) -> Decimal | None:
    return receivables.best_possible_dso(items, until(day, data), window or 90, currency)


def _cei(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    return receivables.collection_effectiveness(items, until(day, data), currency)


def _top(items: OpenItems, currency: str, data: Data, count: int | None, day: int | None = None) -> Decimal | None:
    return receivables.top_share(items, until(day, data), max(count or 0, 0), currency)


def _late(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    del currency  # days are days in any currency
    return receivables.mean_days_late(items, until(day, data))


def _late_signed(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    del currency
    return receivables.mean_days_late(items, until(day, data), signed=True)


def _to_pay(items: OpenItems, currency: str, data: Data, day: int | None = None) -> Decimal | None:
    del currency
    return receivables.mean_days_to_pay(items, until(day, data))


def _sales(items: OpenItems, currency: str, data: Data, day: int | None = None, window: int | None = None) -> Decimal:
    end = until(day, data)
    return receivables.money(receivables.sales(items, end - (window or 90), end, currency))


def _provision(items: OpenItems, currency: str, data: Data, *values: Any) -> Decimal | None:
    *rates, day = (*values, None) if len(values) == len(_RATES) else values
    if any(rate is None for rate in rates):
        return None
    return receivables.provision(items, until(day, data), currency, [Decimal(rate) for rate in rates])


RECEIVABLES = (
    figure(
        "ALIADO_DSO",
        "ALIADO_PMC",
        (_INVOICES, DATE, WINDOW),
        Text(
            "Periodo medio de cobro: pendiente a la fecha / ventas de los últimos días × días (#N/A sin ventas).",
            "Days sales outstanding: open receivables at the date / sales of the last days × days (#N/A without sales).",
        ),
        "=ALIADO_DSO(invoices; HOY(); 90)",
        _dso,
    ),
    figure(
        "ALIADO_DSO_COUNTBACK",
        "ALIADO_PMC_AGOTAMIENTO",
        (_INVOICES, DATE),
        Text(
            "Periodo medio de cobro por agotamiento: resta del pendiente las ventas de cada mes, del último hacia atrás.",
            "Countback days sales outstanding: subtracts each month's sales from the open balance, newest first.",
        ),
        "=ALIADO_DSO_COUNTBACK(invoices; HOY())",
        _countback,
    ),
    figure(
        "ALIADO_BPDSO",
        "ALIADO_PMC_OPTIMO",
        (_INVOICES, DATE, WINDOW),
        Text(
            "Mejor periodo de cobro posible: lo no vencido / ventas de los últimos días × días.",
            "Best possible DSO: what is not yet due / sales of the last days × days.",
        ),
        "=ALIADO_BPDSO(invoices; HOY(); 90)",
        _bpdso,
    ),
    figure(
        "ALIADO_CEI",
        "ALIADO_EFICACIA_COBRO",
        (_INVOICES, DATE),
        Text(
            "Eficacia de cobro del mes hasta la fecha, de 0 a 100: lo cobrado de lo que se podía cobrar.",
            "Collection effectiveness of the month up to the date, 0 to 100: what was collected of what could be.",
        ),
        "=ALIADO_CEI(invoices; HOY())",
        _cei,
    ),
    figure(
        "ALIADO_TOP",
        "ALIADO_MAYORES",
        (_INVOICES, _COUNT, DATE),
        Text(
            "Parte del pendiente que deben los mayores deudores, neta de abonos.",
            "Share of the open balance owed by the largest debtors, net of credit notes.",
        ),
        "=ALIADO_TOP(invoices; 5)",
        _top,
    ),
    figure(
        "ALIADO_DAYS_LATE_MEAN",
        "ALIADO_RETRASO_MEDIO",
        (_INVOICES, DATE),
        Text(
            "Días medios de retraso de lo ya pagado; lo pagado antes de vencer cuenta 0.",
            "Mean days late of what was paid; paid before due counts 0.",
        ),
        "=ALIADO_DAYS_LATE_MEAN(invoices; HOY())",
        _late,
    ),
    figure(
        "ALIADO_DAYS_LATE_SIGNED",
        "ALIADO_RETRASO_CON_SIGNO",
        (_INVOICES, DATE),
        Text(
            "Días medios entre vencimiento y pago; negativo si se paga antes de vencer.",
            "Mean days between due date and payment; negative when paid before due.",
        ),
        "=ALIADO_DAYS_LATE_SIGNED(invoices; HOY())",
        _late_signed,
    ),
    figure(
        "ALIADO_DAYS_TO_PAY",
        "ALIADO_DIAS_DE_COBRO",
        (_INVOICES, DATE),
        Text(
            "Días medios entre emisión y pago de lo ya pagado.", "Mean days between issue and payment of what was paid."
        ),
        "=ALIADO_DAYS_TO_PAY(invoices; HOY())",
        _to_pay,
    ),
    figure(
        "ALIADO_SALES",
        "ALIADO_VENTAS",
        (_INVOICES, DATE, WINDOW),
        Text(
            "Lo facturado en los últimos días, neto de abonos (con la tabla de compras, lo comprado).",
            "What was invoiced in the last days, net of credit notes (with the bills table, what was bought).",
        ),
        "=ALIADO_SALES(invoices; HOY(); 365)",
        _sales,
    ),
    figure(
        "ALIADO_PROVISION",
        "ALIADO_DETERIORO",
        (_INVOICES, *_RATES, DATE),
        Text(
            "Provisión por insolvencias: suma de cada tramo de antigüedad por su tasa, al céntimo.",
            "Bad-debt provision: the sum of each ageing band times its rate, to the cent.",
        ),
        "=ALIADO_PROVISION(invoices; 0%; 1%; 5%; 10%; 25%; 50%; 5%)",
        _provision,
    ),
)
"""Functions over the open items of invoices (or bills)."""
