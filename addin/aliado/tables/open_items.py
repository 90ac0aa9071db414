"""Open items: what of each invoice (or bill) is still to be paid, at any date.

An item is open from its issue date until it is settled. How much of it was settled by a date comes from,
in this order: the receipts that name it; its paid date; its balance column (or a status that says settled), which is
true only at the workbook's own cut-off date. Credit notes are items with a negative total. Cancelled items are none.
All amounts are integer cents, in each item's own currency; nothing is ever added across currencies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from aliado.formula.values import Column, Kind, State
from aliado.language import fold
from aliado.tables.table import Table

Cents = npt.NDArray[np.int64]
Days = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

CANCELLED: Final = "anulada"
SETTLED: Final = ("cobrada", "pagada")
"""A status that says settled, not when: it counts like a balance column of zero."""
CREDIT_NOTE: Final = fold("Nota de crédito")
NEVER: Final = 2**40
"""A day later than any date: what has not happened."""
ALWAYS: Final = -1
"""A day before any date: an item without issue date counts from the start."""

RECEIPTS, PAID_DATE, BALANCE, UNPAID = range(4)
METHODS: Final = ("receipts", "paid_date", "balance", "unpaid")


class Unapplied(Struct, frozen=True):
    """A receipt that settles no item. row: index in the receipts table. reason: unknown, cancelled, currency or undated."""

    row: int
    cents: int
    currency: str
    day: int
    reason: str


class OpenItems(Struct, frozen=True):
    """Invoices or bills as open items; arrays run over the rows of `table`.

    total: cents, credit notes negative, 0 where unknown. issued, due: Excel serial days; due is NEVER-marked by has_due.
    method: index into METHODS. balance_column: cents as the workbook states them.
    receipt_*: one entry per applied receipt, sorted by day; receipt_item is an index into the rows.
    """

    table: Table
    party: npt.NDArray[np.object_]
    party_code: npt.NDArray[np.int64]
    party_names: tuple[str, ...]
    currency: npt.NDArray[np.object_]
    total: Cents
    issued: Days
    due: Days
    has_due: Mask
    live: Mask
    paid_day: Days
    method: npt.NDArray[np.int8]
    balance_column: Cents
    receipt_item: npt.NDArray[np.int64]
    receipt_day: Days
    receipt_cents: Cents
    unapplied: tuple[Unapplied, ...]

    def __len__(self) -> int:
        return len(self.total)

    def take(self, rows: Mask) -> OpenItems:
        """Return the chosen items (mask) with their receipts; what settles no item at all is told all the same."""
        place = np.cumsum(rows) - 1
        kept = rows[self.receipt_item]
        return replace(
            self,
            table=self.table.take(rows),
            party=self.party[rows],
            party_code=self.party_code[rows],
            currency=self.currency[rows],
            total=self.total[rows],
            issued=self.issued[rows],
            due=self.due[rows],
            has_due=self.has_due[rows],
            live=self.live[rows],
            paid_day=self.paid_day[rows],
            method=self.method[rows],
            balance_column=self.balance_column[rows],
            receipt_item=place[self.receipt_item[kept]],
            receipt_day=self.receipt_day[kept],
            receipt_cents=self.receipt_cents[kept],
        )

    def issued_by(self, day: int) -> Mask:
        """Return which items exist on `day`: issued by then and not cancelled."""
        return self.live & (self.issued <= day)

    def settled(self, day: int) -> Cents:
        """Return how much of each item was settled by `day`, in cents (of items that exist by then)."""
        received = np.zeros(len(self), dtype=np.int64)
        early = self.receipt_day <= day
        np.add.at(received, self.receipt_item[early], self.receipt_cents[early])
        by_method = np.select(
            [self.method == RECEIPTS, self.method == PAID_DATE, self.method == BALANCE],
            [received, np.where(self.paid_day <= day, self.total, 0), self.total - self.balance_column],
            0,
        )
        return np.where(self.issued_by(day), by_method, 0)

    def open(self, day: int) -> Cents:
        """Return the open balance of each item on `day`, in cents; 0 for items that do not exist then."""
        return np.where(self.issued_by(day), self.total, 0) - self.settled(day)

    def settled_day(self, day: int) -> Days:
        """Return the day on which each item became fully settled, by `day`; NEVER where it is not, or the day is not known."""
        closed = self.issued_by(day) & (self.open(day) == 0) & (self.total != 0)
        last = np.full(len(self), ALWAYS, dtype=np.int64)
        early = self.receipt_day <= day
        np.maximum.at(last, self.receipt_item[early], self.receipt_day[early])
        by_receipts = closed & (self.method == RECEIPTS) & (last > ALWAYS)
        by_date = closed & (self.method == PAID_DATE)
        return np.where(by_receipts, last, np.where(by_date, self.paid_day, NEVER))

    def overdue(self, day: int) -> Mask:
        """Return which items are past due on `day` and not settled; due today is not overdue."""
        return np.asarray(self.has_due & (self.due < day) & (self.open(day) != 0), dtype=bool)

    def in_currency(self, currency: str) -> Mask:
        """Return which items are in `currency`."""
        return np.asarray(self.currency == currency, dtype=bool)

    def currencies(self, own: str) -> tuple[str, ...]:
        """Return the currencies of the items, the client's own first."""
        others = sorted({str(code) for code in self.currency[self.live]} - {own})
        return (own, *others)

    def columns(self, day: int) -> dict[str, Column]:
        """Return the computed fields as of `day`: balance, paid_on, days_overdue, days_late, days_to_pay."""
        open_now = self.open(day)
        settled = self.settled_day(day)
        paid = settled != NEVER
        overdue = self.has_due & (open_now != 0)
        return {
            "balance": Column(Kind.NUMBER, open_now, None, 2),
            "paid_on": _known(Kind.DATE, settled, paid, None),
            "days_overdue": _known(Kind.NUMBER, np.maximum(day - self.due, 0), overdue, 0),
            "days_late": _known(Kind.NUMBER, settled - self.due, paid & self.has_due, 0),
            "days_to_pay": _known(Kind.NUMBER, settled - self.issued, paid & (self.issued > ALWAYS), 0),
        }


def _known(kind: Kind, data: npt.NDArray[np.int64], known: Mask, scale: int | None) -> Column:
    state = np.where(known, np.uint8(State.VALUE), np.uint8(State.BLANK)).astype(np.uint8)
    return Column(kind, np.where(known, data, 0), state, scale)


def read_open_items(
    items: Table, receipts: Table | None, own_currency: str, *, party: str = "customer", link: str = "invoice"
) -> OpenItems:
    """Return the open items of an invoices or bills table.

    party: the field that names the debtor or creditor. link: the receipts field that names the item.
    own_currency: what a blank currency means.
    """
    count = len(items)
    total = _cents(items, "total", count)
    credited = _words(items, "doc_type", count) == CREDIT_NOTE
    total = np.where(credited, -np.abs(total), total)
    issued, has_issued = _days(items, "issue_date", count)
    due, has_due = _days(items, "due_date", count)
    paid, has_paid = _days(items, "paid_date", count)
    balance = _cents(items, "balance", count)
    balance = np.where(credited, -np.abs(balance), balance)
    has_balance = _is_value(items, "balance", count)
    currency = _currencies(items, own_currency, count)
    status = _words(items, "status", count)
    live = np.asarray(status != CANCELLED, dtype=bool)
    has_balance = (has_balance & (balance != total)) | np.isin(status, SETTLED)
    item, day, cents, unapplied, touched = _apply(items, receipts, link, currency, live, total)
    method = np.full(count, UNPAID, dtype=np.int8)
    method[has_balance] = BALANCE
    method[has_paid] = PAID_DATE
    method[touched] = RECEIPTS
    names = _texts(items, party, count)
    code, vocabulary = _group(names)
    order = np.argsort(day, kind="stable")
    return OpenItems(
        table=items,
        party=names,
        party_code=code,
        party_names=vocabulary,
        currency=currency,
        total=total,
        issued=np.where(has_issued, issued, ALWAYS),
        due=due,
        has_due=has_due,
        live=live,
        paid_day=np.where(has_paid, paid, NEVER),
        method=method,
        balance_column=balance,
        receipt_item=item[order],
        receipt_day=day[order],
        receipt_cents=cents[order],
        unapplied=unapplied,
    )


def _apply(
    items: Table, receipts: Table | None, link: str, currency: npt.NDArray[np.object_], live: Mask, total: Cents
) -> tuple[npt.NDArray[np.int64], Days, Cents, tuple[Unapplied, ...], npt.NDArray[np.int64]]:
    """Return the receipts that settle an item, those that settle none, and the items that any receipt names."""
    nothing = np.zeros(0, dtype=np.int64)
    if receipts is None or link not in receipts.columns or "number" not in items.columns:
        return nothing, nothing, nothing, (), nothing
    rows_of: dict[str, list[int]] = {}
    for index, number in enumerate(items.columns["number"].data):
        if number:
            rows_of.setdefault(fold(number), []).append(index)
    days, dated = _days(receipts, "date", len(receipts))
    amounts = _cents(receipts, "amount", len(receipts))
    left = dict.fromkeys((row for rows in rows_of.values() if len(rows) > 1 for row in rows), 0)
    left.update({row: int(total[row]) for row in left})
    stated = _texts(receipts, "currency", len(receipts))
    applied: list[tuple[int, int, int]] = []
    unapplied: list[Unapplied] = []
    for index, number in enumerate(_texts(receipts, link, len(receipts)).tolist()):
        cents, day = int(amounts[index]), int(days[index])
        rows = rows_of.get(fold(number), []) if number else []
        alive = [row for row in rows if live[row]]
        same = [row for row in alive if not stated[index] or stated[index].upper() == currency[row]]
        if not same or not dated[index]:
            code = stated[index].upper() or (currency[rows[0]] if rows else "")
            reason = "undated" if same else "currency" if alive else "cancelled" if rows else "unknown"
            unapplied.append(Unapplied(index, cents, str(code), day if dated[index] else ALWAYS, reason))
        elif len(same) == 1:
            applied.append((same[0], day, cents))
        else:
            applied += _share(same, cents, day, left)
    item, day_of, cents_of = (
        (np.array(values, dtype=np.int64) for values in zip(*applied, strict=True)) if applied else (nothing,) * 3
    )
    return item, day_of, cents_of, tuple(unapplied), np.unique(item)


def _share(rows: list[int], cents: int, day: int, left: dict[int, int]) -> list[tuple[int, int, int]]:
    """Return a receipt spread over rows that bear the same number: each is filled in turn, the last takes the rest."""
    parts = []
    for row in rows[:-1]:
        part = max(min(cents, left[row]), 0)
        if part:
            left[row] -= part
            cents -= part
            parts.append((row, day, part))
    if cents:
        left[rows[-1]] -= cents
        parts.append((rows[-1], day, cents))
    return parts


def _group(names: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return a code per row and the names by code; names that differ only in case, accents or spaces are one."""
    codes: dict[str, int] = {}
    shown: list[str] = []
    code = np.zeros(len(names), dtype=np.int64)
    for index, name in enumerate(names.tolist()):
        key = fold(name)
        number = codes.get(key)
        if number is None:
            number = codes[key] = len(shown)
            shown.append(name)
        code[index] = number
    return code, tuple(shown)


def _texts(table: Table, name: str, count: int) -> npt.NDArray[np.object_]:
    column = table.columns.get(name)
    return column.data if column is not None else np.full(count, "", dtype=object)


def _words(table: Table, name: str, count: int) -> npt.NDArray[np.object_]:
    return np.array([fold(text) if text else "" for text in _texts(table, name, count).tolist()], dtype=object)


def _currencies(table: Table, own: str, count: int) -> npt.NDArray[np.object_]:
    codes: Mapping[str, str] = {
        text: text.strip().upper() or own for text in set(_texts(table, "currency", count).tolist())
    }
    return np.array([codes[text] for text in _texts(table, "currency", count).tolist()], dtype=object)


def _is_value(table: Table, name: str, count: int) -> Mask:
    column = table.columns.get(name)
    if column is None:
        return np.zeros(count, dtype=bool)
    return np.ones(count, dtype=bool) if column.state is None else column.state == State.VALUE


def _cents(table: Table, name: str, count: int) -> Cents:
    column = table.columns.get(name)
    return (
        np.where(_is_value(table, name, count), column.data, 0).astype(np.int64)
        if column is not None
        else np.zeros(count, dtype=np.int64)
    )


def _days(table: Table, name: str, count: int) -> tuple[Days, Mask]:
    return _cents(table, name, count), _is_value(table, name, count)
