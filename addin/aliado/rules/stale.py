"""Rules whose sources nobody has looked at for too long, or ever."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from aliado.language import Text
from aliado.rules.models import Param, Rule
from aliado.rules.packs import Pack

OLDER_THAN = 365
"""Days after which a rule is to be looked at again."""

_OF_A_COUNTRY = frozenset({"law", "guidance", "article"})
"""Kinds of sources that the world changes; the firm's own policies it does not."""


class Stale(Struct, frozen=True):
    """A rule to look at again. checked: when its sources were last looked at, None = never; days: how long ago."""

    pack: str
    rule: str
    title: Text
    place: str
    checked: date | None
    days: int | None
    verified: bool
    sources: tuple[str, ...]


def stale_rules(pack: Pack, on: date, older_than: int = OLDER_THAN) -> list[Stale]:
    """Return the rules and parameters that rest on law or on articles last looked at more than `older_than` days before `on`, oldest first."""
    rules: list[Rule | Param] = [
        rule
        for section in (pack.params, pack.flags, pack.kpis, pack.obligations, pack.documents, pack.tasks)
        for rule in section.values()
    ]
    found = [_stale(rule, pack, on) for rule in rules if _changes(rule, pack)]
    late = [item for item in found if item.days is None or item.days > older_than]
    return sorted(late, key=lambda item: (item.checked or date.min, item.rule))


def _changes(rule: Rule | Param, pack: Pack) -> bool:
    return any(pack.sources[name].kind in _OF_A_COUNTRY for name in rule.source if name in pack.sources)


def _stale(rule: Rule | Param, pack: Pack, on: date) -> Stale:
    checked = pack.checked(rule)
    return Stale(
        pack=pack.name,
        rule=rule.id,
        title=rule.title,
        place=str(rule.place),
        checked=checked,
        days=None if checked is None else (on - checked).days,
        verified=pack.verified(rule),
        sources=rule.source,
    )
