"""What a client has to file, to keep and to do, and how each stands."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from aliado.language import Text
from aliado.rules.alarms import Severity

DocumentStatus = Literal["valid", "expiring", "expired", "missing", "undated"]
FilingStatus = Literal["filed_on_time", "filed_late", "overdue", "due_soon", "pending", "unknown"]


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
