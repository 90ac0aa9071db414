"""What a formula may name: tables and their columns, parameters, functions."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from aliado.formula.registry import STANDARD, Registry
from aliado.formula.values import Kind
from aliado.language import fold


class TableScope(Struct, frozen=True):
    """One table. fields: canonical field -> kind. headings: folded heading or canonical field -> canonical field.

    written: headings as people write them, for hints.
    """

    fields: Mapping[str, Kind]
    headings: Mapping[str, str]
    written: tuple[str, ...] = ()

    def find(self, heading: str) -> str | None:
        """Return the canonical field that goes by a heading, in any language, case or accent."""
        if heading in self.fields:
            return heading
        found = self.headings.get(fold(heading)) or self.headings.get(heading)
        if found is not None and found in self.fields:
            return found
        return None

    def known(self) -> list[str]:
        """Return every name that a column of the table goes by."""
        return list(dict.fromkeys([*self.fields, *self.headings, *self.written]))


class Scope(Struct, frozen=True):
    """Everything in sight of a formula. table: whose rows `[@Col]` and `[Col]` mean, None = no row.

    table_names: folded alias -> canonical table.
    """

    tables: Mapping[str, TableScope]
    table: str | None = None
    parameters: Mapping[str, Kind] = field(default_factory=dict)
    functions: Registry = STANDARD
    table_names: Mapping[str, str] = field(default_factory=dict)

    def find_table(self, name: str) -> str | None:
        """Return the canonical table of that name, or None."""
        if name in self.tables:
            return name
        folded = fold(name)
        found = self.table_names.get(folded) or next((table for table in self.tables if fold(table) == folded), None)
        return found if found in self.tables else None

    def find_parameter(self, name: str) -> str | None:
        """Return the parameter of that name, or None."""
        if name in self.parameters:
            return name
        folded = fold(name)
        return next((parameter for parameter in self.parameters if fold(parameter) == folded), None)
