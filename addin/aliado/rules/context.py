"""What a pack's rules may refer to while they are being built: sources, owners, tables, parameters, functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from aliado.errors import PackError, Problem
from aliado.formula.compile import Formula, compile_formula
from aliado.formula.registry import Registry
from aliado.formula.scope import Scope
from aliado.formula.values import Kind
from aliado.language import Text, same
from aliado.rules.content import bilingual, items, validity, value
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.models import Off, Owner, RuleSource, Where
from aliado.rules.nodes import Map, Scalar
from aliado.rules.scopes import Sight
from aliado.rules.written import place_of, with_trap
from aliado.tables.schema import TableSpec

_NOTHING = Text("", "")


class Context:
    """Everything that rules refer to. problems: those that no file holds itself (formulas')."""

    def __init__(self, functions: Registry) -> None:
        self.sources: dict[str, RuleSource] = {}
        self.owners: dict[str, Owner] = {}
        self.sight = Sight(functions)
        self.problems: list[Problem] = []

    @property
    def tables(self) -> Mapping[str, TableSpec]:
        """The canonical tables by name."""
        return self.sight.tables

    def scope(self, table: str | None) -> Scope:
        """Return what a formula about the rows of `table` has in sight."""
        return self.sight.of(table)

    def formula(
        self, node: Map, key: str, table: str | None, kind: Kind, shape: Literal["row", "single"] = "row"
    ) -> Formula | None:
        """Return the compiled formula under `key`; its mistakes join the problems."""
        written = node.get(key)
        if not isinstance(written, Scalar) or written.value is None:
            return None
        if table is not None and table not in self.tables:
            if table:  # a rule's own table was reported where it is named
                written.report(
                    "P037",
                    Text(f"ningún paquete define la tabla {table}", f"no pack defines the table {table}"),
                    Text("añada extends: base", "add extends: base"),
                )
            return None
        try:
            return compile_formula(
                written.text.strip(), self.scope(table), place=place_of(written), shape=shape, kind=kind
            )
        except PackError as error:
            self.problems += [with_trap(problem, written) for problem in error.problems]
            return None

    def table(self, node: Map) -> str:
        """Return the table that a rule is about; an unknown one is reported."""
        return self.known(node, "table", self.tables, Text("tabla", "table")) or ""

    def known(self, node: Map, key: str, among: Iterable[str], what: Text) -> str | None:
        """Return the id under `key` when it is one of `among`; report it otherwise."""
        item = node.get(key)
        return self.check_known(item, among, what) if isinstance(item, Scalar) else None

    def check_known(self, item: Scalar, among: Iterable[str], what: Text) -> str | None:
        """Return the item's text when it is one of `among`; report it otherwise."""
        names = among if isinstance(among, (dict, set, frozenset)) else list(among)
        if item.text in names:
            return item.text
        item.report(
            "P020",
            Text(f"{what.es} desconocida: {quote(item.text)}", f"unknown {what.en}: {quote(item.text)}"),
            did_you_mean(item.text, names),
        )
        return None

    def owner(self, node: Map, key: str = "owner") -> Owner | None:
        """Return the owner under `key`."""
        found = self.known(node, key, self.owners, Text("persona de owners", "owner"))
        return self.owners[found] if found else None

    def source(self, node: Map) -> tuple[str, ...]:
        """Return the source ids that a rule cites; unknown ones are reported."""
        what = Text("fuente", "source")
        return tuple(item.text for item in items(node, "source") if self.check_known(item, self.sources, what))

    def fields(self, node: Map, key: str, table: str) -> tuple[str, ...]:
        """Return the canonical fields under `key`; unknown ones are reported."""
        known = self.tables[table].fields if table in self.tables else {}
        what = Text(f"columna de {table}", f"column of {table}")
        return tuple(item.text for item in items(node, key) if not known or self.check_known(item, dict(known), what))

    def common(self, name: str, node: Map, at: Scalar) -> dict[str, Any]:
        """Return what every rule has, as arguments of its model."""
        return {
            "id": name,
            "title": bilingual(node, "title") or same(name),
            "place": Where(at.source.name, at.line, at.column),
            "owner": self.owner(node),
            "source": self.source(node),
            "valid": validity(node),
            "off": self.off(node),
            "confidence": value(node, "confidence") or "",
            "unverified": bool(value(node, "unverified")),
            "note": bilingual(node, "note"),
        }

    def off(self, node: Map) -> Off | None:
        """Return the off-switch of a rule."""
        switch = node.get("off")
        if not isinstance(switch, Map) or not isinstance(value(switch, "until"), date):
            return None
        return Off(
            bilingual(switch, "reason") or _NOTHING,
            str(value(switch, "by") or ""),
            value(switch, "until"),
            self.source(switch),
        )
