"""What a rule pack may say, as data: one description that checks files, merges them and becomes `schema.json`.

A shape checks a node: it reports what is wrong where it stands, and leaves on each text what it means
(`Scalar.value`: a decimal, a date, a canonical word), or None where it means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aliado.language import Text
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.nodes import List, Map, Node, Scalar
from aliado.rules.words import JsonSchema, Line, Shape, Word

_LINE = Line()


class Bilingual(Shape):
    """A text in both languages `{es: ..., en: ...}`, or one text that serves both."""

    def check(self, node: Node) -> None:
        """Report a map without es and en, or with other keys."""
        if isinstance(node, Map):
            for key in ("es", "en"):
                if key not in node.items:
                    node.report(
                        "P005",
                        Text(
                            f"falta {key}: el texto en {'español' if key == 'es' else 'inglés'}",
                            f"{key} is missing: the text in {'Spanish' if key == 'es' else 'English'}",
                        ),
                        Text("escriba {es: ..., en: ...}", "write {es: ..., en: ...}"),
                    )
            for key, place in node.keys.items():
                if key in ("es", "en"):
                    _LINE.check(node.items[key])
                else:
                    _unknown_key(place, key, ("es", "en"))
        else:
            _LINE.check(node)

    def json(self) -> JsonSchema:
        """Return a text or a map of both languages."""
        both = {
            "type": "object",
            "properties": {"es": {"type": "string"}, "en": {"type": "string"}},
            "required": ["es", "en"],
            "additionalProperties": False,
        }
        return {"anyOf": [{"type": ["string", "number"]}, both]}


class ListOf(Shape):
    """A list of like items. one: a single item may stand without brackets. append: a child's items are added."""

    def __init__(self, item: Shape, *, one: bool = False, append: bool = False) -> None:
        self.item, self.one, self.append = item, one, append
        self.atomic = not append

    def check(self, node: Node) -> None:
        """Check every item."""
        if isinstance(node, List):
            for item in node.items:
                self.item.check(item)
        elif self.one and isinstance(node, Scalar):
            self.item.check(node)
        else:
            node.report(
                "P006",
                Text("aquí va una lista", "a list goes here"),
                Text(
                    "escriba [uno, dos] o una línea por elemento con guion",
                    "write [one, two] or one line per item with a dash",
                ),
            )

    def json(self) -> JsonSchema:
        """Return an array, or the item itself where one may stand alone."""
        array: JsonSchema = {"type": "array", "items": self.item.json()}
        return {"anyOf": [self.item.json(), array]} if self.one else array


class Key:
    """One key of a record: what it holds, what it is for, and whether a finished rule must have it."""

    __slots__ = ("about", "required", "shape")

    def __init__(self, shape: Shape, es: str, en: str, *, required: bool = False) -> None:
        self.shape, self.about, self.required = shape, Text(es, en), required


class Record(Shape):
    """A map with known keys.

    either: groups of keys of which only one may be used; a child that uses one group drops its parent's others.
    needs: at least one of the groups must be used. atomic: replaced whole by a child pack.
    """

    def __init__(
        self,
        keys: Mapping[str, Key],
        *,
        either: Iterable[frozenset[str]] = (),
        needs: bool = False,
        atomic: bool = False,
    ) -> None:
        self.keys, self.either, self.needs, self.atomic = keys, tuple(either), needs, atomic
        self.required = tuple(name for name, key in keys.items() if key.required)

    def check(self, node: Node) -> None:
        """Check every key; report unknown ones and groups that exclude one another."""
        if not isinstance(node, Map):
            _wants_keys(node, self.keys)
            return
        for name, item in node.items.items():
            key = self.keys.get(name)
            if key is None:
                _unknown_key(node.keys[name], name, self.keys)
            else:
                key.shape.check(item)
        used = [group for group in self.either if not group.isdisjoint(node.items)]
        if len(used) > 1:
            names = [next(k for k in node.items if k in group) for group in used]
            node.keys[names[1]].report(
                "P007",
                Text(f"{names[0]} y {names[1]} no van juntos", f"{names[0]} and {names[1]} do not go together"),
                Text("deje uno de los dos", "keep one of the two"),
            )

    def missing(self, node: Map) -> list[str]:
        """Return the keys that a finished (merged) record must have and lacks."""
        lacking = [name for name in self.required if name not in node.items]
        if self.needs and all(group.isdisjoint(node.items) for group in self.either):
            lacking.append(" / ".join(next(k for k in self.keys if k in group) for group in self.either))
        return lacking

    def json(self) -> JsonSchema:
        """Return a closed object with a description per key; a record that children replace whole must be complete."""
        described = {name: (key.shape.json(), key.about) for name, key in self.keys.items()}
        properties = {
            name: {**inner, "description": f"{about.es}\n\n{about.en}"} for name, (inner, about) in described.items()
        }
        schema: JsonSchema = {"type": "object", "properties": properties, "additionalProperties": False}
        clashes = [
            {"not": {"required": [one, other]}}
            for number, group in enumerate(self.either)
            for one in sorted(group)
            for later in self.either[number + 1 :]
            for other in sorted(later)
        ]
        if clashes:
            schema["allOf"] = clashes
        if self.atomic and self.required:
            schema["required"] = list(self.required)
        if self.atomic and self.needs:
            schema["anyOf"] = [{"required": [name]} for group in self.either for name in sorted(group)]
        return schema


class MapOf(Shape):
    """A map from ids of one's own choosing to like items."""

    def __init__(self, key: Word, item: Shape, *, atomic: bool = False) -> None:
        self.key, self.item, self.atomic = key, item, atomic

    def check(self, node: Node) -> None:
        """Check every id and every item."""
        if not isinstance(node, Map):
            node.report(
                "P010",
                Text("aquí van claves con su contenido", "keys with their content go here"),
                Text("escriba clave: valor, una por línea", "write key: value, one per line"),
            )
            return
        for name, item in node.items.items():
            self.key.check(node.keys[name])
            self.item.check(item)

    def json(self) -> JsonSchema:
        """Return an open object."""
        schema: JsonSchema = {"type": "object", "additionalProperties": self.item.json()}
        if self.key.pattern:
            schema["propertyNames"] = {"pattern": self.key.pattern}
        return schema


def _unknown_key(place: Scalar, name: str, known: Iterable[str]) -> None:
    hint = did_you_mean(name, known)
    if name.rstrip("% ").isdecimal():  # what follows the comma in {value: 1,5}
        hint = Text(
            "dentro de {...} la coma separa claves: escriba el decimal con punto, o el texto entre comillas",
            "inside {...} a comma separates keys: write decimals with a point, or the text in quotes",
        )
    place.report("P011", Text(f"clave desconocida: {quote(name)}", f"unknown key: {quote(name)}"), hint)


def _wants_keys(node: Node, known: Iterable[str]) -> None:
    if isinstance(node, Scalar) and node.empty:
        node.report(
            "P002",
            Text("falta el contenido", "the content is missing"),
            Text(
                "escriba sus claves debajo con sangría, o quite esta",
                "write its keys below, indented, or remove this one",
            ),
        )
        return
    listed = ", ".join(known)
    node.report(
        "P010",
        Text("aquí van claves con su contenido", "keys with their content go here"),
        Text(f"se admiten: {listed}", f"allowed: {listed}"),
    )
