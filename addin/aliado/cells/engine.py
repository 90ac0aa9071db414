"""The rule language's engine on one formula of a cell, with values in place of its references."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from aliado.cells.references import Unresolved
from aliado.errors import PackError
from aliado.formula.compile import Formula, Place, compile_formula
from aliado.formula.data import Data
from aliado.formula.evaluation import constant_column
from aliado.formula.nodes import Constant, Shape
from aliado.formula.scope import Scope
from aliado.formula.states import constant_state
from aliado.formula.values import ERROR_TEXT, Column, Kind, State, to_serial
from aliado.language import Text
from aliado.tables.cells import Raw

_ERRORS = {text: state for state, text in ERROR_TEXT.items()}
_KINDS = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.BOOL)


class IsError(Exception):
    """A value that is an Excel error. code: its text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_error(value: object) -> bool:
    """Return whether a value is the text of an Excel error, such as "#N/A"."""
    return isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "#N/A"))


def compute(text: str, values: Mapping[str, Raw], today: date) -> Any:
    """Return the value of a formula: a float, text, date or truth value, None for a blank, or an error's text.

    values: what its names stand for. Raises IsError when one of them is an error that the engine does not know, and
    Unresolved for a formula that is not in the language.
    """
    for value in values.values():
        if is_error(value) and value not in _ERRORS:
            raise IsError(str(value))
    open_kind = [name for name, value in values.items() if _kind(value) is None]
    problem: PackError | None = None
    for kind in _KINDS if open_kind else _KINDS[:1]:
        kinds = tuple((name, _kind(value) or kind) for name, value in values.items())
        try:
            formula = _compile(text, kinds)
        except PackError as error:
            problem = problem or error
            continue
        columns = {name: _column(values[name], kind) for name, kind in kinds}
        return _plain(formula.evaluate(Data({}, {}, None, columns, today)).value(0), text)
    reason = problem.problems[0].message if problem else Text("", "")
    raise Unresolved(_NOT_COMPUTED.format(es=reason.es, en=reason.en))


@lru_cache(maxsize=512)
def _compile(text: str, kinds: tuple[tuple[str, Kind], ...]) -> Formula:
    return compile_formula("=" + text, Scope({}, parameters=dict(kinds)), place=Place("", 1, 1), shape="single")


def _kind(value: Raw) -> Kind | None:
    """Return what a value is; None for a blank or an error, which may stand for any kind."""
    if value is None or is_error(value):
        return None
    if isinstance(value, bool):
        return Kind.BOOL
    if isinstance(value, (int, float)):
        return Kind.NUMBER
    if isinstance(value, str):
        return Kind.TEXT
    if isinstance(value, date):
        return Kind.DATE
    raise Unresolved(_NOT_COMPUTED.format(es=f"{value}", en=f"{value}"))


def _column(value: Raw, kind: Kind) -> Column:
    if value is None:
        return constant_state(kind, State.BLANK)
    if isinstance(value, str) and value in _ERRORS:
        return constant_state(kind, _ERRORS[value])
    plain: Any = value
    if isinstance(value, date):
        plain = to_serial(value.date() if isinstance(value, datetime) else value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        plain = Decimal(repr(value)) if abs(value) < 1e12 else float(value)
    return constant_column(Constant(start=0, end=0, kind=kind, shape=Shape.SINGLE, value=plain))


def _plain(value: object, text: str) -> Any:
    if value is State.BLANK:
        return None
    if isinstance(value, State):
        if value not in ERROR_TEXT:
            raise Unresolved(_NOT_COMPUTED.format(es=text, en=text))
        return ERROR_TEXT[value]
    return float(value) if isinstance(value, Decimal) else value


_NOT_COMPUTED = Text("no se calcula fuera de Excel: {es}.", "it is not computed outside Excel: {en}.")
