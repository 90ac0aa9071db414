"""What a YAML file says, before anyone decides what it means: texts, maps and lists that know their place."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from aliado.errors import Problem
from aliado.language import Text

MAX_BYTES = 1_000_000
"""Largest rule file."""


class Source:
    """One rule file: the name it goes by in messages, and its lines. problems: what is wrong in it so far."""

    __slots__ = ("lines", "name", "problems")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.split("\n")
        self.problems: list[Problem] = []


class Node(Struct, eq=False, gc=False):
    """A piece of a file. line and column are 1-based and point at its first character."""

    source: Source
    line: int
    column: int

    @property
    def place(self) -> str:
        """Return `file:line`."""
        return f"{self.source.name}:{self.line}"

    def report(self, code: str, message: Text, hint: Text | None = None) -> None:
        """Add a problem at this place to those of its file."""
        self.source.problems.append(Problem(self.source.name, self.line, self.column, code, message, hint))


class Scalar(Node, eq=False, gc=False):
    """A text as written. plain: not in quotes. value: what it means, once checked.

    comment_follows: whether " #" cuts off what else stands on the line where the text ends.
    """

    text: str
    plain: bool
    value: Any = None
    comment_follows: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing at all was written (not even quotes)."""
        return self.plain and not self.text


class Map(Node, eq=False, gc=False):
    """Keys and what they hold, in the order written."""

    keys: dict[str, Scalar] = {}
    items: dict[str, Node] = {}

    def get(self, key: str) -> Node | None:
        """Return what `key` holds, None when it is absent or left empty."""
        node = self.items.get(key)
        return None if isinstance(node, Scalar) and node.empty else node


class List(Node, eq=False, gc=False):
    """Items, in the order written."""

    items: list[Node] = []
