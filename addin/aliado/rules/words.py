"""The texts that a rule pack is made of: each checks what was typed and says what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aliado.language import Text
from aliado.rules.hints import did_you_mean, quote
from aliado.rules.models import Duration
from aliado.rules.nodes import Node, Scalar

MAX_TEXT = 2000
JsonSchema = dict[str, Any]


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
        if isinstance(node, Scalar) and 0 < len(text := node.text) <= MAX_TEXT:
            node.value = self.read(text)
            if node.value is None:
                self._report_meaningless(node)
        elif not isinstance(node, Scalar):
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
        elif node.text:
            node.report(
                "P003", Text(f"texto de más de {MAX_TEXT} caracteres", f"text of more than {MAX_TEXT} characters")
            )
        else:
            node.value = self.read("")
            if node.value is None:
                self._report_meaningless(node)

    def _report_meaningless(self, node: Scalar) -> None:
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

    def check(self, node: Node) -> None:
        """Take the text as its own value: what most texts of a pack are, so without a detour."""
        if isinstance(node, Scalar) and 0 < len(node.text) <= MAX_TEXT:
            node.value = node.text
        else:
            super().check(node)

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

    def json(self) -> JsonSchema:
        """Return a pattern; editors take some of these texts for numbers (a version 1.0, a year)."""
        numeric = any(self._matches(text) for text in ("1", "1.0", "2026"))
        return {"type": ["string", "number"] if numeric else "string", "pattern": self.pattern}


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
        return {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "sí", "si"]}]}


class Choice(Word):
    """One of a few words. words: what may be written -> what it stands for."""

    def __init__(self, *words: str, also: Mapping[str, str] | None = None) -> None:
        self.words = {**{w: w for w in words}, **(also or {})}
        listed = ", ".join(word if word.replace("_", "").isalnum() else f'"{word}"' for word in words)
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


class Checked(Day):
    """A day, or a month where the day is not known: it then counts as its first."""

    expected = Text("una fecha como 2026-11-20 o 2026-11", "a date like 2026-11-20 or 2026-11")
    pattern = r"^\d{4}-\d{2}(-\d{2})?$"

    def read(self, text: str) -> Any:
        """Return the date."""
        return super().read(text if len(text) == 10 else f"{text}-01")


class Span(Word):
    """A span of time: 3 business days, 12 months; in Spanish too."""

    expected = Text("un plazo como 3 días hábiles o 12 meses", "a span like 3 business days or 12 months")
    pattern = r"^\d{1,4} (business days?|days?|weeks?|months?|years?|d[ií]as? h[aá]bil(es)?|d[ií]as?|semanas?|mes(es)?|años?)$"
    _matches = re.compile(pattern).match
    _units = (
        ("business_days", ("business", "hábil", "habil")),
        ("days", ("day", "día", "dia")),
        ("weeks", ("week", "semana")),
        ("months", ("month", "mes")),
        ("years", ("year", "año")),
    )

    def read(self, text: str) -> Any:
        """Return the `Duration`."""
        if not self._matches(text):
            return None
        count, words = text.split(" ", 1)
        unit: Any = next(unit for unit, marks in self._units if any(mark in words for mark in marks))
        return Duration(int(count), unit)


class MonthDay(Word):
    """A day of any year written 04-20; 02-29 stands for the end of February."""

    expected = Text("mes y día como 04-20", "month and day like 04-20")
    pattern = r"^\d{2}-\d{2}$"

    def read(self, text: str) -> Any:
        """Return (month, day)."""
        found = Day().read(f"2024-{text}")
        return None if found is None else (found.month, found.day)


class DueExpectation(Word):
    """What an example expects of an obligation: a date, unknown or not_applicable."""

    expected = Text("una fecha, unknown o not_applicable", "a date, unknown or not_applicable")
    pattern = r"^(\d{4}-\d{2}-\d{2}|unknown|not_applicable)$"

    def read(self, text: str) -> Any:
        """Return the date or the word."""
        return text if text in ("unknown", "not_applicable") else Day().read(text)


class KpiExpectation(Word):
    """What an example expects of an indicator: its value, its light, or both; unknown when there is no figure."""

    expected = Text(
        "un valor, con su luz si se quiere: 0.864 red (green, amber, red, none), o unknown",
        "a value, with its light if wanted: 0.864 red (green, amber, red, none), or unknown",
    )
    pattern = r"^(unknown|green|amber|red|-?\d+(\.\d+)?\s?%?( (green|amber|red|none))?)$"
    _matches = re.compile(pattern).match

    def read(self, text: str) -> Any:
        """Return (value, light); a value of None with no light means that there is no figure."""
        if len(text) > 40 or not self._matches(text):
            return None
        figure, _, light = text.rpartition(" ")
        if not figure or light == "%":
            figure, light = text, ""
        if figure in ("green", "amber", "red"):
            return None, figure
        return (None if figure == "unknown" else Number().read(figure)), light

    def json(self) -> JsonSchema:
        """Return a number, or a number with its light as text."""
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": self.pattern}]}


class DateOrder(Word):
    """How a client writes dates: dd/mm/yyyy, or dmy for short."""

    expected = Text(
        "un orden como dd/mm/aaaa, mm/dd/aaaa o aaaa-mm-dd", "an order like dd/mm/yyyy, mm/dd/yyyy or yyyy-mm-dd"
    )
    pattern = r"^(dmy|mdy|ymd|d{1,2}[/.-]m{1,2}[/.-]([ya]{2}|[ya]{4})|m{1,2}[/.-]d{1,2}[/.-]([ya]{2}|[ya]{4})|[ya]{4}[/.-]m{1,2}[/.-]d{1,2})$"
    _matches = re.compile(pattern).match

    def read(self, text: str) -> Any:
        """Return dmy, mdy or ymd."""
        lower = text.lower()
        if not self._matches(lower):
            return None
        return "".join(dict.fromkeys(c for c in lower.replace("a", "y") if c in "dmy"))
