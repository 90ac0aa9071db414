"""The two languages Aliado speaks: texts that exist in both, and how each writes dates (numbers: `aliado.locales`)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple
from unicodedata import combining, normalize

Language = Literal["es", "en"]


class Text(NamedTuple):
    """One message, in Spanish and in English."""

    es: str
    en: str

    def to(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.en if language == "en" else self.es

    def format(self, **values: object) -> Text:
        """Return both languages with `values` filled in."""
        return Text(self.es.format(**values), self.en.format(**values))


def same(text: str) -> Text:
    """Return a text that reads alike in both languages (a name, a code)."""
    return Text(text, text)


def write_date(value: date, language: Language) -> str:
    """Return a date: 20/11/2026 in Spanish, 20 Nov 2026 in English."""
    if language == "es":
        return value.strftime("%d/%m/%Y")
    return f"{value.day} {ENGLISH_MONTHS[value.month - 1]} {value.year}"


ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def fold(text: str) -> str:
    """Return `text` without accents, case or extra spaces: how headings and names are compared."""
    return " ".join(text.lower().split()) if text.isascii() else _fold_unicode(text)


@lru_cache(maxsize=8192)
def _fold_unicode(text: str) -> str:
    plain = "".join(c for c in normalize("NFKD", text) if not combining(c))
    return " ".join(plain.casefold().split())
