"""What a rule pack may say, as data: one description that checks files, merges them and becomes `schema.json`.

A shape checks a node: it reports what is wrong where it stands, and leaves on each text what it means
(`Scalar.value`: a decimal, a date, a canonical word), or None where it means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aliado.language import Text, fold
from aliado.rules.nodes import List, Map, Node, Scalar

JsonSchema = dict[str, Any]
MAX_TEXT = 2000


class Shape:
    """What a node may be. atomic: a child pack replaces it whole instead of merging into it."""

    atomic = True

    def check(self, node: Node) -> None:
        """Report what is wrong with `node`."""
        raise NotImplementedError

    def json(self) -> JsonSchema:
        """Return the JSON Schema of this shape, as editors use it."""
        raise NotImplementedError


class Word(Shape):
    """A text of one line or more that some function turns into a value."""

    expected = Text("un texto", "a text")
    pattern: str | None = None

    def check(self, node: Node) -> None:
        """Set the node's value; report a node that is no such text."""
        if not isinstance(node, Scalar):
            node.report(
                "P001",
                Text(f"aquí va {self.expected.es}", f"{self.expected.en} goes here"),
                Text("quite los corchetes, llaves o guiones", "remove the brackets, braces or dashes"),
            )
        elif node.empty:
            node.report(
                "P002",
                Text("falta el valor", "the value is missing"),
                Text(f"escriba {self.expected.es}, o quite la clave", f"write {self.expected.en}, or remove the key"),
            )
        elif len(node.text) > MAX_TEXT:
            node.report(
                "P003", Text(f"texto de más de {MAX_TEXT} caracteres", f"text of more than {MAX_TEXT} characters")
            )
        else:
            node.value = self.read(node.text)
            if node.value is None:
                node.report(
                    "P004",
                    Text(
                        f"{quote(node.text)}: se esperaba {self.expected.es}",
                        f"{quote(node.text)}: expected {self.expected.en}",
                    ),
                    self.hint(node.text),
                )

    def read(self, text: str) -> Any:
        """Return what `text` means, None when it means nothing here."""
        return text

    def hint(self, text: str) -> Text | None:  # noqa: ARG002
        """Return the next step for a text that means nothing here."""
        return None

    def json(self) -> JsonSchema:
        """Return a string schema."""
        return (
            {"type": "string", "pattern": self.pattern} if self.pattern else {"type": ["string", "number", "boolean"]}
        )


class Line(Word):
    """Any text."""

    def json(self) -> JsonSchema:
        """Return a schema of what YAML editors may take the text for."""
        return {"type": ["string", "number", "boolean"]}


class Name(Word):
    """A text of a given pattern: an id, a country code."""

    def __init__(self, pattern: str, expected: Text) -> None:
        self.pattern = f"^(?:{pattern})$"
        self.expected = expected
        self._matches = re.compile(self.pattern).match

    def read(self, text: str) -> Any:
        """Return the text when it fits the pattern."""
        return text if self._matches(text) else None


class Number(Word):
    """A decimal number with a point; `5%` is 0.05."""

    expected = Text("un número como 0.02 o 15%", "a number like 0.02 or 15%")
    pattern = r"^-?\d+(\.\d+)?\s?%?$"
    _matches = re.compile(pattern).match

    def read(self, text: str) -> Any:
        """Return the exact decimal."""
        if len(text) > 30 or not self._matches(text):
            return None
        return Decimal(text[:-1].strip()).scaleb(-2) if text.endswith("%") else Decimal(text)

    def hint(self, text: str) -> Text | None:
        """Say that decimals take a point."""
        if re.fullmatch(r"-?[\d.]*,\d+\s?%?", text):
            return Text("en los paquetes el decimal se escribe con punto", "in packs decimals are written with a point")
        return None

    def json(self) -> JsonSchema:
        """Return a number, or a percentage as text."""
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": self.pattern}]}


class Whole(Word):
    """A whole number between two bounds, or one of a few words."""

    def __init__(self, low: int, high: int, *words: str) -> None:
        self.low, self.high, self.words = low, high, words
        ending = "".join(f" o {w}" for w in words), "".join(f" or {w}" for w in words)
        self.expected = Text(
            f"un número entero de {low} a {high}{ending[0]}", f"a whole number from {low} to {high}{ending[1]}"
        )

    def read(self, text: str) -> Any:
        """Return the number or the word."""
        if text in self.words:
            return text
        if re.fullmatch(r"-?\d{1,6}", text) and self.low <= int(text) <= self.high:
            return int(text)
        return None

    def json(self) -> JsonSchema:
        """Return a bounded integer or the words."""
        number = {"type": "integer", "minimum": self.low, "maximum": self.high}
        return {"anyOf": [number, {"enum": list(self.words)}]} if self.words else number


class Day(Word):
    """A date written 2026-11-20."""

    expected = Text("una fecha como 2026-11-20", "a date like 2026-11-20")
    pattern = r"^\d{4}-\d{2}-\d{2}$"

    def read(self, text: str) -> Any:
        """Return the date."""
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    def hint(self, text: str) -> Text | None:  # noqa: ARG002
        """Say the order of the parts."""
        return Text("año-mes-día, y un día que exista", "year-month-day, and a day that exists")


class YesNo(Word):
    """Yes or no, in either language."""

    expected = Text("true o false (sí o no)", "true or false (yes or no)")
    _words = {"true": True, "yes": True, "si": True, "sí": True, "false": False, "no": False}  # noqa: RUF012

    def read(self, text: str) -> Any:
        """Return True or False."""
        return self._words.get(text.casefold())

    def json(self) -> JsonSchema:
        """Return a boolean or its words."""
        return {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "sí"]}]}


class Choice(Word):
    """One of a few words. words: what may be written -> what it stands for."""

    def __init__(self, *words: str, also: Mapping[str, str] | None = None) -> None:
        self.words = {**{w: w for w in words}, **(also or {})}
        listed = ", ".join(words)
        self.expected = Text(f"una de: {listed}", f"one of: {listed}")
        self.canonical = words

    def read(self, text: str) -> Any:
        """Return the canonical word."""
        return self.words.get(text)

    def hint(self, text: str) -> Text | None:
        """Offer the nearest word."""
        return did_you_mean(text, self.words)

    def json(self) -> JsonSchema:
        """Return the words as an enumeration."""
        return {"enum": list(self.words)}


class Formula(Word):
    """An Excel formula: a text that begins with =. It is compiled later, against the tables of the whole pack."""

    expected = Text("una fórmula que empiece por =", "a formula that begins with =")
    pattern = "^="

    def read(self, text: str) -> Any:
        """Return the text when it begins with =."""
        return text if text.startswith("=") else None


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
        lacking = [name for name, key in self.keys.items() if key.required and name not in node.items]
        if self.needs and all(group.isdisjoint(node.items) for group in self.either):
            lacking.append(" / ".join(next(k for k in self.keys if k in group) for group in self.either))
        return lacking

    def json(self) -> JsonSchema:
        """Return a closed object with a description per key."""
        properties = {
            name: {**key.shape.json(), "description": f"{key.about.es}\n\n{key.about.en}"}
            for name, key in self.keys.items()
        }
        return {"type": "object", "properties": properties, "additionalProperties": False}


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


_LINE = Line()


def did_you_mean(found: str, known: Iterable[str]) -> Text:
    """Return a hint with the nearest of the `known` words, or all of them."""
    from difflib import get_close_matches

    names = sorted(set(known))
    folded = {fold(n): n for n in names}
    near = get_close_matches(fold(found), folded, n=1, cutoff=0.6)
    listed = ", ".join(names[:40]) + (", ..." if len(names) > 40 else "")
    if near:
        best = folded[near[0]]
        return Text(f"¿quiso decir {best}? Se admiten: {listed}", f"did you mean {best}? Allowed: {listed}")
    return Text(f"se admiten: {listed or '(nada)'}", f"allowed: {listed or '(nothing)'}")


def quote(text: str) -> str:
    """Return `text` in quotes on one line, cut where it is long."""
    line = " ".join(text.split())
    return f'"{line[:57]}..."' if len(line) > 60 else f'"{line}"'


def _unknown_key(place: Scalar, name: str, known: Iterable[str]) -> None:
    place.report(
        "P011", Text(f"clave desconocida: {quote(name)}", f"unknown key: {quote(name)}"), did_you_mean(name, known)
    )


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
