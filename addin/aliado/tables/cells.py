"""What a cell says, under the type its field should have: a value, blank, or not understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from aliado.formula.values import EXCEL_DAY_ZERO, to_serial
from aliado.language import Text, fold
from aliado.tables.schema import FieldType, Formats

Raw = None | bool | int | float | str | date | datetime | time | timedelta | Decimal
"""A cell as a host hands it over."""

MONEY_SCALE: Final = 2
PERCENT_SCALE: Final = 6
LARGEST_AMOUNT: Final = 10**15
"""Excel itself keeps 15 digits; larger amounts are not what was typed."""

FIRST_DAY: Final = date(1900, 3, 1)
LAST_DAY: Final = date(9999, 12, 31)

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
_AMOUNT = re.compile(r"[\d.,' ]*\d[.,]?", re.ASCII)
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[A-Z]{1,2}\$|S/\.?|B/\.?|Bs\.?|Gs\.?|[$€£₡₲¢])\s*|\s*(?:[A-Z]{3}|US\$|[$€£₡₲])$")
_SYMBOLS: Final = {
    "€": "EUR",
    "£": "GBP",
    "US$": "USD",
    "U$": "USD",
    "S/": "PEN",
    "S/.": "PEN",
    "₡": "CRC",
    "₲": "PYG",
    "B/.": "PAB",
    "B/": "PAB",
}
"""Signs that name one currency; "$" and "Bs" name several, so they say nothing."""

_CODES: Final = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BGN",
        "BOB",
        "BRL",
        "BSD",
        "BZD",
        "CAD",
        "CHF",
        "CLF",
        "CLP",
        "CNY",
        "COP",
        "CRC",
        "CUP",
        "CZK",
        "DKK",
        "DOP",
        "EUR",
        "GBP",
        "GTQ",
        "GYD",
        "HKD",
        "HNL",
        "HTG",
        "HUF",
        "ILS",
        "INR",
        "ISK",
        "JMD",
        "JPY",
        "KRW",
        "MAD",
        "MXN",
        "MXV",
        "NIO",
        "NOK",
        "NZD",
        "PAB",
        "PEN",
        "PLN",
        "PYG",
        "RON",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "SRD",
        "THB",
        "TRY",
        "TTD",
        "TWD",
        "UAH",
        "USD",
        "UYU",
        "UYW",
        "VED",
        "VES",
        "ZAR",
    ]
)
"""ISO 4217 codes that may stand beside an amount; other letters make it no amount."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
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
        return str(int(raw)) if raw.is_integer() and abs(raw) < LARGEST_AMOUNT else repr(raw)
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

    Text is read only in the order of day, month and year that `formats` declares, or as yyyy-mm-dd.
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


def read_decimal(raw: Raw, formats: Formats) -> Decimal | NotUnderstood | None:
    """Return the exact decimal of a number or of a number typed as text; None when blank.

    1.234,56 and 1,234.56 read as themselves; 1.234 alone needs `formats.decimal` to tell thousands from decimals.
    """
    if raw is None:
        return None
    if isinstance(raw, bool):
        return NotUnderstood(_EXPECTED_AMOUNT)
    if isinstance(raw, (int, float, Decimal)):
        value = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
        return value if value.is_finite() and abs(value) < LARGEST_AMOUNT else NotUnderstood(_EXPECTED_AMOUNT)
    if isinstance(raw, str):
        text = raw.replace("\xa0", " ").replace("\u202f", " ").strip()
        return _read_text_decimal(text, formats.decimal) if text else None
    return NotUnderstood(_EXPECTED_AMOUNT)


def _read_text_decimal(text: str, decimal: str | None) -> Decimal | NotUnderstood:
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    signed = negative
    if text[:1] in {"-", "−", "+"} and not signed:
        signed, negative, text = True, text[0] != "+", text[1:].strip()
    if text.endswith("-") and not signed:
        negative, text = True, text[:-1].strip()
    if not _AMOUNT.fullmatch(text):
        return NotUnderstood(_EXPECTED_AMOUNT)
    digits = _plain_digits(text, decimal)
    if isinstance(digits, NotUnderstood):
        return digits
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return NotUnderstood(_EXPECTED_AMOUNT)
    if abs(value) >= LARGEST_AMOUNT:
        return NotUnderstood(_EXPECTED_AMOUNT)
    return -value if negative else value


def split_currency(text: str) -> tuple[str, str]:
    """Return the text of an amount without the currency beside it, and that currency's code ("" when none is named).

    Letters that are no currency stay in the text, so that it reads as no amount.
    """
    sign = ""
    if text[:1] in {"-", "−", "+", "("} and (len(text) == 1 or not text[1].isdigit()):
        sign, text = text[0], text[1:].strip()
        if sign == "(" and text.endswith(")"):
            inner, code = split_currency(text[:-1])
            return f"({inner})", code
    match = _CURRENCY.search(text)
    if match is None:
        return sign + text, ""
    token = match[0].strip()
    code = _SYMBOLS.get(token, token if token in _CODES else "")
    if not code and token.isalpha() and len(token) == 3:
        return sign + text, ""
    return sign + (text[: match.start()] + text[match.end() :]).strip(), code


def _plain_digits(text: str, decimal: str | None) -> str | NotUnderstood:
    """Return `text` with "." as its only separator."""
    for blank in (" ", "'"):
        if blank in text:
            whole, mark, rest = _split_decimals(text)
            if not _grouped(whole, blank):
                return NotUnderstood(_EXPECTED_AMOUNT)
            text = whole.replace(blank, "") + mark + rest
    marks = [mark for mark in ".," if mark in text]
    if not marks:
        return text
    if len(marks) == 2:
        last = max(marks, key=text.rindex)
        other = "," if last == "." else "."
        whole, _, rest = text.rpartition(last)
        return (
            whole.replace(other, "") + "." + rest
            if last not in whole and _grouped(whole, other)
            else NotUnderstood(_EXPECTED_AMOUNT)
        )
    mark = marks[0]
    whole, _, rest = text.rpartition(mark)
    if mark in whole:
        return text.replace(mark, "") if _grouped(text, mark) else NotUnderstood(_EXPECTED_AMOUNT)
    if len(rest) != 3 or not 1 <= len(whole) <= 3 or whole == "0":
        return (whole or "0") + "." + (rest or "0") if decimal in (None, mark) else NotUnderstood(_EXPECTED_AMOUNT)
    if decimal is None:
        return NotUnderstood(_UNDECLARED_DECIMAL)
    return whole + ("." if mark == decimal else "") + rest


def _split_decimals(text: str) -> tuple[str, str, str]:
    for mark in ".,":
        if mark in text:
            return text.partition(mark)
    return text, "", ""


def _grouped(text: str, mark: str) -> bool:
    """Whether `text` is digits in thousands, split by `mark`."""
    first, *rest = text.split(mark)
    return first.isdigit() and 1 <= len(first) <= 3 and all(part.isdigit() and len(part) == 3 for part in rest)


def read_money(raw: Raw, formats: Formats) -> tuple[int, str] | NotUnderstood | None:
    """Return an amount in cents, halves rounded away from zero, and the currency typed beside it; None when blank."""
    code = ""
    if isinstance(raw, str):
        raw, code = split_currency(raw.replace("\xa0", " ").replace("\u202f", " ").strip())
    value = read_decimal(raw, formats)
    if isinstance(value, Decimal):
        return int(value.scaleb(MONEY_SCALE).quantize(Decimal(1), rounding=ROUND_HALF_UP)), code
    return value


def read_cents(raw: Raw, formats: Formats) -> int | NotUnderstood | None:
    """Return an amount in cents, whatever currency stands beside it; None when blank."""
    money = read_money(raw, formats)
    return money[0] if isinstance(money, tuple) else money


def other_currency(stated: str, row: str) -> NotUnderstood:
    """Return why an amount typed in one currency cannot stand in a row in another."""
    return NotUnderstood(
        Text(
            f"un importe en {row}, la moneda de su fila, y no en {stated}; corrija el importe o la moneda",
            f"an amount in {row}, its row's currency, not in {stated}; correct the amount or the currency",
        )
    )


def read_percent(raw: Raw, formats: Formats) -> int | NotUnderstood | None:
    """Return a percentage as its fraction in millionths (15 % -> 150,000); None when blank.

    A plain number up to 1 is a fraction (0.15, which is also what a cell shown as 15 % holds); above 1 it needs
    a % sign, or `formats.percent: points`.
    """
    sign = isinstance(raw, str) and raw.strip().endswith("%")
    if isinstance(raw, str) and sign:
        raw = raw.strip()[:-1].strip()
        if not raw:
            return NotUnderstood(_EXPECTED_PERCENT)
    value = read_decimal(raw, formats)
    if value is None:
        return None
    if isinstance(value, NotUnderstood):
        return NotUnderstood(_EXPECTED_PERCENT)
    points = sign or (abs(value) > 1 and formats.percent == "points")
    if abs(value) > 1 and not points and formats.percent is None:
        return NotUnderstood(_EXPECTED_PERCENT)
    scaled = value.scaleb(PERCENT_SCALE - (2 if points else 0))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


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


def expected_for(kind: FieldType) -> Text:
    """Return what a cell of this type should hold."""
    return {
        FieldType.DATE: _EXPECTED_DATE,
        FieldType.MONEY: _EXPECTED_AMOUNT,
        FieldType.NUMBER: _EXPECTED_AMOUNT,
        FieldType.PERCENT: _EXPECTED_PERCENT,
        FieldType.BOOL: _EXPECTED_BOOL,
        FieldType.TEXT: _EXPECTED_VALUE,
    }[kind]


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
_EXPECTED_AMOUNT = Text(
    "un importe como 1234,56 o 1.234,56; escriba solo el número",
    "an amount such as 1234.56 or 1,234.56; type the number alone",
)
_UNDECLARED_DECIMAL = Text(
    "un número; el separador puede ser de miles o decimal: declare formats.decimal en el paquete de reglas o convierta la celda en número",
    "a number; the separator may mean thousands or decimals: declare formats.decimal in the rule pack or turn the cell into a number",
)
_EXPECTED_PERCENT = Text(
    "un porcentaje como 15 % o 0,15; si la columna lleva 15 por 15 %, declare formats.percent: points en el paquete de reglas",
    "a percentage such as 15 % or 0.15; if the column holds 15 for 15 %, declare formats.percent: points in the rule pack",
)
_EXPECTED_BOOL = Text("sí o no", "yes or no")

__all__ = [
    "EXCEL_DAY_ZERO",
    "NotUnderstood",
    "Raw",
    "describe",
    "expected_for",
    "other_currency",
    "read_bool",
    "read_cents",
    "read_date",
    "read_decimal",
    "read_money",
    "read_percent",
    "read_text",
    "split_currency",
    "translate",
]
