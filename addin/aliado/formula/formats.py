"""Number and date formats of TEXT: Excel's codes for days, months, years, digits and percentages, in both languages."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from aliado.language import ENGLISH_MONTHS

_SPANISH_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_FULL_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE_CODE = re.compile(r"(yyyy|aaaa|yy|aa|mmmm|mmm|mm|m|dd|d)", re.IGNORECASE)
_DATE_PATTERN = re.compile(r"((yyyy|aaaa|yy|aa|mmmm|mmm|mm|m|dd|d)|[-/. ,]| de )+", re.IGNORECASE)
_NUMBER_PATTERN = re.compile(r"(?P<grouped>#,##)?(?P<whole>0+)(\.(?P<places>0+))?(?P<percent>%)?")


class DateFormat(Struct, frozen=True):
    """How a date is written. codes: format codes and the marks between them, in order."""

    codes: tuple[str, ...]
    spanish: bool

    def write(self, day: date) -> str:
        """Return the date as text."""
        return "".join(self._code(code, day) for code in self.codes)

    def _code(self, code: str, day: date) -> str:
        months = _SPANISH_MONTHS if self.spanish else _FULL_ENGLISH_MONTHS
        short = tuple(month[:3] for month in _SPANISH_MONTHS) if self.spanish else ENGLISH_MONTHS
        match code.lower().replace("a", "y"):
            case "yyyy":
                return f"{day.year:04d}"
            case "yy":
                return f"{day.year % 100:02d}"
            case "mmmm":
                return months[day.month - 1]
            case "mmm":
                return short[day.month - 1]
            case "mm":
                return f"{day.month:02d}"
            case "m":
                return str(day.month)
            case "dd":
                return f"{day.day:02d}"
            case "d":
                return str(day.day)
        return code


class NumberFormat(Struct, frozen=True):
    """How a number is written. width: fewest whole digits; places: decimals."""

    grouped: bool
    width: int
    places: int
    percent: bool
    decimal_comma: bool

    def write(self, number: Decimal) -> str:
        """Return the number as text, rounded half up."""
        value = number * 100 if self.percent else number
        rounded = value.quantize(Decimal(1).scaleb(-self.places), rounding=ROUND_HALF_UP)
        digits = f"{abs(rounded):{',' if self.grouped else ''}.{self.places}f}"
        whole, _, decimals = digits.partition(".")
        text = whole.rjust(self.width, "0") + (f".{decimals}" if decimals else "")
        if self.decimal_comma:
            text = text.translate(str.maketrans(",.", ".,"))
        sign = "-" if rounded < 0 else ""
        return f"{sign}{text}{'%' if self.percent else ''}"


def read_format(pattern: str, *, of_date: bool, decimal_comma: bool) -> DateFormat | NumberFormat | None:
    """Return the format that a pattern describes, or None where it is not one of those that TEXT knows."""
    if of_date:
        if len(pattern) > 40 or _DATE_PATTERN.fullmatch(pattern) is None:
            return None
        codes = tuple(code for code in _DATE_CODE.split(pattern) if code)
        return DateFormat(codes, decimal_comma)
    if decimal_comma:
        pattern = pattern.translate(str.maketrans(",.", ".,"))
    found = _NUMBER_PATTERN.fullmatch(pattern)
    if found is None or len(pattern) > 40:
        return None
    return NumberFormat(
        grouped=found["grouped"] is not None,
        width=len(found["whole"]),
        places=len(found["places"] or ""),
        percent=found["percent"] is not None,
        decimal_comma=decimal_comma,
    )
