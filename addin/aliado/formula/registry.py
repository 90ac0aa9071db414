"""The functions that formulas may use, found by any of their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from aliado.formula.function import FunctionSpec, ParameterSpec
from aliado.formula.functions import ALL
from aliado.formula.mistakes import did_you_mean
from aliado.language import Text, fold

__all__ = ["STANDARD", "FunctionSpec", "ParameterSpec", "Registry"]


class Registry:
    """Functions by name; names are compared without case or accents."""

    def __init__(self, functions: Iterable[FunctionSpec] = ()) -> None:
        self._functions: list[FunctionSpec] = []
        self._index: dict[str, FunctionSpec] = {}
        for function in functions:
            self.add(function)

    def __iter__(self) -> Iterator[FunctionSpec]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)

    def add(self, function: FunctionSpec) -> None:
        """Take in a function; a name that another one has already is a programming error (ValueError)."""
        names = {fold(name) for name in (function.name, *function.aliases)}
        taken = sorted(names & self._index.keys())
        if taken:
            message = f"{function.name}: the name {taken[0].upper()} is already taken"
            raise ValueError(message)
        self._functions.append(function)
        self._index.update(dict.fromkeys(names, function))
        self.__dict__.pop("names", None)

    def extend(self, functions: Iterable[FunctionSpec]) -> Registry:
        """Return a new registry with more functions; this one stays as it is."""
        return Registry([*self._functions, *functions])

    def find(self, name: str) -> FunctionSpec | None:
        """Return the function of that name in either language, or None."""
        return self._index.get(fold(name))

    def suggest(self, name: str) -> Text | None:
        """Return a hint naming the functions whose names are nearest to `name`, or None."""
        return did_you_mean(name, self.names)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name of every function."""
        return tuple(name for function in self._functions for name in (function.name, *function.aliases))


STANDARD = Registry(ALL)
"""Excel's functions that rules may use."""
