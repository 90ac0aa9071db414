"""What became of every alert: when it was first seen, how it moved, when it closed; told apart by rule, table and key.

Dates are the runs' as_of, never the day on which somebody pressed the button.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from aliado.language import fold
from aliado.report.memo import Memo
from aliado.report.page import clean
from aliado.rules.assessment import Finding, Severity

ORDER: Final[Mapping[Severity, int]] = {"red": 0, "amber": 1, "info": 2}

_AMOUNTS: Final = ("balance", "saldo", "pendiente", "amount", "importe", "monto", "total")


class AlertId(NamedTuple):
    """An alert, whatever row it stands in. number: 1, 2, ... among alerts of one rule on one key, by row."""

    rule: str
    table: str
    key: str
    number: int


class Event(Struct, frozen=True):
    """What an alert was from a run on. severity None: it had closed. amount, value: decimal text, "" for none."""

    as_of: date
    severity: Severity | None
    label: str = ""
    amount: str = ""
    value: str = ""

    def same_as(self, other: Event | None) -> bool:
        """Return whether nothing that counts as a change happened between two events."""
        if other is None:
            return self.severity is None
        return (self.severity, self.label, self.amount) == (other.severity, other.label, other.amount)


Log = Mapping[AlertId, tuple[Event, ...]]
"""The events of every alert, oldest first."""

Kind = Literal["new", "worse", "better", "closed"]


class Change(Struct, frozen=True):
    """How an alert differs between two runs. finding: what it is now; before: what it was then."""

    kind: Kind
    alert: AlertId
    finding: Finding | None
    before: Event | None
    first_seen: date


def identify(findings: Sequence[Finding]) -> list[AlertId]:
    """Return the identity of each finding, in the order given."""
    read = Memo(as_text)
    counted: dict[tuple[str, str, str], int] = {}
    ids: list[AlertId | None] = [None] * len(findings)
    rows = [finding.row or 0 for finding in findings]
    for index in sorted(range(len(findings)), key=rows.__getitem__):
        finding = findings[index]
        name = (read[finding.rule], read[finding.table], read[finding.key])
        number = counted[name] = counted.get(name, 0) + 1
        ids[index] = AlertId(*name, number)
    return [alert for alert in ids if alert is not None]


def as_text(text: str) -> str:
    """Return a name as it reads back from a cell."""
    return clean(text).strip()


def to_event(finding: Finding, as_of: date) -> Event:
    """Return what a finding says on a date."""
    amount = read_amount(finding.values)
    said = "" if amount is None else f"{amount:f}"
    return Event(as_of, finding.severity, finding.label, said, finding.values.get("value", ""))


def at_end_of(events: Sequence[Event], day: date) -> Event | None:
    """Return the last event on or before `day`."""
    return next((event for event in reversed(events) if event.as_of <= day), None)


def before(events: Sequence[Event], day: date) -> Event | None:
    """Return the last event before `day`."""
    return next((event for event in reversed(events) if event.as_of < day), None)


def first_seen(events: Sequence[Event], as_of: date) -> date:
    """Return since when an alert that stands on `as_of` has stood, without a break, by the runs before."""
    since = as_of
    for event in reversed(events):
        if event.as_of >= as_of:
            continue
        if event.severity is None:
            break
        since = event.as_of
    return since


def record(
    log: Log, as_of: date, now: Mapping[AlertId, Event], next_run: date | None
) -> dict[AlertId, tuple[Event, ...]]:
    """Return the log with the run of `as_of` in it, in place of an earlier run of that date; later runs stay as they were.

    next_run: the date of the recorded run that follows.
    """
    fresh: dict[AlertId, tuple[Event, ...]] = {}
    for alert in dict.fromkeys([*log, *now]):
        events = log.get(alert, ())
        current = now.get(alert) or Event(as_of, None)
        if not events and next_run is None:  # as all are in a first run
            if current.severity is not None:
                fresh[alert] = (current,)
            continue
        earlier = [event for event in events if event.as_of < as_of]
        later = [event for event in events if event.as_of > as_of]
        result = list(earlier)
        if not current.same_as(earlier[-1] if earlier else None):
            result.append(current)
        if next_run is not None and not (later and later[0].as_of == next_run):
            then = at_end_of(events, next_run) or Event(next_run, None)
            if not then.same_as(result[-1] if result else None):
                result.append(Event(next_run, then.severity, then.label, then.amount, then.value))
        result += later
        if result:
            fresh[alert] = tuple(result)
    return fresh


def compare(log: Log, as_of: date, ids: Sequence[AlertId], findings: Sequence[Finding]) -> list[Change]:
    """Return what changed since the latest run before `as_of`: new, worse, better, closed, each in the order of the findings."""
    changes: list[Change] = []
    for alert, finding in zip(ids, findings, strict=True):
        events = log.get(alert, ())
        was = before(events, as_of)
        seen = first_seen(events, as_of)
        if was is None or was.severity is None:
            changes.append(Change("new", alert, finding, None, seen))
            continue
        kind = _direction(was, to_event(finding, as_of))
        if kind:
            changes.append(Change(kind, alert, finding, was, seen))
    standing = set(ids)
    for alert in sorted(set(log) - standing):
        was = before(log[alert], as_of)
        if was is not None and was.severity is not None:
            changes.append(Change("closed", alert, None, was, first_seen(log[alert], as_of)))
    return changes


def _direction(was: Event, now: Event) -> Kind | None:
    """Return whether an alert got worse or better: by severity, else by level reached, else by amount."""
    if was.severity is None or now.severity is None:
        return None
    if was.severity != now.severity:
        return "worse" if ORDER[now.severity] < ORDER[was.severity] else "better"
    if was.label != now.label:
        rise = _number(now.value) - _number(was.value)
        return "better" if rise < 0 else "worse"
    change = abs(_number(now.amount)) - abs(_number(was.amount))
    return "worse" if change > 0 else "better" if change < 0 else None


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() else Decimal(0)


def read_amount(values: Mapping[str, str]) -> Decimal | None:
    """Return the amount that a finding is about, None when its values hold none."""
    for name in named(tuple(values), _AMOUNTS):
        try:
            amount = Decimal(values[name])
        except InvalidOperation:
            continue
        if amount.is_finite():
            return amount
    return None


@lru_cache(maxsize=1024)
def named(names: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return which names of a finding's values are among the wanted ones, in the order of those.

    Remembered, as the findings of a rule all name the same.
    """
    folded = {fold(name): name for name in names}
    return tuple(folded[name] for name in wanted if name in folded)


def closed_long_ago(events: Sequence[Event], as_of: date, days: int) -> bool:
    """Return whether an alert closed more than `days` before `as_of`."""
    last = events[-1]
    return last.severity is None and (as_of - last.as_of).days > days
