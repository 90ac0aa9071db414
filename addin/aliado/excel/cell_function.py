"""What makes a Python function one of a cell: its help, its arguments, and how its errors reach Excel."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import xlwings as xw
from xlwings.conversion import Accessor, Pipeline

from aliado.errors import AliadoError
from aliado.excel.cells import read_block
from aliado.excel.ranges import NoValue
from aliado.language import Text

Argument = Literal["range", "date", "text", "number", "any"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a custom function. range: cells with their headings."""

    name: str
    type: Argument
    help: Text
    optional: bool = False


@dataclass(frozen=True, slots=True)
class CellFunction:
    """One custom function. name: English; aliases: Spanish. result: one value, or an array that spills.

    compute: raises AliadoError where the cell shows an error; the function itself gives the error's text, such as "#N/A".
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    summary: Text
    example: str
    result: Literal["value", "array"]
    compute: Callable[..., Any]


class Cells(Accessor):
    """How an argument that is a range is read: as a `cells.Block`, whole columns cut to what is used."""

    @classmethod
    def reader(cls, options: Any) -> Pipeline:
        """Return the one step that reads the range, or takes an array that a formula computed."""
        del options
        return Pipeline([_read])


def cell_function(
    *,
    aliases: tuple[str, ...],
    parameters: tuple[Parameter, ...],
    summary: Text,
    example: str,
    result: Literal["value", "array"] = "value",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that makes plain Python a custom function; what it describes is kept as its `spec`.

    The Python gets its arguments by the parameters' names, and `caller`: the formula's cell where there is one. In a
    cell the arguments come in the order of the parameters, the caller last.
    """
    names = [*(parameter.name for parameter in parameters), "caller"]

    def decorate(compute: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(compute)
        def call(*arguments: Any, **named: Any) -> Any:
            try:
                return compute(**dict(zip(names, arguments, strict=False)), **named)
            except NoValue as error:
                return error.code
            except AliadoError:
                return "#VALUE!"

        # xlwings goes by the signature, and would take type hints for converters: the function that it sees has none.
        call.__annotations__ = {}
        call.__signature__ = _signature(parameters)  # type: ignore[attr-defined]
        decorated: Any = xw.func(category="Aliado")(call)
        for parameter in parameters:
            if parameter.type == "range":
                decorated = xw.arg(parameter.name, convert=Cells)(decorated)
            else:
                decorated = xw.arg(parameter.name, err_to_str=True)(decorated)  # else an error would pass for a blank
        decorated.spec = CellFunction(compute.__name__, aliases, parameters, summary, example, result, compute)
        return decorated  # type: ignore[no-any-return]

    return decorate


def _signature(parameters: tuple[Parameter, ...]) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    declared = [
        inspect.Parameter(item.name, kind, default=None if item.optional else inspect.Parameter.empty)
        for item in parameters
    ]
    return inspect.Signature([*declared, inspect.Parameter("caller", kind, default=None)])


def _read(context: Any) -> None:
    given = context.range if context.range is not None else context.value
    context.value = None if given is None else read_block(given)
