"""What a canonical table is: its fields, their types and the headings they go by.

The definitions come from rule packs (`rules/base.yaml`, section `tables`); this module only holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct, field

from aliado.formula.values import Kind
from aliado.language import Text, fold


class FieldType(StrEnum):
    """How a client's cell is read."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    BOOL = "bool"

    @property
    def kind(self) -> Kind:
        """The kind of column that cells of this type become."""
        if self in (FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT):
            return Kind.NUMBER
        return Kind(self.value)


class Formats(Struct, frozen=True):
    """How a client types dates and amounts as text; None = not declared, so ambiguous text is rejected.

    date: order of day, month and year: "dmy", "mdy" or "ymd". decimal: "," or ".".
    percent: "points" when a plain 15 means 15 % (0.15 still does), "fraction" when a plain 15 means 1500 %.
    serials: a number where a date belongs is its Excel serial day, as the cells came without their formats.
    """

    date: str | None = None
    decimal: str | None = None
    percent: str | None = None
    serials: bool = False


class Field(Struct, frozen=True, gc=False):
    """One canonical field. names: accepted headings, any language; also: headings accepted only where none of names is.

    computed: filled in by Aliado, not read.
    """

    name: str
    type: FieldType
    required: bool = False
    names: tuple[str, ...] = ()
    title: Text | None = None
    computed: bool = False
    also: tuple[str, ...] = ()


class TableSpec(Struct, frozen=True, dict=True):
    """One canonical table and how to find it in a client's workbook.

    names: accepted names of the sheet or Excel table. sheet, table: where a client pack says it stands.
    map: field -> the client's own heading, or a formula text starting with "=".
    values: field -> {what the client types: canonical text}, compared without accents or case.
    """

    name: str
    title: Text
    key: str
    fields: Mapping[str, Field]
    names: tuple[str, ...] = ()
    sheet: str | None = None
    table: str | None = None
    formats: Formats = Formats()
    map: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def folded_names(self) -> frozenset[str]:
        """Every name that a sheet or Excel table of this kind goes by, folded."""
        return frozenset(fold(name) for name in (self.name, *self.names, *self.title))

    @cached_property
    def needed(self) -> frozenset[str]:
        """The fields that a sheet must have a column for: the required ones that no formula computes."""
        computed = {name for name, heading in self.map.items() if heading.startswith("=")}
        return frozenset(name for name, item in self.fields.items() if item.required) - computed

    @cached_property
    def spare_headings(self) -> Mapping[str, str]:
        """Folded heading -> field, for headings that count only where the field has no better one."""
        return {
            fold(heading): name
            for name, item in self.fields.items()
            if not item.computed and name not in self.map
            for heading in item.also
            if fold(heading) not in self.headings
        }

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """Folded heading -> field; a heading that the pack maps belongs to that field alone."""
        accepted: dict[str, str] = {}
        for name, item in self.fields.items():
            if item.computed or name in self.map:
                continue
            for heading in (*item.names, name, name.replace("_", " ")):
                accepted.setdefault(fold(heading), name)
        for name, heading in self.map.items():
            if not heading.startswith("="):
                accepted[fold(heading)] = name
        return accepted
