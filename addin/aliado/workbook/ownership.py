"""What in a package is ours: sheets by role, their parts, and where our appended styles begin."""

from __future__ import annotations

import zlib
from collections.abc import Container, Iterable, Mapping

from aliado.errors import WorkbookRefused
from aliado.workbook.book import FAMILIES, REPORT, Book, Family, read_book, sheet_reference
from aliado.workbook.markup import escape, quote
from aliado.workbook.package import TYPES_PART, Package, part_key, rels_name
from aliado.workbook.styles import GROWING

LONGEST_NAME = 31
_WHOLE_SHEET = "$1:$1048576"


def read_own_sheets(package: Package, family: Family = REPORT) -> dict[str, str]:
    """Return role -> present name of our sheets, in tab order."""
    book = read_book(package, family)
    roles = {sheet.name: role for role, sheet in book.own.items()}
    return {roles[sheet.name]: sheet.name for sheet in book.sheets if sheet.name in roles}


def plan_names(package: Package, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return role -> the name its sheet will have: its present one, else the wanted one, else a free variant of it.

    The client may have renamed our tab (that name stays), or have a sheet of the wanted name (that sheet stays).
    """
    book = read_book(package)
    present = {role: sheet.name for role, sheet in book.own.items()}
    return choose_names(wanted, present, [sheet.name for sheet in book.sheets])


def choose_names(wanted: Mapping[str, str], present: Mapping[str, str], taken: Iterable[str]) -> dict[str, str]:
    """Return role -> its present name, else the wanted one, else a free variant of it. taken: all sheet names."""
    used = {name.casefold() for name in taken}
    planned: dict[str, str] = {}
    for role, name in wanted.items():
        planned[role] = present.get(role) or _free_name(name, used)
        used.add(planned[role].casefold())
    return planned


def own_parts(package: Package, book: Book) -> set[str]:
    """Return the keys of the parts that only our sheets lead to, the sheets and all relationship parts included."""
    sheets = [sheet.part for sheet in book.own.values() if sheet.part]
    if not sheets:
        return set()
    links = {(part_key(book.part), part_key(sheet)) for sheet in sheets}
    # What the client's parts lead to as well (a picture copied from our sheet, say) is not only ours.
    ours = _reach(package, sheets) - _reach(package, [""], links)
    return ours | {part_key(rels_name(key)) for key in ours if rels_name(key) in package}


def all_own_parts(package: Package) -> set[str]:
    """Return the keys of the parts of every family of ours."""
    return set().union(*(own_parts(package, read_book(package, family)) for family in FAMILIES))


def fingerprint(package: Package, book: Book, ours: set[str]) -> str:
    """Return a checksum of the client's parts as they are: all but ours and those that name our sheets."""
    chain = package.related(book.part, "calcChain")
    skipped = ours | {part_key(n) for n in (TYPES_PART, book.part, rels_name(book.part), chain or "")}
    lines = sorted(
        f"{part_key(m.name)} {m.crc:08x} {m.size}" for m in package.members if part_key(m.name) not in skipped
    )
    checksum = zlib.crc32("\n".join(lines).encode())
    return f"{checksum:08x}"


def read_mark(package: Package, book: Book, ours: set[str]) -> dict[str, int] | None:
    """Return how long the client's style lists were before ours were appended, None when that is not known.

    It is known only while no other program has written the client's parts since.
    """
    for node in book.names():
        if node.attributes.get("name", "").lower() != book.family.styles_name:
            continue
        words = node.text.strip().strip('"').split()
        as_read = package.before or package
        if len(words) == len(GROWING) + 1 and words[0] == fingerprint(as_read, book, ours):
            return dict(zip(GROWING, map(int, words[1:]), strict=True))
    return None


def write_mark(mark: str, sizes: Mapping[str, int], prefix: str, family: Family) -> bytes:
    """Return the hidden defined name that `read_mark` reads."""
    text = '"' + " ".join([mark, *(str(sizes[name]) for name in GROWING)]) + '"'
    return _hidden_name(family.styles_name, text, prefix)


def write_owner(role: str, sheet: str, place: int, prefix: str, family: Family, *, cells: bool = True) -> bytes:
    """Return the hidden defined names that say which sheet has a role: one of the workbook, one of the sheet.

    cells: False for a chart sheet, which no reference can point at; the name then holds the sheet's as text.
    """
    if not cells:
        text = '"' + sheet.replace('"', '""') + '"'
        return _hidden_name(family.prefix + role, text, prefix)
    pointer = _hidden_name(family.prefix + role, f"{sheet_reference(sheet)}!{_WHOLE_SHEET}", prefix)
    return pointer + _hidden_name(family.role_name, f'"{role}"', prefix, place)


def _hidden_name(name: str, text: str, prefix: str, place: int | None = None) -> bytes:
    tag = (prefix + "definedName").encode()
    local = b"" if place is None else b' localSheetId="%d"' % place
    return b"<" + tag + b" name=" + quote(name) + local + b' hidden="1">' + escape(text) + b"</" + tag + b">"


def _reach(package: Package, parts: Iterable[str], except_for: Container[tuple[str, str]] = ()) -> set[str]:
    """Return the keys of the parts that `parts` lead to, themselves included ("" = the package).

    except_for: relationships that are not followed, as the keys of source and target.
    """
    found: set[str] = set()
    queue = list(parts)
    while queue:
        part = queue.pop()
        key = part_key(part)
        if key in found or (part and part not in package):
            continue
        found.add(key)
        try:
            targets = [r.target for r in package.relationships(part) if not r.external]
        except WorkbookRefused:
            continue  # whatever program reads such a part finds nothing behind it
        queue += [target for target in targets if (key, part_key(target)) not in except_for]
    return found


def _free_name(name: str, taken: set[str]) -> str:
    name = name[:LONGEST_NAME]
    if name.casefold() not in taken:
        return name
    number = 1
    while True:
        ending = " (Aliado)" if number == 1 else f" (Aliado {number})"
        candidate = name[: LONGEST_NAME - len(ending)].rstrip() + ending
        if candidate.casefold() not in taken:
            return candidate
        number += 1
