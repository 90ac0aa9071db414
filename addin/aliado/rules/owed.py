"""What customers owe and what is owed to suppliers: by age, item by item, and the letters that follow.

All amounts are `Decimal`, in the currency named beside them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from aliado.language import Text

BANDS = ("not_due", "1-30", "31-60", "61-90", "91-120", "121+", "no_due_date")
"""Ageing bands, in order; they always sum to `outstanding`."""


class CustomerAgeing(Struct, frozen=True):
    """Open balance of one customer; bands follow `BANDS` and sum to outstanding."""

    customer: str
    bands: tuple[Decimal, ...]
    outstanding: Decimal


class Ageing(Struct, frozen=True):
    """Open receivables by band in one currency, in all and per customer (largest outstanding first)."""

    currency: str
    bands: tuple[Decimal, ...]
    outstanding: Decimal
    customers: tuple[CustomerAgeing, ...]


class OverdueItem(Struct, frozen=True):
    """An invoice past its due date with something still open; balance is in its own currency."""

    number: str
    customer: str
    due: date
    days: int
    balance: Decimal
    currency: str
    sheet: str
    row: int


class DunningStep(Struct, frozen=True):
    """What comes next for one overdue invoice; balance, interest and compensation in its own currency.

    level: label of the band its age is in. state: "send" (action is the letter to send now), "sent" (nothing new to
    send), "blocked" (disputed, or the customer is not to be dunned). last, last_sent: the highest letter sent.
    interest, compensation: by law up to the date, None where the pack gives no rate; verified: False where it is not.
    step: place of the letter to send among the `letters` that there are, from 0; -1 where none is to be sent.
    """

    number: str
    customer: str
    sheet: str
    row: int
    due: date
    days: int
    balance: Decimal
    currency: str
    level: str
    state: Literal["send", "sent", "blocked"]
    action: Text
    last: Text | None
    last_sent: date | None
    interest: Decimal | None
    compensation: Decimal | None
    verified: bool
    step: int = -1
    letters: int = 0


class OpenItem(Struct, frozen=True):
    """An invoice with something open. days: past due, negative before; band: index into `BANDS`."""

    number: str
    customer: str
    issued: date | None
    due: date | None
    days: int | None
    band: int
    balance: Decimal
    currency: str
    sheet: str
    row: int


class OpenList(Struct, frozen=True):
    """Open items by currency and customer, in the order of the ageing. left: how many more there are."""

    items: tuple[OpenItem, ...] = ()
    left: int = 0
