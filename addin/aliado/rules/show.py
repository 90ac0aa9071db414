"""A merged pack written out, with the file and line that every value came from: `aliado rules show`."""

from __future__ import annotations

from collections.abc import Iterator

from aliado.errors import AliadoError
from aliado.language import Text
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.nodes import List, Map, Node, Scalar
from aliado.rules.packs import Pack

_INDENT = "  "


def show_pack(pack: Pack, id: str | None = None) -> str:  # noqa: A002  the word users know it by
    """Return the merged pack as text, or the one rule, parameter, table, owner or source of that id.

    Raises AliadoError when nothing goes by that id.
    """
    if id is None:
        chosen = pack.merged
    else:
        chosen = Map(pack.merged.source, 1, 1)
        for name, section in pack.merged.items.items():
            if isinstance(section, Map) and id in section.items:
                chosen.keys[name] = pack.merged.keys[name]
                inner = Map(section.source, section.line, section.column)
                inner.keys[id], inner.items[id] = section.keys[id], section.items[id]
                chosen.items[name] = inner
        if not chosen.items:
            raise _unknown(pack, id)
    return "\n".join(_lines(chosen, 0)) + "\n"


def _unknown(pack: Pack, name: str) -> AliadoError:
    known = [inner for section in pack.merged.items.values() if isinstance(section, Map) for inner in section.items]
    hint = did_you_mean(name, known)
    found = quote(name)
    return AliadoError(
        Text(f"El paquete {pack.name} no tiene {found}: {hint.es}", f"Pack {pack.name} has no {found}: {hint.en}")
    )


def _lines(node: Map, depth: int) -> Iterator[str]:
    for name, item in node.items.items():
        start = f"{_INDENT * depth}{_word(name)}:"
        flat = _flat(item)
        if flat is not None:
            yield f"{start} {flat}  # {', '.join(dict.fromkeys(_places(item)))}"
        else:
            yield start
            yield from _below(item, depth + 1)


def _below(node: Node, depth: int) -> Iterator[str]:
    if isinstance(node, Map):
        yield from _lines(node, depth)
    elif isinstance(node, List):
        for item in node.items:
            flat = _flat(item)
            if flat is not None:
                yield f"{_INDENT * depth}- {flat}  # {', '.join(dict.fromkeys(_places(item)))}"
            else:
                yield f"{_INDENT * depth}-"
                yield from _below(item, depth + 1)


def _flat(node: Node) -> str | None:
    """Return a value that fits on one line: a text, a list of texts, a small map of texts from one place."""
    if isinstance(node, Scalar):
        return _word(node.text.strip(), quoted=not node.plain)
    if isinstance(node, List) and all(isinstance(item, Scalar) for item in node.items):
        return "[" + ", ".join(_word(item.text) for item in node.items if isinstance(item, Scalar)) + "]"
    if (
        isinstance(node, Map)
        and len(set(_places(node))) <= 1
        and all(isinstance(i, Scalar) for i in node.items.values())
    ):
        inner = (f"{_word(k)}: {_in_braces(i.text.strip())}" for k, i in node.items.items() if isinstance(i, Scalar))
        return "{" + ", ".join(inner) + "}"
    return None


def _in_braces(text: str) -> str:
    """Return a text as it stands inside braces, where a formula must be quoted."""
    return "'" + text.replace("'", "''") + "'" if text.startswith("=") else _word(text)


def _places(node: Node) -> list[str]:
    if isinstance(node, Map):
        return [place for item in node.items.values() for place in _places(item)] or [node.place]
    if isinstance(node, List):
        return [place for item in node.items for place in _places(item)] or [node.place]
    return [node.place]


def _word(text: str, *, quoted: bool = False) -> str:
    """Return a text as YAML reads it back: in single quotes where it needs them."""
    awkward = not text or text[0] in "!&*%@`'\"{[|>#-?:," or any(mark in text for mark in (": ", " #", ", ", "}", "]"))
    if (quoted or awkward) and not text.startswith("="):
        escaped = text.replace("'", "''").replace("\n", " ")
        return f"'{escaped}'"
    return text
