"""The bodies of cells: the XML after a cell's place and format, by the type of what it holds.

Client text is never written as a formula, a link or a number, whatever it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

LONGEST: Final = 32_767
"""Characters that a cell holds; Excel counts those beyond U+FFFF twice."""
ERRORS: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
BLANK: Final = "/>"
"""The body of a cell that has a format and no value."""
NOTHING: Final = ""
"""The body of a cell that is not written at all."""


def make_text(text: str) -> str:
    """Return the body of a cell that holds text as it is, whatever it begins with."""
    if len(text) > LONGEST // 2:
        text = text.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST].decode("utf-16-le", "ignore")
    text = write_text(text)
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f' t="inlineStr"><is><t{space}>{text}</t></is></c>'


def write_text(text: str) -> str:
    """Return text as XML content, with control characters written as Excel writes them."""
    # Plain searches: a pattern for all of it takes seven times as long.
    if "_x" in text or not text.isprintable():
        from xlsxwriter.xmlwriter import XMLwriter  # late: those who only import this module need not pay for it

        text = XMLwriter._escape_control_characters(text)  # noqa: SLF001
    return escape(text) if "&" in text or "<" in text or ">" in text else text


text_body = lru_cache(maxsize=4096)(make_text)
"""The same, remembered: for texts that come again and again."""


def number_body(number: float) -> str:
    """Return the body of a cell that holds a finite number."""
    return f"><v>{number:.16G}</v></c>"


def formula_body(formula: str, value: float | str) -> str:
    """Return the body of a cell that holds a formula, without "=" and ready for the file, and its value."""
    kind = "" if not isinstance(value, str) or not value else ' t="e"' if value in ERRORS else ' t="str"'
    cached = escape(value) if isinstance(value, str) else value
    return f"{kind}><f>{escape(formula)}</f><v>{cached}</v></c>"


def escape(text: str) -> str:
    """Return text as XML content."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


PLAIN_FUNCTIONS: Final = frozenset(
    {"ABS", "AND", "COUNTIF", "COUNTIFS", "IF", "LARGE", "MAX", "MIN", "OR", "ROUND", "SUM", "SUMIF", "SUMIFS"}
)
"""Functions that Excel stores under their own name: formulas of these alone need no preparing."""
_CALLED: Final = re.compile(r"[A-Z][A-Z0-9.]*(?=\()")


def are_plain_formulas(formulas: Sequence[str]) -> bool:
    """Return whether all formulas, each behind its "=", are stored as they are written."""
    text = "\n".join(("", *formulas))
    return not ("\n==" in text or "\n{" in text) and PLAIN_FUNCTIONS.issuperset(_CALLED.findall(text))


def is_plain_formula(formula: str) -> bool:
    """Return whether a formula is stored as it is written."""
    return not formula.startswith(("=", "{")) and PLAIN_FUNCTIONS.issuperset(_CALLED.findall(formula))
