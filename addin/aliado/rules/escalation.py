"""Whom each finding is told, how often, grouped how, and to whom it goes up when it stays open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase

from msgspec import Struct

from aliado.language import Text, same
from aliado.rules.assessment import Finding, Severity
from aliado.rules.business_days import Holidays, add_span, business_days_between
from aliado.rules.models import AlertRule, Owner
from aliado.rules.packs import Pack

_ORDER: Mapping[str, int] = {"info": 0, "amber": 1, "red": 2}


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


def route_alerts(
    findings: Sequence[Finding],
    pack: Pack,
    as_of: date,
    holidays: Holidays,
    first_seen: Callable[[Finding], date | None],
) -> tuple[AlertGroup, ...]:
    """Return what each alert rule of the pack tells, grouped by receiver and by the rule's own field; red first.

    first_seen: when a finding was first found (None: today). A finding goes up once it is `escalate.after` old.
    """
    groups: dict[tuple[str, str, str], list[Told]] = {}
    receivers: dict[tuple[str, str, str], tuple[AlertRule, Owner | None, Text]] = {}
    for rule in pack.alerts.values():
        for finding in findings:
            if not _hears(rule, finding):
                continue
            receiver = rule.to or _owner_of(finding, pack)
            title = receiver.title if receiver else finding.owner or same("")
            group = _group(rule, finding)
            key = rule.id, title.es, group
            receivers.setdefault(key, (rule, receiver, title))
            groups.setdefault(key, []).append(_told(rule, finding, first_seen(finding) or as_of, as_of, holidays))
    found = [_close(receivers[key], key[2], told, holidays) for key, told in groups.items()]
    return tuple(sorted(found, key=lambda item: (-_ORDER[item.severity], item.alert, item.to.es, item.group)))


def _hears(rule: AlertRule, finding: Finding) -> bool:
    loud = _ORDER[finding.severity] >= _ORDER[rule.since]
    return loud and any(fnmatchcase(finding.rule, pattern) for pattern in rule.on)


def _owner_of(finding: Finding, pack: Pack) -> Owner | None:
    return next((owner for owner in pack.owners.values() if owner.title == finding.owner), None)


def _group(rule: AlertRule, finding: Finding) -> str:
    return finding.values.get(rule.group_by, "") if rule.group_by else ""


def _told(rule: AlertRule, finding: Finding, since: date, as_of: date, holidays: Holidays) -> Told:
    late = rule.escalate_after is not None and as_of >= add_span(since, rule.escalate_after, holidays)
    return Told(finding, since, business_days_between(since, as_of, holidays), late)


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
