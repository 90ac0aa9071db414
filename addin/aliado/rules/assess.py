"""From a client's tables to the assessment: the one engine behind every door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from aliado.language import Text
from aliado.rules import receivables
from aliado.rules.assessment import Ageing, AlertGroup, Assessment, BudgetLine, Finding, OpenList, Past, Tie
from aliado.rules.budget import budget_lines
from aliado.rules.compliance import Compliance
from aliado.rules.dunning import dunning
from aliado.rules.early_warnings import early_warnings
from aliado.rules.escalation import route_alerts
from aliado.rules.flags import SEVERITY_ORDER, find_flags
from aliado.rules.kpis import compute_kpis
from aliado.rules.look_back import look_back
from aliado.rules.open_list import list_open
from aliado.rules.packs import Pack
from aliado.rules.periods import year_start
from aliado.rules.standing import Standing, read_books
from aliado.rules.ties import PAYABLES, bands_tie, control_tie, payables_tie, receivables_tie, rows_tie
from aliado.tables.gather import Gathered
from aliado.tables.open_items import BALANCE, PAID_DATE, RECEIPTS, UNPAID, OpenItems


def assess(
    gathered: Gathered,
    pack: Pack,
    as_of: date,
    *,
    past: Sequence[date] = (),
    history: Sequence[Past] = (),
    first_seen: Callable[[Sequence[Finding], date], Sequence[date]] | None = None,
    exists: Callable[[str], bool] | None = None,
) -> Assessment:
    """Return everything the pack's rules have to say about a client's tables on `as_of` (inclusive).

    past: earlier dates whose indicators and ageing are computed as well. history: figures that earlier runs recorded,
    for early warnings; a date in both counts as computed now. first_seen: since when each of the findings has stood on a date,
    by earlier runs (all since today if left out). exists: says whether a file lies at a path
    relative to the workbook; without it no evidence link is checked.
    """
    books = read_books(gathered.tables, pack)
    standing = books.on(as_of, exists)
    ageing, owed = _ageing(standing.receivables, standing), _ageing(standing.payables, standing)
    flagged = find_flags(standing)
    compliance = standing.compliance
    kpis, findings = compute_kpis(standing), _merge(flagged.findings, compliance, pack)
    looked_back = look_back(books, past)
    return Assessment(
        as_of=as_of,
        profile=standing.profile,
        tables=gathered.tables,
        kpis=kpis,
        ageing=ageing,
        findings=findings,
        calendar=tuple(compliance.calendar),
        rejections=gathered.rejections,
        ties=(
            *(rows_tie(table, gathered.rejections, standing.profile.country) for table in gathered.tables.values()),
            *_money_ties(standing, ageing),
            *_bill_ties(standing, owed),
        ),
        packs=pack.chain,
        overdue=receivables.overdue_items(standing.receivables, standing.day)
        if standing.receivables is not None
        else (),
        open_list=list_open(standing.receivables, standing.day, ageing)
        if standing.receivables is not None
        else OpenList(),
        documents=tuple(compliance.documents),
        past=looked_back,
        alerts=_route(findings, first_seen, standing),
        warnings=early_warnings(standing, kpis, (*history, *looked_back), findings),
        payables=owed,
        payables_overdue=receivables.overdue_items(standing.payables, standing.day)
        if standing.payables is not None
        else (),
        budget=_budget(standing),
        dunning=dunning(standing),
        unscheduled=tuple(compliance.unscheduled),
        steps=tuple(compliance.steps),
        notes=(*gathered.notes, *_method_notes(standing), *flagged.notes, *compliance.notes),
    )


def _ageing(items: OpenItems | None, standing: Standing) -> tuple[Ageing, ...]:
    if items is None:
        return ()
    own = standing.profile.currency
    return tuple(receivables.ageing(items, standing.day, currency) for currency in items.currencies(own))


def _money_ties(standing: Standing, ageing: tuple[Ageing, ...]) -> list[Tie]:
    items = standing.receivables
    if items is None:
        return []
    ties, country = [], standing.profile.country
    for index, each in enumerate(ageing):
        ties += [receivables_tie(items, standing.day, each, country), bands_tie(each)]
        if index == 0:
            ties.append(control_tie(each, standing.profile, standing.as_of))
    return ties


def _bill_ties(standing: Standing, ageing: tuple[Ageing, ...]) -> list[Tie]:
    items = standing.payables
    if items is None:
        return []
    country = standing.profile.country
    return [
        tie for each in ageing for tie in (payables_tie(items, standing.day, each, country), bands_tie(each, PAYABLES))
    ]


def _route(
    findings: tuple[Finding, ...],
    first_seen: Callable[[Sequence[Finding], date], Sequence[date]] | None,
    standing: Standing,
) -> tuple[AlertGroup, ...]:
    days = first_seen(findings, standing.as_of) if first_seen is not None else [standing.as_of] * len(findings)
    since = {id(finding): day for finding, day in zip(findings, days, strict=True)}
    return route_alerts(
        findings,
        standing.pack,
        standing.as_of,
        standing.holidays,
        lambda finding: since.get(id(finding)),
        standing.tables,
    )


def _budget(standing: Standing) -> tuple[BudgetLine, ...]:
    table = standing.tables.get("budget")
    if table is None:
        return ()
    return budget_lines(table, year_start(standing.as_of, standing.year_end_month), standing.as_of)


def _merge(flagged: tuple[Finding, ...], compliance: Compliance, pack: Pack) -> tuple[Finding, ...]:
    """Return all findings, worst first.

    Where a required document, a filing or a step speaks of a row, the general conditions on it are dropped; checks (a link to a
    file that is not there) are not.
    """
    kept = [
        item
        for item in flagged
        if not (
            item.table in {"documents", "filings", "tasks"}
            and (item.table, item.row) in compliance.spoken_for
            and pack.flags[item.rule].check is None
        )
    ]
    merged = [*kept, *compliance.findings]
    merged.sort(key=lambda item: (SEVERITY_ORDER[item.severity], item.rule, item.row or 0, item.key))
    return tuple(merged)


def _method_notes(standing: Standing) -> list[Text]:
    items = standing.receivables
    if items is None:
        return []
    counts = _count_methods(items)
    notes = [
        Text(
            f"Saldos a la fecha: {counts[RECEIPTS]} facturas según sus cobros, {counts[PAID_DATE]} según su fecha de cobro, "
            f"{counts[BALANCE]} según su columna de saldo o su estado, {counts[UNPAID]} sin cobro alguno.",
            f"Balances at the date: {counts[RECEIPTS]} invoices from their receipts, {counts[PAID_DATE]} from their paid date, "
            f"{counts[BALANCE]} from their balance column or status, {counts[UNPAID]} with no payment at all.",
        )
    ]
    doubtful = int(
        (items.live & (items.method == PAID_DATE) & (items.balance_column > 0) & (items.paid_day <= standing.day)).sum()
    )
    if doubtful:
        notes.append(
            Text(
                f"Con fecha de cobro y saldo a la vez hay facturas ({doubtful}): cuentan como cobradas en esa fecha; si el cobro fue parcial, anótelo en una tabla de cobros.",
                f"Some invoices have both a paid date and a balance ({doubtful}): they count as paid on that date; if the payment was partial, record it in a receipts table.",
            )
        )
    if counts[BALANCE]:
        notes.append(
            Text(
                "La columna de saldo y el estado solo valen a la fecha en que se guardó el libro: para otra fecha, esas facturas pueden no ser exactas.",
                "The balance column and the status hold only at the date on which the workbook was saved: at another date those invoices may not be exact.",
            )
        )
    return notes


def _count_methods(items: OpenItems) -> list[int]:
    counted = np.bincount(items.method[items.live], minlength=4)
    return [int(count) for count in counted]
