"""Accounts of customers: what each was invoiced, what it paid, and what is still open, currency by currency."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from aliado.formula.values import from_serial, to_serial
from aliado.rules.assessment import Assessment
from aliado.rules.receivables import money
from aliado.tables.open_items import ALWAYS, BALANCE, PAID_DATE, RECEIPTS, OpenItems, read_open_items

MovementKind = Literal["invoice", "credit", "receipt", "settled"]


class Movement(Struct, frozen=True):
    """What changed a balance. amount: added to it, so that payments are negative.

    day: None where the workbook does not say. kind: "settled" is what the balance column says was paid.
    """

    day: date | None
    kind: MovementKind
    number: str
    amount: Decimal


class AccountItem(Struct, frozen=True):
    """An invoice with something open. days: past due, negative before, None without a due date."""

    number: str
    issued: date | None
    due: date | None
    days: int | None
    total: Decimal
    balance: Decimal


class Account(Struct, frozen=True):
    """One customer in one currency: opening + movements = balance = the items' balances.

    opening: balance before `since`; what has no date at all is in it. items: oldest due first.
    """

    customer: str
    currency: str
    since: date
    opening: Decimal
    movements: tuple[Movement, ...]
    balance: Decimal
    items: tuple[AccountItem, ...]


def read_accounts(assessment: Assessment, since: date | None = None) -> tuple[Account, ...]:
    """Return every customer's accounts on the assessment's date: the client's own currency first, then by name.

    since: the first day of the movements; left out, the year's first day, or the day of the oldest open item if earlier.
    """
    table = assessment.tables.get("invoices")
    if table is None:
        return ()
    own, day = assessment.profile.currency, to_serial(assessment.as_of)
    items = read_open_items(table, assessment.tables.get("receipts"), own)
    rows: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in items.issued_by(day).nonzero()[0].tolist():
        rows[str(items.currency[row]), int(items.party_code[row])].append(row)
    receipts = _receipts_by_row(items, day)
    balance = items.open(day).tolist()
    order = sorted(rows, key=lambda key: (key[0] != own, key[0], items.party_names[key[1]]))
    return tuple(_account(items, key, rows[key], receipts, balance, since, assessment.as_of) for key in order)


def _receipts_by_row(items: OpenItems, day: int) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    entries = zip(items.receipt_item.tolist(), items.receipt_day.tolist(), items.receipt_cents.tolist(), strict=True)
    for row, when, cents in entries:
        if when <= day:
            found[row].append((when, cents))
    return found


def _account(
    items: OpenItems,
    key: tuple[str, int],
    rows: list[int],
    receipts: dict[int, list[tuple[int, int]]],
    balance: list[int],
    since: date | None,
    as_of: date,
) -> Account:
    day = to_serial(as_of)
    moves = [move for row in rows for move in _moves(items, row, receipts, day)]
    open_rows = [row for row in rows if balance[row]]
    first = since or _first_day(items, open_rows, as_of)
    later = [move for move in moves if move.day is not None and move.day >= first]
    earlier = sum((move.amount for move in moves if move.day is None or move.day < first), Decimal(0))
    open_items = [_item(items, row, balance[row], day) for row in open_rows]
    return Account(
        customer=items.party_names[key[1]],
        currency=key[0],
        since=first,
        opening=earlier,
        movements=tuple(sorted(later, key=lambda move: (move.day or first, move.amount < 0, move.number))),
        balance=sum((item.balance for item in open_items), Decimal(0)),
        items=tuple(sorted(open_items, key=lambda item: (item.due or date.max, item.number))),
    )


def _moves(items: OpenItems, row: int, receipts: dict[int, list[tuple[int, int]]], day: int) -> list[Movement]:
    """Return what an invoice did to its customer's balance by `day`; the amounts sum to what is open of it."""
    number = str(items.table.columns["number"].data[row])
    total, issued = int(items.total[row]), _date(int(items.issued[row]))
    moves = [Movement(issued, "invoice" if total >= 0 else "credit", number, money(total))]
    method = int(items.method[row])
    if method == RECEIPTS:
        moves += [
            Movement(from_serial(when), "receipt", number, money(-cents)) for when, cents in receipts.get(row, ())
        ]
    elif method == PAID_DATE:
        if int(items.paid_day[row]) <= day:
            moves.append(Movement(from_serial(int(items.paid_day[row])), "receipt", number, money(-total)))
    elif method == BALANCE and total != int(items.balance_column[row]):
        # The balance column does not say when: the day of the invoice keeps the two together.
        moves.append(Movement(issued, "settled", number, money(int(items.balance_column[row]) - total)))
    return moves


def _item(items: OpenItems, row: int, balance: int, day: int) -> AccountItem:
    due = int(items.due[row]) if items.has_due[row] else None
    return AccountItem(
        number=str(items.table.columns["number"].data[row]),
        issued=_date(int(items.issued[row])),
        due=None if due is None else from_serial(due),
        days=None if due is None else day - due,
        total=money(int(items.total[row])),
        balance=money(balance),
    )


def _first_day(items: OpenItems, open_rows: list[int], as_of: date) -> date:
    issued = [_date(int(items.issued[row])) for row in open_rows]
    return min([as_of.replace(month=1, day=1), *(day for day in issued if day is not None)])


def _date(serial: int) -> date | None:
    return from_serial(serial) if serial > ALWAYS else None
