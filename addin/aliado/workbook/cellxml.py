"""One <c> of a sheet: its value read, compared and written."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from aliado.workbook.markup import escape, plain_markup, quote, unescape
from aliado.workbook.sheet import CellValue
from aliado.workbook.strings import plain_text

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST_TEXT = 32_767
_ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"})


def read_value(cell: bytes, prefix: bytes, kind: str, strings: Sequence[str]) -> CellValue:
    """Return what a cell holds, dates as their serial number; None when it holds nothing."""
    if b"<!" in cell:
        cell = plain_markup(cell)
    if prefix:
        cell = cell.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
    if kind == "inlineStr":
        return plain_text(cell)
    found = re.search(rb"<v\b[^>]*>([^<]*)</v\s*>", cell)
    if not found:
        return None
    text = unescape(found[1].decode("utf-8", "replace"))
    if kind == "s":
        return strings[int(text)] if text.isdigit() and int(text) < len(strings) else None
    if kind in ("str", "e"):
        return plain_text(b"<t>" + found[1] + b"</t>")
    if kind == "b":
        return text.strip() in ("1", "true")
    try:
        return float(text)
    except ValueError:
        return text


def same_value(present: CellValue, value: CellValue | Decimal, *, from_1904: bool) -> bool:
    """Return whether a cell already holds what it is to hold."""
    if isinstance(value, str) or isinstance(present, str) or value is None or present is None:
        return present == value or (not present and not value and present is not False and value is not False)
    if isinstance(value, bool) or isinstance(present, bool):
        return present is value
    return present == float(to_number(value, from_1904=from_1904))


def write_value(
    reference: str,
    attributes: Mapping[str, str],
    value: CellValue | Decimal,
    formula: bytes,
    prefix: bytes,
    *,
    from_1904: bool,
) -> bytes:
    """Return a <c> holding `value`. attributes: all but reference and type; formula: its <f>, or empty."""
    head = b"<" + prefix + b'c r="' + reference.encode() + b'"'
    head += b"".join(b" " + name.encode() + b"=" + quote(text) for name, text in attributes.items())
    end = b"</" + prefix + b"c>"

    def with_v(kind: bytes, text: bytes) -> bytes:
        return head + kind + b">" + formula + b"<" + prefix + b"v>" + text + b"</" + prefix + b"v>" + end

    if value is None or (value == "" and not formula):
        return with_v(b' t="str"', b"") if formula else head + b"/>"
    if isinstance(value, str):
        text = escape(_UNWRITABLE.sub(_hide, value[:_LONGEST_TEXT]))
        if formula:
            return with_v(b' t="e"' if value in _ERRORS else b' t="str"', text)
        space = b' xml:space="preserve"' if value != value.strip() or "\n" in value else b""
        inside = (
            b"<" + prefix + b"is><" + prefix + b"t" + space + b">" + text + b"</" + prefix + b"t></" + prefix + b"is>"
        )
        return head + b' t="inlineStr">' + inside + end
    if isinstance(value, bool):
        return with_v(b' t="b"', b"1" if value else b"0")
    return with_v(b"", _number_text(to_number(value, from_1904=from_1904)))


def write_formula(reference: str, attributes: Mapping[str, str], formula: str, prefix: bytes) -> bytes:
    """Return a <c> holding a formula (without "=") and no result yet. attributes: as in `write_value`."""
    head = b"<" + prefix + b'c r="' + reference.encode() + b'"'
    head += b"".join(b" " + name.encode() + b"=" + quote(text) for name, text in attributes.items())
    inside = b"<" + prefix + b"f>" + escape(formula) + b"</" + prefix + b"f>"
    return head + b">" + inside + b"</" + prefix + b"c>"


def to_number(value: CellValue | Decimal, *, from_1904: bool) -> int | float | Decimal:
    """Return a number, or the serial number of a date, time or duration."""
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86400
    if isinstance(value, date):
        start = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
        day = value.date() if isinstance(value, datetime) else value
        days = (day - start).days
        return days + to_number(value.time(), from_1904=from_1904) if isinstance(value, datetime) else days
    raise TypeError(f"a cell cannot hold {type(value).__name__}")


def _number_text(number: float | Decimal) -> bytes:
    if isinstance(number, float):
        if not math.isfinite(number):
            raise ValueError("a cell cannot hold an infinite number")
        return repr(number).removesuffix(".0").encode()
    return format(number, "f").encode() if isinstance(number, Decimal) else str(number).encode()


def _hide(found: re.Match[str]) -> str:
    """Return a character that XML or Excel would not take as it is, in Excel's own notation."""
    return f"_x{ord(found[0]):04X}_"
