"""Open items one by one, under their customers in the order of the ageing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aliado.formula.values import from_serial
from aliado.rules.assessment import Ageing, OpenItem, OpenList
from aliado.rules.receivables import bands, money
from aliado.tables.open_items import ALWAYS, NEVER, OpenItems

LISTED = 2_000
"""Items listed in all; what lies beyond stays in the client's own table."""


def list_open(items: OpenItems, day: int, ageing: Sequence[Ageing]) -> OpenList:
    """Return the open items on `day` by currency and customer, both as in `ageing`, each customer's oldest due first.

    Beyond `LISTED` items whole customers are left out, those with the smallest balances.
    """
    balance, band = items.open(day), bands(items, day)
    numbers = items.table.columns["number"].data
    listed: list[OpenItem] = []
    left = 0
    for each in ageing:
        rank = {line.customer: place for place, line in enumerate(each.customers)}
        by_code = np.array([rank.get(name, -1) for name in items.party_names], dtype=np.int64)
        chosen = np.flatnonzero(items.in_currency(each.currency) & (balance != 0))
        places = by_code[items.party_code[chosen]]
        order = np.lexsort((items.table.rows[chosen], np.where(items.has_due, items.due, 0)[chosen], places))
        chosen, places = chosen[order], places[order]
        # Whole customers only: a customer's items must sum to its balance.
        fits = _whole_groups(places, LISTED - len(listed))
        left += len(chosen) - fits
        rows = chosen[:fits]
        told = zip(
            numbers[rows].tolist(),
            items.party_code[rows].tolist(),
            items.issued[rows].tolist(),
            np.where(items.has_due[rows], items.due[rows], NEVER).tolist(),
            band[rows].tolist(),
            balance[rows].tolist(),
            items.table.rows[rows].tolist(),
            strict=True,
        )
        listed += [
            OpenItem(
                number=str(number),
                customer=items.party_names[party],
                issued=from_serial(issued) if issued > ALWAYS else None,
                due=from_serial(due) if due != NEVER else None,
                days=day - due if due != NEVER else None,
                band=late,
                balance=money(cents),
                currency=each.currency,
                sheet=items.table.sheet,
                row=row,
            )
            for number, party, issued, due, late, cents, row in told
        ]
    return OpenList(tuple(listed), left)


def _whole_groups(places: np.ndarray[tuple[int], np.dtype[np.int64]], room: int) -> int:
    """Return how many of the sorted places fit into `room` without cutting a group in two."""
    if len(places) <= room:
        return len(places)
    return int(np.searchsorted(places, places[max(room, 0)], side="left"))
