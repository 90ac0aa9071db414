"""Indicators as native formulas over our own sheets, wherever such a formula gives exactly the figure computed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from aliado.report.ageing import OVERDUE
from aliado.report.page import Page
from aliado.report.places import Places
from aliado.rules.assessment import Assessment, Kpi

PLACES: Final = 6
"""Decimals that indicators have."""
LARGEST: Final = 5


class Native(NamedTuple):
    """A formula without its equals sign, and what it gives."""

    formula: str
    value: Decimal


def native_formula(page: Page, kpi: Kpi, assessment: Assessment, places: Places) -> str | None:
    """Return a formula that gives an indicator to its last decimal, None where there is none."""
    if kpi.value is None:
        return None
    for native in _formulas(page, kpi.id, assessment, places):
        if round(native.value, PLACES) == kpi.value:
            return f"=ROUND({native.formula},{PLACES})"
    return None


def _formulas(page: Page, kpi: str, assessment: Assessment, places: Places) -> Iterator[Native]:
    match kpi:
        case "AR-OVERDUE" | "AR-TOP5":
            yield from _receivables(page, kpi, assessment, places)
        case "AR-ADD":
            yield from _sum(page, assessment, places, (("AR-DSO", 1), ("AR-BPDSO", -1)))
        case "CASH-CCC":
            yield from _sum(page, assessment, places, (("AR-DSO", 1), ("AP-DPO", -1)))
        case "CMP-FILED":
            yield from _filed(page, assessment, places)


def _receivables(page: Page, kpi: str, assessment: Assessment, places: Places) -> Iterator[Native]:
    own = assessment.ageing[0] if assessment.ageing else None
    if own is None or not own.outstanding:
        return
    sheet, place = page.ref("ageing"), places.ageing[own.currency]
    whole = f"{sheet}!{place.outstanding}"
    if kpi == "AR-OVERDUE":
        bands = f"{sheet}!{place.total(OVERDUE.start)}:{place.total(OVERDUE.stop - 1)}"
        yield Native(f"SUM({bands})/{whole}", sum((own.bands[band] for band in OVERDUE), Decimal(0)) / own.outstanding)
    elif len(own.customers) >= LARGEST:
        largest = sum(sorted((each.outstanding for each in own.customers), reverse=True)[:LARGEST], Decimal(0))
        ranks = ",".join(str(rank) for rank in range(1, LARGEST + 1))
        yield Native(f"SUM(LARGE({sheet}!{place.balances},{{{ranks}}}))/{whole}", largest / own.outstanding)


def _sum(page: Page, assessment: Assessment, places: Places, parts: tuple[tuple[str, int], ...]) -> Iterator[Native]:
    """Yield other indicators added up, as they stand in the last column of the history."""
    values = {kpi.id: kpi.value for kpi in assessment.kpis}
    cells, total = "", Decimal(0)
    for identity, sign in parts:
        value, row = values.get(identity), places.history.kpis.get(identity)
        if value is None or row is None:
            return
        cells += f"{'-' if sign < 0 else '+'}{page.ref('history')}!{places.history.month_cell(row)}"
        total += sign * value
    yield Native(cells.removeprefix("+"), total)


def _filed(page: Page, assessment: Assessment, places: Places) -> Iterator[Native]:
    counts = [
        sum(filing.status == status for filing in assessment.calendar)
        for status in ("filed_on_time", "filed_late", "overdue")
    ]
    rows = places.compliance
    if rows and sum(counts):
        sheet, top, last = page.ref("compliance"), rows.start + 1, rows.stop
        formula = f"SUM({sheet}!$B${top}:$B${last})/SUM({sheet}!$B${top}:$D${last})"
        yield Native(formula, Decimal(counts[0]) / sum(counts))
