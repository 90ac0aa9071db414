"""Defined names that come with our sheets: print areas, filters, and the names that formulas may use."""

from __future__ import annotations

from collections.abc import Mapping

from aliado.workbook.book import OWNER_PREFIX, Book, is_owner_name, sheet_of
from aliado.workbook.donor import Donor
from aliado.workbook.markup import Node, escape, quote
from aliado.workbook.rewrite import table_names

OURS = "Aliado"
"""The comment that marks a defined name as ours; Excel shows it in its list of names and keeps it."""

_BUILT_IN = "_xlnm."


def names_to_drop(book: Book, donor: Donor) -> list[Node]:
    """Return the defined names that an earlier transplant put there, and those that new ones would double.

    Programs that lose comments (LibreOffice) leave names of ours unmarked: one that the donor defines again and
    that points at a sheet of ours is taken for it.
    """
    places = {str(i) for i, sheet in enumerate(book.sheets) if sheet in book.own.values()}
    own = {sheet.name.casefold() for sheet in book.own.values()}
    again = {(n.attributes.get("name", "").lower(), "localSheetId" in n.attributes) for n in donor.book.names()}
    dropped = []
    for node in book.names():
        name = node.attributes.get("name", "").lower()
        local = node.attributes.get("localSheetId")
        ours = is_owner_name(node) or node.attributes.get("comment") == OURS
        if local in places:
            ours = ours or name.startswith((_BUILT_IN, OWNER_PREFIX)) or (name, True) in again
        elif local is None and (name, False) in again:
            ours = ours or (sheet_of(node.text) or "").casefold() in own
        if ours:
            dropped.append(node)
    return dropped


def write_names(
    donor: Donor, sheets: Mapping[str, int], theirs: set[str], prefix: str, rename: Mapping[str, str]
) -> bytes:
    """Return the donor's names for the client's workbook.

    sheets: donor sheet name -> its place in the client's workbook. theirs: the client's own workbook-level
    names in lower case; a donor's name that is among them is defined on each of our sheets instead.
    """
    written = []
    order = [sheet.name for sheet in donor.book.sheets]
    for node in donor.book.names():
        name = node.attributes.get("name", "")
        local = node.attributes.get("localSheetId")
        if name.lower().startswith(OWNER_PREFIX):
            continue
        if local is not None:
            place = node.number("localSheetId", -1)
            sheet = order[place] if 0 <= place < len(order) else ""
            places: list[int | None] = [sheets[sheet]] if sheet in sheets else []
        elif name.lower() in theirs:
            places = list(sheets.values())
        else:
            places = [None]
        text = table_names(node.text, rename)
        written += [_write_name(node, name, place, text, prefix) for place in places]
    return b"".join(written)


def _write_name(node: Node, name: str, place: int | None, text: str, prefix: str) -> bytes:
    tag = (prefix + "definedName").encode()
    head = b"<" + tag + b" name=" + quote(name)
    if not name.lower().startswith(_BUILT_IN):
        head += b" comment=" + quote(OURS)
    if place is not None:
        head += b' localSheetId="%d"' % place
    if node.attributes.get("hidden") in ("1", "true"):
        head += b' hidden="1"'
    return head + b">" + escape(text) + b"</" + tag + b">"
