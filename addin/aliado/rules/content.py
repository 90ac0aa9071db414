"""What stands under a key of a checked pack: values, lists, texts in both languages."""

from __future__ import annotations

from typing import Any

from aliado.language import Text, same
from aliado.rules.models import ALWAYS, Validity
from aliado.rules.nodes import List, Map, Node, Scalar


def value(node: Map, key: str) -> Any:
    """Return what the text under `key` means, None when it is absent or wrong."""
    item = node.items.get(key)
    return item.value if isinstance(item, Scalar) else None


def items(node: Map, key: str) -> list[Scalar]:
    """Return the texts under `key`, whether one or a list, without those found wrong."""
    item = node.get(key)
    found = item.items if isinstance(item, List) else [item] if item is not None else []
    return [one for one in found if isinstance(one, Scalar) and one.value is not None]


def values(node: Map, key: str) -> tuple[Any, ...]:
    """Return what the texts under `key` mean."""
    return tuple(item.value for item in items(node, key))


def entries(node: Map, key: str) -> list[tuple[str, Scalar, Map]]:
    """Return (id, where it stands, content) of each map under `key`."""
    section = node.get(key)
    if not isinstance(section, Map):
        return []
    return [(name, section.keys[name], item) for name, item in section.items.items() if isinstance(item, Map)]


def bilingual(node: Map, key: str) -> Text | None:
    """Return the text under `key` in both languages."""
    return as_text(node.get(key))


def as_text(item: Node | None) -> Text | None:
    """Return a node as a text in both languages."""
    if isinstance(item, Scalar):
        return same(item.text.strip())
    if isinstance(item, Map):
        es, en = item.items.get("es"), item.items.get("en")
        if isinstance(es, Scalar) and isinstance(en, Scalar):
            return Text(es.text.strip(), en.text.strip())
    return None


def validity(node: Map) -> Validity:
    """Return the dates between which a rule counts."""
    valid = node.get("valid")
    if not isinstance(valid, Map):
        return ALWAYS
    since, until = value(valid, "from"), value(valid, "to")
    if since and until and since > until:
        valid.keys["to"].report(
            "P021",
            Text("to es anterior a from", "to is before from"),
            Text("cambie una de las dos fechas", "change one of the two dates"),
        )
    return Validity(since, until)
