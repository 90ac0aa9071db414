"""What rules find, and who hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from aliado.language import Text
from aliado.tables.schema import FieldType

Severity = Literal["info", "amber", "red"]


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
