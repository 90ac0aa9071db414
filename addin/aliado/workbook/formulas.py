"""References in the formulas of sheets that come along: sheets and tables that go by another name here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from aliado.workbook.markup import escape, quote, unescape

Rename = Callable[[str], str]
"""Gives a formula its new text."""

_SHEET = re.compile(
    r"\"(?:[^\"]|\"\")*\""  # text
    r"|'((?:[^']|'')+)'!"  # 'A sheet'! or 'First:Last'!
    r"|(?<![\w.\]#'\"?\\])([^\W\d][\w.?\\]*(?::[^\W\d][\w.?\\]*)?)!"  # Sheet! or First:Last!
)
_ELEMENT = re.compile(
    rb"(<((?:[\w.-]+:)?(?:f|FmlaLink|FmlaRange|FmlaTxbx|FmlaGroup|FmlaPict))(?:\s[^>]*)?>)([^<]+)(?=</\2>)"
)
_ATTRIBUTE = re.compile(rb"(\s(?:textlink|fmlaLink|fmlaRange|fmlaTxbx|fmlaGroup|fmlaPict)=)(?:\"([^\"]*)\"|'([^']*)')")
_OTHER_BOOK = re.compile(r"\"(?:[^\"]|\"\")*\"|(\[[0-9]+\][^\[\]\"!]*!)")


def sheet_names(text: str, renamed: Mapping[str, str]) -> str:
    """Return a formula in which sheets go by their new names, those of ranges over several sheets too."""
    if not renamed or "!" not in text:
        return text
    lookup = {name.casefold(): new for name, new in renamed.items()}

    def change(found: re.Match[str]) -> str:
        quoted, plain = found.groups()
        name = quoted.replace("''", "'") if quoted else plain
        if not name:
            return found[0]
        ends = name.split(":")
        new = [lookup.get(end.casefold(), end) for end in ends]
        return found[0] if new == ends else "'" + ":".join(new).replace("'", "''") + "'!"

    return _SHEET.sub(change, text)


def table_names(text: str, renamed: Mapping[str, str]) -> str:
    """Return a formula in which tables go by their new names; text in quotes stays as it is."""
    if not renamed or "[" not in text:
        return text
    names = "|".join(re.escape(name) for name in sorted(renamed, key=len, reverse=True))
    pattern = re.compile(rf"\"[^\"]*\"|'[^']*'|(?<![\w.])({names})(?=\[)", re.IGNORECASE)
    lookup = {name.casefold(): new for name, new in renamed.items()}
    return pattern.sub(lambda m: lookup[m[1].casefold()] if m[1] else m[0], text)


def rename_references(xml: bytes, rename: Rename) -> bytes:
    """Return a drawing, chart or control whose references to cells have their new text."""

    def element(found: re.Match[bytes]) -> bytes:
        return found[1] + _renamed(found[3], rename)

    def attribute(found: re.Match[bytes]) -> bytes:
        old = unescape((found[2] if found[2] is not None else found[3]).decode())
        new = rename(old)
        return found[0] if new == old else found[1] + quote(new)

    return _ATTRIBUTE.sub(attribute, _ELEMENT.sub(element, xml))


def reads_other_books(text: str) -> bool:
    """Return whether a formula, as files hold it, reads cells or names of another workbook ([1]Sheet!A1)."""
    return any(found[1] for found in _OTHER_BOOK.finditer(text))


def _renamed(old: bytes, rename: Rename) -> bytes:
    text = unescape(old.decode())
    new = rename(text)
    return old if new == text else escape(new)
