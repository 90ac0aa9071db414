"""Everything that rules say about a client, checked: one pack and all that it inherits, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from aliado.formula.scope import Scope
from aliado.language import Language, Text
from aliado.rules.assessment import PackUsed
from aliado.rules.models import (
    AlertRule,
    Document,
    Flag,
    KpiRule,
    Obligation,
    Owner,
    Param,
    Process,
    RowException,
    Rule,
    RuleSource,
)
from aliado.rules.nodes import Map
from aliado.rules.scopes import Sight
from aliado.tables.schema import Formats, TableSpec


class Holidays(NamedTuple):
    """Non-business days beside the national ones. region: a subdivision whose holidays count too."""

    add: Mapping[date, Text]
    remove: frozenset[date]
    region: str | None


class TaxId(NamedTuple):
    """The country's tax id. validator: a module of python-stdnum such as ec.ruc, "" when there is none.

    digits: how many it has, where it always has so many; None where that differs.
    """

    title: Text
    validator: str
    digits: int | None = None

    def restore(self, text: str) -> str:
        """Return an id with the leading zero that Excel takes from a number, where exactly one digit is missing."""
        lost = self.digits is not None and text.isascii() and text.isdigit() and len(text) == self.digits - 1
        return "0" + text if lost else text


class Content(Struct, frozen=True, eq=False, kw_only=True):
    """What a pack says, but for its parameters, as plain data. chain: the packs it is made of, the root first.

    flags, kpis, ... hold switched-off and out-of-date rules too: ask their `off` and `valid`.
    """

    name: str
    version: str
    title: Text
    country: str
    currency: str
    language: Language | None
    tax_id: TaxId | None
    chain: tuple[PackUsed, ...]
    formats: Formats
    tables: Mapping[str, TableSpec]
    flags: Mapping[str, Flag]
    kpis: Mapping[str, KpiRule]
    obligations: Mapping[str, Obligation]
    documents: Mapping[str, Document]
    tasks: Mapping[str, Process]
    alerts: Mapping[str, AlertRule]
    exceptions: Mapping[str, RowException]
    owners: Mapping[str, Owner]
    sources: Mapping[str, RuleSource]
    holidays: Holidays


class Pack(Content, frozen=True, eq=False, kw_only=True, dict=True):
    """What a pack says, and what its formulas have in sight. origin: the file, or shipped name, it was loaded from."""

    params: Mapping[str, Param]
    sight: Sight
    origin: Path | str

    @property
    def scope(self) -> Scope:
        """What the pack's formulas may name."""
        return self.sight.scope

    @cached_property
    def merged(self) -> Map:
        """The nodes behind the pack, each with its file and line: its files, read again."""
        from aliado.rules.pack_reading import read_merged  # late: a refresh has no use for it

        return read_merged(self.origin)

    def checked(self, rule: Rule | Param) -> date | None:
        """Return when the sources of a rule or parameter were last looked at."""
        return self.looked_at(rule.source)

    def looked_at(self, sources: Iterable[str]) -> date | None:
        """Return when sources were last looked at: the oldest of their dates, None when none is given."""
        found = [self.sources[name].checked for name in sources if name in self.sources]
        return min((day for day in found if day), default=None)

    def seen(self, sources: Iterable[str]) -> bool:
        """Return whether at least one of these sources was itself looked at; where none is named, nothing says otherwise."""
        named = [self.sources[name] for name in sources if name in self.sources]
        return not named or not all(source.unverified for source in named)

    def verified(self, rule: Rule | Param) -> bool:
        """Return whether a rule or parameter was seen at its sources."""
        return not rule.unverified and self.seen(rule.source)

    def verified_on(self, param: Param, day: date) -> bool:
        """Return whether the value that a parameter has on `day` was seen at its source."""
        origin = param.origin_at(day)
        return not origin.unverified and self.seen(origin.source)

    def formula_scope(self, table: str | None) -> Scope:
        """Return what a formula about the rows of `table` may name."""
        return self.sight.of(table)
