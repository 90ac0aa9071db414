"""Amounts and percentages as people type them: 1.234,56 and 1,234.56, with or without their currency."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from aliado.language import Text
from aliado.tables.cells import LARGEST_WHOLE, NotUnderstood, Raw
from aliado.tables.schema import Formats

MONEY_SCALE: Final = 2
PERCENT_SCALE: Final = 6

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
        return value if value.is_finite() and abs(value) < LARGEST_WHOLE else NotUnderstood(_EXPECTED_AMOUNT)
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
    if abs(value) >= LARGEST_WHOLE:
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
