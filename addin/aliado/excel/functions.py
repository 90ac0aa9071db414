"""The custom functions as Excel calls them through xlwings.

The import path of this module and the names of its functions are a public contract: stubs in workbooks call them.
Where a cell shows an error the function gives the error's text ("#N/A", "#VALUE!"), which the stub makes a real one.
Except on Windows xlwings leaves the functions as they are, so they can be called as plain Python.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any

import xlwings as xw
from xlwings.conversion import Accessor, Pipeline

from aliado.cells.function import CellFunction, Parameter
from aliado.cells.registry import FUNCTIONS
from aliado.excel.cells import read_argument


class Cells(Accessor):
    """How an argument that is a range is read: as a `Block`, whole columns cut to what is used."""

    @classmethod
    def reader(cls, options: Any) -> Pipeline:
        """Return the one step that reads the range, or takes an array that a formula computed."""
        del options
        return Pipeline([_read])


def _read(context: Any) -> None:
    given = context.range if context.range is not None else context.value
    context.value = None if given is None else read_argument(given)


def _bind(spec: CellFunction) -> Any:
    """Return a custom function as xlwings takes it, with its declaration as its `spec`."""

    @functools.wraps(spec.compute)
    def call(*arguments: Any, **named: Any) -> Any:
        return spec(*arguments, **named)

    # xlwings goes by the signature, and would take type hints for converters: the function that it sees has none.
    call.__annotations__ = {}
    call.__signature__ = _signature(spec.parameters)  # type: ignore[attr-defined]
    bound: Any = xw.func(category="Aliado")(call)
    for parameter in spec.parameters:
        if parameter.type == "range":
            bound = xw.arg(parameter.name, convert=Cells)(bound)
        else:
            bound = xw.arg(parameter.name, err_to_str=True)(bound)  # else an error would pass for a blank
    bound.spec = spec
    return bound


def _signature(parameters: tuple[Parameter, ...]) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    declared = [
        inspect.Parameter(item.name, kind, default=None if item.optional else inspect.Parameter.empty)
        for item in parameters
    ]
    return inspect.Signature([*declared, inspect.Parameter("caller", kind, default=None)])


for _spec in FUNCTIONS:
    globals()[_spec.name] = _bind(_spec)  # by these names stubs in workbooks find them
