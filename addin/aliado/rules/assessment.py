"""What follows from a client's tables and the rules: the assessment that every door shows.

Its parts stand by job in modules of their own (alarms, duties, indicators, owed); all are named from here.

All amounts are `Decimal`, in the currency named beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from aliado.language import Text
from aliado.rules.alarms import AlertGroup, Evidence, FieldRead, Finding, Severity, Told
from aliado.rules.duties import DocumentCheck, DocumentStatus, Filing, FilingStatus, StepCheck, StepStatus, Unscheduled
from aliado.rules.indicators import Basis, BudgetLine, EarlyWarning, Kpi, KpiStatus, WarningKind
from aliado.rules.owed import BANDS, Ageing, CustomerAgeing, DunningStep, OpenItem, OpenList, OverdueItem
from aliado.tables.table import Rejection, Table

__all__ = [
    "BANDS",
    "Ageing",
    "AlertGroup",
    "Assessment",
    "Basis",
    "BudgetLine",
    "CustomerAgeing",
    "DocumentCheck",
    "DocumentStatus",
    "DunningStep",
    "EarlyWarning",
    "Evidence",
    "FieldRead",
    "Filing",
    "FilingStatus",
    "Finding",
    "Kpi",
    "KpiStatus",
    "OpenItem",
    "OpenList",
    "OverdueItem",
    "PackUsed",
    "Past",
    "Profile",
    "Severity",
    "StepCheck",
    "StepStatus",
    "Tie",
    "Told",
    "Unscheduled",
    "WarningKind",
]


class Past(Struct, frozen=True):
    """The figures at another date: indicators by id (None where there was no figure), ageing by currency without customers."""

    as_of: date
    kpis: Mapping[str, Decimal | None]
    ageing: tuple[Ageing, ...]


class Tie(Struct, frozen=True):
    """Two figures that must be equal; right is None when there is nothing to compare with ("not given")."""

    name: Text
    left: Decimal
    right: Decimal | None
    ok: bool
    detail: Text | None = None


class PackUsed(Struct, frozen=True):
    """A rule pack in force: its name, version, file name and the SHA-256 of its bytes."""

    name: str
    version: str
    file: str
    sha256: str


class Profile(Struct, frozen=True):
    """The client: what the workbook's profile table says, with the pack's defaults where it is silent.

    control_total: open receivables as the ledger has them on control_date (None = whatever the as_of).
    """

    name: str = ""
    tax_id: str = ""
    country: str = ""
    currency: str = ""
    language: str = ""
    control_total: Decimal | None = None
    control_date: date | None = None
    responsible: str = ""


class Assessment(Struct, frozen=True):
    """Everything that Aliado has to say about one client at one date.

    ageing: by currency, the client's own first. overdue: most days first. notes: ordinary remarks (method, what was left aside).
    payables, payables_overdue: the same for bills (`customer` holds the supplier). budget: accounts in the sheet's order.
    documents: those that the rules require of this client. unscheduled: obligations that are not on the calendar.
    steps: of the processes that the client's tasks speak of. warnings: red first. dunning: the next letter of each overdue invoice, most days first.
    alerts: what each receiver is told together, and what goes up.
    past: the figures at earlier dates that were asked for, from the tables as they are now, oldest first.
    """

    as_of: date
    profile: Profile
    tables: Mapping[str, Table]
    kpis: tuple[Kpi, ...]
    ageing: tuple[Ageing, ...]
    findings: tuple[Finding, ...]
    calendar: tuple[Filing, ...]
    rejections: tuple[Rejection, ...]
    ties: tuple[Tie, ...]
    packs: tuple[PackUsed, ...]
    notes: tuple[Text, ...] = ()
    overdue: tuple[OverdueItem, ...] = ()
    past: tuple[Past, ...] = ()
    open_list: OpenList = OpenList()
    documents: tuple[DocumentCheck, ...] = ()
    payables: tuple[Ageing, ...] = ()
    payables_overdue: tuple[OverdueItem, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    dunning: tuple[DunningStep, ...] = ()
    unscheduled: tuple[Unscheduled, ...] = ()
    steps: tuple[StepCheck, ...] = ()
    warnings: tuple[EarlyWarning, ...] = ()
    alerts: tuple[AlertGroup, ...] = ()
