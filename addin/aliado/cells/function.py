"""What a custom function is: its names, its arguments, its help, and how its errors reach a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from aliado.cells.question import NoValue
from aliado.errors import AliadoError
from aliado.language import Text

Argument = Literal["range", "date", "text", "number", "any"]


class Parameter(Struct, frozen=True):
    """One argument of a custom function. range: cells with their headings."""

    name: str
    type: Argument
    help: Text
    optional: bool = False


class CellFunction(Struct, frozen=True):
    """One custom function. name: English; aliases: Spanish. result: one value, or an array that spills.

    compute: called with the arguments by name, and `caller`: the formula's cell where there is one (None elsewhere);
    raises AliadoError where the cell shows an error.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    summary: Text
    example: str
    result: Literal["value", "array"]
    compute: Callable[..., Any]

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return what a cell shows: a value, rows of values, or the text of an Excel error such as "#N/A".

        The arguments come in the order of the parameters, the caller last.
        """
        names = [*(parameter.name for parameter in self.parameters), "caller"]
        try:
            return self.compute(**dict(zip(names, arguments, strict=False)), **named)
        except NoValue as error:
            return error.code
        except AliadoError:
            return "#VALUE!"


def cell_function(
    *,
    aliases: tuple[str, ...],
    parameters: tuple[Parameter, ...],
    summary: Text,
    example: str,
    result: Literal["value", "array"] = "value",
) -> Callable[[Callable[..., Any]], CellFunction]:
    """Return a decorator that makes plain Python a custom function of the Python function's name."""

    def decorate(compute: Callable[..., Any]) -> CellFunction:
        return CellFunction(compute.__name__, aliases, parameters, summary, example, result, compute)

    return decorate
