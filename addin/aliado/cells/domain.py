"""The rule language's own functions (`rules.functions.DOMAIN`) as custom functions in cells: same names, same figures.

In a cell the table is its range, and what else the figure needs (receipts, profile, ...) follows as optional ranges.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from msgspec.structs import replace

from aliado.cells import parameters as given
from aliado.cells.block import read_block
from aliado.cells.by_value import VALUES, make_value_function
from aliado.cells.function import Argument, CellFunction, Parameter, cell_function
from aliado.cells.question import NoValue, gather_ranges, read_as_of, read_pack_name, read_ranges, workbook_of
from aliado.formula.function import FunctionSpec
from aliado.formula.values import ERROR_TEXT, Column, Kind, State, to_serial
from aliado.language import Text
from aliado.rules.choose import choose_pack
from aliado.rules.functions import DOMAIN
from aliado.rules.standing import stand

_NAMES = {"date": "as_of"}
"""What an argument is called in VBA where its own name means something else there."""

_BY_NAME = {item.name: item for item in (given.INVOICES, given.RECEIPTS, given.PROFILE, *given.OTHERS)}
_COMPANIONS = {
    "invoices": ("receipts", "profile"),
    "bills": ("payments", "profile"),
    "stock": ("bills", "payments", "profile"),
}
_PROFILE_ONLY = ("profile",)
_TYPES: Mapping[str, Argument] = {"table": "range", "date": "date", "number": "number"}
_AT_END = replace(given.AS_OF, optional=True)
"""In a rule TODAY() is the date of the work; a function that takes no date there takes it here."""


def make_domain_functions() -> tuple[CellFunction, ...]:
    """Return a custom function for every domain function of the rule language: over a table, or over single values."""
    return tuple(
        _make(spec) if spec.parameters[0].type == "table" else make_value_function(spec)
        for spec in DOMAIN
        if fits_a_cell(spec)
    )


def fits_a_cell(spec: FunctionSpec) -> bool:
    """Return whether a cell can give what a function takes: one table first, then numbers and dates; or single values."""
    kinds = [item.type for item in spec.parameters]
    if kinds[:1] == ["table"]:
        return all(kind in _TYPES and kind != "table" for kind in kinds[1:])
    return all(kind in VALUES for kind in kinds)


def _make(spec: FunctionSpec) -> CellFunction:
    table = spec.parameters[0].name
    own = tuple(
        Parameter(_NAMES.get(item.name, item.name), _TYPES[item.type], item.help, item.optional)
        for item in spec.parameters
    )
    if all(item.type != "date" for item in spec.parameters):
        own = (*own, _AT_END)
    needed = sum(not item.optional for item in own)
    own = (*own[:needed], *(replace(item, optional=True) for item in own[needed:]))
    more = tuple(_BY_NAME[name] for name in _COMPANIONS.get(table, _PROFILE_ONLY))

    def compute(*, pack: Any = None, caller: Any = None, **values: Any) -> float:
        return _figure(spec, table, pack, caller, values)

    compute.__name__ = spec.name
    compute.__doc__ = f"Return {spec.summary.en[0].lower()}{spec.summary.en[1:]}"
    name = _BY_NAME[table].help.es.split(",")[0].removeprefix("las ").removeprefix("los ").removeprefix("el ")
    english = spec.examples[0].replace("HOY()", "TODAY()").replace(";", ",")
    example = english.replace(f"({table}", f"({name.split()[0].capitalize()}[#All]")
    return cell_function(
        aliases=spec.aliases, parameters=(*own, *more, given.PACK), summary=spec.summary, example=example
    )(compute)


def _figure(spec: FunctionSpec, table: str, pack: Any, caller: Any, values: dict[str, Any]) -> float:
    ranges = {name: values[name] for name in (table, *_COMPANIONS.get(table, _PROFILE_ONLY)) if name in values}
    sheets = read_ranges(ranges)
    chosen = choose_pack(sheets, workbook_of(caller), read_pack_name(pack))
    as_of = values.get("as_of")
    day = date.today() if _is_blank(as_of) else read_as_of(as_of)  # noqa: DTZ011 -- as TODAY() in a cell
    standing = stand(gather_ranges(sheets, chosen).tables, chosen, day)
    arguments = [
        _column(item.type, values.get(_NAMES.get(item.name, item.name)))
        for item in spec.parameters
        if item.type != "table"
    ]
    result = spec.impl(standing.data(None), table, *arguments).value(0)
    if isinstance(result, State):
        raise NoValue(_NO_FIGURE.format(name=spec.name), ERROR_TEXT.get(result, "#N/A"))
    return float(result)


def _column(kind: str, given_value: Any) -> Column | None:
    if _is_blank(given_value):
        return None
    if kind == "date":
        return Column(Kind.DATE, np.array([to_serial(read_as_of(given_value))], dtype=np.int64))
    number = read_block(given_value).rows[0][0]
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise NoValue(_NOT_A_NUMBER.format(found=number))
    return Column(Kind.NUMBER, np.array([float(number)]))


def _is_blank(value: Any) -> bool:
    return value is None or value == "" or read_block(value).rows[0][0] is None


_NO_FIGURE = Text("{name}: no hay datos con que calcularlo.", "{name}: there is no data to compute it from.")
_NOT_A_NUMBER = Text("Se espera un número; hay «{found}».", "A number is expected; found “{found}”.")
