"""The parts that name all others: workbook, its relationships, content types. They gain lines; old ones stay put."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from aliado.workbook.book import Book, BookSheet
from aliado.workbook.markup import Edits, Node, quote
from aliado.workbook.namespaces import OFFICE, RELATIONSHIPS_TYPE, STRICT_OFFICE
from aliado.workbook.package import TYPES_PART, Package, part_key, rels_name, target_from

_HIGHEST_ID = 65_534
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


def edit_types(package: Package, removed: set[str], added: Mapping[str, str]) -> bytes:
    """Return the content types without those of removed parts (keys) and with those of added ones."""
    xml = package.read(TYPES_PART)
    root = package.markup(TYPES_PART)
    edits = Edits(xml)
    gone = removed | {part_key(name) for name in added}
    extensions = set()
    for node in root.children:
        if node.name == "Override" and part_key(node.attributes.get("PartName", "")) in gone:
            edits.remove(node)
        elif node.name == "Default":
            extensions.add((node.attributes.get("Extension", "").lower(), node.attributes.get("ContentType", "")))
    if added and not any(extension == "rels" for extension, _ in extensions):
        tag = (root.prefix + "Default").encode()
        edits.prepend(root, b'<%b Extension="rels" ContentType=%b/>' % (tag, quote(RELATIONSHIPS_TYPE)))
    tag = (root.prefix + "Override").encode()
    lines = [
        b"<%b PartName=%b ContentType=%b/>" % (tag, quote("/" + name), quote(content_type))
        for name, content_type in added.items()
        if (name.rpartition(".")[2].lower(), content_type) not in extensions
    ]
    edits.append(root, b"".join(lines))
    return edits.apply()


def edit_links(
    package: Package, book: Book, links: Mapping[str, tuple[str, str]], removed: set[str], styles: str | None
) -> tuple[bytes, dict[str, str]]:
    """Return the workbook's relationships, and role -> relationship id of our sheets.

    links: role -> kind and part of our sheet. removed: keys of parts that go. styles: the stylesheet, if it is new.
    Our present sheets keep their relationship id, since the workbook's <sheet> stays as it is.
    """
    name = rels_name(book.part)
    xml, root = package.read(name), package.markup(name)
    edits = Edits(xml)
    own = {sheet.relationship for sheet in book.own.values()}
    taken = {node.attributes.get("Id", "").lower() for node in root.children}
    # A sheet of the client's whose relationship is lost must not come to mean one of ours.
    taken |= {
        value.lower()
        for node in package.markup(book.part).walk()
        for key, value in node.attributes.items()
        if key.startswith(("{" + OFFICE, "{" + STRICT_OFFICE))
    }
    targets = {r.id: part_key(r.target) for r in package.relationships(book.part) if not r.external}
    for node in root.children:
        identity = node.attributes.get("Id", "")
        if identity in own or targets.get(identity) in removed:
            edits.remove(node)
    number = 0
    identities: dict[str, str] = {}
    office = STRICT_OFFICE if book.strict else OFFICE
    tag = (root.prefix + "Relationship").encode()
    lines = []

    def line(identity: str, kind: str, part: str) -> bytes:
        target = target_from(book.part, part)
        return b"<%b Id=%b Type=%b Target=%b/>" % (tag, quote(identity), quote(f"{office}/{kind}"), quote(target))

    def free() -> str:
        nonlocal number
        while True:
            number += 1
            if f"rid{number}" not in taken:
                taken.add(f"rid{number}")
                return f"rId{number}"

    if styles:  # first, as it stays when our sheets are replaced
        lines.append(line(free(), "styles", styles))
    for role, (kind, part) in links.items():
        present = book.own.get(role)
        identities[role] = present.relationship if present else free()
        lines.append(line(identities[role], kind, part))
    edits.append(root, b"".join(lines))
    return edits.apply(), identities


def edit_workbook(
    package: Package,
    book: Book,
    *,
    sheets: Mapping[str, str],
    identities: Mapping[str, str],
    states: Mapping[str, str],
    drop: list[Node],
    recalculate: bool,
    write: Callable[[Mapping[str, int]], bytes],
) -> bytes:
    """Return the workbook part with our sheets and names.

    sheets: role -> name. states: sheet name -> state ("hidden", ...) of new ones that are not visible.
    drop: defined names that go. recalculate: whether Excel is to calculate on opening. write: sheet name -> index, to the defined names that come.
    """
    edits = Edits(package.read(book.part))
    gone = [sheet for role, sheet in book.own.items() if role not in sheets]
    staying = [sheet for sheet in book.sheets if sheet not in gone]
    for sheet in gone:
        edits.remove(sheet.node)
    new = {role: name for role, name in sheets.items() if role not in book.own}
    _add_sheets(edits, book, new, _free_ids(package, book, len(new)), identities, states)
    order = [sheet.name for sheet in staying] + list(new.values())
    places = {name: index for index, name in enumerate(order)}
    _edit_names(edits, book, gone, drop, write(places), places)
    if gone:
        _move_views(edits, book, staying)
    if recalculate:
        ask_to_calculate(edits, book)
    return edits.apply()


def _add_sheets(
    edits: Edits,
    book: Book,
    new: Mapping[str, str],
    ids: list[int],
    identities: Mapping[str, str],
    states: Mapping[str, str],
) -> None:
    holder = book.root.find("sheets")
    if holder is None or not new:
        return
    office = STRICT_OFFICE if book.strict else OFFICE
    prefix = holder.prefix_of(office)
    declared = b"" if prefix else b" xmlns:r=" + quote(office)
    prefix = prefix or "r:"
    tag = (holder.prefix + "sheet").encode()
    text = b""
    for number, (role, name) in zip(ids, new.items(), strict=True):
        state = b" state=" + quote(states[name]) if name in states else b""
        text += b'<%b name=%b sheetId="%d"%b %bid=%b%b/>' % (
            tag, quote(name), number, state, prefix.encode(), quote(identities[role]), declared,
        )  # fmt: skip
    edits.append(holder, text)


def _free_ids(package: Package, book: Book, count: int) -> list[int]:
    """Return sheet ids that no sheet has, nor any entry of the calculation chain (sheets long gone linger there)."""
    taken = {sheet.id for sheet in book.sheets}
    chain = package.related(book.part, "calcChain")
    if chain and count:
        taken |= {int(number) for number in re.findall(rb"\bi=[\"']([0-9]{1,5})[\"']", package.read(chain))}
    first = max(number for number in (*taken, 0) if number <= _HIGHEST_ID - count) + 1
    return list(range(first, first + count))


def _edit_names(
    edits: Edits, book: Book, gone: list[BookSheet], drop: list[Node], text: bytes, places: Mapping[str, int]
) -> None:
    holder = book.root.find("definedNames")
    if holder is None:
        if text:
            tag = (book.root.prefix + "definedNames").encode()
            _insert_after(edits, book, _BEFORE_NAMES, b"<" + tag + b">" + text + b"</" + tag + b">")
        return
    left_out = {id(node) for node in drop}
    gone_places = {index for index, sheet in enumerate(book.sheets) if sheet in gone}
    left_out |= {id(n) for n in book.names() if n.number("localSheetId", -1) in gone_places}
    if not text and holder.children and all(id(node) in left_out for node in holder.children):
        edits.remove(holder)  # the schema wants at least one name
        return
    for node in holder.children:
        if id(node) in left_out:
            edits.remove(node)
            continue
        local = node.number("localSheetId", -1)
        if gone and 0 <= local < len(book.sheets):
            place = places[book.sheets[local].name]
            if place != local:
                edits.set(node, "localSheetId", str(place))
    edits.append(holder, text)


def _insert_after(edits: Edits, book: Book, names: tuple[str, ...], text: bytes) -> None:
    place = [node for node in book.root.children if node.name in names][-1].end
    edits.replace(place, place, text)


def ask_to_calculate(edits: Edits, book: Book) -> None:
    """Have Excel calculate all formulas when it opens the workbook (it then offers to save on closing)."""
    calculation = book.root.find("calcPr")
    if calculation is None:
        tag = (book.root.prefix + "calcPr").encode()
        _insert_after(edits, book, (*_BEFORE_NAMES, "definedNames"), b"<" + tag + b' fullCalcOnLoad="1"/>')
    elif calculation.attributes.get("fullCalcOnLoad") not in ("1", "true"):
        edits.set(calculation, "fullCalcOnLoad", "1")


def _move_views(edits: Edits, book: Book, staying: list[BookSheet]) -> None:
    """Let the active and first tab follow their sheets when a tab before them goes."""
    views = book.root.find("bookViews")
    visible = next((i for i, sheet in enumerate(staying) if not sheet.hidden), 0)
    for view in views.children if views else ():
        for key in ("activeTab", "firstSheet"):
            old = view.number(key, -1)
            if old >= 0:
                sheet = book.sheets[old] if old < len(book.sheets) else None
                place = staying.index(sheet) if sheet in staying else visible
                if place != old:
                    edits.set(view, key, str(place))
