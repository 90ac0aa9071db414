"""Money that came in and went out, as columns: bank movements, and what the books say was received and paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from aliado.formula.texts import vocabulary
from aliado.rules.bank_matching import Entry
from aliado.rules.standing import Standing, row_currencies
from aliado.tables.open_items import PAID_DATE, OpenItems
from aliado.tables.table import Table

Integers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

_DAYS = 2**22
"""More than any serial day, with a window on either side."""
_CENTS = 2**40
"""Amounts below this make one number with a day; larger ones are numbered first."""


class Flows(Struct, frozen=True):
    """Dated amounts of one table. day: serial; cents: in positive, out negative, never 0. row: index in the table.

    party, texts: the fields that say whose money it is, and which document it is for.
    """

    table: Table
    row: Rows
    day: Integers
    cents: Integers
    currency: npt.NDArray[np.object_]
    party: str = ""
    texts: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.row)

    def take(self, chosen: npt.NDArray[np.bool_]) -> Flows:
        """Return the chosen flows (a mask)."""
        return replace(
            self,
            row=self.row[chosen],
            day=self.day[chosen],
            cents=self.cents[chosen],
            currency=self.currency[chosen],
        )

    def entries(self) -> list[Entry]:
        """Return the flows one by one."""
        rows = self.row.tolist()
        columns = [_texts(self.table, name, rows) for name in self.texts]
        texts = zip(*columns, strict=True) if columns else [()] * len(rows)
        parties = _names(self.table, self.party, self.row)
        told = zip(self.day.tolist(), self.cents.tolist(), self.currency.tolist(), rows, parties, texts, strict=True)
        name = self.table.spec.name
        return [Entry(day, cents, code, row, name, party, text) for day, cents, code, row, party, text in told]


def _texts(table: Table, name: str, rows: Sequence[int]) -> list[str]:
    column = table.columns.get(name)
    return column.data[rows].tolist() if column is not None else [""] * len(rows)


def _names(table: Table, name: str, rows: Rows) -> list[str]:
    """Return a text field of some rows, folded."""
    column = table.columns.get(name)
    if column is None:
        return [""] * len(rows)
    words = vocabulary(column)
    return [words.names[code] for code in words.codes[rows].tolist()]


def movements_of(bank: Table, own: str) -> Flows:
    """Return the bank's movements, without those that the client marked as matched."""
    flows = _flows(bank, own, 1, "", tuple(name for name in ("reference", "description") if name in bank.columns))
    matched = bank.columns.get("matched")
    return flows if matched is None else flows.take(~matched.data[flows.row].astype(bool))


def books_of(standing: Standing) -> list[Flows]:
    """Return what the client's books say came in and went out: receipts, payments, and items paid on their paid date."""
    found: list[Flows] = []
    for name, items, sign, link, party in (
        ("receipts", standing.receivables, 1, "invoice", "customer"),
        ("payments", standing.payables, -1, "bill", "supplier"),
    ):
        table = standing.tables.get(name)
        if table is not None:
            found.append(_flows(table, standing.profile.currency, sign, party, (link,)))
        if items is not None:
            found.append(_paid_at_once(items, sign, standing.day, party))
    return found


def _flows(table: Table, own: str, sign: int, party: str, texts: tuple[str, ...]) -> Flows:
    """Return the rows of a table with a date and an amount other than zero."""
    cents, _ = table.integers("amount")
    days, dated = table.integers("date")
    rows = np.flatnonzero((cents != 0) & dated)
    codes = row_currencies(table, own)
    currency = np.full(len(rows), own, dtype=object) if codes is None else codes[rows]
    return Flows(table, rows, days[rows], sign * cents[rows], currency, party, texts)


def _paid_at_once(items: OpenItems, sign: int, day: int, party: str) -> Flows:
    paid = (items.method == PAID_DATE) & items.live & (items.paid_day <= day) & (items.total != 0)
    rows = np.flatnonzero(paid)
    cents = sign * items.total[rows]
    return Flows(items.table, rows, items.paid_day[rows], cents, items.currency[rows], party, ("number",))


class Left(Struct, frozen=True):
    """What is left of movements and books once those that belong together beyond doubt are taken out.

    far: what the books have that is too far from every movement left to be matched with any.
    """

    movements: Flows
    books: list[Flows]
    far: list[Flows]


def clear_pairs(movements: Flows, books: Sequence[Flows], window: int) -> Left:
    """Take out each movement with just one entry of its amount within `window` days, where that entry has no other movement.

    Nobody else could take either, in whatever order the rest is matched.
    """
    mine, *others = _amounts_and_days([movements, *books])
    theirs = np.concatenate([mine[:0], *others])
    my_order, their_order = np.argsort(mine), np.argsort(theirs)
    found, place = _count_near(theirs, their_order, mine, my_order, window)
    alone = found == 1
    only = place[alone]
    alone[alone] = _count_near(mine, my_order, theirs[only], np.argsort(theirs[only]), window)[0] == 1
    taken = np.zeros(len(theirs), dtype=bool)
    taken[place[alone]] = True
    left = movements.take(~alone)
    cuts = np.cumsum([len(flows) for flows in books])[:-1]
    free = [flows.take(~mask) for flows, mask in zip(books, np.split(taken, cuts), strict=True)] if books else []
    near = [_reachable(flows, left, window) for flows in free]
    parts = list(zip(free, near, strict=True))
    return Left(left, [flows.take(mask) for flows, mask in parts], [flows.take(~mask) for flows, mask in parts])


def _amounts_and_days(all_flows: Sequence[Flows]) -> list[Integers]:
    """Return a number for each flow that orders them by currency and amount, and then by day, the same in every table."""
    cents = np.concatenate([flows.cents for flows in all_flows])
    currencies: set[str] = set().union(*(flows.currency.tolist() for flows in all_flows))
    amount = cents
    if len(currencies) > 1 or int(np.abs(cents).max(initial=0)) >= _CENTS:
        number = {code: place for place, code in enumerate(currencies)}
        told = (code for flows in all_flows for code in flows.currency.tolist())
        numbers = np.fromiter(map(number.__getitem__, told), np.int64, len(cents))
        amount = np.unique(cents, return_inverse=True)[1] * len(number) + numbers
    days = np.concatenate([flows.day for flows in all_flows])
    return np.split(amount * _DAYS + days, np.cumsum([len(flows) for flows in all_flows])[:-1])


def _count_near(
    those: Integers, order: Rows, wanted: Integers, wanted_order: Rows, window: int
) -> tuple[Integers, Rows]:
    """Return how many of `those` (amount and day in one number) lie within `window` days of each wanted one, and one of them.

    The orders sort either: what is looked for in order is found near what was found before.
    """
    ordered, in_order = those[order], wanted[wanted_order]
    start = np.searchsorted(ordered, in_order - window, side="left")
    end = np.searchsorted(ordered, in_order + window, side="right")
    count, place = np.empty_like(wanted), np.zeros(len(wanted), dtype=np.intp)
    count[wanted_order] = end - start
    if len(order):
        place[wanted_order] = order[np.minimum(start, len(order) - 1)]
    return count, place


def _reachable(flows: Flows, movements: Flows, window: int) -> npt.NDArray[np.bool_]:
    """Return which flows lie within `window` days of a movement of their sign."""
    near = np.zeros(len(flows), dtype=bool)
    for positive in (True, False):
        days = np.sort(movements.day[(movements.cents > 0) == positive])
        mine = (flows.cents > 0) == positive
        first = np.searchsorted(days, flows.day[mine] - window, side="left")
        near[mine] = np.searchsorted(days, flows.day[mine] + window, side="right") > first
    return near


def of_amounts(all_flows: Iterable[Flows], wanted: Iterable[int]) -> list[Entry]:
    """Return the flows of some amounts (cents), one by one."""
    amounts = np.array(sorted(wanted), dtype=np.int64)
    if not len(amounts):
        return []
    found: list[Entry] = []
    for flows in all_flows:  # not by np.isin, which imports numpy.ma for it
        nearest = np.minimum(np.searchsorted(amounts, flows.cents), len(amounts) - 1)
        found += flows.take(amounts[nearest] == flows.cents).entries()
    return found
