"""What the formulas of a pack may name: its tables with all their headings, its parameters, the functions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from aliado.formula.registry import Registry
from aliado.formula.scope import Scope, TableScope
from aliado.formula.values import Kind
from aliado.language import fold
from aliado.rules.models import Param
from aliado.tables.schema import TableSpec


class Sight:
    """What the formulas of a pack have in sight, worked out when the first of them is read."""

    def __init__(self, functions: Registry) -> None:
        self.functions = functions
        self.tables: Mapping[str, TableSpec] = {}
        self.kinds: Mapping[str, Kind] = {}

    @cached_property
    def scope(self) -> Scope:
        """The scope of a formula about no table's rows."""
        return make_scope(self.tables, self.kinds, self.functions)

    def of(self, table: str | None) -> Scope:
        """Return what a formula about the rows of `table` has in sight."""
        scope = self.scope
        return Scope(scope.tables, table, scope.parameters, scope.functions, scope.table_names)


def param_kinds(params: Mapping[str, Param]) -> dict[str, Kind]:
    """Return what kind each parameter is, for formulas."""
    return {name: param.kind for name, param in params.items()}


def make_scope(tables: Mapping[str, TableSpec], parameters: Mapping[str, Kind], functions: Registry) -> Scope:
    """Return the scope of formulas over canonical tables; headings are canonical names, synonyms and titles."""
    scopes = {name: _table_scope(spec) for name, spec in tables.items()}
    aliases: dict[str, str] = {}
    for name, spec in tables.items():
        for alias in (*spec.title, *spec.names):
            aliases.setdefault(fold(alias), name)
    return Scope(scopes, None, parameters, functions, aliases)


def _table_scope(spec: TableSpec) -> TableScope:
    headings: dict[str, str] = {}
    for name, item in spec.fields.items():
        for heading in (*item.names, *item.also, *(item.title or ()), name):
            headings.setdefault(fold(heading), name)
    for name, heading in spec.map.items():  # the client's own headings come last: a canonical one keeps its meaning
        if not heading.startswith("="):
            headings.setdefault(fold(heading), name)
    kinds = {name: item.type.kind for name, item in spec.fields.items()}
    return TableScope(kinds, headings, tuple(heading for item in spec.fields.values() for heading in item.names))
