"""The workbook part: its sheets in order, its defined names, its date system, and which sheets are ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from msgspec import Struct

from aliado.workbook.markup import Node
from aliado.workbook.namespaces import OFFICE, STRICT_MAIN, STRICT_OFFICE
from aliado.workbook.package import Package

OWNER_PREFIX = "_aliado."
"""Hidden workbook names `_aliado.ROLE` point at the sheets that are ours; they follow renames and moves."""
STYLES_NAME = OWNER_PREFIX + "styles"
"""The hidden name that records where our appended styles begin (see `styles`); not a role."""
CARRIED = ("worksheet", "chartsheet")
"""Kinds of sheets that can be ours."""


class Family(Struct, frozen=True):
    """Sheets that one command puts in and replaces: the report's, or copies of another workbook's.

    prefix: of the hidden names that mark them. comment: marks the defined names that came along; Excel shows it in
    its list of names and keeps it. To each family the sheets of the others are the client's.
    """

    prefix: str
    comment: str

    @property
    def role_name(self) -> str:
        """The hidden name on a sheet that says its role: some programs rename a tab and not the names that point at it."""
        return self.prefix + "role"

    @property
    def styles_name(self) -> str:
        """The hidden name that records where the family's styles begin."""
        return self.prefix + "styles"


REPORT = Family(OWNER_PREFIX, "Aliado")
COPIES = Family("_aliado_copy.", "Aliado copy")
FAMILIES = (REPORT, COPIES)


class BookSheet(Struct, frozen=True):
    """One <sheet> of the workbook. part: None when the relationship leads nowhere. kind: "worksheet", "chartsheet", ..."""

    name: str
    node: Node
    relationship: str
    part: str | None
    kind: str
    hidden: bool

    @property
    def id(self) -> int:
        """The sheetId."""
        return self.node.number("sheetId")


class Book(Struct, frozen=True):
    """The workbook part, read. own: role -> sheet, of one family."""

    part: str
    root: Node
    sheets: tuple[BookSheet, ...]
    own: dict[str, BookSheet]
    family: Family = REPORT

    @property
    def strict(self) -> bool:
        """Whether the workbook is Strict Open XML."""
        return self.root.space == STRICT_MAIN

    @property
    def from_1904(self) -> bool:
        """Whether serial dates count from 1904."""
        properties = self.root.find("workbookPr")
        return properties is not None and properties.attributes.get("date1904", "0") in ("1", "true")

    def names(self) -> Iterator[Node]:
        """Yield the defined names."""
        names = self.root.find("definedNames")
        return names.all("definedName") if names else iter(())


def read_book(package: Package, family: Family = REPORT) -> Book:
    """Return the workbook part of a package; the sheets of `family` are its own."""
    books = _BOOKS.setdefault(package, {})
    if family not in books:
        books[family] = _read_book(package, family)
    return books[family]


_BOOKS: WeakKeyDictionary[Package, dict[Family, Book]] = WeakKeyDictionary()
"""What was read of each package; a package never changes."""


def _read_book(package: Package, family: Family) -> Book:
    part = package.workbook_part
    root = package.markup(part)
    relationships = {r.id: r for r in package.relationships(part)}
    sheets = []
    holder = root.find("sheets")
    for node in holder.all("sheet") if holder else ():
        value = node.attributes.get
        identity = value(f"{{{OFFICE}}}id") or value(f"{{{STRICT_OFFICE}}}id") or ""
        relationship = relationships.get(identity)
        target = relationship.target if relationship and relationship.target in package else None
        kind = relationship.kind if relationship else ""
        hidden = value("state", "visible") != "visible"
        sheets.append(BookSheet(value("name", ""), node, identity, target, kind, hidden))
    book = Book(part, root, tuple(sheets), {}, family)
    _find_own(book)
    return book


def is_owner_name(node: Node, family: Family) -> bool:
    """Return whether a defined name of the workbook is one of a family's hidden marks."""
    return node.attributes.get("name", "").lower().startswith(family.prefix) and "localSheetId" not in node.attributes


def is_mark(name: str) -> bool:
    """Return whether a defined name is a hidden mark of any family."""
    return name.lower().startswith(tuple(family.prefix for family in FAMILIES))


def sheet_reference(name: str) -> str:
    """Return a sheet's name as formulas write it, quoted."""
    return "'" + name.replace("'", "''") + "'"


_REFERENCE = re.compile(r"^\s*=?\s*(?:'((?:[^']|'')+)'|([^'!]+))!")


def sheet_of(reference: str) -> str | None:
    """Return the sheet that a reference such as 'My sheet'!$A$1 points at, None when it points nowhere."""
    found = _REFERENCE.match(reference)
    if not found:
        return None
    return found[1].replace("''", "'") if found[1] else found[2]


def _find_own(book: Book) -> None:
    family = book.family
    by_name = {sheet.name.casefold(): sheet for sheet in book.sheets if sheet.kind in CARRIED and sheet.part}
    taken: set[str] = set()
    for node in book.names():
        name = node.attributes.get("name", "").lower()
        if not is_owner_name(node, family) or name == family.styles_name:
            continue
        sheet = by_name.get((sheet_of(node.text) or node.text.strip('" ').replace('""', '"')).casefold())
        if sheet is not None and sheet.name not in taken:
            taken.add(sheet.name)
            book.own.setdefault(name.removeprefix(family.prefix), sheet)
    marked: dict[str, list[BookSheet]] = {}
    for sheet, role in _marked_sheets(book):
        marked.setdefault(role, []).append(sheet)
    for role, sheets in marked.items():
        if role not in book.own and len(sheets) == 1 and sheets[0].name not in taken and sheets[0].part:
            taken.add(sheets[0].name)
            book.own[role] = sheets[0]


def _marked_sheets(book: Book) -> Iterator[tuple[BookSheet, str]]:
    """Yield sheets that carry a role of ours themselves.

    A copy made in Excel carries it too, but is the client's: it is known by the pointer that Excel copied into it.
    """
    local: dict[int, dict[str, str]] = {}
    for node in book.names():
        place = node.number("localSheetId", -1)
        name = node.attributes.get("name", "").lower()
        if 0 <= place < len(book.sheets) and name.startswith(book.family.prefix):
            local.setdefault(place, {})[name] = node.text
    for index, names in local.items():
        role = names.get(book.family.role_name, "").strip().strip('"')
        if role and book.family.prefix + role not in names:
            yield book.sheets[index], role
