"""Mistakes gathered while a formula is checked."""

from __future__ import annotations

from aliado.formula.mistakes import Mistake
from aliado.formula.nodes import Constant, Node, Shape
from aliado.formula.syntax import Syntax
from aliado.language import Text


class Report:
    """Every mistake of one formula, in the order they are met."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def wrong(self, where: Syntax | Node, code: str, message: Text, hint: Text | None = None) -> Node:
        """Note a mistake; return a node without a kind, which causes no further ones."""
        self.mistakes.append(Mistake(code, where.start, message, hint))
        return Constant(start=where.start, end=where.end, kind=None, shape=Shape.SINGLE, value=None)
