"""Which of the client's formulas read our cells: when there are any, Excel has to calculate on opening."""

from __future__ import annotations

import re
from collections.abc import Collection

from aliado.errors import WorkbookRefused
from aliado.workbook.book import Book, is_mark, sheet_reference
from aliado.workbook.markup import escape
from aliado.workbook.package import Package, part_key

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^>]*)?>([^<]+)<")


def find_mentions(package: Package, book: Book, ours: set[str], coming: Collection[str] = ()) -> bool:
    """Return whether a formula in a sheet of the client's names one of our sheets, names or tables.

    coming: names of sheets not there yet, for formulas that were waiting for them.
    """
    wanted = _wanted(package, book, ours, coming)
    if not wanted:
        return False
    client = [s.part for s in book.sheets if s.kind == "worksheet" and s.part and part_key(s.part) not in ours]
    if coming:
        return any(_search(package.read_formulas(part), wanted) for part in client)
    return any(_mentions(package, part, wanted) for part in client)


def note_mentions(package: Package, book: Book, ours: set[str], part: str, xml: bytes) -> None:
    """Remember for `find_mentions` what a sheet's formulas say while its XML is at hand."""
    wanted = _wanted(package, book, ours)
    if wanted and part_key(part) not in ours:
        package.mentions[part_key(part)] = _search(package.read_formulas(part, xml), wanted)


def _mentions(package: Package, part: str, wanted: tuple[bytes, ...]) -> bool:
    key = part_key(part)
    if key not in package.mentions:
        package.mentions[key] = _search(package.read_formulas(part), wanted)
    return package.mentions[key]


def _search(xml: bytes, wanted: tuple[bytes, ...]) -> bool:
    formulas = b"\n".join(_FORMULA.findall(xml)).lower()
    absent = tuple(sign for sign in (b"!", b"[") if sign not in formulas)  # most words end with one of them
    return any(word in formulas for word in wanted if not word.endswith(absent))


def _wanted(package: Package, book: Book, ours: set[str], coming: Collection[str] = ()) -> tuple[bytes, ...]:
    """Return what formulas that read our cells have in them, as XML in lower case."""
    if not book.own and not coming:
        return ()
    words = set()
    for own in [*(sheet.name for sheet in book.own.values()), *coming]:
        words |= {f"{own}!", sheet_reference(own)[1:] + "!"}
    sheets = tuple(words)
    for node in book.names():
        name = node.attributes.get("name", "")
        if not is_mark(name) and not name.lower().startswith("_xlnm.") and any(word in node.text for word in sheets):
            words.add(name)
    for name in package.names:
        if part_key(name) in ours and package.content_type(name).endswith(".table+xml"):
            try:
                words.add(package.markup(name).attributes.get("displayName", "") + "[")
            except WorkbookRefused:
                continue
    return tuple(form for word in words if word for form in _forms(word))


def _forms(word: str) -> tuple[bytes, ...]:
    """Return how XML may write a word of a formula, with A-Z in lower case (all that bytes can be folded by)."""
    plain = word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.encode().lower(), plain.replace("'", "&apos;").encode().lower(), escape(word).lower()
