"""Open items: what of each invoice (or bill) is still to be paid, at any date.

An item is open from its issue date until it is settled. How much of it was settled by a date comes from,
in this order: the receipts that name it; its paid date; its balance column (or a status that says settled), which is
true only at the workbook's own cut-off date. Credit notes are items with a negative total. Cancelled items are none.
All amounts are integer cents, in each item's own currency; nothing is ever added across currencies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from aliado.formula.kept import kept_property
from aliado.formula.texts import Vocabulary, vocabulary
from aliado.formula.values import Column, Kind, distinct, together
from aliado.language import fold
from aliado.tables.table import Table

Cents = npt.NDArray[np.int64]
Days = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Array = TypeVar("Array", bound=npt.NDArray[Any])

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


class OpenItems(Struct, frozen=True, dict=True):
    """Invoices or bills as open items; arrays run over the rows of `table`.

    total: cents, credit notes negative, 0 where unknown. issued, due: Excel serial days; due is NEVER-marked by has_due.
    method: index into METHODS. balance_column: cents as the workbook states them.
    codes: the currencies in order of their names; some may be of cancelled items only.
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
    codes: tuple[str, ...]

    @kept_property
    def memo(self) -> dict[tuple[str, int | str], Any]:
        """What was worked out once per day or currency; these arrays are shared, and not to be written to."""
        return {}

    def __len__(self) -> int:
        return len(self.total)

    def take(self, rows: Mask) -> OpenItems:
        """Return the chosen items (mask) with their receipts; what settles no item at all is told all the same."""
        chosen = together(np.flatnonzero(rows))
        kept = rows[self.receipt_item]
        part = replace(
            self,
            table=self.table.take(chosen),
            party=self.party[chosen],
            party_code=self.party_code[chosen],
            currency=self.currency[chosen],
            total=self.total[chosen],
            issued=self.issued[chosen],
            due=self.due[chosen],
            has_due=self.has_due[chosen],
            live=self.live[chosen],
            paid_day=self.paid_day[chosen],
            method=self.method[chosen],
            balance_column=self.balance_column[chosen],
            receipt_item=(np.cumsum(rows) - 1)[self.receipt_item[kept]] if len(kept) else self.receipt_item,
            receipt_day=self.receipt_day[kept],
            receipt_cents=self.receipt_cents[kept],
        )
        part.memo.update({key: mine[chosen] for key, mine in self.memo.items() if key[0] == "currency"})
        return part

    def issued_by(self, day: int) -> Mask:
        """Return which items exist on `day`: issued by then and not cancelled."""
        return self.live & (self.issued <= day)

    def settled(self, day: int) -> Cents:
        """Return how much of each item was settled by `day`, in cents (of items that exist by then)."""
        return self.once("settled", day, self._settled)

    def _settled(self, day: int) -> Cents:
        settled = np.where((self.method == PAID_DATE) & (self.paid_day <= day), self.total, 0)
        stated = self.method == BALANCE
        if stated.any():
            settled = np.where(stated, self.total - self.balance_column, settled)
        early = int(np.searchsorted(self.receipt_day, day, side="right"))
        if early:
            received = np.zeros(len(self), dtype=np.int64)
            np.add.at(received, self.receipt_item[:early], self.receipt_cents[:early])
            settled = np.where(self.method == RECEIPTS, received, settled)
        return np.where(self.issued_by(day), settled, 0)

    def open(self, day: int) -> Cents:
        """Return the open balance of each item on `day`, in cents; 0 for items that do not exist then."""
        return self.once("open", day, lambda day: np.where(self.issued_by(day), self.total, 0) - self.settled(day))

    def settled_day(self, day: int) -> Days:
        """Return the day on which each item became fully settled, by `day`; NEVER where it is not, or the day is not known."""
        return self.once("settled_day", day, self._settled_day)

    def _settled_day(self, day: int) -> Days:
        closed = self.issued_by(day) & (self.open(day) == 0) & (self.total != 0)
        found = np.where(closed & (self.method == PAID_DATE), self.paid_day, NEVER)
        early = int(np.searchsorted(self.receipt_day, day, side="right"))
        if early:
            last = np.full(len(self), ALWAYS, dtype=np.int64)
            np.maximum.at(last, self.receipt_item[:early], self.receipt_day[:early])
            found = np.where(closed & (self.method == RECEIPTS) & (last > ALWAYS), last, found)
        return found

    def open_in(self, currency: str, day: int) -> Cents:
        """Return the open balance of each item on `day`, in cents; 0 for items in other currencies."""
        if self.codes == (currency,):
            return self.open(day)
        return self.once(f"open {currency}", day, lambda day: np.where(self.in_currency(currency), self.open(day), 0))

    def once(self, what: str, day: int, compute: Callable[[int], Array]) -> Array:
        """Return what there is to compute of each item on `day`, computed once; not to be written to."""
        found: Array | None = self.memo.get((what, day))
        if found is None:
            found = self.memo[what, day] = compute(day)
            found.setflags(write=False)
        return found

    def sold(self, after: int, until: int, currency: str) -> int:
        """Return what was invoiced in (after, until], net of credit notes, in cents of one currency."""
        found: tuple[Days, Cents] | None = self.memo.get(("sold", currency))
        if found is None:
            chosen = np.flatnonzero(self.in_currency(currency) & self.live)
            order = chosen[np.argsort(self.issued[chosen], kind="stable")]
            sums = np.zeros(len(order) + 1, dtype=np.int64)
            np.cumsum(self.total[order], out=sums[1:])
            found = self.memo["sold", currency] = self.issued[order], sums
        days, sums = found
        first, last = days.searchsorted((after, until), side="right")
        return int(sums[max(first, last)] - sums[first])

    def overdue(self, day: int) -> Mask:
        """Return which items are past due on `day` and not settled; due today is not overdue."""
        return np.asarray(self.has_due & (self.due < day) & (self.open(day) != 0), dtype=bool)

    def in_currency(self, currency: str) -> Mask:
        """Return which items are in `currency`."""
        found: Mask | None = self.memo.get(("currency", currency))
        if found is None:
            alone = self.codes == (currency,)
            mine = np.ones(len(self), dtype=bool) if alone else np.asarray(self.currency == currency, dtype=bool)
            found = self.memo["currency", currency] = mine
        return found

    def currencies(self, own: str) -> tuple[str, ...]:
        """Return the currencies of the items, the client's own first."""
        others = (code for code in self.codes if code != own and (self.in_currency(code) & self.live).any())
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
    blank = (~known).view(np.uint8)  # as State.BLANK is 1
    return Column(kind, np.where(known, data, 0), blank, scale)


def read_open_items(
    items: Table, receipts: Table | None, own_currency: str, *, party: str = "customer", link: str = "invoice"
) -> OpenItems:
    """Return the open items of an invoices or bills table.

    party: the field that names the debtor or creditor. link: the receipts field that names the item.
    own_currency: what a blank currency means.
    """
    count = len(items)
    total = items.integers("total")[0]
    credited = _says(items, "doc_type", CREDIT_NOTE)
    total = np.where(credited, -np.abs(total), total)
    issued, has_issued = items.integers("issue_date")
    due, has_due = items.integers("due_date")
    paid, has_paid = items.integers("paid_date")
    balance = items.integers("balance")[0]
    balance = np.where(credited, -np.abs(balance), balance)
    has_balance = items.known("balance")
    currency = _currencies(items, own_currency)
    live = ~_says(items, "status", CANCELLED)
    has_balance = (has_balance & (balance != total)) | _says(items, "status", *SETTLED)
    item, day, cents, unapplied, touched = _apply(items, receipts, link, currency, live, total)
    method = np.full(count, UNPAID, dtype=np.int8)
    method[has_balance] = BALANCE
    method[has_paid] = PAID_DATE
    method[touched] = RECEIPTS
    names = _words(items, party)
    code, party_names = _group(names)
    order = np.argsort(day, kind="stable")
    return OpenItems(
        table=items,
        party=names.of_words(names.words),
        party_code=code,
        party_names=party_names,
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
        codes=tuple(sorted(set(currency.tolist()))),
    )


def _apply(
    items: Table, receipts: Table | None, link: str, currency: npt.NDArray[np.object_], live: Mask, total: Cents
) -> tuple[npt.NDArray[np.int64], Days, Cents, tuple[Unapplied, ...], npt.NDArray[np.int64]]:
    """Return the receipts that settle an item, those that settle none, and the items that any receipt names."""
    nothing = np.zeros(0, dtype=np.int64)
    if receipts is None or link not in receipts.columns or "number" not in items.columns:
        return nothing, nothing, nothing, (), nothing
    rows_of: dict[str, list[int]] = {}
    numbers = _words(items, "number")
    for index, number in enumerate(numbers.of_words(numbers.names).tolist()):
        if number:
            rows_of.setdefault(number, []).append(index)
    days, dated = receipts.integers("date")
    amounts = receipts.integers("amount")[0].tolist()
    left = {row: int(total[row]) for rows in rows_of.values() if len(rows) > 1 for row in rows}
    codes = _words(receipts, "currency")
    stated = codes.of_words([word.upper() for word in codes.words]).tolist()
    applied: list[tuple[int, int, int]] = []
    unapplied: list[Unapplied] = []
    links = _words(receipts, link)
    named = links.of_words([rows_of.get(name, ()) if name else () for name in links.names]).tolist()
    told = zip(named, stated, amounts, days.tolist(), dated.tolist(), strict=True)
    for index, (rows, code, cents, day, known) in enumerate(told):
        alive = [row for row in rows if live[row]]
        same = [row for row in alive if not code or code == currency[row]]
        if not same or not known:
            meant = code or (currency[rows[0]] if rows else "")
            reason = "undated" if same else "currency" if alive else "cancelled" if rows else "unknown"
            unapplied.append(Unapplied(index, cents, str(meant), day if known else ALWAYS, reason))
        elif len(same) == 1:
            applied.append((same[0], day, cents))
        else:
            applied += _share(same, cents, day, left)
    item, day_of, cents_of = (
        (np.array(values, dtype=np.int64) for values in zip(*applied, strict=True)) if applied else (nothing,) * 3
    )
    return item, day_of, cents_of, tuple(unapplied), distinct(item)


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


def _group(names: Vocabulary) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return a code per row and the names by code; names that differ only in case, accents or spaces are one.

    The first that is written gives the name.
    """
    alike = {name: number for number, name in enumerate(dict.fromkeys(names.names))}
    number = names.of_words([alike[name] for name in names.names], np.int64)
    _, first, code = np.unique(number, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place[code], tuple(names.words[names.codes[row]] for row in first[order].tolist())


def _words(table: Table, name: str) -> Vocabulary:
    column = table.columns.get(name)
    return vocabulary(column) if column is not None else Vocabulary(np.zeros(len(table), dtype=np.intp), [""])


def _says(table: Table, name: str, *wanted: str) -> Mask:
    """Return where a field says one of some folded words."""
    words = _words(table, name)
    return words.of_words([text in wanted for text in words.names], np.bool_)


def _currencies(table: Table, own: str) -> npt.NDArray[np.object_]:
    words = _words(table, "currency")
    return words.of_words([text.strip().upper() or own for text in words.words])
