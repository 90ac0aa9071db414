"""How numbers are written: by the language of the text and, in Spanish, by the client's country.

Mexico, Panama or Peru write 1,234.56 in Spanish too; Spain, Colombia or Ecuador 1.234,56. All texts (messages, letters,
statements, mails, the portfolio page, PDF) are written by the locale that `locale_of` gives. Cells are not: they hold
numbers with a number format, and Excel shows those with the separators of whoever has the workbook open.

Dates go by the language alone (`aliado.language.write_date`): day first in every Spanish text and cell. CLDR has the month
first in Panama and Puerto Rico, where a letter that says 03/04/2026 would be read either way.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from aliado.language import Language, Text

_POINT: Final = frozenset({"BR", "BZ", "CU", "DO", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "SV", "US"})
"""Countries whose Spanish has a decimal point. Source: Unicode CLDR 47 (a test asks Babel); the others write as Spain does."""
_GROUPS: Final = {"CR": "\N{NO-BREAK SPACE}"}
"""What stands between thousands where that is neither point nor comma; the same source."""


class Locale(NamedTuple):
    """A language with the marks of its numbers. decimal: before the cents. group: between thousands."""

    language: Language
    decimal: str
    group: str

    def mark(self, number: str) -> str:
        """Return a number that has English marks (1,234.56) with this locale's."""
        if self.decimal == ".":
            return number
        whole, point, rest = number.partition(".")
        return whole.replace(",", self.group) + (self.decimal + rest if point else "")


@lru_cache(maxsize=256)
def locale_of(language: Language, country: str) -> Locale:
    """Return how a text in `language` about a client of `country` writes numbers.

    country: two letters; "" where it is not known. English is written as English everywhere.
    """
    if language == "en" or country in _POINT:
        return Locale(language, ".", ",")
    return Locale(language, ",", _GROUPS.get(country, "."))


def in_both(country: str, write: Callable[[Locale], str]) -> Text:
    """Return a text in both languages, written for a client of `country`."""
    return Text(write(locale_of("es", country)), write(locale_of("en", country)))


def write_amount(value: Decimal, locale: Locale, places: int = 2) -> str:
    """Return an amount with thousands separated: 1.234,56 in Spain, 1,234.56 in Mexico and in English."""
    return locale.mark(f"{value:,.{places}f}")


def write_count(count: int, locale: Locale) -> str:
    """Return a count with thousands separated: 19.978 in Spain."""
    return write_amount(Decimal(count), locale, 0)


def say_amount(value: Decimal, country: str) -> Text:
    """Return an amount as texts about a client of `country` write it."""
    return in_both(country, lambda locale: write_amount(value, locale))
