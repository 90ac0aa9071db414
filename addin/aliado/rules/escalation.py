"""Whom each finding is told, how often, grouped how, and to whom it goes up when it stays open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase

import numpy as np

from aliado.language import Text, same
from aliado.rules.assessment import AlertGroup, Finding, Told
from aliado.rules.business_days import Holidays, add_span, business_days_between
from aliado.rules.models import AlertRule, Owner
from aliado.rules.named_rows import text_of
from aliado.rules.packs import Pack
from aliado.tables.table import Table

_ORDER: Mapping[str, int] = {"info": 0, "amber": 1, "red": 2}


def route_alerts(
    findings: Sequence[Finding],
    pack: Pack,
    as_of: date,
    holidays: Holidays,
    first_seen: Callable[[Finding], date | None],
    tables: Mapping[str, Table] | None = None,
) -> tuple[AlertGroup, ...]:
    """Return what each alert rule of the pack tells, grouped by receiver and by the rule's own field; red first.

    first_seen: when a finding was first found (None: today). A finding goes up once it is `escalate.after` old.
    tables: where the field that a rule groups by is looked up when the finding itself does not tell it.
    """
    groups: dict[tuple[str, str, str], list[Told]] = {}
    receivers: dict[tuple[str, str, str], tuple[AlertRule, Owner | None, Text]] = {}
    for rule in pack.alerts.values():
        clock = _Clock(rule, as_of, holidays)
        heard = {name for name in {finding.rule for finding in findings} if _listens(rule, name)}
        told_of = [item for item in findings if item.rule in heard and _ORDER[item.severity] >= _ORDER[rule.since]]
        for finding, group in zip(told_of, _groups(rule, told_of, tables or {}), strict=True):
            receiver = rule.to or _owner_of(finding, pack)
            title = receiver.title if receiver else finding.owner or same("")
            key = rule.id, title.es, group
            receivers.setdefault(key, (rule, receiver, title))
            groups.setdefault(key, []).append(clock.tell(finding, first_seen(finding) or as_of))
    found = [_close(receivers[key], key[2], told, holidays) for key, told in groups.items()]
    return tuple(sorted(found, key=lambda item: (-_ORDER[item.severity], item.alert, item.to.es, item.group)))


class _Clock:
    """How old a finding is and whether it goes up; each day is counted once, however many findings it has."""

    def __init__(self, rule: AlertRule, as_of: date, holidays: Holidays) -> None:
        self._rule, self._as_of, self._holidays = rule, as_of, holidays
        self._known: dict[date, tuple[int, bool]] = {}

    def tell(self, finding: Finding, since: date) -> Told:
        """Return a finding with its age in business days and whether it goes up."""
        if since not in self._known:
            after = self._rule.escalate_after
            late = after is not None and self._as_of >= add_span(since, after, self._holidays)
            self._known[since] = business_days_between(since, self._as_of, self._holidays), late
        age, late = self._known[since]
        return Told(finding, since, age, late)


def _listens(rule: AlertRule, name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in rule.on)


def _owner_of(finding: Finding, pack: Pack) -> Owner | None:
    return next((owner for owner in pack.owners.values() if owner.title == finding.owner), None)


def _groups(rule: AlertRule, findings: Sequence[Finding], tables: Mapping[str, Table]) -> Iterator[str]:
    """Yield what each finding is grouped by: what it says itself, else what its row says."""
    name = rule.group_by
    asked: dict[str, set[int]] = defaultdict(set)
    if name is not None:
        for finding in findings:
            if not finding.values.get(name) and finding.row is not None and finding.table in tables:
                asked[finding.table].add(finding.row)
    said = {(table, row): text for table, rows in asked.items() for row, text in _said(tables[table], name or "", rows)}
    for finding in findings:
        own = finding.values.get(name, "") if name is not None else ""
        yield own or said.get((finding.table, finding.row or 0), "")


def _said(table: Table, name: str, rows: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield what the worksheet rows that are there say in a field."""
    wanted = np.array(sorted(rows), dtype=np.int64)
    places = np.searchsorted(table.rows, wanted)
    for row, place in zip(wanted.tolist(), places.tolist(), strict=True):
        if place < len(table) and table.rows[place] == row:
            yield row, text_of(table, name, place)


def _close(
    receiver: tuple[AlertRule, Owner | None, Text], group: str, told: list[Told], holidays: Holidays
) -> AlertGroup:
    rule, owner, title = receiver
    told.sort(key=lambda item: (-_ORDER[item.finding.severity], item.first_seen, item.finding.rule, item.finding.key))
    late = [item for item in told if item.escalated]
    since = None
    if late and rule.escalate_after is not None:
        since = min(add_span(item.first_seen, rule.escalate_after, holidays) for item in late)
    return AlertGroup(
        alert=rule.id,
        to=title,
        email=owner.email if owner else None,
        every=rule.every,
        group=group,
        severity=told[0].finding.severity,
        told=tuple(told),
        escalated_to=rule.escalate_to.title if late and rule.escalate_to else None,
        since=since,
    )
