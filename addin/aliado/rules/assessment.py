"""What follows from a client's tables and the rules: the assessment that every door shows.

All amounts are `Decimal`, in the currency named beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec import Struct

from aliado.language import Text
from aliado.tables.schema import FieldType
from aliado.tables.table import Rejection, Table

Severity = Literal["info", "amber", "red"]
KpiStatus = Literal["green", "amber", "red", "none"]
DocumentStatus = Literal["valid", "expiring", "expired", "missing", "undated"]
FilingStatus = Literal["filed_on_time", "filed_late", "overdue", "due_soon", "pending", "unknown"]

BANDS = ("not_due", "1-30", "31-60", "61-90", "91-120", "121+", "no_due_date")
"""Ageing bands, in order; they always sum to `outstanding`."""


class Evidence(Struct, frozen=True):
    """A row that a finding rests on beside its own. row: worksheet row; cell: A1 notation; values as in a finding."""

    table: str
    sheet: str
    row: int
    cell: str
    values: Mapping[str, str]


class FieldRead(NamedTuple):
    """How a value of a finding is headed, and what it is."""

    title: Text
    type: FieldType


class Finding(Struct, frozen=True):
    """One thing that a rule found.

    sheet, row, cell: where (worksheet row, 1-based; cell in A1 notation), None when no single row is meant.
    values: canonical field or label -> value as written to JSON (text, decimal string or ISO date).
    read: how those of the values are headed and written that the rule looked at.
    explanation: the rule's conditions as written, the parameters in force, its sources, its file and line.
    label: code of the level reached ("31-60", "missing"); level: how it reads; action: what to do. source: where the rule comes from.
    evidence: the other rows that it rests on; its own row is always one. verified: False where the rule, or a figure that
    it compares with, was not seen at its source; the message then says so.
    """

    rule: str
    title: Text
    table: str
    sheet: str | None
    row: int | None
    cell: str | None
    key: str
    severity: Severity
    message: Text
    values: Mapping[str, str]
    owner: Text | None = None
    label: str = ""
    action: Text = Text("", "")
    source: str = ""
    level: Text = Text("", "")
    explanation: Text = Text("", "")
    read: Mapping[str, FieldRead] = {}
    evidence: tuple[Evidence, ...] = ()
    verified: bool = True


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


class Past(Struct, frozen=True):
    """The figures at another date: indicators by id (None where there was no figure), ageing by currency without customers."""

    as_of: date
    kpis: Mapping[str, Decimal | None]
    ageing: tuple[Ageing, ...]


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


class Filing(Struct, frozen=True):
    """One period of one obligation on the compliance calendar.

    status: "unknown" where nothing says what was filed, or an unverified deadline has passed. owner: who answers for the
    rule; responsible: who does at the client. evidence: what proves it; shown: what the client's table gives as proof.
    checked: when the rule's sources were last looked at. days: until it is due, negative once it is past. note: what the
    rule remarks on itself.
    """

    obligation: str
    title: Text
    period: str
    due: date
    status: FilingStatus
    filed: date | None
    severity: Severity
    owner: Text | None = None
    sheet: str | None = None
    row: int | None = None
    source: str = ""
    verified: bool = True
    responsible: str = ""
    evidence: Text | None = None
    shown: str = ""
    checked: date | None = None
    confidence: str = ""
    days: int = 0
    note: Text | None = None


class Unscheduled(Struct, frozen=True):
    """An obligation that is not on the calendar: not for this client, or a period whose due date is not known.

    period: "" where the whole obligation is meant. filed: when it was filed all the same. note: what the rule remarks on itself.
    """

    obligation: str
    title: Text
    period: str
    status: Literal["unknown", "not_applicable"]
    reason: Text
    filed: date | None
    owner: Text | None
    source: str
    checked: date | None
    verified: bool
    note: Text | None = None


class DocumentCheck(Struct, frozen=True):
    """A required document and how it stands; row None: it is not in the client's table.

    evidence: what is kept as proof. checked: when its sources were last looked at. responsible: the client's own word
    for who. renew_from: by when its renewal must begin.
    """

    document: str
    title: Text
    status: DocumentStatus
    expiry: date | None
    owner: Text | None = None
    sheet: str | None = None
    row: int | None = None
    source: str = ""
    evidence: Text | None = None
    checked: date | None = None
    verified: bool = True
    responsible: str = ""
    renew_from: date | None = None


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


StepStatus = Literal["on_time", "late", "overdue", "blocked", "due_soon", "pending"]


class StepCheck(Struct, frozen=True):
    """One step of one run of a process; row None: the client's tasks do not have it.

    status: "blocked" is past due but waits for other steps (waits_for), so that nobody is blamed twice. owner: who
    answers for it by the rules; responsible: who does at the client.
    """

    process: str
    title: Text
    period: str
    step: str
    step_title: Text
    due: date
    done: date | None
    status: StepStatus
    waits_for: tuple[Text, ...]
    owner: Text | None
    responsible: str
    sheet: str
    row: int | None


class Told(Struct, frozen=True):
    """A finding on its way to somebody. first_seen: when it was first found; age: business days since then."""

    finding: Finding
    first_seen: date
    age: int
    escalated: bool


class AlertGroup(Struct, frozen=True):
    """Findings that one alert rule tells one person together, worst and oldest first.

    group: value of the field that the rule groups by, "" where it groups by none. escalated_to: who hears of it too,
    because one of them stayed open for too long; since: since when.
    """

    alert: str
    to: Text
    email: str | None
    every: str
    group: str
    severity: Severity
    told: tuple[Told, ...]
    escalated_to: Text | None
    since: date | None


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
