"""All sheets of another workbook, copied into a client's: what `aliado transplant` does.

A copy remembers which file and sheet it came from, so copying a file of the same name again replaces the copies.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from aliado.language import Text, fold
from aliado.workbook.book import CARRIED, COPIES, Book, BookSheet, read_book
from aliado.workbook.donor import unsupported
from aliado.workbook.formulas import reads_other_books
from aliado.workbook.markup import plain_markup, unescape
from aliado.workbook.ownership import LONGEST_NAME
from aliado.workbook.package import Package, read_package
from aliado.workbook.transplant import lay_sheets

_FORMULA = re.compile(rb"<((?:[\w.-]+:)?(?:f|formula|formula1|formula2))(?:\s[^>]*)?>([^<]+)</\1>")
_OTHER_BOOK = Text("fórmulas que leen otro libro ({formula})", "formulas that read another workbook ({formula})")
_KINDS = {
    "dialogsheet": Text("un cuadro de diálogo de Excel 5", "an Excel 5 dialog"),
    "xlMacrosheet": Text("macros de Excel 4", "Excel 4 macros"),
    "xlIntlMacrosheet": Text("macros de Excel 4", "Excel 4 macros"),
}
_UNKNOWN_KIND = Text("una clase de hoja desconocida", "an unknown kind of sheet")


def copy_sheets(package: Package, donor: bytes, file: str) -> tuple[bytes, dict[str, str]]:
    """Return the client's file with all sheets of a donor workbook in it, and donor sheet -> its name there.

    file: the donor's file name; what an earlier copy of a file of that name put there is replaced. A sheet whose name
    the client has takes another, and the references to it follow. Raises WorkbookRefused.
    """
    source = _written_plainly(read_package(donor))
    sheets = read_book(source).sheets
    _check(source, sheets)
    origin = f"f{zlib.crc32(fold(file).encode()):08x}_"
    roles = {f"{origin}{zlib.crc32(sheet.name.encode()):08x}": sheet.name for sheet in sheets}
    book = read_book(package, COPIES)
    earlier = {role: sheet for role, sheet in book.own.items() if role.startswith(origin)}
    book = replace(book, own=earlier)
    names = _choose_names(roles, book)
    return lay_sheets(package, book, source, names, roles), {roles[role]: name for role, name in names.items()}


def holds_checkboxes(donor: Package) -> bool:
    """Return whether cells of a donor show as boxes to tick; copied, they show the TRUE and FALSE that they hold."""
    styles = donor.related(donor.workbook_part, "styles")
    return styles is not None and b"xfComplement" in donor.read(styles)


def _written_plainly(source: Package) -> Package:
    """Return the package with its sheets as byte searches can read them: programs write comments and CDATA sections."""
    changes: dict[str, bytes | None] = {}
    for sheet in read_book(source).sheets:
        if sheet.part:
            xml = source.read(sheet.part)
            if any(xml.find(word) >= 0 for word in _UNPLAIN):
                changes[sheet.part] = plain_markup(xml)
    return source.with_parts(changes) if changes else source


_UNPLAIN = (b"<!", b" >", b"\n>", b"\r>", b"\t>")
"""What plain XML does not have, or hardly: comments, CDATA sections, blanks in end tags."""


def _check(source: Package, sheets: Iterable[BookSheet]) -> None:
    """Raise for sheets that cannot stand in another workbook."""
    book = read_book(source)
    outside = _names_of_other_books(book) if book.root.find("externalReferences") else None
    for sheet in sheets:
        if sheet.kind not in CARRIED or sheet.part is None:
            raise unsupported(sheet.name, _KINDS.get(sheet.kind, _UNKNOWN_KIND))
        if outside is None:
            continue
        for _, formula in set(_FORMULA.findall(source.read(sheet.part))):
            text = unescape(formula.decode("utf-8", "replace"))
            if reads_other_books(text) or any(name in text.casefold() for name in outside):
                raise unsupported(sheet.name, _OTHER_BOOK.format(formula=text[:80]))


def _names_of_other_books(book: Book) -> set[str]:
    return {n.attributes.get("name", "").casefold() for n in book.names() if reads_other_books(n.text)}


def _choose_names(roles: Mapping[str, str], book: Book) -> dict[str, str]:
    """Return role -> name in the client's workbook: the present copy's, else the donor's, else that with a number."""
    present = {role: sheet.name for role, sheet in book.own.items()}
    used = {sheet.name.casefold() for sheet in book.sheets}
    chosen = dict(present)
    free = {role: name for role, name in roles.items() if role not in present and name.casefold() not in used}
    chosen |= free
    used |= {name.casefold() for name in free.values()}
    for role, name in roles.items():
        if role not in chosen:
            chosen[role] = _number(name, used)
            used.add(chosen[role].casefold())
    return {role: chosen[role] for role in roles}


def _number(name: str, used: set[str]) -> str:
    number = 2
    while True:
        ending = f" ({number})"
        candidate = name[: LONGEST_NAME - len(ending)].rstrip() + ending
        if candidate.casefold() not in used:
            return candidate
        number += 1
