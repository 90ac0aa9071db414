"""What changed between two states of a workbook, part by part: the proof that nothing of the client's was lost."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from aliado.errors import WorkbookRefused
from aliado.workbook.archive import Member
from aliado.workbook.book import FAMILIES, is_mark, read_book
from aliado.workbook.cell_changes import CellChange, compare_cells
from aliado.workbook.cells import read_range_or_nothing
from aliado.workbook.markup import BadMarkup, Node, read_markup
from aliado.workbook.ownership import all_own_parts, own_parts, read_mark
from aliado.workbook.package import TYPES_PART, Package, part_key, read_package, rels_name
from aliado.workbook.strings import read_strings
from aliado.workbook.styles import cut_lists

Change = Literal["identical", "ours", "appended", "changed", "lost", "added"]


class PartChange(Struct, frozen=True):
    """What became of one part. sheet: the name of the worksheet that it holds ("" for other parts).

    cells: of a changed worksheet, those that hold something else now. patched: a refresh fills them in (the column
    headed "Aliado", the stored results of formulas that call ALIADO_ functions), and nothing else of the sheet changed.
    filled: they are new rows, as after `aliado import`, and nothing else of the sheet changed.
    """

    part: str
    change: Change
    detail: str = ""
    sheet: str = ""
    cells: tuple[CellChange, ...] = ()
    patched: bool = False
    filled: bool = False

    @property
    def harmless(self) -> bool:
        """Whether the client loses nothing by this."""
        return self.patched or self.filled or self.change not in ("changed", "lost")


def compare(before: bytes, after: bytes) -> list[PartChange]:
    """Return what became of each part between two states of a file; raises WorkbookRefused."""
    return compare_packages(read_package(before), read_package(after))


def compare_packages(old: Package, new: Package) -> list[PartChange]:
    """Return what became of each part, those of the old package in their order and then new ones.

    identical: the same bytes. ours: a part of Aliado's sheets. appended: styles, workbook, relationships or content
    types in which every old entry still stands as it was, in order. changed, lost: the client's. added: new, not ours.
    """
    old_ours, new_ours = all_own_parts(old), all_own_parts(new)
    sheets = {sheet.part: sheet.name for sheet in read_book(old).sheets if sheet.kind == "worksheet" and sheet.part}
    changes = []
    for name in old.names:
        change = _compare_part(name, old, new, old_ours, new_ours)
        if change.change == "changed" and name in sheets:
            change = _compare_sheet(change, sheets[name], old, new)
        changes.append(change)
    for name in new.names:
        if name not in old:
            ours = part_key(name) in new_ours or name == new.related(new.workbook_part, "styles")
            changes.append(PartChange(name, "ours" if ours else "added"))
    return changes


def _compare_part(name: str, old: Package, new: Package, old_ours: set[str], new_ours: set[str]) -> PartChange:
    ours = part_key(name) in old_ours
    if name not in new:
        if ours:
            return PartChange(name, "ours", "removed")
        if name == old.related(old.workbook_part, "calcChain"):
            return PartChange(name, "appended", "Excel rebuilds it")
        return PartChange(name, "lost")
    if ours or part_key(name) in new_ours:
        return PartChange(name, "ours")
    if _same_packed(old.member(name), new.member(name)) or old.read(name) == new.read(name):
        return PartChange(name, "identical")
    grown = _grown_table(old.read(name), new.read(name))
    if grown:
        return PartChange(name, "appended", grown)
    missing = _first_missing(name, old, new)
    return PartChange(name, "changed", missing) if missing else PartChange(name, "appended")


_TABLE_REF = re.compile(rb"(<(?:[\w.-]+:)?(?:table|autoFilter)\b[^>]*?\sref=[\"'])([A-Z]+[0-9]+:[A-Z]+[0-9]+)")


def _grown_table(old: bytes, new: bytes) -> str:
    """Return the ranges of an Excel table that only reaches further down now, "" for any other change or part."""
    before, after = _TABLE_REF.findall(old), _TABLE_REF.findall(new)
    if not before or _TABLE_REF.sub(rb"\1", old) != _TABLE_REF.sub(rb"\1", new):
        return ""
    for (_, was), (_, now) in zip(before, after, strict=True):
        top, left, bottom, right = read_range_or_nothing(was.decode())
        if read_range_or_nothing(now.decode())[:2] != (top, left) or read_range_or_nothing(now.decode())[3] != right:
            return ""
        if read_range_or_nothing(now.decode())[2] < bottom:
            return ""
    return f"{before[0][1].decode()} -> {after[0][1].decode()}"


def _same_packed(old: Member, new: Member) -> bool:
    """Return whether two members are the same down to their compressed bytes: one that is damaged may be, too."""
    return (old.method, old.crc, old.size) == (new.method, new.crc, new.size) and old.packed == new.packed


def _compare_sheet(change: PartChange, sheet: str, old: Package, new: Package) -> PartChange:
    """Return what became of a worksheet, down to its cells."""
    try:
        cells, extent = compare_cells(
            old.read(change.part), new.read(change.part), _shared_strings(old), _shared_strings(new)
        )
    except (BadMarkup, ValueError):
        return replace(change, sheet=sheet)
    return replace(change, sheet=sheet, cells=tuple(cells), patched=extent == "patched", filled=extent == "filled")


def _shared_strings(package: Package) -> list[str]:
    part = package.related(package.workbook_part, "sharedStrings")
    return read_strings(package.read(part)) if part else []


def _first_missing(name: str, old: Package, new: Package) -> str:
    """Return what a part no longer says, "" when it is one of those that grow and says all that it said."""
    styles = old.related(old.workbook_part, "styles")
    growing = (TYPES_PART, old.workbook_part, rels_name(old.workbook_part), styles or "")
    if part_key(name) not in map(part_key, growing):
        return "bytes differ"
    ours = _lines_of_ours(old)
    try:
        root = _clients_styles(old) if name == styles else old.markup(name)
        return _contains(root, new.markup(name), ours)
    except WorkbookRefused as refusal:
        return refusal.text.en


def _clients_styles(package: Package) -> Node:
    """Return the stylesheet without the styles that our sheets brought, as far as that is known."""
    part = package.related(package.workbook_part, "styles") or ""
    for family in FAMILIES:
        book = read_book(package, family)
        sizes = read_mark(package, book, own_parts(package, book)) if book.own else None
        if sizes is not None:
            return read_markup(cut_lists(package.read(part), sizes))
    return package.markup(part)


def _lines_of_ours(package: Package) -> set[tuple[str, str]]:
    """Return the entries that name our sheets and may go or move: (attribute, value)."""
    books = [read_book(package, family) for family in FAMILIES]
    book = books[0]
    keys = all_own_parts(package)
    lines = {("PartName", "/" + name) for name in package.names if part_key(name) in keys}
    chain = package.related(book.part, "calcChain")
    if chain:
        lines.add(("PartName", "/" + chain))
    for relationship in package.relationships(book.part):
        if part_key(relationship.target) in keys or relationship.target == chain:
            lines.add(("Id", relationship.id))
    for each in books:
        lines |= {("name", sheet.name) for sheet in each.own.values()}
        lines |= {("localSheetId", str(i)) for i, sheet in enumerate(each.sheets) if sheet in each.own.values()}
    return lines


def _contains(old: Node, new: Node, ours: set[tuple[str, str]]) -> str:
    """Return the first node of `old` that `new` does not have in the same order, "" when it has all."""
    if (old.name, old.space) != (new.name, new.space):
        return f"<{old.name}> became <{new.name}>"
    gone = {k: v for k, v in old.attributes.items() if new.attributes.get(k) != v and k not in _MAY_CHANGE}
    if gone:
        return f"<{old.name} {next(iter(gone))}> changed"
    if not old.children and old.text.strip() != new.text.strip():
        return f"text of <{old.name}> changed"
    position = 0
    for child in old.children:
        if _is_ours(child, ours):
            continue
        while position < len(new.children):
            problem = _contains(child, new.children[position], ours)
            position += 1
            if not problem:
                break
        else:
            return f"<{child.name}> {_label(child)} changed or lost".replace("  ", " ")
    return ""


_MAY_CHANGE = frozenset({"count", "localSheetId", "activeTab", "firstSheet", "fullCalcOnLoad"})
"""Counts of growing lists, and places of tabs, which follow when one of our sheets goes."""


def _is_ours(node: Node, ours: set[tuple[str, str]]) -> bool:
    if node.name == "definedNames":
        return all(_is_ours(child, ours) for child in node.children)
    if node.name == "definedName":
        if ("localSheetId", node.attributes.get("localSheetId", "")) in ours:
            return True
        return is_mark(node.attributes.get("name", "")) or node.attributes.get("comment") in {
            family.comment for family in FAMILIES
        }
    if node.name in ("Override", "Relationship", "sheet"):
        return any((key, value) in ours for key, value in node.attributes.items())
    return False


def _label(node: Node) -> str:
    return next((node.attributes[k] for k in ("name", "Id", "PartName", "numFmtId") if k in node.attributes), "")
