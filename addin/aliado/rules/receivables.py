"""What the open items say: ageing, days sales outstanding and its kin. The catalogue is the project's KPI table.

Every function takes the open items, the day (Excel serial) and one currency, and returns an exact Decimal,
or None where the figure does not exist (no sales, nothing open). Amounts are in units of the currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from aliado.formula.values import from_serial, round_half_up, to_serial
from aliado.rules.assessment import BANDS, Ageing, CustomerAgeing, OverdueItem
from aliado.tables.open_items import ALWAYS, NEVER, OpenItems

BAND_EDGES = (0, 30, 60, 90, 120)
"""Upper edge, in days past due, of each band but the last: not due, 1-30, 31-60, 61-90, 91-120."""

NO_DUE_DATE = len(BANDS) - 1
_CENT = Decimal("0.01")
PLACES = 6
"""Decimals that a figure keeps; how many are shown is the report's affair."""


def bands(items: OpenItems, day: int) -> npt.NDArray[np.int8]:
    """Return the index into `BANDS` of each item by its days past due on `day`."""

    def place(day: int) -> npt.NDArray[np.int8]:
        late = day - items.due
        band = np.zeros(len(items), dtype=np.int8)
        for edge in BAND_EDGES:
            band += late > edge
        band[~items.has_due] = NO_DUE_DATE
        return band

    return items.once("bands", day, place)


def ageing(items: OpenItems, day: int, currency: str) -> Ageing:
    """Return open balance by band, in all and per customer; rows and columns sum to outstanding to the cent."""
    balance = items.open_in(currency, day)
    band = bands(items, day)
    table = np.zeros((len(items.party_names), len(BANDS)), dtype=np.int64)
    np.add.at(table, (items.party_code, band), balance)
    involved = np.zeros(len(items.party_names), dtype=bool)
    involved[items.party_code[balance != 0]] = True
    chosen = np.flatnonzero(involved)
    told = zip(chosen.tolist(), table[chosen].tolist(), table[chosen].sum(axis=1).tolist(), strict=True)
    nothing = money(0)
    customers = [
        CustomerAgeing(
            items.party_names[index],
            tuple([cents * _CENT if cents else nothing for cents in owed]),
            money(whole),
        )
        for index, owed, whole in told
    ]
    customers.sort(key=lambda row: (-row.outstanding, row.customer))
    sums = tuple(money(int(cents)) for cents in table.sum(axis=0))
    return Ageing(currency, sums, money(int(balance.sum())), tuple(customers))


def ageing_sums(items: OpenItems, day: int, currency: str) -> Ageing:
    """Return the open balance by band alone, without the customers."""
    found: Ageing | None = items.memo.get((f"ageing {currency}", day))
    if found is None:
        balance = items.open_in(currency, day)
        sums = np.zeros(len(BANDS), dtype=np.int64)
        np.add.at(sums, bands(items, day), balance)
        found = Ageing(currency, tuple(money(cents) for cents in sums.tolist()), money(int(balance.sum())), ())
        items.memo[f"ageing {currency}", day] = found
    return found


def overdue_items(items: OpenItems, day: int) -> tuple[OverdueItem, ...]:
    """Return the items past due on `day`, in every currency, most days first."""
    balance = items.open(day)
    numbers = items.table.columns["number"].data
    rows = np.flatnonzero(items.overdue(day))
    told = zip(
        numbers[rows].tolist(),
        items.party[rows].tolist(),
        items.due[rows].tolist(),
        balance[rows].tolist(),
        items.currency[rows].tolist(),
        items.table.rows[rows].tolist(),
        strict=True,
    )
    found = [
        OverdueItem(
            number=str(number),
            customer=str(customer),
            due=from_serial(due),
            days=day - due,
            balance=money(cents),
            currency=str(currency),
            sheet=items.table.sheet,
            row=row,
        )
        for number, customer, due, cents, currency, row in told
    ]
    return tuple(sorted(found, key=lambda item: (-item.days, item.row)))


def money(cents: int) -> Decimal:
    """Return integer cents as an amount."""
    return cents * _CENT


def outstanding(items: OpenItems, day: int, currency: str) -> int:
    """Return the open balance in cents."""
    return int(items.open_in(currency, day).sum())


def not_due(items: OpenItems, day: int, currency: str) -> int:
    """Return the open balance that is not past due (items without due date count here), in cents."""
    late = items.has_due & (items.due < day)
    return outstanding(items, day, currency) - int(items.open_in(currency, day)[late].sum())


def sales(items: OpenItems, after: int, until: int, currency: str) -> int:
    """Return what was invoiced in (after, until], net of credit notes, in cents."""
    return items.sold(after, until, currency)


def days_sales_outstanding(items: OpenItems, day: int, window: int, currency: str) -> Decimal | None:
    """Return open receivables / credit sales of the `window` days ending on `day` x `window` (AR-DSO)."""
    sold = sales(items, day - window, day, currency)
    return ratio(outstanding(items, day, currency) * window, sold, PLACES) if sold > 0 else None


def best_possible_dso(items: OpenItems, day: int, window: int, currency: str) -> Decimal | None:
    """Return not-yet-due receivables / credit sales x `window` (AR-BPDSO)."""
    sold = sales(items, day - window, day, currency)
    return ratio(not_due(items, day, currency) * window, sold, PLACES) if sold > 0 else None


def countback_dso(items: OpenItems, day: int, currency: str) -> Decimal | None:
    """Return the days of sales that the open receivables stand for, newest calendar month first (AR-DSO-COUNTBACK).

    The first month runs up to `day`. None when there is an open balance and that first month has no sales.
    """
    months = (
        (last - first + 1, sales(items, first - 1, last, currency)) for first, last in _months_back(from_serial(day))
    )
    return count_back(outstanding(items, day, currency), months)


def count_back(left: int, months: Iterable[tuple[int, int]]) -> Decimal | None:
    """Return the days that `left` cents take up of (days, sales in cents) per month, newest first, the last pro rata.

    It stops at a month with no sales. Nothing left to count is 0 days; None when the first month already stops it.
    """
    if left <= 0:
        return Decimal(0)
    days = Decimal(0)
    for length, sold in months:
        if sold <= 0:
            break
        if left < sold:
            return round_half_up(days + Decimal(length * left) / sold, PLACES)
        left -= sold
        days += length
    return round_half_up(days, PLACES) if days else None


def _months_back(day: date) -> Iterator[tuple[int, int]]:
    """Yield (first, last) serial days of the calendar months up to `day`, newest first."""
    last = day
    while last.year > 1900:
        first = last.replace(day=1)
        yield to_serial(first), to_serial(last)
        last = from_serial(to_serial(first) - 1)


def collection_effectiveness(items: OpenItems, day: int, currency: str) -> Decimal | None:
    """Return (beginning + sales - ending total) / (beginning + sales - ending current) x 100 of the month up to `day` (AR-CEI)."""
    before = to_serial(from_serial(day).replace(day=1)) - 1
    base = outstanding(items, before, currency) + sales(items, before, day, currency)
    collectable = base - not_due(items, day, currency)
    return ratio((base - outstanding(items, day, currency)) * 100, collectable, PLACES) if collectable > 0 else None


def top_share(items: OpenItems, day: int, count: int, currency: str) -> Decimal | None:
    """Return the `count` largest debtors' open balance / all open balance, net of credit notes (AR-TOP5)."""
    balance = items.open_in(currency, day)
    per_party = np.zeros(len(items.party_names), dtype=np.int64)
    np.add.at(per_party, items.party_code, balance)
    whole = int(balance.sum())
    largest = int(np.sort(per_party)[::-1][:count].sum())
    return ratio(largest, whole, PLACES) if whole > 0 else None


def provision(items: OpenItems, day: int, currency: str, rates: Sequence[Decimal]) -> Decimal:
    """Return the sum over the ageing bands of balance x rate, each rounded half up to the cent (AR-BADDEBT).

    rates: one per band of `BANDS`, in order.
    """
    sums = ageing_sums(items, day, currency).bands
    return sum((round_half_up(amount * rate) for amount, rate in zip(sums, rates, strict=True)), Decimal(0))


def mean_days_late(items: OpenItems, day: int, *, signed: bool = False) -> Decimal | None:
    """Return the mean of max(0, paid - due) over items settled by `day`; signed: early payments count as negative."""
    settled = items.settled_day(day)
    chosen = (settled != NEVER) & items.has_due & (items.total > 0)
    late = settled[chosen] - items.due[chosen]
    return _mean(late if signed else np.maximum(late, 0))


def mean_days_to_pay(items: OpenItems, day: int) -> Decimal | None:
    """Return the mean of paid - issued over items settled by `day`."""
    settled = items.settled_day(day)
    chosen = (settled != NEVER) & (items.issued > ALWAYS) & (items.total > 0)
    return _mean(settled[chosen] - items.issued[chosen])


def _mean(values: npt.NDArray[np.int64]) -> Decimal | None:
    return ratio(int(values.sum()), len(values), PLACES) if len(values) else None


def ratio(numerator: int, denominator: int, places: int) -> Decimal:
    """Return numerator / denominator, rounded half up to `places` decimals."""
    return round_half_up(Decimal(numerator) / Decimal(denominator), places)
