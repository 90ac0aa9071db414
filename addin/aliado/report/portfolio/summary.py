"""What the board says of one client: the assessment cut down to what stands on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import Struct

from aliado.language import Text, same
from aliado.rules.assessment import Ageing, Assessment, Filing, FilingStatus, Finding, KpiStatus, Severity
from aliado.rules.workload import Workload, count_tasks

ALERTS_LISTED: Final = 25
"""Alerts of one client that the board lists, the worst; the rest are counted, and stand in the client's workbook."""
SOON: Final = 30
"""Days ahead in which an obligation counts as coming up."""
_URGENCY: Final[tuple[FilingStatus, ...]] = (
    "overdue",
    "due_soon",
    "pending",
    "unknown",
    "filed_late",
    "filed_on_time",
)
_OVERDUE_BANDS: Final = slice(1, 6)


class Indicator(Struct, frozen=True):
    """One KPI; value and unit as in `Kpi`."""

    id: str
    title: Text
    value: Decimal | None
    unit: str
    status: KpiStatus


class Duty(Struct, frozen=True):
    """One obligation as it stands: its most urgent period, and how many periods of it are overdue."""

    obligation: str
    title: Text
    status: FilingStatus
    period: str
    due: date
    overdue: int
    verified: bool


class Alert(Struct, frozen=True):
    """One finding; sheet and row: where it stands in the client's workbook, None where no single row is meant."""

    severity: Severity
    rule: str
    message: Text
    owner: Text | None
    sheet: str | None
    row: int | None


class Balance(Struct, frozen=True):
    """Open receivables in one currency; overdue is the part past its due date."""

    currency: str
    outstanding: Decimal
    overdue: Decimal


class OwnerCount(Struct, frozen=True):
    """How many findings of each severity one owner of rules (collections, tax, ...) answers for; None = nobody."""

    owner: Text | None
    red: int
    amber: int
    info: int


class ClientSummary(Struct, frozen=True):
    """One client on the board. balances: its own currency first. due_soon: obligations due within `SOON` days.

    alerts: the worst `ALERTS_LISTED`. broken: names of ties that do not hold. tasks: by the client's own task owners.
    """

    name: str
    tax_id: str
    country: str
    currency: str
    responsible: str
    indicators: tuple[Indicator, ...]
    duties: tuple[Duty, ...]
    due_soon: int
    alerts: tuple[Alert, ...]
    counts: tuple[OwnerCount, ...]
    balances: tuple[Balance, ...]
    tasks: tuple[Workload, ...]
    rejected: int
    broken: tuple[Text, ...]

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(getattr(item, severity) for item in self.counts)

    @property
    def overdue_duties(self) -> int:
        """How many periods of obligations are past due and not filed."""
        return sum(duty.overdue for duty in self.duties)

    @property
    def overdue_tasks(self) -> int:
        """How many open tasks are past due."""
        return sum(load.overdue for load in self.tasks)


def summarise(assessment: Assessment) -> ClientSummary:
    """Return what the board says of a client."""
    profile, tasks = assessment.profile, assessment.tables.get("tasks")
    told = sorted(
        (item for item in assessment.findings if item.severity != "info"), key=lambda item: item.severity != "red"
    )
    return ClientSummary(
        name=profile.name,
        tax_id=profile.tax_id,
        country=profile.country,
        currency=profile.currency,
        responsible=profile.responsible,
        indicators=tuple(Indicator(kpi.id, kpi.title, kpi.value, kpi.unit, kpi.status) for kpi in assessment.kpis),
        duties=_duties(assessment.calendar),
        due_soon=sum(
            filing.status in {"due_soon", "pending"} and 0 <= filing.days <= SOON for filing in assessment.calendar
        ),
        alerts=tuple(
            Alert(item.severity, item.rule, item.message, item.owner, item.sheet, item.row)
            for item in told[:ALERTS_LISTED]
        ),
        counts=_count_by_owner(assessment.findings),
        balances=tuple(_balance(ageing) for ageing in assessment.ageing),
        tasks=count_tasks(tasks, assessment.as_of) if tasks is not None else (),
        rejected=len(assessment.rejections),
        broken=tuple(tie.name for tie in assessment.ties if not tie.ok),
    )


def _balance(ageing: Ageing) -> Balance:
    return Balance(ageing.currency, ageing.outstanding, sum(ageing.bands[_OVERDUE_BANDS], Decimal(0)))


def _duties(calendar: Iterable[Filing]) -> tuple[Duty, ...]:
    """Return one duty per obligation: the oldest overdue period, else the next one due, else the last one filed."""
    periods: dict[str, list[Filing]] = {}
    for filing in calendar:
        periods.setdefault(filing.obligation, []).append(filing)
    return tuple(_duty(filings) for filings in periods.values())


def _duty(filings: list[Filing]) -> Duty:
    def urgency(filing: Filing) -> tuple[int, int]:
        done = filing.status in {"filed_on_time", "filed_late"}
        day = filing.due.toordinal()
        return (len(_URGENCY), -day) if done else (_URGENCY.index(filing.status), day)

    first = min(filings, key=urgency)
    return Duty(
        obligation=first.obligation,
        title=first.title,
        status=first.status,
        period=first.period,
        due=first.due,
        overdue=sum(filing.status == "overdue" for filing in filings),
        verified=first.verified,
    )


def _count_by_owner(findings: Iterable[Finding]) -> tuple[OwnerCount, ...]:
    found = Counter((item.owner, item.severity) for item in findings)
    owners = sorted({owner for owner, _ in found}, key=lambda owner: owner or same(""))
    return tuple(
        OwnerCount(owner, found[owner, "red"], found[owner, "amber"], found[owner, "info"]) for owner in owners
    )
