"""A formula's text to a checked formula, ready to be evaluated on any data."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from msgspec import Struct

from aliado.errors import PackError
from aliado.formula.checks import Checker
from aliado.formula.choosing import stretched
from aliado.formula.data import Data
from aliado.formula.evaluation import Evaluator
from aliado.formula.folding import folded
from aliado.formula.mistakes import FormulaMistakeError, Mistake, Place
from aliado.formula.nodes import Field, Node, TableName, parts
from aliado.formula.nodes import Parameter as ParameterNode
from aliado.formula.parser import parse
from aliado.formula.scope import Scope
from aliado.formula.tokens import Lexeme, Words, read_words
from aliado.formula.values import Column, Kind
from aliado.language import Text, fold

__all__ = ["Formula", "Place", "compile_formula"]


class Formula(Struct, frozen=True):
    """A checked formula. uses: (table, field) of every column it names; parameters, tables: names it hands on.

    per_row: it was compiled to give one value per row of its table.
    """

    text: str
    node: Node
    kind: Kind
    uses: frozenset[tuple[str, str]]
    parameters: frozenset[str]
    tables: frozenset[str]
    decimal_comma: bool = False
    per_row: bool = False

    def evaluate(self, data: Data) -> Column:
        """Return one value, or one per row of data.table (always so when compiled with shape "row")."""
        column = Evaluator(data, decimal_comma=self.decimal_comma).column(self.node)
        return stretched(column, data.rows) if self.per_row else column


def compile_formula(
    text: str,
    scope: Scope,
    *,
    place: Place,
    shape: Literal["row", "single", "any"] = "any",
    kind: Kind | None = None,
) -> Formula:
    """Return the formula of `text`; raise PackError with every mistake in it.

    shape: "row" = a value per row of scope.table, "single" = one value. kind: what the value must be.
    """
    try:
        words = read_words(text)
        checker = Checker(scope, decimal_comma=words.decimal_comma)
        _check_decimal_comma(words, scope)
        checked = checker.result(checker.node(parse(words)), shape, kind)
    except FormulaMistakeError as stop:
        raise PackError([place.problem(text, stop.mistake)]) from None
    if checker.mistakes or checked.kind is None:
        raise PackError([place.problem(text, mistake) for mistake in dict.fromkeys(checker.mistakes)])
    node = folded(checked, decimal_comma=words.decimal_comma)
    found = list(_walk(node))
    return Formula(
        text=text,
        node=node,
        kind=checked.kind,
        uses=frozenset((part.of, part.name) for part in found if isinstance(part, Field)),
        parameters=frozenset(part.name for part in found if isinstance(part, ParameterNode)),
        tables=frozenset(part.name for part in found if isinstance(part, TableName)),
        decimal_comma=words.decimal_comma,
        per_row=shape == "row",
    )


def _walk(node: Node) -> list[Node]:
    found = [node]
    for part in parts(node):
        found.extend(_walk(part))
    return found


def _check_decimal_comma(words: Words, scope: Scope) -> None:
    """Refuse 0,21 without any `;` in a formula with Spanish names, or none: it may be a decimal or two arguments."""
    tokens = words.tokens
    called = [
        token.text for token, after in pairwise(tokens) if token.lexeme is Lexeme.NAME and after.lexeme is Lexeme.OPEN
    ]
    if words.decimal_comma or (called and not any(_is_spanish(name, scope) for name in called)):
        return
    for before, comma, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        touching = before.end == comma.start and comma.end == after.start
        numbers = before.lexeme is Lexeme.NUMBER and after.lexeme is Lexeme.NUMBER
        if touching and numbers and comma.lexeme is Lexeme.SEPARATOR:
            one, two = before.text, after.text
            plain = one.replace(".", "")
            raise FormulaMistakeError(
                Mistake(
                    "F104",
                    before.start,
                    Text(
                        f"'{one},{two}' puede ser un decimal o dos argumentos",
                        f"'{one},{two}' may be one decimal or two arguments",
                    ),
                    Text(
                        f"si es un decimal escriba {plain}.{two}, o {plain},{two} con ; entre los argumentos; si son dos, {one}; {two}",
                        f"if one decimal, write {plain}.{two}, or {plain},{two} with ; between arguments; if two, {one}; {two}",
                    ),
                )
            )


def _is_spanish(name: str, scope: Scope) -> bool:
    function = scope.functions.find(name)
    return function is not None and fold(function.name) != fold(name)
