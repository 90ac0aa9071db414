"""Figures that must be equal, computed apart from each other, so that a mistake shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from aliado.language import Text, write_date
from aliado.locales import in_both, say_amount, write_count
from aliado.rules.assessment import Ageing, Profile, Tie
from aliado.rules.receivables import money
from aliado.tables.open_items import BALANCE, PAID_DATE, RECEIPTS, OpenItems, Unapplied
from aliado.tables.table import Rejection, Table

_REASONS = {
    "unknown": Text("sin factura que coincida", "with no matching invoice"),
    "cancelled": Text("de facturas anuladas", "for cancelled invoices"),
    "currency": Text("en otra moneda que la factura", "in another currency than the invoice"),
    "undated": Text("sin fecha", "without a date"),
}


def rows_tie(table: Table, rejections: Sequence[Rejection], country: str) -> Tie:
    """Return rows read = rows used + rows rejected, for one table.

    Read counts the filled rows of the sheet, used those that the rules see, rejected those that a rejection names.
    """
    name = table.spec.title
    rejected = len(
        {(item.sheet, item.row) for item in rejections if item.table == table.spec.name and not item.row_used}
    )
    used = len(table) + rejected
    held = in_both(country, partial(write_count, len(table)))
    out = in_both(country, partial(write_count, rejected))
    return Tie(
        Text(f"{name.es}: filas leídas = usadas + rechazadas", f"{name.en}: rows read = used + rejected"),
        Decimal(table.rows_read),
        Decimal(used),
        ok=table.rows_read == used,
        detail=Text(f"{held.es} usadas, {out.es} rechazadas", f"{held.en} used, {out.en} rejected"),
    )


def receivables_tie(items: OpenItems, day: int, ageing: Ageing, country: str) -> Tie:
    """Return totals - receipts - credited = outstanding, in one currency; a receipt that settles nothing breaks it."""
    return _items_tie(items, day, ageing, RECEIVABLES, country)


def payables_tie(items: OpenItems, day: int, ageing: Ageing, country: str) -> Tie:
    """Return totals - payments - credited = outstanding, in one currency; a payment that settles nothing breaks it."""
    return _items_tie(items, day, ageing, PAYABLES, country)


class Wording(NamedTuple):
    """How a tie of one side of the ledger reads."""

    name: Text
    settled: Text
    settlements: Text
    reasons: Mapping[str, Text]


RECEIVABLES = Wording(Text("Cartera", "Receivables"), Text("cobrado", "received"), Text("cobros", "receipts"), _REASONS)
PAYABLES = Wording(
    Text("Proveedores", "Payables"),
    Text("pagado", "paid"),
    Text("pagos", "payments"),
    {**_REASONS, "unknown": Text("sin factura que coincida", "with no matching bill")},
)


def _items_tie(items: OpenItems, day: int, ageing: Ageing, words: Wording, country: str) -> Tie:
    mine = items.in_currency(ageing.currency) & items.issued_by(day)
    total = items.total[mine]
    invoiced, credited = int(total[total > 0].sum()), -int(total[total < 0].sum())
    settled = items.settled(day)
    by_date = int(settled[mine & (items.method == PAID_DATE)].sum())
    by_balance = int(settled[mine & (items.method == BALANCE)].sum())
    applied = int(settled[mine & (items.method == RECEIPTS)].sum())
    loose = [item for item in items.unapplied if item.day <= day and item.currency in {ageing.currency, ""}]
    received = applied + sum(item.cents for item in loose)
    left = invoiced - credited - received - by_date - by_balance
    es, en = words.settlements
    return Tie(
        Text(
            f"{words.name.es} ({ageing.currency}): totales − {es} − abonos = pendiente",
            f"{words.name.en} ({ageing.currency}): totals − {en} − credits = outstanding",
        ),
        money(left),
        ageing.outstanding,
        ok=money(left) == ageing.outstanding,
        detail=_sum_up(invoiced, credited, received + by_date + by_balance, loose, words, country),
    )


def _sum_up(
    invoiced: int, credited: int, settled: int, loose: Sequence[Unapplied], words: Wording, country: str
) -> Text:
    charged, paid, back = (say_amount(money(cents), country) for cents in (invoiced, settled, credited))
    es = f"{charged.es} facturado − {paid.es} {words.settled.es} − {back.es} abonado"
    en = f"{charged.en} invoiced − {paid.en} {words.settled.en} − {back.en} credited"
    for reason, said in words.reasons.items():
        found = [item for item in loose if item.reason == reason]
        if found:
            left = say_amount(money(sum(item.cents for item in found)), country)
            es += f"; {len(found)} {words.settlements.es} {said.es}: {left.es}"
            en += f"; {len(found)} {words.settlements.en} {said.en}: {left.en}"
    return Text(es, en)


def bands_tie(ageing: Ageing, words: Wording = RECEIVABLES) -> Tie:
    """Return outstanding = sum of the ageing bands = sum of the customers, in one currency."""
    by_band = sum(ageing.bands, Decimal(0))
    by_customer = sum((customer.outstanding for customer in ageing.customers), Decimal(0))
    return Tie(
        Text(
            f"{words.name.es} ({ageing.currency}): pendiente = suma de tramos",
            f"{words.name.en} ({ageing.currency}): outstanding = sum of bands",
        ),
        ageing.outstanding,
        by_band,
        ok=ageing.outstanding == by_band == by_customer,
    )


def control_tie(ageing: Ageing, profile: Profile, as_of: date) -> Tie:
    """Return outstanding = the control total that the profile gives for that date, or "not given"."""
    total, day = profile.control_total, profile.control_date
    detail = None
    if total is None:
        detail = Text("total de control no indicado", "control total not given")
    elif day is not None and day != as_of:
        shown = say_amount(total, profile.country)
        detail = Text(
            f"no indicado para esta fecha: el total de control ({shown.es}) es del {write_date(day, 'es')}",
            f"not given for this date: the control total ({shown.en}) is of {write_date(day, 'en')}",
        )
        total = None
    return Tie(
        Text(
            f"Cartera ({ageing.currency}): pendiente = total de control de la ficha",
            f"Receivables ({ageing.currency}): outstanding = the profile's control total",
        ),
        ageing.outstanding,
        total,
        ok=total is None or total == ageing.outstanding,
        detail=detail,
    )
