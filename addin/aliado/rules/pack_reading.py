"""Rule packs read: the files of a chain laid one over another, checked, and built into a `Pack`."""

from __future__ import annotations

from datetime import date
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from aliado.errors import PackError, Problem
from aliado.formula.registry import Registry
from aliado.language import Text, same
from aliado.rules.assessment import PackUsed
from aliado.rules.chain import FileOfChain, load_chain
from aliado.rules.content import as_text, bilingual, entries, value, values
from aliado.rules.context import Context
from aliado.rules.garbage import uncollected
from aliado.rules.keys import PACK
from aliado.rules.loader import Loaded
from aliado.rules.merging import check_complete, merge
from aliado.rules.nodes import Map
from aliado.rules.pack import Holidays, Pack, TaxId
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
)
from aliado.rules.scopes import param_kinds
from aliado.rules.unfinished import check_begun
from aliado.tables.schema import Formats


class Reading(NamedTuple):
    """A pack as read, None where a file of it cannot be: every problem found, and the files, the pack's own first."""

    pack: Pack | None
    problems: list[Problem]
    files: list[FileOfChain]


def read_pack(source: Path | str, functions: Registry) -> Reading:
    """Return a pack with all that it inherits."""
    with uncollected():
        chain = load_chain(source)
        merged = _merged(chain)
        extra: list[Problem] = []
        pack = None
        if merged is not None:
            check_complete(merged, PACK)
            pack, extra = _build(merged, chain, functions, source)
        found = [problem for loaded in chain for problem in loaded.source.problems]
        files = [FileOfChain(loaded.source.name, loaded.sha256) for loaded in chain]
        return Reading(pack, list(dict.fromkeys([*found, *extra])), files)


def read_merged(source: Path | str) -> Map:
    """Return the nodes of a pack laid over those it inherits from; raise PackError where a file cannot be read."""
    chain = load_chain(source)
    merged = _merged(chain)
    if merged is None:
        raise PackError([problem for loaded in chain for problem in loaded.source.problems])
    return merged


def _merged(chain: list[Loaded]) -> Map | None:
    """Return the files of a chain as one, every key checked; None with a link missing: the rest would be noise."""
    roots = [loaded.root for loaded in chain if loaded.root is not None]
    for root in roots:
        PACK.check(root)
    for loaded in chain:
        if loaded.begun is not None:
            check_begun(loaded.begun, PACK)
    if len(roots) != len(chain) or "extends" in roots[-1].items:
        return None
    merged = roots[-1]
    for root in reversed(roots[:-1]):
        laid = merge(merged, root, PACK)
        merged = laid if isinstance(laid, Map) else merged
    _own_identity(merged, roots[0])
    return merged


def _own_identity(merged: Map, root: Map) -> None:
    """Make name, version and title those of the pack itself: they are not inherited."""
    for key in ("pack", "version", "title"):
        if key not in root.items:
            merged.items.pop(key, None)
            merged.keys.pop(key, None)
    merged.source, merged.line, merged.column = root.source, root.line, root.column


def _build(merged: Map, chain: list[Loaded], functions: Registry, origin: Path | str) -> tuple[Pack, list[Problem]]:
    context = Context(functions)
    context.sources = build_sources(merged)
    context.owners = build_owners(merged)
    formats = build_formats(merged, Formats())
    context.sight.tables = build_tables(merged, formats)
    params = build_params(merged, context)
    context.sight.kinds = param_kinds(params)
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
        sight=context.sight,
        origin=origin,
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
