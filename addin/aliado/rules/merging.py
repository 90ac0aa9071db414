"""Packs laid one over another: a child states only what changes, and every value still knows its file and line."""

from __future__ import annotations

from aliado.language import Text
from aliado.rules.nodes import List, Map, Node, Scalar
from aliado.rules.shapes import ListOf, MapOf, Record
from aliado.rules.words import Shape


def merge(parent: Node, child: Node, shape: Shape) -> Node:
    """Return `child` laid over `parent`: maps by key, lists that append joined, anything else replaced."""
    if isinstance(shape, ListOf) and shape.append and isinstance(parent, List) and isinstance(child, List):
        joined = List(child.source, child.line, child.column)
        joined.items = [*parent.items, *child.items]
        return joined
    if shape.atomic or not isinstance(parent, Map):
        return child
    if not isinstance(child, Map):  # reported where it stands; what it would hide stays, or the rest would be noise
        return parent
    merged = Map(parent.source, parent.line, parent.column)
    merged.keys = {**parent.keys, **{k: v for k, v in child.keys.items() if k not in parent.keys}}
    merged.items = dict(parent.items)
    if isinstance(shape, Record):
        _drop_alternatives(merged, child, shape)
    for name, item in child.items.items():
        inner = _inner(shape, name)
        below = merged.items.get(name)
        merged.items[name] = item if below is None or inner is None else merge(below, item, inner)
    return merged


def check_complete(node: Node, shape: Shape, at: Scalar | None = None, ids: tuple[str, ...] = ()) -> None:
    """Report every record of a merged pack that lacks a key; at: the id it stands under, ids: its siblings."""
    if isinstance(shape, Record) and isinstance(node, Map):
        lacking = shape.missing(node)
        if lacking:
            _report_lacking(node, shape, lacking, at, ids)
        for name, item in node.items.items():
            key = None if isinstance(item, Scalar) else shape.keys.get(name)
            if key is not None:
                check_complete(item, key.shape, node.keys[name])
    elif isinstance(shape, MapOf) and isinstance(node, Map):
        siblings = tuple(node.items)
        for name, item in node.items.items():
            check_complete(item, shape.item, node.keys[name], siblings)
    elif isinstance(shape, ListOf) and isinstance(node, List):
        for item in node.items:
            if not isinstance(item, Scalar):
                check_complete(item, shape.item)


def _inner(shape: Shape, name: str) -> Shape | None:
    if isinstance(shape, MapOf):
        return shape.item
    if isinstance(shape, Record) and name in shape.keys:
        return shape.keys[name].shape
    return None


def _drop_alternatives(merged: Map, child: Map, shape: Record) -> None:
    """Drop the parent's `value` where the child says `values`, and the like."""
    chosen = [group for group in shape.either if not group.isdisjoint(child.items)]
    for group in shape.either:
        if chosen and group not in chosen:
            for name in group - child.items.keys():
                merged.items.pop(name, None)
                merged.keys.pop(name, None)


def _report_lacking(node: Map, shape: Record, lacking: list[str], at: Scalar | None, ids: tuple[str, ...]) -> None:
    place = at or node
    listed = ", ".join(lacking)
    label = f"{at.text}: " if at is not None else ""
    from difflib import get_close_matches  # late: only mistakes need it

    near = get_close_matches(at.text, [name for name in ids if name != at.text], n=1, cutoff=0.7) if at else []
    first = shape.keys.get(lacking[0])
    if near:
        hint = Text(
            f"¿quiso decir {near[0]}? Si es nueva, añada {listed}",
            f"did you mean {near[0]}? If it is new, add {listed}",
        )
    elif first is not None:
        hint = Text(f"{lacking[0]} = {first.about.es}", f"{lacking[0]} = {first.about.en}")
    else:
        hint = Text("añada una de ellas", "add one of them")
    place.report("P008", Text(f"{label}falta {listed}", f"{label}{listed} is missing"), hint)
