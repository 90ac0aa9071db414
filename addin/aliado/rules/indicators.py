"""Figures of a client: indicators with what they rest on, their budget, and warnings before it is late.

All amounts are `Decimal`, in the currency named beside them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from aliado.language import Text
from aliado.rules.alarms import Evidence, Severity

KpiStatus = Literal["green", "amber", "red", "none"]


class Basis(Struct, frozen=True):
    """What an indicator rests on.

    formula, where: as the rule writes them. place: file:line. parameters: (title, value on the date). sheet, row, rows: the
    client's table (its heading row) and how many of its rows count. stretches: those rows, first and last of each run of
    them; columns: the first and last column letters of the table.
    """

    formula: str
    where: str
    place: str
    parameters: tuple[tuple[Text, Text], ...] = ()
    sheet: str | None = None
    row: int = 0
    rows: int = 0
    unverified: bool = False
    stretches: tuple[tuple[int, int], ...] = ()
    columns: tuple[str, str] = ("A", "A")


class Kpi(Struct, frozen=True):
    """One indicator. value is None when it cannot be computed; reason then says why.

    unit: "days", "%" (value is a fraction), "index" (0 to 100), "money", "count".
    """

    id: str
    title: Text
    value: Decimal | None
    unit: str
    status: KpiStatus
    better: Literal["lower", "higher", "none"]
    target: Decimal | None
    amber: Decimal | None
    red: Decimal | None
    method: Text
    reason: Text | None = None
    source: str = ""
    basis: Basis | None = None


class BudgetLine(Struct, frozen=True):
    """One account over the fiscal year so far, in the client's currency.

    kind: "ingreso", "gasto" or "" (not known). favourable: better than budget is positive, None where the kind is not known.
    share: favourable / budget, None where the budget is zero. rows: worksheet rows added up.
    """

    account: str
    kind: str
    budget: Decimal
    actual: Decimal
    favourable: Decimal | None
    share: Decimal | None
    rows: tuple[int, ...]
    sheet: str


WarningKind = Literal["target", "trend", "seasonal", "budget", "outlier"]


class EarlyWarning(Struct, frozen=True):
    """An indicator that moved the wrong way. before: what it is compared with, as of `compared`.

    change: (now - before) / |before|, None where before is zero. score: robust z-score of an outlier. drivers: the rows
    that weigh most in it. verified: False where the indicator's rule was not seen at its source; the message says so.
    """

    kpi: str
    title: Text
    kind: WarningKind
    severity: Severity
    now: Decimal
    before: Decimal
    compared: date
    change: Decimal | None
    score: Decimal | None
    message: Text
    owner: Text | None
    source: str
    as_of: date
    drivers: tuple[Evidence, ...] = ()
    verified: bool = True
