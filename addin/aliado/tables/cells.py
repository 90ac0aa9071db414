"""What a cell says, under the type its field should have: a value, blank, or not understood. Amounts are in `amounts`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from msgspec import Struct

from aliado.formula.values import to_serial
from aliado.language import Text, fold
from aliado.tables.schema import Formats

Raw = None | bool | int | float | str | date | datetime | time | timedelta | Decimal
"""A cell as a host hands it over."""

LARGEST_WHOLE: Final = 10**15
"""Excel itself keeps 15 digits; a larger number is not what was typed."""

FIRST_DAY: Final = date(1900, 3, 1)
FIRST_SERIAL: Final = to_serial(FIRST_DAY)
_TRUE = frozenset({"si", "s", "yes", "y", "verdadero", "true", "x", "1"})
_FALSE = frozenset({"no", "n", "falso", "false", "0"})
_ERRORS = frozenset(
    {
        "#N/A",
        "#N/D",
        "#VALUE!",
        "#¡VALOR!",
        "#REF!",
        "#¡REF!",
        "#DIV/0!",
        "#¡DIV/0!",
        "#NUM!",
        "#¡NUM!",
        "#NAME?",
        "#¿NOMBRE?",
        "#NULL!",
        "#¡NULO!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
    }
)
_DATE = re.compile(
    r"(\d{1,4})[/.\-\s](\d{1,2})[/.\-\s](\d{1,4})(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII
)


class NotUnderstood(Struct, frozen=True):
    """Why a cell could not be read: what was expected instead, and what to do."""

    expected: Text


def read_text(raw: Raw) -> str | NotUnderstood:
    """Return a cell as text; whole numbers lose their ".0", blank is ""."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        text = " ".join(raw.split()) if ("\n" in raw or "\xa0" in raw) else raw.strip()
        return NotUnderstood(_EXPECTED_VALUE) if text in _ERRORS else text
    if isinstance(raw, bool):
        return "Sí" if raw else "No"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < LARGEST_WHOLE else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    return raw.isoformat() if isinstance(raw, (date, time)) else str(raw)


def read_bool(raw: Raw) -> bool | NotUnderstood | None:
    """Return yes or no; None when blank."""
    if raw is None or isinstance(raw, bool):
        return raw
    text = read_text(raw)
    word = fold(text) if isinstance(text, str) else "#"
    if not word:
        return None
    if word in _TRUE:
        return True
    return False if word in _FALSE else NotUnderstood(_EXPECTED_BOOL)


def read_date(raw: Raw, formats: Formats) -> int | NotUnderstood | None:
    """Return the Excel serial day (1900 system) of a cell; None when blank.

    Text is read only in the order of day, month and year that `formats` declares, or as yyyy-mm-dd; a number only where
    `formats` says that dates come as serial days.
    """
    if raw is None:
        return None
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return to_serial(raw) if raw >= FIRST_DAY else NotUnderstood(_EXPECTED_DATE)
    if isinstance(raw, str):
        text = raw.replace("\xa0", " ").strip()
        return _read_text_date(text, formats.date) if text else None
    if formats.serials and isinstance(raw, (int, float)) and not isinstance(raw, bool) and raw >= FIRST_SERIAL:
        return int(raw)
    return NotUnderstood(_EXPECTED_DATE)


def _read_text_date(text: str, order: str | None) -> int | NotUnderstood:
    match = _DATE.fullmatch(text)
    if not match:
        return NotUnderstood(_EXPECTED_DATE)
    first, second, third = match.groups()
    if len(first) == 4:
        parts = {"y": first, "m": second, "d": third}
    elif order is None:
        return NotUnderstood(_UNDECLARED_DATE)
    else:
        parts = dict(zip(order, (first, second, third), strict=True))
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += 2000 if year < 30 else 1900
    elif len(parts["y"]) != 4:
        return NotUnderstood(_expected_order(order))
    try:
        day = date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return NotUnderstood(_expected_order(order))
    return to_serial(day) if day >= FIRST_DAY else NotUnderstood(_EXPECTED_DATE)


def translate(text: str, values: Mapping[str, str]) -> str:
    """Return the canonical word for what a client types; `values` is keyed by folded text."""
    return values.get(fold(text), text)


def describe(raw: Raw) -> str:
    """Return what a cell holds, short enough for a message."""
    if raw is None:
        return ""
    text = raw if isinstance(raw, str) else read_text(raw)
    text = text if isinstance(text, str) else str(raw)
    return text if len(text) <= 80 else text[:79] + "…"


def _expected_order(order: str | None) -> Text:
    words = {"d": ("dd", "dd"), "m": ("mm", "mm"), "y": ("aaaa", "yyyy")}
    es = "/".join(words[part][0] for part in order or "ymd")
    en = "/".join(words[part][1] for part in order or "ymd")
    return Text(
        f"una fecha real escrita como {es}; corríjala o cambie formats.date en el paquete de reglas",
        f"a real date written as {en}; correct it or change formats.date in the rule pack",
    )


_EXPECTED_VALUE = Text(
    "un valor, no un error de Excel; corrija la fórmula de la celda",
    "a value, not an Excel error; correct the cell's formula",
)
_EXPECTED_DATE = Text(
    "una fecha; escríbala como fecha de Excel o como aaaa-mm-dd",
    "a date; enter it as an Excel date or as yyyy-mm-dd",
)
_UNDECLARED_DATE = Text(
    "una fecha de Excel; la fecha está escrita como texto y el paquete de reglas no dice si es día/mes o mes/día: "
    "declare formats.date (dd/mm/yyyy o mm/dd/yyyy) o conviértala en fecha",
    "an Excel date; the date is text and the rule pack does not say whether it is day/month or month/day: "
    "declare formats.date (dd/mm/yyyy or mm/dd/yyyy) or turn it into a date",
)
_EXPECTED_BOOL = Text("sí o no", "yes or no")
