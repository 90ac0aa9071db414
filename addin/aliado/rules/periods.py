"""Periods as people write them in a filings table, read to their canonical names."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from aliado.formula.values import from_serial
from aliado.language import fold

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("enero", "ene", "january", "jan"),
            ("febrero", "feb", "february"),
            ("marzo", "mar", "march"),
            ("abril", "abr", "april", "apr"),
            ("mayo", "may"),
            ("junio", "jun", "june"),
            ("julio", "jul", "july"),
            ("agosto", "ago", "august", "aug"),
            ("septiembre", "setiembre", "sep", "set", "sept", "september"),
            ("octubre", "oct", "october"),
            ("noviembre", "nov", "november"),
            ("diciembre", "dic", "december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_PART = {
    "t": "Q",
    "q": "Q",
    "trim": "Q",
    "trimestre": "Q",
    "s": "H",
    "h": "H",
    "sem": "H",
    "semestre": "H",
    "b": "B",
    "bim": "B",
    "bimestre": "B",
    "c": "C",
    "cuat": "C",
    "cuatrimestre": "C",
    "p": "P",
    "pago": "P",
    "pf": "P",
}
_SERIAL = re.compile(r"[2-7]\d{4}")
"""A day as Excel counts it, 1954 to 2118: a month written as a date, as a number without its format."""

_ISO = re.compile(r"(\d{4})[-/ ](\d{1,2})(?:[-/]\d{1,2})?")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/ ](\d{4})")
_NAMED = re.compile(r"([a-z]{3,10})\.?[-/ ]*(?:de )?(\d{4}|\d{2})")
_PART_LAST = re.compile(r"(\d{4})[-/ ]*([a-z]+)[-. ]*(\d)")
_PART_FIRST = re.compile(r"(?:([a-z]+)[-. ]*(\d)|(\d)(?:er|do|to|[ºo°.a])*[-. ]*([a-z]+)\.?)[-/ ]*(?:de )?(\d{4})")
_NUMBER_MIDDLE = re.compile(r"(\d{4})[-/ ]*(\d)[ºo°.]*[-. ]*([a-z]+)")


@lru_cache(maxsize=1024)
def read_period(text: str) -> str:
    """Return the canonical name of a period (2026-10, 2026-Q3, 2026-H1, 2026-B5, 2026-C2, 2026), or the text as it is."""
    plain = fold(text)
    if re.fullmatch(r"\d{4}", plain):
        return plain
    if _SERIAL.fullmatch(plain):
        return f"{from_serial(int(plain)):%Y-%m}"
    for pattern, year, month in ((_ISO, 1, 2), (_MONTH_FIRST, 2, 1)):
        match = pattern.fullmatch(plain)
        if match and 1 <= int(match[month]) <= 12:
            return f"{match[year]}-{int(match[month]):02d}"
    match = _NAMED.fullmatch(plain)
    if match and match[1] in _MONTHS:
        year_text = match[2] if len(match[2]) == 4 else "20" + match[2]
        return f"{year_text}-{_MONTHS[match[1]]:02d}"
    match = _PART_LAST.fullmatch(plain)
    if match and match[2] in _PART:
        return f"{match[1]}-{_PART[match[2]]}{match[3]}"
    match = _NUMBER_MIDDLE.fullmatch(plain)
    if match and match[3] in _PART:
        return f"{match[1]}-{_PART[match[3]]}{match[2]}"
    match = _PART_FIRST.fullmatch(plain)
    if match:
        word, number = (match[1], match[2]) if match[1] else (match[4], match[3])
        if word in _PART:
            return f"{match[5]}-{_PART[word]}{number}"
    return text


@lru_cache(maxsize=1024)
def period_span(name: str) -> tuple[date, date] | None:
    """Return the first and last day of a period by its canonical name (calendar year); None for another text."""
    year, _, part = name.partition("-")
    if not (len(year) == 4 and year.isdigit()):
        return None
    length, number = _LENGTHS.get(part[:1], 0), part[1:]
    if not part:
        length, number = 12, "1"
    elif part.isdigit():
        length, number = 1, part
    if not (length and number.isdigit() and 1 <= int(number) <= 12 // length):
        return None
    first = date(int(year), (int(number) - 1) * length + 1, 1)
    return first, add_months(first, length) - timedelta(days=1)


_LENGTHS = {"B": 2, "Q": 3, "C": 4, "H": 6, "S": 6}


def add_months(day: date, count: int) -> date:
    """Return the same day so many months later (earlier when negative), or that month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def year_start(day: date, year_end_month: int = 12) -> date:
    """Return the first day of the fiscal year that `day` is in."""
    first = year_end_month % 12 + 1
    return date(day.year if day.month >= first else day.year - 1, first, 1)
