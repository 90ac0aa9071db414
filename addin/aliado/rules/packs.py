"""Rule packs: found, read, laid one over another, checked and compiled.

A pack is a YAML file; `extends` names the one it inherits from, a shipped one (base, ec) or a file of the
same rules folder. What a client ends up with is the whole chain as one `Pack`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from msgspec import Struct

from aliado.errors import PackError, Problem
from aliado.formula.registry import Registry
from aliado.formula.scope import Scope
from aliado.language import Language, Text, same
from aliado.resources import rules_folder
from aliado.rules.assessment import PackUsed
from aliado.rules.chain import find_pack, load_chain, pack_files, shipped_pack_for, shipped_packs
from aliado.rules.content import as_text, bilingual, entries, value, values
from aliado.rules.context import Context
from aliado.rules.garbage import uncollected
from aliado.rules.keys import PACK
from aliado.rules.loader import Loaded, load_bytes
from aliado.rules.merging import check_complete, merge
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
from aliado.rules.pack_due import build_obligations
from aliado.rules.pack_rules import (
    build_alerts,
    build_documents,
    build_exceptions,
    build_flags,
    build_kpis,
    build_processes,
)
from aliado.rules.pack_tables import (
    build_formats,
    build_owners,
    build_params,
    build_sources,
    build_tables,
    param_kinds,
)
from aliado.tables.schema import Formats, TableSpec

__all__ = ["Pack", "check_pack", "find_pack", "load_pack", "pack_files", "shipped_pack_for", "shipped_packs"]


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


class Pack(Struct, frozen=True, eq=False):
    """Everything that rules say about a client. chain: the packs it is made of, the root first.

    flags, kpis, ... hold switched-off and out-of-date rules too: ask `off` and `valid`. merged: the nodes
    behind it, each with its file and line.
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
    params: Mapping[str, Param]
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
    merged: Map
    scope: Scope

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
        scope = self.scope
        return Scope(scope.tables, table, scope.parameters, scope.functions, scope.table_names)


def load_pack(source: Path | str, *, functions: Registry | None = None) -> Pack:
    """Return the pack of a file, or the shipped one of that name, with all that it inherits.

    functions: what formulas may call; Aliado's own and Excel's when not given.
    Raises PackError with every problem of every file of the chain.
    """
    pack, problems = _read(source, functions)
    if pack is None or problems:
        raise PackError(problems)
    return pack


def load_profile_spec() -> TableSpec:
    """Return how the base pack describes a client's profile, without loading the rest of the pack for it."""
    text = (rules_folder() / "base.yaml").read_text(encoding="utf-8")
    found = _PROFILE.search(text)
    loaded = load_bytes(f"tables:\n{found[0]}".encode(), "base.yaml") if found else None
    if loaded is None or loaded.root is None or loaded.source.problems:
        return load_pack("base").tables["profile"]
    PACK.check(loaded.root)
    return build_tables(loaded.root, Formats())["profile"]


_PROFILE = re.compile(r"^  profile:.*\n(?:(?:    .*)?\n)+", re.MULTILINE)


def check_pack(source: Path | str, *, functions: Registry | None = None) -> list[Problem]:
    """Return every problem of a pack and of those it inherits from, sorted by place."""
    return PackError(_read(source, functions)[1]).problems


def _read(source: Path | str, functions: Registry | None) -> tuple[Pack | None, list[Problem]]:
    with uncollected():
        return _read_chain(load_chain(source), functions or _all_functions())


def _read_chain(chain: list[Loaded], functions: Registry) -> tuple[Pack | None, list[Problem]]:
    roots = [loaded.root for loaded in chain if loaded.root is not None]
    for root in roots:
        PACK.check(root)
    pack = None
    extra: list[Problem] = []
    if len(roots) == len(chain) and "extends" not in roots[-1].items:  # with a link missing, the rest is noise
        merged = roots[-1]
        for root in reversed(roots[:-1]):
            laid = merge(merged, root, PACK)
            merged = laid if isinstance(laid, Map) else merged
        _own_identity(merged, roots[0])
        check_complete(merged, PACK)
        pack, extra = _build(merged, chain, functions)
    found = [problem for loaded in chain for problem in loaded.source.problems]
    return pack, list(dict.fromkeys([*found, *extra]))


def _own_identity(merged: Map, root: Map) -> None:
    """Make name, version and title those of the pack itself: they are not inherited."""
    for key in ("pack", "version", "title"):
        if key not in root.items:
            merged.items.pop(key, None)
            merged.keys.pop(key, None)
    merged.source, merged.line, merged.column = root.source, root.line, root.column


def _all_functions() -> Registry:
    from aliado.rules.functions import FUNCTIONS

    return FUNCTIONS


def _build(merged: Map, chain: list[Loaded], functions: Registry) -> tuple[Pack, list[Problem]]:
    context = Context(functions)
    context.sources = build_sources(merged)
    context.owners = build_owners(merged)
    formats = build_formats(merged, Formats())
    context.tables = build_tables(merged, formats)
    params = build_params(merged, context)
    context.kinds = param_kinds(params)
    flags, kpis = build_flags(merged, context), build_kpis(merged, context)
    obligations, documents = build_obligations(merged, context), build_documents(merged, context)
    tasks = build_processes(merged, context)
    ids = [*flags, *kpis, *obligations, *documents, *tasks]
    _check_unique(merged)
    pack = Pack(
        name=value(merged, "pack") or "",
        version=value(merged, "version") or "",
        title=bilingual(merged, "title") or same(value(merged, "pack") or ""),
        country=value(merged, "country") or "",
        currency=value(merged, "currency") or "",
        language=value(merged, "language"),
        tax_id=_tax_id(merged),
        chain=tuple(_used(loaded) for loaded in reversed(chain)),
        formats=formats,
        tables=context.tables,
        params=params,
        flags=flags,
        kpis=kpis,
        obligations=obligations,
        documents=documents,
        tasks=tasks,
        alerts=build_alerts(merged, context, ids),
        exceptions=build_exceptions(merged, context, ids),
        owners=context.owners,
        sources=context.sources,
        holidays=_holidays(merged, context),
        merged=merged,
        scope=context.scope(None),
    )
    return pack, context.problems


def _check_unique(merged: Map) -> None:
    """Report an id that two sections use: findings name rules by id alone."""
    taken: dict[str, str] = {}
    for section in ("flags", "kpis", "obligations", "documents", "tasks"):
        for name, at, _ in entries(merged, section):
            owner = taken.setdefault(name, section)
            if owner != section:
                at.report(
                    "P046",
                    Text(f"{name} ya está en {owner}", f"{name} is already in {owner}"),
                    Text("dé otro código a una de las dos reglas", "give one of the two rules another id"),
                )


def _used(loaded: Loaded) -> PackUsed:
    root = loaded.root
    name = value(root, "pack") if root is not None else None
    version = value(root, "version") if root is not None else None
    return PackUsed(name or "", version or "", PurePosixPath(loaded.source.name).name, loaded.sha256)


def _tax_id(merged: Map) -> TaxId | None:
    node = merged.get("tax_id")
    if not isinstance(node, Map):
        return None
    return TaxId(bilingual(node, "title") or same(""), value(node, "validator") or "", value(node, "digits"))


def _holidays(merged: Map, context: Context) -> Holidays:
    node = merged.get("holidays")
    if not isinstance(node, Map):
        return Holidays({}, frozenset(), None)
    add = {}
    for day, at, entry in entries(node, "add"):
        context.source(entry)
        if isinstance(at.value, date):
            add[at.value] = as_text(entry.get("title")) or same(day)
    return Holidays(add, frozenset(values(node, "remove")), value(node, "region"))
