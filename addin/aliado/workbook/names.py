"""Defined names that come with our sheets: print areas, filters, and the names that formulas may use."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aliado.workbook.book import REPORT, Book, is_mark, is_owner_name, sheet_of
from aliado.workbook.donor import Donor
from aliado.workbook.formulas import Rename, reads_other_books
from aliado.workbook.markup import Node, escape, quote

_BUILT_IN = "_xlnm."


def names_to_drop(book: Book, donor: Donor, roles: Collection[str]) -> list[Node]:
    """Return the defined names that an earlier transplant put there, and those that new ones would double.

    roles: those of the sheets that come.

    Programs that lose comments (LibreOffice) leave names of ours unmarked: one that the donor defines again and
    that points at a sheet of ours is taken for it.
    """
    places = {str(i) for i, sheet in enumerate(book.sheets) if sheet in book.own.values()}
    own = {sheet.name.casefold() for sheet in book.own.values()}
    family = book.family
    again = {(n.attributes.get("name", "").lower(), "localSheetId" in n.attributes) for n in donor.book.names()}
    dropped = []
    for node in book.names():
        name = node.attributes.get("name", "").lower()
        local = node.attributes.get("localSheetId")
        marked = node.attributes.get("comment") == family.comment
        if is_owner_name(node, family):
            role = name.removeprefix(family.prefix)
            ours = family is REPORT or name == family.styles_name or role in book.own or role in roles
        elif local in places:
            ours = marked or name.startswith((_BUILT_IN, family.prefix)) or (name, True) in again
        elif local is None:
            known = (name, False) in again
            inside = (sheet_of(node.text) or "").casefold() in own
            ours = (marked and (known or inside or family is REPORT)) or (known and inside)
        else:
            ours = marked and family is REPORT
        if ours:
            dropped.append(node)
    return dropped


def write_names(donor: Donor, sheets: Mapping[str, int], theirs: set[str], prefix: str, rename: Rename) -> bytes:
    """Return the donor's names for the client's workbook.

    sheets: donor sheet name -> its place in the client's workbook. theirs: the client's own workbook-level
    names in lower case; a donor's name that is among them is defined on each of our sheets instead.
    rename: gives a formula the names that sheets and tables have in the client's workbook.
    """
    comment = donor.client_book.family.comment
    written = []
    order = [sheet.name for sheet in donor.book.sheets]
    for node in donor.book.names():
        name = node.attributes.get("name", "")
        local = node.attributes.get("localSheetId")
        if is_mark(name) or reads_other_books(node.text):
            continue
        if local is not None:
            place = node.number("localSheetId", -1)
            sheet = order[place] if 0 <= place < len(order) else ""
            places: list[int | None] = [sheets[sheet]] if sheet in sheets else []
        elif name.lower() in theirs:
            places = list(sheets.values())
        else:
            places = [None]
        text = rename(node.text)
        written += [_write_name(node, name, place, text, prefix, comment) for place in places]
    return b"".join(written)


def _write_name(node: Node, name: str, place: int | None, text: str, prefix: str, comment: str) -> bytes:
    tag = (prefix + "definedName").encode()
    head = b"<" + tag + b" name=" + quote(name)
    if not name.lower().startswith(_BUILT_IN):
        head += b" comment=" + quote(comment)
    if place is not None:
        head += b' localSheetId="%d"' % place
    if node.attributes.get("hidden") in ("1", "true"):
        head += b' hidden="1"'
    return head + b">" + escape(text) + b"</" + tag + b">"
