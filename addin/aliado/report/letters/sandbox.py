"""Jinja2 with all but choosing and repeating taken out of it: templates come from strangers, as rules do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any, Final

from jinja2 import ChoiceLoader, DictLoader, FunctionLoader, PrefixLoader, StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

OURS: Final = "aliado"
"""The folder, so to speak, of our own templates: a firm's template may extend aliado/reminder.es.txt."""
LARGEST: Final = 100_000
"""Bytes of a template."""
FILTERS: Final = ("upper", "lower", "title", "capitalize", "trim", "default", "join", "length", "first", "last")
NODES: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Filter),
    *(nodes.If, nodes.CondExpr, nodes.For, nodes.Block, nodes.Extends, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Test),
)
"""All that a template may consist of: no calls, arithmetic, assignments, macros or inclusions."""
_NAME: Final = re.compile(r"[\w-]+(\.[\w-]+)*\.txt")


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Where templates are read: a firm's folder first, then ours. Raises Jinja2's SecurityError for what is not allowed."""

    def __init__(self, ours: Mapping[str, str], folder: Path | None) -> None:
        shipped = DictLoader(ours)
        firm = [FunctionLoader(lambda name: _read(folder, name))] if folder is not None else []
        super().__init__(
            loader=ChoiceLoader([PrefixLoader({OURS: shipped}), *firm, shipped]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
        )
        self.globals = {}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in ("defined", "undefined")}

    def compile(self, source: Any, name: str | None = None, *more: Any, **named: Any) -> CodeType:  # type: ignore[override]
        """Return a template's code, its text having been looked through first."""
        _check(self.parse(source, name) if isinstance(source, str) else source, name or "", in_loop=False)
        code: CodeType = super().compile(source, name, *more, **named)
        return code


def _check(node: nodes.Node, name: str, *, in_loop: bool) -> None:
    allowed = isinstance(node, NODES)
    if isinstance(node, nodes.For):
        allowed, in_loop = not in_loop and not node.recursive, True
    if not allowed:
        raise SecurityError(f"{name}:{node.lineno}: {type(node).__name__}")
    for child in node.iter_child_nodes():
        _check(child, name, in_loop=in_loop)


def _read(folder: Path | None, name: str) -> str | None:
    """Return a firm's template, None where its folder has none of that name."""
    if folder is None or not _NAME.fullmatch(name):
        return None
    path = folder / name
    if not path.is_file():
        return None
    content = path.read_bytes()[: LARGEST + 1]
    if len(content) > LARGEST:
        raise SecurityError(f"{name}: > {LARGEST} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SecurityError(f"{name}: UTF-8?") from error
