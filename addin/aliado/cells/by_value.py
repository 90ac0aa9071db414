"""Domain functions over single values as custom functions: an argument is a cell, or a column of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, Final

import numpy as np

from aliado.cells import parameters as given
from aliado.cells.block import read_day
from aliado.cells.days import each
from aliado.cells.function import CellFunction, Parameter, cell_function
from aliado.cells.question import NoValue, gather_ranges, read_pack_name, read_ranges, workbook_of
from aliado.formula.function import FunctionSpec
from aliado.formula.values import ERROR_TEXT, Column, Kind, State, to_serial
from aliado.language import Text
from aliado.rules.choose import choose_pack
from aliado.rules.standing import stand
from aliado.tables.cells import read_text


def _date(value: Any) -> Column:
    day = read_day(value)
    if day is None:
        raise NoValue(_NOT_A_DAY.format(found=value))
    return Column(Kind.DATE, np.array([to_serial(day)], dtype=np.int64))


def _number(value: Any) -> Column:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NoValue(_NOT_A_NUMBER.format(found=value))
    return Column(Kind.NUMBER, np.array([float(value)]))


def _text(value: Any) -> Column:
    text = f"{value:%Y-%m}" if isinstance(value, date) else read_text(value)  # a period typed as a date is its month
    if not isinstance(text, str):
        raise NoValue(_NOT_A_TEXT.format(found=value))
    texts = np.empty(1, dtype=object)
    texts[0] = text
    return Column(Kind.TEXT, texts)


VALUES: Final[dict[str, Callable[[Any], Column]]] = {"date": _date, "number": _number, "text": _text}
"""How a cell is read for each type of argument."""

_NAMES: Final = {"date": "as_of"}


def make_value_function(spec: FunctionSpec) -> CellFunction:
    """Return a domain function over single values as a custom function; the profile and the pack follow its arguments."""
    names = [_NAMES.get(item.name, item.name) for item in spec.parameters]
    own = tuple(
        Parameter(name, "any", item.help, item.optional) for name, item in zip(names, spec.parameters, strict=True)
    )

    def compute(*, pack: Any = None, profile: Any = None, caller: Any = None, **values: Any) -> Any:
        sheets = read_ranges({"profile": profile})
        chosen = choose_pack(sheets, workbook_of(caller), read_pack_name(pack))
        tables = gather_ranges(sheets, chosen).tables if sheets else {}
        data = stand(tables, chosen, date.today()).data(None)  # noqa: DTZ011 -- as TODAY() in a cell

        def one(*cells: Any) -> Any:
            columns = [
                None if cell is None or cell == "" else VALUES[item.type](cell)
                for item, cell in zip(spec.parameters, cells, strict=True)
            ]
            if any(column is None and not item.optional for item, column in zip(spec.parameters, columns, strict=True)):
                raise NoValue(_NO_VALUE.format(name=spec.name), "#N/A")
            result = spec.impl(data, *columns).value(0)
            if isinstance(result, State):
                raise NoValue(_NO_VALUE.format(name=spec.name), ERROR_TEXT.get(result, "#N/A"))
            return datetime.combine(result, time()) if isinstance(result, date) else float(result)

        return each(one, *(values.get(name) for name in names))

    compute.__name__ = spec.name
    compute.__doc__ = f"Return {spec.summary.en[0].lower()}{spec.summary.en[1:]}"
    example = spec.examples[0].replace("HOY()", "TODAY()").replace(";", ",")
    return cell_function(
        aliases=spec.aliases, parameters=(*own, given.PROFILE, given.PACK), summary=spec.summary, example=example
    )(compute)


_NO_VALUE = Text("{name}: no se sabe, o falta un dato.", "{name}: not known, or a value is missing.")
_NOT_A_DAY = Text("Se espera una fecha; hay «{found}».", "A date is expected; found “{found}”.")
_NOT_A_NUMBER = Text("Se espera un número; hay «{found}».", "A number is expected; found “{found}”.")
_NOT_A_TEXT = Text("Se espera un texto; hay «{found}».", "A text is expected; found “{found}”.")
