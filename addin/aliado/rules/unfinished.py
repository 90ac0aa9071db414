"""A rule file that breaks off at a mistake in its YAML: what can be said of the part before.

The sections that came to their end before the mistake are sound: each key stands where it would stand with the mistake
put right. So their own mistakes are reported. What they refer to (a column, a source) may stand further down, where
nothing could be read, and is not asked for; the section in which the file breaks off is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from aliado.rules.nodes import List, Map, Node, Scalar
from aliado.rules.shapes import ListOf, MapOf, Record
from aliado.rules.words import Formula, Shape
from aliado.rules.written import syntax_problem


def check_begun(begun: Map, shape: Record) -> None:
    """Report what is wrong with the finished sections of a file, each where it stands."""
    shape.check(begun)
    for formula in _formulas(begun, shape):
        problem = syntax_problem(formula)
        if problem is not None:
            formula.source.problems.append(problem)


def _formulas(node: Node, shape: Shape) -> Iterator[Scalar]:
    if isinstance(shape, Formula) and isinstance(node, Scalar) and node.value is not None:
        yield node
    elif isinstance(shape, Record) and isinstance(node, Map):
        for name, item in node.items.items():
            if name in shape.keys:
                yield from _formulas(item, shape.keys[name].shape)
    elif isinstance(shape, MapOf) and isinstance(node, Map):
        for item in node.items.values():
            yield from _formulas(item, shape.item)
    elif isinstance(shape, ListOf) and isinstance(node, List):
        for item in node.items:
            yield from _formulas(item, shape.item)
