"""What changed between two states of a workbook, part by part: the proof that nothing of the client's was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aliado.errors import WorkbookRefused
from aliado.workbook.book import read_book
from aliado.workbook.markup import Node
from aliado.workbook.ownership import own_parts
from aliado.workbook.package import TYPES_PART, Package, part_key, read_package, rels_name

Change = Literal["identical", "ours", "appended", "changed", "lost", "added"]


@dataclass(frozen=True, slots=True)
class PartChange:
    """What became of one part. harmless: nothing of the client's was lost in it."""

    part: str
    change: Change
    detail: str = ""

    @property
    def harmless(self) -> bool:
        """Whether the client loses nothing by this."""
        return self.change not in ("changed", "lost")


def compare(before: bytes, after: bytes) -> list[PartChange]:
    """Return what became of each part, those of `before` in their order and then new ones; raises WorkbookRefused.

    identical: the same bytes. ours: a part of Aliado's sheets. appended: styles, workbook, relationships or content
    types in which every old entry still stands as it was, in order. changed, lost: the client's. added: new, not ours.
    """
    old, new = read_package(before), read_package(after)
    old_ours, new_ours = own_parts(old, read_book(old)), own_parts(new, read_book(new))
    changes = [_compare_part(name, old, new, old_ours, new_ours) for name in old.names]
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
    if old.read(name) == new.read(name):
        return PartChange(name, "identical")
    missing = _first_missing(name, old, new)
    return PartChange(name, "changed", missing) if missing else PartChange(name, "appended")


def _first_missing(name: str, old: Package, new: Package) -> str:
    """Return what a part no longer says, "" when it is one of those that grow and says all that it said."""
    growing = (TYPES_PART, old.workbook_part, rels_name(old.workbook_part), old.related(old.workbook_part, "styles"))
    if name not in growing:
        return "bytes differ"
    ours = _lines_of_ours(old)
    try:
        return _contains(old.markup(name), new.markup(name), ours)
    except WorkbookRefused as refusal:
        return refusal.text.en


def _lines_of_ours(package: Package) -> set[tuple[str, str]]:
    """Return the entries that name our sheets and may go or move: (attribute, value)."""
    book = read_book(package)
    keys = own_parts(package, book)
    lines = {("PartName", "/" + name) for name in package.names if part_key(name) in keys}
    chain = package.related(book.part, "calcChain")
    if chain:
        lines.add(("PartName", "/" + chain))
    for relationship in package.relationships(book.part):
        if part_key(relationship.target) in keys or relationship.target == chain:
            lines.add(("Id", relationship.id))
    for sheet in book.own.values():
        lines.add(("name", sheet.name))
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
    if node.name == "definedName":
        name = node.attributes.get("name", "")
        return name.lower().startswith("_aliado.") or node.attributes.get("comment") == "Aliado"
    if node.name in ("Override", "Relationship", "sheet"):
        return any((key, value) in ours for key, value in node.attributes.items())
    return False


def _label(node: Node) -> str:
    return next((node.attributes[k] for k in ("name", "Id", "PartName", "numFmtId") if k in node.attributes), "")
