"""Our sheets in a client's package: added, replaced or taken out, with every other part left byte for byte.

What is ours is found again by hidden defined names (`_aliado.ROLE`), whatever program saved the file since. A
transplant first takes out all that an earlier one put in and then adds the new, so nothing piles up, and doing it
twice gives the same bytes as once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aliado.errors import WorkbookRefused
from aliado.language import Text
from aliado.workbook import refusals
from aliado.workbook.book import COPIES, Book, read_book
from aliado.workbook.donor import Donor, PartNames
from aliado.workbook.formulas import Rename, sheet_names, table_names
from aliado.workbook.index import edit_links, edit_types, edit_workbook
from aliado.workbook.loose import LooseWorkbook
from aliado.workbook.markup import BadMarkup, Node
from aliado.workbook.mentions import find_mentions
from aliado.workbook.names import names_to_drop, write_names
from aliado.workbook.namespaces import STYLES_TYPE
from aliado.workbook.own_sheets import write_own_sheet, write_own_table
from aliado.workbook.own_styles import read_loose_styles
from aliado.workbook.ownership import (
    fingerprint,
    own_parts,
    plan_names,
    read_mark,
    read_own_sheets,
    write_mark,
    write_owner,
)
from aliado.workbook.package import TYPES_PART, Package, package_of, part_key, read_package, rels_name
from aliado.workbook.rewrite import read_head, write_other, write_sheet, write_table
from aliado.workbook.style_lists import DonorStyles, read_donor_styles
from aliado.workbook.styles import EMPTY_STYLES, StyleMerge, cut_lists, is_stylesheet

__all__ = ["plan_names", "read_own_sheets", "transplant"]

NAME_TAKEN = Text(
    "El libro ya tiene una hoja «{sheet}» que no es de Aliado. Cambie el nombre de una de las dos y repita.",
    "The workbook already has a sheet “{sheet}” that is not Aliado's. Rename one of the two and repeat.",
)
NOT_IN_DONOR = Text(
    "El libro de origen no tiene la hoja «{sheet}». Compruebe el nombre y repita.",
    "The source workbook has no sheet “{sheet}”. Check the name and repeat.",
)
_ROLE = re.compile(r"[a-z][a-z0-9_]*\Z")


def transplant(package: Package, donor: bytes | LooseWorkbook, sheets: Mapping[str, str]) -> bytes:
    """Return the client's file with the donor's sheets in it, in place of all that earlier transplants put there.

    sheets: role (lower-case word) -> name of the donor's sheet, which is also its name in the client's workbook
    (see `plan_names`). Our sheets whose role is missing are taken out; present ones keep their place, name, tab
    colour and visibility; new ones go last. Raises WorkbookRefused.
    """
    book = read_book(package)
    if not sheets and not book.own:
        return package.to_bytes()
    if isinstance(donor, LooseWorkbook):
        return lay_sheets(package, book, package_of(donor.parts), sheets, loose=donor)
    return lay_sheets(package, book, read_package(donor), sheets)


def lay_sheets(
    package: Package,
    book: Book,
    donor: Package,
    sheets: Mapping[str, str],
    origins: Mapping[str, str] | None = None,
    *,
    loose: LooseWorkbook | None = None,
) -> bytes:
    """Return the client's file with the donor's sheets in place of those that are the book's own (of its family).

    sheets: role -> name in the client's workbook. origins: role -> the sheet's name in the donor, where it is another.
    loose: the donor as we wrote it, where it is our own and its package lacks the cells and the styles.
    """
    for sheet in book.sheets:
        if sheet.part is None and sheet.kind:  # its relationship leads to a part that is not there
            raise WorkbookRefused(refusals.PART_MISSING.format(part=sheet.name))
    return _Transplant(package, book, Donor(donor, book, loose), sheets, {**sheets, **(origins or {})}).run()


class _Transplant:
    """One transplant: gathers the new parts first, then edits the four parts that name them."""

    def __init__(
        self, package: Package, book: Book, donor: Donor, sheets: Mapping[str, str], origins: Mapping[str, str]
    ) -> None:
        self.package = package
        self.book = book
        self.sheets = dict(sheets)
        self.origins = dict(origins)
        self.renamed = {origins[role]: name for role, name in sheets.items() if origins[role] != name}
        """Donor sheet name -> its name in the client's workbook, where it is another."""
        self.donor = donor
        self.ours = own_parts(package, book)
        self.check()
        self.styles_part, styles, root = self.client_styles()
        self.styles = StyleMerge(styles, self.donor_styles(), root)
        self.parts: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.tables: dict[str, str] = {}
        """Donor table name -> its name in the client's workbook, where it had to change."""

    def run(self) -> bytes:
        chosen = self.choose_parts()
        names = self.choose_tables(chosen)
        for role, parts in chosen.items():
            for part in parts:
                self.carry(part, role, names)
        changes: dict[str, bytes | None] = {name: None for name in self.package.names if part_key(name) in self.ours}
        changes[self.styles_part] = self.styles.to_bytes()
        added_types = dict(self.types)
        links = {role: self.donor.moved[parts[0]] for role, parts in chosen.items()}
        if self.styles_part not in self.package:
            self.parts = {self.styles_part: changes.pop(self.styles_part) or b"", **self.parts}
            added_types = {self.styles_part: STYLES_TYPE, **added_types}
        chain = self.stale_chain()
        if chain:
            changes[chain] = None
        removed = {part_key(name) for name, content in changes.items() if content is None}
        changes[TYPES_PART] = edit_types(self.package, removed, added_types)
        changes[rels_name(self.book.part)], identities = edit_links(
            self.package,
            self.book,
            {role: (self.donor.kind(self.origins[role]), part) for role, part in links.items()},
            removed,
            None if self.styles_part in self.package else self.styles_part,
        )
        package = self.package.with_parts(changes, self.parts)
        ours_now = {part_key(name) for name in self.types}
        ours_now |= {part_key(rels_name(name)) for name in self.types}
        mark = fingerprint(package, self.book, ours_now)
        workbook = edit_workbook(
            self.package,
            self.book,
            sheets=self.sheets,
            identities=identities,
            states={self.renamed.get(name, name): state for name, state in self.donor.states().items()},
            drop=names_to_drop(self.book, self.donor, self.sheets),
            recalculate=find_mentions(
                self.package, self.book, self.ours, self.sheets.values() if self.book.family is COPIES else ()
            ),
            write=lambda places: self.write_names(mark, places),
        )
        return package.with_parts({self.book.part: workbook}).to_bytes()

    def check(self) -> None:
        """Raise when a sheet cannot be added under its name."""
        own = {sheet.name.casefold(): role for role, sheet in self.book.own.items()}
        taken = {sheet.name.casefold() for sheet in self.book.sheets}
        for role, name in self.sheets.items():
            if not _ROLE.match(role) or role in ("styles", "role"):
                raise ValueError(f"role {role!r}: expected a lower-case word")
            if self.donor.sheet_part(self.origins[role]) is None:
                raise WorkbookRefused(NOT_IN_DONOR.format(sheet=self.origins[role]))
            if name.casefold() in taken and own.get(name.casefold()) != role:
                raise WorkbookRefused(NAME_TAKEN.format(sheet=name))

    def client_styles(self) -> tuple[str, bytes, Node | None]:
        """Return the client's stylesheet as it was without us, the part that holds it, and its root if it was read."""
        part = self.package.related(self.book.part, "styles")
        if part is None:
            names = PartNames(self.package.names + self.package.promised, self.base)
            return names.take_plain("xl/styles.xml"), EMPTY_STYLES % self.book.root.space.encode(), None
        root = self.package.markup(part)
        if not is_stylesheet(root):
            raise WorkbookRefused(refusals.NAMESPACE.format(part=part, detail=root.space))
        xml = self.package.read(part)
        sizes = read_mark(self.package, self.book, self.ours)
        return (part, xml, root) if sizes is None else (part, cut_lists(xml, sizes, root), None)

    def donor_styles(self) -> DonorStyles:
        if self.donor.loose is not None:
            return read_loose_styles(self.donor.loose.styles)
        part = self.donor.package.related(self.donor.book.part, "styles")
        xml = self.donor.package.read(part) if part else EMPTY_STYLES % self.donor.book.root.space.encode()
        return read_donor_styles(xml)

    @property
    def base(self) -> str:
        """The folder of the workbook part, where new parts go too."""
        return self.book.part.rpartition("/")[0]

    def choose_parts(self) -> dict[str, list[str]]:
        """Return role -> the donor's parts that its sheet needs, the sheet first, each given its new name."""
        clients = self.package.with_parts({n: None for n in self.package.names if part_key(n) in self.ours})
        known = clients.names + [n for n in clients.promised if part_key(n) not in self.ours]
        names = PartNames(known, self.base)
        chosen: dict[str, list[str]] = {}
        for role, name in self.origins.items():
            reached = self.donor.reach(self.donor.sheet_part(name) or "", name)
            chosen[role] = [part for part in reached if part not in self.donor.moved]
            for part in chosen[role]:
                self.donor.moved[part] = names.take(part)
        return chosen

    def choose_tables(self, chosen: Mapping[str, list[str]]) -> dict[str, tuple[int, str]]:
        """Return donor table part -> (id, name) that are free in the client's workbook."""
        tables = [part for parts in chosen.values() for part in parts if self.donor.is_table(part)]
        if not tables:
            return {}
        taken = {n.attributes.get("name", "").casefold() for n in self.book.names()}
        last = 0
        for name in self.package.names:
            if part_key(name) not in self.ours and self.package.content_type(name).endswith(".table+xml"):
                root = self.package.markup(name)
                taken |= {root.attributes.get(key, "").casefold() for key in ("name", "displayName")}
                last = max(last, root.number("id"))
        result = {}
        for number, part in enumerate(tables, last + 1):
            old = self.donor.table_name(part) or f"Table{number}"
            new, count = old, 1
            while new.casefold() in taken:
                count += 1
                new = f"{old}_{count}"
            taken.add(new.casefold())
            if new != old:
                self.tables[old] = new
            result[part] = (number, new)
        return result

    def carry(self, part: str, role: str, tables: Mapping[str, tuple[int, str]]) -> None:
        """Write one of the donor's parts, and its relationships, for the client."""
        name = self.donor.moved[part]
        if self.donor.is_sheet(part):
            self.parts[name] = self.write_sheet(part, role)
        elif part in tables:
            self.parts[name] = self.write_table(part, *tables[part])
        else:
            self.parts[name] = write_other(self.donor, part, self.rename if self.renamed else None)
        self.types[name] = self.donor.package.content_type(part)
        relationships = self.donor.rels_of(part, self.rename)
        if relationships is not None:
            self.parts[rels_name(name)] = relationships

    def write_sheet(self, part: str, role: str) -> bytes:
        if self.donor.loose is None or self.changed:
            return write_sheet(self.donor, part, self.styles, self.present(role), self.renaming)
        return write_own_sheet(self.donor, part, self.donor.loose.cells[part], self.styles, self.present(role))

    def write_table(self, part: str, number: int, name: str) -> bytes:
        if self.donor.loose is None or self.changed:
            return write_table(self.donor, part, self.styles, number, name, self.renaming)
        return write_own_table(self.donor, part, self.styles, number, name)

    @property
    def changed(self) -> bool:
        """Whether something in the donor's sheets is called otherwise, or counted from another day."""
        return self.renaming is not None or self.donor.day_shift != 0

    @property
    def renaming(self) -> Rename | None:
        """Gives formulas their new text; None when all sheets and tables are called as in the donor."""
        return self.rename if self.renamed or self.tables else None

    def rename(self, formula: str) -> str:
        return table_names(sheet_names(formula, self.renamed), self.tables)

    def present(self, role: str) -> Node | None:
        """Return the <sheetPr> of our present sheet of that role: what the client did to its tab is in there."""
        sheet = self.book.own.get(role)
        if sheet is None or sheet.part is None:
            return None
        try:
            root = read_head(self.package.read(sheet.part))
        except (BadMarkup, ValueError):
            return None
        found = root.find("sheetPr")
        return found or Node("sheetPr", root.space, "", {}, {}, None, 0)

    def stale_chain(self) -> str | None:
        """Return the calculation chain if it names cells of our sheets: Excel writes a new one."""
        part = self.package.related(self.book.part, "calcChain")
        if part is None or not self.book.own:
            return None
        ids = b"|".join(str(sheet.id).encode() for sheet in self.book.own.values())
        return part if re.search(rb"\bi=[\"'](?:" + ids + rb")[\"']", self.package.read(part)) else None

    def write_names(self, mark: str, places: Mapping[str, int]) -> bytes:
        """Return all defined names of ours. places: sheet name -> index of the tab."""
        if not self.sheets:
            return b""
        prefix = self.book.root.prefix
        dropped = {id(node) for node in names_to_drop(self.book, self.donor, self.sheets)}
        theirs = {
            n.attributes.get("name", "").lower()
            for n in self.book.names()
            if "localSheetId" not in n.attributes and id(n) not in dropped
        }
        ours = {self.origins[role]: places[name] for role, name in self.sheets.items()}
        family = self.book.family
        owners = b"".join(
            write_owner(
                role, name, places[name], prefix, family, cells=self.donor.kind(self.origins[role]) == "worksheet"
            )
            for role, name in self.sheets.items()
        )
        styles = write_mark(mark, self.styles.sizes, prefix, family)
        return owners + styles + write_names(self.donor, ours, theirs, prefix, self.rename)
