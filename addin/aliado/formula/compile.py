"""A formula's text to a checked formula, ready to be evaluated on any data."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Literal

from aliado.errors import PackError
from aliado.formula.checks import Checker
from aliado.formula.choosing import stretched
from aliado.formula.data import Data
from aliado.formula.evaluation import Evaluator
from aliado.formula.folding import folded
from aliado.formula.kept import kept_property
from aliado.formula.mistakes import FormulaMistakeError, Mistake, Place
from aliado.formula.nodes import Field, Invoke, Node, Shape, TableName, parts
from aliado.formula.nodes import Parameter as ParameterNode
from aliado.formula.parser import parse
from aliado.formula.scope import Scope
from aliado.formula.tokens import Lexeme, Words, read_words
from aliado.formula.values import Column, Kind
from aliado.language import Text, fold

__all__ = ["Formula", "Place", "compile_formula", "recalled_formula"]


Wanted = Literal["row", "single", "any"]
"""What a formula is asked to give: a value per row of its table, one value, or either."""

Checked = tuple[Node, Kind, bool]
"""A formula's checked tree, the kind of its value, and whether `,` is its decimal comma."""


class Formula:
    """A checked formula over the rows of `table`, None = of no table. kind: of its value.

    What comes after the checks (constants worked out, names listed) is done when it is first asked for. So is all of
    it for a formula that an earlier run checked: `checked` then reads and checks it again.
    """

    def __init__(self, text: str, table: str | None, shape: Wanted, kind: Kind, checked: Callable[[], Checked]) -> None:
        self.text = text
        self.table = table
        self.shape = shape
        self.kind = kind
        self._checked = checked

    @kept_property
    def decimal_comma(self) -> bool:
        """Whether a `;` separates its arguments, so that `,` is the decimal comma."""
        return self._checked()[2]

    @kept_property
    def node(self) -> Node:
        """Its tree, with every part that is the same on any data as a constant."""
        node, _, decimal_comma = self._checked()
        return folded(node, decimal_comma=decimal_comma)

    @kept_property
    def _parts(self) -> list[Node]:
        found = [self.node]
        for part in found:  # which grows meanwhile
            found.extend(parts(part))
        return found

    @kept_property
    def uses(self) -> frozenset[tuple[str, str]]:
        """(table, field) of every column it names."""
        return frozenset((part.of, part.name) for part in self._parts if isinstance(part, Field))

    @kept_property
    def parameters(self) -> frozenset[str]:
        """The parameters it names."""
        return frozenset(part.name for part in self._parts if isinstance(part, ParameterNode))

    @kept_property
    def tables(self) -> frozenset[str]:
        """The tables it hands to domain functions."""
        return frozenset(part.name for part in self._parts if isinstance(part, TableName))

    @kept_property
    def asks_domain(self) -> bool:
        """Whether it calls a domain function, which may look at more than the columns of the tables."""
        return any(isinstance(part, Invoke) and part.function.category == "domain" for part in self._parts)

    def evaluate(self, data: Data) -> Column:
        """Return one value, or one per row of data.table (always so when compiled with shape "row")."""
        node = self.node
        column = Evaluator(data, decimal_comma=self.decimal_comma).column(node)
        return stretched(column, data.rows) if self.shape == "row" or node.shape is Shape.ROW else column


def compile_formula(
    text: str,
    scope: Scope,
    *,
    place: Place,
    shape: Wanted = "any",
    kind: Kind | None = None,
) -> Formula:
    """Return the formula of `text`; raise PackError with every mistake in it.

    shape: "row" = a value per row of scope.table, "single" = one value. kind: what the value must be.
    """
    checked = _check(text, scope, place, shape, kind)
    return Formula(text, scope.table, shape, checked[1], lambda: checked)


def recalled_formula(text: str, table: str | None, shape: Wanted, kind: Kind, scope: Callable[[], Scope]) -> Formula:
    """Return a formula that was compiled without a mistake before, in the same scope, without reading it yet."""
    return Formula(text, table, shape, kind, lambda: _check(text, scope(), Place("", 1, 1), shape, kind))


def _check(text: str, scope: Scope, place: Place, shape: Wanted, kind: Kind | None) -> Checked:
    try:
        words = read_words(text)
        checker = Checker(scope, decimal_comma=words.decimal_comma)
        _check_decimal_comma(words, scope)
        checked = checker.result(checker.node(parse(words)), shape, kind)
    except FormulaMistakeError as stop:
        raise PackError([place.problem(text, stop.mistake)]) from None
    if checker.mistakes or checked.kind is None:
        raise PackError([place.problem(text, mistake) for mistake in dict.fromkeys(checker.mistakes)])
    return checked, checked.kind, words.decimal_comma


_MAYBE_DECIMAL = re.compile(r"([0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+),[0-9]+([eE][+-]?[0-9]+)?")
"""What may be one number with a decimal comma; 0.5,0.5 can only be two."""


def _check_decimal_comma(words: Words, scope: Scope) -> None:
    """Refuse 0,21 without any `;` in a formula whose function names are not English: it may be a decimal or two arguments."""
    tokens = words.tokens
    called = [
        token.text for token, after in pairwise(tokens) if token.lexeme is Lexeme.NAME and after.lexeme is Lexeme.OPEN
    ]
    spoken = [_language_of(name, scope) for name in called]
    if words.decimal_comma or ("en" in spoken and "es" not in spoken):
        return
    for before, comma, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        touching = before.end == comma.start and comma.end == after.start
        one, two = before.text, after.text
        if touching and comma.lexeme is Lexeme.SEPARATOR and _MAYBE_DECIMAL.fullmatch(f"{one},{two}"):
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


def _language_of(name: str, scope: Scope) -> Literal["es", "en"] | None:
    """Return the language of a function's name, None for one that reads alike in both (MAX); an unknown one says "en"."""
    function = scope.functions.find(name)
    if function is None:  # reported as such, which is the better message
        return "en"
    if fold(function.name) != fold(name):
        return "es"
    return "en" if function.aliases else None
