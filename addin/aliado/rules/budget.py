"""Budget against actual, per account, over the fiscal year so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from aliado.formula.values import Byte
from aliado.language import fold
from aliado.rules.assessment import BudgetLine
from aliado.rules.periods import period_span, read_period
from aliado.rules.receivables import money, ratio
from aliado.rules.values import at, to_json
from aliado.tables.table import Table

SIGNS = {"ingreso": 1, "gasto": -1}
"""By kind of account: more income is good, more expense is not."""

PLACES = 6


class Account(Struct, frozen=True):
    """One account's rows that count, and its sums in cents. kind: folded canonical text, "" where it is not known."""

    name: str
    kind: str
    rows: tuple[int, ...]
    budget: int
    actual: int

    @property
    def favourable(self) -> int | None:
        """How much better than budget, in cents (worse is negative); None where the kind of account is not known."""
        sign = SIGNS.get(self.kind)
        return None if sign is None else sign * (self.actual - self.budget)


def accounts(table: Table, since: date, until: date) -> list[Account]:
    """Return the accounts in the order of the sheet, over the periods that began by `since` or later and ended by `until`.

    A row counts when both its budget and its actual figure are known, so that like is compared with like.
    """
    counted: dict[str, list[int]] = {}
    for row in np.flatnonzero(_both_known(table)).tolist():
        span = (
            period_span(read_period(to_json(at(table.columns["period"], row)))) if "period" in table.columns else None
        )
        if span is not None and span[0] >= since and span[1] <= until:
            counted.setdefault(fold(str(table.columns["account"].data[row])), []).append(row)
    return [_account(table, rows) for rows in counted.values()]


def _both_known(table: Table) -> npt.NDArray[np.bool_]:
    known = np.ones(len(table), dtype=bool)
    for name in ("amount", "actual"):
        column = table.columns.get(name)
        if column is None:
            return np.zeros(len(table), dtype=bool)
        if column.state is not None:
            known &= column.state == Byte.VALUE
    return known


def _account(table: Table, rows: list[int]) -> Account:
    kinds = table.columns.get("kind")
    kind = next((fold(str(kinds.data[row])) for row in rows if kinds.data[row]), "") if kinds is not None else ""
    return Account(
        name=str(table.columns["account"].data[rows[0]]),
        kind=kind,
        rows=tuple(rows),
        budget=int(table.columns["amount"].data[rows].sum()),
        actual=int(table.columns["actual"].data[rows].sum()),
    )


def budget_lines(table: Table, since: date, until: date) -> tuple[BudgetLine, ...]:
    """Return each account's budget, actual and variance; the share is None where the budget is zero."""
    return tuple(
        BudgetLine(
            account=item.name,
            kind=item.kind,
            budget=money(item.budget),
            actual=money(item.actual),
            favourable=None if item.favourable is None else money(item.favourable),
            share=None
            if item.favourable is None or not item.budget
            else ratio(item.favourable, abs(item.budget), PLACES),
            rows=tuple(int(table.rows[row]) for row in item.rows),
            sheet=table.sheet,
        )
        for item in accounts(table, since, until)
    )


def total_variance(items: Iterable[Account]) -> int | None:
    """Return how much better than budget all accounts of known kind are together, in cents; None when there is none."""
    known = [item.favourable for item in items if item.favourable is not None]
    return sum(known) if known else None
