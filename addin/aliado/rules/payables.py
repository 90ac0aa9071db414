"""What the open bills say: days payable, paid on time, and Spain's average payment period.

Every function takes the open items of the bills, Excel serial days and one currency, and returns an exact Decimal,
or None where the figure does not exist. Amounts inside are integer cents.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from aliado.formula.values import Byte, distinct
from aliado.rules.receivables import PLACES, outstanding, ratio, sales
from aliado.tables.open_items import ALWAYS, PAID_DATE, RECEIPTS, Cents, Days, OpenItems

CLOCK_FIELDS = ("delivery_date", "receipt_date", "issue_date")
"""From which date the days to pay are counted: the first of these that a bill has. Companies count from delivery (ICAC)."""


class Payments(Struct, frozen=True):
    """Parts of bills paid in a window: which bill, on what day, how many cents; and how long after its clock began."""

    item: npt.NDArray[np.int64]
    cents: Cents
    days: Days


def days_payable_outstanding(
    items: OpenItems, day: int, window: int, currency: str, cost: Decimal | None = None
) -> Decimal | None:
    """Return open payables / purchases of the `window` days ending on `day` x `window` (AP-DPO).

    cost: takes the place of the purchases (cost of sales of the same window), in units of the currency.
    """
    base = sales(items, day - window, day, currency) if cost is None else int(cost * 100)
    return ratio(outstanding(items, day, currency) * window, base, PLACES) if base > 0 else None


def clock(items: OpenItems) -> tuple[Days, npt.NDArray[np.bool_]]:
    """Return the day from which each bill's days to pay are counted, and which bills have one."""
    start = np.full(len(items), ALWAYS, dtype=np.int64)
    known = np.zeros(len(items), dtype=bool)
    for name in CLOCK_FIELDS:
        column = items.table.columns.get(name)
        if column is None:
            continue
        given = np.ones(len(items), dtype=bool) if column.state is None else column.state == Byte.VALUE
        start = np.where(given & ~known, column.data, start)
        known |= given
    return start, known


def payments_between(items: OpenItems, after: int, until: int, currency: str) -> Payments:
    """Return what was paid in (after, until] of bills that owe something; credit notes and undated payments are left out."""
    start, known = clock(items)
    counted = items.in_currency(currency) & items.issued_by(until) & (items.total > 0) & known
    by_receipt = (
        counted[items.receipt_item]
        & (items.method[items.receipt_item] == RECEIPTS)
        & (items.receipt_day > after)
        & (items.receipt_day <= until)
    )
    at_once = np.flatnonzero(
        counted & (items.method == PAID_DATE) & (items.paid_day > after) & (items.paid_day <= until)
    )
    item = np.concatenate([items.receipt_item[by_receipt], at_once])
    day = np.concatenate([items.receipt_day[by_receipt], items.paid_day[at_once]])
    cents = np.concatenate([items.receipt_cents[by_receipt], items.total[at_once]])
    return Payments(item, cents, day - start[item])


def average_payment_period(items: OpenItems, after: int, day: int, currency: str) -> Decimal | None:
    """Return (ratio paid x paid + ratio pending x pending) / (paid + pending), in days (AP-PMP).

    Each ratio is its days weighted by amount: paid in (after, day], pending on `day`. Source: RD 635/2014 as amended
    by RD 1040/2017.
    """
    paid = payments_between(items, after, day, currency)
    start, known = clock(items)
    still = np.where(items.in_currency(currency) & (items.total > 0) & known, items.open(day), 0)
    still = np.maximum(still, 0)
    return combine_ratios(
        int((paid.days * paid.cents).sum()),
        int(paid.cents.sum()),
        int(((day - start) * still).sum()),
        int(still.sum()),
    )


def combine_ratios(paid_weight: int, paid: int, pending_weight: int, pending: int) -> Decimal | None:
    """Return the days of paid and pending operations together; a weight is days x cents."""
    return ratio(paid_weight + pending_weight, paid + pending, PLACES) if paid + pending > 0 else None


def share_paid_within(
    items: OpenItems, after: int, day: int, currency: str, limit: int, *, by_amount: bool
) -> Decimal | None:
    """Return what was paid in (after, day] within `limit` days / all that was paid then (Ley 18/2022).

    By amount, of the money paid; by count, of the bills whose last payment fell in the window.
    """
    paid = payments_between(items, after, day, currency)
    if by_amount:
        whole = int(paid.cents.sum())
        return ratio(int(paid.cents[paid.days <= limit].sum()), whole, PLACES) if whole > 0 else None
    settled = items.settled_day(day)
    start, _ = clock(items)
    bills = distinct(paid.item)
    closed = bills[(settled[bills] > after) & (settled[bills] <= day)]
    intime = int(((settled[closed] - start[closed]) <= limit).sum())
    return ratio(intime, len(closed), PLACES) if len(closed) else None


def share_paid_on_time(items: OpenItems, day: int, currency: str, *, by_amount: bool) -> Decimal | None:
    """Return bills settled on or before their due date / bills settled, by `day` (AP-ONTIME)."""
    settled = items.settled_day(day)
    chosen = (settled <= day) & items.has_due & (items.total > 0) & items.in_currency(currency)
    intime = chosen & (settled <= items.due)
    weights = items.total if by_amount else np.ones(len(items), dtype=np.int64)
    whole = int(weights[chosen].sum())
    return ratio(int(weights[intime].sum()), whole, PLACES) if whole else None
